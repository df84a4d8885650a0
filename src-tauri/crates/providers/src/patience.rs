//! How long a provider is waited for.

use std::time::Duration;

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Without anything of an answer: signs of life do not count.
    pub content: Duration,
    /// For a whole answer.
    pub overall: Duration,
    /// For what was used, after the answer was over.
    pub tail: Duration,
    /// For the body of an error, and for lists.
    pub reply: Duration,
    /// The longest pause that a provider may ask for and be granted without asking her.
    pub pause: Duration,
    /// Before a connection that did not come about is tried again.
    pub again: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            content: Duration::from_mins(2),
            overall: Duration::from_mins(30),
            tail: Duration::from_secs(5),
            reply: Duration::from_secs(30),
            pause: Duration::from_secs(20),
            again: Duration::from_millis(500),
        }
    }
}
