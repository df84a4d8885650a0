//! What a sheet is known by.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// The SHA-256 of all that is shown: agreeing to one sheet is not agreeing to another. The one of
/// nothing is no sheet's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Fingerprint([u8; 32]);

/// This is no fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no fingerprint of a sheet")]
pub struct NoFingerprint;

impl Fingerprint {
    /// Of these parts, in this order.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut seen = Sha256::new();
        for part in parts {
            // Each by its length, so that nothing passes from one part into the next.
            seen.update((part.len() as u64).to_le_bytes());
            seen.update(part);
        }
        Self(seen.finalize().into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// What is none is no sheet's, and so no yes.
impl From<String> for Fingerprint {
    fn from(text: String) -> Self {
        text.parse().unwrap_or_default()
    }
}

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, NoFingerprint> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NoFingerprint);
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).map_err(|_| NoFingerprint)?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_is_written_and_nothing_else_is() {
        let one = Fingerprint::of(&[b"to", b"7", b"body"]);
        assert_eq!(one.to_string().parse(), Ok(one));
        assert_ne!(one, Fingerprint::of(&[b"to7", b"", b"body"]));
        let text = one.to_string();
        for nonsense in ["", "first", &text[1..], &format!("{text}0"), &"é".repeat(32), &"+1".repeat(32)] {
            assert_eq!(nonsense.parse::<Fingerprint>(), Err(NoFingerprint), "{nonsense}");
        }
    }
}
