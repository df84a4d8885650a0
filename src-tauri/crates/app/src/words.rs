//! A text in a line: without Markdown's marks, and no longer than there is room.

/// A line without the marks at its beginning.
pub(crate) fn unmarked(line: &str) -> &str {
    line.trim_start_matches(|mark: char| mark.is_whitespace() || "#>*-`_".contains(mark)).trim()
}

/// The words of a line, one space between them; of more than `longest` characters whole words, and a
/// mark that it was cut, which counts among them.
pub(crate) fn shortened(line: &str, longest: usize) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    let cut: String = line.chars().take(longest).collect();
    // Whole words, unless the first word alone is longer, as German's or Japanese's may be.
    let end = cut.rfind(' ').filter(|at| *at > cut.len() / 2);
    let end = end.or_else(|| cut.char_indices().next_back().map(|(last, _)| last)).unwrap_or_default();
    let whole = &cut[..end];
    format!("{}…", whole.trim_end_matches([',', ';', ':', '.', ' ']))
}
