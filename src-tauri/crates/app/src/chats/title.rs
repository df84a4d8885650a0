//! A conversation is called after its first words until the user renames it.

/// The most characters a title made here has, the mark that it was cut included.
const LONGEST: usize = 48;

/// The first words of `text`, without Markdown's marks, at most [`LONGEST`] characters.
pub(crate) fn from_first_words(text: &str) -> String {
    let line = text
        .lines()
        .map(|line| {
            line.trim_start_matches(|mark: char| mark.is_whitespace() || "#>*-`_".contains(mark)).trim()
        })
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    let cut: String = line.chars().take(LONGEST).collect();
    // Whole words, unless the first word alone is longer, as German's or Japanese's may be.
    let end = cut.rfind(' ').filter(|at| *at > cut.len() / 2);
    let end = end.or_else(|| cut.char_indices().next_back().map(|(last, _)| last)).unwrap_or_default();
    let whole = &cut[..end];
    format!("{}…", whole.trim_end_matches([',', ';', ':', '.', ' ']))
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
