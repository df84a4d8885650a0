//! What answers made elsewhere cost: the month's limit, the ledger, and its file.

use sotto_domain::{LedgerEntry, Timestamp};

use crate::{Sotto, StoreError};

const DAY: i64 = 86_400_000;

/// A month of the calendar, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The year.
    pub year: i64,
    /// From 1 to 12.
    pub month: u8,
}

impl Month {
    /// Its first millisecond.
    pub fn begin(self) -> Timestamp {
        days(self.year, self.month) * DAY
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        match self.month {
            12 => Self { year: self.year + 1, month: 1 },
            month => Self { year: self.year, month: month + 1 },
        }
    }

    /// The one before it.
    #[must_use]
    pub fn previous(self) -> Self {
        match self.month {
            1 => Self { year: self.year - 1, month: 12 },
            month => Self { year: self.year, month: month - 1 },
        }
    }
}

/// The month that a moment lies in.
pub fn month_of(at: Timestamp) -> Month {
    // Every year has 365.2425 days: the guess is at most one month off, and mended.
    let year = 1970 + at.div_euclid(DAY) * 400 / 146_097;
    let mut month = Month { year, month: 1 };
    while month.begin() > at {
        month = month.previous();
    }
    while month.next().begin() <= at {
        month = month.next();
    }
    month
}

/// Days from 1 January 1970 to the first of this month (Howard Hinnant, "chrono-Compatible
/// Low-Level Date Algorithms", `days_from_civil`).
fn days(year: i64, month: u8) -> i64 {
    // The year begins in March, so that the odd day is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (i64::from(month) + if month > 2 { -3 } else { 9 }) + 2) / 5;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl Sotto {
    /// What was made elsewhere in a month, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn ledger(&self, month: Month) -> Result<Vec<LedgerEntry>, StoreError> {
        self.library.ledger(month.begin(), month.next().begin())
    }

    /// The month that it is now.
    pub fn this_month(&self) -> Month {
        month_of((self.clock)())
    }
}

#[cfg(test)]
mod tests;
