//! A passage of a page that is done over elsewhere, for one time.

use sotto_domain::{Page, PageId};
use sotto_manuscript::Document;

use super::*;
use ContentKind::{Instructions, Notes};

fn page(test: &TestApp) -> Page {
    let project = test.app.projects().create("The Salt Road").unwrap().id;
    test.app.library.update_project(project, "The Salt Road", "Mirela dies in chapter nine.").unwrap();
    test.app.pages().create(Some(project), "Chapter one", &Document::default()).unwrap()
}

fn passage() -> Passage {
    let text = "The road was very white.".into();
    Passage {
        text,
        before: "It was late.".into(),
        after: "She left.".into(),
        proposal: None,
        without: vec![],
        variant: 0,
    }
}

impl TestApp {
    async fn propose(&self, page: PageId, options: &AnswerOptions) -> Result<Vec<ProposalEvent>, SendError> {
        let mut events = vec![];
        let (command, passage) = (PassageCommand::Tighten, passage());
        self.app
            .pages()
            .propose(page, &command, &passage, options, |event| events.push(event))
            .await
            .map(|()| events)
    }

    async fn proposal_sheet(&self, page: PageId, left_out: &[&str]) -> Result<Sheet, SendError> {
        let left_out: Vec<PartKey> = left_out.iter().map(|key| key.parse().unwrap()).collect();
        let (command, passage) = (PassageCommand::Tighten, passage());
        let sheet = self.app.pages().sheet(page, &command, &passage, &large(), &left_out).await?;
        Ok(sheet.expect("it would leave"))
    }
}

fn agreed(sheet: &Sheet, left_out: &[&str]) -> AnswerOptions {
    let left_out = left_out.iter().map(|key| key.parse().unwrap()).collect();
    let agreed = Agreed { fingerprint: sheet.fingerprint, left_out, remember: false };
    AnswerOptions { once: Some(large()), agreed: Some(agreed), ..AnswerOptions::default() }
}

#[tokio::test]
async fn a_passage_leaves_once_as_it_was_shown_and_is_written_down_as_the_pages() {
    let test = test(&(says("The road was white.") + &over()));
    let page = page(&test);
    let once = AnswerOptions { once: Some(large()), ..AnswerOptions::default() };
    let Err(SendError::NotAgreed(shown)) = test.propose(page.id, &once).await else { panic!() };
    assert_eq!(test.server.questions(), Vec::<String>::new());
    let kinds: Vec<_> = shown.parts.iter().map(|part| (part.key, part.kind, part.optional)).collect();
    assert_eq!(
        kinds,
        [
            (PartKey::Role, Instructions, false),
            (PartKey::Notes, Notes, true),
            (PartKey::Title, ContentKind::Page, true),
            (PartKey::Before, ContentKind::Page, true),
            (PartKey::After, ContentKind::Page, true),
            (PartKey::Passage, ContentKind::Page, false),
            (PartKey::Task, Instructions, false),
        ]
    );

    let events = test.propose(page.id, &agreed(&shown, &[])).await.unwrap();
    let Some(ProposalEvent::Finished { text, made, state, .. }) = events.last() else { panic!("{events:?}") };
    assert_eq!((&**text, *state), ("The road was white.", MessageState::Complete));
    let by = Destination::Cloud {
        provider: "Another program on this computer".into(),
        model: "large".into(),
        backend: None,
    };
    assert_eq!(made.by, by);
    let sent = test.server.questions();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].contains("Mirela") && sent[0].contains("The road was very white."), "{}", sent[0]);

    let subject = Some(Subject::Page(page.id));
    let journal = test.app.library.journal(None, 1).unwrap().remove(0).entry;
    assert_eq!((journal.purpose, journal.subject, journal.project), (Purpose::Answer, subject, page.project));
    let ledger = test.app.cloud().ledger(test.app.cloud().this_month()).unwrap().remove(0);
    assert_eq!((ledger.subject, ledger.project, ledger.prompt_tokens), (subject, page.project, Some(9)));

    let again = test.propose(page.id, &once).await;
    assert!(matches!(again, Err(SendError::NotAgreed(_))), "the next is shown again: {again:?}");
    let here = test.propose(page.id, &AnswerOptions::default()).await;
    assert!(matches!(here, Err(SendError::NoModel)), "without a word it stays here: {here:?}");
}

#[tokio::test]
async fn what_is_struck_out_of_a_passage_stays_and_the_passage_itself_cannot_be() {
    let test = test(&(says("White.") + &over()));
    let page = page(&test);
    let out = ["notes", "before", "passage"];
    let sheet = test.proposal_sheet(page.id, &out).await.unwrap();
    test.propose(page.id, &agreed(&sheet, &out)).await.unwrap();
    let body = test.server.questions().remove(0);
    assert!(body.contains("The road was very white.") && body.contains("She left."), "{body}");
    assert!(!body.contains("Mirela") && !body.contains("It was late."), "{body}");
}

#[tokio::test]
async fn a_passage_stays_where_the_lock_is_on_the_cloud_is_off_or_the_project_is_by_hand() {
    let test = test(&(says("White.") + &over()));
    let page = page(&test);
    let sheet = test.proposal_sheet(page.id, &[]).await.unwrap();
    let yes = agreed(&sheet, &[]);
    test.app.cloud().set_offline_lock(true).unwrap();
    let locked = test.propose(page.id, &yes).await;
    assert!(matches!(locked, Err(SendError::Refused(Refusal::OfflineLock))), "{locked:?}");
    test.app.cloud().set_offline_lock(false).unwrap();
    test.app.cloud().set_on(false).unwrap();
    let off = test.propose(page.id, &yes).await;
    assert!(matches!(off, Err(SendError::Refused(Refusal::CloudOff))), "{off:?}");
    test.app.cloud().set_on(true).unwrap();
    test.app.library.set_hands_off(page.project.unwrap(), true).unwrap();
    assert!(test.propose(page.id, &yes).await.is_err());
    assert!(test.proposal_sheet(page.id, &[]).await.is_err());
    assert_eq!(test.server.questions(), Vec::<String>::new());
}
