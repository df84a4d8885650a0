//! The key that a library is encrypted with.

use std::fmt;

use zeroize::Zeroizing;

/// A key of 256 bits. It is never written anywhere by accident: it cannot be displayed, compared or
/// stored as data, and its memory is overwritten when it is dropped.
#[derive(Clone)]
pub struct LibraryKey(Zeroizing<[u8; LibraryKey::LENGTH]>);

impl LibraryKey {
    /// In bytes.
    pub const LENGTH: usize = 32;

    /// Takes the bytes over.
    pub fn new(bytes: [u8; Self::LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes themselves. The reason is for whoever reads or searches the code.
    pub fn expose(&self, _reason: &'static str) -> &[u8; Self::LENGTH] {
        &self.0
    }

    /// The same in hexadecimal digits.
    pub fn hex(&self, _reason: &'static str) -> Zeroizing<String> {
        // It is as long as it gets, so that no part of it is left behind by growing.
        let mut hex = Zeroizing::new(String::with_capacity(2 * Self::LENGTH + 64));
        for byte in *self.0 {
            for half in [byte >> 4, byte & 15] {
                hex.push(char::from_digit(half.into(), 16).unwrap_or('0'));
            }
        }
        hex
    }
}

impl fmt::Debug for LibraryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LibraryKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_does_not_show_in_debug() {
        let key = LibraryKey::new([7; 32]);
        assert!(!format!("{key:?}{:#?}", Some(&key)).contains('7'));
    }
}
