//! What a provider takes, and what an answer can do without.

/// What a provider takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Can {
    /// `stream_options`, which asks for what was used at the end.
    pub stream_options: bool,
    /// What the longest answer is called.
    pub token_limit: TokenLimit,
    /// Answers that hold to a JSON schema.
    pub schema: bool,
    /// The header that names who pays, for organisations.
    pub bill_to: Option<&'static str>,
    /// `model:backend` and `model:policy`.
    pub routes: bool,
}

/// What the longest answer is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenLimit {
    /// `max_tokens`
    MaxTokens,
    /// `max_completion_tokens`
    MaxCompletionTokens,
}

impl Can {
    /// What nearly all take.
    pub const USUAL: Self = Self {
        stream_options: true,
        token_limit: TokenLimit::MaxTokens,
        schema: true,
        bill_to: None,
        routes: false,
    };
}

/// A part of a request that some do not take, and that an answer can do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Field {
    /// Asking for what was used. Without it, a cost may stay unknown.
    StreamOptions,
    /// How freely it writes, in one way.
    Temperature,
    /// And in another.
    TopP,
    /// The longest answer under one name; it then goes under the other.
    TokenLimit,
    /// Instructions in a place of their own; they then stand before the user's first message.
    System,
}
