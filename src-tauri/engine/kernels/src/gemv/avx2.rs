//! One row with the blocks themselves, in registers of 32 bytes: one group of weights in
//! each. What sums four products at a time differs from variant to variant, and nothing
//! else does.

#![allow(unsafe_code)] // vector instructions; the contract is said at each

#[allow(clippy::wildcard_imports)] // their names are long enough to be known by
use std::arch::x86_64::*;

use half::f16;

use super::{
    avx512,
    x86::{ahead, load, scales, total},
};
use crate::{
    blocks::{One, Q4K, Q5K, Q6K, Q8_0},
    rows::{PANEL, Row},
};

/// What a row's products are summed in. There are several, so that one addition need not
/// wait for the one before it.
type Sums = [__m256; 5];

/// A way to sum products of bytes.
pub trait Quads {
    /// Adds to each of eight sums the products of four weights of 0 to 128 with four bytes.
    ///
    /// # Safety
    /// It needs the instructions of its variant, in a function that enables them.
    unsafe fn quads(sums: __m256i, weights: __m256i, bytes: __m256i) -> __m256i;
}

/// AVX-512's VNNI on shorter registers.
pub struct Vnni512;
/// AVX-VNNI.
pub struct Vnni;
/// AVX2 alone, by way of 16 bits: two products of 128 and 127 fit.
pub struct Plain;

impl Quads for Vnni512 {
    #[inline(always)]
    unsafe fn quads(sums: __m256i, weights: __m256i, bytes: __m256i) -> __m256i {
        // SAFETY: by this function's contract Q's instructions are there; no memory is touched.
        unsafe { _mm256_dpbusd_epi32(sums, weights, bytes) }
    }
}

impl Quads for Vnni {
    #[inline(always)]
    unsafe fn quads(sums: __m256i, weights: __m256i, bytes: __m256i) -> __m256i {
        // SAFETY: by this function's contract Q's instructions are there; no memory is touched.
        unsafe { _mm256_dpbusd_avx_epi32(sums, weights, bytes) }
    }
}

impl Quads for Plain {
    #[inline(always)]
    unsafe fn quads(sums: __m256i, weights: __m256i, bytes: __m256i) -> __m256i {
        // SAFETY: by this function's contract Q's instructions are there; no memory is touched.
        unsafe {
            let pairs = _mm256_maddubs_epi16(weights, bytes);
            _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))
        }
    }
}

/// A layout whose blocks can be multiplied with as they lie.
pub trait BlockDot: One + Sized {
    /// Adds the products of a panel of one row with its blocks to `sums`.
    ///
    /// # Safety
    /// The instructions must be there. `blocks` points to `count` blocks, which are at
    /// most a panel's.
    unsafe fn add<Q: Quads>(blocks: *const u8, count: usize, row: &Row, sums: &mut Sums);

    /// [`dots`] with AVX-512 and VNNI.
    ///
    /// # Safety
    /// As for that.
    #[inline(always)]
    unsafe fn wide(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]) {
        // SAFETY: the caller's promise.
        unsafe { dots::<Self, Vnni512>(weights, row, k, sums) }
    }
}

/// Products of one row, `k` long and given in panels, with as many rows of weights as
/// there are `sums`.
///
/// # Safety
/// It must become part of a function that enables Q's instructions, on a processor that
/// has them.
#[inline(always)]
pub unsafe fn dots<K: BlockDot, Q: Quads>(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]) {
    let length = k / K::LENGTH * K::BYTES;
    let panel = PANEL / K::LENGTH * K::BYTES;
    for (sum, weights) in sums.iter_mut().zip(weights.chunks_exact(length)) {
        // SAFETY: by this function's contract Q's instructions are there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            let mut parts = [_mm256_setzero_ps(); 5];
            for (blocks, row) in weights.chunks(panel).zip(row) {
                ahead(blocks);
                K::add::<Q>(blocks.as_ptr(), blocks.len() / K::BYTES, row, &mut parts);
            }
            let mut all = parts[0];
            for part in &parts[1..] {
                all = _mm256_add_ps(all, *part);
            }
            *sum = total(all);
        }
    }
}

impl BlockDot for Q4K {
    #[inline(always)]
    unsafe fn add<Q: Quads>(block: *const u8, _: usize, row: &Row, sums: &mut Sums) {
        // SAFETY: by this function's contract Q's instructions are there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            let scales = stored(scales(block, row, &mut sums[4]));
            for pair in 0..4 {
                let nibbles = load(block.add(16 + 32 * pair));
                for (half, weights) in [low(nibbles), high(nibbles)].into_iter().enumerate() {
                    let at = 2 * pair + half;
                    let dots = Q::quads(_mm256_setzero_si256(), weights, bytes(row, at));
                    sums[at % 4] =
                        _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots), _mm256_set1_ps(scales[at]), sums[at % 4]);
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn wide(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]) {
        // SAFETY: by this function's contract Q's instructions are there; no memory is touched.
        unsafe { avx512::dots::<Self>(weights, row, k, sums) }
    }
}

