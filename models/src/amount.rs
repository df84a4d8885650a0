//! Sizes and times as people say them.

use std::{fmt, time::Duration};

/// A number of bytes, shown as "2.1 GB" or "840 MB": thousands, as shops count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

const MEGA: u64 = 1_000_000;
const GIGA: u64 = 1_000_000_000;

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            // 999.95 MB would be shown as 1000 MB.
            n if n >= GIGA - MEGA / 2 => {
                let tenths = (n + GIGA / 20) / (GIGA / 10);
                write!(f, "{}.{} GB", tenths / 10, tenths % 10)
            }
            n if n >= MEGA => write!(f, "{} MB", (n + MEGA / 2) / MEGA),
            n if n >= 1000 => write!(f, "{} kB", n / 1000),
            n => write!(f, "{n} bytes"),
        }
    }
}

/// A time to wait, as "about 4 minutes".
pub(crate) fn about(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=1 => "a moment".into(),
        2..=89 => format!("{seconds} seconds"),
        90..=5399 => format!("about {} minutes", (seconds + 30) / 60),
        _ => format!("about {} hours", (seconds + 1800) / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_on_a_label() {
        for (bytes, said) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_500, "1 kB"),
            (841_501_856, "842 MB"),
            (999_499_999, "999 MB"),
            (999_500_000, "1.0 GB"),
            (2_147_023_008, "2.1 GB"),
            (8_239_593_024, "8.2 GB"),
            (9_950_000_000, "10.0 GB"),
        ] {
            assert_eq!(Bytes(bytes).to_string(), said);
        }
    }

    #[test]
    fn waits_are_rounded_to_what_matters() {
        assert_eq!(about(Duration::from_secs(30)), "30 seconds");
        assert_eq!(about(Duration::from_mins(4)), "about 4 minutes");
        assert_eq!(about(Duration::from_hours(3)), "about 3 hours");
    }
}
