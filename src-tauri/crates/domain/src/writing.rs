//! How a model writes where it is free to choose: how freely, and what it never writes.

use serde::{Deserialize, Serialize};

use crate::Sampling;

/// How freely the model writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    /// Nearly always the likeliest word: for facts and exact edits.
    Precise,
    /// Between the two.
    Balanced,
    /// Less likely words too: for first ideas.
    Imaginative,
}

impl Mood {
    /// The model card of Ministral 3 advises a temperature below 0.1 for exact work, and
    /// 0.7 and up for creative work.
    #[must_use]
    pub fn sampling(self) -> Sampling {
        let (temperature, top_p) = match self {
            Self::Precise => (0.05, 0.95),
            Self::Balanced => (0.7, 0.95),
            Self::Imaginative => (1.0, 0.98),
        };
        Sampling { temperature, top_p, ..Sampling::default() }
    }
}

/// Adds a phrase to those that are never written, on one line; none is there twice, in capitals or not.
pub fn ban(phrases: &mut Vec<String>, phrase: &str) {
    let phrase = phrase.split_whitespace().collect::<Vec<_>>().join(" ");
    if !phrase.is_empty() && !phrases.iter().any(|other| same(other, &phrase)) {
        phrases.push(phrase);
    }
}

/// Takes a phrase from those that are never written.
pub fn allow(phrases: &mut Vec<String>, phrase: &str) {
    phrases.retain(|other| !same(other, phrase));
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_there_once_in_capitals_or_not_and_on_one_line() {
        let mut phrases = vec!["Tapestry".to_owned()];
        for phrase in [" tapestry ", "a testament\n to", "A TESTAMENT TO", " \n "] {
            ban(&mut phrases, phrase);
        }
        assert_eq!(phrases, ["Tapestry", "a testament to"]);
        allow(&mut phrases, "TAPESTRY");
        assert_eq!(phrases, ["a testament to"]);
    }
}
