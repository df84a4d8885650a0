//! The one place where mistral.rs asks us something: at each step it shows the raw
//! logits, and takes what comes back as the next. Here the token is written by the run's
//! own writer and told to the run; mistral.rs gets logits that leave it no choice. So its
//! own sampler, which sorts the vocabulary, starts from the same seed at every start and
//! reports logarithms of something else, has no part in it.

use std::{
    io::Error,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};

use mistralrs::{CustomLogitsProcessor, Tensor};

use crate::{
    fault::Fault,
    writer::{Writer, Written},
};

/// What a run waits for.
#[derive(Debug)]
pub enum Event {
    /// So many tokens of the prompt are read.
    Read { done: usize, total: usize },
    /// A token was written.
    Written(Written),
    /// No token can be written, for this reason.
    Failed(Fault),
    /// There will be no more: the sequence was dropped, whatever the reason.
    Over,
    /// The app wants the run to stop.
    Cancelled,
}

/// Writes the tokens of one run.
pub struct LogitsHook {
    writer: Mutex<Writer>,
    /// A token that ends the sequence, where one does.
    end: Option<u32>,
    /// Set when the run was cancelled.
    stopped: Arc<AtomicBool>,
    run: mpsc::Sender<Event>,
}

impl LogitsHook {
    pub fn new(writer: Writer, end: Option<u32>, stopped: Arc<AtomicBool>, run: mpsc::Sender<Event>) -> Self {
        Self { writer: Mutex::new(writer), end, stopped, run }
    }

    /// The token that mistral.rs is to take. A run that is over ends by the one that ends
    /// an answer, so that what was read stays in mind; where there is none, by an error,
    /// which also clears the mind.
    fn next(&self, logits: &Tensor, before: &[u32]) -> mistralrs::Result<u32> {
        let ended = || self.end.ok_or_else(|| Error::other("the run is over").into());
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if writer.is_over() || self.stopped.load(Ordering::Relaxed) {
            return ended();
        }
        let (id, over, event) = match writer.write(&logits.to_vec1()?, before) {
            Ok(written) => (Some(written.step.id), written.end.is_some(), Event::Written(written)),
            Err(fault) => (None, true, Event::Failed(fault)),
        };
        let heard = self.run.send(event).is_ok();
        match (id, self.end) {
            (Some(id), _) if heard && !over => Ok(id),
            // The last of as many as were asked for ends the sequence by itself.
            (Some(id), None) if heard => Ok(id),
            _ => ended(),
        }
    }
}

impl CustomLogitsProcessor for LogitsHook {
    fn apply(&self, logits: &Tensor, before: &[u32]) -> mistralrs::Result<Tensor> {
        let id = self.next(logits, before)?;
        let count = logits.elem_count();
        let mut only = vec![0.0f32; count];
        let chosen = only.get_mut(id as usize).ok_or_else(|| Error::other("there is no such token"))?;
        *chosen = 1.0;
        Tensor::from_vec(only, count, logits.device())
    }
}

impl Drop for LogitsHook {
    fn drop(&mut self) {
        // A run that is over already wants to hear no more.
        let _ = self.run.send(Event::Over);
    }
}
