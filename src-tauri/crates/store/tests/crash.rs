//! A crash at any moment costs nothing that was stored, and leaves nothing half done.

#![allow(clippy::unwrap_used)] // helpers of tests may panic as tests may

mod key;

use std::fs;
use std::path::Path;

use key::the_key;
use sotto_domain::{ConversationId, MessageId, MessageState, Role};
use sotto_store::{NewMessage, Store};

const MESSAGES: usize = 24;

fn text(nth: usize) -> String {
    format!("message {nth} ").repeat(nth * 40 + 1)
}

/// A store that still runs, with a conversation in which everything has been said.
fn running(path: &Path) -> (Store, ConversationId) {
    let store = Store::open(path, &the_key()).unwrap();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let mut parent: Option<MessageId> = None;
    for nth in 0..MESSAGES {
        let message = NewMessage {
            conversation: talk,
            parent,
            role: Role::User,
            text: text(nth),
            state: MessageState::Complete,
            made: None,
            pictures: vec![],
        };
        parent = Some(store.add_message(message, 0).unwrap().id);
    }
    (store, talk)
}

#[test]
fn what_was_stored_is_there_after_a_crash() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (store, talk) = running(&here.path().join("sotto.db"));
    // The files as they are on the disk while the store is open: what a killed app leaves.
    for file in fs::read_dir(here.path()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), there.path().join(file.file_name())).unwrap();
    }
    let after = Store::open(&there.path().join("sotto.db"), &the_key()).unwrap();
    assert_eq!(after.branch(talk).unwrap(), store.branch(talk).unwrap());
    assert_eq!(after.branch(talk).unwrap().len(), MESSAGES);
}

#[test]
fn a_write_cut_off_at_any_byte_leaves_all_that_came_before_it() {
    let here = tempfile::tempdir().unwrap();
    let path = here.path().join("sotto.db");
    let (_store, talk) = running(&path);
    let (file, log) = (fs::read(&path).unwrap(), fs::read(here.path().join("sotto.db-wal")).unwrap());

    let mut before = 0;
    let cuts = (0..log.len()).step_by(log.len() / 199).chain([log.len()]);
    for cut in cuts {
        let there = tempfile::tempdir().unwrap();
        let path = there.path().join("sotto.db");
        fs::write(&path, &file).unwrap();
        fs::write(there.path().join("sotto.db-wal"), &log[..cut]).unwrap();
        let store = Store::open(&path, &the_key()).unwrap();
        // Before the first commit there is no conversation yet.
        let branch = store.branch(talk).unwrap_or_default();
        for (nth, placed) in branch.iter().enumerate() {
            assert_eq!(placed.message.text, text(nth));
        }
        assert!(branch.len() >= before, "more of the log never holds less");
        before = branch.len();
        assert!(store.search("message", 99).unwrap().len() == before, "what is there is found");
        store.create_project("And it goes on", 0).unwrap();
    }
    assert_eq!(before, MESSAGES);
}
