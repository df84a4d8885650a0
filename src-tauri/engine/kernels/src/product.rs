//! A product, cut into pieces that fit the caches and shared among the threads.

#![allow(unsafe_code)] // each tile is computed once: see `pieces`

use std::cell::RefCell;

use rayon::prelude::*;

use crate::{
    Kind,
    blocks::{Blocks, Q4K, Q5K, Q6K, Q8_0},
    rows,
    tile::{COLUMNS, Columns, Product, ROWS, Tables},
    variant::Variant,
};

thread_local! {
    /// Kept from call to call: filling them anew for every tile costs time where rows are few.
    static TABLES: RefCell<Box<Tables>> = RefCell::new(Box::new(Tables::empty()));
}

/// `lhs` (rows of k) with `weights` (n rows of k) into `dst` (rows of n). The lengths
/// have been checked.
pub fn product(
    variant: Variant,
    kind: Kind,
    weights: &[u8],
    (k, n): (usize, usize),
    lhs: &[f32],
    dst: &mut [f32],
) {
    if lhs.is_empty() || dst.is_empty() {
        dst.fill(0.0); // nothing to sum, or nowhere to put it
        return;
    }
    match kind {
        Kind::Q4K => pieces::<Q4K>(variant, weights, (k, n), lhs, dst),
        Kind::Q5K => pieces::<Q5K>(variant, weights, (k, n), lhs, dst),
        Kind::Q6K => pieces::<Q6K>(variant, weights, (k, n), lhs, dst),
        Kind::Q8_0 => pieces::<Q8_0>(variant, weights, (k, n), lhs, dst),
    }
}

fn pieces<K: Blocks>(variant: Variant, weights: &[u8], (k, n): (usize, usize), lhs: &[f32], dst: &mut [f32]) {
    for (lhs, dst) in lhs.chunks(ROWS * k).zip(dst.chunks_mut(ROWS * n)) {
        rows::quantised(lhs, k, variant.offset::<K>(), K::HALVES, |rows| {
            let product = Product { weights, rows, k, out: Columns::of(dst, n) };
            (0..n.div_ceil(COLUMNS)).into_par_iter().with_max_len(1).for_each(|number| {
                // SAFETY: every number comes once.
                TABLES.with_borrow_mut(|tables| unsafe { variant.tile::<K>(&product, number, tables) });
            });
        });
    }
}
