//! One row with the blocks themselves, in registers of 16 bytes. What four groups sum to
//! is put side by side and scaled at once.

#![allow(unsafe_code)] // vector instructions; the contract is said at each

#[allow(clippy::wildcard_imports)] // their names are long enough to be known by
use std::arch::aarch64::*;

use crate::{
    blocks::{One, Q4K, Q5K, Q6K, Q8_0},
    lanes::neon::dot,
    rows::{PANEL, Row},
};

/// What a row's products are summed in: two, so that one addition need not wait for the
/// one before it.
type Sums = [float32x4_t; 2];

/// A layout whose blocks can be multiplied with as they lie.
pub trait BlockDot: One {
    /// Adds the products of a panel of one row with its blocks to `sums`.
    ///
    /// # Safety
    /// It needs `dotprod`. `blocks` points to `count` blocks, which are at most a panel's.
    unsafe fn add(blocks: *const u8, count: usize, row: &Row, sums: &mut Sums);
}

/// Products of one row, `k` long and given in panels, with as many rows of weights as
/// there are `sums`.
///
/// # Safety
/// It must become part of a function that enables `dotprod`, on a processor that has it.
#[inline(always)]
pub unsafe fn dots<K: BlockDot>(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]) {
    let length = k / K::LENGTH * K::BYTES;
    let panel = PANEL / K::LENGTH * K::BYTES;
    for (sum, weights) in sums.iter_mut().zip(weights.chunks_exact(length)) {
        // SAFETY: the caller's promise, and a chunk is at most a panel's blocks.
        unsafe {
            let mut parts = [vdupq_n_f32(0.0); 2];
            for (blocks, row) in weights.chunks(panel).zip(row) {
                K::add(blocks.as_ptr(), blocks.len() / K::BYTES, row, &mut parts);
            }
            *sum = vaddvq_f32(vaddq_f32(parts[0], parts[1]));
        }
    }
}

impl BlockDot for Q4K {
    #[inline(always)]
    unsafe fn add(block: *const u8, _: usize, row: &Row, sums: &mut Sums) {
        // SAFETY: by this function's contract NEON with `dotprod` is there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            let scales = scales(block, row, sums);
            for (half, (sum, scales)) in sums.iter_mut().zip(scales).enumerate() {
                let mut dots = [vdupq_n_s32(0); 4];
                for (pair, dots) in dots.as_chunks_mut::<2>().0.iter_mut().enumerate() {
                    let pair = 2 * half + pair;
                    let nibbles = group(block.add(16 + 32 * pair));
                    dots[0] = products(nibbles.map(|nibbles| low(nibbles)), row, 2 * pair);
                    dots[1] = products(nibbles.map(|nibbles| high(nibbles)), row, 2 * pair + 1);
                }
                *sum = scaled(side_by_side(dots), scales, *sum);
            }
        }
    }
}

impl BlockDot for Q5K {
    #[inline(always)]
    unsafe fn add(block: *const u8, _: usize, row: &Row, sums: &mut Sums) {
        // SAFETY: by this function's contract NEON with `dotprod` is there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            let scales = scales(block, row, sums);
            let mut fifths = group(block.add(16));
            // With the lowest bit of each byte above the four; the others come down.
            let mut whole = |fours: [uint8x16_t; 2]| {
                let [a, b] = [0, 1].map(|i| {
                    let fifth = vandq_u8(fifths[i], vdupq_n_u8(1));
                    vsliq_n_u8::<4>(fours[i], fifth)
                });
                fifths = fifths.map(|fifths| vshrq_n_u8::<1>(fifths));
                [a, b]
            };
            for (half, (sum, scales)) in sums.iter_mut().zip(scales).enumerate() {
                let mut dots = [vdupq_n_s32(0); 4];
                for (pair, dots) in dots.as_chunks_mut::<2>().0.iter_mut().enumerate() {
                    let pair = 2 * half + pair;
                    let nibbles = group(block.add(48 + 32 * pair));
                    dots[0] = products(whole(nibbles.map(|nibbles| low(nibbles))), row, 2 * pair);
                    dots[1] = products(whole(nibbles.map(|nibbles| high(nibbles))), row, 2 * pair + 1);
                }
                *sum = scaled(side_by_side(dots), scales, *sum);
            }
        }
    }
}

impl BlockDot for Q6K {
    #[inline(always)]
    unsafe fn add(block: *const u8, _: usize, row: &Row, sums: &mut Sums) {
        // SAFETY: by this function's contract NEON with `dotprod` is there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            let whole = float(block.add(208));
            let bits = vdupq_n_u8(48);
            for half in 0..2 {
                // The first 16 of each group's 32, and the second, have scales of their own.
                let mut dots = [[vdupq_n_s32(0); 4]; 2];
                for part in 0..2 {
                    let nibbles = block.add(64 * half + 16 * part);
                    let (first, second) = (vld1q_u8(nibbles), vld1q_u8(nibbles.add(32)));
                    let above = vld1q_u8(block.add(128 + 32 * half + 16 * part));
                    let weights = [
                        vorrq_u8(low(first), vandq_u8(vshlq_n_u8::<4>(above), bits)),
                        vorrq_u8(low(second), vandq_u8(vshlq_n_u8::<2>(above), bits)),
                        vorrq_u8(high(first), vandq_u8(above, bits)),
                        vorrq_u8(high(second), vandq_u8(vshrq_n_u8::<2>(above), bits)),
                    ];
                    for (at, weights) in weights.into_iter().enumerate() {
                        let bytes = vld1q_s8(row.bytes.as_ptr().add(128 * half + 32 * at + 16 * part));
                        let none = vdupq_n_s32(0);
                        dots[at / 2][2 * (at % 2) + part] = dot(none, vreinterpretq_s8_u8(weights), bytes);
                    }
                }
                let small = vmovl_s8(vld1_s8(block.add(192 + 8 * half).cast()));
                let small = [vmovl_s16(vget_low_s16(small)), vmovl_high_s16(small)];
                let rows = vmulq_f32(vld1q_f32(row.scales.as_ptr().add(4 * half)), whole);
                let rows = [vzip1q_f32(rows, rows), vzip2q_f32(rows, rows)];
                for (at, sum) in sums.iter_mut().enumerate() {
                    let starts = vld1q_s32(row.starts_16.as_ptr().add(8 * half + 4 * at));
                    let scales = vmulq_f32(vcvtq_f32_s32(small[at]), rows[at]);
                    *sum = scaled(vaddq_s32(side_by_side(dots[at]), starts), scales, *sum);
                }
            }
        }
    }
}

