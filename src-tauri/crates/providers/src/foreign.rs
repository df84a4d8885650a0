//! What a provider writes, made fit to be kept and shown: whole letters, names that are short and
//! on one line, and nowhere the key that it was sent.

use serde_json::Value;
use sotto_domain::Secret;

/// The longest name of a machine room or a request that is kept.
const LONGEST_LABEL: usize = 120;

/// Shorter than this is no key that anybody would have to keep: "x", "none", "ollama".
const SHORTEST_KEY: usize = 8;

/// Stands before half a letter in a text that was read leniently. Unicode keeps it free for
/// uses like this: no text has it.
const MARK: char = '\u{10ffff}';

/// Where the halves are put, so that they can stand in a string: 0xD800 becomes U+100000.
const HALVES: u32 = 0x0010_0000;

/// A name from outside: on one line, of a length that a name has, without the key. `None` where
/// nothing is left.
pub(crate) fn label(text: &str, key: Option<&Secret>) -> Option<String> {
    let text = without(text, key);
    let kept: String = text
        .chars()
        .filter(|letter| !letter.is_control() && !turns(*letter) && *letter != MARK)
        .take(LONGEST_LABEL)
        .collect();
    Some(kept.trim().to_owned()).filter(|kept| !kept.is_empty())
}

/// The text with the key struck out: some repeat it to whoever they talk to.
pub(crate) fn without(text: &str, key: Option<&Secret>) -> String {
    match known(key) {
        Some(key) => text.replace(key, "…"),
        None => text.to_owned(),
    }
}

/// Letters that turn text around, and hide what a line says.
pub(crate) fn turns(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn known(key: Option<&Secret>) -> Option<&str> {
    key.map(|key| key.expose("it is struck out of what a provider says"))
        .filter(|key| key.len() >= SHORTEST_KEY)
}

/// Reads JSON that some write a little wrong: with a mark before it, half a letter as an escape of its
/// own (the other half comes with the next piece), and numbers that are none or beyond all reason.
pub(crate) fn lenient(text: &str) -> Option<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&mended(text)).ok())
}

/// The same text with halves of letters marked, and `NaN`, `1e999` and their like as null.
fn mended(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    let mut quoted = false;
    while let Some(letter) = rest.chars().next() {
        if quoted && letter == '\\' {
            let (written, length) = escape(rest);
            kept.push_str(&written);
            rest = &rest[length..];
            continue;
        }
        if letter == '"' {
            quoted = !quoted;
        }
        if let Some(length) = no_number(rest).filter(|_| !quoted) {
            kept.push_str("null");
            rest = &rest[length..];
            continue;
        }
        // A number that is one goes on whole: its end is no number of its own.
        let number = figures(rest);
        if number > 0 && !quoted {
            kept.push_str(&rest[..number]);
            rest = &rest[number..];
            continue;
        }
        kept.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    kept
}

/// How long the number is that `text` begins with, as JSON writes one.
fn figures(text: &str) -> usize {
    text.find(|letter: char| !letter.is_ascii_digit() && !"+-.eE".contains(letter)).unwrap_or(text.len())
}

/// How long it is, where `text` begins with what some write as a number and is none.
fn no_number(text: &str) -> Option<usize> {
    let named = ["-Infinity", "Infinity", "NaN"].into_iter().find(|name| text.starts_with(name));
    let too_large =
        || Some(figures(text)).filter(|&length| text[..length].parse().is_ok_and(f64::is_infinite));
    named.map(str::len).or_else(too_large)
}

/// What stands for the escape that `text` begins with, and how long the escape is.
fn escape(text: &str) -> (String, usize) {
    let half = |at: usize| {
        let digits = text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        u32::from_str_radix(digits, 16).ok().filter(|unit| (0xd800..0xe000).contains(unit))
    };
    match (half(0), half(6)) {
        (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => (text[..12].to_owned(), 12),
        (Some(unit), _) => (
            char::from_u32(HALVES + unit - 0xd800)
                .map_or_else(String::new, |half| [MARK, half].iter().collect()),
            6,
        ),
        // A quotation mark or a backslash behind it belongs to it.
        (None, _) => {
            let length = 1 + text[1..].chars().next().map_or(0, char::len_utf8);
            (text[..length].to_owned(), length)
        }
    }
}

/// Puts the pieces of a text together as far as they can be said: half a letter waits for its
/// other half, and what may be the beginning of the key waits until it proves not to be.
#[derive(Debug, Default)]
pub(crate) struct Joiner {
    key: Option<Secret>,
    half: Option<u32>,
    held: String,
}

impl Joiner {
    pub(crate) fn new(key: Option<&Secret>) -> Self {
        Self { key: key.cloned(), half: None, held: String::new() }
    }

    /// What can be said now that `more` came.
    pub(crate) fn push(&mut self, more: &str) -> String {
        let more = self.joined(more);
        let mut text = std::mem::take(&mut self.held) + &more;
        if let Some(key) = known(self.key.as_ref()) {
            text = text.replace(key, "…");
            let begun = (1..key.len())
                .rev()
                .find(|&length| key.is_char_boundary(length) && text.ends_with(&key[..length]));
            self.held = text.split_off(text.len() - begun.unwrap_or(0));
        }
        text
    }

    /// What was still held back when nothing more comes.
    pub(crate) fn rest(&mut self) -> String {
        let mut rest = std::mem::take(&mut self.held);
        if self.half.take().is_some() {
            rest.push(char::REPLACEMENT_CHARACTER);
        }
        rest
    }

    fn joined(&mut self, text: &str) -> String {
        if self.half.is_none() && !text.contains(MARK) {
            return text.to_owned();
        }
        let mut whole = String::with_capacity(text.len());
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            let unit = (letter == MARK)
                .then(|| letters.next().map_or(0, u32::from))
                .map(|half| half.wrapping_sub(HALVES) + 0xd800);
            match (self.half.take(), unit) {
                (Some(high), Some(low @ 0xdc00..0xe000)) => {
                    let letter = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    whole.push(char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                (before, now) => {
                    whole.extend(before.map(|_| char::REPLACEMENT_CHARACTER));
                    match now {
                        Some(high @ 0xd800..0xdc00) => self.half = Some(high),
                        Some(_) => whole.push(char::REPLACEMENT_CHARACTER),
                        None => whole.push(letter),
                    }
                }
            }
        }
        whole
    }
}

#[cfg(test)]
mod tests;
