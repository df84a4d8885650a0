//! Which token is written next. A pure function of the logits, the sampling asked
//! for, and a seed.

use std::hash::{BuildHasher, RandomState};

use sotto_engine_protocol::Sampling;

use crate::logprobs::largest;

/// Candidates considered where the app does not say how many.
const USUAL_TOP_K: u32 = 64;

/// Chooses one token after another.
#[derive(Debug)]
pub struct Sampler {
    temperature: f64,
    top_p: f64,
    top_k: usize,
    min_p: f64,
    random: SplitMix,
}

impl Sampler {
    pub fn new(sampling: Sampling, seed: u64) -> Self {
        let top_k = if sampling.top_k == 0 { USUAL_TOP_K } else { sampling.top_k };
        // Greedy is the safe reading of what makes no sense.
        let greedy = sampling.temperature.is_nan() || sampling.temperature <= 0.0;
        Self {
            temperature: if greedy { 0.0 } else { sampling.temperature },
            top_p: if sampling.top_p > 0.0 { sampling.top_p.min(1.0) } else { 1.0 },
            top_k: top_k as usize,
            min_p: if sampling.min_p > 0.0 { sampling.min_p.min(1.0) } else { 0.0 },
            random: SplitMix(seed),
        }
    }

    /// The next token; `None` where no logit is a number above minus infinity, or none of
    /// those tokens is `allowed`. What is found not to be is taken out of `logits`.
    ///
    /// As transformers does it: divided by the temperature, the `top_k` likeliest are
    /// kept, then the fewest of them that together reach `top_p`, then those that are at
    /// least `min_p` as likely as the first.
    pub fn choose(&mut self, logits: &mut [f32], allowed: impl Fn(u32) -> bool) -> Option<u32> {
        let count = if self.temperature == 0.0 { 1 } else { self.top_k };
        let candidates = loop {
            let candidates = largest(logits, count);
            let before = candidates.len();
            let kept: Vec<u32> = candidates
                .into_iter()
                .filter(|id| {
                    let allowed = allowed(*id);
                    if !allowed {
                        logits[*id as usize] = f32::NEG_INFINITY;
                    }
                    allowed
                })
                .collect();
            if kept.len() == before {
                break kept;
            }
        };
        let first = *candidates.first()?;
        if candidates.len() == 1 {
            return Some(first);
        }
        let highest = f64::from(logits[first as usize]);
        let weight = |id: &u32| ((f64::from(logits[*id as usize]) - highest) / self.temperature).exp();
        let weights: Vec<f64> = candidates.iter().map(weight).collect();

        let enough = self.top_p * weights.iter().sum::<f64>();
        let mut reached = 0.0;
        let kept = weights.iter().take_while(|weight| {
            let wanted = reached < enough && **weight >= self.min_p * weights[0];
            reached += **weight;
            wanted
        });
        let kept: Vec<f64> = kept.copied().collect();

        let mut point = self.random.unit() * kept.iter().sum::<f64>();
        let chosen = kept.iter().position(|weight| {
            point -= weight;
            point < 0.0
        });
        // Rounding may leave the point at the very end: then it is the last.
        Some(candidates[chosen.unwrap_or(kept.len() - 1)])
    }
}

/// A seed that differs from run to run and from start to start.
pub fn fresh_seed() -> u64 {
    // The standard library's hash maps are keyed by the system's randomness.
    RandomState::new().hash_one(0)
}

/// `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014): more than even enough to draw words by.
#[derive(Debug)]
struct SplitMix(u64);

impl SplitMix {
    /// At least 0 and below 1.
    #[allow(clippy::cast_precision_loss)] // 53 bits are just what an f64 holds
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        (bits >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests;
