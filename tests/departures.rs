//! What leaves this computer: nothing, until the user says so; then what they agreed to, to whom
//! they chose, and all of it written down. The real program, a real keychain, real packets.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)] // a test may

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use journeys::{OPEN_KEYCHAIN, app_program, tiny_model, unshared};
use serde_json::Value;
use sotto_stage::{
    Server,
    provider::listing,
    wire::{DONE, ends, says, stream, used},
};
use tempfile::TempDir;

const KEY: &str = "sk-nobody-must-ever-read-this";

/// A program beside the app.
fn built(name: &str) -> PathBuf {
    app_program().with_file_name(name)
}

/// Runs a command where every packet that wants to leave is caught.
fn quietly(home: &Path, words: &[&str]) -> Output {
    unshared("n")
        .arg(built("quiet"))
        .args(words)
        .env("SOTTO_HOME", home)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_packet_that_wants_to_leave_is_seen() {
    let home = TempDir::new().unwrap();
    let knock = quietly(home.path(), &["timeout", "5", "bash", "-c", "echo > /dev/tcp/192.0.2.1/80"]);
    assert_eq!(knock.status.code(), Some(99), "{}", text(&knock.stderr));
    assert!(text(&knock.stderr).contains("192.0.2.1"));
}

#[test]
fn with_the_cloud_off_not_one_packet_leaves() {
    let home = TempDir::new().unwrap();
    let app = app_program();
    let (app, model) = (app.to_str().unwrap(), tiny_model());
    let asked =
        quietly(home.path(), &[app, "ask", "Where do my words go?", "--model", model.to_str().unwrap()]);
    assert!(asked.status.success() && !asked.stdout.is_empty(), "{}", text(&asked.stderr));
    let elsewhere = ["ask", "Hello", "--provider", "openai", "--model", "gpt", "--consent"];
    let refused = quietly(home.path(), &[&[app][..], &elsewhere].concat());
    assert_eq!(refused.status.code(), Some(1), "the cloud is off: {}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("switched off"));
    for words in
        [&["models", "list"][..], &["journal", "--json"], &["ledger", "--json"], &["cloud", "providers"]]
    {
        let listed = quietly(home.path(), &[&[app], words].concat());
        assert!(listed.status.success(), "{words:?}: {}", text(&listed.stderr));
    }
}

/// A message bus with a keychain behind it, and a home for the app.
struct Desk {
    home: TempDir,
}

impl Desk {
    fn set() -> Self {
        Self { home: TempDir::new().unwrap() }
    }

    /// Runs `sotto` with a keychain of its own that lasts as long as this desk.
    fn sotto(&self, words: &[&str], stdin: &str) -> Output {
        let ring = format!("{OPEN_KEYCHAIN}exec \"$@\"");
        let mut command = Command::new("dbus-run-session");
        command
            .args(["--", "bash", "-c", &ring, "bash"])
            .arg(app_program())
            .args(words)
            .env("SOTTO_HOME", self.home.path().join("sotto"))
            .env("SOTTO_LOG", "trace")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (name, folder) in
            [("XDG_DATA_HOME", "data"), ("XDG_RUNTIME_DIR", "run"), ("XDG_CONFIG_HOME", "config")]
        {
            let folder = self.home.path().join(folder);
            fs::create_dir_all(&folder).unwrap();
            command.env(name, folder);
        }
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    fn lines(&self, words: &[&str]) -> Vec<Value> {
        let output = self.sotto(words, "");
        assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A provider of our own: lists one model, and answers every question in two pieces.
fn provider() -> Server {
    let pieces = [&says("From "), &says("afar."), &ends("stop"), &used(7, 2), DONE].concat();
    Server::open(listing(move |line| line.send(stream(&pieces))))
}

#[test]
fn a_question_leaves_only_with_consent_and_is_written_down() {
    let desk = Desk::set();
    let server = provider();
    let (address, asked) = (server.at("/v1"), || server.requests());
    let ok = |output: Output| assert!(output.status.success(), "{}", text(&output.stderr));
    ok(desk.sotto(&["cloud", "on"], ""));
    ok(desk.sotto(&["cloud", "set", "own", "--place", &address, "--key-from-stdin"], KEY));

    let question = ["ask", "A secret plot", "--provider", "own", "--model", "large", "--json"];
    let shown = desk.sotto(&question, "");
    assert_eq!(shown.status.code(), Some(3), "{}", text(&shown.stderr));
    let sheet: Value = serde_json::from_str(text(&shown.stdout).lines().next().unwrap()).unwrap();
    assert_eq!((sheet["type"].as_str(), sheet["model"].as_str()), (Some("sheet"), Some("large")));
    assert!(sheet["exact"].as_str().unwrap().contains("A secret plot") && sheet["highestCost"].is_null());
    assert!(asked().iter().all(|request| !request.contains("secret plot")), "nothing left");

    let said = desk.sotto(&[&question[..], &["--consent"]].concat(), "");
    let last: Value = serde_json::from_str(text(&said.stdout).lines().last().unwrap()).unwrap();
    assert_eq!((last["text"].as_str(), last["made"]["place"].as_str()), (Some("From afar."), Some("cloud")));
    assert_eq!(last["made"]["cost"]["known"], "unknown");
    assert_eq!(last["made"]["cost"]["nanoUsd"], Value::Null, "what nobody priced is not free");
    let sent: Vec<_> = asked().into_iter().filter(|request| request.contains("A secret plot")).collect();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].to_lowercase().contains(&format!("authorization: bearer {KEY}")));
    assert!(sent[0].contains(sheet["exact"].as_str().unwrap()), "what was shown is what was sent");

    let ledger = desk.lines(&["ledger", "--json"]);
    assert_eq!((ledger.len(), ledger[0]["promptTokens"].as_u64()), (1, Some(7)));
    let journal = desk.lines(&["journal", "--json"]);
    assert_eq!(journal[0]["purpose"], "answer");
    assert_eq!(journal[0]["outcome"]["ending"], "complete");

    for output in [&shown, &said] {
        assert!(!text(&output.stderr).contains(KEY) && !text(&output.stdout).contains(KEY), "in the log");
    }
    for file in
        fs::read_dir(desk.home.path().join("sotto")).unwrap().flatten().filter(|file| file.path().is_file())
    {
        let bytes = fs::read(file.path()).unwrap();
        assert!(
            !bytes.windows(KEY.len()).any(|window| window == KEY.as_bytes()),
            "in {:?}",
            file.file_name()
        );
    }
}

#[test]
fn the_offline_lock_holds_for_everything() {
    let desk = Desk::set();
    let server = provider();
    let address = server.at("/v1");
    for words in [&["cloud", "on"][..], &["cloud", "set", "own", "--place", &address], &["lock", "on"]] {
        assert!(desk.sotto(words, "").status.success());
    }
    let models = desk.sotto(&["cloud", "models", "own"], "");
    let question = desk.sotto(&["ask", "Hello", "--provider", "own", "--model", "large", "--consent"], "");
    let download = desk.sotto(&["models", "get", "ministral-3-3b", "--endpoint", &address], "");
    for refused in [models, question, download] {
        assert_eq!(refused.status.code(), Some(1), "{}", text(&refused.stdout));
        assert!(text(&refused.stderr).contains("offline lock is on"), "{}", text(&refused.stderr));
    }
    assert_eq!(server.requests(), Vec::<String>::new());
    assert_eq!(desk.lines(&["journal", "--json"]), Vec::<Value>::new());
}
