//! What an answer is asked for with.

use sotto_engine_protocol::{Rules, RunId, Sampling, Turn};

/// What the app asked for: the fields of the protocol's `Generate`.
#[derive(Debug)]
pub struct GenerateParams {
    pub run: RunId,
    pub turns: Vec<Turn>,
    pub sampling: Sampling,
    pub rules: Rules,
    pub max_tokens: Option<u32>,
    pub top_logprobs: u8,
    pub ignore_eos: bool,
}
