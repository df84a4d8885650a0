//! Plain Rust: the reference that the other variants are held against, and what a
//! processor without their instructions runs.

#![allow(unsafe_code)] // the trait's contract; no instruction here needs a check

use half::f16;

use super::{Lanes, WIDEST};
use crate::{
    blocks::Range,
    rows::{PANEL, Row},
};

/// Eight lanes, in arrays.
pub struct Portable;

impl Lanes for Portable {
    type Floats = [f32; 8];
    type Ints = [i32; 8];
    const COUNT: usize = 8;
    const REGISTERS: usize = 8;
    const BIAS: u8 = 0;
    const ROWS: usize = 4;
    type Fine = Self;
    const FINE_ROWS: usize = 4;

    #[inline(always)]
    unsafe fn ints(value: i32) -> [i32; 8] {
        [value; 8]
    }

    #[inline(always)]
    unsafe fn floats(value: f32) -> [f32; 8] {
        [value; 8]
    }

    #[inline(always)]
    #[allow(clippy::cast_precision_loss)] // sums of products of bytes stay below 2²⁴
    unsafe fn converted(ints: [i32; 8]) -> [f32; 8] {
        ints.map(|int| int as f32)
    }

    #[inline(always)]
    unsafe fn mul(mut a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        for i in 0..8 {
            a[i] *= b[i];
        }
        a
    }

    #[inline(always)]
    unsafe fn mul_add(mut a: [f32; 8], b: [f32; 8], c: [f32; 8]) -> [f32; 8] {
        for i in 0..8 {
            a[i] = a[i].mul_add(b[i], c[i]);
        }
        a
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> [f32; 8] {
        // SAFETY: the caller points to eight numbers.
        unsafe { from.cast::<[f32; 8]>().read() }
    }

    #[inline(always)]
    unsafe fn load_half(from: *const f16) -> [f32; 8] {
        // SAFETY: the caller points to eight numbers, which need not be aligned.
        unsafe { from.cast::<[[u8; 2]; 8]>().read() }.map(|bytes| f16::from_le_bytes(bytes).to_f32())
    }

    #[inline(always)]
    unsafe fn sum(floats: [f32; 8]) -> f32 {
        floats.iter().sum()
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, floats: [f32; 8]) {
        // SAFETY: the caller points to eight numbers.
        unsafe { to.cast::<[f32; 8]>().write(floats) }
    }

    #[inline(always)]
    unsafe fn dots<const M: usize>(
        sums: &mut [[i32; 8]; M],
        weights: *const u8,
        rows: *const Row,
        at: usize,
        quads: usize,
        range: Range,
    ) {
        // SAFETY: the caller's pointers are good for these lengths.
        let (weights, rows) = unsafe {
            (
                std::slice::from_raw_parts(weights.cast::<[[u8; 4]; 8]>(), quads),
                std::slice::from_raw_parts(rows, M),
            )
        };
        for (sums, row) in sums.iter_mut().zip(rows) {
            let bytes = row.bytes[at..][..4 * quads].as_chunks::<4>().0;
            for (weights, bytes) in weights.iter().zip(bytes) {
                for (sum, weights) in sums.iter_mut().zip(weights) {
                    for (weight, byte) in weights.iter().zip(bytes) {
                        let weight = match range {
                            Range::Signed => i32::from(weight.cast_signed()),
                            Range::Bits4 | Range::Bits5 | Range::Bits6 => i32::from(*weight),
                        };
                        *sum += weight * i32::from(*byte);
                    }
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn interleave(rows: &[[u8; PANEL]; WIDEST], to: *mut u8) {
        // SAFETY: the caller points to this many bytes.
        let quads = unsafe { std::slice::from_raw_parts_mut(to.cast::<[[u8; 4]; 8]>(), PANEL / 4) };
        for (lane, row) in rows[..8].iter().enumerate() {
            for (quad, bytes) in quads.iter_mut().zip(row.as_chunks::<4>().0) {
                quad[lane] = *bytes;
            }
        }
    }
}
