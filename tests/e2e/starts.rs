//! The program started while a window is open on the same home: there is one window for each home,
//! whoever starts when, and however the first one ended.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::{Child, Command, ExitStatus, Stdio};

use journeys::tiny_model;
use serde_json::json;

use crate::desk::Desk;
use crate::window::{Window, beside, children, kill, until, within_patience};

const MESSAGE: &str = "document.querySelector('textarea[aria-label=Message]')";
const WRITES_TO_TINY: &str =
    "document.querySelector('textarea[aria-label=Message]').placeholder.includes('tiny-f16')";

/// The foot of the left pane says that the model is loaded.
const READY: &str = "/no network|not proven/.test(document.querySelector('.here-line')?.textContent)";

fn desk() -> Desk {
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done" }));
    desk
}

fn sotto(desk: &Desk, words: &[&str]) -> Command {
    let mut sotto = desk.program(beside("sotto"));
    sotto.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    sotto
}

/// Starts it once more while a window has this home, and gives what it said.
fn again(desk: &Desk, words: &[&str]) -> (ExitStatus, String) {
    let mut started = sotto(desk, words).spawn().unwrap();
    // One that became a window itself would stay for ever: the test must not wait for it.
    let ended = within_patience(|| started.try_wait().unwrap().is_some());
    if !ended {
        started.kill().unwrap();
    }
    let output = started.wait_with_output().unwrap();
    assert!(ended, "the second start stays, with {words:?}");
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    (output.status, said.concat())
}

/// Whether this process has the home's window, by what the system says of its locks.
fn has_the_window(desk: &Desk, process: &Child) -> bool {
    let Ok(lock) = fs::metadata(desk.sotto_home().join("window.lock")) else { return false };
    let (holder, file) = (process.id().to_string(), format!(":{}", lock.ino()));
    fs::read_to_string("/proc/locks").unwrap().lines().any(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        words.get(1) == Some(&"FLOCK") && words.get(4) == Some(&&*holder) && words[5].ends_with(&file)
    })
}

fn send(process: &str, signal: &str) {
    assert!(Command::new("kill").args([signal, process]).status().unwrap().success());
}

#[test]
fn a_second_start_brings_the_first_window_to_the_front_with_its_arguments() {
    let desk = desk();
    let window = Window::open(&desk);
    window.tell("e2e-second-start", |page| {
        page.see("the window", &format!("{MESSAGE} !== null"));
        let (status, said) = again(&desk, &[]);
        assert!(status.success(), "{said}");
        assert_eq!(said, "Sotto is open already: its window comes to the front.\n");
        page.see("that it has the keyboard", "document.hasFocus()");

        let model = tiny_model().join("tiny-f16.gguf");
        let (status, said) = again(&desk, &["--model", model.to_str().unwrap()]);
        assert!(status.success(), "{said}");
        assert_eq!(said, "Sotto is open already: its window comes to the front and opens the model.\n");
        page.see("the model that the second start named", WRITES_TO_TINY);
        page.see("that it is ready, said by itself", READY);

        for entry in ["window.lock", "window.notes"] {
            let mode = fs::metadata(desk.sotto_home().join(entry)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{entry} is for the user's eyes alone");
        }

        // The commands of the terminal are processes of their own, as ever.
        let (status, said) = again(&desk, &["lock"]);
        assert!(status.success() && said.contains("offline lock"), "{said}");
    });
    window.close();
}

#[test]
fn a_model_that_is_loaded_as_the_window_opens_is_said_to_be_ready_before_anybody_writes() {
    let desk = Desk::set();
    let model = tiny_model().join("tiny-f16.gguf");
    desk.prefer(&json!({ "first_run": "done", "model": model, "models": { "load_at_start": true } }));
    let window = Window::open(&desk);
    window.tell("e2e-loaded", |page| {
        page.see("that it is ready", READY);
        page.see("who is written to", WRITES_TO_TINY);
    });
    window.close();
}

#[test]
fn of_eight_starts_at_once_one_window_is_left() {
    let desk = desk();
    for round in 0..3 {
        let mut started: Vec<Child> = (0..8).map(|_| sotto(&desk, &[]).spawn().unwrap()).collect();
        let mut ended = Vec::new();
        until("seven have ended", || {
            started.retain_mut(|child| match child.try_wait().unwrap() {
                Some(status) => {
                    ended.push(status);
                    false
                }
                None => true,
            });
            ended.len() >= 7
        });
        assert!(ended.iter().all(ExitStatus::success), "{ended:?}");
        assert_eq!(started.len(), 1, "one window");
        let (status, said) = again(&desk, &[]);
        assert!(status.success() && said.contains("open already"), "{said}");
        assert!(started[0].try_wait().unwrap().is_none(), "it stays");
        // However it ends, the next round begins with another window.
        if round == 1 {
            started[0].kill().unwrap();
            started[0].wait().unwrap();
        } else {
            end(&mut started[0]);
        }
    }
}

/// Ends it as the system does when the user logs out.
fn end(child: &mut Child) {
    send(&child.id().to_string(), "-TERM");
    child.wait().unwrap();
}

#[test]
fn after_a_kill_the_next_start_is_a_window_of_its_own() {
    let desk = desk();
    let window = Window::open(&desk);
    window.tell("e2e-killed", |page| page.see("the window", &format!("{MESSAGE} !== null")));
    // The page's own processes may outlive it for a moment: they hold nothing of it.
    let pages = children(&window.app.process);
    assert!(!pages.is_empty());
    for (process, _) in &pages {
        send(process, "-STOP");
    }
    kill(&window.app.process);
    until("it is gone", || !window.app.runs());
    let mut next = sotto(&desk, &[]).spawn().unwrap();
    until("the next has the window", || has_the_window(&desk, &next));
    let (status, said) = again(&desk, &[]);
    assert!(status.success() && said.contains("open already"), "{said}");
    assert!(next.try_wait().unwrap().is_none(), "the next is the window");
    next.kill().unwrap();
    next.wait().unwrap();
    for (process, _) in &pages {
        send(process, "-KILL");
    }
}

#[test]
fn a_window_that_does_not_answer_is_said_and_hears_of_nothing_later() {
    let desk = desk();
    let window = Window::open(&desk);
    window.tell("e2e-deaf", |page| page.see("the window", &format!("{MESSAGE} !== null")));
    send(&window.app.process, "-STOP");
    let model = tiny_model().join("tiny-f16.gguf");
    let (status, said) = again(&desk, &["--model", model.to_str().unwrap()]);
    send(&window.app.process, "-CONT");
    assert!(!status.success(), "{said}");
    assert!(said.contains("does not answer"), "{said}");
    window.tell("e2e-deaf-later", |page| {
        let (status, said) = again(&desk, &[]);
        assert!(status.success(), "{said}");
        assert_eq!(page.ask(WRITES_TO_TINY), false, "nothing was changed");
    });
    window.close();
}

#[test]
fn another_home_is_another_window() {
    let desk = desk();
    let window = Window::open(&desk);
    window.tell("e2e-other-home", |page| page.see("the window", &format!("{MESSAGE} !== null")));
    let other = desk.folder("another");
    let mut second = sotto(&desk, &[]).env("SOTTO_HOME", &other).spawn().unwrap();
    until("the other has its library", || other.join("library.db").exists());
    assert!(second.try_wait().unwrap().is_none());
    second.kill().unwrap();
    second.wait().unwrap();
    window.close();
}
