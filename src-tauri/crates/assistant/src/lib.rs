//! The product's story: what happens when she sends, stops, or asks again.
//!
//! [`Sotto`] is the whole app without a window: a library of conversations, a model
//! that answers, and a few preferences. The shell shows it; `sotto ask` speaks to it.

mod arrange;
mod context;
mod open;
mod send;
mod settings;
mod starting_points;
mod title;

pub use open::{Clock, OpenError, Options, Sotto};
pub use send::{AnswerEvent, SendError};
pub use settings::{Mood, Settings, Theme};

// The shell knows the library and the engine through us alone.
pub use sotto_engine_client::{Barred, Engine, EngineState};
pub use sotto_store::{Hit, Placed, Store, StoreError, TrashKind, Trashed};
