use sotto_domain::{ConversationId, Subject};

use super::*;
use crate::tests::empty;

const NOW: i64 = 1_795_348_800_000;

fn entry(purpose: Purpose) -> Entry {
    Entry {
        at: NOW,
        purpose,
        origin: "https://huggingface.co".into(),
        recipient: "Hugging Face".into(),
        why: "You asked for Ministral 3 3B.".into(),
        project: Some(ProjectId(1)),
        subject: Some(Subject::Conversation(ConversationId(2))),
        bytes: 77,
    }
}

#[test]
fn every_purpose_and_ending_is_read_back_newest_first() {
    let (_folder, store) = empty();
    let purposes = [
        Purpose::ModelDownload,
        Purpose::ModelDetails,
        Purpose::ProviderModels,
        Purpose::KeyTest,
        Purpose::Answer,
    ];
    let endings = [Ending::Complete, Ending::Stopped, Ending::Offline, Ending::Failed, Ending::Complete];
    for (purpose, ending) in purposes.into_iter().zip(endings) {
        let id = store.opening(&entry(purpose), None, &mut |_| true).unwrap();
        let outcome = Outcome { at: NOW + 5, bytes_out: 77, bytes_in: 900, status: Some(200), ending };
        store.closed(id, outcome);
    }
    let lines = store.journal(None, 9).unwrap();
    let read: Vec<_> = lines.iter().map(|line| (line.entry.clone(), line.outcome.unwrap().ending)).collect();
    let written: Vec<_> = purposes.into_iter().map(entry).zip(endings).rev().collect();
    assert_eq!(read, written);
    assert_eq!(store.journal(Some(lines[1].id), 2).unwrap(), lines[2..4]);
}

#[test]
fn an_entry_is_there_before_it_is_closed() {
    let (_folder, store) = empty();
    store.opening(&entry(Purpose::Answer), None, &mut |_| true).unwrap();
    assert_eq!(store.journal(None, 1).unwrap()[0].outcome, None);
}

#[test]
fn what_holds_at_that_moment_decides_and_a_no_writes_nothing() {
    let (_folder, store) = empty();
    store.change_values(|_| Ok([("offline_lock".into(), Some("true".into()))].into())).unwrap();
    let mut asked = None;
    let refused = store.opening(&entry(Purpose::Answer), None, &mut |standing| {
        asked = Some(standing.promises.offline_lock);
        false
    });
    assert!(refused.is_err());
    assert_eq!((asked, store.journal(None, 9).unwrap().len()), (Some(true), 0));
}

#[test]
fn a_line_that_the_database_did_not_keep_was_not_written() {
    for trigger in [
        "CREATE TRIGGER t BEFORE INSERT ON journal BEGIN SELECT RAISE(IGNORE); END",
        "CREATE TRIGGER t AFTER INSERT ON journal BEGIN DELETE FROM journal WHERE id = new.id; END",
        "CREATE TRIGGER t AFTER INSERT ON journal BEGIN UPDATE journal SET origin = ''; END",
        "ALTER TABLE journal RENAME TO other; CREATE VIEW journal AS SELECT * FROM other",
        "DROP TABLE journal",
    ] {
        let (_folder, store) = empty();
        store.opening(&entry(Purpose::Answer), None, &mut |_| true).unwrap();
        store.lock().execute_batch(trigger).unwrap();
        assert!(store.opening(&entry(Purpose::Answer), None, &mut |_| true).is_err(), "{trigger}");
    }
}

#[cfg(unix)]
#[test]
fn a_database_that_was_deleted_or_replaced_underneath_takes_no_line() {
    for file in ["sotto.db", "sotto.db-wal"] {
        let (folder, store) = empty();
        store.opening(&entry(Purpose::Answer), None, &mut |_| true).unwrap();
        let path = folder.path().join(file);
        std::fs::rename(&path, folder.path().join("elsewhere")).unwrap();
        assert!(store.opening(&entry(Purpose::Answer), None, &mut |_| true).is_err(), "{file} is gone");
        std::fs::copy(folder.path().join("elsewhere"), &path).unwrap();
        assert!(store.opening(&entry(Purpose::Answer), None, &mut |_| true).is_err(), "{file} is another");
        assert!(store.promises().is_err() && store.values().is_err());
    }
}
