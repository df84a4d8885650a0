//! Speaking to a terminal, or to whatever stands in its place: answers on standard output,
//! everything else on standard error.

use std::{
    future::Future,
    io::{self, IsTerminal, Read, Write},
};

use serde::Serialize;

/// Stopped by Ctrl-C: the number that shells use for it, 128 + SIGINT.
pub const STOPPED: u8 = 130;

/// Runs a task that needs the house, to its end.
pub fn block_on<T>(task: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    tokio::runtime::Runtime::new().map_err(|error| error.to_string())?.block_on(task)
}

/// `text` itself, or standard input for `-`.
pub fn read(text: &str) -> io::Result<String> {
    if text != "-" {
        return Ok(text.to_owned());
    }
    let mut whole = String::new();
    io::stdin().read_to_string(&mut whole)?;
    Ok(whole)
}

/// A reader that went away (`sotto ask … | head`) does not matter: what was said is stored.
pub fn put(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// One JSON object on a line of its own.
pub fn put_line(line: &impl Serialize) {
    if let Ok(line) = serde_json::to_string(line) {
        put(&line);
        put("\n");
    }
}

/// `line` for a program that asked for JSON, `text` for a person.
pub fn print(line: &impl Serialize, json: bool, text: &str) {
    if json { put_line(line) } else { put(text) }
}

/// An error in its own words, which is all that a terminal shows of it.
pub fn words<T, E: ToString>(outcome: Result<T, E>) -> Result<T, String> {
    outcome.map_err(|error| error.to_string())
}

/// Says something that is not the answer.
pub fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// One line that overwrites itself, and is gone when it is done.
pub fn tell_progress(what: &str, done: u64, total: u64) {
    if !io::stderr().is_terminal() {
        return;
    }
    match (done * 100).checked_div(total) {
        Some(percent) if done < total => tell(&format!("\r{what}… {percent}%\x1b[K")),
        _ => tell("\r\x1b[K"),
    }
}
