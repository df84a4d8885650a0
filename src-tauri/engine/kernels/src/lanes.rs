//! What a variant of the kernels is made of: a few operations on several rows of weights
//! at once, one row in each lane.
//!
//! Every function here is `#[inline(always)]` and names no instruction set itself, so
//! that it becomes part of the one function of its variant that does (see `variant.rs`).

#![allow(unsafe_code)] // vector instructions; see each function's contract

#[cfg(target_arch = "x86_64")]
pub mod avx2;
#[cfg(target_arch = "x86_64")]
pub mod avx512;
#[cfg(target_arch = "aarch64")]
pub mod neon;
pub mod portable;

use half::f16;

use crate::{
    blocks::Range,
    rows::{PANEL, Row},
};

/// The most lanes that a variant has.
pub const WIDEST: usize = 16;

/// Operations on `COUNT` lanes.
///
/// # Safety
/// All of them need the instructions of their variant, in a function that enables them;
/// those with pointers need what they say.
pub trait Lanes {
    type Floats: Copy;
    type Ints: Copy;
    /// How many lanes there are; it divides the columns of a tile.
    const COUNT: usize;
    /// How many vectors the processor holds at once; fewer where `Floats` is two of them.
    const REGISTERS: usize;
    /// What `dots` wants added to signed weights: 128 makes them unsigned.
    const BIAS: u8;
    /// How many rows of a prompt the registers hold sums for.
    const ROWS: usize;
    /// The lanes for weights that have a scale for every 16, and how many rows those hold.
    type Fine: Lanes;
    const FINE_ROWS: usize;

    unsafe fn ints(value: i32) -> Self::Ints;
    unsafe fn floats(value: f32) -> Self::Floats;
    unsafe fn converted(ints: Self::Ints) -> Self::Floats;
    unsafe fn mul(a: Self::Floats, b: Self::Floats) -> Self::Floats;
    /// a × b + c, rounded once.
    unsafe fn mul_add(a: Self::Floats, b: Self::Floats, c: Self::Floats) -> Self::Floats;
    /// `from` points to `COUNT` numbers.
    unsafe fn load(from: *const f32) -> Self::Floats;
    /// `from` points to `COUNT` numbers of 16 bits.
    unsafe fn load_half(from: *const f16) -> Self::Floats;
    /// The sum of all lanes.
    unsafe fn sum(floats: Self::Floats) -> f32;
    /// `to` points to `COUNT` numbers.
    unsafe fn store(to: *mut f32, floats: Self::Floats);

    /// Adds to each of M rows' `sums` the products of `quads` × 4 of its bytes, from
    /// byte `at` on, with as many bytes of every lane.
    ///
    /// `weights` points to `quads` × `COUNT` × 4 bytes of `range`, as `interleave` lays
    /// them out, and `quads` is a multiple of 4; `rows` points to M rows, which have `quads` × 4 bytes from `at` on.
    unsafe fn dots<const M: usize>(
        sums: &mut [Self::Ints; M],
        weights: *const u8,
        rows: *const Row,
        at: usize,
        quads: usize,
        range: Range,
    );

    /// Lays `COUNT` rows of weights out as `dots` takes them: four bytes of the first, four
    /// of the second and so on, then the next four of the first, or 16 bytes of each in
    /// whatever order serves it best.
    ///
    /// `to` points to `PANEL` × `COUNT` bytes.
    unsafe fn interleave(rows: &[[u8; PANEL]; WIDEST], to: *mut u8);
}
