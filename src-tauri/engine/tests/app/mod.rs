//! An app that talks to the engine: as small as it can be, and blocking.
// Each file of tests uses its part; and a test may panic, and start the program it tests.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

use std::{
    fs,
    io::{BufRead, BufReader, Lines, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};
use sotto_engine_protocol::VERSION;

#[path = "../../src/test_dir.rs"]
mod test_dir;

pub use test_dir::TestDir;

pub const WRITER: &str = "Give me three names for a quiet bakery.";

pub struct App {
    engine: Child,
    stdin: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
    runs: u64,
    scratch: TestDir,
}

impl App {
    pub fn start() -> Self {
        let mut engine = Command::new(env!("CARGO_BIN_EXE_sotto-engine"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(engine.stdout.take().unwrap()).lines();
        Self { stdin: engine.stdin.take(), engine, lines, runs: 0, scratch: TestDir::new() }
    }

    pub fn greeted() -> Self {
        let mut app = Self::start();
        app.say(&json!({"type": "hello", "version": VERSION, "door": shut_door(), "nonce": "n"}));
        let hello = app.hear();
        assert_eq!((&hello["type"], &hello["network"]), (&json!("hello"), &json!("barred")));
        app
    }

    /// Greeted, and with the tiny model loaded in 32-bit floats.
    pub fn with_model() -> Self {
        let mut app = Self::greeted();
        assert_eq!(app.last_of(load(&model(), 1024))["type"], "loaded");
        app
    }

    pub fn say(&mut self, message: &Value) {
        writeln!(self.stdin.as_mut().unwrap(), "{message}").unwrap();
    }

    /// Says bytes as they are, as one line.
    pub fn say_raw(&mut self, line: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(line).unwrap();
        stdin.write_all(b"\n").unwrap();
    }

    pub fn hear(&mut self) -> Value {
        self.next().expect("the engine ended")
    }

    /// What else it says, until its stdout closes.
    pub fn until_end(&mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.next()).collect()
    }

    fn next(&mut self) -> Option<Value> {
        let line = self.lines.next()?.unwrap();
        Some(serde_json::from_str(&line).unwrap_or_else(|_| panic!("not of the protocol: {line}")))
    }

    /// Sends an order under the next run's number; what a `generate` leaves out is greedy.
    pub fn order(&mut self, mut order: Value) -> u64 {
        self.runs += 1;
        order["run"] = json!(self.runs);
        if order["type"] == "load" {
            let scratch = json!(self.scratch.path());
            order.as_object_mut().unwrap().entry("scratch").or_insert(scratch);
        }
        if order["type"] == "generate" {
            let usual = json!({
                "sampling": {"temperature": 0.0, "top_p": 1.0, "top_k": 1},
                "rules": {},
                "max_tokens": null, "top_logprobs": 0, "ignore_eos": false
            });
            for (key, value) in usual.as_object().unwrap() {
                order.as_object_mut().unwrap().entry(key).or_insert(value.clone());
            }
        }
        self.say(&order);
        self.runs
    }

    /// The next message of that kind about that run; a failure of it is none.
    pub fn hear_of(&mut self, run: u64, kind: &str) -> Value {
        loop {
            let message = self.hear();
            if message["run"] == run {
                assert_ne!(message["type"], "failed", "{message}");
                if message["type"] == kind {
                    return message;
                }
            }
        }
    }

    /// All that is said of an order, to its last message.
    pub fn run(&mut self, order: Value) -> Vec<Value> {
        let run = self.order(order);
        let mut said = Vec::new();
        loop {
            let message = self.hear();
            if message["type"] == "pulse" {
                continue;
            }
            assert_eq!(message["run"], run, "of another run: {message}");
            let kind = message["type"].as_str().unwrap();
            let last = matches!(kind, "loaded" | "done" | "counted" | "unloaded" | "failed");
            said.push(message);
            if last {
                return said;
            }
        }
    }

    pub fn last_of(&mut self, order: Value) -> Value {
        self.run(order).pop().unwrap()
    }

    pub fn text(&mut self, order: Value) -> String {
        let said = self.run(order);
        assert_eq!(said.last().unwrap()["type"], "done");
        said.iter().filter_map(|message| message["text"].as_str()).collect()
    }

    /// A greedy answer of a few words.
    pub fn answer(&mut self, text: &str) -> String {
        self.text(json!({"type": "generate", "turns": [user(text)], "max_tokens": 16, "ignore_eos": true}))
    }

    /// The number the operating system knows the engine by.
    pub fn process(&self) -> u32 {
        self.engine.id()
    }

    pub fn hang_up(&mut self) {
        self.stdin = None;
    }

    /// How it ended.
    pub fn end(&mut self) -> Option<i32> {
        self.engine.wait().unwrap().code()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.engine.kill();
        let _ = self.engine.wait();
    }
}

/// An answer of 24 tokens, and what it took.
pub struct Answer {
    pub steps: Vec<Value>,
    pub prompt: u64,
    pub reused: u64,
    pub cached: u64,
}

pub fn ask(app: &mut App, turns: &Value) -> Answer {
    let order =
        json!({"type": "generate", "turns": turns, "max_tokens": 24, "ignore_eos": true, "top_logprobs": 8});
    let said = app.run(order);
    let usage = &said.last().unwrap()["usage"];
    Answer {
        prompt: usage["prompt_tokens"].as_u64().unwrap(),
        reused: usage["reused_tokens"].as_u64().unwrap(),
        cached: usage["cached_tokens"].as_u64().unwrap(),
        steps: said.iter().filter_map(|message| message["steps"].as_array()).flatten().cloned().collect(),
    }
}

/// Equal words, and likelihoods as equal as sums in another order are.
pub fn assert_alike(ours: &Answer, afresh: &Answer, which: &str) {
    assert_eq!(ours.steps.len(), 24, "{which}");
    for (at, (ours, afresh)) in ours.steps.iter().zip(&afresh.steps).enumerate() {
        assert_eq!(ours["id"], afresh["id"], "{which}, step {at}");
        let likeliest = |step: &Value| step["top"][0]["logprob"].as_f64().unwrap();
        assert!((likeliest(ours) - likeliest(afresh)).abs() < 1e-3, "{which}, step {at}");
    }
}

pub fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/ministral3-tiny").canonicalize().unwrap()
}

/// The same model as one file.
pub fn file() -> PathBuf {
    fixture().join("tiny-f16.gguf")
}

pub fn model() -> PathBuf {
    fixture().join("hf")
}

pub fn load(path: &Path, context: u32) -> Value {
    json!({
        "type": "load", "path": path, "exact": true, "context": context, "prefix_cache_tokens": 8192, "disk_cache_bytes": 0, "device": "cpu"
    })
}

pub fn user(text: &str) -> Value {
    turn("user", text)
}

pub fn turn(role: &str, text: &str) -> Value {
    json!({"role": role, "parts": [said(text)]})
}

/// A part of a turn that is words.
pub fn said(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

pub fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

pub fn change(folder: &Path, file: &str, change: impl FnOnce(&mut Value)) {
    let file = folder.join(file);
    let mut value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    change(&mut value);
    fs::write(file, value.to_string()).unwrap();
}

/// The address of a door that nobody stands behind.
pub fn shut_door() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}
