//! What the app and the engine say to each other: one JSON object a line, the
//! app's on the engine's stdin, the engine's on its stdout. Logs go to stderr.
//!
//! The app speaks first, with [`ToEngine::Hello`]; the engine tries the door it is
//! shown there, and answers [`FromEngine::Hello`]. After that every message carries
//! the id of the run it belongs to. A run ends with exactly one of `Loaded`, `Done`,
//! `Counted`, `Unloaded` or `Failed`.

mod framing;
mod messages;
pub mod processor;
mod proof;

pub use framing::{FrameError, MAX_FRAME_BYTES, decode, encode};
pub use messages::{
    Device, Dry, FailureKind, Finish, FromEngine, ModelInfo, Network, Part, Rules, RunId, Sampling, Step,
    Timings, ToEngine, TokenProbability, Turn, TurnRole, Usage,
};
pub use proof::{Attempt, Targets, Tried};

/// The version of this protocol. The two sides must agree exactly: they ship together.
pub const VERSION: u32 = 6;

/// The folder in the engine's own (`Load.scratch`) where it keeps what it read.
pub const KEPT: &str = "kept";

/// The variable of the environment that names a task: the engine's program then does that one
/// task, from stdin to stdout, and speaks no line of this protocol.
pub const TASK: &str = "SOTTO_ENGINE_TASK";

/// The task of looking at a picture: its file in, its pixels out.
pub const LOOK: &str = "look";

/// The task of trying what the bar refuses: [`Targets`] in, a list of [`Tried`] out, as JSON.
pub const PROVE: &str = "prove";

#[cfg(test)]
mod tests;
