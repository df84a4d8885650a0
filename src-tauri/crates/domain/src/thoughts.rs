//! What a model thinks before it answers, told apart from the answer where both come as one text.
//!
//! Models that think write it between marks, before the first word of the answer. Elsewhere in a
//! text a mark is a word like any other: an answer may be about marks.

use std::mem;

use crate::Delta;

/// Where thoughts begin and end: as Mistral's models write it, and as most others do.
const MARKS: [(&str, &str); 2] = [("[THINK]", "[/THINK]"), ("<think>", "</think>")];

/// Tells thoughts from the answer, as the text comes.
#[derive(Debug, Default)]
pub struct Thoughts {
    at: At,
    /// What may be the beginning of a mark.
    held: String,
}

#[derive(Debug, Default, Clone, Copy)]
enum At {
    /// Nothing was said yet.
    #[default]
    Beginning,
    /// In a thought that ends with this mark.
    Within(&'static str),
    /// Behind a thought.
    Behind,
    /// In the answer: it goes on to the end.
    Answer,
}

impl Thoughts {
    /// What can be said now that `more` came.
    pub fn push(&mut self, more: &str) -> Vec<Delta> {
        let mut said = Vec::new();
        self.held.push_str(more);
        while self.step(&mut said) {}
        said
    }

    /// What was held back, now that nothing more comes. A thought that has no end was one all the
    /// same.
    pub fn rest(&mut self) -> Vec<Delta> {
        let held = mem::take(&mut self.held);
        let mut said = Vec::new();
        match self.at {
            At::Within(_) => say(&mut said, Delta::thinking, &held),
            At::Behind => say(&mut said, Delta::text, held.trim_start()),
            At::Beginning | At::Answer => say(&mut said, Delta::text, &held),
        }
        said
    }

    /// Takes what is held as far as it is clear; whether there is more to take.
    fn step(&mut self, said: &mut Vec<Delta>) -> bool {
        match self.at {
            At::Answer => {
                say(said, Delta::text, &mem::take(&mut self.held));
                false
            }
            At::Within(end) => {
                if let Some(at) = self.held.find(end) {
                    say(said, Delta::thinking, &self.held[..at]);
                    self.held.drain(..at + end.len());
                    self.at = At::Behind;
                    return true;
                }
                let begun = (1..end.len()).rev().find(|length| self.held.ends_with(&end[..*length]));
                let kept = self.held.split_off(self.held.len() - begun.unwrap_or(0));
                say(said, Delta::thinking, &mem::replace(&mut self.held, kept));
                false
            }
            At::Beginning | At::Behind => {
                let words = self.held.trim_start();
                if let Some((begin, end)) = MARKS.iter().find(|(begin, _)| words.starts_with(begin)) {
                    self.held = words[begin.len()..].to_owned();
                    self.at = At::Within(end);
                    return true;
                }
                if MARKS.iter().any(|(begin, _)| begin.starts_with(words)) {
                    return false;
                }
                if matches!(self.at, At::Behind) {
                    self.held = words.to_owned();
                }
                self.at = At::Answer;
                true
            }
        }
    }
}

fn say(said: &mut Vec<Delta>, delta: fn(String) -> Delta, text: &str) {
    if !text.is_empty() {
        said.push(delta(text.to_owned()));
    }
}

#[cfg(test)]
mod tests;
