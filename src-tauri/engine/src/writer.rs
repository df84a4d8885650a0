//! One answer, written token by token: which token comes next, what text it makes, and
//! whether it was the last. A pure function of the logits, what was asked for, and a seed.

mod banned;
mod penalties;
mod shape;
mod stops;

use std::sync::Arc;

use sotto_engine_protocol::{Finish, Step};

pub use self::shape::Shape;
use self::{banned::Banned, penalties::Penalties, stops::Stops};
use crate::{
    fault::Fault,
    logprobs,
    params::GenerateParams,
    sampler::{Sampler, fresh_seed},
    vocabulary::{Characters, Vocabulary},
};

/// Writes one answer.
pub struct Writer {
    vocabulary: Arc<Vocabulary>,
    sampler: Sampler,
    penalties: Penalties,
    banned: Banned,
    shape: Option<Shape>,
    stops: Stops,
    characters: Characters,
    /// The tokens that end the answer; none, where it is to go on past them.
    ends: Vec<u32>,
    top_logprobs: usize,
    left: u32,
    /// Whether the next text is the answer's first.
    first: bool,
    over: bool,
}

/// What was written at one step.
#[derive(Debug)]
pub struct Written {
    pub step: Step,
    /// Whole characters, possibly none.
    pub text: String,
    /// Why this was the last step, where it was.
    pub end: Option<Finish>,
}

impl Writer {
    /// Writes what `params` asks for, in at most `longest` tokens.
    pub fn new(
        params: &GenerateParams,
        vocabulary: Arc<Vocabulary>,
        ends: &[u32],
        shape: Option<Shape>,
        longest: u32,
    ) -> Self {
        Self {
            vocabulary,
            sampler: Sampler::new(params.sampling, params.sampling.seed.unwrap_or_else(fresh_seed)),
            penalties: Penalties::new(params.sampling),
            banned: Banned::new(&params.rules.banned),
            shape,
            stops: Stops::new(&params.rules.stop),
            characters: Characters::default(),
            ends: if params.ignore_eos { Vec::new() } else { ends.to_vec() },
            top_logprobs: params.top_logprobs.into(),
            left: longest,
            first: true,
            over: false,
        }
    }

    /// Whether the last step was written.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Writes the next token of the talk `before`.
    pub fn write(&mut self, raw: &[f32], before: &[u32]) -> Result<Written, Fault> {
        let mut logits = raw.to_vec();
        self.penalties.weigh(&mut logits, before, &self.vocabulary);
        if let Some(shape) = &mut self.shape {
            shape.allow(&mut logits, &self.ends)?;
        }
        if logits.iter().all(|logit| logit.is_nan() || *logit == f32::NEG_INFINITY) {
            // Nothing was left by us, or nothing was there.
            let numbers = raw.iter().any(|logit| *logit > f32::NEG_INFINITY);
            return Err(if numbers { Fault::NothingAllowed } else { Fault::Stumbled });
        }
        let (banned, vocabulary) = (&self.banned, &self.vocabulary);
        let allowed = |id| !banned.would_be_written_by(vocabulary.bytes(id));
        let id = self.sampler.choose(&mut logits, allowed).ok_or(Fault::NothingAllowed)?;
        let text = |id| String::from_utf8_lossy(vocabulary.bytes(id)).into_owned();
        let told = if self.top_logprobs > 0 { text(id) } else { String::new() };
        let step = Step { id, text: told, top: logprobs::top(raw, self.top_logprobs, text) };
        self.take(step)
    }

    fn take(&mut self, step: Step) -> Result<Written, Fault> {
        self.left = self.left.saturating_sub(1);
        let said_all = self.ends.contains(&step.id);
        let mut bytes = self.vocabulary.bytes(step.id);
        if self.first && !bytes.is_empty() {
            self.first = false;
            let space = if self.vocabulary.space_before { bytes.strip_prefix(b" ") } else { None };
            bytes = space.unwrap_or(bytes);
        }
        self.banned.read(bytes);
        let shaped = match &mut self.shape {
            Some(shape) if !said_all => shape.read(step.id)?,
            _ => false,
        };
        let (mut text, stopped) = self.stops.read(&self.characters.push(bytes));
        let end = if stopped || said_all || shaped {
            Some(Finish::Complete)
        } else {
            (self.left == 0).then_some(Finish::Length)
        };
        if end.is_some() && !stopped {
            text.push_str(&self.stops.rest());
        }
        self.over = end.is_some();
        Ok(Written { step, text, end })
    }
}
