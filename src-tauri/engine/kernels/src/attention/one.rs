//! One query: its heads are compared with each key as it comes from memory. Where there are
//! more threads than heads, each head's positions are split among them.

use std::cell::RefCell;

use super::{Number, Seen, Standing, TILE};
use crate::{
    gemm::Columns,
    lanes::Lanes,
    thread_pool::{parallel_for, threads},
    variant::{Variant, Work},
};

/// Positions that are worth a piece of their own.
const WORTH: usize = 256;

thread_local! {
    /// What the pieces found, kept from call to call: for each query head and each piece
    /// the sums, and then where they stand.
    static FOUND: RefCell<Vec<f32>> = RefCell::default();
}

/// Writes to `out` what `query`, all heads of it, sees of the first `end` positions.
pub fn attend<T: Number>(variant: Variant, seen: &Seen<'_, T>, query: &[f32], end: usize, out: &mut [f32]) {
    let begin = end.saturating_sub(seen.window);
    let positions = end - begin;
    let (heads, width, shared) = (seen.heads.keys, seen.heads.width, seen.heads.shared());
    let splits = (2 * threads()).div_ceil(heads).min(positions.div_ceil(WORTH)).max(1);
    let each = positions.div_ceil(splits).next_multiple_of(TILE);
    let splits = positions.div_ceil(each);
    let line = width + 2;
    FOUND.with_borrow_mut(|found| {
        found.resize(splits * heads * shared * line, 0.0);
        let lines = Columns::of(found, shared * line);
        parallel_for(splits * heads, |piece| {
            let (head, split) = (piece % heads, piece / heads);
            let (keys, values) = seen.rows(head, begin + split * each, end.min(begin + (split + 1) * each));
            let queries = &query[head * shared * width..][..shared * width];
            // SAFETY: each piece has a line of its own.
            let found = unsafe { lines.row(piece) };
            variant.run(Part { queries, keys, values, width, found });
        });
        for (head, out) in out.chunks_exact_mut(width).enumerate() {
            let parts = (0..splits).map(|split| &found[((split * heads) * shared + head) * line..][..line]);
            merge(parts, out);
        }
    });
}

/// Puts together what the pieces of one head found.
fn merge<'a>(parts: impl Iterator<Item = &'a [f32]> + Clone, out: &mut [f32]) {
    let width = out.len();
    let best = parts.clone().fold(f32::NEG_INFINITY, |best, part| best.max(part[width]));
    let weight = |part: &[f32]| (part[width] - best).exp();
    let sum: f32 = parts.clone().map(|part| part[width + 1] * weight(part)).sum();
    out.fill(0.0);
    for part in parts {
        let weight = weight(part) / sum;
        for (out, found) in out.iter_mut().zip(part) {
            *out += found * weight;
        }
    }
}

/// The heads that share one key head, and some of its positions.
struct Part<'a, T> {
    queries: &'a [f32],
    keys: &'a [T],
    values: &'a [T],
    width: usize,
    /// For each query head, as many sums as its row has numbers, and where they stand.
    found: &'a mut [f32],
}

impl<T: Number> Work for Part<'_, T> {
    type Done = ();

    #[inline(always)]
    unsafe fn with<V: Lanes>(self) {
        let Self { queries, keys, values, width, found } = self;
        let mut queries = queries.chunks_exact(width);
        let mut found = found.chunks_exact_mut(width + 2);
        // SAFETY: the caller's promise is that of these.
        unsafe {
            while queries.len() >= 4 {
                together::<V, T, 4>(&mut queries, keys, values, &mut found);
            }
            while queries.len() > 0 {
                together::<V, T, 1>(&mut queries, keys, values, &mut found);
            }
        }
    }
}

/// G heads at a time.
#[inline(always)]
unsafe fn together<'a, V: Lanes, T: Number, const G: usize>(
    queries: &mut impl Iterator<Item = &'a [f32]>,
    keys: &[T],
    values: &[T],
    found: &mut impl Iterator<Item = &'a mut [f32]>,
) {
    let queries: [&[f32]; G] = std::array::from_fn(|_| queries.next().unwrap_or_default());
    let mut found: [&mut [f32]; G] = std::array::from_fn(|_| found.next().unwrap_or_default());
    let width = queries[0].len();
    let mut standings = [Standing::NONE; G];
    for found in &mut found {
        found.fill(0.0);
    }
    for (keys, values) in keys.chunks(TILE * width).zip(values.chunks(TILE * width)) {
        let mut fits = [[f32::NEG_INFINITY; TILE]; G];
        for (at, key) in keys.chunks_exact(width).enumerate() {
            // SAFETY: rows and queries are `width` long, which lanes divide.
            unsafe {
                let mut sums = [V::floats(0.0); G];
                for i in (0..width).step_by(V::COUNT) {
                    let key = T::load::<V>(key.as_ptr().add(i));
                    for g in 0..G {
                        sums[g] = V::mul_add(V::load(queries[g].as_ptr().add(i)), key, sums[g]);
                    }
                }
                for g in 0..G {
                    fits[g][at] = V::sum(sums[g]);
                }
            }
        }
        let mut before = [0.0; G];
        for g in 0..G {
            before[g] = standings[g].weigh(&mut fits[g]);
        }
        let mut i = 0;
        // SAFETY: as above, and each line of `found` has `width` sums first.
        unsafe {
            while V::REGISTERS >= 32 && i + 4 * V::COUNT <= width {
                sum::<V, T, G, 4>(&mut found, &before, &fits, values, width, i);
                i += 4 * V::COUNT;
            }
            while V::REGISTERS >= 16 && i + 2 * V::COUNT <= width {
                sum::<V, T, G, 2>(&mut found, &before, &fits, values, width, i);
                i += 2 * V::COUNT;
            }
            while i < width {
                sum::<V, T, G, 1>(&mut found, &before, &fits, values, width, i);
                i += V::COUNT;
            }
        }
    }
    for (found, standing) in found.iter_mut().zip(standings) {
        found[width..].copy_from_slice(&[standing.best, standing.sum]);
    }
}

/// Adds a tile's weighted values to W registers of each head's sums, from number `i` on.
#[inline(always)]
unsafe fn sum<V: Lanes, T: Number, const G: usize, const W: usize>(
    found: &mut [&mut [f32]; G],
    before: &[f32; G],
    weights: &[[f32; TILE]; G],
    values: &[T],
    width: usize,
    i: usize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut sums = [[V::floats(0.0); W]; G];
        for g in 0..G {
            for (w, sum) in sums[g].iter_mut().enumerate() {
                *sum = V::mul(V::load(found[g].as_ptr().add(i + w * V::COUNT)), V::floats(before[g]));
            }
        }
        for (at, value) in values.chunks_exact(width).enumerate() {
            let value: [V::Floats; W] =
                std::array::from_fn(|w| T::load::<V>(value.as_ptr().add(i + w * V::COUNT)));
            for g in 0..G {
                let weight = V::floats(weights[g][at]);
                for (sum, value) in sums[g].iter_mut().zip(value) {
                    *sum = V::mul_add(value, weight, *sum);
                }
            }
        }
        for g in 0..G {
            for (w, sum) in sums[g].iter().enumerate() {
                V::store(found[g].as_mut_ptr().add(i + w * V::COUNT), *sum);
            }
        }
    }
}
