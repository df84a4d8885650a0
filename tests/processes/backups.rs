//! Backups by the real program: made, killed in the middle, brought back.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::Duration,
};

use journeys::{NO_BUS, library, library_key};
use sotto_domain::{MessageState, Role};
use sotto_store::{NewMessage, Store, read_back};
use tempfile::TempDir;

use super::{ok, run, sotto, text};

/// A home with so much in it that a backup takes a moment.
fn written(home: &Path, messages: usize) {
    ok(home, &["lock", "on"]);
    let store = library(home);
    let talk = store.create_conversation(None, "", 1).unwrap().id;
    store.rename_conversation(talk, "Opening lines").unwrap();
    let mut parent = None;
    for nth in 0..messages {
        let message = NewMessage {
            conversation: talk,
            parent,
            role: Role::User,
            text: format!("The sea, {nth}. ").repeat(400),
            state: MessageState::Complete,
            made: None,
            pictures: vec![],
        };
        parent = Some(store.add_message(message, 2).unwrap().id);
    }
}

fn made(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "sotto-backup")).collect()
}

fn titles(home: &Path) -> Vec<String> {
    titles_of(&library(home))
}

fn titles_of(store: &Store) -> Vec<String> {
    store.conversations().unwrap().into_iter().map(|talk| talk.title).collect()
}

#[test]
fn a_backup_killed_at_any_moment_leaves_whole_ones_and_nothing_that_grows() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    written(home, 200);
    let first = ok(home, &["backup"]);
    let contents = read_back(Path::new(first.trim()), &library_key(home)).unwrap();
    // From before it began to after it ended, by the processor's own chance in between.
    for nth in 0..24 {
        let mut child = sotto(home, &["backup"]).spawn().unwrap();
        thread::sleep(Duration::from_millis(nth * 9));
        child.kill().unwrap();
        child.wait().unwrap();
        for backup in made(&home.join("backups")) {
            assert_eq!(
                read_back(&backup, &library_key(home)).unwrap(),
                contents,
                "killed after {} ms",
                nth * 9
            );
        }
    }
    ok(home, &["backup"]);
    let unfinished = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().contains("unfinished");
    let entries = fs::read_dir(home.join("backups")).unwrap().map(Result::unwrap);
    assert_eq!(entries.filter(unfinished).count(), 0);
    assert_eq!(titles(home), ["Opening lines"]);
}

#[test]
fn a_restore_killed_at_any_moment_is_the_old_or_the_new() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    written(home, 60);
    let backup = ok(home, &["backup"]);
    let backup = backup.trim();
    let store = library(home);
    let after = store.create_conversation(None, "", 3).unwrap().id;
    store.rename_conversation(after, "What came after").unwrap();
    drop(store);
    for nth in 0..24 {
        let mut child = sotto(home, &["restore", backup]).spawn().unwrap();
        thread::sleep(Duration::from_millis(nth * 9));
        child.kill().unwrap();
        child.wait().unwrap();
        // The next start goes on where this one was cut off.
        ok(home, &["lock"]);
        match titles(home).as_slice() {
            [one] => assert_eq!(one, "Opening lines"),
            [after, one] => assert_eq!((&**after, &**one), ("What came after", "Opening lines")),
            other => panic!("killed after {} ms: {other:?}", nth * 9),
        }
        read_back(&home.join("library.db"), &library_key(home)).unwrap();
    }
    ok(home, &["restore", backup]);
    assert_eq!(titles(home), ["Opening lines"]);
    // Whatever was there before is kept, and the one that had more has it still.
    let kept = fs::read_dir(home).unwrap().map(|entry| entry.unwrap().path());
    let kept: Vec<_> = kept.filter(|path| path.to_string_lossy().contains("before-restore-")).collect();
    let kept_titles =
        |folder: &PathBuf| titles_of(&Store::open(&folder.join("library.db"), &library_key(home)).unwrap());
    assert!(kept.iter().any(|folder| kept_titles(folder).len() == 2), "{kept:?}");
}

