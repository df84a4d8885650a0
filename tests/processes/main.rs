//! The real program, in several processes on one home: what one of them decides holds in all, and
//! what lies there is for the user's eyes alone.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)] // a test may

mod backups;
mod encryption;
mod home;
mod lock;
mod settings;
mod uninvited;

use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, Output, Stdio},
};

use journeys::{NO_BUS, app_program};

/// `sotto` in a home of its own, with no message bus on which a real keychain could be met.
fn sotto(home: impl AsRef<OsStr>, words: &[&str]) -> Command {
    let mut command = Command::new(app_program());
    command
        .env("SOTTO_HOME", home)
        .env("DBUS_SESSION_BUS_ADDRESS", NO_BUS)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn run(home: &Path, words: &[&str]) -> Output {
    sotto(home, words).output().unwrap()
}

/// Runs what must succeed; gives what it said.
fn ok(home: &Path, words: &[&str]) -> String {
    let output = run(home, words);
    assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
    text(&output.stdout)
}
