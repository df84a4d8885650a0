//! Moments as files have them: `2026-11-26T17:40:00Z`, and milliseconds since 1970.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// The milliseconds since 1970 of such a text; one that says no zone is taken for one in UTC.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let in_utc = || text.parse::<DateTime>().and_then(|time| time.to_zoned(TimeZone::UTC));
    let moment = text.parse::<Timestamp>().or_else(|_| in_utc().map(|time| time.timestamp())).ok()?;
    Some(moment.as_millisecond()).filter(|ms| (0..100_000_000_000_000).contains(ms))
}

/// Such a text.
pub(crate) fn moment(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
