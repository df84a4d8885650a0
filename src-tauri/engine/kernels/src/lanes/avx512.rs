//! AVX-512 with VNNI: sixteen lanes, and four products to an instruction in each.

#![allow(unsafe_code)] // vector instructions; the contract is `Lanes`'s

#[allow(clippy::wildcard_imports)] // their names are long enough to be known by
use std::arch::x86_64::*;

use half::f16;

use super::{Lanes, WIDEST};
use crate::{
    blocks::Range,
    rows::{PANEL, Row},
};

/// Sixteen lanes.
pub struct Avx512;

impl Lanes for Avx512 {
    type Floats = __m512;
    type Ints = __m512i;
    const COUNT: usize = 16;
    const REGISTERS: usize = 32;
    const BIAS: u8 = 128;
    const ROWS: usize = 8;
    type Fine = Self;
    const FINE_ROWS: usize = 8;

    #[inline(always)]
    unsafe fn ints(value: i32) -> __m512i {
        // SAFETY: by this function's contract AVX-512 with VNNI is there; no memory is touched.
        unsafe { _mm512_set1_epi32(value) }
    }

    #[inline(always)]
    unsafe fn floats(value: f32) -> __m512 {
        // SAFETY: by this function's contract AVX-512 with VNNI is there; no memory is touched.
        unsafe { _mm512_set1_ps(value) }
    }

    #[inline(always)]
    unsafe fn converted(ints: __m512i) -> __m512 {
        // SAFETY: by this function's contract AVX-512 with VNNI is there; no memory is touched.
        unsafe { _mm512_cvtepi32_ps(ints) }
    }

    #[inline(always)]
    unsafe fn mul(a: __m512, b: __m512) -> __m512 {
        // SAFETY: by this function's contract AVX-512 with VNNI is there; no memory is touched.
        unsafe { _mm512_mul_ps(a, b) }
    }

    #[inline(always)]
    unsafe fn mul_add(a: __m512, b: __m512, c: __m512) -> __m512 {
        // SAFETY: by this function's contract AVX-512 with VNNI is there; no memory is touched.
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m512 {
        // SAFETY: by this function's contract AVX-512 with VNNI is there, and the pointers and
        // blocks are as long as is read or written.
        unsafe { _mm512_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn load_half(from: *const f16) -> __m512 {
        // SAFETY: by this function's contract AVX-512 with VNNI is there, and the pointers and
        // blocks are as long as is read or written.
        unsafe { _mm512_cvtph_ps(_mm256_loadu_si256(from.cast())) }
    }

    #[inline(always)]
    unsafe fn sum(floats: __m512) -> f32 {
        // SAFETY: by this function's contract AVX-512 with VNNI is there; no memory is touched.
        unsafe { _mm512_reduce_add_ps(floats) }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, floats: __m512) {
        // SAFETY: by this function's contract AVX-512 with VNNI is there, and the pointers and
        // blocks are as long as is read or written.
        unsafe { _mm512_storeu_ps(to, floats) }
    }

    #[inline(always)]
    unsafe fn dots<const M: usize>(
        sums: &mut [__m512i; M],
        weights: *const u8,
        rows: *const Row,
        at: usize,
        quads: usize,
        _: Range,
    ) {
        // SAFETY: by this function's contract AVX-512 with VNNI is there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            for quad in 0..quads {
                let weights = _mm512_loadu_si512(weights.add(64 * quad).cast());
                for (i, sum) in sums.iter_mut().enumerate() {
                    let bytes = (&raw const (*rows.add(i)).bytes).cast::<u8>().add(at + 4 * quad);
                    let bytes = _mm512_set1_epi32(bytes.cast::<i32>().read_unaligned());
                    *sum = _mm512_dpbusd_epi32(*sum, weights, bytes);
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn interleave(rows: &[[u8; PANEL]; WIDEST], to: *mut u8) {
        // SAFETY: by this function's contract AVX-512 with VNNI is there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            for part in 0..PANEL / 64 {
                let mut square = [_mm512_setzero_si512(); 16];
                for (line, row) in square.iter_mut().zip(rows) {
                    *line = _mm512_loadu_si512(row.as_ptr().add(64 * part).cast());
                }
                for (i, line) in transposed(square).into_iter().enumerate() {
                    _mm512_storeu_si512(to.add(64 * (16 * part + i)).cast(), line);
                }
            }
        }
    }
}

/// Turns sixteen lines of sixteen words into their columns: within each quarter of a
/// line first, by pairs and then by fours, and then the quarters themselves.
#[inline(always)]
unsafe fn transposed(lines: [__m512i; 16]) -> [__m512i; 16] {
    // SAFETY: by this function's contract AVX-512 with VNNI is there; no memory is touched.
    unsafe {
        let mut fours = lines;
        for i in (0..16).step_by(4) {
            let [a, b, c, d] = [lines[i], lines[i + 1], lines[i + 2], lines[i + 3]];
            let (ab, cd) = (_mm512_unpacklo_epi32(a, b), _mm512_unpacklo_epi32(c, d));
            fours[i] = _mm512_unpacklo_epi64(ab, cd);
            fours[i + 1] = _mm512_unpackhi_epi64(ab, cd);
            let (ab, cd) = (_mm512_unpackhi_epi32(a, b), _mm512_unpackhi_epi32(c, d));
            fours[i + 2] = _mm512_unpacklo_epi64(ab, cd);
            fours[i + 3] = _mm512_unpackhi_epi64(ab, cd);
        }
        // Quarter q of `fours[4 r + i]` is column 4 q + i of lines 4 r to 4 r + 3.
        let mut columns = fours;
        for i in 0..4 {
            let [a, b, c, d] = [fours[i], fours[4 + i], fours[8 + i], fours[12 + i]];
            let (ab, cd) = (_mm512_shuffle_i32x4::<0x88>(a, b), _mm512_shuffle_i32x4::<0x88>(c, d));
            columns[i] = _mm512_shuffle_i32x4::<0x88>(ab, cd);
            columns[8 + i] = _mm512_shuffle_i32x4::<0xdd>(ab, cd);
            let (ab, cd) = (_mm512_shuffle_i32x4::<0xdd>(a, b), _mm512_shuffle_i32x4::<0xdd>(c, d));
            columns[4 + i] = _mm512_shuffle_i32x4::<0x88>(ab, cd);
            columns[12 + i] = _mm512_shuffle_i32x4::<0xdd>(ab, cd);
        }
        columns
    }
}
