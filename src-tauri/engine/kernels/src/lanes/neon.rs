//! NEON: eight lanes in two registers, so that what is read of a row serves twice. With
//! `dotprod`, four products to an instruction in each lane; with `i8mm`, eight in each of
//! two lanes, for two rows at once.
//!
//! Weights and rows come in parts of 16 bytes of each lane and of each row.

#![allow(unsafe_code)] // vector instructions; the contract is `Lanes`'s

#[allow(clippy::wildcard_imports)] // their names are long enough to be known by
use std::arch::aarch64::*;
use std::{arch::asm, array};

use half::f16;

use super::{Lanes, WIDEST};
use crate::{
    blocks::Range,
    rows::{PANEL, Row},
};

/// Eight lanes, in two halves.
pub struct Neon<const I8MM: bool>;

/// Bytes of a part, of all lanes.
const PART: usize = 128;

impl<const I8MM: bool> Lanes for Neon<I8MM> {
    type Floats = [float32x4_t; 2];
    type Ints = [int32x4_t; 2];
    const COUNT: usize = 8;
    const REGISTERS: usize = 16;
    const BIAS: u8 = 0;
    const ROWS: usize = 4;
    // Sums of 16 products are over before it has paid to pair the rows.
    type Fine = Neon<false>;
    const FINE_ROWS: usize = 4;

    #[inline(always)]
    unsafe fn ints(value: i32) -> [int32x4_t; 2] {
        // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`);
        // no memory is touched.
        unsafe { [vdupq_n_s32(value); 2] }
    }

    #[inline(always)]
    unsafe fn floats(value: f32) -> [float32x4_t; 2] {
        // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`);
        // no memory is touched.
        unsafe { [vdupq_n_f32(value); 2] }
    }

    #[inline(always)]
    unsafe fn converted([a, b]: [int32x4_t; 2]) -> [float32x4_t; 2] {
        // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`);
        // no memory is touched.
        unsafe { [vcvtq_f32_s32(a), vcvtq_f32_s32(b)] }
    }

    #[inline(always)]
    unsafe fn mul(a: [float32x4_t; 2], b: [float32x4_t; 2]) -> [float32x4_t; 2] {
        // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`);
        // no memory is touched.
        unsafe { [vmulq_f32(a[0], b[0]), vmulq_f32(a[1], b[1])] }
    }

