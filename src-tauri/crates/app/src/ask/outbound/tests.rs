//! What leaves, through the real door, to a server of our own that speaks as scripted.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Barrier, Mutex},
};

use sotto_domain::{ChatPart, Cost, Ending, Leaving, MessageState, Picture, Purpose, Secret};
use sotto_engine_client::{Engine, EngineOptions, Timeouts};
use sotto_secrets::{Keep, Keys, Memory};
use sotto_stage::{
    Line, Request,
    wire::{DONE, answer, says},
};
use tempfile::TempDir;
use tokio::sync::Notify;

use super::*;
use crate::{
    Agreed, AnswerEvent, AnswerOptions, App, Options, Passage, PassageCommand, ProposalEvent,
    ProviderSettings, Question,
};

mod money;
mod passages;
mod wire;

const KEY: &str = "sk-a-very-private-key";

/// A server that offers the model "large", and answers every question with its script.
struct Server {
    stage: sotto_stage::Server,
    says: Arc<Says>,
}

#[derive(Default)]
struct Says {
    script: Mutex<String>,
    /// Where set, it says when a question came, and waits to be told to answer.
    gate: Mutex<Option<Gate>>,
    /// What it says of its models, where that is not "large" alone; nothing for a server that stalls.
    list: Mutex<Option<String>>,
}

/// Between a question and its answer.
#[derive(Clone)]
struct Gate {
    came: Arc<Notify>,
    answer: Arc<Barrier>,
}

/// At the end of a script: the connection stays open, until the other side hangs up.
const HOLD: &str = "<hold>";

impl Server {
    fn open(script: &str) -> Self {
        let says = Arc::new(Says { script: Mutex::new(script.into()), ..Says::default() });
        let saying = says.clone();
        Self { stage: sotto_stage::Server::open(move |request, line| saying.answer(request, line)), says }
    }

    /// The bodies of the questions that came.
    fn questions(&self) -> Vec<String> {
        self.stage.questions()
    }
}

