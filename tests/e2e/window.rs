//! One run of the app, from its start to the end of its process.

#![allow(clippy::disallowed_types)] // a test may speak to itself

use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
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
        let port = free_port();
        // The driver starts the app, so what the app must know stands with the driver.
        let mut driver = desk.program("WebKitWebDriver");
        let driver =
            Running::start(driver.arg(format!("--port={port}")).env("TAURI_WEBVIEW_AUTOMATION", "true"));
        until("the driver answers", || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok());

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
        let app = App { process: process.into(), began: began.parse().unwrap() };
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
}

impl App {
    pub fn runs(&self) -> bool {
        fs::read_link(format!("/proc/{}/exe", self.process)).is_ok_and(|program| program == beside("sotto"))
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if self.runs() {
            let _ = Command::new("kill").args(["-KILL", &self.process]).status();
        }
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

pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// The processes below this one, however deep, and what they are called.
pub fn children(process: &str) -> Vec<(String, String)> {
    let mut below = Vec::new();
    let mut parents = vec![process.to_string()];
    let all: Vec<_> =
        fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| status(&entry.path())).collect();
    while let Some(parent) = parents.pop() {
        for (id, name, _) in all.iter().filter(|(.., of)| *of == parent) {
            parents.push(id.clone());
            below.push((id.clone(), name.clone()));
        }
    }
    below
}

/// A process, its name and its parent.
fn status(folder: &Path) -> Option<(String, String, String)> {
    let status = fs::read_to_string(folder.join("status")).ok()?;
    let field = |name: &str| {
        status
            .lines()
            .find_map(|line| Some(line.strip_prefix(name)?.trim_start_matches(':').trim().to_string()))
    };
    Some((field("Pid")?, field("Name")?, field("PPid")?))
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
