//! The rows of a prompt, rounded to bytes once, in the order in which they are used.

use std::cell::Cell;

use rayon::prelude::*;

/// Numbers that share a scale.
pub const GROUP: usize = 32;
/// Numbers that are multiplied in one go: as many as a large block has.
pub const PANEL: usize = 256;
/// Groups in a panel.
pub const GROUPS: usize = PANEL / GROUP;

/// One panel of one row. Number `i` is about `scales[i / 32] × bytes[i]`.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Row {
    pub bytes: [i8; PANEL],
    pub scales: [f32; GROUPS],
    /// The sum of each group's rounded numbers, for the weights' minimums.
    pub sums: [f32; GROUPS],
    /// Where a sum of products begins, for each 32 or each 16: weights that are too high
    /// by an offset make it too high by the offset times the sum of the bytes.
    pub starts: [i32; 2 * GROUPS],
}

impl Row {
    const ZERO: Self =
        Self { bytes: [0; PANEL], scales: [0.0; GROUPS], sums: [0.0; GROUPS], starts: [0; 2 * GROUPS] };
}

/// Rows as [`quantised`] lays them out: all rows' first panels, then all their second.
/// Where the last panel is short, the rest of it is whatever it was.
pub struct Rows<'a> {
    pub panels: &'a [Row],
    pub count: usize,
}

thread_local! {
    /// Kept from call to call. Taken out while it is used, so that a call within a call
    /// (rayon may run one while it waits) merely makes its own.
    static MEMORY: Cell<Vec<Row>> = const { Cell::new(Vec::new()) };
}

/// Calls `then` with `numbers`, rows of `k`, in bytes. Weights are too high by `offset`
/// and have `halves` scales for every group.
pub fn quantised(numbers: &[f32], k: usize, offset: u8, halves: usize, then: impl FnOnce(&Rows<'_>)) {
    let count = numbers.len() / k;
    let panels = k.div_ceil(PANEL);
    let mut memory = MEMORY.take();
    if memory.len() < count * panels {
        memory.resize(count * panels, Row::ZERO);
    }
    let used = &mut memory[..count * panels];
    used.par_chunks_mut(count).enumerate().for_each(|(panel, rows)| {
        for (row, numbers) in rows.iter_mut().zip(numbers.chunks_exact(k)) {
            let rest = &numbers[panel * PANEL..];
            quantise(&rest[..rest.len().min(PANEL)], offset, halves, row);
        }
    });
    then(&Rows { panels: used, count });
    MEMORY.set(memory);
}

/// How many panels' room this thread keeps.
#[cfg(test)]
pub fn kept() -> usize {
    let memory = MEMORY.take();
    let kept = memory.capacity();
    MEMORY.set(memory);
    kept
}

fn quantise(numbers: &[f32], offset: u8, halves: usize, row: &mut Row) {
    let (groups, _) = numbers.as_chunks::<GROUP>();
    for (at, (numbers, bytes)) in groups.iter().zip(row.bytes.as_chunks_mut::<GROUP>().0).enumerate() {
        let scale = round(numbers, bytes);
        let sum = |bytes: &[i8]| bytes.iter().map(|byte| i32::from(*byte)).sum::<i32>();
        row.scales[at] = scale;
        row.sums[at] = scale * whole(sum(bytes));
        for (half, bytes) in bytes.chunks_exact(GROUP / halves).enumerate() {
            row.starts[at * halves + half] = -i32::from(offset) * sum(bytes);
        }
    }
}

/// A sum of a group's bytes, which a float holds exactly.
#[allow(clippy::cast_precision_loss)]
fn whole(sum: i32) -> f32 {
    sum as f32
}

/// Rounds to −127 to 127, and gives the scale that undoes it.
fn round(numbers: &[f32; GROUP], bytes: &mut [i8; GROUP]) -> f32 {
    // As bits, magnitudes order as whole numbers do, with infinity and then NaN above
    // all others: neither is lost, as it would be to `f32::max`, but ends up in the scale.
    let largest = numbers.iter().fold(0, |largest, number| largest.max(number.abs().to_bits()));
    let largest = f32::from_bits(largest);
    // Below this, the inverse is not a number of use, and nor are the activations.
    if largest < 1e-30 {
        *bytes = [0; GROUP];
        return 0.0;
    }
    let inverse = 127.0 / largest;
    for (byte, number) in bytes.iter_mut().zip(numbers) {
        // Adding 1.5 × 2²³ leaves no room for a fraction: the processor rounds to even, and
        // the low byte of the sum's bits is the whole number, in two's complement.
        let [low, ..] = (number * inverse + 12_582_912.0).to_bits().to_le_bytes();
        *byte = low.cast_signed();
    }
    largest / 127.0
}
