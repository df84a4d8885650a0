//! Which paragraph answers a question, and how sure that is.
//!
//! Each paragraph is known by the ways in which people ask about it. From all of them together a
//! small classifier is learnt when the guide is first asked, which takes a moment and needs no
//! file: for every word, and every two words that follow each other, how much they speak for each
//! paragraph (multinomial logistic regression, by stochastic gradient descent with Adagrad). A word
//! that nobody says is read as one that is a slip away.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::OnceLock,
};

use crate::{
    help::{self, Paragraph},
    words::{compared, distance, is_swapped, known, phrased, plain, strength, words},
};

/// A pair of words says less than the words themselves.
const PAIR: f32 = 0.8;
/// A word that was read as another one, for a slip.
const SLIP: f32 = 0.85;
/// How much a word that nobody says takes from what the others say.
const UNKNOWN: f32 = 0.5;
/// How often the ways of asking are gone through, and how fast is learnt from each.
const ROUNDS: usize = 10;
const RATE: f32 = 1.0;
/// From a smaller error nothing is learnt: that would take most of the time.
const ERROR: f32 = 1e-3;

/// A paragraph that may be meant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) paragraph: &'static Paragraph,
    /// Whether it is of the help; the others are small talk.
    pub(crate) is_help: bool,
    /// How likely it is the one, from 0 to 1.
    pub(crate) score: f32,
}

/// The paragraphs that may be meant, the likeliest first; none where no word is known.
pub(crate) fn find(question: &str) -> Vec<Found> {
    let learnt = Learnt::get();
    let asked = learnt.read(question);
    if asked.is_empty() {
        return Vec::new();
    }
    let likely = likelihoods(&learnt.sums(&asked));
    let mut found: Vec<Found> = (learnt.paragraphs.iter().zip(likely))
        .map(|((paragraph, is_help), score)| Found { paragraph, is_help: *is_help, score })
        .collect();
    found.sort_by(|one, other| other.score.total_cmp(&one.score));
    found
}

/// What of a text counts: the places of its words and pairs, and how much each counts.
type Features = Vec<(usize, f32)>;

struct Learnt {
    paragraphs: &'static [(Paragraph, bool)],
    /// The place of every word and pair that was seen.
    places: HashMap<String, usize>,
    /// The words as they are written, and how often they are.
    written: HashMap<String, usize>,
    /// How much a word or pair says at all: the rarer, the more.
    says: Vec<f32>,
    /// How much a word would say that nobody says.
    says_unknown: f32,
    /// How much each way of asking counts: less, where there are many for one paragraph.
    often: Vec<f32>,
    /// How much each of them speaks for each paragraph.
    weights: Vec<Vec<f32>>,
}

