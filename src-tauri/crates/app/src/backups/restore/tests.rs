use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::{
    App,
    backups::{
        BackUpWhy,
        tests::{keys, noon, opened},
    },
};

/// Does it as a process of its own would: when it has ended nothing has the library open.
fn process<T>(home: &Path, work: impl FnOnce(&App) -> T) -> T {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { work(&opened(home, noon)) })
}

fn restored(home: &Path, backup: &Path) -> Result<Contents, BackupError> {
    restore_library(home, backup, None, &keys(), 0)
}

/// A library that was kept has the key of the one at home.
fn titles_kept(home: &Path, kept: &Path) -> Vec<String> {
    fs::copy(home.join("library.key"), kept.join("library.key")).unwrap();
    titles_in(kept)
}

fn titles_in(home: &Path) -> Vec<String> {
    process(home, titles)
}

fn titles(app: &App) -> Vec<String> {
    app.library.conversations().unwrap().into_iter().map(|one| one.title).collect()
}

fn write(app: &App, title: &str) {
    let id = app.library.create_conversation(None, "", 1).unwrap().id;
    app.library.rename_conversation(id, title).unwrap();
}

/// A home whose library has another title than its backup, and a file in its pictures.
fn home() -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let backup = process(home.path(), |app| {
        write(app, "Before");
        let backup = app.backups().make(BackUpWhy::Asked).unwrap().0.path;
        write(app, "After");
        backup
    });
    fs::create_dir_all(home.path().join(PICTURES)).unwrap();
    fs::write(home.path().join("pictures/0123.png"), "a picture").unwrap();
    (home, backup)
}

fn kept(home: &Path) -> PathBuf {
    let mut entries = fs::read_dir(home).unwrap().map(|entry| entry.unwrap().path());
    entries.find(|path| path.to_string_lossy().contains("before-restore-")).unwrap()
}

#[test]
fn a_backup_opens_at_the_next_start_and_the_library_before_is_kept_whole() {
    let (home, backup) = home();
    restored(home.path(), &backup).unwrap();
    assert_eq!(titles_in(home.path()), ["Before"]);
    assert!(!home.path().join(READY).exists());
    let before = kept(home.path());
    assert_eq!(fs::read_to_string(before.join("pictures/0123.png")).unwrap(), "a picture");
    assert_eq!(titles_kept(home.path(), &before), ["After", "Before"]);
}

#[test]
fn nobody_who_has_the_library_open_loses_it_under_their_hands() {
    let (home, backup) = home();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let first = opened(home.path(), noon);
        first.backups().restore(&backup, None).unwrap();
        let second = opened(home.path(), noon);
        write(&first, "Meanwhile");
        assert_eq!(titles(&second).len(), 3, "it is still the same library");
        drop(first);
        let third = opened(home.path(), noon);
        assert_eq!(titles(&third).len(), 3, "the second has it open");
    });
    drop(runtime);
    assert_eq!(titles_in(home.path()), ["Before"]);
    assert_eq!(titles_kept(home.path(), &kept(home.path())).len(), 3);
}

#[test]
fn the_last_of_several_that_were_asked_for_is_the_one() {
    let (home, backup) = home();
    let second = process(home.path(), |app| {
        restored(home.path(), &backup).unwrap();
        app.backups().make(BackUpWhy::Asked).unwrap().0.path
    });
    restored(home.path(), &second).unwrap();
    assert_eq!(titles_in(home.path()), ["After", "Before"]);
    // And once more in the same second: each that was before has a folder of its own.
    restored(home.path(), &backup).unwrap();
    process(home.path(), |_| ());
    let folders = fs::read_dir(home.path())
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("before-restore-"));
    assert_eq!(folders.count(), 2);
}

#[test]
fn cut_off_at_any_step_it_is_the_old_or_the_new() {
    // The steps in their order, each done to a home of its own and left there.
    for steps in 0..=6 {
        let (home, backup) = home();
        restored(home.path(), &backup).unwrap();
        let (home, ready) = (home.path(), home.path().join(READY));
        let before = home.join(fs::read_to_string(ready.join(KEPT_AS)).unwrap());
        let moves = [
            (None, before.clone()),
            (Some(home.join("library.db-wal")), before.join("library.db-wal")),
            (Some(home.join(LIBRARY)), before.join(LIBRARY)),
            (Some(home.join(PICTURES)), before.join(PICTURES)),
            (Some(ready.join(PICTURES)), home.join(PICTURES)),
            (Some(ready.join(LIBRARY)), home.join(LIBRARY)),
        ];
        for (from, to) in moves.iter().take(steps) {
            match from {
                None => fs::create_dir_all(to).unwrap(),
                Some(from) => move_to(from, to).unwrap(),
            }
        }
        assert_eq!(titles_in(home), ["Before"], "after {steps} steps");
        assert_eq!(titles_kept(home, &before), ["After", "Before"], "after {steps} steps");
        assert!(before.join("pictures/0123.png").exists() && !home.join(READY).exists());
    }
}

#[test]
fn a_library_that_cannot_be_opened_makes_way() {
    let (home, backup) = home();
    fs::write(home.path().join(LIBRARY), b"no database at all".repeat(1000)).unwrap();
    restored(home.path(), &backup).unwrap();
    process(home.path(), |app| {
        assert_eq!(titles(app), ["Before"]);
        assert!(app.cloud().is_locked(), "what was promised could not be read, and is closed");
        assert!(app.settings().unread().is_some(), "and that is said");
    });
}

#[test]
fn what_is_no_backup_changes_nothing() {
    let (home, _) = home();
    for path in [home.path().join("nowhere"), home.path().to_owned(), home.path().join("lock")] {
        let error = restored(home.path(), &path).unwrap_err();
        assert!(matches!(error, BackupError::NoBackup(_)), "{error:?}");
    }
    assert!(!home.path().join(UNFINISHED).exists());
    assert_eq!(titles_in(home.path()), ["After", "Before"]);
}

#[test]
fn a_backup_opens_on_another_machine() {
    let (home, backup) = home();
    let fresh = tempfile::tempdir().unwrap();
    let there = fresh.path().join("a new home");
    let error = restored(&there, &backup).unwrap_err();
    assert!(matches!(error, BackupError::OtherKey(_)), "{error:?}");
    let theirs = process(home.path(), |app| app.core.library_key.clone());
    restore_library(&there, &backup, Some(&theirs), &keys(), 0).unwrap();
    assert_eq!(titles_in(&there), ["Before"]);
    let names = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let kept = fs::read_dir(&there).unwrap().map(names).any(|name| name.starts_with("before-restore-"));
    assert!(!kept, "there was nothing to keep");
}
