use half::f16;

use super::{Cache, Heads, Numbers, Tables, attend};
use crate::{tests::Noise, variant::Variant};

/// The model's own heads, and others: an odd share, no share, a width of no four registers.
const HEADS: [Heads; 4] = [
    Heads { queries: 32, keys: 8, width: 128 },
    Heads { queries: 6, keys: 2, width: 64 },
    Heads { queries: 3, keys: 3, width: 16 },
    Heads { queries: 5, keys: 1, width: 80 },
];

/// Positions before, and positions that ask.
const SHAPES: [(usize, usize); 10] =
    [(0, 1), (1, 1), (63, 1), (64, 1), (700, 1), (5, 3), (0, 4), (0, 67), (130, 33), (61, 130)];

#[test]
fn it_is_the_weighted_mean_of_what_went_before() {
    for heads in HEADS {
        for (before, count) in SHAPES {
            for window in [None, Some(1), Some(20), Some(64), Some(100)] {
                let case = Case { window, ..Case::new(heads, before, count, 1.0) };
                let exact = case.exact();
                for variant in Variant::available() {
                    for half in [false, true] {
                        let off = difference(&case.found(variant, half), &exact);
                        let name = variant.name();
                        assert!(off < 2e-6, "{name} {heads:?} {before} + {count} in {window:?}: {off}");
                    }
                }
            }
        }
    }
}

#[test]
fn one_key_that_fits_far_better_than_all_others_is_all_that_is_seen() {
    let heads = HEADS[1];
    for (before, count) in [(300, 1), (300, 20)] {
        let case = Case::new(heads, before, count, 60.0);
        let exact = case.exact();
        for variant in Variant::available() {
            let off = difference(&case.found(variant, true), &exact);
            assert!(off < 1e-4, "{} {before} + {count}: {off}", variant.name());
        }
    }
}

#[test]
fn no_query_sees_what_comes_after_it() {
    let heads = HEADS[1];
    let row = heads.queries * heads.width;
    for count in [3, 70] {
        let mut case = Case::new(heads, 10, count, 1.0);
        let first = case.found(Variant::fastest(), true)[..row].to_vec();
        // Of the last position nothing may reach the first query, not even a NaN's shadow.
        let last = 10 + count - 1;
        for head in 0..heads.keys {
            let at = head * case.stride + last * heads.width;
            case.keys[at..at + heads.width].fill(f16::from_f32(9.0));
            case.values[at..at + heads.width].fill(f16::MAX);
        }
        assert_eq!(case.found(Variant::fastest(), true)[..row], first);
    }
}

struct Case {
    heads: Heads,
    positions: usize,
    stride: usize,
    window: Option<usize>,
    queries: Vec<f32>,
    keys: Vec<f16>,
    values: Vec<f16>,
}

impl Case {
    /// Keys and values are numbers that 16 bits hold, in tables with room to spare.
    fn new(heads: Heads, before: usize, count: usize, sharpness: f32) -> Self {
        let positions = before + count;
        let stride = (positions + 3) * heads.width;
        let mut noise = Noise::from(7);
        let mut number = move || (f32::from(noise.byte()) - 127.5) / 128.0;
        let queries = (0..count * heads.queries * heads.width).map(|_| number() * sharpness).collect();
        let mut table = || (0..heads.keys * stride).map(|_| f16::from_f32(number())).collect();
        Self { heads, positions, stride, window: None, queries, keys: table(), values: table() }
    }

    fn found(&self, variant: Variant, half: bool) -> Vec<f32> {
        let mut out = vec![f32::NAN; self.queries.len()];
        let (keys, values) = (whole(&self.keys), whole(&self.values));
        let tables = |half_numbers, numbers| {
            let numbers = if half { Numbers::Half(half_numbers) } else { Numbers::Whole(numbers) };
            Tables { numbers, stride: self.stride }
        };
        let cache = Cache {
            keys: tables(&self.keys, &keys),
            values: tables(&self.values, &values),
            positions: self.positions,
        };
        attend(variant, self.heads, &self.queries, cache, self.window, &mut out);
        out
    }

    /// The same in 64 bits, one number at a time.
    fn exact(&self) -> Vec<f64> {
        let Heads { queries, keys, width } = self.heads;
        let count = self.queries.len() / (queries * width);
        let mut out = Vec::new();
        for (at, query) in self.queries.chunks_exact(width).enumerate() {
            let (position, head) = (self.positions - count + at / queries, at % queries / (queries / keys));
            let row = |table: &[f16], at: usize| -> Vec<f64> {
                table[head * self.stride + at * width..][..width].iter().map(|n| n.to_f64()).collect()
            };
            let begin = (position + 1).saturating_sub(self.window.unwrap_or(usize::MAX));
            let fits: Vec<f64> = (begin..=position)
                .map(|at| row(&self.keys, at).iter().zip(query).map(|(k, q)| k * f64::from(*q)).sum())
                .collect();
            let best = fits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let weights: Vec<f64> = fits.iter().map(|fit| (fit - best).exp()).collect();
            let sum: f64 = weights.iter().sum();
            let mut mean = vec![0.0; width];
            for (at, weight) in (begin..).zip(&weights) {
                for (mean, value) in mean.iter_mut().zip(row(&self.values, at)) {
                    *mean += weight / sum * value;
                }
            }
            out.extend(mean);
        }
        out
    }
}

fn whole(numbers: &[f16]) -> Vec<f32> {
    numbers.iter().map(|number| number.to_f32()).collect()
}

fn difference(found: &[f32], exact: &[f64]) -> f64 {
    found.iter().zip(exact).map(|(a, b)| (f64::from(*a) - b).abs()).fold(0.0, f64::max)
}