impl Learnt {
    fn get() -> &'static Self {
        static LEARNT: OnceLock<Learnt> = OnceLock::new();
        LEARNT.get_or_init(Self::learn)
    }

    fn learn() -> Self {
        let help = help::pages().into_iter().flat_map(|page| page.paragraphs).map(|one| (one, true));
        let talk = help::talk().paragraphs.into_iter().map(|one| (one, false));
        // They are read once and are there as long as the app runs.
        let paragraphs: &'static [(Paragraph, bool)] = Vec::leak(help.chain(talk).collect());
        let mut written: HashMap<String, usize> = known().map(|word| (word, 1)).collect();
        let mut noted = |way: &str| {
            for word in plain(way) {
                *written.entry(word).or_default() += 1;
            }
            parts(&words(way))
        };
        let texts: Vec<(usize, &str)> = paragraphs
            .iter()
            .enumerate()
            .flat_map(|(at, (paragraph, _))| {
                let ways = std::iter::once(paragraph.title).chain(paragraph.asked.iter().copied());
                let ways = ways.chain(paragraph.text.split(['.', ':', ';']).filter(|part| part.len() > 12));
                ways.map(move |way| (at, way))
            })
            .collect();
        let ways: Vec<(usize, Vec<(String, f32)>)> =
            texts.into_iter().map(|(at, way)| (at, noted(way))).collect();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut seen: Vec<f32> = Vec::new();
        for (_, way) in &ways {
            for part in way.iter().map(|(part, _)| part.as_str()).collect::<BTreeSet<_>>() {
                let place = *places.entry(part.to_owned()).or_insert_with(|| {
                    seen.push(0.0);
                    seen.len() - 1
                });
                seen[place] += 1.0;
            }
        }
        #[allow(clippy::cast_precision_loss)] // some thousands
        let all = ways.len() as f32;
        let says = seen.iter().map(|seen| (all / seen).ln() + 0.5).collect();
        let says_unknown = all.ln() + 0.5;
        let weights = vec![vec![0.0; paragraphs.len()]; places.len()];
        let mut often = vec![0.0_f32; paragraphs.len()];
        for (at, _) in &ways {
            often[*at] += 1.0;
        }
        let usual = all / often.iter().map(|_| 1.0).sum::<f32>();
        let often = often.into_iter().map(|ways| (usual / ways).sqrt().sqrt().min(1.5)).collect();
        let mut learnt = Self { paragraphs, places, written, says, says_unknown, often, weights };
        let examples: Vec<(usize, Features)> =
            ways.into_iter().map(|(at, way)| (at, learnt.features(way))).collect();
        learnt.descend(&examples);
        learnt
    }

    fn descend(&mut self, examples: &[(usize, Features)]) {
        let mut squares = vec![vec![1e-2_f32; self.paragraphs.len()]; self.weights.len()];
        // The same order every time, and neighbours far apart: every paragraph is met soon.
        let stride = (1009..2000).step_by(2).find(|stride| coprime(*stride, examples.len())).unwrap_or(1);
        for step in 0..ROUNDS * examples.len() {
            let (wanted, features) = &examples[step * stride % examples.len()];
            let mut errors = likelihoods(&self.sums(features));
            errors[*wanted] -= 1.0;
            let often = self.often[*wanted];
            let errors: Vec<(usize, f32)> =
                errors.into_iter().enumerate().filter(|(_, error)| error.abs() > ERROR).collect();
            for (place, amount) in features {
                let (row, squares) = (&mut self.weights[*place], &mut squares[*place]);
                for (at, error) in &errors {
                    let slope = error * amount * often;
                    squares[*at] += slope * slope;
                    row[*at] -= RATE * slope / squares[*at].sqrt();
                }
            }
        }
    }

    /// How much a text speaks for each paragraph.
    fn sums(&self, features: &Features) -> Vec<f32> {
        let mut sums = vec![0.0; self.paragraphs.len()];
        for (place, amount) in features {
            for (sum, weight) in sums.iter_mut().zip(&self.weights[*place]) {
                *sum += amount * weight;
            }
        }
        sums
    }

    /// Those parts that are known; of length one together, or shorter where words are not known.
    fn features(&self, parts: Vec<(String, f32)>) -> Features {
        let mut features: BTreeMap<usize, f32> = BTreeMap::new();
        let mut unknown = 0.0;
        for (part, amount) in parts {
            match self.places.get(&part) {
                Some(place) => *features.entry(*place).or_default() += amount * self.says[*place],
                None if part.contains(' ') => {}
                None => unknown += (UNKNOWN * amount * self.says_unknown).powi(2),
            }
        }
        let length = (features.values().map(|amount| amount * amount).sum::<f32>() + unknown).sqrt();
        features.into_iter().map(|(place, amount)| (place, amount / length)).collect()
    }

    /// A question; a word that nobody says is read as the nearest that somebody does.
    fn read(&self, question: &str) -> Features {
        let said: Vec<(String, f32)> = plain(question).iter().map(|word| self.meant(word)).collect();
        let words = phrased(&said.iter().map(|(word, _)| word.clone()).collect::<Vec<_>>());
        let trust: HashMap<String, f32> = said.into_iter().collect();
        let parts = parts(&words).into_iter().map(|(part, amount)| {
            let trust = trust.get(&part).copied().unwrap_or(1.0);
            (part, amount * trust)
        });
        self.features(parts.collect())
    }

    /// A word as it is compared, and how far that is to be trusted. Slips are looked for in words as
    /// they are written, before any ending is taken off: a slip may be in the ending.
    fn meant(&self, word: &str) -> (String, f32) {
        let own = compared(word);
        if self.written.contains_key(word) || self.places.contains_key(&own) {
            return (own, 1.0);
        }
        let length = word.chars().count();
        let most = match length {
            0..=2 => return (own, 1.0),
            3..=7 => 1,
            _ => 2,
        };
        let begins = |other: &str| word.chars().next() == other.chars().next();
        // "photo" is no "hot": short words must begin alike, and in the shortest only a swap is a slip.
        let alike = |other: &str| is_swapped(word, other) || (length > 3 && (length > 5 || begins(other)));
        self.written
            .iter()
            .filter(|(other, _)| other.len().abs_diff(word.len()) <= 2 * most && alike(other))
            .filter_map(|(other, often)| {
                let rank = (distance(word, other, most)?, !begins(other), !is_swapped(word, other));
                Some((rank, std::cmp::Reverse(often), other))
            })
            .min()
            .map_or((own, 1.0), |(_, _, other)| (compared(other), SLIP))
    }
}

/// Words, and pairs of words that follow each other.
fn parts(words: &[String]) -> Vec<(String, f32)> {
    let pairs = words.windows(2).map(|pair| {
        let strengths = pair.iter().map(|word| strength(word));
        (pair.join(" "), PAIR * strengths.product::<f32>())
    });
    words.iter().map(|word| (word.clone(), strength(word))).chain(pairs).collect()
}

/// Softmax.
fn likelihoods(sums: &[f32]) -> Vec<f32> {
    let most = sums.iter().copied().fold(f32::MIN, f32::max);
    let raised: Vec<f32> = sums.iter().map(|sum| (sum - most).exp()).collect();
    let all: f32 = raised.iter().sum();
    raised.into_iter().map(|one| one / all).collect()
}

fn coprime(one: usize, other: usize) -> bool {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one == 1
}
