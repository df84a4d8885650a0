//! A conversation is called after its first words until the user renames it.

use crate::words::{shortened, unmarked};

/// The most characters a title made here has, the mark that it was cut included.
const LONGEST: usize = 48;

/// The first words of `text`, without Markdown's marks, at most [`LONGEST`] characters.
pub(crate) fn from_first_words(text: &str) -> String {
    let line = text.lines().map(unmarked).find(|line| !line.is_empty()).unwrap_or_default();
    shortened(line, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_first_lines_stand_as_they_are() {
        assert_eq!(from_first_words("\n\n  Names for a bakery?\nMore."), "Names for a bakery?");
        assert_eq!(from_first_words("## **The Salt Road**"), "The Salt Road**");
        assert_eq!(from_first_words(" \n "), "");
    }

    #[test]
    fn long_ones_end_at_a_word() {
        let title =
            from_first_words("Please read this opening and tell me, honestly, where it drags and why");
        assert_eq!(title, "Please read this opening and tell me, honestly…");
    }

    #[test]
    fn a_single_endless_word_is_cut_between_characters() {
        let title = from_first_words(&"雨".repeat(80));
        assert_eq!(title.chars().count(), LONGEST);
    }
}