#[test]
fn backups_move_to_another_folder_and_to_another_machine() {
    let (folder, disk) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (home, other) = (folder.path().join("home"), folder.path().join("other"));
    written(&home, 3);
    let listed = ok(&home, &["backups", "--keep-in", disk.path().to_str().unwrap()]);
    assert_eq!(listed, "");
    let backup = ok(&home, &["backup"]);
    assert!(Path::new(backup.trim()).starts_with(disk.path()), "{backup}");
    assert_eq!(ok(&home, &["backups"]), backup);
    let json = ok(&home, &["backups", "--json"]);
    assert!(json.contains("\"why\":\"asked\""), "{json}");

    let refused = text(&run(&other, &["restore", backup.trim()]).stderr);
    assert!(refused.contains("sotto restore --key-from-stdin"), "{refused}");
    let key = ok(&home, &["key", "show"]);
    let with_key = |words: &[&str]| {
        let mut child = sotto(&other, words).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(key.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    with_key(&["restore", "--key-from-stdin", backup.trim()]);
    assert_eq!(titles(&other), ["Opening lines"]);
    let back = with_key(&["restore", "--merge", "--key-from-stdin", backup.trim()]);
    assert_eq!(back, "Nothing was missing.\n");

    let gone = disk.path().join("gone");
    fs::create_dir(&gone).unwrap();
    ok(&home, &["backups", "--keep-in", gone.to_str().unwrap()]);
    fs::remove_dir_all(&gone).unwrap();
    let failed = run(&home, &["backup"]);
    assert!(
        !failed.status.success() && text(&failed.stderr).contains("is not there"),
        "{}",
        text(&failed.stderr)
    );
    assert!(text(&run(&home, &["backups"]).stderr).contains("The last backup failed."));
    ok(&home, &["backups", "--keep-at-home"]);
    ok(&home, &["backup"]);
    assert_eq!(text(&run(&home, &["backups"]).stderr), "");
}

#[test]
fn what_is_imported_finds_a_backup_made_before_it() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    written(home, 1);
    let file = home.join("notes.md");
    fs::write(&file, "# Fog\n\nIt comes in.").unwrap();
    ok(home, &["import", file.to_str().unwrap()]);
    let backups = made(&home.join("backups"));
    assert_eq!(backups.len(), 1);
    let contents = read_back(&backups[0], &library_key(home)).unwrap();
    assert_eq!((contents.conversations, contents.pages), (1, 0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_may_not_be_written_and_a_full_disk_are_said_and_cost_nothing() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    written(home, 40);
    // A file is no folder for backups; root may write where others may not, so rights prove nothing here.
    fs::write(home.join("backups"), "in the way").unwrap();
    let failed = run(home, &["backup"]);
    let said = text(&failed.stderr);
    assert!(!failed.status.success() && said.contains("could not be saved in"), "{said}");
    assert_eq!(titles(home), ["Opening lines"]);
    fs::remove_file(home.join("backups")).unwrap();
    // No file may grow beyond what fits into it: writing fails in the middle, as on a full disk.
    let mut limited = std::process::Command::new("bash");
    limited.arg("-c").arg("trap '' XFSZ; ulimit -f 100; exec \"$0\" backup").arg(journeys::app_program());
    let output = limited.env("SOTTO_HOME", home).env("DBUS_SESSION_BUS_ADDRESS", NO_BUS).output().unwrap();
    assert!(!output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("Your writing is safe"), "{}", text(&output.stderr));
    assert_eq!(made(&home.join("backups")), Vec::<PathBuf>::new());
    assert_eq!(fs::read_dir(home.join("backups")).unwrap().count(), 0);
    read_back(&home.join("library.db"), &library_key(home)).unwrap();
    ok(home, &["backup"]);
}
