//! Keys in a real Secret Service. Each test runs itself once more, in a session of its own with
//! its own message bus and keyring, because a process keeps the keychain it met first. Without
//! `dbus-run-session` and `gnome-keyring-daemon` these tests fail: a keychain that nobody tried
//! is not a keychain.
#![cfg(target_os = "linux")]
// A test may end here and now; clippy knows that of test functions only.
#![allow(clippy::unwrap_used, clippy::expect_used)]
// It starts the sessions, and itself within them.
#![allow(clippy::disallowed_methods)]

use std::process::Command;

use sotto_domain::Secret;
use sotto_secrets::{Keep, KeyError, Keys, Place};

/// Set in the session: the part of a test that meets the keychain.
const INSIDE: &str = "SOTTO_KEYCHAIN_TEST";

/// What kind of session a test wants.
#[derive(Clone, Copy)]
enum Session {
    /// A keyring that is open.
    Unlocked,
    /// A message bus on which nobody keeps secrets.
    NobodyHome,
    /// No message bus at all.
    NoBus,
}

const UNLOCKED: &str = r#"
printf %s pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null
"$@""#;

/// Whether this is the part inside the session. If not, it has been run there, and passed.
fn inside(test: &str, session: Session) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let home = tempfile::tempdir().unwrap();
    let (data, runtime) = (home.path().join("data"), home.path().join("run"));
    std::fs::create_dir(&data).unwrap();
    std::fs::create_dir(&runtime).unwrap();
    let this = std::env::current_exe().unwrap();
    let mut command = match session {
        Session::Unlocked => {
            let mut command = Command::new("dbus-run-session");
            command.args(["--", "bash", "-euc", UNLOCKED, "bash"]).arg(this);
            command
        }
        Session::NobodyHome => {
            // A bus that knows of no services to start.
            let config = home.path().join("bus.conf");
            let words = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>\
                <policy context='default'><allow send_destination='*' eavesdrop='true'/>\
                <allow eavesdrop='true'/><allow own='*'/></policy></busconfig>";
            std::fs::write(&config, words).unwrap();
            let mut command = Command::new("dbus-run-session");
            command.arg("--config-file").arg(config).arg("--").arg(this);
            command
        }
        Session::NoBus => {
            let mut command = Command::new(this);
            command
                .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", home.path().join("no").display()));
            command
        }
    };
    let output = command
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", data)
        .env("XDG_RUNTIME_DIR", runtime)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .expect("dbus-run-session should be installed (packages dbus and gnome-keyring)");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "nothing was run inside: {said}");
    false
}

fn place(origin: &str) -> Place {
    Place { account: "mistral".into(), origin: origin.into() }
}

fn here() -> Place {
    place("https://api.mistral.ai")
}

fn key() -> Secret {
    Secret::new("sk-a-real-key".into())
}

fn kept(keys: &Keys, place: &Place) -> Option<String> {
    keys.get(place).unwrap().map(|secret| secret.expose("a test").to_string())
}

#[test]
fn a_key_is_kept_read_and_forgotten() {
    if !inside("a_key_is_kept_read_and_forgotten", Session::Unlocked) {
        return;
    }
    let keys = Keys::of_the_system();
    assert_eq!(kept(&keys, &here()), None);
    keys.put(&here(), &key(), Keep::Keychain).unwrap();

    // Another run of Sotto finds it, for its origin alone.
    let later = Keys::of_the_system();
    assert_eq!(kept(&later, &here()).as_deref(), Some("sk-a-real-key"));
    assert_eq!(kept(&later, &place("https://evil.example")), None);

    later.put(&here(), &Secret::new("sk-another".into()), Keep::Keychain).unwrap();
    assert_eq!(kept(&keys, &here()).as_deref(), Some("sk-another"));
    assert!(later.moved(&place("https://evil.example")).unwrap());
    assert_eq!(kept(&keys, &here()), None);
    keys.forget("mistral").unwrap();
}

