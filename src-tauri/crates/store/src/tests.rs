//! What holds for the store as a whole, and what the tests of its parts begin with.

use std::sync::Arc;
use std::thread;

use sotto_domain::{ConversationId, MessageId, MessageState, Role};
use tempfile::TempDir;

use super::*;
use crate::key::tests::the_key;

impl Store {
    /// Straight to the connection, as a test may.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An empty store in a folder of its own.
pub(crate) fn empty() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("sotto.db"), &the_key()).unwrap();
    (folder, store)
}

/// One that is not encrypted, so that the bytes on the disk can be searched for words.
pub(crate) fn in_the_clear() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sotto.db");
    let connection = crate::key::plain(&path, rusqlite::OpenFlags::default()).unwrap();
    let connection = schema::ready(connection, &path, &the_key(), schema::MIGRATIONS).unwrap();
    (folder, Store::over(connection, &path, &the_key()).unwrap())
}

/// A message as it is said, whole.
pub(crate) fn message(
    conversation: ConversationId,
    parent: Option<MessageId>,
    role: Role,
    text: &str,
) -> NewMessage {
    NewMessage {
        conversation,
        parent,
        role,
        text: text.into(),
        state: MessageState::Complete,
        made: None,
        pictures: vec![],
    }
}

/// Adds what the person says.
pub(crate) fn said(store: &Store, to: ConversationId, after: Option<MessageId>, text: &str) -> MessageId {
    store.add_message(message(to, after, Role::User, text), 0).unwrap().id
}

/// Adds what the model answers.
pub(crate) fn answered(store: &Store, to: ConversationId, after: MessageId, text: &str) -> MessageId {
    store.add_message(message(to, Some(after), Role::Assistant, text), 0).unwrap().id
}

/// The texts of the branch on show.
pub(crate) fn shown(store: &Store, conversation: ConversationId) -> Vec<String> {
    store.branch(conversation).unwrap().into_iter().map(|placed| placed.message.text).collect()
}

#[test]
fn a_store_can_be_shared_between_threads() {
    fn shareable<T: Send + Sync>() {}
    shareable::<Store>();
}

