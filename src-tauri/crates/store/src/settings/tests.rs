use std::sync::Barrier;
use std::thread;

use super::*;
use crate::key::tests::the_key;
use crate::tests::empty;

fn set(store: &Store, key: &str, value: &str) {
    store.change_values(|_| Ok([(key.to_owned(), Some(value.to_owned()))].into())).unwrap();
}

#[test]
fn a_new_library_promises_nothing_and_its_cloud_is_off() {
    let (_folder, store) = empty();
    let promises = store.promises().unwrap();
    let nothing = Promises { offline_lock: false, monthly_cap: None, ..Promises::closed() };
    assert_eq!(promises, nothing);
}

#[test]
fn what_was_set_is_promised() {
    let (_folder, store) = empty();
    set(&store, OFFLINE_LOCK, "true");
    set(&store, CLOUD, "true");
    set(&store, CONFIRMED, r#"["http://192.168.1.4:8080"]"#);
    set(&store, MONTHLY_CAP, "10000000");
    let promises = Promises {
        offline_lock: true,
        cloud: true,
        confirmed: vec!["http://192.168.1.4:8080".into()],
        monthly_cap: Some(NanoUsd(10_000_000)),
    };
    assert_eq!(store.promises().unwrap(), promises);
}

#[test]
fn what_cannot_be_understood_is_closed_and_costs_nothing_else() {
    let all = [(OFFLINE_LOCK, "false"), (CLOUD, "true"), (CONFIRMED, r#"["https://a"]"#), (MONTHLY_CAP, "7")];
    for (key, _) in all {
        for value in ["", "{", "\u{feff}false", "\"maybe\"", "-1", "{}", "[1]", "1.5", "true,", "gone"] {
            let (_folder, store) = empty();
            for (key, value) in all {
                set(&store, key, value);
            }
            let before = store.promises().unwrap();
            if value == "gone" {
                store.change_values(|_| Ok([(key.to_owned(), None)].into())).unwrap();
            } else {
                set(&store, key, value);
            }
            let mut expected = before;
            let closed = Promises::closed();
            match key {
                OFFLINE_LOCK => expected.offline_lock = closed.offline_lock,
                CLOUD => expected.cloud = closed.cloud,
                CONFIRMED => expected.confirmed = closed.confirmed,
                _ => expected.monthly_cap = closed.monthly_cap,
            }
            assert_eq!(store.promises().unwrap(), expected, "{key} = {value}");
        }
    }
}

#[test]
fn changes_of_several_processes_at_once_are_all_kept() {
    let (folder, _store) = empty();
    let path = folder.path().join("sotto.db");
    let together = Barrier::new(8);
    thread::scope(|scope| {
        for number in 0..8 {
            let (path, together) = (&path, &together);
            scope.spawn(move || {
                let store = Store::open(path, &the_key()).unwrap();
                together.wait();
                for round in 0..10 {
                    set(&store, &format!("field {number}"), &round.to_string());
                    store
                        .change_values(|values| {
                            let count: u32 = values.get("count").map_or(0, |count| count.parse().unwrap());
                            Ok([("count".into(), Some((count + 1).to_string()))].into())
                        })
                        .unwrap();
                }
            });
        }
    });
    let values = Store::open(&path, &the_key()).unwrap().values().unwrap();
    assert_eq!(values["count"], "80");
    assert!((0..8).all(|number| values[&format!("field {number}")] == "9"));
}

#[test]
fn what_the_database_does_not_keep_is_not_said_to_be_set() {
    let (_folder, store) = empty();
    let ignore = "CREATE TRIGGER t BEFORE UPDATE ON settings BEGIN SELECT RAISE(IGNORE); END";
    store.lock().execute_batch(ignore).unwrap();
    let refused = store.change_values(|_| Ok([(OFFLINE_LOCK.into(), Some("true".into()))].into()));
    assert!(matches!(refused, Err(StoreError::Damaged)));
}

#[test]
fn a_watcher_sees_what_others_write_and_nothing_else() {
    let (folder, store) = empty();
    let other = Store::open(&folder.path().join("sotto.db"), &the_key()).unwrap();
    let mut watcher = store.watcher().unwrap();
    assert!(watcher.has_changed().unwrap(), "the first look sees what is there");
    assert!(!watcher.has_changed().unwrap());
    for (store, locked) in [(&store, true), (&other, false)] {
        set(store, OFFLINE_LOCK, &locked.to_string());
        assert!(watcher.has_changed().unwrap());
        assert_eq!(watcher.promises().unwrap().offline_lock, locked);
        assert!(!watcher.has_changed().unwrap());
    }
}
