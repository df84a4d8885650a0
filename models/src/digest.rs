//! The one measure by which a file is known: its SHA-256.

use std::{fmt, fs::File, io, io::Read, path::Path, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

/// A SHA-256. Written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of bytes that lie in memory.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256")]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let digits: Vec<u8> = text
            .chars()
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()).ok_or(NotADigest))
            .collect::<Result<_, _>>()?;
        let digits: [u8; 64] = digits.try_into().map_err(|_| NotADigest)?;
        Ok(Self(std::array::from_fn(|i| digits[2 * i] << 4 | digits[2 * i + 1])))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A digest in the making, fed as bytes come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Digesting(Sha256);

impl Digesting {
    pub fn feed(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

/// Reads what there is of a file, telling after each piece how many bytes are done.
/// Blocks; `Interrupted` where `stop` was asked for.
pub(crate) fn digest_so_far(
    file: &mut File,
    stop: &CancellationToken,
    mut done: impl FnMut(u64),
) -> io::Result<(Digesting, u64)> {
    let mut digesting = Digesting::default();
    let mut piece = vec![0; 1 << 20];
    let mut total = 0;
    loop {
        if stop.is_cancelled() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        // Not `read_exact`: the end may come anywhere.
        match file.read(&mut piece) {
            Ok(0) => return Ok((digesting, total)),
            Ok(count) => {
                digesting.feed(&piece[..count]);
                total += count as u64;
                done(total);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The digest of a whole file.
pub(crate) fn digest_file(
    path: &Path,
    stop: &CancellationToken,
    done: impl FnMut(u64),
) -> io::Result<Digest> {
    let (digesting, _) = digest_so_far(&mut File::open(path)?, stop, done)?;
    Ok(digesting.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn a_digest_is_written_as_it_is_read() {
        let digest: Digest = OF_NOTHING.parse().unwrap();
        assert_eq!(digest, Digest::of(b""));
        assert_eq!(digest.to_string(), OF_NOTHING);
        assert_eq!(OF_NOTHING.to_uppercase().parse(), Ok(digest));
    }

    #[test]
    fn what_is_no_digest_is_not_taken_for_one() {
        for text in ["", "e3b0", &OF_NOTHING[1..], &OF_NOTHING.replace('e', "g"), &format!("{OF_NOTHING}0")] {
            assert_eq!(text.parse::<Digest>(), Err(NotADigest), "{text}");
        }
    }

    #[test]
    fn a_file_is_digested_piece_by_piece() {
        let bytes = vec![7; (1 << 20) + 5];
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &bytes).unwrap();
        let mut told = Vec::new();
        let digest = digest_file(file.path(), &CancellationToken::new(), |done| told.push(done)).unwrap();
        assert_eq!(digest, Digest::of(&bytes));
        assert_eq!(told.last(), Some(&(bytes.len() as u64)));
    }
}
