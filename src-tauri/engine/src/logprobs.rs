//! How likely each token was: log-softmax of the raw logits, over the whole
//! vocabulary and before temperature.

use sotto_engine_protocol::TokenProbability;

/// The `count` likeliest tokens, likeliest first; of equals, the lower id first. `text` says what a
/// token says.
pub fn top(logits: &[f32], count: usize, text: impl Fn(u32) -> String) -> Vec<TokenProbability> {
    if count == 0 {
        return Vec::new();
    }
    let total = log_sum_exp(logits);
    largest(logits, count)
        .into_iter()
        .map(|id| {
            #[allow(clippy::cast_possible_truncation)] // f32 is what the protocol carries
            let logprob = (f64::from(logits[id as usize]) - total) as f32;
            TokenProbability { id, text: text(id), logprob }
        })
        .collect()
}

/// The ids of the `count` largest logits, largest first; of equals, the lower id first.
/// What is not a number counts as impossible.
pub fn largest(logits: &[f32], count: usize) -> Vec<u32> {
    let possible = |id: &u32| logits[*id as usize] > f32::NEG_INFINITY;
    let end = u32::try_from(logits.len()).unwrap_or(u32::MAX);
    let mut ids: Vec<u32> = (0..end).filter(possible).collect();
    let order = |a: &u32, b: &u32| logits[*b as usize].total_cmp(&logits[*a as usize]).then(a.cmp(b));
    if count > 0 && count < ids.len() {
        // Sorting 131,072 of them at every token would take longer than some of the layers.
        ids.select_nth_unstable_by(count - 1, order);
    }
    ids.truncate(count);
    ids.sort_unstable_by(order);
    ids
}

/// ln Σ exp(x), without overflow.
fn log_sum_exp(logits: &[f32]) -> f64 {
    let finite = || logits.iter().map(|x| f64::from(*x)).filter(|x| !x.is_nan());
    let largest = finite().fold(f64::NEG_INFINITY, f64::max);
    largest + finite().map(|x| (x - largest).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests;
