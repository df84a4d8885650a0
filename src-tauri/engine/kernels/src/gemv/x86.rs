//! What both widths of x86's registers share: how a row's blocks are fetched ahead of their
//! use, and what the large blocks begin with.

#![allow(unsafe_code)] // vector instructions; the contract is said at each

#[allow(clippy::wildcard_imports)] // their names are long enough to be known by
use std::arch::x86_64::*;

use crate::rows::Row;

/// How far ahead of its use a row's next bytes are asked for.
const AHEAD: usize = 4096;

/// What `Q4K` and `Q5K` begin with: gives eight scales, times those of the row, and adds
/// what the minimums make.
#[inline(always)]
pub unsafe fn scales(block: *const u8, row: &Row, sums: &mut __m256) -> __m256 {
    // SAFETY: by this function's contract AVX2, FMA and F16C are there, and the pointers and blocks
    // are as long as is read or written.
    unsafe {
        let word = |at: usize| block.add(at).cast::<u32>().read_unaligned();
        let (first, second, third) = (word(4), word(8), word(12));
        let eight = |low: u32, high: u32| {
            let bytes = _mm_cvtsi64_si128((u64::from(high) << 32 | u64::from(low)).cast_signed());
            _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes))
        };
        let scales = eight(first & 0x3f3f_3f3f, third & 0x0f0f_0f0f | (first & 0xc0c0_c0c0) >> 2);
        let minimums = eight(second & 0x3f3f_3f3f, third >> 4 & 0x0f0f_0f0f | (second & 0xc0c0_c0c0) >> 2);
        let both = _mm_cvtph_ps(_mm_cvtsi32_si128(word(0).cast_signed()));
        let scale = _mm256_broadcastss_ps(both);
        let minimum = _mm256_broadcastss_ps(_mm_movehdup_ps(both));
        let taken = _mm256_mul_ps(minimum, _mm256_loadu_ps(row.sums.as_ptr()));
        *sums = _mm256_fnmadd_ps(minimums, taken, *sums);
        let scale = _mm256_mul_ps(scale, _mm256_loadu_ps(row.scales.as_ptr()));
        _mm256_mul_ps(scales, scale)
    }
}

/// Asks for what comes some time after these blocks.
#[inline(always)]
pub unsafe fn ahead(blocks: &[u8]) {
    for line in (0..blocks.len()).step_by(64) {
        // SAFETY: an address that is merely asked for may be anything.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(blocks.as_ptr().wrapping_add(AHEAD + line).cast()) };
    }
}

#[inline(always)]
pub unsafe fn load(from: *const u8) -> __m256i {
    // SAFETY: by this function's contract AVX2, FMA and F16C are there, and the pointers and blocks
    // are as long as is read or written.
    unsafe { _mm256_loadu_si256(from.cast()) }
}

/// The sum of eight.
#[inline(always)]
pub unsafe fn total(eight: __m256) -> f32 {
    // SAFETY: by this function's contract AVX2, FMA and F16C are there; no memory is touched.
    unsafe {
        let four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps::<1>(eight));
        let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
    }
}
