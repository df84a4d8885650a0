//! The library, encrypted by the real program: what is typed is found nowhere in the clear, without a
//! keychain and with a real one.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use journeys::{OPEN_KEYCHAIN, app_program, library, tiny_model};
use tempfile::TempDir;

use super::{ok, run, sotto, text};

/// A word that stands in no model, program or name of a file.
const TYPED: &str = "Quetzalcoatl";

/// Everything at home, but for pictures, models and what the engine keeps, in which this stands.
fn found(home: &Path, word: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut left = vec![home.to_owned()];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path());
            left.extend(entries.filter(|path| !path.ends_with("models") && !path.ends_with("engine")));
        } else if path.is_file() {
            let bytes = text(&fs::read(&path).unwrap()).to_lowercase();
            if bytes.contains(&word.to_lowercase()) {
                found.push(path);
            }
        }
    }
    found
}

/// Types a word into a home by each way that a terminal has, and has backups made of it.
fn typed_into(mut sotto: impl FnMut(&[&str]) -> String, home: &Path) {
    let note = home.with_file_name("note.md");
    fs::write(&note, format!("# Fog\n\n{TYPED} comes in.")).unwrap();
    let model = tiny_model().join("tiny-f16.gguf");
    sotto(&["ask", &format!("A name for {TYPED}"), "--model", model.to_str().unwrap()]);
    sotto(&["import", note.to_str().unwrap()]);
    let backup = sotto(&["backup"]);
    sotto(&["restore", backup.trim()]);
}

#[test]
fn what_is_typed_stands_in_no_file_of_the_library() {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("home");
    typed_into(|words| ok(&home, words), &home);
    // In the question, and in the title that was made of it.
    assert!(!library(&home).search(TYPED, 9).unwrap().is_empty(), "it can be found by the user");
    assert_eq!(library(&home).search_pages(TYPED, 9).unwrap().len(), 1);
    assert_eq!(found(&home, TYPED), Vec::<PathBuf>::new());
    assert!(fs::read(home.join("library.db")).unwrap().starts_with(b"Sotto's library."));
    let backups = fs::read_dir(home.join("backups")).unwrap().count();
    assert!(backups >= 1, "there are backups that were looked through");
}

/// A home of the version before, with a log that a kill left, a copy and a backup.
fn old_home() -> TempDir {
    let home = TempDir::new().unwrap();
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/crates/store/tests/old/0008.db");
    fs::create_dir(home.path().join("backups")).unwrap();
    for place in
        ["library.db", "library.db.version-7.backup", "backups/2026-11-26 21.40.05 daily.sotto-backup"]
    {
        fs::copy(&old, home.path().join(place)).unwrap();
    }
    home
}

fn titles(home: &Path) -> Vec<String> {
    library(home).conversations().unwrap().into_iter().map(|talk| talk.title).collect()
}

#[test]
fn an_old_home_is_encrypted_by_the_first_of_many_that_start_at_once() {
    let home = old_home();
    assert_eq!(found(home.path(), "Mirela").len(), 3);
    let started: Vec<_> = (0..6).map(|_| sotto(home.path(), &["lock"]).spawn().unwrap()).collect();
    for child in started {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    assert_eq!(found(home.path(), "Mirela"), Vec::<PathBuf>::new());
    assert_eq!(titles(home.path()), ["Bakery names", "Opening lines"]);
}

#[test]
fn killed_while_it_is_encrypted_it_is_the_old_or_the_new() {
    for nth in 0..24 {
        let home = old_home();
        let mut child = sotto(home.path(), &["lock"]).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(nth * 4));
        child.kill().unwrap();
        child.wait().unwrap();
        ok(home.path(), &["lock"]);
        assert_eq!(titles(home.path()), ["Bakery names", "Opening lines"], "killed after {} ms", nth * 4);
        assert_eq!(found(home.path(), "Mirela"), Vec::<PathBuf>::new(), "killed after {} ms", nth * 4);
    }
}

#[test]
fn two_that_start_at_once_make_one_key() {
    for _ in 0..6 {
        let home = TempDir::new().unwrap();
        let started: Vec<_> = (0..4).map(|_| sotto(home.path(), &["key", "show"]).spawn().unwrap()).collect();
        let shown: Vec<_> = started.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
        for output in &shown {
            assert!(output.status.success(), "{}", text(&output.stderr));
            assert_eq!(output.stdout, shown[0].stdout);
        }
    }
}

