//! What was said before is made less likely to be said again.

use std::collections::{HashMap, HashSet};

use sotto_engine_protocol::{Dry, Sampling};

use crate::vocabulary::Vocabulary;

/// How many tokens back is lately.
const LATELY: usize = 256;

/// The longest repeated sequence that is measured.
const LONGEST: usize = 50;

/// What a sequence never goes on beyond, as its authors have it.
const BREAKERS: &[u8] = b"\n:\"*";

#[derive(Debug)]
pub struct Penalties {
    repetition: f64,
    dry: Option<Dry>,
}

impl Penalties {
    pub fn new(sampling: Sampling) -> Self {
        let Sampling { repetition_penalty, dry, .. } = sampling;
        // What makes no sense is none.
        let repetition = if repetition_penalty.is_finite() { repetition_penalty.max(1.0) } else { 1.0 };
        let dry =
            dry.filter(|dry| dry.multiplier > 0.0 && dry.multiplier.is_finite() && dry.base.is_finite());
        Self { repetition, dry }
    }

    /// Weighs the next token of the talk `before`. Control tokens are not said, and so
    /// neither repeated nor made less likely.
    pub fn weigh(&self, logits: &mut [f32], before: &[u32], vocabulary: &Vocabulary) {
        if self.repetition > 1.0 {
            let lately = &before[before.len().saturating_sub(LATELY)..];
            let said: HashSet<u32> = lately.iter().copied().collect();
            for id in said.into_iter().filter(|id| !vocabulary.bytes(*id).is_empty()) {
                lower(logits, id, |logit| {
                    if logit > 0.0 { logit / self.repetition } else { logit * self.repetition }
                });
            }
        }
        if let Some(Dry { multiplier, base, allowed_length }) = self.dry {
            let breaks = |id: u32| {
                let bytes = vocabulary.bytes(id);
                bytes.is_empty() || bytes.iter().any(|byte| BREAKERS.contains(byte))
            };
            for (id, length) in repetitions(before, breaks) {
                if let Some(beyond) =
                    u32::try_from(length).ok().and_then(|length| length.checked_sub(allowed_length))
                {
                    let cost = multiplier * base.max(1.0).powf(f64::from(beyond));
                    lower(logits, id, |logit| logit - cost);
                }
            }
        }
    }
}

fn lower(logits: &mut [f32], id: u32, to: impl FnOnce(f64) -> f64) {
    if let Some(logit) = logits.get_mut(id as usize) {
        #[allow(clippy::cast_possible_truncation)] // logits are of this precision
        let lowered = to(f64::from(*logit)) as f32;
        *logit = lowered;
    }
}

/// Each token that followed, somewhere before, a sequence that the talk ends with, and
/// the length of the longest such sequence.
fn repetitions(before: &[u32], breaks: impl Fn(u32) -> bool) -> HashMap<u32, usize> {
    let mut found = HashMap::new();
    let Some((last, earlier)) = before.split_last().filter(|(last, _)| !breaks(**last)) else { return found };
    for (at, _) in earlier.iter().enumerate().filter(|(_, id)| *id == last) {
        let next = before[at + 1];
        if breaks(next) {
            continue;
        }
        let alike = earlier[..at].iter().rev().zip(earlier.iter().rev());
        let more = alike.take(LONGEST - 1).take_while(|(a, b)| a == b && !breaks(**a)).count();
        let longest = found.entry(next).or_insert(0);
        *longest = (*longest).max(1 + more);
    }
    found
}

#[cfg(test)]
mod tests;
