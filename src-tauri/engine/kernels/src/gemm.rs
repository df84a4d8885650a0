//! A tile of the product: 64 columns of it, for every row.
//!
//! One panel of 64 rows of weights, 256 wide, is unpacked into 16 KB, which stay in the
//! nearest cache while all rows of the prompt pass by. Sums stay in registers for a few
//! rows and a panel at a time, and in between in a table of the tile's own.

#![allow(unsafe_code)] // pointers into fixed tables, and columns of one matrix from many threads

use std::marker::PhantomData;

use crate::{
    blocks::{Blocks, Factors, Range},
    kind::Kind,
    lanes::{Lanes, WIDEST},
    rows::{GROUP, GROUPS, PANEL, Row, Rows},
};

/// Columns of a tile.
pub const COLUMNS: usize = 64;
/// The most rows of a tile.
pub const ROWS: usize = 512;

/// One product: up to [`ROWS`] rows with as many rows of weights as `out` has columns.
pub struct Product<'a> {
    pub kind: Kind,
    pub weights: &'a [u8],
    pub rows: &'a Rows,
    pub out: Columns<'a>,
}

/// A matrix of which several threads write different columns.
pub struct Columns<'a> {
    first: *mut f32,
    rows: usize,
    pub width: usize,
    matrix: PhantomData<&'a mut [f32]>,
}

// SAFETY: `put` and `row` are the only ways in, and their callers promise not to share places.
unsafe impl Sync for Columns<'_> {}

impl<'a> Columns<'a> {
    pub fn of(matrix: &'a mut [f32], width: usize) -> Self {
        Self { first: matrix.as_mut_ptr(), rows: matrix.len() / width, width, matrix: PhantomData }
    }

    /// A whole row.
    ///
    /// # Safety
    /// Nobody else may have that row at the same time.
    #[allow(clippy::mut_from_ref)] // of each thread another row
    pub unsafe fn row(&self, row: usize) -> &mut [f32] {
        assert!(row < self.rows);
        // SAFETY: it lies within the matrix, which is borrowed for as long as `self` lives.
        unsafe { std::slice::from_raw_parts_mut(self.first.add(row * self.width), self.width) }
    }

    /// Writes as much of `numbers` as there are columns from `column` on.
    ///
    /// # Safety
    /// No other thread may write to these places at the same time.
    pub unsafe fn put(&self, row: usize, column: usize, numbers: &[f32]) {
        assert!(row < self.rows && column < self.width);
        let length = numbers.len().min(self.width - column);
        // SAFETY: the place lies within the matrix, by the lines above, and the matrix is
        // borrowed for as long as `self` lives.
        unsafe {
            self.first.add(row * self.width + column).copy_from_nonoverlapping(numbers.as_ptr(), length);
        }
    }
}

/// What a thread needs to compute a tile, whatever it held before.
pub struct Tables {
    panel: Panel,
    /// One line for each row.
    sums: Vec<[f32; COLUMNS]>,
}

impl Tables {
    pub fn empty() -> Self {
        let panel = Panel {
            weights: [0; COLUMNS * PANEL],
            scales: [0.0; COLUMNS * 2 * GROUPS],
            minimums: [0.0; COLUMNS * 2 * GROUPS],
        };
        Self { panel, sums: vec![[0.0; COLUMNS]; ROWS] }
    }
}

/// A panel of a tile's weights. Each of its tables goes by sets of lanes: first all of
/// the first set's, in the order in which they are used, then all of the second's.
#[repr(C, align(64))]
struct Panel {
    weights: [u8; COLUMNS * PANEL],
    scales: [f32; COLUMNS * 2 * GROUPS],
    minimums: [f32; COLUMNS * 2 * GROUPS],
}

/// Computes tile number `tile`, with as many rows at a time as V's registers hold.
///
/// # Safety
/// It must become part of a function that enables V's instructions, on a processor that
/// has them. No other thread may compute the same tile of the same product.
#[inline(always)]
pub unsafe fn gemm<V: Lanes, K: Blocks>(product: &Product<'_>, tile: usize, tables: &mut Tables) {
    // SAFETY: the caller's promise is that of each; `Fine` asks for no more instructions than V.
    unsafe {
        match (K::HALVES, V::ROWS, V::FINE_ROWS) {
            (1, 8, _) => by::<V, K, 8>(product, tile, tables),
            (1, 4, _) => by::<V, K, 4>(product, tile, tables),
            (1, ..) => by::<V, K, 2>(product, tile, tables),
            (_, _, 8) => by::<V::Fine, K, 8>(product, tile, tables),
            (_, _, 4) => by::<V::Fine, K, 4>(product, tile, tables),
            (..) => by::<V::Fine, K, 2>(product, tile, tables),
        }
    }
}

/// Computes tile number `tile`, M rows at a time.
#[inline(always)]
unsafe fn by<V: Lanes, K: Blocks, const M: usize>(product: &Product<'_>, tile: usize, tables: &mut Tables) {
    let Tables { panel, sums } = tables;
    let count = product.rows.count();
    let sums = &mut sums[..count];
    sums.fill([0.0; COLUMNS]);
    for (at, rows) in product.rows.panels().enumerate() {
        let groups = GROUPS.min((product.rows.k - at * PANEL) / GROUP);
        // SAFETY: this function's own contract is that of the ones below; a panel's tables
        // are as long as they ask, and there are as many sums as rows.
        unsafe {
            unpack::<V, K>(product, tile, at, groups, panel);
            for lanes in 0..COLUMNS / V::COUNT {
                let mut row = 0;
                while row + M <= count {
                    add::<V, K, M>(panel, lanes, groups, &rows[row..], &mut sums[row..]);
                    row += M;
                }
                if M > 4 && row + 4 <= count {
                    add::<V, K, 4>(panel, lanes, groups, &rows[row..], &mut sums[row..]);
                    row += 4;
                }
                if row + 2 <= count {
                    add::<V, K, 2>(panel, lanes, groups, &rows[row..], &mut sums[row..]);
                    row += 2;
                }
                if row < count {
                    add::<V, K, 1>(panel, lanes, groups, &rows[row..], &mut sums[row..]);
                }
            }
        }
    }
    for (row, sums) in sums.iter().enumerate() {
        // SAFETY: these columns are this tile's.
        unsafe { product.out.put(row, tile * COLUMNS, sums) };
    }
}

