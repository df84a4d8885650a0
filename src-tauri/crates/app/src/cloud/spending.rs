//! What answers made elsewhere cost: the month's limit, the ledger, and its file.

use jiff::{Zoned, civil::Date, tz::TimeZone};
use sotto_domain::{LedgerEntry, Timestamp};

use super::Cloud;
use crate::StoreError;

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
        // A month that no calendar has lies at the end of time.
        let first = i16::try_from(self.year).ok().zip(i8::try_from(self.month).ok());
        let first = first.and_then(|(year, month)| Date::new(year, month, 1).ok());
        let moment = first.and_then(|first| first.to_zoned(TimeZone::UTC).ok());
        moment.map_or(Timestamp::MAX, |moment| moment.timestamp().as_millisecond())
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
    let date = utc(at).date();
    Month { year: date.year().into(), month: date.month().unsigned_abs() }
}

/// A moment by the calendar; the nearest that the calendar has.
pub(crate) fn utc(at: Timestamp) -> Zoned {
    let beyond = if at < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    jiff::Timestamp::from_millisecond(at).unwrap_or(beyond).to_zoned(TimeZone::UTC)
}

impl Cloud<'_> {
    /// What was made elsewhere in a month, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn ledger(self, month: Month) -> Result<Vec<LedgerEntry>, StoreError> {
        self.core.library.ledger(month.begin(), month.next().begin())
    }

    /// The month that it is now.
    pub fn this_month(self) -> Month {
        month_of((self.core.clock)())
    }
}

#[cfg(test)]
mod tests;
