//! The piece of text that a hit shows: parts, of which every second one is a match.

use std::ops::Range;

/// What the index puts around matches. Unicode keeps these two for such use; a text that
/// holds them nevertheless shows a wrong match in its snippet, and nothing worse.
pub(super) const OPEN: &str = "\u{FDD0}";
pub(super) const CLOSE: &str = "\u{FDD1}";

/// The longest part, in characters. The index counts words, and a "word" can be a picture
/// in letters and digits.
const LONGEST: usize = 160;

/// How many characters to show before the first match, and from it on, where we choose.
const BEFORE: usize = 40;
const AFTER: usize = 120;

/// The parts of a snippet that the index made.
pub(super) fn pieces(marked: &str) -> Vec<String> {
    let mut pieces = vec![];
    for (nth, part) in marked.split(OPEN).enumerate() {
        // Before the first mark there is no match.
        let (matched, plain) =
            if nth == 0 { ("", part) } else { part.split_once(CLOSE).unwrap_or((part, "")) };
        if nth > 0 {
            pieces.push(clip(matched, false));
        }
        pieces.push(clip(plain, nth == 0));
    }
    pieces
}

/// The parts of the snippet of `text` around the first of `matches`, which are in order
/// and apart.
pub(super) fn around(text: &str, matches: &[Range<usize>]) -> Vec<String> {
    let Some(first) = matches.first() else { return vec![] };
    let start =
        text[..first.start].char_indices().rev().take(BEFORE).last().map_or(first.start, |(at, _)| at);
    let end = text[first.start..].char_indices().nth(AFTER).map_or(text.len(), |(at, _)| first.start + at);
    let mut pieces = vec![];
    let mut plain = if start > 0 { "…".to_owned() } else { String::new() };
    let mut at = start;
    for found in matches.iter().take_while(|found| found.start < end) {
        plain.push_str(&text[at..found.start]);
        pieces.push(std::mem::take(&mut plain));
        pieces.push(clip(&text[found.clone()], false));
        at = found.end;
    }
    if at < end {
        plain.push_str(&text[at..end]);
    }
    if at.max(end) < text.len() {
        plain.push('…');
    }
    pieces.push(plain);
    pieces
}

/// `part`, or as much of its beginning, or of its `end`, as is fit to show.
fn clip(part: &str, end: bool) -> String {
    if end {
        match part.char_indices().rev().nth(LONGEST) {
            Some((at, cut)) => format!("…{}", &part[at + cut.len_utf8()..]),
            None => part.to_owned(),
        }
    } else {
        match part.char_indices().nth(LONGEST) {
            Some((at, _)) => format!("{}…", &part[..at]),
            None => part.to_owned(),
        }
    }
}
