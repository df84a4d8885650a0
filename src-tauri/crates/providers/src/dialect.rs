//! What models say over the wire, in either dialect, becomes one kind of [`Event`].
//!
//! The readers keep nothing between two events: whatever must be remembered (what was
//! used, whether the end was announced) is in the events themselves, and is gathered by
//! whoever reads them.

mod anthropic;
mod openai;

use std::collections::BTreeSet;

use serde_json::Value;
use sotto_domain::{Finish, Request};

use crate::{Can, Field, Said, Spent, foreign};

/// A way of talking to models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Chat completions, as `OpenAI` began them and most servers speak them.
    OpenAi,
    /// Messages, as Anthropic speaks.
    Anthropic,
}

/// One thing that was said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    /// More of the answer.
    Text(String),
    /// More of what it thinks before it answers.
    Thinking(String),
    /// What was used so far; the latest word counts.
    Spent(Spent),
    /// Who serves it, where the stream says so.
    ServedBy(String),
    /// The answer is over, and why. What was used may still follow.
    Finish(Finish),
    /// Something went wrong over there.
    Failed(Said),
    /// Nothing follows.
    End,
    /// This is none of the dialect's: it was cut off, or another program answers.
    Garbled,
}

impl Dialect {
    /// What one event of a stream says.
    pub(crate) fn read(self, kind: Option<&str>, data: &str) -> Vec<Event> {
        match self {
            Self::OpenAi => openai::read(kind, data),
            Self::Anthropic => anthropic::read(kind, data),
        }
    }

    /// What an answer in one piece says, from a server that does not stream.
    pub(crate) fn read_whole(self, body: &[u8]) -> Vec<Event> {
        let read = std::str::from_utf8(body).ok().and_then(foreign::lenient);
        let Some(value) = read else { return vec![Event::Garbled] };
        match self {
            Self::OpenAi => openai::read_whole(&value),
            Self::Anthropic => anthropic::read_whole(&value),
        }
    }

    /// Where questions go, below the base address.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::OpenAi => "/chat/completions",
            Self::Anthropic => "/messages",
        }
    }

    /// What every request of this dialect says beside the key.
    pub(crate) fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::OpenAi => &[],
            Self::Anthropic => &[("anthropic-version", "2023-06-01")],
        }
    }

    /// The body that asks.
    pub(crate) fn body(self, ask: &Ask<'_>) -> serde_json::Result<Vec<u8>> {
        match self {
            Self::OpenAi => openai::body(ask),
            Self::Anthropic => anthropic::body(ask),
        }
    }
}

/// What a body is made of.
pub(crate) struct Ask<'a> {
    /// The model, with its backend or policy where there is one.
    pub(crate) model: &'a str,
    pub(crate) request: &'a Request,
    /// What the answer must hold to, read from `request`.
    pub(crate) schema: Option<&'a Value>,
    /// The pictures of each turn, in their order.
    pub(crate) pictures: &'a [Vec<Encoded>],
    pub(crate) max_tokens: u32,
    pub(crate) can: Can,
    /// What this endpoint turned out not to take.
    pub(crate) without: &'a BTreeSet<Field>,
}

/// A picture as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Encoded {
    pub(crate) mime: &'static str,
    pub(crate) base64: String,
}

/// The text at `key`, unless it is empty.
fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
