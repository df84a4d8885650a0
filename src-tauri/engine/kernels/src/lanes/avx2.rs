//! AVX2 with FMA: sixteen lanes in two registers, so that what is read of a row serves
//! twice. With AVX-VNNI, four products to an instruction in each lane; without, two, in
//! 16 bits, of which as many are added as are sure to fit.

#![allow(unsafe_code)] // vector instructions; the contract is `Lanes`'s

#[allow(clippy::wildcard_imports)] // their names are long enough to be known by
use std::arch::x86_64::*;

use half::f16;

use super::{Lanes, WIDEST};
use crate::{
    blocks::Range,
    rows::{PANEL, Row},
};

/// Sixteen lanes, in two halves.
pub struct Avx2<const VNNI: bool>;

impl<const VNNI: bool> Lanes for Avx2<VNNI> {
    type Floats = [__m256; 2];
    type Ints = [__m256i; 2];
    const COUNT: usize = 16;
    const REGISTERS: usize = 8;
    const BIAS: u8 = if VNNI { 128 } else { 0 };
    const ROWS: usize = 4;
    // Sums of 16 products turn over often: without VNNI there is no room for more rows.
    type Fine = Self;
    const FINE_ROWS: usize = if VNNI { 4 } else { 2 };

    #[inline(always)]
    unsafe fn ints(value: i32) -> [__m256i; 2] {
        // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI);
        // no memory is touched.
        unsafe { [_mm256_set1_epi32(value); 2] }
    }

    #[inline(always)]
    unsafe fn floats(value: f32) -> [__m256; 2] {
        // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI);
        // no memory is touched.
        unsafe { [_mm256_set1_ps(value); 2] }
    }

    #[inline(always)]
    unsafe fn converted([a, b]: [__m256i; 2]) -> [__m256; 2] {
        // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI);
        // no memory is touched.
        unsafe { [_mm256_cvtepi32_ps(a), _mm256_cvtepi32_ps(b)] }
    }

    #[inline(always)]
    unsafe fn mul(a: [__m256; 2], b: [__m256; 2]) -> [__m256; 2] {
        // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI);
        // no memory is touched.
        unsafe { [_mm256_mul_ps(a[0], b[0]), _mm256_mul_ps(a[1], b[1])] }
    }

    #[inline(always)]
    unsafe fn mul_add(a: [__m256; 2], b: [__m256; 2], c: [__m256; 2]) -> [__m256; 2] {
        // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI);
        // no memory is touched.
        unsafe { [_mm256_fmadd_ps(a[0], b[0], c[0]), _mm256_fmadd_ps(a[1], b[1], c[1])] }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> [__m256; 2] {
        // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI),
        // and the pointers and blocks are as long as is read or written.
        unsafe { [_mm256_loadu_ps(from), _mm256_loadu_ps(from.add(8))] }
    }

    #[inline(always)]
    unsafe fn load_half(from: *const f16) -> [__m256; 2] {
        // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI),
        // and the pointers and blocks are as long as is read or written.
        unsafe {
            let half = |at: usize| _mm256_cvtph_ps(_mm_loadu_si128(from.add(at).cast()));
            [half(0), half(8)]
        }
    }

    #[inline(always)]
    unsafe fn sum([a, b]: [__m256; 2]) -> f32 {
        // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI);
        // no memory is touched.
        unsafe {
            let eight = _mm256_add_ps(a, b);
            let four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps::<1>(eight));
            let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
        }
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, [a, b]: [__m256; 2]) {
        // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI),
        // and the pointers and blocks are as long as is read or written.
        unsafe {
            _mm256_storeu_ps(to, a);
            _mm256_storeu_ps(to.add(8), b);
        }
    }

