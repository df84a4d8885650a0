//! Weights in 16-bit floats, multiplied in 32 bits with rows that are not rounded.

#![allow(unsafe_code)] // vector instructions, and columns of one matrix from many threads

use half::f16;

use crate::{
    lanes::Lanes,
    tile::{COLUMNS, Product},
    variant::{Variant, Work},
};

/// Computes the columns of tile `number`, of rows of `numbers`.
///
/// # Safety
/// No other thread may compute the same tile of the same product.
pub unsafe fn tile(variant: Variant, product: &Product<'_>, number: usize, numbers: &[f32]) {
    let k = product.rows.k;
    for column in number * COLUMNS..product.out.width.min((number + 1) * COLUMNS) {
        let weights = &product.weights[column * k * 2..][..k * 2];
        for (at, row) in numbers.chunks_exact(k).enumerate() {
            // SAFETY: this column is this tile's.
            unsafe { product.out.put(at, column, &[variant.run(Dot { weights, row })]) };
        }
    }
}

/// The product of a row with as many weights.
struct Dot<'a> {
    weights: &'a [u8],
    row: &'a [f32],
}

impl Work for Dot<'_> {
    type Done = f32;

    #[inline(always)]
    unsafe fn with<V: Lanes>(self) -> f32 {
        let (weights, row) = (self.weights.chunks_exact(2 * V::COUNT), self.row.chunks_exact(V::COUNT));
        let rest = weights.remainder().chunks_exact(2).zip(row.remainder());
        let rest: f32 =
            rest.map(|(weight, number)| f16::from_le_bytes([weight[0], weight[1]]).to_f32() * number).sum();
        // SAFETY: each chunk is as long as a load takes.
        unsafe {
            let mut sums = V::floats(0.0);
            for (weights, row) in weights.zip(row) {
                sums = V::mul_add(V::load_half(weights.as_ptr().cast()), V::load(row.as_ptr()), sums);
            }
            V::sum(sums) + rest
        }
    }
}
