//! What answers made elsewhere cost: the month's limit, the ledger, and its file.

use sotto_domain::{Account, LedgerEntry, NanoUsd, OpenedEntry, Project, Served, Settlement, Timestamp};
use sotto_egress::within_limit;

use super::{Draft, Parcel};
use crate::{SendError, Sotto, StoreError, page::Ending};

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
    /// Refuses what could take the month over its limit, before it is shown or asked for. When it
    /// leaves it is decided on again, with the money reserved in the same step.
    pub(super) fn within_the_limit(
        &self,
        project: Option<&Project>,
        highest: Option<NanoUsd>,
    ) -> Result<(), SendError> {
        let month = self.this_month().begin();
        let budget = self.library.budget(project.map(|project| project.id), month)?;
        Ok(within_limit(&budget, highest)?)
    }

    /// On whose account an answer goes. It has no entry in the ledger yet.
    pub(crate) fn account_for(&self, draft: &Draft, parcel: &Parcel) -> Account {
        Account {
            project_name: draft.project.as_ref().map(|project| project.name.clone()),
            backend: parcel.choice.backend().map(str::to_owned),
            model: parcel.choice.model.clone(),
            month: self.this_month().begin(),
            agreed_model: parcel.agreed_model.clone(),
            entry: OpenedEntry::default(),
        }
    }

    /// Writes down what came of an answer, where anything left. `ending` is `None` where it did not
    /// come to its end: then it costs what was reserved at most.
    pub(crate) fn settle(
        &self,
        entry: &OpenedEntry,
        served: &Served,
        ending: Option<Ending>,
    ) -> Result<(), StoreError> {
        let Some(id) = entry.id() else { return Ok(()) };
        // A provider that reports nothing leaves all at zero: that is not known, not nothing.
        let usage = ending.map(|(_, usage, _)| usage).filter(|usage| usage.prompt_tokens > 0);
        let settlement = Settlement {
            ended_at: (self.clock)(),
            backend: served.backend.clone(),
            request: served.request.clone(),
            prompt_tokens: usage.map(|usage| usage.prompt_tokens),
            reused_tokens: usage.map(|usage| usage.reused_tokens),
            completion_tokens: usage.map(|usage| usage.completion_tokens),
            cost: ending.map(|(_, _, cost)| cost),
        };
        self.library.settle(id, &settlement)
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

#[cfg(test)]
mod tests;