#[test]
fn the_service_holds_it_under_our_name_and_not_in_the_clear() {
    if !inside("the_service_holds_it_under_our_name_and_not_in_the_clear", Session::Unlocked) {
        return;
    }
    Keys::of_the_system().put(&here(), &key(), Keep::Keychain).unwrap();
    let found = Command::new("secret-tool")
        .args(["lookup", "service", "Sotto", "username", "mistral"])
        .output()
        .expect("secret-tool should be installed (package libsecret-tools)");
    let value = String::from_utf8(found.stdout).unwrap();
    assert!(!value.is_empty());
    assert!(!value.contains("sk-a-real-key"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_async_runtime_is_no_hindrance() {
    if !inside("an_async_runtime_is_no_hindrance", Session::Unlocked) {
        return;
    }
    let keys = Keys::of_the_system();
    keys.put(&here(), &key(), Keep::Keychain).unwrap();
    let elsewhere = keys.clone();
    let found = tokio::task::spawn_blocking(move || kept(&elsewhere, &here())).await.unwrap();
    assert_eq!(found.as_deref(), Some("sk-a-real-key"));
    assert_eq!(kept(&keys, &here()), found);
}

#[test]
fn a_keychain_that_was_restarted_is_found_again() {
    if !inside("a_keychain_that_was_restarted_is_found_again", Session::Unlocked) {
        return;
    }
    let keys = Keys::of_the_system();
    keys.put(&here(), &key(), Keep::Keychain).unwrap();
    let restart = "printf %s pw | gnome-keyring-daemon --replace --unlock --components=secrets >/dev/null";
    assert!(Command::new("bash").args(["-ec", restart]).status().unwrap().success());
    assert_eq!(kept(&keys, &here()).as_deref(), Some("sk-a-real-key"));
    keys.put(&here(), &Secret::new("sk-another".into()), Keep::Keychain).unwrap();
    assert_eq!(kept(&keys, &here()).as_deref(), Some("sk-another"));
}

#[test]
fn a_keychain_that_comes_up_later_is_found() {
    if !inside("a_keychain_that_comes_up_later_is_found", Session::NobodyHome) {
        return;
    }
    let keys = Keys::of_the_system();
    assert!(matches!(keys.get(&here()), Err(KeyError::NoKeychain(_))));
    // It is there when it has its name on the bus, not when its first process has ended.
    let start = "printf %s pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null; \
        until dbus-send --session --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus \
        org.freedesktop.DBus.GetNameOwner string:org.freedesktop.secrets >/dev/null 2>&1; do sleep 0.02; done";
    assert!(Command::new("bash").args(["-ec", start]).status().unwrap().success());
    keys.put(&here(), &key(), Keep::Keychain).unwrap();
    assert_eq!(kept(&keys, &here()).as_deref(), Some("sk-a-real-key"));
}

#[test]
fn without_a_bus_it_says_that_there_is_no_keychain() {
    if !inside("without_a_bus_it_says_that_there_is_no_keychain", Session::NoBus) {
        return;
    }
    says_that_there_is_none();
}

#[test]
fn with_nobody_who_keeps_secrets_it_says_that_there_is_no_keychain() {
    if !inside("with_nobody_who_keeps_secrets_it_says_that_there_is_no_keychain", Session::NobodyHome) {
        return;
    }
    says_that_there_is_none();
}

fn says_that_there_is_none() {
    let keys = Keys::of_the_system();
    let refused = keys.put(&here(), &key(), Keep::Keychain);
    assert!(matches!(refused, Err(KeyError::NoKeychain(_))), "{refused:?}");
    assert!(matches!(keys.get(&here()), Err(KeyError::NoKeychain(_))));
    keys.put(&here(), &key(), Keep::ThisRun).unwrap();
    assert_eq!(kept(&keys, &here()).as_deref(), Some("sk-a-real-key"));
    keys.forget("mistral").unwrap();
}

#[test]
fn a_locked_keyring_that_nobody_opens_is_said_to_be_locked() {
    if !inside("a_locked_keyring_that_nobody_opens_is_said_to_be_locked", Session::Unlocked) {
        return;
    }
    let keys = Keys::of_the_system();
    keys.put(&here(), &key(), Keep::Keychain).unwrap();
    let locked = Command::new("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"])
        .arg("org.freedesktop.Secret.Service.Lock")
        .arg("array:objpath:/org/freedesktop/secrets/collection/login")
        .status()
        .expect("dbus-send should be installed (package dbus)");
    assert!(locked.success());

    // There is no screen on which to ask for the password, as if the user had closed that window.
    let elsewhere = Place { account: "openai".into(), origin: "https://api.openai.com".into() };
    for refused in [
        keys.get(&here()).map(|_| ()),
        keys.put(&here(), &key(), Keep::Keychain),
        keys.put(&elsewhere, &key(), Keep::Keychain),
        keys.forget("mistral"),
    ] {
        assert!(matches!(refused, Err(KeyError::Locked(_))), "{refused:?}");
    }
}
