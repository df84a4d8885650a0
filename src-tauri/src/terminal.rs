//! Speaking to a terminal, or to whatever stands in its place: answers on standard output,
//! everything else on standard error.

use std::{
    borrow::Cow,
    future::Future,
    io::{self, IsTerminal, Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use serde::Serialize;

/// Stopped by Ctrl-C: the number that shells use for it, 128 + SIGINT.
pub const STOPPED: u8 = 130;

/// Runs a task that needs the app, to its end.
pub fn block_on<T>(task: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    tokio::runtime::Runtime::new().map_err(|error| error.to_string())?.block_on(task)
}

/// A path given relative to where the app was started must hold when it is
/// remembered and the app is started elsewhere.
pub fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// The number of the only one that is called `which`, or has that number.
pub fn one_of(named: impl Iterator<Item = (i64, String)>, which: &str, kind: &str) -> Result<i64, String> {
    let mut found = Vec::new();
    for (id, name) in named {
        if name.to_lowercase() == which.trim().to_lowercase() {
            found.push(id);
        } else if which.trim().parse() == Ok(id) {
            return Ok(id);
        }
    }
    match *found {
        [id] => Ok(id),
        [] => Err(format!("No {kind} is called “{which}”.")),
        _ => {
            let numbers = found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            Err(format!("More than one {kind} is called “{which}”. Say which by its number: {numbers}."))
        }
    }
}

/// `text` itself, or standard input for `-`; what is no text is said in words.
pub fn read(text: &str) -> io::Result<String> {
    if text != "-" {
        return Ok(text.to_owned());
    }
    let mut whole = Vec::new();
    io::stdin().read_to_end(&mut whole)?;
    String::from_utf8(whole).map_err(|_| {
        io::Error::other("What came on standard input is not text as Sotto reads it. Save it as UTF-8.")
    })
}

/// A reader that went away (`sotto ask … | head`) does not matter: what was said is stored.
pub fn put(text: &str) {
    let mut out = io::stdout().lock();
    let text = if out.is_terminal() { plain(text) } else { text.into() };
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// The same for a file: a text is shown as one, anything else goes on as it is.
pub fn put_bytes(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        put(text);
    } else {
        let mut out = io::stdout().lock();
        let _ = out.write_all(bytes).and_then(|()| out.flush());
    }
}

/// The text without what commands a terminal: what a server wrote could otherwise colour it, name
/// its window, or worse.
fn plain(text: &str) -> Cow<'_, str> {
    let commands = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    if text.contains(commands) { text.replace(commands, "").into() } else { text.into() }
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
    let is_terminal = io::stderr().is_terminal();
    tell_as_it_is(&if is_terminal { plain(text) } else { text.into() });
}

/// How a command ended: its sentence is said where it did not work.
pub fn done(outcome: Result<(), String>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            tell(&format!("{trouble}\n"));
            ExitCode::FAILURE
        }
    }
}

/// Clears the line on which progress stood.
pub fn end_progress() {
    if io::stderr().is_terminal() {
        tell_as_it_is("\r\x1b[K");
    }
}

fn tell_as_it_is(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// One line that overwrites itself, and is gone when it is done.
pub fn tell_progress(what: &str, done: u64, total: u64) {
    if !io::stderr().is_terminal() {
        return;
    }
    match (u128::from(done) * 100).checked_div(u128::from(total)) {
        Some(percent) if done < total => tell_as_it_is(&format!("\r{what}… {percent}%\x1b[K")),
        _ => end_progress(),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_commands_a_terminal_is_left_out_and_words_stay() {
        assert_eq!(plain("\u{1b}[31mred\u{1b}]0;title\u{7} \u{9b}1m\u{7f}\r\u{8}"), "[31mred]0;title 1m");
        for words in ["two\nlines\tand a tab", "Søvn 🌊 “é”", ""] {
            assert_eq!(plain(words), words);
        }
    }
}
