//! What answers made elsewhere cost: the month's limit, the ledger, and its file.

use sotto_domain::{Cost, Destination, Finish, LedgerEntry, NanoUsd, Project, Served, Timestamp, Usage};

use super::{Draft, Parcel};
use crate::{SendError, Sotto, StoreError};

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
    /// Refuses what could take the month over its limit.
    pub(super) fn within_the_cap(
        &self,
        project: Option<&Project>,
        highest: Option<NanoUsd>,
    ) -> Result<(), SendError> {
        let cap = match project {
            Some(project) => project.monthly_cap,
            None => self.settings.get().cloud.monthly_cap,
        };
        let Some(cap) = cap else { return Ok(()) };
        let Some(highest) = highest else { return Err(SendError::PriceUnknown) };
        let from = month_of((self.clock)()).begin();
        let spent = self.library.spent_since(project.map(|project| project.id), from)?;
        if spent.0.saturating_add(highest.0) > cap.0 {
            return Err(SendError::OverTheCap {
                spent: spent.into(),
                highest: highest.into(),
                cap: cap.into(),
            });
        }
        Ok(())
    }

    /// Writes down what left, and what came of it. `spent` is `None` where no answer came.
    pub(crate) fn enter_into_the_ledger(
        &self,
        draft: &Draft,
        parcel: &Sent,
        served: &Served,
        spent: Option<(Finish, Usage, Cost)>,
    ) -> Result<(), StoreError> {
        let Destination::Cloud { provider, model, backend } = &parcel.by else { return Ok(()) };
        // A provider that reports nothing leaves all at zero: that is not known, not nothing.
        let usage = spent.map(|(_, usage, _)| usage).filter(|usage| usage.prompt_tokens > 0);
        self.library.enter(&LedgerEntry {
            at: (self.clock)(),
            project: draft.project.as_ref().map(|project| project.id),
            project_name: draft.project.as_ref().map(|project| project.name.clone()),
            conversation: draft.conversation.id,
            provider: provider.clone(),
            backend: served.backend.clone().or_else(|| backend.clone()),
            model: model.clone(),
            request: served.request.clone(),
            bytes: parcel.bytes,
            prompt_tokens: usage.map(|usage| usage.prompt_tokens),
            reused_tokens: usage.map(|usage| usage.reused_tokens),
            completion_tokens: usage.map(|usage| usage.completion_tokens),
            cost: spent.map_or(Cost::Unknown, |(_, _, cost)| cost),
        })
    }

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

/// What is still known of a parcel after it left.
pub(crate) struct Sent {
    pub(crate) by: Destination,
    pub(crate) bytes: u64,
}

impl From<&Parcel> for Sent {
    fn from(parcel: &Parcel) -> Self {
        Self { by: parcel.destination(), bytes: parcel.bytes }
    }
}

#[cfg(test)]
mod tests;
