//! One row with the blocks themselves, in registers of 64 bytes: two groups of weights in
//! each. A fast memory brings a block sooner than shorter registers are done with it.

#![allow(unsafe_code)] // vector instructions; the contract is said at each

#[allow(clippy::wildcard_imports)] // their names are long enough to be known by
use std::arch::x86_64::*;

use half::f16;

use super::x86::{ahead, load, scales, total};
use crate::{
    blocks::{One, Q4K, Q5K, Q6K},
    rows::Row,
};

/// What a row's products are summed in; several, so that one addition need not wait for
/// the one before it.
pub struct Sums {
    products: [__m512; 4],
    minimums: __m256,
}

/// A layout of blocks as large as a panel.
pub trait Wide: One {
    /// Adds the products of a panel of one row with its block to `sums`.
    ///
    /// # Safety
    /// The instructions must be there; `block` points to a block.
    unsafe fn add(block: *const u8, row: &Row, sums: &mut Sums);
}

/// Products of one row, `k` long and given in panels, with as many rows of weights as
/// there are `sums`.
///
/// # Safety
/// It must become part of a function that enables AVX-512 with VNNI, on a processor that
/// has it.
#[inline(always)]
pub unsafe fn dots<K: Wide>(weights: &[u8], row: &[&Row], k: usize, sums: &mut [f32]) {
    let length = k / K::LENGTH * K::BYTES;
    for (sum, weights) in sums.iter_mut().zip(weights.chunks_exact(length)) {
        // SAFETY: the caller's promise, and a chunk is a block.
        unsafe {
            let mut parts = Sums { products: [_mm512_setzero_ps(); 4], minimums: _mm256_setzero_ps() };
            for (block, row) in weights.chunks_exact(K::BYTES).zip(row) {
                ahead(block);
                K::add(block.as_ptr(), row, &mut parts);
            }
            let mut all = parts.products[0];
            for part in &parts.products[1..] {
                all = _mm512_add_ps(all, *part);
            }
            *sum = _mm512_reduce_add_ps(all) + total(parts.minimums);
        }
    }
}

impl Wide for Q4K {
    #[inline(always)]
    unsafe fn add(block: *const u8, row: &Row, sums: &mut Sums) {
        // SAFETY: by this function's contract AVX-512 with VNNI is there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            let scales = _mm512_castps256_ps512(scales(block, row, &mut sums.minimums));
            let halves = each_half(0, 4);
            let mut two = two_by_eight();
            for (pair, sum) in sums.products.iter_mut().enumerate() {
                let nibbles = twice(block.add(16 + 32 * pair));
                let weights = low(_mm512_srlv_epi16(nibbles, halves));
                *sum = scaled(weights, row, pair, _mm512_permutexvar_ps(two, scales), *sum);
                two = _mm512_add_epi32(two, _mm512_set1_epi32(2));
            }
        }
    }
}

impl Wide for Q5K {
    #[inline(always)]
    unsafe fn add(block: *const u8, row: &Row, sums: &mut Sums) {
        // SAFETY: by this function's contract AVX-512 with VNNI is there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            let scales = _mm512_castps256_ps512(scales(block, row, &mut sums.minimums));
            let halves = each_half(0, 4);
            let mut two = two_by_eight();
            let mut fifths = _mm512_srlv_epi16(twice(block.add(16)), each_half(0, 1));
            for (pair, sum) in sums.products.iter_mut().enumerate() {
                let nibbles = twice(block.add(48 + 32 * pair));
                let fifth = _mm512_slli_epi16::<4>(_mm512_and_si512(fifths, _mm512_set1_epi8(1)));
                let weights = _mm512_or_si512(low(_mm512_srlv_epi16(nibbles, halves)), fifth);
                *sum = scaled(weights, row, pair, _mm512_permutexvar_ps(two, scales), *sum);
                fifths = _mm512_srli_epi16::<2>(fifths);
                two = _mm512_add_epi32(two, _mm512_set1_epi32(2));
            }
        }
    }
}

