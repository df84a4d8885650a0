#![allow(clippy::unnecessary_wraps)] // a script is made of outcomes

use std::sync::Arc;

use sotto_domain::{Cost, Delta, Destination, Page, Usage};
use sotto_manuscript::Document;
use tokio::sync::Notify;

use super::*;
use crate::chats::tests::{TestApp, says, test};

fn done(finish: Finish) -> Result<Delta, AnsweringError> {
    Ok(Delta::Done { finish, usage: Usage::default(), cost: Cost::Free })
}

fn words(text: &str) -> Result<Delta, AnsweringError> {
    Ok(Delta::text(text))
}

fn page(test: &TestApp) -> Page {
    test.app.library.create_page(None, "The Salt Road", &Document::default(), 1).unwrap()
}

fn passage(text: &str) -> Passage {
    Passage {
        text: text.into(),
        before: "It was late.".into(),
        after: "She left.".into(),
        proposal: None,
        without: vec![],
        variant: 0,
    }
}

async fn ask(test: &TestApp, command: &Command, passage: &Passage) -> Vec<ProposalEvent> {
    let page = page(test).id;
    let mut events = vec![];
    test.app
        .pages()
        .propose(page, command, passage, &AnswerOptions::default(), |event| events.push(event))
        .await
        .unwrap();
    events
}

#[tokio::test]
async fn a_proposal_comes_as_it_is_written_and_touches_nothing() {
    let test =
        test(says(vec![words("Here is it:\n\n\"The road "), words("was white.\""), done(Finish::Complete)]));
    let before = test.app.library.conversations().unwrap();
    let events = ask(&test, &Command::Rewrite, &passage("The road was very white.")).await;
    assert!(matches!(&events[0], ProposalEvent::Given(_)), "{events:?}");
    assert_eq!(
        events[1],
        ProposalEvent::Progress(Progress::Text { text: "Here is it:\n\n\"The road ".into() })
    );
    let Some(ProposalEvent::Finished { text, made, state, shortened: false, trouble: None, .. }) =
        events.last()
    else {
        panic!("{events:?}")
    };
    assert_eq!((&**text, *state), ("The road was white.", MessageState::Complete));
    assert_eq!(made.by, Destination::Device { model: "quill".into() });
    assert_eq!(test.app.library.conversations().unwrap(), before);
    let asked = &test.model.asked.lock().unwrap()[0];
    assert!(
        asked[1].text.contains("The passage:\nThe road was very white.")
            && asked[1].text.contains("It was late.")
    );
}

#[tokio::test]
async fn a_page_is_written_as_its_project_is_and_its_grammar_always_exactly() {
    let test = test(says(vec![words("The road was white."), done(Finish::Complete)]));
    let project = test.app.projects().create("The Salt Road").unwrap().id;
    test.app.library.set_project_mood(project, Some(Mood::Imaginative)).unwrap();
    test.app.library.ban_in_project(project, "a testament to", true).unwrap();
    let page = test.app.library.create_page(Some(project), "Dawn", &Document::default(), 1).unwrap().id;
    let passage = passage("The road was very white.");
    for command in [Command::Rewrite, Command::Grammar] {
        test.app.pages().propose(page, &command, &passage, &AnswerOptions::default(), |_| {}).await.unwrap();
    }
    let held_to = test.model.held_to.lock().unwrap().clone();
    let temperatures: Vec<f64> = held_to.iter().map(|(held, _)| *held).collect();
    assert_eq!(temperatures, [Mood::Imaginative, Mood::Precise].map(|mood| mood.sampling().temperature));
    assert!(held_to.iter().all(|(_, banned)| *banned == ["a testament to"]), "{held_to:?}");
}

#[tokio::test]
async fn stopping_is_an_outcome_and_keeps_what_was_written() {
    let gate = Arc::new(Notify::new());
    let mut model = says(vec![words("The road "), done(Finish::Complete)]);
    model.gate = Some(gate);
    let test = test(model);
    let page = page(&test).id;
    let mut last = None;
    let app = test.app.clone();
    test.app
        .pages()
        .propose(page, &Command::Rewrite, &passage("The road."), &AnswerOptions::default(), |event| {
            if matches!(event, ProposalEvent::Progress(Progress::Text { .. })) {
                app.pages().stop(page);
            }
            last = Some(event);
        })
        .await
        .unwrap();
    let Some(ProposalEvent::Finished { text, state, trouble, .. }) = last else { panic!("{last:?}") };
    assert_eq!((&*text, state, trouble), ("The road", MessageState::Stopped, None));
    // And the next can be asked for.
    assert_eq!(test.app.core.running.count(), 0);
}

