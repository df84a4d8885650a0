//! A picture of a file that comes in, before it is kept.

use sha2::{Digest, Sha256};
use sotto_manuscript::{Fit, Picture};

/// A little below what `sotto_manuscript` takes of each.
const LONGEST_ALT: usize = 4_000;
pub(crate) const LONGEST_CAPTION: usize = 8_000;

/// What a picture is called until it is kept.
pub(crate) fn provisional(bytes: &[u8]) -> String {
    format!("{:x}.png", Sha256::digest(bytes))
}

/// A picture of that name, of which this is said.
pub(crate) fn waiting(file: String, alt: &str) -> Picture {
    Picture {
        file,
        width: 1,
        height: 1,
        alt: shortened(alt, LONGEST_ALT),
        caption: String::new(),
        fit: Fit::Text,
        cover: false,
    }
}

/// One line of so many bytes at most.
pub(crate) fn shortened(text: &str, longest: usize) -> String {
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = (0..=longest.min(line.len())).rev().find(|end| line.is_char_boundary(*end));
    line.truncate(end.unwrap_or_default());
    line
}
