//! The port that every model implements, on this device or elsewhere: a request
//! and a cancel token in, a stream of [`Delta`] out.

use std::pin::Pin;

use futures_core::Stream;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::{Cost, Destination, Picture, Role, Served, Usage};

/// Something that can answer.
pub trait Answering: Send + Sync {
    /// Where an answer would be made now; `None` when no model is chosen.
    fn destination(&self) -> Option<Destination>;

    /// Answers `request`. The stream ends after [`Delta::Done`] or the first error.
    /// Cancelling ends it with `Done { finish: Finish::Stopped, .. }`.
    fn answer(&self, request: Request, cancel: CancellationToken) -> AnswerStream;
}

/// An answer as it comes.
pub type AnswerStream = Pin<Box<dyn Stream<Item = Result<Delta, AnsweringError>> + Send>>;

/// What a model is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// At most one system turn, first; then user and assistant in strict alternation,
    /// ending with the user's.
    pub turns: Vec<Turn>,
    /// How freely it writes.
    pub sampling: Sampling,
    /// What it must, and what it must not write.
    pub rules: Rules,
    /// The longest answer, in tokens; `None`: as long as the model's memory allows.
    pub max_tokens: Option<u32>,
    /// How many of the likeliest words of each step are told as [`Delta::Step`]; 0: none. A
    /// provider tells none.
    pub alternatives: u8,
}

/// One turn of the talk, as the model sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Who speaks.
    pub role: Role,
    /// What is shown, before anything is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
    /// What is said.
    pub text: String,
}

impl Turn {
    /// A turn of words alone.
    pub fn text(role: Role, text: impl Into<String>) -> Self {
        Self { role, pictures: Vec::new(), text: text.into() }
    }
}

/// How freely the model writes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// 0 always takes the likeliest word; 0.7 and above suits creative work
    /// (the model card of Ministral 3).
    pub temperature: f64,
    /// Only the likeliest words that together have this probability are considered.
    pub top_p: f64,
    /// Only this many of the likeliest words are considered.
    pub top_k: u32,
    /// Words less likely than this part of the likeliest are left out; 0: none.
    pub min_p: f64,
    /// Words used lately are made this much less likely; 1: no less.
    pub repetition_penalty: f64,
    /// How strongly going on with a sequence said before is discouraged; 0: not at all.
    pub dry: f64,
    /// The same seed draws the same words on the same machine; a fresh one where absent.
    pub seed: Option<u64>,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            temperature: 0.7,
            top_p: 0.95,
            top_k: 64,
            min_p: 0.0,
            repetition_penalty: 1.0,
            dry: 0.0,
            seed: None,
        }
    }
}

/// What a model must, and what it must not write. A provider that cannot hold to a rule
/// says so instead of leaving it out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// Phrases that are never written: whole words, in any case.
    pub banned: Vec<String>,
    /// The answer ends before any of these.
    pub stop: Vec<String>,
    /// A JSON schema that the answer holds to.
    pub schema: Option<String>,
}

/// How far an answer is: what whoever asked is told, and what the window hears, word for word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Progress {
    /// The model is being made ready: `done` of `total` (of no particular unit).
    Loading {
        /// How much is done.
        done: u64,
        /// How much there is.
        total: u64,
    },
    /// The model reads what it was given.
    Reading {
        /// Tokens read.
        done: u32,
        /// Tokens to read.
        total: u32,
    },
    /// More of what the model thinks before it answers. It is no part of the answer, and not kept.
    Thinking {
        /// The next words.
        text: String,
    },
    /// More of the answer.
    Text {
        /// The next words.
        text: String,
    },
}

/// A word, or a part of one, as the model wrote it, and what else it could have written there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// What was written. A part of a character is U+FFFD.
    pub text: String,
    /// The likeliest at this place, likeliest first.
    pub alternatives: Vec<Alternative>,
}

