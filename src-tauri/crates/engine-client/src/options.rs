//! What an engine is made of, and how long is waited for it.

use std::{path::PathBuf, time::Duration};

/// What an [`Engine`](crate::Engine) is made of.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// The engine's program.
    pub program: PathBuf,
    /// A folder of the engine's own for small files it derives from a model's.
    pub scratch: PathBuf,
    /// The folder of the pictures that it may be shown.
    pub pictures: PathBuf,
    /// How long to wait for what.
    pub timeouts: Timeouts,
}

/// How long the engine may be silent before it is taken for dead.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For the handshake.
    pub hello: Duration,
    /// Between two lines while a run is under way: it gives a sign of life each second.
    pub pulse: Duration,
    /// Without progress while a run is under way, signs of life notwithstanding.
    pub progress: Duration,
    /// On top of `progress`, for each token that is to be read: the slowest machine
    /// that Sotto supports reads about two a second.
    pub per_token: Duration,
    /// For an answer to end that was told to stop; then the engine is ended.
    pub stop: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            hello: Duration::from_secs(20),
            pulse: Duration::from_secs(20),
            progress: Duration::from_mins(2),
            per_token: Duration::from_millis(500),
            stop: Duration::from_secs(5),
        }
    }
}