#[test]
fn every_text_comes_back_as_it_was() {
    let (folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let long = "Die Straße führte hinunter zum Meer. 🌊\n".repeat(125_000);
    assert!(long.len() > 5_000_000);
    let texts = [
        "",
        "👩‍👩‍👧‍👦 e\u{301} \u{202e}olleh",
        "before\0after",
        "'; DROP TABLE messages; --",
        "\u{fdd0}\r\n\t",
        &long,
    ];
    let mut last = None;
    for text in texts {
        last = Some(said(&store, talk, last, text));
    }
    store.rename_conversation(talk, "nul\0nul").unwrap();
    store.save_draft(talk, &long).unwrap();
    store.set_instructions(talk, "🌊\0").unwrap();
    drop(store);

    let store = Store::open(&folder.path().join("sotto.db"), &the_key()).unwrap();
    assert!(shown(&store, talk) == texts);
    let talk = store.conversation(talk).unwrap();
    assert_eq!((&*talk.title, &*talk.instructions), ("nul\0nul", "🌊\0"));
    assert!(talk.draft == long);
}

#[test]
fn a_full_disk_harms_nothing_that_is_saved() {
    let (folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let first = said(&store, talk, None, "first");
    let answer = answered(&store, talk, first, "an answer");
    set_room(&store, 40);

    let page = "a page of words that take room ".repeat(300);
    let (mut saved, mut last) = (2, answer);
    let refused = loop {
        match store.add_message(message(talk, Some(last), Role::User, &page), 1) {
            Ok(message) => (saved, last) = (saved + 1, message.id),
            Err(error) => break error,
        }
    };
    assert!(saved > 3, "there was room for some");
    assert!(matches!(refused, StoreError::DiskFull), "{refused:?}");
    let more = page.repeat(50);
    assert!(matches!(
        store.update_answer(answer, &more, MessageState::Streaming, None, None),
        Err(StoreError::DiskFull)
    ));
    assert!(matches!(store.save_draft(talk, &more), Err(StoreError::DiskFull)));

    assert_eq!(shown(&store, talk).len(), saved);
    assert_eq!(store.message(answer).unwrap().text, "an answer");
    assert_eq!(store.message(answer).unwrap().state, MessageState::Complete);
    assert_eq!(store.search("answer", 9).unwrap().len(), 1);
    assert_eq!(store.conversation(talk).unwrap().draft, "");

    // Room again: the same store goes on where it was.
    set_room(&store, 1_000_000);
    store.save_draft(talk, &more).unwrap();
    let last = said(&store, talk, Some(last), "and on");
    drop(store);
    let store = Store::open(&folder.path().join("sotto.db"), &the_key()).unwrap();
    assert_eq!(shown(&store, talk).len(), saved + 1);
    assert_eq!(store.conversation(talk).unwrap().head, Some(last));
}

/// Lets the file grow by this many pages of 4 KiB, as a disk with so much room would.
fn set_room(store: &Store, pages: i64) {
    let connection = store.lock();
    let size: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    let set = format!("PRAGMA max_page_count = {}", size + pages);
    connection.query_row(&set, [], |_| Ok(())).unwrap();
}

#[test]
fn a_panic_while_writing_takes_back_its_own_write_and_nothing_else() {
    let (_folder, store) = empty();
    let kept = store.create_project("Kept", 0).unwrap();
    let store = Arc::new(store);
    let panicking = Arc::clone(&store);
    let panicked = thread::spawn(move || {
        panicking.write(|store| -> Result<()> {
            store.execute("INSERT INTO projects (name, created_at) VALUES ('half', 0)", [])?;
            panic!("in the middle of a write, on purpose")
        })
    });
    assert!(panicked.join().is_err());
    assert_eq!(store.projects().unwrap(), [kept]);
    store.create_project("Next", 0).unwrap();
}

#[test]
fn two_stores_on_one_file_see_and_wait_for_each_other() {
    let (folder, here) = empty();
    let there = Store::open(&folder.path().join("sotto.db"), &the_key()).unwrap();
    let project = Some(here.create_project("Ours", 0).unwrap().id);
    let talk = here.create_conversation(project, "", 0).unwrap().id;
    let root = said(&there, talk, None, "root");

    thread::scope(|threads| {
        for store in [&here, &there] {
            threads.spawn(move || {
                for nth in 0..50 {
                    answered(store, talk, root, &format!("answer {nth}"));
                    // This one reads before it writes.
                    store.create_conversation(project, "", 0).unwrap();
                }
            });
        }
    });
    assert_eq!(here.branch(talk).unwrap(), there.branch(talk).unwrap());
    assert_eq!(here.branch(talk).unwrap()[1].siblings.len(), 100);
    assert_eq!(there.conversations().unwrap().len(), 101);
}

#[test]
fn a_write_keeps_others_out_from_its_beginning() {
    let (folder, here) = empty();
    let there = Store::open(&folder.path().join("sotto.db"), &the_key()).unwrap();
    there.lock().busy_timeout(std::time::Duration::ZERO).unwrap();
    here.write(|_| {
        assert!(matches!(there.create_project("Now", 0), Err(StoreError::Busy)));
        Ok(())
    })
    .unwrap();
    there.create_project("Now", 0).unwrap();
}

#[test]
fn a_writer_that_never_ends_is_reported_not_waited_for() {
    let (folder, store) = empty();
    let other = crate::key::tests::raw(&folder.path().join("sotto.db"));
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    store.lock().busy_timeout(std::time::Duration::ZERO).unwrap();
    assert!(matches!(store.create_project("Now", 0), Err(StoreError::Busy)));
    assert_eq!(store.projects().unwrap(), [], "reading goes on");
    other.execute_batch("ROLLBACK").unwrap();
    store.create_project("Now", 0).unwrap();
}

#[test]
fn each_commit_waits_for_the_disk() {
    let (_folder, store) = empty();
    let setting = |name| -> i64 { store.lock().pragma_query_value(None, name, |row| row.get(0)).unwrap() };
    assert_eq!(setting("synchronous"), 2, "FULL");
    assert_eq!(setting("fullfsync"), 1);
    let journal: String = store.lock().pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(journal, "wal");
}

#[test]
fn what_the_database_holds_but_no_sotto_wrote_is_damage_not_a_panic() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let asked = said(&store, talk, None, "hello");
    store.lock().execute("UPDATE messages SET place = 'the moon', model = ''", []).unwrap();
    assert!(matches!(store.message(asked), Err(StoreError::Damaged)));
    assert!(matches!(store.branch(talk), Err(StoreError::Damaged)));
}

#[test]
fn errors_speak_to_the_person() {
    use StoreError::{BuiltIn, Busy, Damaged, DiskFull, NotFound, Plain, WrongKey};
    let newer = StoreError::Newer { found: 9, known: 1 };
    let other = StoreError::Sqlite(rusqlite::Error::InvalidQuery);
    let io = StoreError::Io(std::io::Error::other("EACCES"));
    for error in [NotFound, newer, DiskFull, Damaged, Busy, BuiltIn, Plain, WrongKey, io, other] {
        let sentence = error.to_string();
        assert!(sentence.ends_with('.') && sentence.starts_with(char::is_uppercase), "{sentence}");
        for jargon in ["SQL", "sqlite", "database", "EACCES", "!", "  ", "\n"] {
            assert!(!sentence.contains(jargon), "{sentence}");
        }
    }
}
