//! Backups of a real home, by a clock of the test's own.

use std::sync::atomic::{AtomicI64, Ordering};

use sotto_secrets::{Keys, Memory};
use sotto_store::Changed;
use tempfile::TempDir;

use super::*;
use crate::{App, Options};

const NOON: i64 = 1_795_348_800_000;
const HOUR: i64 = 60 * 60 * 1000;

/// A home, opened as an app would.
pub(super) fn opened(home: &Path, clock: crate::Clock) -> App {
    let keys = keys();
    App::open(Options { home: home.to_owned(), engine: "nowhere".into(), guide: None, clock, keys }).unwrap()
}

/// No keychain: the library's key lies beside it.
pub(super) fn keys() -> Keys {
    Keys::over(std::sync::Arc::new(Memory::default()))
}

pub(super) fn noon() -> i64 {
    NOON
}

fn write(app: &App) {
    let id = app.library.create_conversation(None, "", NOON).unwrap().id;
    app.library.save_draft(id, "And what if").unwrap();
}

fn count(app: &App) -> usize {
    app.backups().all().len()
}

#[tokio::test]
async fn one_is_made_for_each_day_that_was_worked_on() {
    static NOW: AtomicI64 = AtomicI64::new(NOON);
    let clock = || NOW.load(Ordering::Relaxed);
    let home = tempfile::tempdir().unwrap();
    let app = opened(home.path(), clock);
    write(&app);
    let (made, contents) = app.backups().make_if_due().unwrap().unwrap();
    assert_eq!((contents.conversations, made.why, made.at), (1, BackUpWhy::Daily, NOON));
    assert!(made.path.starts_with(home.path().join("backups")));
    write(&app);
    assert!(app.backups().make_if_due().unwrap().is_none(), "today has one");
    NOW.fetch_add(24 * HOUR, Ordering::Relaxed);
    assert!(app.backups().make_if_due().unwrap().is_some());
    NOW.fetch_add(24 * HOUR, Ordering::Relaxed);
    assert!(app.backups().make_if_due().unwrap().is_none(), "nothing was written");
    assert_eq!(count(&app), 2);
    // The clock goes back by years, and on again.
    write(&app);
    NOW.fetch_sub(1000 * 24 * HOUR, Ordering::Relaxed);
    assert!(app.backups().make_if_due().unwrap().is_some());
    write(&app);
    NOW.fetch_add(2000 * 24 * HOUR, Ordering::Relaxed);
    assert!(app.backups().make_if_due().unwrap().is_some());
}

#[tokio::test]
async fn what_comes_in_finds_a_backup_and_none_twice() {
    let home = tempfile::tempdir().unwrap();
    let app = opened(home.path(), noon);
    write(&app);
    for _ in 0..3 {
        app.backups().make_before(BackUpWhy::Import).unwrap();
    }
    assert_eq!(app.backups().all()[0].why, BackUpWhy::Import);
    assert_eq!(count(&app), 1);
    // One that somebody took away is no backup.
    fs::remove_file(&app.backups().all()[0].path).unwrap();
    app.backups().make_before(BackUpWhy::Import).unwrap();
    assert_eq!(count(&app), 1);
}

