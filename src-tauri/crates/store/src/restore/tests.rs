use sotto_domain::{Entry, Journal, Purpose};

use super::*;
use crate::backup::tests::full;
use crate::key::tests::the_key;
use crate::tests::{empty, said};
use crate::{CLOUD, MONTHLY_CAP, OFFLINE_LOCK};

fn set(store: &Store, key: &str, value: &str) {
    store.change_values(|_| Ok([(key.to_owned(), Some(value.to_owned()))].into())).unwrap();
}

fn departure(store: &Store, at: i64) {
    let entry = Entry {
        at,
        purpose: Purpose::Answer,
        origin: "https://a.example".into(),
        recipient: "A provider".into(),
        why: "You sent a message.".into(),
        project: None,
        subject: None,
        bytes: 12,
    };
    store.opening(&entry, None, &mut |_| true).unwrap();
}

#[test]
fn a_backup_becomes_a_library_with_its_pictures() {
    let (_folder, store) = full();
    let (away, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let backup = away.path().join("one.backup");
    let held = store.back_up(&backup).unwrap();
    let to = fresh.path().join("new/library.db");
    assert_eq!(
        restore_into(&backup, &the_key(), &to, &fresh.path().join("nowhere"), &the_key()).unwrap(),
        held
    );
    let again = Store::open(&to, &the_key()).unwrap();
    assert_eq!(again.conversations().unwrap(), store.conversations().unwrap());
    assert_eq!(again.projects().unwrap(), store.projects().unwrap());
    let talk = again.conversations().unwrap()[0].id;
    assert!(again.attached(talk).unwrap()[0].path.is_file());
    assert_eq!(again.promises().unwrap(), store.promises().unwrap());
}

#[test]
fn going_back_in_time_opens_no_lock_and_forgets_nothing_that_left() {
    let (folder, store) = full();
    let (away, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    set(&store, CLOUD, "true");
    departure(&store, 1);
    let backup = away.path().join("one.backup");
    store.back_up(&backup).unwrap();
    set(&store, CLOUD, "false");
    set(&store, OFFLINE_LOCK, "true");
    set(&store, MONTHLY_CAP, "5");
    set(&store, "theme", "\"dark\"");
    departure(&store, 2);
    let to = fresh.path().join("library.db");
    restore_into(&backup, &the_key(), &to, &folder.path().join("sotto.db"), &the_key()).unwrap();
    let again = Store::open(&to, &the_key()).unwrap();
    assert_eq!(again.promises().unwrap(), store.promises().unwrap());
    assert_eq!(again.journal(None, 9).unwrap().len(), 2);
    assert!(!again.values().unwrap().contains_key("theme"), "what is no promise is as it was");
}

#[test]
fn where_the_library_cannot_be_read_what_was_promised_is_closed() {
    let (_folder, store) = full();
    let (away, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    set(&store, CLOUD, "true");
    let backup = away.path().join("one.backup");
    store.back_up(&backup).unwrap();
    let damaged = fresh.path().join("damaged.db");
    fs::write(&damaged, b"no database at all".repeat(1000)).unwrap();
    let to = fresh.path().join("library.db");
    restore_into(&backup, &the_key(), &to, &damaged, &the_key()).unwrap();
    assert_eq!(Store::open(&to, &the_key()).unwrap().promises().unwrap(), sotto_domain::Promises::closed());
}

#[test]
fn what_is_no_backup_makes_no_library() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    said(&store, talk, None, "Safe");
    let fresh = tempfile::tempdir().unwrap();
    let file = fresh.path().join("diary.txt");
    fs::write(&file, b"Dear diary, ".repeat(1000)).unwrap();
    let to = fresh.path().join("new/library.db");
    assert!(restore_into(&file, &the_key(), &to, &fresh.path().join("nowhere"), &the_key()).is_err());
    assert!(!to.exists());
}
