//! The story of a message, with a real library and a model that speaks as scripted.

#![allow(clippy::unnecessary_wraps)] // a script is made of outcomes

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt, stream};
use sotto_domain::{
    AnswerStream, Answering, AnsweringError, Cost, Delta, Destination, Finish, Message, Progress, Request,
    Turn, Usage,
};
use sotto_engine_client::{Engine, EngineOptions, Timeouts};
use sotto_secrets::{Keys, Memory};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{App, Options, Store, ask::SAVE_EVERY};

mod given;

/// A model that says `script`, and remembers what it was asked.
pub(crate) struct Scripted {
    script: Mutex<Vec<Result<Delta, AnsweringError>>>,
    pub(crate) asked: Mutex<Vec<Vec<Turn>>>,
    /// How freely it was to write each time, and what it was not to.
    pub(crate) held_to: Mutex<Vec<(f64, Vec<String>)>>,
    /// Where set, the model waits here before its last word, or until it is cancelled.
    pub(crate) gate: Option<Arc<Notify>>,
    absent: bool,
    /// The most turns it can hold in mind.
    room: usize,
}

impl Answering for Scripted {
    fn destination(&self) -> Option<Destination> {
        (!self.absent).then(|| Destination::Device { model: "quill".into() })
    }

    fn answer(&self, request: Request, cancel: CancellationToken) -> AnswerStream {
        let given = request.turns.len();
        self.held_to.lock().unwrap().push((request.sampling.temperature, request.rules.banned));
        self.asked.lock().unwrap().push(request.turns);
        if given > self.room {
            let count = |turns: usize| u32::try_from(turns).unwrap();
            let error = AnsweringError::TooLong { given: count(given), limit: count(self.room) };
            return Box::pin(stream::iter([Err(error)]));
        }
        let script = self.script.lock().unwrap().clone();
        let gate = self.gate.clone();
        let last = script.len() - 1;
        Box::pin(stream::iter(script.into_iter().enumerate()).then(move |(at, delta)| {
            let (gate, cancel) = (gate.clone(), cancel.clone());
            async move {
                if at < last {
                    return delta;
                }
                if let Some(gate) = gate {
                    tokio::select! {
                        () = gate.notified() => {}
                        () = cancel.cancelled() => {
                            return Ok(Delta::Done {
                                finish: Finish::Stopped,
                                usage: Usage::default(),
                                cost: Cost::Free,
                            });
                        }
                    }
                }
                delta
            }
        }))
    }
}

pub(crate) struct TestApp {
    pub(crate) app: Arc<App>,
    pub(crate) model: Arc<Scripted>,
    folder: TempDir,
}

static TIME: AtomicI64 = AtomicI64::new(1);

pub(crate) fn test(model: Scripted) -> TestApp {
    let folder = TempDir::new().unwrap();
    let model = Arc::new(model);
    let engine = Engine::new(EngineOptions {
        program: PathBuf::from("none"),
        scratch: folder.path().join("engine"),
        pictures: folder.path().join("pictures"),
        timeouts: Timeouts::default(),
    });
    let options = Options {
        home: folder.path().to_owned(),
        engine: PathBuf::from("none"),
        guide: None,
        clock: || TIME.fetch_add(1, Ordering::Relaxed),
        keys: Keys::over(Arc::new(Memory::default())),
    };
    let app = Arc::new(App::open_with(options, engine, model.clone()).unwrap());
    TestApp { app, model, folder }
}

pub(crate) fn says(script: Vec<Result<Delta, AnsweringError>>) -> Scripted {
    Scripted {
        script: Mutex::new(script),
        asked: Mutex::default(),
        held_to: Mutex::default(),
        gate: None,
        absent: false,
        room: usize::MAX,
    }
}

fn text(words: &str) -> Result<Delta, AnsweringError> {
    Ok(Delta::text(words))
}

fn done(finish: Finish) -> Result<Delta, AnsweringError> {
    Ok(Delta::Done { finish, usage: Usage { completion_tokens: 3, ..Usage::default() }, cost: Cost::Free })
}

