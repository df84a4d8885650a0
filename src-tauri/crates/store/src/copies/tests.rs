use std::path::Path;

use sotto_domain::StartingPointId;
use tempfile::TempDir;

use super::*;
use crate::key::tests::the_key;
use crate::tests::{in_the_clear, said};
use crate::{Store, encrypt};

/// The words that stand nowhere but in what is deleted.
const DELETED: [&str; 4] = ["xanthippe", "quetzalcoatl", "popocatepetl", "zephyrine"];
const KEPT: &str = "bartholomew";

/// A folder with a database in it, and a copy of it as a migration leaves one. Then the user
/// deletes a conversation, a project and a starting point for good.
fn deleted() -> (TempDir, Store) {
    // Its copy is one of an earlier version: its words would be seen among its bytes.
    let (folder, store) = in_the_clear();
    let path = folder.path().join("sotto.db");
    let alone = store.create_conversation(None, "", 1).unwrap().id;
    store.rename_conversation(alone, "Xanthippe").unwrap();
    said(&store, alone, None, &"a chapter about Quetzalcoatl ".repeat(400));
    let project = store.create_project("Popocatepetl", 2).unwrap().id;
    let inside = store.create_conversation(Some(project), "Zephyrine", 3).unwrap().id;
    let left = store.create_conversation(Some(project), "", 4).unwrap().id;
    said(&store, left, None, "Bartholomew leaves");
    let point = store.create_starting_point("Mine", "", "Speak like Zephyrine").unwrap().id;
    drop(store);

    copy(&path, 3);
    encrypt(&path, &the_key()).unwrap();
    let store = Store::open(&path, &the_key()).unwrap();
    store.move_conversation(left, None).unwrap();
    store.trash_conversation(alone, 9).unwrap();
    store.trash_project(project, 9).unwrap();
    assert!(store.conversation(inside).is_ok());
    store.empty_trash().unwrap();
    store.delete_starting_point(StartingPointId(point.0)).unwrap();
    (folder, store)
}

fn copy(path: &Path, version: i64) {
    fs::copy(path, of_version(path, version)).unwrap();
}

fn holds(path: &Path, word: &str) -> bool {
    String::from_utf8_lossy(&fs::read(path).unwrap()).to_lowercase().contains(word)
}

#[test]
fn what_is_deleted_for_good_is_gone_from_the_copy_and_nothing_else_is() {
    let (folder, store) = deleted();
    let copy = of_version(&folder.path().join("sotto.db"), 3);
    for word in DELETED {
        assert!(!holds(&copy, word), "{word}");
    }
    assert!(holds(&copy, KEPT));
    crate::encrypt_copies(&folder.path().join("sotto.db"), &the_key()).unwrap();
    assert!(!holds(&copy, KEPT));
    let copy = Store::open(&copy, &the_key()).unwrap();
    assert_eq!(copy.conversations().unwrap(), store.conversations().unwrap());
    assert_eq!(copy.projects().unwrap(), []);
    assert_eq!(copy.search(KEPT, 9).unwrap().len(), 1);
}

#[test]
fn a_copy_of_another_database_keeps_what_only_has_the_same_numbers() {
    let (folder, _) = deleted();
    let path = folder.path().join("other.db");
    let other = Store::open(&path, &the_key()).unwrap();
    let talk = other.create_conversation(None, "Quetzalcoatl", 77).unwrap();
    let project = other.create_project("Popocatepetl", 77).unwrap();
    drop(other);
    copy(&path, 3);
    strike(
        &path,
        &the_key(),
        &[
            Gone::Conversation { id: talk.id.0, created_at: 1 },
            Gone::Project { id: project.id.0, created_at: 1 },
        ],
    )
    .unwrap();
    let copy = Store::open(&of_version(&path, 3), &the_key()).unwrap();
    assert_eq!((copy.conversations().unwrap().len(), copy.projects().unwrap().len()), (1, 1));
}

#[test]
fn a_copy_that_cannot_be_opened_goes_with_what_was_in_it() {
    for damage in [&b"Quetzalcoatl, and no database"[..], b""] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sotto.db");
        let store = Store::open(&path, &the_key()).unwrap();
        let copy = of_version(&path, 2);
        fs::write(&copy, damage).unwrap();
        let talk = store.create_conversation(None, "", 0).unwrap().id;
        store.trash_conversation(talk, 0).unwrap();
        store.empty_trash().unwrap();
        assert!(!copy.exists(), "{damage:?}");
    }
}

#[test]
fn copies_of_every_earlier_version_can_be_struck() {
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/old");
    let files = fs::read_dir(old).unwrap().map(|file| file.unwrap().path());
    // Their words are looked for among the bytes of the copy.
    for file in files.filter(|file| crate::kind(file).unwrap() == crate::Kind::Plain) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sotto.db");
        fs::copy(&file, &path).unwrap();
        encrypt(&path, &the_key()).unwrap();
        let store = Store::open(&path, &the_key()).unwrap();
        copy_of(&file, &path);
        for talk in store.conversations().unwrap() {
            store.trash_conversation(talk.id, 9).unwrap();
        }
        for page in store.pages().unwrap() {
            store.trash_page(page.id, 9).unwrap();
        }
        for project in store.projects().unwrap() {
            store.trash_project(project.id, 9).unwrap();
        }
        store.empty_trash().unwrap();
        let copy = of_version(&path, 1);
        // The name of a project stays in the ledger, there as here: money was spent for it.
        for word in ["with the café", "bakery names", "lamp was out", "mirela climbed", "first draft"] {
            assert!(!holds(&copy, word), "{word} in {}", file.display());
        }
    }
}

/// An old database, as the copy that was made of it.
fn copy_of(old: &Path, path: &Path) {
    for copy in of(path) {
        fs::remove_file(copy).unwrap();
    }
    fs::copy(old, of_version(path, 1)).unwrap();
}

#[test]
fn only_the_copy_made_last_stays() {
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/old/0003.db");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sotto.db");
    fs::copy(old, &path).unwrap();
    encrypt(&path, &the_key()).unwrap();
    copy(&path, 1);
    Store::open(&path, &the_key()).unwrap();
    assert_eq!(of(&path), [of_version(&path, 3)]);
}
