use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Barrier;
use std::thread;

use tempfile::TempDir;

use super::*;
use crate::Store;
use crate::key::tests::{raw, the_key};

/// Every file in `folder`, with its bytes.
fn contents(folder: &TempDir) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect()
}

/// A folder with a database of ours in it, closed, that holds one project.
fn kept() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sotto.db");
    Store::open(&path, &the_key()).unwrap().create_project("The Salt Road", 0).unwrap();
    assert_eq!(contents(&folder).len(), 1, "closing leaves one file");
    (folder, path)
}

fn refusal(path: &Path) -> StoreError {
    match Store::open(path, &the_key()).map(|_| ()).unwrap_err() {
        // So does whoever opens it as the app does.
        StoreError::Plain => crate::encrypt(path, &the_key()).unwrap_err(),
        error => error,
    }
}

#[test]
fn a_new_file_is_made_with_its_folders() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b c/ä'ö/sotto.db");
    Store::open(&path, &the_key()).unwrap().create_project("Café Nord", 0).unwrap();
    assert_eq!(Store::open(&path, &the_key()).unwrap().projects().unwrap()[0].name, "Café Nord");
}

#[test]
fn an_empty_file_is_as_good_as_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sotto.db");
    fs::write(&path, "").unwrap();
    Store::open(&path, &the_key()).unwrap().create_project("Café Nord", 0).unwrap();
}

#[test]
fn a_newer_database_is_refused_and_not_a_byte_of_it_changes() {
    let (folder, path) = kept();
    raw(&path).pragma_update(None, "user_version", 1234).unwrap();
    let before = contents(&folder);
    assert!(matches!(refusal(&path), StoreError::Newer { found: 1234, known: NEWEST }));
    assert_eq!(contents(&folder), before);
}

#[test]
fn a_newer_database_that_was_not_closed_keeps_its_log_too() {
    let (folder, path) = kept();
    let crashed = tempfile::tempdir().unwrap();
    let newer = raw(&path);
    newer.pragma_update(None, "user_version", 1234).unwrap();
    for file in ["sotto.db", "sotto.db-wal"] {
        fs::copy(folder.path().join(file), crashed.path().join(file)).unwrap();
    }
    let before = contents(&crashed);
    assert!(!before["sotto.db-wal"].is_empty(), "the version stands in the log");

    let error = refusal(&crashed.path().join("sotto.db"));
    assert!(matches!(error, StoreError::Newer { found: 1234, .. }), "{error:?}");
    let mut after = contents(&crashed);
    after.remove("sotto.db-shm"); // an index that is made anew at each start
    assert_eq!(after, before);
}

#[test]
fn what_is_not_ours_is_refused_and_not_a_byte_of_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sotto.db");
    let foreign = |sql: &str| {
        let _ = fs::remove_file(&path);
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        fs::read(&path).unwrap()
    };
    let cases = [
        b"Dear diary, ".repeat(1000),
        b"hi".to_vec(), // one byte alone is to SQLite an empty file
        b"SQLite format 3\0 but nothing after it".to_vec(),
        foreign("CREATE TABLE bookmarks (url TEXT)"),
        foreign("CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = 1"),
        foreign("PRAGMA journal_mode = wal; CREATE TABLE bookmarks (url TEXT)"),
    ];
    for bytes in cases {
        fs::write(&path, bytes).unwrap();
        let before = contents(&folder);
        let error = refusal(&path);
        assert!(matches!(error, StoreError::Damaged), "{error:?}");
        assert!(contents(&folder) == before);
    }
}

#[test]
fn a_file_cut_short_is_damaged_and_stays_as_it_is() {
    let (folder, path) = kept();
    let whole = fs::read(&path).unwrap();
    for length in [100, 4096, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        let before = contents(&folder);
        let error = refusal(&path);
        assert!(matches!(error, StoreError::Damaged), "{length}: {error:?}");
        assert!(contents(&folder) == before, "{length}");
    }
}

#[test]
fn a_folder_that_cannot_be_used_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(refusal(&file.join("sotto.db")), StoreError::Io(_)), "a folder in a file");
    assert!(matches!(refusal(folder.path()), StoreError::Io(_)), "a folder as the file");
}

#[test]
fn many_can_open_a_new_file_at_once() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sotto.db");
        let start = Barrier::new(8);
        thread::scope(|threads| {
            for _ in 0..8 {
                threads.spawn(|| {
                    start.wait();
                    Store::open(&path, &the_key()).unwrap().create_project("One each", 0).unwrap();
                });
            }
        });
        assert_eq!(Store::open(&path, &the_key()).unwrap().projects().unwrap().len(), 8);
    }
}

#[test]
fn migrations_are_numbered_from_one_without_gaps() {
    let numbers: Vec<_> = MIGRATIONS.iter().map(|(step, _)| *step).collect();
    assert_eq!(numbers, (1..).take(MIGRATIONS.len()).collect::<Vec<i64>>());
}

const NEWEST: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;
const NEXT: Migration =
    (NEWEST + 1, "ALTER TABLE projects ADD COLUMN colour TEXT; UPDATE projects SET colour = 'moss';");
const BROKEN: Migration =
    (NEWEST + 2, "ALTER TABLE projects ADD COLUMN shade TEXT; ALTER TABLE nowhere ADD COLUMN x;");

#[test]
fn an_older_database_is_copied_before_it_is_changed() {
    let (folder, path) = kept();
    // What the copy must not miss stands in the log alone.
    let crashed = Store::open(&path, &the_key()).unwrap();
    crashed.create_project("Café Nord", 0).unwrap();
    fs::write(beside(&path, ".unfinished.backup"), "half a copy, from an earlier try").unwrap();

    let connection = open(&path, &the_key(), &[MIGRATIONS, &[NEXT]].concat()).unwrap();
    let colours: i64 = connection
        .query_row("SELECT count(*) FROM projects WHERE colour = 'moss'", [], |row| row.get(0))
        .unwrap();
    assert_eq!((number(&connection, "user_version").unwrap(), colours), (NEXT.0, 2));

    let copy = beside(&path, &format!(".version-{NEWEST}.backup"));
    assert!(!contents(&folder).contains_key("sotto.db.unfinished.backup"));
    assert_eq!(Store::open(&copy, &the_key()).unwrap().projects().unwrap(), crashed.projects().unwrap());
}

#[test]
fn a_migration_that_fails_changes_nothing() {
    let (_folder, path) = kept();
    let migrations = [MIGRATIONS, &[NEXT, BROKEN]].concat();
    assert!(matches!(open(&path, &the_key(), &migrations), Err(StoreError::Sqlite(_))));
    assert_eq!(Store::open(&path, &the_key()).unwrap().projects().unwrap()[0].name, "The Salt Road");
    // And it can be tried again.
    open(&path, &the_key(), &migrations[..=MIGRATIONS.len()]).unwrap();
}

#[test]
fn a_database_that_is_up_to_date_is_not_copied() {
    let (folder, path) = kept();
    drop(Store::open(&path, &the_key()).unwrap());
    assert_eq!(contents(&folder).len(), 1);
}