impl Wide for Q6K {
    #[inline(always)]
    unsafe fn add(block: *const u8, row: &Row, sums: &mut Sums) {
        // SAFETY: by this function's contract AVX-512 with VNNI is there, and the pointers and
        // blocks are as long as is read or written.
        unsafe {
            let whole = _mm512_set1_ps(f16::from_le_bytes(*block.add(208).cast()).to_f32());
            let pairs = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
            let rows = _mm512_castps256_ps512(_mm256_loadu_ps(row.scales.as_ptr()));
            let rows = _mm512_mul_ps(_mm512_permutexvar_ps(pairs, rows), whole);
            let small = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(block.add(192).cast())));
            let scales = _mm512_mul_ps(small, rows);
            let starts = _mm512_cvtepi32_ps(_mm512_loadu_si512(row.starts_16.as_ptr().cast()));
            sums.products[0] = _mm512_fmadd_ps(starts, scales, sums.products[0]);

            let bits = _mm512_set1_epi8(48);
            let (left, right) = (each_half(4, 2), each_half(0, 2));
            let mut four = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
            for half in 0..2 {
                let nibbles = _mm512_loadu_si512(block.add(64 * half).cast());
                let above = twice(block.add(128 + 32 * half));
                let first = _mm512_and_si512(_mm512_sllv_epi16(above, left), bits);
                let second = _mm512_and_si512(_mm512_srlv_epi16(above, right), bits);
                let weights = [
                    _mm512_or_si512(low(nibbles), first),
                    _mm512_or_si512(low(_mm512_srli_epi16::<4>(nibbles)), second),
                ];
                for (at, weights) in weights.into_iter().enumerate() {
                    let at = 2 * half + at;
                    let scale = _mm512_permutexvar_ps(four, scales);
                    sums.products[at] = scaled(weights, row, at, scale, sums.products[at]);
                    four = _mm512_add_epi32(four, _mm512_set1_epi32(4));
                }
            }
        }
    }
}

/// Adds the scaled products of 64 weights with the row's bytes number `at`.
#[inline(always)]
unsafe fn scaled(weights: __m512i, row: &Row, at: usize, scale: __m512, sum: __m512) -> __m512 {
    // SAFETY: by this function's contract AVX-512 with VNNI is there, and the pointers and blocks
    // are as long as is read or written.
    unsafe {
        let bytes = _mm512_loadu_si512(row.bytes.as_ptr().add(64 * at).cast());
        let dots = _mm512_dpbusd_epi32(_mm512_setzero_si512(), weights, bytes);
        _mm512_fmadd_ps(_mm512_cvtepi32_ps(dots), scale, sum)
    }
}

/// The same 32 bytes in both halves.
#[inline(always)]
unsafe fn twice(from: *const u8) -> __m512i {
    // SAFETY: by this function's contract AVX-512 with VNNI is there, and the pointers and blocks
    // are as long as is read or written.
    unsafe { _mm512_broadcast_i64x4(load(from)) }
}

#[inline(always)]
unsafe fn low(nibbles: __m512i) -> __m512i {
    // SAFETY: by this function's contract AVX-512 with VNNI is there; no memory is touched.
    unsafe { _mm512_and_si512(nibbles, _mm512_set1_epi8(15)) }
}

/// One number of 16 bits all over the first half, and another over the second.
#[inline(always)]
unsafe fn each_half(first: i16, second: i16) -> __m512i {
    // SAFETY: by this function's contract AVX-512 with VNNI is there; no memory is touched.
    unsafe { _mm512_inserti64x4::<1>(_mm512_set1_epi16(first), _mm256_set1_epi16(second)) }
}

/// Eight lanes of the first number, eight of the second.
#[inline(always)]
unsafe fn two_by_eight() -> __m512i {
    // SAFETY: by this function's contract AVX-512 with VNNI is there; no memory is touched.
    unsafe { _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1) }
}