    #[inline(always)]
    unsafe fn dots<const M: usize>(
        sums: &mut [[__m256i; 2]; M],
        weights: *const u8,
        rows: *const Row,
        at: usize,
        quads: usize,
        range: Range,
    ) {
        // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI),
        // and the pointers and blocks are as long as is read or written.
        unsafe {
            if VNNI {
                for quad in 0..quads {
                    let [a, b] = both(weights, quad);
                    for (i, sums) in sums.iter_mut().enumerate() {
                        let bytes = four(rows.add(i), at + 4 * quad);
                        sums[0] = _mm256_dpbusd_avx_epi32(sums[0], a, bytes);
                        sums[1] = _mm256_dpbusd_avx_epi32(sums[1], b, bytes);
                    }
                }
                return;
            }
            // How many times two products of a weight and a byte (at most 127) fit 16 bits.
            let fit = match range {
                Range::Bits4 => 8,
                Range::Bits5 => 4,
                Range::Bits6 => 2,
                Range::Signed => 1,
            };
            let ones = _mm256_set1_epi16(1);
            for first in (0..quads).step_by(fit) {
                let mut pairs = [[_mm256_setzero_si256(); 2]; M];
                for quad in first..first + fit {
                    let [a, b] = both(weights, quad);
                    for (i, pairs) in pairs.iter_mut().enumerate() {
                        let bytes = four(rows.add(i), at + 4 * quad);
                        pairs[0] = _mm256_add_epi16(pairs[0], products(a, bytes, range));
                        pairs[1] = _mm256_add_epi16(pairs[1], products(b, bytes, range));
                    }
                }
                for (sums, pairs) in sums.iter_mut().zip(pairs) {
                    sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(pairs[0], ones));
                    sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(pairs[1], ones));
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn interleave(rows: &[[u8; PANEL]; WIDEST], to: *mut u8) {
        // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI),
        // and the pointers and blocks are as long as is read or written.
        unsafe {
            for (half, rows) in rows.as_chunks::<8>().0.iter().enumerate() {
                for part in 0..PANEL / 32 {
                    let mut square = [_mm256_setzero_si256(); 8];
                    for (line, row) in square.iter_mut().zip(rows) {
                        *line = _mm256_loadu_si256(row.as_ptr().add(32 * part).cast());
                    }
                    for (i, line) in transposed(square).into_iter().enumerate() {
                        _mm256_storeu_si256(to.add(64 * (8 * part + i) + 32 * half).cast(), line);
                    }
                }
            }
        }
    }
}

/// Four bytes of every lane's weights.
#[inline(always)]
unsafe fn both(weights: *const u8, quad: usize) -> [__m256i; 2] {
    // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI), and
    // the pointers and blocks are as long as is read or written.
    unsafe {
        let weights = weights.add(64 * quad);
        [_mm256_loadu_si256(weights.cast()), _mm256_loadu_si256(weights.add(32).cast())]
    }
}

/// Two products in each 16 bits.
#[inline(always)]
unsafe fn products(weights: __m256i, bytes: __m256i, range: Range) -> __m256i {
    // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI); no
    // memory is touched.
    unsafe {
        if range == Range::Signed {
            // The sign moves to the other side: no magnitude is above 128.
            _mm256_maddubs_epi16(_mm256_abs_epi8(weights), _mm256_sign_epi8(bytes, weights))
        } else {
            _mm256_maddubs_epi16(weights, bytes)
        }
    }
}

/// Four bytes of a row, in every lane.
#[inline(always)]
unsafe fn four(row: *const Row, at: usize) -> __m256i {
    // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI), and
    // the pointers and blocks are as long as is read or written.
    unsafe {
        let bytes = (&raw const (*row).bytes).cast::<u8>().add(at);
        _mm256_set1_epi32(bytes.cast::<i32>().read_unaligned())
    }
}

/// Turns eight lines of eight words into their columns: within each half of a line
/// first, by pairs and then by fours, and then the halves themselves.
#[inline(always)]
unsafe fn transposed(lines: [__m256i; 8]) -> [__m256i; 8] {
    // SAFETY: by this function's contract AVX2, FMA and F16C are there (with `VNNI`, AVX-VNNI); no
    // memory is touched.
    unsafe {
        let mut fours = lines;
        for i in [0, 4] {
            let [a, b, c, d] = [lines[i], lines[i + 1], lines[i + 2], lines[i + 3]];
            let (ab, cd) = (_mm256_unpacklo_epi32(a, b), _mm256_unpacklo_epi32(c, d));
            fours[i] = _mm256_unpacklo_epi64(ab, cd);
            fours[i + 1] = _mm256_unpackhi_epi64(ab, cd);
            let (ab, cd) = (_mm256_unpackhi_epi32(a, b), _mm256_unpackhi_epi32(c, d));
            fours[i + 2] = _mm256_unpacklo_epi64(ab, cd);
            fours[i + 3] = _mm256_unpackhi_epi64(ab, cd);
        }
        let mut columns = fours;
        for i in 0..4 {
            columns[i] = _mm256_permute2x128_si256::<0x20>(fours[i], fours[4 + i]);
            columns[4 + i] = _mm256_permute2x128_si256::<0x31>(fours[i], fours[4 + i]);
        }
        columns
    }
}
