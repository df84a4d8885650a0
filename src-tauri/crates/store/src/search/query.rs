//! What was typed, as plain text: nothing of it reaches the index as syntax.

/// How to look for what was typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Query {
    /// Nothing was typed.
    Nothing,
    /// By words: an FTS5 expression.
    Words(String),
    /// By reading: all of these must be there, as they stand.
    Fragments(Vec<String>),
}

/// A passage that was pasted is found by its first words; thousands would take a minute.
const MOST_WORDS: usize = 40;

impl Query {
    pub(super) fn of(typed: &str) -> Self {
        // The index would end its expression at a NUL.
        let parts: Vec<_> = typed
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|part| !part.is_empty())
            .take(MOST_WORDS)
            .collect();
        let words: Vec<_> = parts.iter().filter(|part| part.contains(char::is_alphanumeric)).collect();
        if parts.is_empty() {
            Self::Nothing
        } else if words.is_empty() || parts.iter().any(|part| part.contains(unspaced) || is_read(part)) {
            Self::Fragments(parts.into_iter().map(str::to_owned).collect())
        } else {
            // All must match, and the star completes the last. One letter is no beginning: half of
            // all messages have a word with it.
            let begun = words
                .last()
                .is_some_and(|word| word.chars().filter(|c| c.is_alphanumeric()).nth(1).is_some());
            let last = words.len() - 1;
            let quoted = words.iter().enumerate().map(|(at, word)| either(word, begun && at == last));
            Self::Words(quoted.collect::<Vec<_>>().join(" AND "))
        }
    }
}

/// The word, in quotes, where only a quote means anything; doubled, it is one. Who has no "ß" on the
/// keyboard types "ss", and in Switzerland everybody does: each finds the other.
fn either(word: &str, begun: bool) -> String {
    let star = if begun { "*" } else { "" };
    let quoted = |word: &str| format!("\"{}\"{star}", word.replace('"', "\"\""));
    let small = word.to_lowercase();
    let other = if small.contains('ß') { small.replace('ß', "ss") } else { small.replace("ss", "ß") };
    if other == small { quoted(word) } else { format!("({} OR {})", quoted(word), quoted(&other)) }
}

/// Whether the index would lose what matters of it: the signs of "C++" and "C#", which are no
/// letters, and a letter such as "ß", which is meant wherever it stands.
fn is_read(part: &str) -> bool {
    let letters = part.chars().filter(|c| c.is_alphanumeric()).count();
    letters == 1 && (part.ends_with(['+', '#']) || part.chars().any(|c| c.is_alphabetic() && !c.is_ascii()))
}

/// Whether `c` is of a script that does not put spaces between words, or, like Korean,
/// lets endings cling to them.
fn unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF // Thai, Lao
        | 0x1000..=0x109F // Burmese
        | 0x1100..=0x11FF // Hangul, in letters
        | 0x1780..=0x17FF // Khmer
        | 0x2E80..=0x9FFF // radicals, kana, bopomofo, Han
        | 0xA960..=0xA97F // Hangul, in letters
        | 0xAC00..=0xD7FF // Hangul
        | 0xF900..=0xFAFF // Han
        | 0xFF00..=0xFFEF // full and half width
        | 0x1_AFF0..=0x1_B16F // kana
        | 0x2_0000..=0x3_FFFF) // Han
}