impl BlockDot for Q8_0 {
    #[inline(always)]
    unsafe fn add(blocks: *const u8, count: usize, row: &Row, sums: &mut Sums) {
        // SAFETY: by this function's contract NEON with `dotprod` is there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            for at in 0..count {
                let block = blocks.add(34 * at);
                let scale = vmulq_n_f32(float(block), row.scales[at]);
                let dots = products(group(block.add(2)), row, at);
                sums[at % 2] = scaled(dots, scale, sums[at % 2]);
            }
        }
    }
}

/// What `Q4K` and `Q5K` begin with: gives eight scales, times those of the row, and adds
/// what the minimums make.
#[inline(always)]
unsafe fn scales(block: *const u8, row: &Row, sums: &mut Sums) -> [float32x4_t; 2] {
    // SAFETY: by this function's contract NEON with `dotprod` is there, and the pointers and blocks
    // are as long as is read or written.
    unsafe {
        let word = |at: usize| block.add(at).cast::<u32>().read_unaligned();
        let (first, second, third) = (word(4), word(8), word(12));
        let eight = |low: u32, high: u32| {
            let eight = vmovl_u8(vcreate_u8(u64::from(high) << 32 | u64::from(low)));
            [vcvtq_f32_u32(vmovl_u16(vget_low_u16(eight))), vcvtq_f32_u32(vmovl_high_u16(eight))]
        };
        let mut scales = eight(first & 0x3f3f_3f3f, third & 0x0f0f_0f0f | (first & 0xc0c0_c0c0) >> 2);
        let minimums = eight(second & 0x3f3f_3f3f, third >> 4 & 0x0f0f_0f0f | (second & 0xc0c0_c0c0) >> 2);
        let (scale, minimum) = (float(block), float(block.add(2)));
        for at in 0..2 {
            let taken = vmulq_f32(minimum, vld1q_f32(row.sums.as_ptr().add(4 * at)));
            sums[at] = vfmsq_f32(sums[at], minimums[at], taken);
            let scale = vmulq_f32(scale, vld1q_f32(row.scales.as_ptr().add(4 * at)));
            scales[at] = vmulq_f32(scales[at], scale);
        }
        scales
    }
}

/// A group's products with the row's, in four sums.
#[inline(always)]
unsafe fn products(weights: [uint8x16_t; 2], row: &Row, group: usize) -> int32x4_t {
    // SAFETY: by this function's contract NEON with `dotprod` is there, and the pointers and blocks
    // are as long as is read or written.
    unsafe {
        let bytes = row.bytes.as_ptr().add(32 * group);
        let [first, second] = weights.map(|weights| vreinterpretq_s8_u8(weights));
        dot(dot(vdupq_n_s32(0), first, vld1q_s8(bytes)), second, vld1q_s8(bytes.add(16)))
    }
}

/// What each of these sums to.
#[inline(always)]
unsafe fn side_by_side([a, b, c, d]: [int32x4_t; 4]) -> int32x4_t {
    // SAFETY: by this function's contract NEON with `dotprod` is there; no memory is touched.
    unsafe { vpaddq_s32(vpaddq_s32(a, b), vpaddq_s32(c, d)) }
}

#[inline(always)]
unsafe fn scaled(dots: int32x4_t, scales: float32x4_t, sum: float32x4_t) -> float32x4_t {
    // SAFETY: by this function's contract NEON with `dotprod` is there; no memory is touched.
    unsafe { vfmaq_f32(sum, vcvtq_f32_s32(dots), scales) }
}

/// 32 bytes.
#[inline(always)]
unsafe fn group(from: *const u8) -> [uint8x16_t; 2] {
    // SAFETY: by this function's contract NEON with `dotprod` is there, and the pointers and blocks
    // are as long as is read or written.
    unsafe { [vld1q_u8(from), vld1q_u8(from.add(16))] }
}

/// A number of 16 bits, four times.
#[inline(always)]
unsafe fn float(from: *const u8) -> float32x4_t {
    // SAFETY: by this function's contract NEON with `dotprod` is there, and the pointers and blocks
    // are as long as is read or written.
    unsafe { vcvt_f32_f16(vreinterpret_f16_u16(vdup_n_u16(from.cast::<u16>().read_unaligned()))) }
}

#[inline(always)]
unsafe fn low(nibbles: uint8x16_t) -> uint8x16_t {
    // SAFETY: by this function's contract NEON with `dotprod` is there; no memory is touched.
    unsafe { vandq_u8(nibbles, vdupq_n_u8(15)) }
}

#[inline(always)]
unsafe fn high(nibbles: uint8x16_t) -> uint8x16_t {
    // SAFETY: by this function's contract NEON with `dotprod` is there; no memory is touched.
    unsafe { vshrq_n_u8::<4>(nibbles) }
}
