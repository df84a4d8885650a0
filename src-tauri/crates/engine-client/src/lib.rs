//! The engine is a process of its own, barred from the network by the operating
//! system; this crate starts it, watches it, and starts it again when it falls.
//!
//! [`Engine`] is the handle: it implements the [`Answering`](sotto_domain::Answering)
//! port. Behind it one task owns the process and takes orders one after another, so
//! the engine never serves two runs at once and no lock is ever held across a wait.

mod actor;
mod cpu;
mod ending;
mod engine;
mod lines;
mod options;
mod plan;
mod proof;
mod sandbox;
mod session;
mod state;
mod task;

pub use engine::Engine;
pub use options::{EngineOptions, Timeouts};
pub use plan::{Device, Plan};
pub use sotto_engine_protocol::{Attempt, LOOK, Tried};
pub use state::{Barred, EngineState, Loaded};
pub use task::TaskLimits;