/// What could have been written at a place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alternative {
    /// What it says. A part of a character is U+FFFD.
    pub text: String,
    /// How likely it was, from 0 to 1, before the mood and the rules.
    pub probability: f64,
}

/// What comes of an answer, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Delta {
    /// It goes on.
    Progress(Progress),
    /// A step of the model, before the text that it makes, where [`Request::alternatives`] asks for it.
    Step(Step),
    /// Who serves the answer, as soon as it is known.
    ServedBy(Served),
    /// The end of the answer.
    Done {
        /// Why it ended.
        finish: Finish,
        /// What it took.
        usage: Usage,
        /// What it cost; [`Cost::Free`] on this device.
        cost: Cost,
    },
}

impl Delta {
    /// The model is being made ready.
    pub fn loading(done: u64, total: u64) -> Self {
        Self::Progress(Progress::Loading { done, total })
    }

    /// The model reads: `done` of `total` tokens.
    pub fn reading(done: u32, total: u32) -> Self {
        Self::Progress(Progress::Reading { done, total })
    }

    /// More of what the model thinks.
    pub fn thinking(text: impl Into<String>) -> Self {
        Self::Progress(Progress::Thinking { text: text.into() })
    }

    /// More of the answer.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Progress(Progress::Text { text: text.into() })
    }
}

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model had said all.
    Complete,
    /// The longest allowed answer was reached.
    Length,
    /// The person asked for it.
    Stopped,
    /// The provider held back the rest.
    Filtered,
    /// The connection ended before the answer did.
    BrokenOff,
}

/// About how many words so many tokens are, to two figures, as it is written.
fn words(tokens: u32) -> String {
    // About three words for four tokens.
    let words = u64::from(tokens) * 3 / 4;
    let step = 10_u64.pow(words.checked_ilog10().unwrap_or(0).saturating_sub(1));
    let digits = (words / step * step).to_string();
    let gap = |at: usize| if at > 0 && (digits.len() - at).is_multiple_of(3) { "," } else { "" };
    digits.char_indices().flat_map(|(at, digit)| gap(at).chars().chain([digit])).collect()
}

/// Why no answer came, or no more of it. The text is a sentence for the person:
/// what happened, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnsweringError {
    /// No model is chosen yet.
    #[error("No model is open yet. Open one, then send again.")]
    NoModel,
    /// The model file cannot be used; the sentence says why.
    #[error("{0}")]
    BadModel(String),
    /// This machine cannot run the engine; the sentence says why.
    #[error("{0}")]
    Unsupported(String),
    /// More was given than the model can hold in mind.
    #[error(
        "This is about {} words, and the model can hold about {} in mind at once. Nothing is lost: \
         send it in parts, or continue from an earlier message.",
        words(*given), words(*limit)
    )]
    TooLong {
        /// Tokens given.
        given: u32,
        /// Tokens that fit.
        limit: u32,
    },
    /// The engine died or fell silent. It restarts by itself.
    #[error("The model stopped unexpectedly. Your text is safe. Try again?")]
    Crashed,
    /// The engine ended, or was ended, for a reason that is known; the sentence says which.
    #[error("{0}")]
    Ended(String),
    /// The request was refused; the sentence says why.
    #[error("{0}")]
    Refused(String),
    /// A provider could not answer; the sentence says what happened and what helps.
    #[error("{sentence}")]
    Provider {
        /// The sentence.
        sentence: String,
        /// A page of the provider's where it can be mended.
        page: Option<String>,
    },
    /// There is no way out: no network, or the offline lock is on. The sentence says which.
    #[error("{0}")]
    Offline(String),
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn sizes_are_said_in_words_to_two_figures() {
        let said: Vec<_> = [0, 1, 12, 100, 1024, 4096, 100_746, 1_400_000].into_iter().map(words).collect();
        assert_eq!(said, ["0", "0", "9", "75", "760", "3,000", "75,000", "1,000,000"]);
    }
}
