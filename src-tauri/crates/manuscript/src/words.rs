//! How many words a text has. Chinese and Japanese are counted by characters, as their writers
//! do. `ui/src/editor/words.ts` counts the same way; `tests/fixtures/words.json` holds both to it.

use unicode_segmentation::UnicodeSegmentation;

/// The number of words.
pub fn count_words(text: &str) -> usize {
    words(text).map(|(_, count)| count).sum()
}

/// Where words begin, in bytes, and how many begin there.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.split_word_bound_indices().filter_map(|(at, piece)| {
        let characters = piece.chars().filter(|c| is_counted_by_character(*c)).count();
        let others = piece.chars().any(|c| c.is_alphanumeric() && !is_counted_by_character(c));
        let count = characters + usize::from(others);
        (count > 0).then_some((at, count))
    })
}

/// Han, Hiragana, Katakana.
fn is_counted_by_character(c: char) -> bool {
    matches!(u32::from(c),
        0x3005..=0x3007 | 0x3041..=0x3096 | 0x309D..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x30FF
        | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFF66..=0xFF9D
        | 0x2_0000..=0x3_FFFF)
}