/// Gives a key on standard input.
fn give(mut command: Command, key: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(key.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_key_that_was_lost_is_given_back() {
    let (home, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let key = ok(home.path(), &["key", "show"]);
    assert_eq!(key.trim().split('-').count(), 14, "{key}");
    let foreign = ok(other.path(), &["key", "show"]);
    fs::remove_file(home.path().join("library.key")).unwrap();
    let before = fs::read(home.path().join("library.db")).unwrap();
    let refused = text(&run(home.path(), &["lock"]).stderr);
    assert!(refused.contains("sotto key restore"), "{refused}");

    let slip = if key.starts_with('Z') { "Y" } else { "Z" };
    for wrong in ["", "nothing of the kind", foreign.as_str(), &format!("{slip}{}", &key[1..])] {
        let output = give(sotto(home.path(), &["key", "restore"]), wrong);
        assert!(!output.status.success(), "{wrong}");
        assert!(text(&output.stderr).contains("Nothing was changed."), "{}", text(&output.stderr));
        assert!(!home.path().join("library.key").exists());
        assert!(fs::read(home.path().join("library.db")).unwrap() == before);
    }
    let output = give(sotto(home.path(), &["key", "restore"]), &key.to_lowercase());
    assert!(output.status.success(), "{}", text(&output.stderr));
    ok(home.path(), &["lock"]);
    assert_eq!(ok(home.path(), &["key", "show"]), key);
}

/// A desktop session of its own for each command, whose keychain lasts as long as this.
#[cfg(target_os = "linux")]
struct Session(TempDir);

#[cfg(target_os = "linux")]
impl Session {
    fn home(&self) -> PathBuf {
        self.0.path().join("sotto")
    }

    fn command(&self, before: &str, words: &[&str]) -> Command {
        let mut command = Command::new("dbus-run-session");
        let script = format!("{OPEN_KEYCHAIN}{before}exec \"$@\"");
        command.args(["--", "bash", "-c", &script, "bash"]).arg(app_program()).args(words);
        command.env("SOTTO_HOME", self.home()).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_RUNTIME_DIR", "run"),
            ("XDG_CONFIG_HOME", "config"),
        ] {
            let folder = self.0.path().join(folder);
            fs::create_dir_all(&folder).unwrap();
            command.env(name, folder);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn ok(&self, words: &[&str]) -> String {
        let output = self.command("", words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }
}

/// Locks the keychain, as the desktop does when the user leaves.
#[cfg(target_os = "linux")]
const LOCK: &str = "dbus-send --session --print-reply --dest=org.freedesktop.secrets \
    /org/freedesktop/secrets org.freedesktop.Secret.Service.Lock \
    array:objpath:/org/freedesktop/secrets/collection/login >/dev/null\n";

#[cfg(target_os = "linux")]
#[test]
fn with_a_keychain_the_key_is_in_it_and_in_no_file() {
    let session = Session(TempDir::new().unwrap());
    let home = session.home();
    // As it is where Sotto was first started without one: the key moves when there is.
    let key = ok(&home, &["key", "show"]);
    assert_eq!(found(&home, key.trim()), [home.join("library.key")]);
    assert_eq!(session.ok(&["key", "show"]), key);
    assert_eq!(found(session.0.path(), key.trim()), Vec::<PathBuf>::new());
    typed_into(|words| session.ok(words), &home);
    assert_eq!(found(&home, TYPED), Vec::<PathBuf>::new());

    // Nobody makes another where that one is out of reach.
    let before = fs::read(home.join("library.db")).unwrap();
    let refused = text(&run(&home, &["lock"]).stderr);
    assert!(refused.contains("no keychain is running here"), "{refused}");
    let refused = text(&session.command(LOCK, &["lock"]).output().unwrap().stderr);
    assert!(refused.contains("Unlock the keychain"), "{refused}");
    assert!(fs::read(home.join("library.db")).unwrap() == before);
    session.ok(&["lock"]);

    // The keychain is lost with all that was in it.
    fs::remove_dir_all(session.0.path().join("data")).unwrap();
    let refused = text(&session.command("", &["lock"]).output().unwrap().stderr);
    assert!(refused.contains("no longer in the keychain"), "{refused}");
    let given = give(session.command("", &["key", "restore"]), &key);
    assert!(given.status.success(), "{}", text(&given.stderr));
    session.ok(&["lock"]);
    assert_eq!(found(session.0.path(), key.trim()), Vec::<PathBuf>::new());
}
