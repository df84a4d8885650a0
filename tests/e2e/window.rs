//! One run of the app, from its start to the end of its process.

use std::fs;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::desk::{Desk, Running};
use crate::driver::{Driver, PATIENCE};
use crate::page::{CONTROL, Page};

pub struct Window {
    pub page: Page,
    pub app: App,
    // The app first, then its driver.
    _driver: Running,
}

impl Window {
    /// Starts the app as the user does, and waits for its window.
    pub fn open(desk: &Desk) -> Self {
        Self::started(desk, &[])
    }

    /// Starts the app with the tiny model.
    pub fn with_tiny_model(desk: &Desk) -> Self {
        let model = journeys::tiny_model().join("hf");
        Self::started(desk, &["--model", model.to_str().unwrap()])
    }

    fn started(desk: &Desk, words: &[&str]) -> Self {
        let program = beside("sotto");
        assert!(
            program.is_file() && beside("sotto-engine").is_file(),
            "build the app first: cargo xtask test"
        );
        // The driver starts the app, so what the app must know stands with the driver. It takes a
        // port that is free, and does not say which: the system does.
        let mut driver = desk.program("WebKitWebDriver");
        let driver = Running::start(driver.arg("--port=0").env("TAURI_WEBVIEW_AUTOMATION", "true"));
        let mut port = None;
        until("the driver listens", || {
            port = listens_at(driver.id());
            port.is_some()
        });
        let port = port.unwrap();

        // The driver does not say which process the app is: a shell in between does,
        // and then becomes it.
        let note = desk.folder("run").join("app.pid");
        let become_it = r#"echo $$ $(date +%s%3N) > "$0"; exec "$@""#;
        let args = ["-c", become_it, note.to_str().unwrap(), program.to_str().unwrap()];
        let args = [&args, words].concat();
        let options = json!({ "binary": "/bin/sh", "args": args });
        let capabilities = json!({ "browserName": "wry", "webkitgtk:browserOptions": options });
        let page = Page(Driver::begin(port, &capabilities).expect("the window opens"));
        let note = fs::read_to_string(&note).unwrap();
        let (process, began) = note.trim().split_once(' ').unwrap();
        let born = Process::of(process).expect("the app runs").born;
        let app = App { process: process.into(), began: began.parse().unwrap(), born };
        Self { page, app, _driver: driver }
    }

    /// Lives through a part of the story; where it fails, a picture of the window is kept.
    pub fn tell(&self, part: &str, story: impl FnOnce(&Page)) {
        let Err(failure) = catch_unwind(AssertUnwindSafe(|| story(&self.page))) else { return };
        // Cargo's own folder for what tests leave behind.
        let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{part}.png"));
        match self.page.0.screenshot() {
            Ok(base64) => {
                keep(&base64, &picture);
                eprintln!("How the window looked then: {}", picture.display());
            }
            Err(error) => eprintln!("The window could not be photographed: {error}"),
        }
        resume_unwind(failure)
    }

    /// Ends the app by its key. The driver is left without a window.
    pub fn quit_by_key(self) {
        // The window may be gone before the driver can say that the key was pressed.
        drop(self.page.0.keys(&[CONTROL], "q"));
        until("the app has ended", || !self.app.runs());
    }

    /// Closes the window, and waits until the app has ended.
    pub fn close(self) {
        self.page.0.close_window().expect("the window closes");
        until("the app has ended", || !self.app.runs());
    }
}

pub struct App {
    pub process: String,
    /// When it was started, in milliseconds since the Unix epoch: the bench counts from there.
    #[allow(dead_code)]
    pub began: f64,
    /// Tells it from another that was given the same number later.
    born: String,
}

impl App {
    /// By what every user may read: nobody looks into the app itself.
    pub fn runs(&self) -> bool {
        Process::of(&self.process).is_some_and(|process| process.born == self.born)
    }
}

impl Drop for App {
    /// Ends it with all that it started, and waits for that: nothing of a test outlives it.
    fn drop(&mut self) {
        let below = children(&self.process);
        for process in below.iter().map(|(process, _)| process).chain([&self.process]) {
            // It may have ended by itself.
            let _ = Command::new("kill").args(["-KILL", process]).stderr(Stdio::null()).status();
        }
        within_patience(|| !self.runs() && below.iter().all(|(process, _)| Process::of(process).is_none()));
    }
}

/// A process that has not ended, as the system lists it.
struct Process {
    name: String,
    parent: String,
    /// When it was started, in the system's own count.
    born: String,
}

impl Process {
    fn of(process: &str) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // `proc_pid_stat(5)`: the name stands in brackets, and may have any letter in it.
        let (before, after) = stat.rsplit_once(')')?;
        let words: Vec<_> = after.split_whitespace().collect();
        let [state, parent] = *words.first_chunk()?;
        let name = before.split_once('(')?.1.to_owned();
        // One that has ended stays listed until its parent has heard of it.
        let runs = !["Z", "X"].contains(&state);
        runs.then(|| Self { name, parent: parent.into(), born: words[19].into() })
    }
}

fn keep(base64: &str, picture: &Path) {
    let file = fs::File::create(picture).unwrap();
    let mut decoder =
        Command::new("base64").arg("--decode").stdin(Stdio::piped()).stdout(file).spawn().unwrap();
    decoder.stdin.take().unwrap().write_all(base64.as_bytes()).unwrap();
    decoder.wait().unwrap();
}

/// A program that cargo built, one folder up from the tests' own.
pub fn beside(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().and_then(Path::parent).unwrap().join(name)
}

/// Where on this computer a process of ours waits for connections.
fn listens_at(process: u32) -> Option<u16> {
    const LISTENS: &str = "0A";
    let held = fs::read_dir(format!("/proc/{process}/fd")).ok()?.flatten();
    let held = held.filter_map(|entry| fs::read_link(entry.path()).ok()?.into_os_string().into_string().ok());
    let sockets: Vec<_> =
        held.filter_map(|link| Some(link.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())).collect();
    let lines = fs::read_to_string("/proc/net/tcp").ok()?;
    lines.lines().find_map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        let is_ours = words.get(3) == Some(&LISTENS) && sockets.iter().any(|socket| words[9] == socket);
        u16::from_str_radix(words.get(1)?.rsplit_once(':')?.1, 16).ok().filter(|_| is_ours)
    })
}

/// The processes below this one, however deep, and what they are called.
pub fn children(process: &str) -> Vec<(String, String)> {
    let mut below = Vec::new();
    let mut parents = vec![process.to_string()];
    let listed = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.file_name());
    let all: Vec<_> = listed
        .filter_map(|id| id.into_string().ok())
        .filter_map(|id| Some((Process::of(&id)?, id)))
        .collect();
    while let Some(parent) = parents.pop() {
        for (process, id) in all.iter().filter(|(process, _)| process.parent == parent) {
            parents.push(id.clone());
            below.push((id.clone(), process.name.clone()));
        }
    }
    below
}

pub fn kill(process: &str) {
    assert!(Command::new("kill").args(["-KILL", process]).status().unwrap().success());
}

/// For what tells nobody when it happens.
pub fn until(what: &str, holds: impl FnMut() -> bool) {
    assert!(within_patience(holds), "never came about: {what}");
}

/// Whether it came about before the patience of these tests ended.
pub fn within_patience(mut holds: impl FnMut() -> bool) -> bool {
    let began = Instant::now();
    while !holds() {
        if began.elapsed() > PATIENCE {
            return false;
        }
        sleep(Duration::from_millis(20));
    }
    true
}
