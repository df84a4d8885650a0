//! Few rows: each is multiplied with the blocks themselves, for unpacking them would take
//! longer than it saves. When the model writes there is one row, and how fast weights come
//! from memory is all that counts.

#![allow(unsafe_code)] // vector instructions, and columns of one matrix from many threads

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "x86_64")]
mod x86;

use crate::{
    blocks::{Blocks, Factors, One, Range},
    gemm::{COLUMNS, Product},
    lanes::{Lanes, portable::Portable},
    rows::{GROUP, GROUPS, PANEL, Row},
};

#[cfg(target_arch = "x86_64")]
use crate::lanes::{avx2::Avx2, avx512::Avx512};

#[cfg(target_arch = "aarch64")]
use crate::lanes::neon::Neon;

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub use crate::blocks::One as BlockDot;
#[cfg(target_arch = "x86_64")]
pub use avx2::BlockDot;
#[cfg(target_arch = "aarch64")]
pub use neon::BlockDot;

/// Lanes that can also take one row with the blocks themselves.
///
/// # Safety
/// As for [`Lanes`].
pub trait Gemv: Lanes {
    /// Products of one row, `k` long and given in panels, with as many rows of weights as
    /// there are `sums`, which stand in their blocks.
    unsafe fn gemv<K: BlockDot>(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]);
}

impl Gemv for Portable {
    #[inline(always)]
    unsafe fn gemv<K: BlockDot>(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]) {
        portable::<K>(weights, row, k, sums);
    }
}

#[cfg(target_arch = "x86_64")]
impl<const VNNI: bool> Gemv for Avx2<VNNI> {
    #[inline(always)]
    unsafe fn gemv<K: BlockDot>(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]) {
        // SAFETY: the caller's promise; with VNNI it includes AVX-VNNI.
        unsafe {
            if VNNI {
                avx2::dots::<K, avx2::Vnni>(weights, row, k, sums);
            } else {
                avx2::dots::<K, avx2::Plain>(weights, row, k, sums);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
impl Gemv for Avx512 {
    #[inline(always)]
    unsafe fn gemv<K: BlockDot>(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]) {
        // SAFETY: the caller's promise.
        unsafe { K::wide(weights, row, k, sums) }
    }
}

#[cfg(target_arch = "aarch64")]
impl<const I8MM: bool> Gemv for Neon<I8MM> {
    #[inline(always)]
    unsafe fn gemv<K: BlockDot>(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]) {
        // SAFETY: the caller's promise; either kind has `dotprod`.
        unsafe { neon::dots::<K>(weights, row, k, sums) }
    }
}

/// Computes the columns of tile `number`.
///
/// # Safety
/// It must become part of a function that enables V's instructions, on a processor that
/// has them. No other thread may compute the same tile of the same product.
#[inline(always)]
pub unsafe fn tile<V: Gemv, K: BlockDot>(product: &Product<'_>, number: usize) {
    let length = product.rows.k / K::LENGTH * K::BYTES;
    let first = number * COLUMNS;
    let last = product.out.width.min(first + COLUMNS);
    let weights = &product.weights[first * length..last * length];
    let mut row: Vec<&Row> = Vec::new();
    for at in 0..product.rows.count() {
        row.clear();
        row.extend(product.rows.panels().map(|panel| &panel[at]));
        let mut sums = [0.0; COLUMNS];
        let sums = &mut sums[..last - first];
        // SAFETY: the instructions are the caller's promise, and these columns are this tile's.
        unsafe {
            V::gemv::<K>(weights, &row, product.rows.k, sums);
            product.out.put(at, first, sums);
        }
    }
}

/// Products of one row, `k` long and given in panels, with as many rows of weights as
/// there are `sums`: the reference.
#[inline(always)]
fn portable<K: One>(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]) {
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
#[inline(always)]
pub unsafe fn unpacked<K: Blocks>(product: &Product<'_>, number: usize) {
    let (block, size) = product.kind.block();
    let length = product.rows.k / block * size;
    for column in number * COLUMNS..product.out.width.min((number + 1) * COLUMNS) {
        let weights = &product.weights[column * length..][..length];
        let mut sums = [0.0; PANEL];
        let sums = &mut sums[..product.rows.count()];
        let mut bytes = [0; PANEL];
        let mut factors = Factors::ZERO;
        for (rows, blocks) in product.rows.panels().zip(weights.chunks(PANEL / block * size)) {
            K::unpack(product.kind, blocks, &mut bytes, &mut factors);
            for (sum, row) in sums.iter_mut().zip(rows) {
                *sum += part::<K>(&bytes, &factors, row, blocks.len() / size * block);
            }
        }
        for (at, sum) in sums.iter().enumerate() {
            // SAFETY: this column is this tile's.
            unsafe { product.out.put(at, column, &[*sum]) };
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
