//! Weights in floats, multiplied in 32 bits with rows that are not rounded.

#![allow(unsafe_code)] // vector instructions, and columns of one matrix from many threads

use std::cell::RefCell;

use half::f16;

use crate::{
    gemm::{COLUMNS, Product},
    kind::Kind,
    lanes::Lanes,
    unpacked::fill,
    variant::{Variant, Work},
};

thread_local! {
    /// One row of weights in 32 bits, kept from call to call.
    static WIDENED: RefCell<Vec<f32>> = RefCell::default();
}

/// Computes the columns of tile `number`, of rows of `numbers`.
///
/// # Safety
/// No other thread may compute the same tile of the same product.
pub unsafe fn tile(variant: Variant, product: &Product<'_>, number: usize, numbers: &[f32]) {
    let k = product.rows.k;
    let length = k * product.kind.block().1;
    for column in number * COLUMNS..product.out.width.min((number + 1) * COLUMNS) {
        let weights = &product.weights[column * length..][..length];
        let dots = |dot: &dyn Fn(&[f32]) -> f32| {
            for (at, row) in numbers.chunks_exact(k).enumerate() {
                // SAFETY: this column is this tile's.
                unsafe { product.out.put(at, column, &[dot(row)]) };
            }
        };
        if product.kind == Kind::F16 {
            dots(&|row| variant.run(Halves { weights, row }));
        } else {
            WIDENED.with_borrow_mut(|wide| {
                wide.resize(k, 0.0);
                fill(product.kind, weights, wide);
                dots(&|row| variant.run(Wholes { weights: wide, row }));
            });
        }
    }
}

/// The product of a row with as many weights of 16 bits.
struct Halves<'a> {
    weights: &'a [u8],
    row: &'a [f32],
}

impl Work for Halves<'_> {
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

/// The product of a row with as many weights of 32 bits.
struct Wholes<'a> {
    weights: &'a [f32],
    row: &'a [f32],
}

impl Work for Wholes<'_> {
    type Done = f32;

    #[inline(always)]
    unsafe fn with<V: Lanes>(self) -> f32 {
        let (weights, row) = (self.weights.chunks_exact(V::COUNT), self.row.chunks_exact(V::COUNT));
        let rest = weights.remainder().iter().zip(row.remainder());
        let rest: f32 = rest.map(|(weight, number)| weight * number).sum();
        // SAFETY: each chunk is as long as a load takes.
        unsafe {
            let mut sums = V::floats(0.0);
            for (weights, row) in weights.zip(row) {
                sums = V::mul_add(V::load(weights.as_ptr()), V::load(row.as_ptr()), sums);
            }
            V::sum(sums) + rest
        }
    }
}
