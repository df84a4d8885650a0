//! How long a provider is waited for.

use std::time::Duration;

use crate::Endpoint;

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Without anything of an answer: signs of life do not count.
    pub content: Duration,
    /// Without any sign of life from a server of the user's own: an old machine reads a long text
    /// for minutes, and says nothing meanwhile, or sends comments.
    pub own: Duration,
    /// For a whole answer.
    pub overall: Duration,
    /// For a whole answer of a server of the user's own.
    pub own_overall: Duration,
    /// For what was used, after the answer was over.
    pub tail: Duration,
    /// For the body of an error, and for lists.
    pub reply: Duration,
    /// The longest pause that a provider may ask for and be granted without asking the user.
    pub pause: Duration,
    /// Before a connection that did not come about is tried again.
    pub again: Duration,
}

impl Timeouts {
    /// How long without anything of an answer, and how long for all of it, from this endpoint.
    pub(crate) fn with(&self, endpoint: &Endpoint) -> (Duration, Duration) {
        if endpoint.is_own() { (self.own, self.own_overall) } else { (self.content, self.overall) }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            content: Duration::from_mins(2),
            own: Duration::from_mins(10),
            overall: Duration::from_mins(30),
            own_overall: Duration::from_hours(3),
            tail: Duration::from_secs(5),
            reply: Duration::from_secs(30),
            pause: Duration::from_secs(20),
            again: Duration::from_millis(500),
        }
    }
}
