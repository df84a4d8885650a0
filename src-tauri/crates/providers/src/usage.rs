//! What an answer took, in whichever shape a provider tells it.

use serde_json::Value;
use sotto_domain::NanoUsd;

use crate::money::dollars;

/// What was used, as far as it was said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Spent {
    /// Tokens given, those in `cached` among them.
    pub(crate) prompt: Option<u64>,
    /// Tokens of what was given that were still in mind over there.
    pub(crate) cached: Option<u64>,
    /// Tokens written, those in `reasoning` among them: they are never added again.
    pub(crate) completion: Option<u64>,
    /// Tokens of what was written that were thoughts.
    pub(crate) reasoning: Option<u64>,
    /// The provider's own figure of the cost.
    pub(crate) reported: Option<NanoUsd>,
    /// The provider's own estimate of it.
    pub(crate) estimated: Option<NanoUsd>,
}

impl Spent {
    /// What is known after `later` was said too: its word counts where it has one.
    #[must_use]
    pub(crate) fn and(self, later: Self) -> Self {
        Self {
            prompt: later.prompt.or(self.prompt),
            cached: later.cached.or(self.cached),
            completion: later.completion.or(self.completion),
            reasoning: later.reasoning.or(self.reasoning),
            reported: later.reported.or(self.reported),
            estimated: later.estimated.or(self.estimated),
        }
    }

    /// From an event of a chat completion; `None` where it says nothing of it.
    pub(crate) fn of_openai(event: &Value) -> Option<Self> {
        let usage = event
            .get("usage")
            .filter(|usage| usage.is_object())
            .or_else(|| event.get("x_groq")?.get("usage").filter(|usage| usage.is_object()))?;
        let prompt = count(usage, "prompt_tokens");
        let completion = count(usage, "completion_tokens").or_else(|| {
            // Some leave out what can be worked out.
            count(usage, "total_tokens")?.checked_sub(prompt?)
        });
        let read = usage.get("prompt_tokens_details").unwrap_or(&Value::Null);
        let written = usage.get("completion_tokens_details").unwrap_or(&Value::Null);
        Some(Self {
            prompt,
            cached: count(read, "cached_tokens").or_else(|| count(usage, "prompt_cache_hit_tokens")),
            completion,
            reasoning: count(written, "reasoning_tokens"),
            reported: reported(usage),
            estimated: usage.get("estimated_cost").and_then(dollars).filter(|cost| cost.0 > 0),
        })
    }

    /// From a message's `usage`: what came out of the cache is counted apart there.
    pub(crate) fn of_anthropic(usage: &Value) -> Option<Self> {
        let cached = count(usage, "cache_read_input_tokens");
        let prompt = count(usage, "input_tokens").map(|fresh| {
            let stored = count(usage, "cache_creation_input_tokens").unwrap_or(0);
            fresh.saturating_add(stored).saturating_add(cached.unwrap_or(0))
        });
        let completion = count(usage, "output_tokens");
        (prompt.is_some() || completion.is_some()).then_some(Self {
            prompt,
            cached,
            completion,
            ..Self::default()
        })
    }
}

/// Nothing is taken for "not said": many write 0 where they know no price. Where the user pays
/// the machine room by a key of their own, the figure is the provider's fee alone.
fn reported(usage: &Value) -> Option<NanoUsd> {
    let fee = usage.get("cost").and_then(dollars);
    let total = if usage.get("is_byok").and_then(Value::as_bool) == Some(true) {
        let upstream = usage.get("cost_details")?.get("upstream_inference_cost").and_then(dollars)?;
        NanoUsd(upstream.0.checked_add(fee?.0)?)
    } else {
        fee?
    };
    (total.0 > 0).then_some(total)
}

fn count(value: &Value, key: &str) -> Option<u64> {
    value.get(key)?.as_u64()
}

#[cfg(test)]
mod tests;
