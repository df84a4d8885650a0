use std::sync::Arc;

use sotto_domain::{MessageState, Role};
use sotto_manuscript::Step;
use tempfile::tempdir;

use super::*;
use crate::key::tests::the_key;
use crate::{NewMessage, StoreError};

/// What was told since the last time.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<Changed>>>);

impl Told {
    fn of(store: &Store) -> Self {
        let told = Self::default();
        let hears = told.clone();
        store.listen(move |changed| hears.0.lock().unwrap().extend_from_slice(changed));
        told
    }

    fn take(&self) -> Vec<Changed> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn message(conversation: ConversationId, role: Role, state: MessageState) -> NewMessage {
    NewMessage { conversation, parent: None, role, text: "Once".into(), state, made: None, pictures: vec![] }
}

#[test]
fn each_commit_says_what_it_changed_and_nothing_else() {
    let folder = tempdir().unwrap();
    let store = Store::open(&folder.path().join("library.db"), &the_key()).unwrap();
    let told = Told::of(&store);
    let talk = store.create_conversation(None, "", 1).unwrap().id;
    assert_eq!(told.take(), [Changed::Conversation(talk)]);
    store.save_draft(talk, "half a").unwrap();
    assert_eq!(told.take(), [Changed::Draft(talk)]);
    let answer = store.add_message(message(talk, Role::Assistant, MessageState::Streaming), 2).unwrap().id;
    assert_eq!(told.take(), [Changed::Conversation(talk)]);
    store.update_answer(answer, "Once upon", MessageState::Streaming, None, None).unwrap();
    assert_eq!(told.take(), [Changed::Message(talk)], "the list stays as it is while an answer grows");
    let project = store.create_project("The Salt Road", 3).unwrap().id;
    assert_eq!(told.take(), [Changed::Project(project)]);
    store.move_conversation(talk, Some(project)).unwrap();
    assert_eq!(told.take(), [Changed::Conversation(talk)]);
    store.leave_out(talk, sotto_domain::ChatPart::Notes, true).unwrap();
    assert_eq!(told.take(), [Changed::Conversation(talk)]);
    store.set_project_mood(project, Some(sotto_domain::Mood::Precise)).unwrap();
    assert_eq!(told.take(), [Changed::Project(project)]);
    let point = store.create_starting_point("Mine", "", "").unwrap().id;
    assert_eq!(told.take(), [Changed::StartingPoint(point)]);
    let page = store.create_page(None, "Chapter one", &sotto_manuscript::Document::default(), 4).unwrap().id;
    assert_eq!(told.take(), [Changed::Page(page)]);
    let typed = Step::parse(0, 1, r#"[{"type":"paragraph","content":[{"type":"text","text":"Once"}]}]"#);
    store.save_page(page, 0, &typed.unwrap(), 5).unwrap();
    assert_eq!(told.take(), [Changed::PageText(page)], "no list is read again for a key");
    store.pages().unwrap();
    assert_eq!(told.take(), [Changed::Page(page)], "its words were counted");
    store.conversations().unwrap();
    assert_eq!(told.take(), [], "reading changes nothing");
}

#[test]
fn what_is_rolled_back_is_never_told() {
    let folder = tempdir().unwrap();
    let store = Store::open(&folder.path().join("library.db"), &the_key()).unwrap();
    let talk = store.create_conversation(None, "", 1).unwrap().id;
    let told = Told::of(&store);
    let failed: Result<()> = store.write(|store| {
        store.execute("UPDATE conversations SET title = 'Lost' WHERE id = ?1", [talk.0])?;
        Err(StoreError::NotFound)
    });
    assert!(failed.is_err());
    store.create_project("Kept", 2).unwrap();
    assert!(matches!(told.take()[..], [Changed::Project(_)]));
}

#[test]
fn what_another_process_writes_may_be_anything_and_ones_own_is_told_once() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("library.db");
    let (ours, theirs) = (Store::open(&path, &the_key()).unwrap(), Store::open(&path, &the_key()).unwrap());
    ours.look_for_others().unwrap();
    let told = Told::of(&ours);
    ours.create_conversation(None, "", 1).unwrap();
    told.take();
    ours.look_for_others().unwrap();
    assert_eq!(told.take(), []);
    theirs.create_conversation(None, "", 2).unwrap();
    ours.look_for_others().unwrap();
    assert_eq!(told.take(), [Changed::Anything]);
    ours.look_for_others().unwrap();
    assert_eq!(told.take(), []);
}

/// The only thread there is serves others while a look waits for whoever is writing.
#[test]
fn a_look_for_others_steps_aside_while_somebody_writes() {
    use std::sync::mpsc;
    use std::time::Duration;

    let folder = tempdir().unwrap();
    let store = Arc::new(Store::open(&folder.path().join("library.db"), &the_key()).unwrap());
    let (writes, written) = mpsc::channel();
    let (go, gone) = mpsc::channel();
    let other = store.clone();
    let writing = std::thread::spawn(move || {
        other.write(|_| {
            writes.send(()).unwrap();
            Ok(gone.recv_timeout(Duration::from_mins(1)))
        })
    });
    written.recv().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let looks = runtime.spawn(async move {
        tokio::spawn(async move { go.send(()) });
        store.look_for_others()
    });
    assert_eq!(writing.join().unwrap().unwrap(), Ok(()), "nobody else had a turn");
    runtime.block_on(looks).unwrap().unwrap();
}
