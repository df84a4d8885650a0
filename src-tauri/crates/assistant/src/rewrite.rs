//! A passage of a page, done over by the model on this device. It belongs to no conversation:
//! nothing of it is stored, and nothing is written to the page. What comes is a proposal, which
//! the window shows beside the passage until the user takes it or not.

mod clean;
mod prompt;

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{MutexGuard, PoisonError},
};

use futures_util::StreamExt;
use sotto_domain::{
    AnsweringError, Delta, Destination, Finish, MessageState, PageId, Request, Rules, Sampling,
};
use sotto_store::StoreError;
use tokio_util::sync::CancellationToken;

use crate::{Mood, SendError, Sotto};

use clean::clean;

/// What is to be done with a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The same in other words.
    Rewrite,
    /// The same in fewer words.
    Tighten,
    /// The same with more to see in it.
    Expand,
    /// The same in plainer words.
    Simpler,
    /// Spelling, grammar and punctuation, and nothing else.
    Grammar,
    /// What the user says.
    Own(String),
    /// What comes next, behind the text.
    Continue,
}

/// A passage, and what stands around it, in Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// What is to be done over; empty where the text is to go on.
    pub text: String,
    /// What stands before it.
    pub before: String,
    /// What stands behind it.
    pub after: String,
    /// An earlier proposal, where it is to be made over by [`Command::Own`].
    pub proposal: Option<String>,
}

/// What happens after a proposal was asked for, in order; `Finished` last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProposalEvent {
    /// The model is being made ready: `done` of `total`.
    Loading {
        /// How much is done.
        done: u64,
        /// How much there is.
        total: u64,
    },
    /// The model reads: `done` of `total` tokens.
    Reading {
        /// Tokens read.
        done: u32,
        /// Tokens to read.
        total: u32,
    },
    /// More of the proposal, as it is written.
    Text(String),
    /// It is over.
    Finished {
        /// All of it, without what a model says around it; empty where there is none.
        text: String,
        /// The model, as people call it.
        model: String,
        /// How far it got.
        state: MessageState,
        /// Words around the passage were left out, for there was too little room.
        shortened: bool,
        /// A sentence, if something went wrong.
        trouble: Option<String>,
    },
}

/// Proposals under way, by page.
pub(crate) type Asking = std::sync::Mutex<HashMap<PageId, CancellationToken>>;

impl Sotto {
    /// Has the model on this device do `command` with a passage of `page`; returns when it is over.
    ///
    /// # Errors
    /// [`SendError`], before anything was asked. What goes wrong later is told through
    /// [`ProposalEvent::Finished`].
    pub async fn propose(
        &self,
        page: PageId,
        command: &Command,
        passage: &Passage,
        mut tell: impl FnMut(ProposalEvent),
    ) -> Result<(), SendError> {
        if *command != Command::Continue && passage.text.trim().is_empty() {
            return Err(SendError::Empty);
        }
        let run = self.begin_asking(page)?;
        let page = self.library.page(page)?;
        if self.library.hands_off(page.project)? {
            return Err(StoreError::HandsOff.into());
        }
        let notes = match page.project {
            Some(project) => self.library.project(project)?.notes,
            None => String::new(),
        };
        let (Destination::Device { model } | Destination::Cloud { model, .. }) = self.here()?;
        self.engine.spare(self.spare_cores());
        let settings = self.settings.get();
        let mood = if *command == Command::Grammar { Mood::Precise } else { settings.mood };
        let sampling = Sampling { seed: settings.seed, ..mood.sampling() };
        let mut around = prompt::AROUND;
        loop {
            let (turns, shortened) = prompt::turns(command, passage, &page.title, &notes, around);
            let request = Request {
                turns,
                sampling,
                rules: Rules { banned: settings.banned.clone(), ..Rules::default() },
                max_tokens: Some(prompt::longest(command, passage)),
            };
            let (raw, outcome) = self.follow_proposal(request, &run.cancel, &mut tell).await;
            if matches!(outcome, Err(AnsweringError::TooLong { .. })) && around > 0 {
                around /= 4;
                continue;
            }
            let text = clean(command, &passage.text, &raw);
            tell(finished(text, model, outcome, shortened));
            return Ok(());
        }
    }

    /// Stops the proposal that is being written for `page`, if any.
    pub fn stop_proposal(&self, page: PageId) {
        if let Some(cancel) = self.asking().get(&page) {
            cancel.cancel();
        }
    }

    async fn follow_proposal(
        &self,
        request: Request,
        cancel: &CancellationToken,
        tell: &mut impl FnMut(ProposalEvent),
    ) -> (String, Result<Finish, AnsweringError>) {
        let mut deltas = self.answering.answer(request, cancel.clone());
        let mut text = String::new();
        while let Some(delta) = deltas.next().await {
            match delta {
                Ok(Delta::Text(more)) => {
                    text.push_str(&more);
                    tell(ProposalEvent::Text(more));
                }
                Ok(Delta::Loading { done, total }) => tell(ProposalEvent::Loading { done, total }),
                Ok(Delta::Reading { done, total }) => tell(ProposalEvent::Reading { done, total }),
                // What it thinks is no part of it, and on this device nobody else serves it.
                Ok(Delta::Thinking(_) | Delta::ServedBy(_)) => {}
                Ok(Delta::Done { finish, .. }) => return (text, Ok(finish)),
                Err(error) => return (text, Err(error)),
            }
        }
        (text, Err(AnsweringError::Crashed))
    }

    fn begin_asking(&self, page: PageId) -> Result<Run<'_>, SendError> {
        match self.asking().entry(page) {
            Entry::Occupied(_) => Err(SendError::Busy),
            Entry::Vacant(place) => {
                let cancel = place.insert(CancellationToken::new()).clone();
                Ok(Run { sotto: self, page, cancel })
            }
        }
    }

    fn asking(&self) -> MutexGuard<'_, HashMap<PageId, CancellationToken>> {
        self.asking.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn finished(
    text: String,
    model: String,
    outcome: Result<Finish, AnsweringError>,
    shortened: bool,
) -> ProposalEvent {
    let empty = text.trim().is_empty();
    let (state, trouble) = match outcome {
        Ok(Finish::Stopped) => (MessageState::Stopped, None),
        Ok(Finish::Complete | Finish::Length) if empty => {
            let sentence =
                "The model proposed nothing. Your text is as it was. Try again, or say it another way.";
            (MessageState::Interrupted, Some(sentence.to_owned()))
        }
        Ok(Finish::Complete) => (MessageState::Complete, None),
        Ok(Finish::Length) => (MessageState::CutAtLength, None),
        Ok(Finish::Filtered | Finish::BrokenOff) => (MessageState::Interrupted, None),
        Err(error) => (MessageState::Interrupted, Some(error.to_string())),
    };
    ProposalEvent::Finished { text, model, state, shortened, trouble }
}

/// The right to ask for a page: one proposal at a time.
struct Run<'a> {
    sotto: &'a Sotto,
    page: PageId,
    cancel: CancellationToken,
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        self.sotto.asking().remove(&self.page);
    }
}

#[cfg(test)]
mod tests;
