//! Many queries: a tile of keys is unpacked once for a block of them, and both products,
//! queries with keys and weights with values, are taken four rows at a time.

use std::cell::RefCell;

use super::{Number, Seen, Standing, TILE};
use crate::{
    gemm::Columns,
    lanes::Lanes,
    thread_pool::parallel_for,
    variant::{Variant, Work},
};

/// Rows of a block: a query has one for each head that shares the keys.
const ROWS: usize = 128;

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// What a block needs, kept from call to call.
#[derive(Default)]
struct Memory {
    /// A line for each row.
    queries: Vec<f32>,
    /// A tile's keys: a line for each number of a key.
    keys: Vec<f32>,
    /// A tile's values: a line for each position.
    values: Vec<f32>,
    /// A line for each row, a fit for each position of the tile.
    fits: Vec<[f32; TILE]>,
    /// A line for each row.
    sums: Vec<f32>,
    standings: Vec<Standing>,
}

pub fn attend<T: Number>(variant: Variant, seen: &Seen<'_, T>, queries: &[f32], out: &mut [f32]) {
    let heads = seen.heads;
    let each = (ROWS / heads.shared()).max(1);
    let blocks = seen.count.div_ceil(each);
    let out = Columns::of(out, heads.queries * heads.width);
    parallel_for(blocks * heads.keys, |piece| {
        // The last queries see the most: theirs come first, so that all end together.
        let (head, block) = (piece % heads.keys, blocks - 1 - piece / heads.keys);
        let first = block * each;
        let count = each.min(seen.count - first);
        MEMORY.with_borrow_mut(|memory| {
            variant.run(Block { seen, queries, head, first, count, memory, out: &out });
        });
    });
}

/// `count` queries from the `first` on, with one head of keys.
struct Block<'a, 'b, T> {
    seen: &'a Seen<'a, T>,
    queries: &'a [f32],
    head: usize,
    first: usize,
    count: usize,
    memory: &'a mut Memory,
    out: &'a Columns<'b>,
}

impl<T: Number> Work for Block<'_, '_, T> {
    type Done = ();

    #[inline(always)]
    unsafe fn with<V: Lanes>(self) {
        let Self { seen, queries, head, first, count, memory, out } = self;
        let (width, shared) = (seen.heads.width, seen.heads.shared());
        let line = seen.heads.queries * width;
        let used = count * shared;
        memory.empty(used.next_multiple_of(4), width);
        for (row, to) in memory.queries.chunks_exact_mut(width).take(used).enumerate() {
            let from = (first + row / shared) * line + (head * shared + row % shared) * width;
            to.copy_from_slice(&queries[from..][..width]);
        }
        // What the last query of the block sees.
        let before = seen.positions - seen.count;
        let end = before + first + count;
        // What its first query sees, in whole tiles.
        let begin = (before + first + 1).saturating_sub(seen.window) / TILE * TILE;
        for start in (begin..end).step_by(TILE) {
            let there = TILE.min(end - start);
            let (keys, values) = seen.rows(head, start, start + there);
            // SAFETY: the caller's promise; and the tables are as long as `empty` makes them.
            unsafe {
                memory.take::<V, T>(keys, values, width);
                memory.compare::<V>(width);
            }
            for row in 0..used {
                let fits = &mut memory.fits[row];
                let last = before + first + row / shared + 1;
                if let Some(hidden) = fits.get_mut(last.saturating_sub(start)..) {
                    hidden.fill(f32::NEG_INFINITY);
                }
                let gone = last.saturating_sub(seen.window).saturating_sub(start).min(TILE);
                fits[..gone].fill(f32::NEG_INFINITY);
                let before = memory.standings[row].weigh(fits);
                memory.sums[row * width..][..width].iter_mut().for_each(|sum| *sum *= before);
            }
            // SAFETY: as above.
            unsafe { memory.sum::<V>(there, width) };
        }
        for row in 0..used {
            let sums = &mut memory.sums[row * width..][..width];
            let whole = 1.0 / memory.standings[row].sum;
            for sum in sums.iter_mut() {
                *sum *= whole;
            }
            // SAFETY: this head of these queries is this piece's.
            unsafe { out.put(first + row / shared, (head * shared + row % shared) * width, sums) };
        }
    }
}

impl Memory {
    /// Room for `rows`, a multiple of four, and nothing summed.
    fn empty(&mut self, rows: usize, width: usize) {
        self.queries.clear();
        self.queries.resize(rows * width, 0.0);
        self.keys.resize(width * TILE, 0.0);
        self.values.resize(TILE * width, 0.0);
        self.fits.resize(rows, [0.0; TILE]);
        self.sums.clear();
        self.sums.resize(rows * width, 0.0);
        self.standings.clear();
        self.standings.resize(rows, Standing::NONE);
    }

