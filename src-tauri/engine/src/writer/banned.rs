//! Phrases that are never written: whole words, in any case, however they are cut into
//! tokens.
//!
//! A token is kept from being chosen when it would bring a phrase to its end. Whether
//! more letters would follow, and make another word of it, is not known then; so a longer
//! word is written where one token leads past the phrase ("artist" where "art" is banned),
//! and is not pieced together behind it.

/// The phrases, and how far the answer has come in each.
#[derive(Debug, Clone)]
pub struct Banned {
    phrases: Vec<Vec<char>>,
    so_far: SoFar,
}

/// The end of the answer, as far as it matters.
#[derive(Debug, Clone)]
struct SoFar {
    /// Which phrases are begun, and how many of their characters are written.
    begun: Vec<(usize, usize)>,
    /// The last character.
    last: char,
    /// The beginning of a character, whose end is still to come.
    bytes: Vec<u8>,
}

impl Banned {
    pub fn new(phrases: &[String]) -> Self {
        let folded = phrases.iter().map(|phrase| {
            let words: Vec<String> = phrase.split_whitespace().map(str::to_owned).collect();
            words.join(" ").chars().flat_map(fold).collect::<Vec<_>>()
        });
        let so_far = SoFar { begun: Vec::new(), last: ' ', bytes: Vec::new() };
        Self { phrases: folded.filter(|phrase| !phrase.is_empty()).collect(), so_far }
    }

    /// Whether a phrase would be written, were these bytes written next.
    pub fn would_be_written_by(&self, bytes: &[u8]) -> bool {
        !self.phrases.is_empty() && self.after(bytes).is_none()
    }

    /// Goes on: these bytes were written.
    pub fn read(&mut self, bytes: &[u8]) {
        if self.phrases.is_empty() {
            return;
        }
        if let Some(so_far) = self.after(bytes) {
            self.so_far = so_far;
        }
    }

    /// The end of the answer with `bytes` behind it; `None`, where a phrase is in it.
    fn after(&self, bytes: &[u8]) -> Option<SoFar> {
        let mut so_far = self.so_far.clone();
        so_far.bytes.extend_from_slice(bytes);
        let all = std::mem::take(&mut so_far.bytes);
        let mut whole = String::new();
        let mut chunks = all.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            whole.push_str(chunk.valid());
            if chunks.peek().is_none() {
                so_far.bytes = chunk.invalid().to_vec();
            } else {
                whole.push(char::REPLACEMENT_CHARACTER);
            }
        }
        let mut characters = whole.chars().flat_map(fold).peekable();
        while let Some(character) = characters.next() {
            self.step(&mut so_far, character, characters.peek().copied())?;
        }
        Some(so_far)
    }

    /// One character more; `next` is what is known to follow. `None`, where a phrase ends.
    fn step(&self, so_far: &mut SoFar, character: char, next: Option<char>) -> Option<()> {
        // However much space there is between words, it is one space.
        if character == ' ' && so_far.last == ' ' {
            return Some(());
        }
        let fresh = if so_far.last.is_alphanumeric() && character.is_alphanumeric() {
            0..0
        } else {
            0..self.phrases.len()
        };
        let begun = std::mem::take(&mut so_far.begun);
        for (phrase, written) in begun.into_iter().chain(fresh.map(|phrase| (phrase, 0))) {
            let characters = &self.phrases[phrase];
            if characters[written] != character {
                continue;
            }
            if written + 1 < characters.len() {
                so_far.begun.push((phrase, written + 1));
            } else if !(character.is_alphanumeric() && next.is_some_and(char::is_alphanumeric)) {
                return None;
            }
        }
        so_far.last = character;
        Some(())
    }
}

/// A character as it compares: no case, one kind of space, of apostrophe and of hyphen.
fn fold(character: char) -> impl Iterator<Item = char> {
    let plain = match character {
        _ if character.is_whitespace() => ' ',
        '\u{2018}' | '\u{2019}' | '\u{2bc}' => '\'',
        '\u{2010}' | '\u{2011}' => '-',
        other => other,
    };
    // By way of the capital, so that "ß" is "ss" and both small sigmas are one.
    plain.to_uppercase().flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests;
