//! A picture on a page. The document names a file of the library by what it holds; that it is there
//! is the library's to know.

use serde::{Deserialize, Serialize};

/// What is said of a picture, in bytes.
const LONGEST_ALT: usize = 4 * 1024;
const LONGEST_CAPTION: usize = 8 * 1024;
/// Of a picture, in pixels; the library keeps them smaller.
const LONGEST_EDGE: u32 = 20_000;

/// Which picture stands there, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// The name of its file: the SHA-256 of what it holds, and its ending.
    pub file: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// What is to be seen, for whoever does not see it; empty where nobody said.
    pub alt: String,
    /// What stands below it; empty for nothing.
    pub caption: String,
    /// How wide it stands.
    pub fit: Fit,
    /// A book that the page is of has it on its cover.
    pub cover: bool,
}

/// How wide a picture stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// As wide as the text, where it has the pixels for that.
    Text,
    /// Half as wide.
    Half,
}

impl Picture {
    /// Whether `name` can be the name of a picture's file: 64 digits of a hash, and `.png` or `.jpg`.
    pub fn is_file(name: &str) -> bool {
        let hash = name.strip_suffix(".png").or_else(|| name.strip_suffix(".jpg"));
        hash.is_some_and(|hash| {
            hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        })
    }

    /// What stands for it where there are only letters.
    pub fn in_words(&self) -> String {
        let alt = one_line(&self.alt);
        let picture = if alt.is_empty() { "[Picture]".to_owned() } else { format!("[Picture: {alt}]") };
        let caption = one_line(&self.caption);
        if caption.is_empty() { picture } else { format!("{picture}\n{caption}") }
    }

    /// Whether it is what it says, and not too much.
    pub(crate) fn is_one(&self) -> bool {
        let Self { file, width, height, alt, caption, .. } = self;
        Self::is_file(file)
            && (1..=LONGEST_EDGE).contains(width)
            && (1..=LONGEST_EDGE).contains(height)
            && alt.len() <= LONGEST_ALT
            && caption.len() <= LONGEST_CAPTION
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
