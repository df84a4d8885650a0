//! `sotto ask`: the real program, the real engine, no window.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)] // a test may

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Command, Output, Stdio},
};

use journeys::{NO_BUS, app_program, library_key, open_app, tiny_model, unshared};
use serde_json::Value;
use sotto_domain::MessageState;
use tempfile::TempDir;

fn sotto(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(app_program());
    command
        .env("SOTTO_HOME", home)
        .env("DBUS_SESSION_BUS_ADDRESS", NO_BUS)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .arg("ask")
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn model() -> String {
    // In the form that is computed slowly: there is time to stop it.
    tiny_model().join("hf").to_string_lossy().into_owned()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn lines(output: &Output) -> Vec<Value> {
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn the_answer_streams_to_stdout_and_is_kept_in_the_library() {
    let home = TempDir::new().unwrap();
    let output = sotto(home.path(), &["Names for a bakery?", "--model", &model()]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "where nothing is the matter nothing is said");
    let said = text(&output.stdout);
    let app = open_app(home.path()).unwrap();
    let talk = app.library.conversations().unwrap().remove(0);
    assert_eq!(talk.title, "Names for a bakery?");
    let stored = app.library.branch(talk.id).unwrap().pop().unwrap().message;
    assert_eq!(said, format!("{}\n", stored.text));
    assert!(!stored.text.is_empty());
}

#[test]
fn machines_read_one_json_object_a_line() {
    let home = TempDir::new().unwrap();
    let output = sotto(home.path(), &["--json", "Hello", "--model", &model()]).output().unwrap();
    let lines = lines(&output);
    let written: String = lines
        .iter()
        .filter(|line| line["type"] == "text")
        .map(|line| line["text"].as_str().unwrap())
        .collect();
    let last = lines.last().unwrap();
    assert_eq!(last["type"], "finished", "{last}");
    assert_eq!(last["text"], written.as_str());
    assert_eq!(last["made"]["place"], "device");
    assert_eq!(last["made"]["model"], "ministral3-tiny", "the model of --model, not the one of the settings");
    assert!(last["made"]["tokens"].as_u64().unwrap() > 0);
    assert_eq!(last["trouble"], Value::Null);
}

#[test]
fn each_step_can_be_told_with_what_else_was_likely() {
    let home = TempDir::new().unwrap();
    let asked = ["--json", "--alternatives", "3", "Hello", "--model", &model()];
    let lines = lines(&sotto(home.path(), &asked).output().unwrap());
    let steps: Vec<_> = lines.iter().filter(|line| line["type"] == "step").collect();
    let tokens = lines.last().unwrap()["made"]["tokens"].as_u64().unwrap();
    // The mark that ends the answer is a step too, and no part of it.
    assert!((tokens..=tokens + 1).contains(&(steps.len() as u64)), "{} steps, {tokens} tokens", steps.len());
    for step in steps {
        let likely = step["alternatives"].as_array().unwrap();
        let probabilities: Vec<_> = likely.iter().map(|a| a["probability"].as_f64().unwrap()).collect();
        assert_eq!(probabilities.len(), 3);
        assert!(probabilities.is_sorted_by(|a, b| a >= b), "likeliest first: {probabilities:?}");
        assert!(probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{probabilities:?}");
        assert!(step["text"].is_string() && likely.iter().all(|a| a["text"].is_string()), "{step}");
    }
    let elsewhere = ["--json", "--alternatives", "3", "--provider", "own", "--model", "any", "Hello"];
    assert!(!sotto(home.path(), &elsewhere).output().unwrap().status.success(), "a provider tells none");
}

#[test]
fn ctrl_c_stops_cleanly_and_keeps_what_was_written() {
    // It writes nonsense, and may have said all before it is stopped: then it is asked again.
    for _ in 0..20 {
        let home = TempDir::new().unwrap();
        let mut asked =
            sotto(home.path(), &["--json", "Write a long scene.", "--model", &model()]).spawn().unwrap();
        let mut lines = BufReader::new(asked.stdout.take().unwrap()).lines();
        while !lines.next().expect("an answer begins").unwrap().contains("\"type\":\"text\"") {}
        assert!(Command::new("kill").args(["-INT", &asked.id().to_string()]).status().unwrap().success());
        let last: Value = serde_json::from_str(&lines.last().unwrap().unwrap()).unwrap();
        let code = asked.wait().unwrap().code();
        if last["state"] != "stopped" {
            continue;
        }
        assert_eq!(code, Some(130));
        let kept = stored_messages(home.path());
        assert_eq!(kept.last().unwrap(), &(last["text"].as_str().unwrap().to_owned(), MessageState::Stopped));
        return;
    }
    panic!("twenty answers ended before they could be stopped");
}

fn stored_messages(home: &Path) -> Vec<(String, MessageState)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let app = runtime.block_on(async { open_app(home) }).unwrap();
    let talk = app.library.conversations().unwrap().remove(0).id;
    app.library
        .branch(talk)
        .unwrap()
        .into_iter()
        .map(|placed| (placed.message.text, placed.message.state))
        .collect()
}

#[test]
fn a_question_can_come_from_standard_input() {
    let home = TempDir::new().unwrap();
    let mut asked = sotto(home.path(), &["-", "--model", &model()]).stdin(Stdio::piped()).spawn().unwrap();
    asked.stdin.take().unwrap().write_all("Une page entière, été compris.".as_bytes()).unwrap();
    assert!(asked.wait_with_output().unwrap().status.success());
    assert_eq!(stored_messages(home.path())[0].0, "Une page entière, été compris.");
}

#[test]
fn what_is_no_text_on_standard_input_is_said_in_words() {
    let home = TempDir::new().unwrap();
    let mut asked = sotto(home.path(), &["-"]).stdin(Stdio::piped()).spawn().unwrap();
    asked.stdin.take().unwrap().write_all(b"na\xefve").unwrap();
    let output = asked.wait_with_output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("Save it as UTF-8"), "{}", text(&output.stderr));
}

#[test]
fn a_reader_that_leaves_early_does_not_cost_the_answer() {
    let home = TempDir::new().unwrap();
    let mut asked = sotto(home.path(), &["Write.", "--model", &model()]).spawn().unwrap();
    let mut some = [0; 8];
    asked.stdout.take().unwrap().read_exact(&mut some).unwrap();
    assert!(asked.wait().unwrap().success());
    assert!(stored_messages(home.path())[1].0.len() > some.len());
}

#[test]
fn where_no_other_model_is_chosen_the_guide_answers() {
    let home = TempDir::new().unwrap();
    let output = sotto(home.path(), &["--json", "Where do my words go?"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let last = lines(&output).pop().unwrap();
    assert_eq!(last["made"]["model"], "Built-in guide");
    assert!(last["text"].as_str().unwrap().contains("computer"), "{last}");
}

#[test]
fn a_model_that_is_not_there_is_said_and_fails() {
    let home = TempDir::new().unwrap();
    let output = sotto(home.path(), &["Hello", "--json", "--model", "/nowhere"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let last = lines(&output).pop().unwrap();
    assert!(last["trouble"].as_str().unwrap().len() > 20, "{last}");
}

#[test]
fn a_library_of_a_newer_version_is_refused_and_left_alone() {
    let home = TempDir::new().unwrap();
    open_and_close(home.path());
    let path = home.path().join("library.db");
    sotto_store::set_version(&path, &library_key(home.path()), 999).unwrap();
    let before = std::fs::read(&path).unwrap();
    let output = sotto(home.path(), &["Hello", "--model", &model()]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("newer Sotto"), "{}", text(&output.stderr));
    assert!(std::fs::read(&path).unwrap() == before, "not a byte has changed");
}

fn open_and_close(home: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    drop(runtime.block_on(async { open_app(home) }).unwrap());
}

/// The disk is a memory file system of two megabytes, in a mount namespace of its own.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_what_was_saved_stays() {
    let home = TempDir::new().unwrap();
    let script = r#"
        set -e
        mount -t tmpfs -o size=2m tmpfs "$SOTTO_HOME"
        "$APP" ask "Kept." --model "$MODEL" >/dev/null
        dd if=/dev/zero of="$SOTTO_HOME/filler" bs=1k 2>/dev/null || true
        set +e
        head -c 300000 /dev/zero | tr '\0' 'a' | "$APP" ask - --model "$MODEL" >/dev/null
        echo "code $?" >&2
        rm "$SOTTO_HOME/filler"
        cp "$SOTTO_HOME"/library.* "$KEEP"
    "#;
    let keep = TempDir::new().unwrap();
    let output = unshared("m")
        .args(["bash", "-c", script])
        .env("SOTTO_HOME", home.path())
        .env("APP", app_program())
        .env("DBUS_SESSION_BUS_ADDRESS", NO_BUS)
        .env("MODEL", model())
        .env("KEEP", keep.path())
        .output()
        .unwrap();
    let said = text(&output.stderr);
    assert!(said.contains("disk is full") && said.contains("code 1"), "{said}");
    let kept = stored_messages(keep.path());
    assert_eq!(kept[0], ("Kept.".into(), MessageState::Complete));
    assert!(!kept[1].0.is_empty(), "the first answer is there too");
}
