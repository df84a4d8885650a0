//! The cloud as the user sets it up: who can answer there, their keys, what it costs, and what left.

mod accounts;
mod goes_to;
mod records;
mod spending;
mod sums;

use crate::core::Core;

pub use accounts::{Account, KeyState};
pub use goes_to::{GoesTo, Near};
pub(crate) use spending::utc;
pub use spending::{Month, month_of};
pub use sums::{MonthSum, NoMonth, ProjectSum, ProviderSum, Sums, Total};

/// Who answers elsewhere, what it costs, and what left.
#[derive(Clone, Copy)]
pub struct Cloud<'a> {
    pub(crate) core: &'a Core,
}
