//! The cloud as the user sets it up: who can answer there, their keys, and what it costs.

mod accounts;
mod spending;

pub use accounts::{Account, KeyState};
pub(crate) use spending::utc;
pub use spending::{Month, month_of};
