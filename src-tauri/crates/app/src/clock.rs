//! The time, passed in.

use sotto_domain::Timestamp;

/// Tells the time. Passed in, so that tests own it.
pub type Clock = fn() -> Timestamp;
