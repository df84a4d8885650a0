//! What an answer took, and who served it.

use serde::{Deserialize, Serialize};

/// What an answer took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of what the model was given.
    pub prompt_tokens: u32,
    /// How many of them it still had in mind from before.
    #[serde(default)]
    pub reused_tokens: u32,
    /// Tokens written.
    pub completion_tokens: u32,
    /// Milliseconds from the request to the first token.
    pub reading_ms: u64,
    /// Milliseconds from the first token to the last.
    pub writing_ms: u64,
}

impl Usage {
    /// Tokens a second while writing; `None` where too little was written to say.
    #[allow(clippy::cast_precision_loss)] // far below 2^52 milliseconds
    pub fn tokens_per_second(&self) -> Option<f64> {
        // The first token's time belongs to reading: n tokens take n - 1 steps.
        let steps = self.completion_tokens.checked_sub(1).filter(|n| *n > 0)?;
        // Below that the clock, which counts milliseconds, says more of itself.
        (self.writing_ms >= 50).then(|| f64::from(steps) * 1000.0 / self.writing_ms as f64)
    }
}

/// Who served an answer that was made elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Served {
    /// The machine room behind the provider, where the provider says: "novita".
    pub backend: Option<String>,
    /// The provider's name for this request, for asking them about it.
    pub request: Option<String>,
}
