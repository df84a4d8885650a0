//! Products of the same rows with one or more matrices, cut into pieces that fit the
//! caches and shared among the threads.

#![allow(unsafe_code)] // each tile is computed once: see `products`

use std::{cell::RefCell, marker::PhantomData};

use crate::{
    Kind, Matrix,
    blocks::{
        Blocks, Q4K, Q5K, Q6K, Q8_0,
        others::{Coarse, CoarseWithMinimums, Fine, FineWithMinimums, Way},
    },
    crew::share,
    dense,
    lanes::Lanes,
    rows::Rows,
    single,
    tile::{COLUMNS, Columns, Product, ROWS, Tables},
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
    share(products.iter().map(tiles).sum(), |piece| {
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

unsafe fn one<K: single::Straight>(variant: Variant, product: &Product<'_>, number: usize) {
    // SAFETY: the caller's promise is that of both.
    unsafe {
        if product.rows.count() >= MANY {
            many::<K>(variant, product, number);
        } else {
            single::tile::<K>(variant, product, number);
        }
    }
}

unsafe fn other<K: Blocks>(variant: Variant, product: &Product<'_>, number: usize) {
    // SAFETY: the caller's promise is that of both.
    unsafe {
        if product.rows.count() >= MANY {
            many::<K>(variant, product, number);
        } else {
            single::unpacked::<K>(variant, product, number);
        }
    }
}

unsafe fn many<K: Blocks>(variant: Variant, product: &Product<'_>, number: usize) {
    TABLES.with_borrow_mut(|tables| {
        variant.run(Unpacked::<K> { product, number, tables, kind: PhantomData });
    });
}

/// Many rows: the tile's weights are unpacked once for all of them.
struct Unpacked<'a, K> {
    product: &'a Product<'a>,
    number: usize,
    tables: &'a mut Tables,
    kind: PhantomData<K>,
}

impl<K: Blocks> Work for Unpacked<'_, K> {
    type Done = ();

    #[inline(always)]
    unsafe fn with<V: Lanes>(self) {
        // SAFETY: the caller's promise, and that of the one who made this.
        unsafe { V::tile::<K>(self.product, self.number, self.tables) }
    }
}

/// How many panels' room this thread keeps.
#[cfg(test)]
pub fn kept() -> usize {
    MEMORY.with_borrow(Rows::room)
}
