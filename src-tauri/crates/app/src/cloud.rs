//! The cloud as the user sets it up: who can answer there, their keys, what it costs, and what left.

mod accounts;
mod records;
mod spending;

use crate::core::Core;

pub use accounts::{Account, KeyState};
pub(crate) use spending::utc;
pub use spending::{Month, month_of};

/// Who answers elsewhere, what it costs, and what left.
#[derive(Clone, Copy)]
pub struct Cloud<'a> {
    pub(crate) core: &'a Core,
}
