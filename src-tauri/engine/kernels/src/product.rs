//! Products of the same rows with one or more matrices, cut into pieces that fit the
//! caches and shared among the threads.

#![allow(unsafe_code)] // each tile is computed once: see `products`

use std::{cell::RefCell, marker::PhantomData};

use crate::{
    blocks::{
        Blocks, Q4K, Q5K, Q6K, Q8_0,
        others::{Coarse, CoarseWithMinimums, Fine, FineWithMinimums, Way},
    },
    dense,
    gemm::{COLUMNS, Columns, Product, ROWS, Tables, gemm},
    gemv::{self, BlockDot, Gemv},
    kind::Kind,
    matrix::Matrix,
    rows::Rows,
    thread_pool::parallel_for,
    variant::{Variant, Work},
};

/// From so many rows on, unpacking a panel pays. Below, each row is multiplied with the
/// blocks themselves.
const MANY: usize = 4;

thread_local! {
    /// Kept from call to call: filling them anew for every tile costs time where rows are few.
    static TABLES: RefCell<Box<Tables>> = RefCell::new(Box::new(Tables::empty()));
    /// The same for the rows of `product`.
    static MEMORY: RefCell<Rows> = RefCell::default();
}

/// `lhs` (rows of k) with `matrix` (n rows of k) into `dst` (rows of n). The lengths have
/// been checked.
pub fn product(variant: Variant, matrix: Matrix<'_>, lhs: &[f32], dst: &mut [f32]) {
    let (k, n) = (matrix.columns, matrix.rows);
    if lhs.is_empty() || dst.is_empty() {
        dst.fill(0.0); // nothing to sum, or nowhere to put it
        return;
    }
    MEMORY.with_borrow_mut(|rows| {
        for (lhs, dst) in lhs.chunks(ROWS * k).zip(dst.chunks_mut(ROWS * n)) {
            rows.fill(lhs, k);
            products(variant, rows, lhs, [(matrix, dst)]);
        }
    });
}

/// `rows` with each matrix into the place beside it, all at once. `numbers` are the rows
/// before they were rounded, at most [`ROWS`] of them.
pub fn products<const N: usize>(
    variant: Variant,
    rows: &Rows,
    numbers: &[f32],
    to: [(Matrix<'_>, &mut [f32]); N],
) {
    let products = to.map(|(matrix, dst)| {
        let out = Columns::of(dst, matrix.rows);
        Product { kind: matrix.kind, weights: matrix.bytes, rows, out }
    });
    let tiles = |product: &Product<'_>| product.out.width.div_ceil(COLUMNS);
    parallel_for(products.iter().map(tiles).sum(), |piece| {
        let mut number = piece;
        for product in &products {
            let Some(after) = number.checked_sub(tiles(product)) else {
                // SAFETY: every number of every product comes once.
                return unsafe { tile(variant, product, number, numbers) };
            };
            number = after;
        }
    });
}

/// Computes one tile.
///
/// # Safety
/// No other thread may compute the same tile of the same product.
unsafe fn tile(variant: Variant, product: &Product<'_>, number: usize, numbers: &[f32]) {
    // SAFETY: the caller's promise is that of each of these.
    unsafe {
        match product.kind {
            Kind::F16 | Kind::Bf16 | Kind::F32 => dense::tile(variant, product, number, numbers),
            Kind::Q4K => one::<Q4K>(variant, product, number),
            Kind::Q5K => one::<Q5K>(variant, product, number),
            Kind::Q6K => one::<Q6K>(variant, product, number),
            Kind::Q8_0 => one::<Q8_0>(variant, product, number),
            kind => match Way::of(kind) {
                Way::Coarse => other::<Coarse>(variant, product, number),
                Way::CoarseWithMinimums => other::<CoarseWithMinimums>(variant, product, number),
                Way::Fine => other::<Fine>(variant, product, number),
                Way::FineWithMinimums => other::<FineWithMinimums>(variant, product, number),
            },
        }
    }
}

unsafe fn one<K: BlockDot>(variant: Variant, product: &Product<'_>, number: usize) {
    if product.rows.count() >= MANY {
        // SAFETY: the caller's promise.
        unsafe { many::<K>(variant, product, number) }
    } else {
        variant.run(ByBlocks::<K> { product, number, kind: PhantomData });
    }
}

unsafe fn other<K: Blocks>(variant: Variant, product: &Product<'_>, number: usize) {
    if product.rows.count() >= MANY {
        // SAFETY: the caller's promise.
        unsafe { many::<K>(variant, product, number) }
    } else {
        variant.run(Unpacked::<K> { product, number, kind: PhantomData });
    }
}

unsafe fn many<K: Blocks>(variant: Variant, product: &Product<'_>, number: usize) {
    TABLES.with_borrow_mut(|tables| {
        variant.run(Gemm::<K> { product, number, tables, kind: PhantomData });
    });
}

/// Many rows: the tile's weights are unpacked once for all of them. As for those below, no
/// other thread computes the same tile.
struct Gemm<'a, K> {
    product: &'a Product<'a>,
    number: usize,
    tables: &'a mut Tables,
    kind: PhantomData<K>,
}

impl<K: Blocks> Work for Gemm<'_, K> {
    type Done = ();

    #[inline(always)]
    unsafe fn with<V: Gemv>(self) {
        // SAFETY: the caller's promise, and that of the one who made this.
        unsafe { gemm::<V, K>(self.product, self.number, self.tables) }
    }
}

/// Few rows, each with the blocks themselves.
struct ByBlocks<'a, K> {
    product: &'a Product<'a>,
    number: usize,
    kind: PhantomData<K>,
}

impl<K: BlockDot> Work for ByBlocks<'_, K> {
    type Done = ();

    #[inline(always)]
    unsafe fn with<V: Gemv>(self) {
        // SAFETY: the caller's promise, and that of the one who made this.
        unsafe { gemv::tile::<V, K>(self.product, self.number) }
    }
}

/// Few rows, with weights of a rarer kind.
struct Unpacked<'a, K> {
    product: &'a Product<'a>,
    number: usize,
    kind: PhantomData<K>,
}

impl<K: Blocks> Work for Unpacked<'_, K> {
    type Done = ();

    #[inline(always)]
    unsafe fn with<V: Gemv>(self) {
        // SAFETY: the promise of the one who made this.
        unsafe { gemv::unpacked::<K>(self.product, self.number) }
    }
}

/// How many panels' room this thread keeps.
#[cfg(test)]
pub fn kept() -> usize {
    MEMORY.with_borrow(Rows::room)
}
