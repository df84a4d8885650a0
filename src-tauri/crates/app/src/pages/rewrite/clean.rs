//! What a model says around what it was asked for goes, by rules that cannot take any of the
//! passage itself: a mark that the passage had, too, stays.

use super::Command;

/// Pairs of marks that models put around an answer.
const QUOTES: [(char, char); 6] = [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('‘', '’'), ('\'', '\'')];

/// How a line begins that only says what follows. In small letters.
const ANNOUNCES: [&str; 16] = [
    "here is",
    "here's",
    "here’s",
    "here are",
    "sure",
    "certainly",
    "of course",
    "the new passage",
    "the rewritten passage",
    "rewritten passage",
    "new passage",
    "the passage",
    "revised",
    "hier ist",
    "voici",
    "aquí está",
];

/// The proposal alone.
pub fn clean(command: &Command, passage: &str, answer: &str) -> String {
    let mut text = answer.trim();
    let passage = passage.trim();
    text = unfenced(text, passage);
    text = unannounced(text, passage);
    text = unfenced(text, passage);
    if *command != Command::Continue {
        text = unquoted(text, passage);
        text = unheaded(text, passage);
    }
    text.trim().to_owned()
}

/// Without a first line that ends in a colon and says what follows.
fn unannounced<'a>(text: &'a str, passage: &str) -> &'a str {
    let Some((first, rest)) = text.split_once('\n') else { return text };
    let said = first.trim().trim_matches('*').trim();
    let announces = |line: &str| {
        let line = line.to_lowercase();
        ANNOUNCES.iter().any(|begin| line.starts_with(begin))
    };
    // The passage itself may begin so.
    let own = passage.trim_matches('*').to_lowercase().starts_with(&said.to_lowercase());
    if said.ends_with(':') && announces(said) && !own && !rest.trim().is_empty() { rest.trim() } else { text }
}

/// Without one pair of quotes around all of it, where the passage had none.
fn unquoted<'a>(text: &'a str, passage: &str) -> &'a str {
    for (open, close) in QUOTES {
        let Some(inner) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) else { continue };
        let own = passage.starts_with(open) && passage.ends_with(close);
        // Two things that were said, one after the other, are not one in quotes.
        if !own && !inner.contains(open) && !inner.contains(close) && !inner.trim().is_empty() {
            return inner.trim();
        }
    }
    text
}

/// Without a fence of code around all of it.
fn unfenced<'a>(text: &'a str, passage: &str) -> &'a str {
    if passage.starts_with("```") {
        return text;
    }
    let inner = text.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    let Some((tag, inner)) = inner.and_then(|inner| inner.split_once('\n')) else { return text };
    if tag.trim().chars().all(char::is_alphanumeric) && !inner.contains("```") { inner.trim() } else { text }
}

/// Without a heading above it, where the passage had none.
fn unheaded<'a>(text: &'a str, passage: &str) -> &'a str {
    let heading = |text: &str| text.trim_start_matches('#').starts_with(' ') && text.starts_with('#');
    match text.split_once('\n') {
        Some((first, rest)) if heading(first) && !passage.lines().any(heading) && !rest.trim().is_empty() => {
            rest.trim()
        }
        _ => text,
    }
}
