//! The rows of a prompt, rounded to bytes once, in the order in which they are used.

#![allow(unsafe_code)] // threads write to rows of their own

use crate::thread_pool::parallel_for;

/// Numbers that share a scale.
pub const GROUP: usize = 32;
/// Numbers that are multiplied in one go: as many as a large block has.
pub const PANEL: usize = 256;
/// Groups in a panel.
pub const GROUPS: usize = PANEL / GROUP;

/// What weights of a large block are too high by, where they are.
const OFFSET_16: i32 = 32;
/// What signed weights are too high by, where a variant makes them unsigned.
const OFFSET_32: i32 = 128;

/// One panel of one row. Number `i` is about `scales[i / 32] × bytes[i]`.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub struct Row {
    pub bytes: [i8; PANEL],
    pub scales: [f32; GROUPS],
    /// The sum of each group's rounded numbers, for the weights' minimums.
    pub sums: [f32; GROUPS],
    /// Where a sum of 16 products begins: weights that are too high by 32 make it too high
    /// by 32 times the sum of the bytes.
    pub starts_16: [i32; 2 * GROUPS],
    /// The same for 32 products and 128.
    pub starts_32: [i32; GROUPS],
}

impl Row {
    /// The sum of 16 bytes, not scaled.
    #[inline(always)]
    pub fn sum_16(&self, at: usize) -> f32 {
        whole(self.starts_16[at] / -OFFSET_16)
    }

    const ZERO: Self = Self {
        bytes: [0; PANEL],
        scales: [0.0; GROUPS],
        sums: [0.0; GROUPS],
        starts_16: [0; 2 * GROUPS],
        starts_32: [0; GROUPS],
    };
}

/// Rows in bytes, which weights of every kind can be multiplied with: all rows' first
/// panels, then all their second. Where the last panel is short, the rest of it is
/// whatever it was. The memory is kept when other rows take their place.
#[derive(Debug, Default)]
pub struct Rows {
    memory: Vec<Row>,
    count: usize,
    /// Numbers of a row.
    pub k: usize,
}

impl Rows {
    /// Takes the place of what was there: `numbers` are rows of `k`.
    pub fn fill(&mut self, numbers: &[f32], k: usize) {
        (self.count, self.k) = (numbers.len() / k, k);
        let (count, panels) = (self.count, k.div_ceil(PANEL));
        if self.memory.len() < count * panels {
            self.memory.resize(count * panels, Row::ZERO);
        }
        let first = Shared(self.memory.as_mut_ptr());
        parallel_for(count.div_ceil(SHARE), |part| {
            for row in part * SHARE..count.min((part + 1) * SHARE) {
                let panels = numbers[row * k..][..k].chunks(PANEL);
                for (panel, numbers) in panels.enumerate() {
                    // SAFETY: there are `count` places for each panel, and this one is
                    // written by nobody else.
                    quantise(numbers, unsafe { &mut *first.get().add(panel * count + row) });
                }
            }
        });
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The panels from the first numbers to the last, each of all rows.
    pub fn panels(&self) -> impl Iterator<Item = &[Row]> {
        self.memory[..self.count * self.k.div_ceil(PANEL)].chunks_exact(self.count.max(1))
    }

    /// How many panels' room there is.
    #[cfg(test)]
    pub fn room(&self) -> usize {
        self.memory.capacity()
    }
}

/// Rows that a thread takes at a time.
const SHARE: usize = 8;

/// A pointer that several threads may have.
struct Shared(*mut Row);

// SAFETY: `fill` alone makes one, and says who writes where.
unsafe impl Sync for Shared {}

impl Shared {
    fn get(&self) -> *mut Row {
        self.0
    }
}

fn quantise(numbers: &[f32], row: &mut Row) {
    let (groups, _) = numbers.as_chunks::<GROUP>();
    for (at, (numbers, bytes)) in groups.iter().zip(row.bytes.as_chunks_mut::<GROUP>().0).enumerate() {
        let scale = round(numbers, bytes);
        let sum = |bytes: &[i8]| bytes.iter().map(|byte| i32::from(*byte)).sum::<i32>();
        let (first, second) = (sum(&bytes[..GROUP / 2]), sum(&bytes[GROUP / 2..]));
        row.scales[at] = scale;
        row.sums[at] = scale * whole(first + second);
        row.starts_16[2 * at] = -OFFSET_16 * first;
        row.starts_16[2 * at + 1] = -OFFSET_16 * second;
        row.starts_32[at] = -OFFSET_32 * (first + second);
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
