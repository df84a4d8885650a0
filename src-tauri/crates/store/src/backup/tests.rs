use std::thread;

use sotto_domain::{ChatPart, Mood, PageId, Picture, ProjectId};
use sotto_manuscript::Document;
use tempfile::TempDir;

use super::*;
use crate::key::tests::the_key;
use crate::pages::tests::paragraph;
use crate::tests::{empty, said};

/// A store with one of everything, and a picture that a message shows.
pub(crate) fn full() -> (TempDir, Store) {
    let (folder, store) = empty();
    let project = store.create_project("The Salt Road", 1).unwrap().id;
    store.set_project_mood(project, Some(Mood::Precise)).unwrap();
    store.ban_in_project(project, "a testament to", true).unwrap();
    let talk = store.create_conversation(Some(project), "Be brief.", 2).unwrap().id;
    store.leave_out(talk, ChatPart::Notes, true).unwrap();
    store.rename_conversation(talk, "Opening lines").unwrap();
    let first = said(&store, talk, None, "How do I begin?");
    said(&store, talk, Some(first), "With the sea.");
    page(&store, Some(project), "The lighthouse");
    fs::create_dir_all(store.pictures_folder()).unwrap();
    let path = store.pictures_folder().join("0123.png");
    fs::write(&path, "a picture").unwrap();
    store.attach(talk, &Picture { id: None, path, width: 2, height: 1 }).unwrap();
    (folder, store)
}

fn page(store: &Store, project: Option<ProjectId>, title: &str) -> PageId {
    let document = Document { blocks: vec![paragraph(title)] };
    store.create_page(project, title, &document, 3).unwrap().id
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_one_file_that_holds_everything_and_its_pictures_beside_it() {
    let (_folder, store) = full();
    let away = tempfile::tempdir().unwrap();
    let backup = away.path().join("one.backup");
    let contents = store.back_up(&backup).unwrap();
    assert_eq!(contents, Contents { projects: 1, conversations: 1, messages: 2, pages: 1 });
    assert_eq!(names(away.path()), ["one.backup", "pictures"]);
    assert_eq!(fs::read_to_string(away.path().join("pictures/0123.png")).unwrap(), "a picture");
    assert_eq!(read_back(&backup, &the_key()).unwrap(), contents);
    assert_eq!(pictures_of(&backup, &the_key()).unwrap(), BTreeSet::from(["0123.png".to_owned()]));
    assert_eq!(names(away.path()), ["one.backup", "pictures"], "reading leaves nothing behind");
    let again = Store::open(&backup, &the_key()).unwrap();
    assert_eq!(again.conversations().unwrap(), store.conversations().unwrap());
    assert_eq!(again.pages().unwrap(), store.pages().unwrap());
    assert_eq!(again.projects().unwrap(), store.projects().unwrap());
}

#[test]
fn a_backup_is_of_one_moment_while_others_write() {
    let (_folder, store) = empty();
    let away = tempfile::tempdir().unwrap();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    thread::scope(|threads| {
        let writing = threads.spawn(|| {
            for _ in 0..60 {
                // Never one without the other.
                store
                    .write(|store| {
                        store.execute(
                            "INSERT INTO projects (name, notes, created_at) VALUES ('a', '', 0)",
                            [],
                        )?;
                        store.execute(
                            "INSERT INTO projects (name, notes, created_at) VALUES ('b', '', 0)",
                            [],
                        )?;
                        Ok(())
                    })
                    .unwrap();
            }
        });
        for nth in 0..6 {
            let backup = away.path().join(format!("{nth}.backup"));
            let contents = store.back_up(&backup).unwrap();
            assert_eq!(contents.projects % 2, 0);
            assert_eq!(Store::open(&backup, &the_key()).unwrap().conversation(talk).unwrap().id, talk);
        }
        writing.join().unwrap();
    });
}

#[test]
fn what_cannot_be_written_leaves_nothing_under_the_name() {
    let (_folder, store) = full();
    let away = tempfile::tempdir().unwrap();
    let backup = away.path().join("one.backup");
    assert!(matches!(store.back_up(&away.path().join("nowhere/one.backup")), Err(StoreError::Io(_))));
    // A picture that cannot be copied is one of everything.
    fs::write(away.path().join("pictures"), "in the way").unwrap();
    assert!(matches!(store.back_up(&backup), Err(StoreError::Io(_))));
    assert_eq!(names(away.path()), ["pictures"]);
}

#[test]
fn a_backup_that_is_cut_or_changed_is_not_whole() {
    let (_folder, store) = full();
    let away = tempfile::tempdir().unwrap();
    let backup = away.path().join("one.backup");
    store.back_up(&backup).unwrap();
    let whole = fs::read(&backup).unwrap();
    for length in [0, 100, 4096, whole.len() / 2, whole.len() - 1] {
        fs::write(&backup, &whole[..length]).unwrap();
        assert!(read_back(&backup, &the_key()).is_err(), "{length}");
    }
    // A page of the tables, overwritten.
    let mut changed = whole.clone();
    let at = changed.len() / 2 / 4096 * 4096;
    changed[at..at + 4096].fill(0x5a);
    fs::write(&backup, &changed).unwrap();
    assert!(read_back(&backup, &the_key()).is_err());
    fs::write(&backup, b"Dear diary, ".repeat(1000)).unwrap();
    assert!(matches!(read_back(&backup, &the_key()), Err(StoreError::Damaged)));
    fs::write(&backup, whole).unwrap();
    read_back(&backup, &the_key()).unwrap();
}

#[test]
fn a_picture_that_is_gone_keeps_no_backup_from_being_made() {
    let (_folder, store) = full();
    fs::remove_file(store.pictures_folder().join("0123.png")).unwrap();
    let away = tempfile::tempdir().unwrap();
    store.back_up(&away.path().join("one.backup")).unwrap();
}

#[test]
fn names_in_a_backup_lead_to_no_other_folder() {
    let (_folder, store) = full();
    let away = tempfile::tempdir().unwrap();
    let backup = away.path().join("one.backup");
    store.back_up(&backup).unwrap();
    let bad = crate::key::tests::raw(&backup);
    for name in ["../../secret", "/etc/passwd", "..", ""] {
        bad.execute("UPDATE pictures SET file = ?1", [name]).unwrap();
        assert_eq!(pictures_of(&backup, &the_key()).unwrap(), BTreeSet::new(), "{name}");
    }
}

#[test]
fn a_mark_changes_with_what_the_user_wrote() {
    let (_folder, store) = full();
    let talk = store.conversations().unwrap()[0].id;
    let page = store.pages().unwrap()[0].id;
    let mut seen = BTreeSet::from([store.mark().unwrap()]);
    assert!(!seen.insert(store.mark().unwrap()));
    store.change_values(|_| Ok([("theme".to_owned(), Some("\"dark\"".to_owned()))].into())).unwrap();
    assert!(!seen.insert(store.mark().unwrap()), "what is set is not what was written");
    let works: [&dyn Fn(); 7] = [
        &|| {
            said(&store, talk, None, "And again?");
        },
        &|| store.save_draft(talk, "And what if").unwrap(),
        &|| store.rename_conversation(talk, "Endings").unwrap(),
        &|| store.rename_page(page, "Fog").unwrap(),
        &|| store.trash_page(page, 9).unwrap(),
        &|| drop(store.create_project("Another", 4).unwrap()),
        &|| drop(store.create_starting_point("Mine", "For me", "Write as I do.").unwrap()),
    ];
    for (nth, work) in works.iter().enumerate() {
        work();
        assert!(seen.insert(store.mark().unwrap()), "{nth}");
    }
}
