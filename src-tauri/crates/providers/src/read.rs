//! What a provider says becomes an answer: what was used is gathered on the way, and the
//! end is told apart from breaking off.

use std::time::Duration;

use sotto_domain::{Cost, Delta, Finish, NanoUsd, Secret, Served, Thoughts, Usage};
use tokio::time::Instant;

use crate::{
    Event, Rate, Said, Spent, Tariff, cost,
    foreign::{Joiner, label},
};

/// An answer as far as it came.
#[derive(Debug)]
pub(crate) struct Reading {
    key: Option<Secret>,
    text: Joiner,
    thoughts: Joiner,
    /// Thoughts that come as a part of the text.
    within: Thoughts,
    served: Served,
    spent: Spent,
    finish: Option<Finish>,
    asked_at: Instant,
    first_at: Option<Instant>,
    last_at: Instant,
    bytes: usize,
}

/// What an event leads to.
#[derive(Debug, PartialEq)]
pub(crate) enum Step {
    /// It says something of the answer.
    Say(Vec<Delta>),
    /// It is noted.
    Noted,
    /// Nothing follows.
    Over,
    /// It went wrong over there.
    Failed(Said),
    /// This is no answer any more.
    Garbled,
    /// More was written than any answer has.
    Endless,
}

/// The most that is taken of one answer, thoughts included: some million words.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;

impl Reading {
    /// `key` went along with the question, and is struck out of what comes back.
    pub(crate) fn new(served: Served, reported: Spent, asked_at: Instant, key: Option<&Secret>) -> Self {
        Self {
            key: key.cloned(),
            text: Joiner::new(key),
            thoughts: Joiner::new(key),
            within: Thoughts::default(),
            served,
            spent: reported,
            finish: None,
            asked_at,
            first_at: None,
            last_at: asked_at,
            bytes: 0,
        }
    }

    /// Takes an event in.
    pub(crate) fn take(&mut self, event: Event, now: Instant) -> Step {
        match event {
            Event::Text(text) if self.written(&text, now) => say(self.within.push(&self.text.push(&text))),
            Event::Thinking(text) if self.written(&text, now) => {
                say(thought(self.thoughts.push(&text)).into_iter().collect())
            }
            Event::Text(_) | Event::Thinking(_) => Step::Endless,
            Event::Spent(spent) => {
                self.spent = self.spent.and(spent);
                Step::Noted
            }
            Event::ServedBy(backend) => match label(&backend, self.key.as_ref()) {
                backend @ Some(_) if backend != self.served.backend => {
                    self.served.backend = backend;
                    Step::Say(vec![Delta::ServedBy(self.served.clone())])
                }
                Some(_) | None => Step::Noted,
            },
            Event::Finish(finish) => {
                self.finish = Some(finish);
                Step::Noted
            }
            Event::Failed(said) => Step::Failed(said),
            Event::End => {
                // Whoever says that nothing follows has said all.
                self.finish.get_or_insert(Finish::Complete);
                Step::Over
            }
            Event::Garbled => Step::Garbled,
        }
    }

    /// Who serves it, where anything is known of that.
    pub(crate) fn served(&self) -> Option<Delta> {
        (self.served != Served::default()).then(|| Delta::ServedBy(self.served.clone()))
    }

    /// What was held back of its words, now that nothing more comes.
    pub(crate) fn rest(&mut self) -> Vec<Delta> {
        let thought = thought(self.thoughts.rest());
        let text = self.within.push(&self.text.rest());
        thought.into_iter().chain(text).chain(self.within.rest()).collect()
    }

    /// Whether its end was announced; only what was used may still come.
    pub(crate) fn finished(&self) -> bool {
        self.finish.is_some()
    }

    /// Whether anything was written.
    pub(crate) fn begun(&self) -> bool {
        self.first_at.is_some()
    }

    /// How much was written.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The last step of an answer. Nobody announced the end of one that broke off.
    pub(crate) fn done(&self, tariff: &Tariff, ceiling: Option<NanoUsd>) -> Delta {
        let finish = self.finish.unwrap_or(Finish::BrokenOff);
        let backend = self.served.backend.as_deref();
        let rate = tariff.rate(backend);
        let ceiling = ceiling.filter(|_| tariff.covers(backend));
        let cost = match (finish, cost(&self.spent, rate)) {
            (_, Cost::Reported(figure)) => Cost::Reported(figure),
            // What was used is told at the end: there was none, or it was not said.
            (Finish::Stopped | Finish::BrokenOff, _) | (_, Cost::Unknown) => cut_short(rate, ceiling),
            (Finish::Complete | Finish::Length | Finish::Filtered, known) => known,
        };
        Delta::Done { finish, usage: self.usage(), cost }
    }

    fn usage(&self) -> Usage {
        let count = |tokens: Option<u64>| u32::try_from(tokens.unwrap_or(0)).unwrap_or(u32::MAX);
        let first_at = self.first_at.unwrap_or(self.last_at);
        Usage {
            prompt_tokens: count(self.spent.prompt),
            reused_tokens: count(self.spent.cached),
            completion_tokens: count(self.spent.completion),
            reading_ms: milliseconds(first_at - self.asked_at),
            writing_ms: milliseconds(self.last_at - first_at),
        }
    }

    /// Counts what was written; false where it is too much.
    fn written(&mut self, text: &str, now: Instant) -> bool {
        self.first_at.get_or_insert(now);
        self.last_at = now;
        self.bytes += text.len();
        self.bytes <= MAX_ANSWER_BYTES
    }
}

/// Nothing is said where all of it is held back.
fn say(deltas: Vec<Delta>) -> Step {
    if deltas.is_empty() { Step::Noted } else { Step::Say(deltas) }
}

fn thought(text: String) -> Option<Delta> {
    (!text.is_empty()).then_some(Delta::thinking(text))
}

/// What an answer cost at most that did not come to its end, or did not say what it took.
pub(crate) fn cut_short(rate: Rate, ceiling: Option<NanoUsd>) -> Cost {
    match (rate, ceiling) {
        (Rate::Free, _) => Cost::Free,
        (Rate::Price(_) | Rate::Unknown, Some(most)) if most.0 > 0 => Cost::UpperBound(most),
        (Rate::Price(_) | Rate::Unknown, _) => Cost::Unknown,
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