impl BlockDot for Q5K {
    #[inline(always)]
    unsafe fn add<Q: Quads>(block: *const u8, _: usize, row: &Row, sums: &mut Sums) {
        // SAFETY: by this function's contract Q's instructions are there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            let scales = stored(scales(block, row, &mut sums[4]));
            let mut fifths = load(block.add(16));
            let one = _mm256_set1_epi8(1);
            for pair in 0..4 {
                let nibbles = load(block.add(48 + 32 * pair));
                for (half, weights) in [low(nibbles), high(nibbles)].into_iter().enumerate() {
                    let at = 2 * pair + half;
                    let fifth = _mm256_slli_epi16::<4>(_mm256_and_si256(fifths, one));
                    fifths = _mm256_srli_epi16::<1>(fifths);
                    let weights = _mm256_or_si256(weights, fifth);
                    let dots = Q::quads(_mm256_setzero_si256(), weights, bytes(row, at));
                    sums[at % 4] =
                        _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots), _mm256_set1_ps(scales[at]), sums[at % 4]);
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn wide(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]) {
        // SAFETY: by this function's contract Q's instructions are there; no memory is touched.
        unsafe { avx512::dots::<Self>(weights, row, k, sums) }
    }
}

impl BlockDot for Q6K {
    #[inline(always)]
    unsafe fn add<Q: Quads>(block: *const u8, _: usize, row: &Row, sums: &mut Sums) {
        // SAFETY: by this function's contract Q's instructions are there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            let whole = f16::from_le_bytes(*block.add(208).cast()).to_f32();
            let small = _mm_loadu_si128(block.add(192).cast());
            let rows = _mm256_loadu_ps(row.scales.as_ptr());
            // Scales of 16 weights: of each half of the block, eight.
            let mut scales = [_mm256_setzero_ps(); 2];
            for (half, scales) in scales.iter_mut().enumerate() {
                let small = if half == 0 { small } else { _mm_unpackhi_epi64(small, small) };
                let pairs = _mm256_add_epi32(
                    _mm256_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3),
                    _mm256_set1_epi32(4 * i32::try_from(half).unwrap_or(0)),
                );
                let small = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(small));
                let rows = _mm256_mul_ps(_mm256_permutevar8x32_ps(rows, pairs), _mm256_set1_ps(whole));
                *scales = _mm256_mul_ps(small, rows);
                let starts = load(row.starts_16.as_ptr().add(8 * half).cast());
                sums[4] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(starts), *scales, sums[4]);
            }
            for (half, scales) in scales.into_iter().enumerate() {
                let (first, second) = (load(block.add(64 * half)), load(block.add(64 * half + 32)));
                let above = load(block.add(128 + 32 * half));
                let bits = _mm256_set1_epi8(48);
                let weights = [
                    _mm256_or_si256(low(first), _mm256_and_si256(_mm256_slli_epi16::<4>(above), bits)),
                    _mm256_or_si256(low(second), _mm256_and_si256(_mm256_slli_epi16::<2>(above), bits)),
                    _mm256_or_si256(high(first), _mm256_and_si256(above, bits)),
                    _mm256_or_si256(high(second), _mm256_and_si256(_mm256_srli_epi16::<2>(above), bits)),
                ];
                let mut two = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
                for (at, weights) in weights.into_iter().enumerate() {
                    let dots = Q::quads(_mm256_setzero_si256(), weights, bytes(row, 4 * half + at));
                    let scale = _mm256_permutevar8x32_ps(scales, two);
                    two = _mm256_add_epi32(two, _mm256_set1_epi32(2));
                    sums[at] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots), scale, sums[at]);
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn wide(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]) {
        // SAFETY: by this function's contract Q's instructions are there; no memory is touched.
        unsafe { avx512::dots::<Self>(weights, row, k, sums) }
    }
}

impl BlockDot for Q8_0 {
    #[inline(always)]
    unsafe fn add<Q: Quads>(blocks: *const u8, count: usize, row: &Row, sums: &mut Sums) {
        // SAFETY: by this function's contract Q's instructions are there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            for at in 0..count {
                let block = blocks.add(34 * at);
                let scale = f16::from_le_bytes(*block.cast()).to_f32() * row.scales[at];
                // The sign moves to the other side: no magnitude is above 128.
                let weights = load(block.add(2));
                let bytes = _mm256_sign_epi8(bytes(row, at), weights);
                let dots = Q::quads(_mm256_setzero_si256(), _mm256_abs_epi8(weights), bytes);
                sums[at % 4] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dots), _mm256_set1_ps(scale), sums[at % 4]);
            }
        }
    }
}

#[inline(always)]
unsafe fn stored(eight: __m256) -> [f32; 8] {
    let mut numbers = [0.0; 8];
    // SAFETY: by this function's contract Q's instructions are there, and the pointers and blocks
    // are as long as is read or written.
    unsafe { _mm256_storeu_ps(numbers.as_mut_ptr(), eight) };
    numbers
}

/// A group of the row's bytes.
#[inline(always)]
unsafe fn bytes(row: &Row, group: usize) -> __m256i {
    // SAFETY: by this function's contract Q's instructions are there, and the pointers and blocks
    // are as long as is read or written.
    unsafe { load(row.bytes.as_ptr().add(32 * group).cast()) }
}

#[inline(always)]
unsafe fn low(nibbles: __m256i) -> __m256i {
    // SAFETY: by this function's contract Q's instructions are there; no memory is touched.
    unsafe { _mm256_and_si256(nibbles, _mm256_set1_epi8(15)) }
}

#[inline(always)]
unsafe fn high(nibbles: __m256i) -> __m256i {
    // SAFETY: by this function's contract Q's instructions are there; no memory is touched.
    unsafe { low(_mm256_srli_epi16::<4>(nibbles)) }
}