impl TestApp {
    fn conversation(&self) -> ConversationId {
        self.app.chats().create(None, None).unwrap()
    }

    async fn send(&self, to: ConversationId, text: &str) -> Vec<AnswerEvent> {
        let mut events = vec![];
        self.app.chats().send(to, text, |event| events.push(event)).await.unwrap();
        events
    }

    /// What is said on the branch on show.
    fn branch(&self, of: ConversationId) -> Vec<(String, MessageState)> {
        let branch = self.app.library.branch(of).unwrap();
        branch.into_iter().map(|placed| (placed.message.text, placed.message.state)).collect()
    }

    fn last(&self, of: ConversationId) -> Message {
        self.app.library.branch(of).unwrap().pop().unwrap().message
    }
}

fn trouble(events: &[AnswerEvent]) -> Option<&str> {
    match events.last() {
        Some(AnswerEvent::Finished { trouble, .. }) => trouble.as_deref(),
        other => panic!("the last event is {other:?}"),
    }
}

#[tokio::test]
async fn an_answer_is_told_in_order_and_stored_whole() {
    let test =
        test(says(vec![Ok(Delta::reading(0, 9)), text("Good "), text("evening."), done(Finish::Complete)]));
    let talk = test.conversation();
    let events = test.send(talk, "Hello there").await;
    assert!(matches!(events[0], AnswerEvent::Stored { .. }));
    assert_eq!(events[1], AnswerEvent::Progress(Progress::Reading { done: 0, total: 9 }));
    assert_eq!(events[2], AnswerEvent::Progress(Progress::Text { text: "Good ".into() }));
    assert_eq!(trouble(&events), None);
    assert_eq!(
        test.branch(talk),
        [("Hello there".into(), MessageState::Complete), ("Good evening.".into(), MessageState::Complete)]
    );
    let made = test.last(talk).made.unwrap();
    assert_eq!(made.by, Destination::Device { model: "quill".into() });
    assert_eq!(made.usage.unwrap().completion_tokens, 3);
    assert_eq!(test.app.library.conversation(talk).unwrap().title, "Hello there");
}

#[tokio::test]
async fn the_users_message_is_stored_before_the_model_is_asked() {
    let test = test(says(vec![Err(AnsweringError::Crashed)]));
    let talk = test.conversation();
    let mut stored_when_begun = 0;
    test.app
        .chats()
        .send(talk, "Do not lose me", |event| {
            if matches!(event, AnswerEvent::Stored { .. }) {
                let again =
                    Store::open(&test.folder.path().join("library.db"), &test.app.core.library_key).unwrap();
                stored_when_begun = again.branch(talk).unwrap().len();
            }
        })
        .await
        .unwrap();
    assert_eq!(stored_when_begun, 2, "the user's words, and the empty answer");
}

#[tokio::test]
async fn a_crash_keeps_what_was_written_and_says_what_happened() {
    let test = test(says(vec![text("Once upon"), Err(AnsweringError::Crashed)]));
    let talk = test.conversation();
    let events = test.send(talk, "A story").await;
    assert!(trouble(&events).unwrap().contains("Your text is safe"));
    assert_eq!(test.branch(talk)[1], ("Once upon".into(), MessageState::Interrupted));
    assert!(test.app.chats().send(talk, "Go on", |_| {}).await.is_ok(), "the conversation is free again");
}

#[tokio::test]
async fn stopping_is_an_outcome_and_keeps_the_text() {
    let mut model = says(vec![text("Half an"), done(Finish::Complete)]);
    model.gate = Some(Arc::new(Notify::new()));
    let test = test(model);
    let talk = test.conversation();
    let mut events = vec![];
    let app = test.app.clone();
    test.app
        .chats()
        .send(talk, "Tell me", |event| {
            if matches!(event, AnswerEvent::Progress(Progress::Text { .. })) {
                app.chats().stop(talk);
            }
            events.push(event);
        })
        .await
        .unwrap();
    assert_eq!(trouble(&events), None);
    assert_eq!(test.branch(talk)[1], ("Half an".into(), MessageState::Stopped));
}