    /// Unpacks a tile of keys, turned, and of values.
    #[inline(always)]
    unsafe fn take<V: Lanes, T: Number>(&mut self, keys: &[T], values: &[T], width: usize) {
        let there = keys.len() / width;
        if there < TILE {
            self.keys.fill(0.0);
            self.values.fill(0.0);
        }
        let mut row = [0.0; 16];
        for (at, key) in keys.chunks_exact(width).enumerate() {
            for i in (0..width).step_by(V::COUNT) {
                // SAFETY: rows are `width` long, which lanes divide, and `row` holds the most.
                unsafe { V::store(row.as_mut_ptr(), T::load::<V>(key.as_ptr().add(i))) };
                for (lane, number) in row[..V::COUNT].iter().enumerate() {
                    self.keys[(i + lane) * TILE + at] = *number;
                }
            }
        }
        for i in (0..there * width).step_by(V::COUNT) {
            // SAFETY: as above.
            unsafe { V::store(self.values.as_mut_ptr().add(i), T::load::<V>(values.as_ptr().add(i))) };
        }
    }

    /// Compares all rows of queries with the tile's keys.
    #[inline(always)]
    unsafe fn compare<V: Lanes>(&mut self, width: usize) {
        let rows = self.fits.len();
        let fits = self.fits.as_mut_ptr().cast();
        // SAFETY: `empty` made lines of these lengths.
        unsafe {
            multiply::<V, false>(
                (rows, width, TILE),
                (self.queries.as_ptr(), width),
                (self.keys.as_ptr(), TILE),
                (fits, TILE),
            );
        }
    }

    /// Adds the values of the tile's first `there` positions by their weights.
    #[inline(always)]
    unsafe fn sum<V: Lanes>(&mut self, there: usize, width: usize) {
        let rows = self.fits.len();
        // SAFETY: `empty` made lines of these lengths.
        unsafe {
            multiply::<V, true>(
                (rows, there, width),
                (self.fits.as_ptr().cast(), TILE),
                (self.values.as_ptr(), width),
                (self.sums.as_mut_ptr(), width),
            );
        }
    }
}

/// `rows` × `depth` with `depth` × `columns`, into what is there or added to it. Each
/// matrix is given with the length of its lines; `rows` is a multiple of 4 and `columns` one
/// of 16.
#[inline(always)]
unsafe fn multiply<V: Lanes, const ADD: bool>(
    (rows, depth, columns): (usize, usize, usize),
    a: (*const f32, usize),
    b: (*const f32, usize),
    c: (*mut f32, usize),
) {
    // SAFETY: the caller's promise.
    unsafe {
        for row in (0..rows).step_by(4) {
            let a = (a.0.add(row * a.1), a.1);
            let c = (c.0.add(row * c.1), c.1);
            let mut column = 0;
            while V::REGISTERS >= 32 && column + 4 * V::COUNT <= columns {
                block::<V, ADD, 4>(depth, a, (b.0.add(column), b.1), (c.0.add(column), c.1));
                column += 4 * V::COUNT;
            }
            while V::REGISTERS >= 16 && column + 2 * V::COUNT <= columns {
                block::<V, ADD, 2>(depth, a, (b.0.add(column), b.1), (c.0.add(column), c.1));
                column += 2 * V::COUNT;
            }
            while column < columns {
                block::<V, ADD, 1>(depth, a, (b.0.add(column), b.1), (c.0.add(column), c.1));
                column += V::COUNT;
            }
        }
    }
}

/// Four rows and W registers of columns.
#[inline(always)]
unsafe fn block<V: Lanes, const ADD: bool, const W: usize>(
    depth: usize,
    a: (*const f32, usize),
    b: (*const f32, usize),
    c: (*mut f32, usize),
) {
    // SAFETY: the caller's promise.
    unsafe {
        let mut sums = [[V::floats(0.0); W]; 4];
        if ADD {
            for (row, sums) in sums.iter_mut().enumerate() {
                for (w, sum) in sums.iter_mut().enumerate() {
                    *sum = V::load(c.0.add(row * c.1 + w * V::COUNT));
                }
            }
        }
        for at in 0..depth {
            let line: [V::Floats; W] = std::array::from_fn(|w| V::load(b.0.add(at * b.1 + w * V::COUNT)));
            for (row, sums) in sums.iter_mut().enumerate() {
                let number = V::floats(*a.0.add(row * a.1 + at));
                for (sum, line) in sums.iter_mut().zip(line) {
                    *sum = V::mul_add(line, number, *sum);
                }
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            for (w, sum) in sums.iter().enumerate() {
                V::store(c.0.add(row * c.1 + w * V::COUNT), *sum);
            }
        }
    }
}