#[tokio::test]
async fn one_page_is_written_for_once_at_a_time() {
    let gate = Arc::new(Notify::new());
    let mut model = says(vec![words("a"), done(Finish::Complete)]);
    model.gate = Some(gate.clone());
    let test = test(model);
    let page = page(&test).id;
    let app = test.app.clone();
    let (told, begun) = tokio::sync::oneshot::channel();
    let mut told = Some(told);
    let first = tokio::spawn(async move {
        app.pages()
            .propose(page, &Command::Rewrite, &passage("The road."), &AnswerOptions::default(), |_| {
                let _ = told.take().map(|told| told.send(()));
            })
            .await
    });
    begun.await.unwrap();
    let second = test
        .app
        .pages()
        .propose(page, &Command::Rewrite, &passage("The road."), &AnswerOptions::default(), |_| {})
        .await;
    assert!(matches!(second, Err(SendError::Busy)), "{second:?}");
    gate.notify_one();
    first.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_hands_off_project_and_an_empty_passage_are_refused_before_anything_is_asked() {
    let test = test(says(vec![words("a"), done(Finish::Complete)]));
    let library = &test.app.library;
    let project = library.create_project("By hand", 1).unwrap().id;
    library.set_hands_off(project, true).unwrap();
    let page = library.create_page(Some(project), "", &Document::default(), 1).unwrap().id;
    let refused = test
        .app
        .pages()
        .propose(page, &Command::Rewrite, &passage("The road."), &AnswerOptions::default(), |_| {})
        .await;
    assert!(matches!(refused, Err(SendError::Library(StoreError::HandsOff))), "{refused:?}");
    let empty = test
        .app
        .pages()
        .propose(page, &Command::Rewrite, &passage("  "), &AnswerOptions::default(), |_| {})
        .await;
    assert!(matches!(empty, Err(SendError::Empty)), "{empty:?}");
    assert!(test.model.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_does_not_fit_is_asked_with_less_around_and_said() {
    let test = test(says(vec![words("White."), done(Finish::Complete)]));
    let mut long = passage("The road.");
    long.before = "A sentence that stands before. ".repeat(2000);
    let (parts, given) = prompt::parts(&Command::Rewrite, &long, "", None, prompt::AROUND);
    let shortened = given.iter().any(Given::is_shortened);
    let turns = turns(&parts);
    assert!(shortened && turns[1].text.len() < prompt::AROUND + 500);
    let asked = &turns[1].text;
    assert!(
        asked.starts_with("The text before:\nA sentence that stands"),
        "whole sentences: {}",
        &asked[..80]
    );
    let events = ask(&test, &Command::Rewrite, &long).await;
    assert!(matches!(events.last(), Some(ProposalEvent::Finished { shortened: true, .. })), "{events:?}");
}

#[tokio::test]
async fn a_model_that_proposes_nothing_or_breaks_says_so() {
    for (script, sentence) in [
        (vec![words("  "), done(Finish::Complete)], "proposed nothing"),
        (vec![words("The ro"), Err(AnsweringError::Crashed)], "stopped unexpectedly"),
    ] {
        let test = test(says(script));
        let events = ask(&test, &Command::Tighten, &passage("The road.")).await;
        let Some(ProposalEvent::Finished { state, trouble: Some(trouble), .. }) = events.last() else {
            panic!("{events:?}")
        };
        assert_eq!(*state, MessageState::Interrupted);
        assert!(trouble.contains(sentence), "{trouble}");
    }
}

#[test]
fn what_a_model_says_around_its_answer_goes_and_nothing_else() {
    let plain = "It was late.";
    for (passage, answer, proposal) in [
        (plain, "It was dark.", "It was dark."),
        (plain, "\"It was dark.\"", "It was dark."),
        (plain, "“It was dark.”", "It was dark."),
        (plain, "Here is the rewritten passage:\n\nIt was dark.", "It was dark."),
        (plain, "Sure! Here's a tighter version:\n\n\"It was dark.\"", "It was dark."),
        (plain, "**Rewritten passage:**\nIt was dark.", "It was dark."),
        (plain, "```\nIt was dark.\n```", "It was dark."),
        (plain, "```markdown\nIt was dark.\n```", "It was dark."),
        (plain, "## New scene\n\nIt was dark.", "It was dark."),
        // What could be the text's own stays.
        (plain, "\"Go,\" she said. \"Now.\"", "\"Go,\" she said. \"Now.\""),
        ("\"It was late.\"", "\"It was dark.\"", "\"It was dark.\""),
        ("Here is what he had: nothing.", "Here is what he had:\nlittle.", "Here is what he had:\nlittle."),
        ("Here is what he had:\nnothing.", "Here is what he had:\nlittle.", "Here is what he had:\nlittle."),
        ("# Road\n\nIt was late.", "# Road\n\nIt was dark.", "# Road\n\nIt was dark."),
        ("```\nlet x;\n```", "```\nlet y;\n```", "```\nlet y;\n```"),
        (plain, "He said:\nIt was dark.", "He said:\nIt was dark."),
        (plain, "*It was dark.*", "*It was dark.*"),
        (plain, "'Tis late, and the keeper's gone'", "'Tis late, and the keeper's gone'"),
        (plain, "Here is:", "Here is:"),
        (plain, "\"\"", "\"\""),
    ] {
        assert_eq!(clean(&Command::Rewrite, passage, answer), proposal, "{answer}");
    }
    assert_eq!(clean(&Command::Continue, "", "\"Go,\" she said."), "\"Go,\" she said.");
    assert_eq!(clean(&Command::Continue, "", "“Go.”"), "“Go.”", "speech may be what comes next");
}

#[test]
fn a_text_is_cut_between_letters_and_never_endless() {
    let long = passage(&"東京では雨。".repeat(5000));
    for around in [0, 1, 7, 100, 6000] {
        for command in [Command::Rewrite, Command::Continue] {
            let around_is_long =
                Passage { before: long.text.clone(), after: long.text.clone(), ..passage("雨") };
            let (parts, given) = prompt::parts(&command, &around_is_long, "", None, around);
            let shortened = given.iter().any(|given| given.words < given.of);
            let turns = turns(&parts);
            assert!(shortened && turns[1].text.len() < around + 400, "{around}");
        }
        assert!(prompt::longest(&Command::Expand, &long) <= 6000);
    }
}

#[test]
fn a_second_command_on_the_same_page_begins_as_the_first_did() {
    let text = (0..900).map(|nth| format!("Sentence {nth} stands here. ")).collect::<Vec<_>>().concat();
    let user = |command: &Command, passage: &Passage| {
        let turns = turns(&prompt::parts(command, passage, "Road", None, prompt::AROUND).0);
        (turns[0].text.clone(), turns[1].text.clone())
    };
    let at = |place: usize| Passage {
        before: text[..place].to_owned(),
        after: text[place + 40..].to_owned(),
        ..passage(&text[place..place + 40])
    };
    let (place, further) = (text.find("Sentence 600").unwrap(), text.find("Sentence 610").unwrap());
    let first = user(&Command::Tighten, &at(place));
    let other = user(&Command::Expand, &at(place));
    assert_eq!(first.0, other.0, "one system turn for all of them");
    let same =
        |one: &str, two: &str| one.bytes().zip(two.bytes()).take_while(|(one, two)| one == two).count();
    assert!(same(&first.1, &other.1) > first.1.len() - 120, "only what is to be done differs");
    let moved = user(&Command::Tighten, &at(further));
    assert!(same(&first.1, &moved.1) > 2000, "the text before begins at the same place");
    let went_on = user(&Command::Continue, &at(place));
    assert_eq!(first.0, went_on.0);
}

#[tokio::test]
async fn what_was_switched_off_is_not_given_and_the_rest_is_counted() {
    let test = test(says(vec![words("White."), done(Finish::Complete)]));
    let without = vec![PassagePart::Before, PassagePart::Title, PassagePart::Passage];
    let events = ask(&test, &Command::Rewrite, &Passage { without, ..passage("The road.") }).await;
    let given = |part, words, of| Given { part, words, of };
    let parts = vec![
        given(PassagePart::Title, 0, 3),
        given(PassagePart::Before, 0, 3),
        given(PassagePart::After, 2, 2),
        given(PassagePart::Passage, 2, 2),
    ];
    assert_eq!(events[0], ProposalEvent::Given(parts));
    let asked = &test.model.asked.lock().unwrap()[0];
    assert!(!asked[1].text.contains("late") && !asked[1].text.contains("Salt Road"), "{}", asked[1].text);
}