#[tokio::test]
async fn a_partial_answer_is_on_disk_within_half_a_second() {
    let gate = Arc::new(Notify::new());
    let mut model = says(vec![text("Written while you wait"), done(Finish::Complete)]);
    model.gate = Some(gate.clone());
    let test = test(model);
    let talk = test.conversation();
    let app = test.app.clone();
    let sending = tokio::spawn(async move { app.chats().send(talk, "Slowly", |_| {}).await });
    let begun = std::time::Instant::now();
    let other = Store::open(&test.folder.path().join("library.db"), &test.app.core.library_key).unwrap();
    loop {
        let words = other.branch(talk).unwrap().pop().map(|placed| placed.message);
        if words.is_some_and(|m| m.text == "Written while you wait" && m.state == MessageState::Streaming) {
            break;
        }
        assert!(begun.elapsed() < Duration::from_mins(3), "it is never written");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    gate.notify_one();
    sending.await.unwrap().unwrap();
    assert_eq!(test.last(talk).state, MessageState::Complete);
    assert!(SAVE_EVERY <= Duration::from_millis(500));
}

#[tokio::test]
async fn one_answer_at_a_time_in_a_conversation_and_as_many_as_there_are_conversations() {
    let gate = Arc::new(Notify::new());
    let mut model = says(vec![text("…"), done(Finish::Complete)]);
    model.gate = Some(gate.clone());
    let test = test(model);
    let (talk, other) = (test.conversation(), test.conversation());
    let (begun, mut first) = (Arc::new(Notify::new()), vec![]);
    for to in [talk, other] {
        let (app, begun) = (test.app.clone(), begun.clone());
        first.push(tokio::spawn(async move { app.chats().send(to, "One", |_| begun.notify_one()).await }));
    }
    begun.notified().await;
    while test.app.core.running.count() < 2 {
        tokio::task::yield_now().await;
    }
    assert!(matches!(test.app.chats().send(talk, "Two", |_| {}).await, Err(SendError::Busy)));
    test.app.chats().stop(talk);
    test.app.chats().stop(other);
    for sending in first {
        sending.await.unwrap().unwrap();
    }
    assert_eq!(test.branch(talk).len(), 2, "the refused message was not stored");
}

#[tokio::test]
async fn asking_again_keeps_the_first_answer_beside_the_second() {
    let test = test(says(vec![text("First"), done(Finish::Complete)]));
    let talk = test.conversation();
    test.send(talk, "Name a bakery").await;
    let first = test.last(talk).id;
    *test.model.script.lock().unwrap() = vec![text("Second"), done(Finish::Complete)];
    test.app
        .chats()
        .ask(&Question::Again { answer: first }, &AnswerOptions::default(), |_| {})
        .await
        .unwrap();
    let placed = test.app.library.branch(talk).unwrap().pop().unwrap();
    assert_eq!((placed.message.text.as_str(), placed.siblings.len()), ("Second", 2));
    test.app.library.choose(first).unwrap();
    assert_eq!(test.last(talk).text, "First");
    let asked = test.model.asked.lock().unwrap();
    assert_eq!(asked[0], asked[1], "the same question, without the first answer");
}

#[tokio::test]
async fn editing_begins_a_branch_and_the_old_one_stays() {
    let test = test(says(vec![text("Yes."), done(Finish::Complete)]));
    let talk = test.conversation();
    test.send(talk, "One").await;
    test.send(talk, "Two").await;
    let first = test.app.library.branch(talk).unwrap()[0].message.id;
    let better = Question::Edit { message: first, text: "One, but better".into() };
    test.app.chats().ask(&better, &AnswerOptions::default(), |_| {}).await.unwrap();
    assert_eq!(test.branch(talk).len(), 2);
    assert_eq!(test.branch(talk)[0].0, "One, but better");
    test.app.library.choose(first).unwrap();
    assert_eq!(test.branch(talk).len(), 4);
    assert_eq!(test.app.library.conversation(talk).unwrap().title, "One");
}

#[tokio::test]
async fn the_model_is_given_instructions_notes_and_the_branch_on_show() {
    let test = test(says(vec![text("Yes."), done(Finish::Complete)]));
    let project = test.app.projects().create("The Salt Road").unwrap();
    test.app.library.update_project(project.id, "The Salt Road", "Set in 1720.").unwrap();
    let point = test.app.chats().save_starting_point(None, "Mine", "", "Be brief.").unwrap();
    let talk = test.app.chats().create(Some(project.id), Some(point.id)).unwrap();
    test.send(talk, "One").await;
    test.send(talk, "Two").await;
    let asked = test.model.asked.lock().unwrap();
    let said: Vec<&str> = asked[1].iter().map(|turn| turn.text.as_str()).collect();
    assert_eq!(said, ["Be brief.\n\nNotes on this project:\nSet in 1720.", "One", "Yes.", "Two"]);
}

#[tokio::test]
async fn nothing_is_stored_or_asked_when_there_is_nothing_to_send_or_nobody_to_answer() {
    let mut model = says(vec![done(Finish::Complete)]);
    model.absent = true;
    let test = test(model);
    let talk = test.conversation();
    test.app.library.save_draft(talk, "Hello").unwrap();
    assert!(matches!(test.app.chats().send(talk, " \n", |_| {}).await, Err(SendError::Empty)));
    assert!(matches!(test.app.chats().send(talk, "Hello", |_| {}).await, Err(SendError::NoModel)));
    assert!(test.branch(talk).is_empty());
    assert_eq!(test.app.library.conversation(talk).unwrap().draft, "Hello", "what was typed is kept");
    assert!(test.model.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn sending_clears_the_draft() {
    let test = test(says(vec![done(Finish::Complete)]));
    let talk = test.conversation();
    test.app.library.save_draft(talk, "Hello").unwrap();
    test.send(talk, "Hello").await;
    assert_eq!(test.app.library.conversation(talk).unwrap().draft, "");
}

#[tokio::test]
async fn an_answer_that_was_cut_off_by_the_end_of_the_app_is_marked_when_it_opens_again() {
    let test = test(says(vec![done(Finish::Complete)]));
    let talk = test.conversation();
    test.send(talk, "Hello").await;
    let cut = NewMessage {
        conversation: talk,
        parent: Some(test.last(talk).id),
        role: Role::Assistant,
        text: "Half".into(),
        state: MessageState::Streaming,
        made: None,
        pictures: vec![],
    };
    test.app.library.add_message(cut, 1).unwrap();
    let options = |folder: &TempDir| Options {
        home: folder.path().to_owned(),
        engine: PathBuf::from("none"),
        guide: None,
        clock: || 1,
        keys: Keys::over(Arc::new(Memory::default())),
    };
    let beside = App::open(options(&test.folder)).unwrap();
    let state = |app: &App| app.library.branch(talk).unwrap().pop().unwrap().message.state;
    assert_eq!(state(&beside), MessageState::Streaming, "somebody else may still be writing it");
    drop(beside);
    let TestApp { app, folder, model } = test;
    drop((app, model));
    let again = App::open(options(&folder)).unwrap();
    assert_eq!(state(&again), MessageState::Interrupted);
}

#[tokio::test]
async fn a_trashed_conversation_stops_writing() {
    let mut model = says(vec![text("…"), done(Finish::Complete)]);
    model.gate = Some(Arc::new(Notify::new()));
    let test = test(model);
    let talk = test.conversation();
    let app = test.app.clone();
    let mut trashed = false;
    test.app
        .chats()
        .send(talk, "Tell me", |event| {
            if matches!(event, AnswerEvent::Progress(Progress::Text { .. })) {
                app.chats().trash(talk).unwrap();
                trashed = true;
            }
        })
        .await
        .unwrap();
    assert!(trashed && test.app.library.trash().unwrap().len() == 1);
    assert_eq!(test.last(talk).state, MessageState::Stopped);
}

#[tokio::test]
async fn a_built_in_starting_point_can_be_changed_and_reset() {
    let test = test(says(vec![done(Finish::Complete)]));
    let first = test.app.library.starting_points().unwrap().remove(0);
    test.app.chats().save_starting_point(Some(first.id), "Mine now", "", "Sing.").unwrap();
    assert_eq!(test.app.chats().reset_starting_point(first.id).unwrap(), first);
}

#[tokio::test]
async fn what_no_longer_fits_is_left_out_by_whole_exchanges_and_said() {
    let mut model = says(vec![text("Yes."), done(Finish::Complete)]);
    model.room = 12;
    let test = test(model);
    let talk = test.conversation();
    for number in 0..6 {
        assert_eq!(trouble(&test.send(talk, &format!("Question {number}")).await), None);
    }
    assert_eq!(trouble(&test.send(talk, "Question 6").await), None);
    let answer = test.last(talk);
    assert!(answer.remark.as_ref().unwrap().contains("first 8 messages were not read"), "{answer:?}");
    assert_eq!(answer.state, MessageState::Complete, "and it was answered");
    assert_eq!(test.branch(talk).len(), 14, "all of it is still here");
    let given = test.model.asked.lock().unwrap().last().unwrap().clone();
    assert_eq!((given[0].text.as_str(), given.len()), ("Question 4", 5));
}

#[tokio::test]
async fn a_single_message_that_does_not_fit_is_refused_with_the_count() {
    let mut model = says(vec![done(Finish::Complete)]);
    model.room = 0;
    let test = test(model);
    let talk = test.conversation();
    let events = test.send(talk, "A whole novel").await;
    assert!(
        trouble(&events)
            .unwrap()
            .starts_with("This is about 0 words, and the model can hold about 0 in mind")
    );
    assert_eq!(test.branch(talk)[0].0, "A whole novel", "it is kept");
}

#[tokio::test]
async fn an_answer_set_beside_another_waits_for_the_users_choice() {
    let test = test(says(vec![text("First"), done(Finish::Complete)]));
    let talk = test.conversation();
    test.send(talk, "Name a bakery").await;
    let first = test.last(talk).id;
    *test.model.script.lock().unwrap() = vec![text("Second"), done(Finish::Complete)];
    let beside = Question::Beside { answer: first, model: None, hidden: false };
    test.app.chats().ask(&beside, &AnswerOptions::default(), |_| {}).await.unwrap();
    let second = test.last(talk).id;
    let comparison = test.app.library.comparison_of(second).unwrap().unwrap();
    assert_eq!((comparison.first, comparison.second), (first, second));
    test.app.chats().decide_comparison(comparison.id, Some(first)).unwrap();
    assert_eq!(test.last(talk).text, "First");
    let asked = test.model.asked.lock().unwrap();
    assert_eq!(asked[0], asked[1], "both were asked the same");
}

#[tokio::test]
async fn a_model_that_is_not_here_is_not_compared_with_and_nothing_is_stored() {
    let test = test(says(vec![text("First"), done(Finish::Complete)]));
    let talk = test.conversation();
    test.send(talk, "Name a bakery").await;
    let answer = test.last(talk).id;
    let beside = Question::Beside { answer, model: Some("gone".into()), hidden: false };
    let refused = test.app.chats().ask(&beside, &AnswerOptions::default(), |_| {}).await;
    assert!(matches!(refused, Err(SendError::Model(_))), "{refused:?}");
    assert_eq!((test.branch(talk).len(), test.model.asked.lock().unwrap().len()), (2, 1));
    // The next one is not kept waiting by it.
    assert_eq!(trouble(&test.send(talk, "And now?").await), None);
}
