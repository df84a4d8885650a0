//! What an answer cost, and how that is known. Never nothing for unknown.

use serde::{Deserialize, Serialize};

/// A billionth of a US dollar: prices a token are far below a cent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct NanoUsd(pub u64);

impl std::fmt::Display for NanoUsd {
    /// For a sentence, "$1.25": to the cent; below ten cents to the hundredth of one, rounded up,
    /// so that a little is never nothing.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let nano = self.0;
        if nano >= 100_000_000 {
            let cents = nano.div_ceil(10_000_000);
            write!(f, "${}.{:02}", cents / 100, cents % 100)
        } else {
            write!(f, "$0.{:04}", nano.div_ceil(100_000))
        }
    }
}

/// What an answer cost, and how that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "known", content = "nano_usd")]
pub enum Cost {
    /// The provider's own figure.
    Reported(NanoUsd),
    /// The provider's own estimate.
    EstimatedByProvider(NanoUsd),
    /// What was used, times the price of who served it.
    Computed(NanoUsd),
    /// It cannot have been more: the answer was cut off, or a part's price is not known.
    UpperBound(NanoUsd),
    /// No price is known, and no server told the cost.
    Unknown,
    /// It cost nothing, and that is known.
    Free,
}

impl Cost {
    /// What is written down before it is known: the most that it can be.
    pub fn reserved(ceiling: Option<NanoUsd>) -> Self {
        match ceiling {
            None => Self::Unknown,
            Some(NanoUsd(0)) => Self::Free,
            Some(most) => Self::UpperBound(most),
        }
    }

    /// The figure, where there is one.
    pub fn amount(self) -> Option<NanoUsd> {
        match self {
            Self::Reported(amount)
            | Self::EstimatedByProvider(amount)
            | Self::Computed(amount)
            | Self::UpperBound(amount) => Some(amount),
            Self::Free => Some(NanoUsd(0)),
            Self::Unknown => None,
        }
    }
}
