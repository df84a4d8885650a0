//! Made-up prose, as common and as rare in its words as the real one: the word of rank r is
//! used r times less often than the first (Zipf's law), and the common ones are short.

/// How many words the language has.
const WORDS: u32 = 200_000;

const BEGINNINGS: [&str; 16] =
    ["b", "br", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "r", "s", "st", "t", "w"];
const ENDS: [&str; 12] = ["a", "an", "ar", "e", "en", "er", "i", "in", "o", "ö", "u", "ü"];
const SYLLABLES: u32 = 192;

/// A row of random numbers that is the same each time (xorshift64*).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// From 0 up to 1.
    pub fn share(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        f64::from(u32::try_from(bits).unwrap()) / f64::from(u32::MAX)
    }

    /// One of so many.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // from 0 up to `many`
    pub fn below(&mut self, many: u32) -> u32 {
        ((self.share() * f64::from(many)) as u32).min(many - 1)
    }

    /// A word, as often as its rank would have it.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // from 0 up to WORDS
    pub fn word(&mut self) -> String {
        word(f64::from(WORDS).powf(self.share()) as u32 - 1)
    }

    /// So many words.
    pub fn text(&mut self, words: u32) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    /// A message of 30 to 200 words.
    pub fn message(&mut self) -> String {
        let words = 30 + self.below(171);
        self.text(words)
    }
}

/// The word of this rank, counted from 0.
pub fn word(rank: u32) -> String {
    let mut word = String::new();
    let mut rest = rank;
    loop {
        // Scattered, so that words that begin alike are not equally common.
        let syllable = (rest % SYLLABLES * 71 + 29) % SYLLABLES;
        word += BEGINNINGS[syllable as usize % BEGINNINGS.len()];
        word += ENDS[syllable as usize / BEGINNINGS.len()];
        if rest < SYLLABLES {
            return word;
        }
        rest = rest / SYLLABLES - 1;
    }
}
