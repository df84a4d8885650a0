//! The one place where mistral.rs asks us something: at each step it shows the raw
//! logits, and takes what comes back as the next. Here the token is chosen, its
//! likelihood noted, and both are told to the run; mistral.rs gets logits that leave
//! it no choice. So its own sampler, which sorts the vocabulary, starts from the same
//! seed at every start and reports logarithms of something else, has no part in it.

use std::{
    io::Error,
    sync::{Mutex, PoisonError, mpsc},
};

use mistralrs::{CustomLogitsProcessor, Tensor};
use sotto_engine_protocol::Step;

use crate::{fault::Fault, logprobs, sampler::Sampler};

/// What a run waits for.
#[derive(Debug)]
pub enum Event {
    /// The talk as tokens.
    Prompt(Result<Vec<u32>, Fault>),
    /// A token was chosen.
    Step(Step),
    /// There will be no more: the sequence was dropped, whatever the reason.
    Over,
    /// The app wants the run to stop.
    Cancelled,
}

/// Chooses the tokens of one run.
pub struct Steps {
    sampler: Mutex<Sampler>,
    top_logprobs: usize,
    /// A token that ends the sequence, where one does.
    end: Option<u32>,
    run: mpsc::Sender<Event>,
}

impl Steps {
    pub fn new(sampler: Sampler, top_logprobs: u8, end: Option<u32>, run: mpsc::Sender<Event>) -> Self {
        Self { sampler: Mutex::new(sampler), top_logprobs: top_logprobs.into(), end, run }
    }
}

impl CustomLogitsProcessor for Steps {
    /// A run that listens no more, because it was cancelled or has all it wants, ends at
    /// its next token: by the one that ends an answer, so that what was read stays in
    /// mind; where there is none, by an error, which also clears the mind.
    fn apply(&self, logits: &Tensor, _context: &[u32]) -> mistralrs::Result<Tensor> {
        let raw: Vec<f32> = logits.to_vec1()?;
        let mut sampler = self.sampler.lock().unwrap_or_else(PoisonError::into_inner);
        let id = sampler.choose(&raw).ok_or_else(|| Error::other("the logits hold no number"))?;
        let step = Step { id, top: logprobs::top(&raw, self.top_logprobs) };
        let id = match self.run.send(Event::Step(step)) {
            Ok(()) => id,
            Err(_) => self.end.ok_or_else(|| Error::other("the run is over"))?,
        };

        let mut only = vec![0.0f32; raw.len()];
        let chosen = only.get_mut(id as usize).ok_or_else(|| Error::other("there is no such token"))?;
        *chosen = 1.0;
        Tensor::from_vec(only, raw.len(), logits.device())
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        // A run that is over already wants to hear no more.
        let _ = self.run.send(Event::Over);
    }
}