/// By how much V has K's bytes too high.
#[inline(always)]
fn offset<V: Lanes, K: Blocks>() -> u8 {
    if K::RANGE == Range::Signed { V::BIAS } else { K::OFFSET }
}

/// Unpacks panel `at` of the tile's weights. Rows past the last get scales of zero.
#[inline(always)]
unsafe fn unpack<V: Lanes, K: Blocks>(
    product: &Product<'_>,
    tile: usize,
    at: usize,
    groups: usize,
    panel: &mut Panel,
) {
    let (block, size) = product.kind.block();
    let length = product.rows.k / block * size;
    let mut rows = [[0; PANEL]; WIDEST];
    for lanes in 0..COLUMNS / V::COUNT {
        for (lane, weights) in rows[..V::COUNT].iter_mut().enumerate() {
            let row = tile * COLUMNS + lanes * V::COUNT + lane;
            let mut factors = Factors::ZERO;
            if row < product.out.width {
                let from = row * length + at * (PANEL / block * size);
                let blocks = &product.weights[from..][..groups * GROUP / block * size];
                K::unpack(product.kind, blocks, weights, &mut factors);
            }
            for (i, scale) in factors.scales[..GROUPS * K::HALVES].iter().enumerate() {
                panel.scales[(lanes * GROUPS * K::HALVES + i) * V::COUNT + lane] = *scale;
            }
            if K::MINIMUMS {
                for (i, minimum) in factors.minimums[..GROUPS * K::HALVES].iter().enumerate() {
                    panel.minimums[(lanes * GROUPS * K::HALVES + i) * V::COUNT + lane] = *minimum;
                }
            }
        }
        if K::RANGE == Range::Signed && V::BIAS != 0 {
            for byte in rows.as_flattened_mut() {
                *byte ^= V::BIAS;
            }
        }
        // SAFETY: each set of lanes has this many bytes of the panel.
        unsafe { V::interleave(&rows, panel.weights.as_mut_ptr().add(lanes * V::COUNT * PANEL)) };
    }
}

/// Adds a panel's products of M rows with one set of lanes.
#[inline(always)]
unsafe fn add<V: Lanes, K: Blocks, const M: usize>(
    panel: &Panel,
    lanes: usize,
    groups: usize,
    rows: &[Row],
    sums: &mut [[f32; COLUMNS]],
) {
    let (rows, table) = (&rows[..M], &mut sums[..M]);
    let quads = GROUP / 4 / K::HALVES;
    // SAFETY: a set of lanes has COUNT × PANEL weights, and COUNT scales for each half of
    // a group, and there are M rows and M lines of sums: nothing below reaches further.
    unsafe {
        let weights = panel.weights.as_ptr().add(lanes * V::COUNT * PANEL);
        let scales = panel.scales.as_ptr().add(lanes * V::COUNT * GROUPS * K::HALVES);
        let minimums = panel.minimums.as_ptr().add(lanes * V::COUNT * GROUPS * K::HALVES);
        let mut sums = [V::floats(0.0); M];
        for i in 0..M {
            sums[i] = V::load(table[i].as_ptr().add(lanes * V::COUNT));
        }
        for group in 0..groups {
            let mut parts = [V::floats(0.0); M];
            for half in 0..K::HALVES {
                let at = group * K::HALVES + half;
                let mut ints = [V::ints(0); M];
                if offset::<V, K>() != 0 {
                    for i in 0..M {
                        let row = &rows[i];
                        ints[i] = V::ints(match (K::HALVES, K::RANGE) {
                            // Those are for an offset of 32, and this is one of 128.
                            (2, Range::Signed) => 4 * row.starts_16[at],
                            (2, _) => row.starts_16[at],
                            _ => row.starts_32[at],
                        });
                    }
                }
                let from = weights.add(at * quads * 4 * V::COUNT);
                V::dots(&mut ints, from, rows.as_ptr(), at * quads * 4, quads, K::RANGE);
                let scale = V::load(scales.add(at * V::COUNT));
                for i in 0..M {
                    parts[i] = if half == 0 {
                        V::mul(V::converted(ints[i]), scale)
                    } else {
                        V::mul_add(V::converted(ints[i]), scale, parts[i])
                    };
                }
                if K::MINIMUMS && K::HALVES == 2 {
                    let minimum = V::load(minimums.add(at * V::COUNT));
                    for i in 0..M {
                        parts[i] = V::mul_add(minimum, V::floats(rows[i].sum_16(at)), parts[i]);
                    }
                }
            }
            for i in 0..M {
                sums[i] = V::mul_add(parts[i], V::floats(rows[i].scales[group]), sums[i]);
            }
            if K::MINIMUMS && K::HALVES == 1 {
                let minimum = V::load(minimums.add(group * V::COUNT));
                for i in 0..M {
                    sums[i] = V::mul_add(minimum, V::floats(rows[i].sums[group]), sums[i]);
                }
            }
        }
        for i in 0..M {
            V::store(table[i].as_mut_ptr().add(lanes * V::COUNT), sums[i]);
        }
    }
}