#[tokio::test]
async fn a_folder_that_vanished_is_said_until_a_backup_is_made() {
    let (home, disk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let app = opened(home.path(), noon);
    write(&app);
    let mounted = disk.path().join("disk");
    fs::create_dir(&mounted).unwrap();
    app.backups().keep_in(Some(mounted.clone())).unwrap();
    app.backups().make_if_due().unwrap().unwrap();
    let theirs = mounted.join("Sotto backups");
    assert_eq!((app.backups().folder(), count(&app)), (theirs, 1));

    fs::remove_dir_all(&mounted).unwrap();
    write(&app);
    assert!(matches!(app.backups().make(BackUpWhy::Asked), Err(BackupError::NoFolder(_))));
    assert!(!mounted.exists(), "nothing is written under the name of a disk that is not there");
    let trouble = app.backups().trouble().unwrap();
    assert!(trouble.contains(&*mounted.to_string_lossy()), "{trouble}");
    // Another process, and the next start.
    drop(app);
    let app = opened(home.path(), noon);
    assert_eq!(app.backups().trouble(), Some(trouble));
    assert!(app.backups().make_if_due().is_err());
    fs::create_dir(&mounted).unwrap();
    app.backups().make_if_due().unwrap().unwrap();
    assert_eq!((app.backups().trouble(), count(&app)), (None, 1));
    assert!(matches!(app.backups().keep_in(Some("/nowhere/at/all".into())), Err(BackupError::NoFolder(_))));
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_is_full_or_in_the_way_is_said() {
    let home = tempfile::tempdir().unwrap();
    let app = opened(home.path(), noon);
    write(&app);
    fs::write(home.path().join("backups"), "in the way").unwrap();
    let error = app.backups().make(BackUpWhy::Daily).unwrap_err();
    assert!(matches!(error, BackupError::Write { .. }), "{error:?}");
    assert_eq!(app.backups().trouble(), Some(error.to_string()));
    let full = write_error(home.path(), io::Error::from(io::ErrorKind::StorageFull));
    assert!(full.to_string().contains("no room"), "{full}");
}

#[tokio::test]
async fn what_was_cut_off_is_taken_away_and_counts_as_none() {
    let home = tempfile::tempdir().unwrap();
    let app = opened(home.path(), noon);
    write(&app);
    let (made, _) = app.backups().make(BackUpWhy::Daily).unwrap();
    let half = made.path.with_file_name("2026-11-27 12.00.00 daily.sotto-backup.unfinished");
    fs::write(&half, "half of it").unwrap();
    let theirs = made.path.with_file_name("notes.unfinished");
    fs::write(&theirs, "the user's own").unwrap();
    assert_eq!(count(&app), 1);
    app.backups().make(BackUpWhy::Asked).unwrap();
    assert!(!half.exists() && theirs.exists());
    assert_eq!(count(&app), 2);
}

#[tokio::test]
async fn pictures_go_with_the_last_backup_that_shows_them_and_no_other_file_does() {
    static NOW: AtomicI64 = AtomicI64::new(NOON);
    let home = tempfile::tempdir().unwrap();
    let app = opened(home.path(), || NOW.load(Ordering::Relaxed));
    let talk = app.library.create_conversation(None, "", NOON).unwrap().id;
    let path = app.library.pictures_folder().join("0123.png");
    fs::create_dir_all(app.library.pictures_folder()).unwrap();
    fs::write(&path, "a picture").unwrap();
    let picture = sotto_domain::Picture { id: None, path, width: 1, height: 1 };
    let shown = app.library.attach(talk, &picture).unwrap();
    let (first, _) = app.backups().make(BackUpWhy::Daily).unwrap();
    let copy = first.path.with_file_name("pictures").join("0123.png");
    let theirs = copy.with_file_name("a holiday.png");
    fs::write(&theirs, "the user's own").unwrap();
    app.library.detach(talk, shown.id.unwrap()).unwrap();
    assert!(copy.exists());
    // Two years on only one of those days is kept, and it is the later one.
    NOW.fetch_add(HOUR, Ordering::Relaxed);
    app.backups().make(BackUpWhy::Daily).unwrap();
    NOW.fetch_add(800 * 24 * HOUR, Ordering::Relaxed);
    app.backups().make(BackUpWhy::Daily).unwrap();
    assert!(!first.path.exists() && !copy.exists() && theirs.exists());
    assert_eq!(count(&app), 2);
}

#[tokio::test]
async fn what_is_missing_comes_back_and_those_who_listen_hear_of_it() {
    let (home, other): (TempDir, TempDir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let there = opened(other.path(), noon);
    write(&there);
    let (backup, _) = there.backups().make_in(other.path()).unwrap();
    let here = opened(home.path(), noon);
    let mut feed = here.library_changes();
    assert_eq!(here.backups().merge(&backup.path, Some(&there.core.library_key)).unwrap().conversations, 1);
    assert!(feed.recv().await.unwrap().iter().any(|one| matches!(one, Changed::Conversation(_))));
    assert!(matches!(here.backups().merge(&other.path().join("lock"), None), Err(BackupError::NoBackup(_))));
    assert!(matches!(here.backups().merge(Path::new("/nowhere"), None), Err(BackupError::NoBackup(_))));
}
