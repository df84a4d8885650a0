//! Few rows: each is multiplied with the blocks themselves, for unpacking them would take
//! longer than it saves. When the model writes there is one row, and how fast weights come
//! from memory is all that counts.

#![allow(unsafe_code)] // vector instructions, and columns of one matrix from many threads

#[cfg(target_arch = "x86_64")]
pub mod avx;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
pub mod neon;

use std::marker::PhantomData;

use crate::{
    blocks::{Blocks, Factors, One, Range},
    lanes::Lanes,
    rows::{GROUP, GROUPS, PANEL, Row},
    tile::{COLUMNS, Product},
    variant::{Variant, Work},
};

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub use crate::blocks::One as Straight;
#[cfg(target_arch = "x86_64")]
pub use avx::Straight;
#[cfg(target_arch = "aarch64")]
pub use neon::Straight;

/// Computes the columns of tile `number`.
///
/// # Safety
/// No other thread may compute the same tile of the same product.
pub unsafe fn tile<K: Straight>(variant: Variant, product: &Product<'_>, number: usize) {
    let length = product.rows.k / K::LENGTH * K::BYTES;
    let first = number * COLUMNS;
    let last = product.out.width.min(first + COLUMNS);
    let weights = &product.weights[first * length..last * length];
    let count = product.rows.count();
    let mut row: Vec<&Row> = Vec::new();
    for at in 0..count {
        row.clear();
        row.extend(product.rows.panels().map(|panel| &panel[at]));
        let mut sums = [0.0; COLUMNS];
        let sums = &mut sums[..last - first];
        variant.run(Straightly::<K> { weights, row: &row, k: product.rows.k, sums, kind: PhantomData });
        // SAFETY: these columns are this tile's.
        unsafe { product.out.put(at, first, sums) };
    }
}

struct Straightly<'a, K> {
    weights: &'a [u8],
    row: &'a [&'a Row],
    k: usize,
    sums: &'a mut [f32],
    kind: PhantomData<K>,
}

impl<K: Straight> Work for Straightly<'_, K> {
    type Done = ();

    #[inline(always)]
    unsafe fn with<V: Lanes>(self) {
        // SAFETY: the caller's promise.
        unsafe { V::straight::<K>(self.weights, self.row, self.k, self.sums) }
    }
}

/// Products of one row, `k` long and given in panels, with as many rows of weights as
/// there are `sums`: the reference.
#[inline(always)]
pub fn portable<K: One>(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]) {
    let length = k / K::LENGTH * K::BYTES;
    for (sum, weights) in sums.iter_mut().zip(weights.chunks_exact(length)) {
        *sum = 0.0;
        for (panel, blocks) in row.iter().zip(weights.chunks(PANEL / K::LENGTH * K::BYTES)) {
            let mut bytes = [0; PANEL];
            let mut factors = Factors::ZERO;
            K::unpack(K::KIND, blocks, &mut bytes, &mut factors);
            *sum += part::<K>(&bytes, &factors, panel, blocks.len() / K::BYTES * K::LENGTH);
        }
    }
}

/// The same for kinds that go together: what is unpacked serves all rows.
///
/// # Safety
/// No other thread may compute the same tile of the same product.
pub unsafe fn unpacked<K: Blocks>(variant: Variant, product: &Product<'_>, number: usize) {
    let (count, k) = (product.rows.count(), product.rows.k);
    let (length, size) = product.kind.block();
    let row = k / length * size;
    for column in number * COLUMNS..product.out.width.min((number + 1) * COLUMNS) {
        let weights = &product.weights[column * row..][..row];
        let mut sums = [0.0; PANEL];
        let sums = &mut sums[..count];
        variant.run(Unpacked::<K> { weights, product, sums, way: PhantomData });
        for (at, sum) in sums.iter().enumerate() {
            // SAFETY: this column is this tile's.
            unsafe { product.out.put(at, column, &[*sum]) };
        }
    }
}

struct Unpacked<'a, K> {
    /// One row of weights.
    weights: &'a [u8],
    product: &'a Product<'a>,
    sums: &'a mut [f32],
    way: PhantomData<K>,
}

impl<K: Blocks> Work for Unpacked<'_, K> {
    type Done = ();

    #[inline(always)]
    unsafe fn with<V: Lanes>(self) {
        let (length, size) = self.product.kind.block();
        let mut bytes = [0; PANEL];
        let mut factors = Factors::ZERO;
        let panels = self.product.rows.panels().zip(self.weights.chunks(PANEL / length * size));
        for (rows, blocks) in panels {
            K::unpack(self.product.kind, blocks, &mut bytes, &mut factors);
            for (sum, row) in self.sums.iter_mut().zip(rows) {
                *sum += part::<K>(&bytes, &factors, row, blocks.len() / size * length);
            }
        }
    }
}

/// What the first `count` weights of a panel add to a row's sum.
#[inline(always)]
fn part<K: Blocks>(weights: &[u8; PANEL], factors: &Factors, row: &Row, count: usize) -> f32 {
    let mut sum = 0.0;
    for group in 0..GROUPS.min(count / GROUP) {
        let mut part = 0.0;
        for half in 0..K::HALVES {
            let at = group * K::HALVES + half;
            part += whole(dot::<K>(weights, row, at * GROUP / K::HALVES)) * factors.scales[at];
            if K::MINIMUMS && K::HALVES == 2 {
                part += factors.minimums[at] * row.sum_16(at);
            }
        }
        sum += part * row.scales[group];
        if K::MINIMUMS && K::HALVES == 1 {
            sum += factors.minimums[group] * row.sums[group];
        }
    }
    sum
}

/// As many products as share a scale, from `at` on.
#[inline(always)]
fn dot<K: Blocks>(weights: &[u8; PANEL], row: &Row, at: usize) -> i32 {
    let products = weights[at..].iter().zip(&row.bytes[at..]).map(|(weight, byte)| {
        let weight = match K::RANGE {
            Range::Signed => i32::from(weight.cast_signed()),
            Range::Bits4 | Range::Bits5 | Range::Bits6 => i32::from(*weight) - i32::from(K::OFFSET),
        };
        weight * i32::from(*byte)
    });
    products.take(GROUP / K::HALVES).sum()
}

/// A sum of products of bytes, which a float holds exactly.
#[allow(clippy::cast_precision_loss)]
fn whole(sum: i32) -> f32 {
    sum as f32
}