impl Says {
    fn answer(&self, request: &Request, line: &mut Line) -> std::io::Result<()> {
        let (kind, script) = if request.method() == "GET" {
            let list = self.list.lock().unwrap().clone();
            ("application/json", list.unwrap_or_else(|| r#"{"data":[{"id":"large"}]}"#.to_owned()))
        } else {
            let script = self.script.lock().unwrap().clone();
            let gate = self.gate.lock().unwrap().clone();
            if let Some(gate) = gate {
                gate.came.notify_one();
                gate.answer.wait();
            }
            ("text/event-stream", script)
        };
        if script.is_empty() {
            return line.hold();
        }
        let whole = script.strip_suffix(HOLD);
        let body = whole.unwrap_or(&script);
        line.send(match body.strip_prefix("HTTP/1.1 ") {
            Some(status) => format!("HTTP/1.1 {status}\r\nconnection: close\r\n\r\n"),
            None => answer(kind, body),
        })?;
        if whole.is_some() { line.hold() } else { Ok(()) }
    }
}

struct TestApp {
    app: App,
    server: Server,
    folder: TempDir,
}

/// An app with the cloud on and the user's own server set up.
fn test(script: &str) -> TestApp {
    let folder = TempDir::new().unwrap();
    let server = Server::open(script);
    let app = open(folder.path());
    app.cloud().set_on(true).unwrap();
    let set = ProviderSettings { place: server.stage.at("/v1"), ..ProviderSettings::default() };
    app.cloud().set_account("own", set, false).unwrap();
    app.cloud().save_key("own", &Secret::new(KEY.into()), Keep::Keychain).unwrap();
    TestApp { app, server, folder }
}

/// The app at home in `home`; several can be there at once.
fn open(home: &Path) -> App {
    let engine = Engine::new(EngineOptions {
        program: PathBuf::from("none"),
        scratch: home.join("engine"),
        pictures: home.join("pictures"),
        timeouts: Timeouts::default(),
    });
    let options = Options {
        home: home.to_owned(),
        engine: PathBuf::from("none"),
        guide: None,
        clock: || 1_795_348_800_000,
        keys: Keys::over(Arc::new(Memory::default())),
    };
    App::open_with(options, engine.clone(), Arc::new(engine)).unwrap()
}

fn large() -> CloudChoice {
    CloudChoice { provider: "own".into(), model: "large".into() }
}

fn over() -> String {
    let end = r#"data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":4}}"#;
    format!("{end}\n\n{DONE}")
}

impl TestApp {
    /// A conversation that goes to the user's server.
    fn talk(&self) -> sotto_domain::ConversationId {
        let talk = self.app.chats().create(None, None).unwrap();
        self.app.chats().set_leaving(talk, &Leaving::To(large())).unwrap();
        talk
    }

    async fn ask(&self, question: &Question, way: &AnswerOptions) -> Result<Vec<AnswerEvent>, SendError> {
        let mut events = vec![];
        self.app.chats().ask(question, way, |event| events.push(event)).await.map(|()| events)
    }

    /// Reads the sheet, strikes out `left_out`, and agrees.
    async fn agree(
        &self,
        question: &Question,
        once: Option<CloudChoice>,
        left_out: &[&str],
    ) -> AnswerOptions {
        let left_out: Vec<PartKey> = left_out.iter().map(|key| key.parse().unwrap()).collect();
        let sheet = self.app.chats().sheet(question, once.as_ref(), Some(&left_out)).await.unwrap().unwrap();
        AnswerOptions {
            once,
            agreed: Some(Agreed { fingerprint: sheet.fingerprint, left_out, remember: false }),
            ..AnswerOptions::default()
        }
    }
}

fn new(conversation: sotto_domain::ConversationId, text: &str) -> Question {
    Question::New { conversation, text: text.into() }
}

#[tokio::test]
async fn nothing_leaves_before_the_user_saw_it_and_nothing_is_stored() {
    let test = test(&(says("Yes.") + &over()));
    let talk = test.talk();
    let refused = test.ask(&new(talk, "A secret"), &AnswerOptions::default()).await;
    let Err(SendError::NotAgreed(sheet)) = refused else { panic!("{refused:?}") };
    assert_eq!(sheet.parts.last().unwrap().text, "A secret");
    assert!(sheet.exact.contains("A secret") && sheet.highest_cost.is_none());
    assert_eq!(test.server.questions(), Vec::<String>::new());
    assert_eq!(test.app.library.branch(talk).unwrap(), []);
    assert!(
        test.app.library.journal(None, 9).unwrap().iter().all(|line| line.entry.purpose != Purpose::Answer)
    );
}

#[tokio::test]
async fn what_the_user_agreed_to_leaves_is_answered_and_is_written_down() {
    let test = test(&(says("Good ") + &says("morning.") + &over()));
    let talk = test.talk();
    let question = new(talk, "Say good morning");
    let way = test.agree(&question, None, &[]).await;
    test.ask(&question, &way).await.unwrap();

    let branch = test.app.library.branch(talk).unwrap();
    let answer = &branch[1].message;
    assert_eq!((answer.text.as_str(), answer.state), ("Good morning.", MessageState::Complete));
    let made = answer.made.clone().unwrap();
    let by = Destination::Cloud {
        provider: "Another program on this computer".into(),
        model: "large".into(),
        backend: None,
    };
    assert_eq!((made.by, made.cost), (by, Some(Cost::Unknown)), "what nobody priced is not free");

    let ledger = test.app.cloud().ledger(test.app.cloud().this_month()).unwrap();
    assert_eq!((ledger.len(), ledger[0].prompt_tokens, ledger[0].cost), (1, Some(9), Cost::Unknown));
    let journal = test.app.library.journal(None, 9).unwrap();
    assert_eq!(journal[0].entry.purpose, Purpose::Answer);
    assert_eq!(journal[0].outcome.unwrap().ending, Ending::Complete);
    assert_eq!(journal[0].entry.subject, Some(Subject::Conversation(talk)));

    // And from now on this conversation may.
    assert_eq!(test.app.chats().sheet(&new(talk, "And again"), None, None).await.unwrap(), None);
    test.ask(&new(talk, "And again"), &AnswerOptions::default()).await.unwrap();
    assert_eq!(test.server.questions().len(), 2);
}

#[tokio::test]
async fn what_the_user_struck_out_does_not_leave_then_or_later() {
    let test = test(&(says("Yes.") + &over()));
    let project = test.app.projects().create("The Salt Road").unwrap();
    test.app.library.update_project(project.id, "The Salt Road", "Mirela dies in chapter nine.").unwrap();
    let talk = test.app.chats().create(Some(project.id), None).unwrap();
    test.app.chats().set_leaving(talk, &Leaving::To(large())).unwrap();
    let question = new(talk, "An opening line");
    let way = test.agree(&question, None, &["notes"]).await;
    test.ask(&question, &way).await.unwrap();
    test.ask(&new(talk, "Another"), &AnswerOptions::default()).await.unwrap();
    for body in test.server.questions() {
        assert!(body.contains("An opening line") && !body.contains("Mirela"), "{body}");
    }
}

#[tokio::test]
async fn what_is_switched_off_in_a_conversation_stands_on_the_sheet_and_does_not_leave() {
    let test = test(&(says("Yes.") + &over()));
    let project = test.app.projects().create("The Salt Road").unwrap();
    test.app.library.update_project(project.id, "The Salt Road", "Mirela dies in chapter nine.").unwrap();
    test.app.library.ban_in_project(project.id, "a testament to", true).unwrap();
    let talk = test.app.chats().create(Some(project.id), None).unwrap();
    test.app.chats().set_leaving(talk, &Leaving::To(large())).unwrap();
    test.app.library.leave_out(talk, ChatPart::Notes, true).unwrap();
    let question = new(talk, "An opening line");
    let sheet = test.app.chats().sheet(&question, None, Some(&[])).await.unwrap().unwrap();
    let shown: Vec<_> = sheet.parts.iter().map(|part| (part.key, part.included, part.off)).collect();
    let asked = PartKey::Message(sotto_domain::MessageId(0));
    assert_eq!(shown, [(PartKey::Phrases, true, false), (PartKey::Notes, false, true), (asked, true, false)]);
    assert!(sheet.exact.contains("a testament to") && !sheet.exact.contains("Mirela"));
    test.ask(&question, &test.agree(&question, None, &[]).await).await.unwrap();

    // Switched on again it is content of another kind: the user is asked before it leaves.
    test.app.library.leave_out(talk, ChatPart::Notes, false).unwrap();
    let refused = test.ask(&new(talk, "Another"), &AnswerOptions::default()).await;
    assert!(matches!(refused, Err(SendError::NotAgreed(_))), "{refused:?}");
    let questions = test.server.questions();
    assert!(questions.len() == 1 && !questions[0].contains("Mirela"), "{questions:?}");
}

#[tokio::test]
async fn another_kind_of_content_is_shown_again() {
    let test = test(&(says("Yes.") + &over()));
    let talk = test.talk();
    let question = new(talk, "Look");
    let way = test.agree(&question, None, &[]).await;
    test.ask(&question, &way).await.unwrap();
    let path = test.app.library.pictures_folder().join("a.png");
    std::fs::create_dir_all(test.app.library.pictures_folder()).unwrap();
    std::fs::write(&path, [137, 80, 78, 71, 13, 10, 26, 10, 0]).unwrap();
    test.app.library.attach(talk, &Picture { id: None, path, width: 8, height: 8 }).unwrap();
    let sheet = test.app.chats().sheet(&new(talk, "And this"), None, None).await.unwrap().unwrap();
    assert!(sheet.parts.iter().any(|part| part.kind == ContentKind::Pictures && part.included));
    let refused = test.ask(&new(talk, "And this"), &AnswerOptions::default()).await;
    assert!(matches!(refused, Err(SendError::NotAgreed(_))), "{refused:?}");
    assert_eq!(test.server.questions().len(), 1);
}

#[tokio::test]
async fn agreeing_to_one_sheet_is_not_agreeing_to_another() {
    let test = test(&(says("Yes.") + &over()));
    let talk = test.talk();
    let way = test.agree(&new(talk, "One thing"), None, &[]).await;
    let refused = test.ask(&new(talk, "Another thing"), &way).await;
    assert!(matches!(refused, Err(SendError::NotAgreed(_))), "{refused:?}");
    assert_eq!(test.server.questions(), Vec::<String>::new());
}

#[tokio::test]
async fn one_answer_can_be_made_elsewhere_and_the_conversation_stays_here() {
    let test = test(&(says("Yes.") + &over()));
    let talk = test.app.chats().create(None, None).unwrap();
    let question = new(talk, "A heavy job");
    let way = test.agree(&question, Some(large()), &[]).await;
    test.ask(&question, &way).await.unwrap();
    assert_eq!(test.server.questions().len(), 1);
    let next = test.ask(&new(talk, "A light one"), &AnswerOptions::default()).await;
    assert!(
        matches!(next, Err(SendError::NoModel)),
        "it is asked of this device, which has none here: {next:?}"
    );
    let answer = test.app.library.branch(talk).unwrap()[1].message.id;
    let again = test.app.chats().sheet(&Question::Again { answer }, Some(&large()), None).await.unwrap();
    assert!(again.is_some(), "the next one is shown again");
}

#[tokio::test]
async fn while_the_lock_is_on_or_the_cloud_off_nothing_leaves_at_all() {
    let test = test(&(says("Yes.") + &over()));
    let talk = test.talk();
    test.app.library.save_draft(talk, "A secret").unwrap();
    test.app.cloud().set_offline_lock(true).unwrap();
    let locked = test.ask(&new(talk, "A secret"), &AnswerOptions::default()).await;
    assert!(matches!(locked, Err(SendError::Refused(Refusal::OfflineLock))), "{locked:?}");
    test.app.cloud().set_offline_lock(false).unwrap();
    test.app.cloud().set_on(false).unwrap();
    let off = test.ask(&new(talk, "A secret"), &AnswerOptions::default()).await;
    assert!(matches!(off, Err(SendError::Refused(Refusal::CloudOff))), "{off:?}");
    assert_eq!(test.server.stage.requests().len(), 0, "not even the prices were asked for");
    assert_eq!(test.app.library.journal(None, 9).unwrap(), []);
    assert_eq!(test.app.library.conversation(talk).unwrap().draft, "A secret");
}

#[tokio::test]
async fn what_came_of_an_answer_that_broke_off_is_kept_and_marked() {
    let test = test(&says("Half an ans"));
    let talk = test.talk();
    let question = new(talk, "Go on");
    let way = test.agree(&question, None, &[]).await;
    test.ask(&question, &way).await.unwrap();
    let answer = test.app.library.branch(talk).unwrap().pop().unwrap().message;
    assert_eq!((answer.text.as_str(), answer.state), ("Half an ans", MessageState::Interrupted));
    assert!(answer.remark.unwrap().contains("What came is kept"));
    assert_eq!(test.app.cloud().ledger(test.app.cloud().this_month()).unwrap()[0].cost, Cost::Unknown);
}

#[tokio::test]
async fn a_limit_that_cannot_be_kept_stops_it() {
    let test = test(&(says("Yes.") + &over()));
    let talk = test.talk();
    test.app.cloud().set_monthly_cap(Some(NanoUsd(1_000_000_000))).unwrap();
    let refused = test.ask(&new(talk, "Cheap?"), &AnswerOptions::default()).await;
    assert!(matches!(refused, Err(SendError::Refused(Refusal::PriceUnknown))), "{refused:?}");

    Answers { core: &test.app.core }.within_the_limit(None, Some(NanoUsd(1_000_000_000))).unwrap();
    let over = Answers { core: &test.app.core }.within_the_limit(None, Some(NanoUsd(1_000_000_001)));
    assert!(over.unwrap_err().to_string().contains("$0.0000 of this month's $1.00"));
}

#[tokio::test]
async fn the_users_key_goes_to_its_own_place_and_is_written_nowhere() {
    let test = test(&(says("Yes.") + &over()));
    let talk = test.talk();
    let question = new(talk, "Hello");
    let way = test.agree(&question, None, &[]).await;
    test.ask(&question, &way).await.unwrap();
    let with_key = format!("authorization: Bearer {KEY}").to_lowercase();
    assert!(test.server.stage.requests().iter().all(|request| request.to_lowercase().contains(&with_key)));

    let moved =
        ProviderSettings { place: "https://elsewhere.example/v1".into(), ..ProviderSettings::default() };
    let account = test.app.cloud().set_account("own", moved, false).unwrap();
    assert_eq!(account.key, crate::KeyState::None, "a key for one address is not for another");
    for file in std::fs::read_dir(test.folder.path()).unwrap().flatten().filter(|file| file.path().is_file())
    {
        let bytes = std::fs::read(file.path()).unwrap();
        let found = bytes.windows(KEY.len()).any(|window| window == KEY.as_bytes());
        assert!(!found, "{:?} holds the key", file.file_name());
    }
}

#[tokio::test]
async fn who_says_that_it_stays_here_takes_back_what_the_user_agreed_to() {
    let test = test(&(says("Yes.") + &over()));
    let talk = test.talk();
    let question = new(talk, "Hello");
    let way = test.agree(&question, None, &[]).await;
    test.ask(&question, &way).await.unwrap();
    test.app.chats().set_leaving(talk, &Leaving::Never).unwrap();
    test.app.chats().set_leaving(talk, &Leaving::To(large())).unwrap();
    assert!(test.app.chats().sheet(&new(talk, "Again"), None, None).await.unwrap().is_some());
}

#[tokio::test]
async fn an_answer_made_elsewhere_beside_another_is_agreed_to_each_time() {
    let test = test(&(says("Yes.") + &over()));
    let talk = test.talk();
    let yes = test.agree(&new(talk, "A name"), None, &[]).await;
    test.ask(&new(talk, "A name"), &yes).await.unwrap();
    let answer = test.app.library.conversation(talk).unwrap().head.unwrap();
    // What was agreed to for the conversation is no yes to this one.
    let beside = Question::Beside { answer, model: None, hidden: true };
    let once = || AnswerOptions { once: Some(large()), ..AnswerOptions::default() };
    let refused = test.ask(&beside, &once()).await;
    assert!(matches!(refused, Err(SendError::NotAgreed(_))), "{refused:?}");
    assert_eq!(test.app.library.comparison_of(answer).unwrap(), None);
    let yes = test.agree(&beside, Some(large()), &[]).await;
    test.ask(&beside, &yes).await.unwrap();
    assert!(test.app.library.comparison_of(answer).unwrap().is_some());
}