    #[inline(always)]
    unsafe fn mul_add(a: [float32x4_t; 2], b: [float32x4_t; 2], c: [float32x4_t; 2]) -> [float32x4_t; 2] {
        // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`);
        // no memory is touched.
        unsafe { [vfmaq_f32(c[0], a[0], b[0]), vfmaq_f32(c[1], a[1], b[1])] }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> [float32x4_t; 2] {
        // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`),
        // and the pointers and blocks are as long as is read or written.
        unsafe { [vld1q_f32(from), vld1q_f32(from.add(4))] }
    }

    #[inline(always)]
    unsafe fn load_half(from: *const f16) -> [float32x4_t; 2] {
        // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`),
        // and the pointers and blocks are as long as is read or written.
        unsafe {
            // As bytes: they need not be aligned.
            let eight = vreinterpretq_f16_u8(vld1q_u8(from.cast()));
            [vcvt_f32_f16(vget_low_f16(eight)), vcvt_high_f32_f16(eight)]
        }
    }

    #[inline(always)]
    unsafe fn sum([a, b]: [float32x4_t; 2]) -> f32 {
        // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`);
        // no memory is touched.
        unsafe { vaddvq_f32(vaddq_f32(a, b)) }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, [a, b]: [float32x4_t; 2]) {
        // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`),
        // and the pointers and blocks are as long as is read or written.
        unsafe {
            vst1q_f32(to, a);
            vst1q_f32(to.add(4), b);
        }
    }

    #[inline(always)]
    unsafe fn dots<const M: usize>(
        sums: &mut [[int32x4_t; 2]; M],
        weights: *const u8,
        rows: *const Row,
        at: usize,
        quads: usize,
        _: Range,
    ) {
        // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`),
        // and the pointers and blocks are as long as is read or written.
        unsafe {
            let rows: [*const i8; M] = array::from_fn(|i| (&raw const (*rows.add(i)).bytes).cast());
            if I8MM && M == 1 {
                // It keeps itself company.
                let mut two = [sums[0]; 2];
                by_eights(&mut two, weights, [rows[0].add(at); 2], quads / 4);
                sums[0] = two[0];
            } else if I8MM {
                by_eights(sums, weights, rows.map(|row| row.add(at)), quads / 4);
            } else {
                by_quads(sums, weights, rows.map(|row| row.add(at)), quads / 4);
            }
        }
    }

    #[inline(always)]
    unsafe fn interleave(rows: &[[u8; PANEL]; WIDEST], to: *mut u8) {
        // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`),
        // and the pointers and blocks are as long as is read or written.
        unsafe {
            for part in 0..PANEL / 16 {
                for (half, rows) in rows[..Self::COUNT].as_chunks::<4>().0.iter().enumerate() {
                    let [a, b, c, d] = rows.each_ref().map(|row| vld1q_u8(row.as_ptr().add(16 * part)));
                    let to = to.add(PART * part + PART / 2 * half);
                    if I8MM {
                        let [a, b, c, d] = [a, b, c, d].map(|line| vreinterpretq_u64_u8(line));
                        vst4q_u64(to.cast(), uint64x2x4_t(a, b, c, d));
                    } else {
                        let [a, b, c, d] = [a, b, c, d].map(|line| vreinterpretq_u32_u8(line));
                        vst4q_u32(to.cast(), uint32x4x4_t(a, b, c, d));
                    }
                }
            }
        }
    }
}

/// Adds `parts` of M rows' products. A part of the weights has, for the first half of the
/// lanes and then for the second, four times four bytes of each lane.
#[inline(always)]
unsafe fn by_quads<const M: usize>(
    sums: &mut [[int32x4_t; 2]; M],
    weights: *const u8,
    rows: [*const i8; M],
    parts: usize,
) {
    // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`), and
    // the pointers and blocks are as long as is read or written.
    unsafe {
        for part in 0..parts {
            let bytes = rows.map(|row| vld1q_s8(row.add(16 * part)));
            let weights = weights.add(PART * part);
            quad::<M, 0>(sums, weights, &bytes);
            quad::<M, 1>(sums, weights, &bytes);
            quad::<M, 2>(sums, weights, &bytes);
            quad::<M, 3>(sums, weights, &bytes);
        }
    }
}

/// Adds a part's products with the rows' quad number `QUAD`.
#[inline(always)]
unsafe fn quad<const M: usize, const QUAD: usize>(
    sums: &mut [[int32x4_t; 2]; M],
    weights: *const u8,
    bytes: &[int8x16_t; M],
) {
    // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`), and
    // the pointers and blocks are as long as is read or written.
    unsafe {
        let halves = [0, PART / 2].map(|half| vld1q_s8(weights.add(half + 16 * QUAD).cast()));
        for (sums, bytes) in sums.iter_mut().zip(bytes) {
            for (sum, weights) in sums.iter_mut().zip(halves) {
                *sum = dot_quad::<QUAD>(*sum, weights, *bytes);
            }
        }
    }
}

/// Adds `parts` of M rows' products, M being even. A part of the weights has, for the
/// first half of the lanes and then for the second, twice eight bytes of each lane.
#[inline(always)]
unsafe fn by_eights<const M: usize>(
    sums: &mut [[int32x4_t; 2]; M],
    weights: *const u8,
    rows: [*const i8; M],
    parts: usize,
) {
    // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`, `i8mm`), and
    // the pointers and blocks are as long as is read or written.
    unsafe {
        paired(sums);
        for part in 0..parts {
            let bytes = rows.map(|row| vreinterpretq_s64_s8(vld1q_s8(row.add(16 * part))));
            for at in 0..4 {
                let (eight, half) = (at / 2, at % 2);
                let weights = weights.add(PART * part + PART / 2 * half + 32 * eight).cast();
                let lanes = [vld1q_s8(weights), vld1q_s8(weights.add(16))];
                for (sums, bytes) in sums.as_chunks_mut::<2>().0.iter_mut().zip(bytes.as_chunks::<2>().0) {
                    let [a, b] = *bytes;
                    let both = if eight == 0 { vzip1q_s64(a, b) } else { vzip2q_s64(a, b) };
                    for (sums, lanes) in sums.iter_mut().zip(lanes) {
                        sums[half] = dot_pairs(sums[half], vreinterpretq_s8_s64(both), lanes);
                    }
                }
            }
        }
        paired(sums);
    }
}

/// Of each two rows' sums makes those of the first two lanes of both, and those of the
/// next two. Done again, it makes them what they were.
#[inline(always)]
unsafe fn paired<const M: usize>(sums: &mut [[int32x4_t; 2]; M]) {
    for [first, second] in sums.as_chunks_mut::<2>().0 {
        for (a, b) in first.iter_mut().zip(second) {
            // SAFETY: by this function's contract NEON with `dotprod` is there (with `I8MM`,
            // `i8mm`); no memory is touched.
            unsafe {
                let (low, high) = (vreinterpretq_s64_s32(*a), vreinterpretq_s64_s32(*b));
                *a = vreinterpretq_s32_s64(vzip1q_s64(low, high));
                *b = vreinterpretq_s32_s64(vzip2q_s64(low, high));
            }
        }
    }
}

// The instructions themselves: Rust has names for them that are not settled yet
// (`vdotq_s32`, `vdotq_laneq_s32`, `vmmlaq_s32`).

/// Adds to each of four sums the products of four weights with four bytes.
///
/// # Safety
/// It needs `dotprod`.
#[inline(always)]
pub unsafe fn dot(mut sums: int32x4_t, weights: int8x16_t, bytes: int8x16_t) -> int32x4_t {
    // SAFETY: the instruction reads and writes these registers alone; that it is there is the
    // caller's promise.
    unsafe {
        asm!(
            "sdot {sums:v}.4s, {weights:v}.16b, {bytes:v}.16b",
            sums = inout(vreg) sums, weights = in(vreg) weights, bytes = in(vreg) bytes,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sums
}

/// The same with the four bytes number `QUAD`, for all of the sums.
#[inline(always)]
unsafe fn dot_quad<const QUAD: usize>(
    mut sums: int32x4_t,
    weights: int8x16_t,
    bytes: int8x16_t,
) -> int32x4_t {
    // SAFETY: the instruction reads and writes these registers alone; that it is there is the
    // caller's promise.
    unsafe {
        asm!(
            "sdot {sums:v}.4s, {weights:v}.16b, {bytes:v}.4b[{quad}]",
            sums = inout(vreg) sums, weights = in(vreg) weights, bytes = in(vreg) bytes,
            quad = const QUAD,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sums
}

/// Adds to four sums the products of eight bytes of two rows with eight weights of two
/// lanes: the first row's with each lane, then the second's. It needs `i8mm`.
#[inline(always)]
unsafe fn dot_pairs(mut sums: int32x4_t, rows: int8x16_t, lanes: int8x16_t) -> int32x4_t {
    // SAFETY: the instruction reads and writes these registers alone; that it is there is the
    // caller's promise.
    unsafe {
        asm!(
            "smmla {sums:v}.4s, {rows:v}.16b, {lanes:v}.16b",
            sums = inout(vreg) sums, rows = in(vreg) rows, lanes = in(vreg) lanes,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sums
}
