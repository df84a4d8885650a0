//! What a position sees of those before it: for each query a mean of the values, weighted
//! by how well their keys fit.
//!
//! Keys and values are read where they lie in the cache, each of their rows once for all
//! the query heads that share it, and all sums are in 32 bits. No table of all pairs is
//! made: keys come in tiles, and what was summed before is made smaller where a tile holds
//! a better fit ("Online normalizer calculation for softmax", arXiv 1805.02867, and
//! "`FlashAttention`", arXiv 2205.14135).

#![allow(unsafe_code)] // vector instructions

mod many;
mod one;

use half::f16;

use crate::{exp::exp, lanes::Lanes, variant::Variant};

/// Keys that are looked at together.
const TILE: usize = 64;

/// From so many queries on, keys are unpacked for all of them together.
const MANY: usize = 4;

/// The heads of a model.
#[derive(Clone, Copy, Debug)]
pub struct Heads {
    /// Heads that ask: a multiple of `keys`.
    pub queries: usize,
    /// Heads that answer; each is shared by as many of those that ask.
    pub keys: usize,
    /// Numbers in a row of a head: a multiple of 16.
    pub width: usize,
}

impl Heads {
    /// Heads that ask of one that answers.
    fn shared(self) -> usize {
        self.queries / self.keys
    }
}

/// Numbers of a cache.
#[derive(Clone, Copy, Debug)]
pub enum Numbers<'a> {
    /// In 16 bits.
    Half(&'a [f16]),
    /// In 32.
    Whole(&'a [f32]),
}

/// Keys or values: for each head a table of rows, one for each position.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    /// All heads' tables, one after another.
    pub numbers: Numbers<'a>,
    /// Numbers from the beginning of one head's table to the next.
    pub stride: usize,
}

/// What is kept of all positions so far, those that ask included.
#[derive(Clone, Copy, Debug)]
pub struct Cache<'a> {
    /// What queries are compared with.
    pub keys: Tables<'a>,
    /// What they get.
    pub values: Tables<'a>,
    /// How many positions that is.
    pub positions: usize,
}

/// Writes to `out` what each row of `queries` sees: the last of them all positions, the one
/// before it all but one, and so on; of these only the last `window`, where there is one. In both,
/// a row has all heads, one after another.
pub fn attend(
    variant: Variant,
    heads: Heads,
    queries: &[f32],
    cache: Cache<'_>,
    window: Option<usize>,
    out: &mut [f32],
) {
    let (window, positions) = (window.unwrap_or(usize::MAX), cache.positions);
    let count = queries.len() / (heads.queries * heads.width);
    assert!(
        count <= cache.positions && queries.len() == out.len(),
        "queries are positions, and each is answered"
    );
    for tables in [cache.keys, cache.values] {
        let length = match tables.numbers {
            Numbers::Half(numbers) => numbers.len(),
            Numbers::Whole(numbers) => numbers.len(),
        };
        let needed = (heads.keys - 1) * tables.stride + cache.positions * heads.width;
        assert!(length >= needed, "there is a row for each position");
    }
    match (cache.keys.numbers, cache.values.numbers) {
        (Numbers::Half(keys), Numbers::Half(values)) => {
            Seen { heads, count, positions, window, keys, values, strides: cache.strides() }
                .attend(variant, queries, out);
        }
        (Numbers::Whole(keys), Numbers::Whole(values)) => {
            Seen { heads, count, positions, window, keys, values, strides: cache.strides() }
                .attend(variant, queries, out);
        }
        _ => unreachable!("keys and values are kept alike"),
    }
}

impl Cache<'_> {
    fn strides(&self) -> (usize, usize) {
        (self.keys.stride, self.values.stride)
    }
}

/// A cache of one kind of number, and who asks.
struct Seen<'a, T> {
    heads: Heads,
    /// How many positions ask.
    count: usize,
    positions: usize,
    /// How many positions a query sees at most, its own among them.
    window: usize,
    keys: &'a [T],
    values: &'a [T],
    strides: (usize, usize),
}

impl<T: Number> Seen<'_, T> {
    fn attend(&self, variant: Variant, queries: &[f32], out: &mut [f32]) {
        if self.count >= MANY {
            many::attend(variant, self, queries, out);
        } else {
            let row = self.heads.queries * self.heads.width;
            for (at, (query, out)) in queries.chunks_exact(row).zip(out.chunks_exact_mut(row)).enumerate() {
                one::attend(variant, self, query, self.positions - self.count + at + 1, out);
            }
        }
    }

    /// A head's rows of keys and of values, from position `from` to `to`.
    fn rows(&self, head: usize, from: usize, to: usize) -> (&[T], &[T]) {
        let width = self.heads.width;
        let rows = |stride: usize| head * stride + from * width..head * stride + to * width;
        (&self.keys[rows(self.strides.0)], &self.values[rows(self.strides.1)])
    }
}

/// A number as it is kept.
trait Number: Copy + Send + Sync + 'static {
    /// # Safety
    /// As V asks; `from` points to as many as V has lanes.
    unsafe fn load<V: Lanes>(from: *const Self) -> V::Floats;
}

impl Number for f16 {
    #[inline(always)]
    unsafe fn load<V: Lanes>(from: *const Self) -> V::Floats {
        // SAFETY: the caller's promise.
        unsafe { V::load_half(from) }
    }
}

impl Number for f32 {
    #[inline(always)]
    unsafe fn load<V: Lanes>(from: *const Self) -> V::Floats {
        // SAFETY: the caller's promise.
        unsafe { V::load(from) }
    }
}

/// How far a query has got: its best fit so far, and the sum of the weights.
#[derive(Clone, Copy)]
struct Standing {
    best: f32,
    sum: f32,
}

impl Standing {
    const NONE: Self = Self { best: f32::NEG_INFINITY, sum: 0.0 };

    /// Makes weights of a tile's fits, and says by what to multiply what was summed before.
    #[inline(always)]
    fn weigh(&mut self, fits: &mut [f32; TILE]) -> f32 {
        let mut bests = [f32::NEG_INFINITY; 16];
        for fits in fits.as_chunks::<16>().0 {
            for (best, fit) in bests.iter_mut().zip(fits) {
                *best = if *fit > *best { *fit } else { *best };
            }
        }
        let best = bests.iter().fold(self.best, |best, fit| best.max(*fit));
        // All of them lie before the query's window.
        if best == f32::NEG_INFINITY {
            fits.fill(0.0);
            return 1.0;
        }
        let mut sums = [0.0; 16];
        for fits in fits.as_chunks_mut::<16>().0 {
            for (sum, fit) in sums.iter_mut().zip(fits) {
                *fit = exp(*fit - best);
                *sum += *fit;
            }
        }
        let before = exp(self.best - best);
        *self = Self { best, sum: self.sum * before + sums.iter().sum::<f32>() };
        before
    }
}

#[cfg(test)]
mod tests;
