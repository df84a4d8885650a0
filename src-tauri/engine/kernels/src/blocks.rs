//! What a block's bytes mean: weights as bytes, and the numbers that scale them.
//!
//! A weight is `scale × byte − minimum`. Of `Q6K` the bytes are 32 too high, so that none
//! is negative; what that adds to a sum of products is taken off where the sum begins,
//! see [`Row`](crate::rows::Row). The formats are ggml's (`ggml-common.h`).
//!
//! Here are the kinds that most files have, each compiled for itself. The many others go
//! together by what their factors are like: see `others.rs`.

mod grids;
mod levels;
mod narrow;
pub mod others;

use half::f16;

use crate::{
    kind::Kind,
    rows::{GROUP, GROUPS, PANEL},
};

/// What the bytes of unpacked weights may be. It says how many products of them a
/// variant can add before it needs wider numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// 0 to 15.
    Bits4,
    /// 0 to 31.
    Bits5,
    /// 0 to 63.
    Bits6,
    /// −128 to 127, or whatever a variant's bias makes of it.
    Signed,
}

/// What goes with up to 256 weights of one row: a scale for each 16 or each 32 of them,
/// and a minimum for as many, already negative.
pub struct Factors {
    pub scales: [f32; 2 * GROUPS],
    pub minimums: [f32; 2 * GROUPS],
}

impl Factors {
    pub const ZERO: Self = Self { scales: [0.0; 2 * GROUPS], minimums: [0.0; 2 * GROUPS] };
}

/// Block layouts whose factors are alike.
pub trait Blocks {
    /// Scales for every 32 weights: 1 or 2.
    const HALVES: usize;
    /// Whether there are minimums, as many as scales.
    const MINIMUMS: bool;
    /// By how much the bytes are too high, before a variant adds its bias to signed ones.
    const OFFSET: u8;
    const RANGE: Range;

    /// Unpacks the blocks of up to 256 weights.
    fn unpack(kind: Kind, blocks: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors);
}

/// A single layout, of known size.
pub trait One: Blocks {
    const KIND: Kind;
    /// Weights in a block.
    const LENGTH: usize = Self::KIND.block().0;
    /// Bytes of a block.
    const BYTES: usize = Self::KIND.block().1;
}

pub struct Q4K;
pub struct Q5K;
pub struct Q6K;
pub struct Q8_0;

impl One for Q4K {
    const KIND: Kind = Kind::Q4K;
}

impl One for Q5K {
    const KIND: Kind = Kind::Q5K;
}

impl One for Q6K {
    const KIND: Kind = Kind::Q6K;
}

impl One for Q8_0 {
    const KIND: Kind = Kind::Q8_0;
}

// All of these work on eight bytes in one number, in fixed lengths and without branches:
// of that the compiler makes the vector code of whichever variant they are inlined into.

impl Blocks for Q4K {
    const HALVES: usize = 1;
    const MINIMUMS: bool = true;
    const OFFSET: u8 = 0;
    const RANGE: Range = Range::Bits4;

    #[inline(always)]
    fn unpack(_: Kind, block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
        let (head, nibbles) = parts::<16, 128>(block);
        scales_and_minimums(head, factors);
        let pairs = weights.as_chunks_mut::<{ 2 * GROUP }>().0;
        for (pair, nibbles) in pairs.iter_mut().zip(nibbles.as_chunks::<GROUP>().0) {
            for i in 0..GROUP / 8 {
                let nibbles = eight(nibbles, i);
                put(pair, i, nibbles & each(15));
                put(pair, GROUP / 8 + i, nibbles >> 4 & each(15));
            }
        }
    }
}

impl Blocks for Q5K {
    const HALVES: usize = 1;
    const MINIMUMS: bool = true;
    const OFFSET: u8 = 0;
    const RANGE: Range = Range::Bits5;

    #[inline(always)]
    fn unpack(_: Kind, block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
        let (head, rest) = parts::<16, 160>(block);
        let (fifths, nibbles) = parts::<32, 128>(rest);
        scales_and_minimums(head, factors);
        let pairs = weights.as_chunks_mut::<{ 2 * GROUP }>().0;
        for (at, (pair, nibbles)) in pairs.iter_mut().zip(nibbles.as_chunks::<GROUP>().0).enumerate() {
            for i in 0..GROUP / 8 {
                let (nibbles, fifths) = (eight(nibbles, i), eight(fifths, i) >> (2 * at));
                put(pair, i, nibbles & each(15) | (fifths & each(1)) << 4);
                put(pair, GROUP / 8 + i, nibbles >> 4 & each(15) | (fifths & each(2)) << 3);
            }
        }
    }
}

impl Blocks for Q6K {
    const HALVES: usize = 2;
    const MINIMUMS: bool = false;
    const OFFSET: u8 = 32;
    const RANGE: Range = Range::Bits6;

    #[inline(always)]
    fn unpack(_: Kind, block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
        let (low, rest) = parts::<128, 82>(block);
        let (high, rest) = parts::<64, 18>(rest);
        let (scales, whole) = parts::<16, 2>(rest);
        let whole = f16::from_le_bytes(*whole).to_f32();
        for (factor, scale) in factors.scales.iter_mut().zip(scales) {
            *factor = whole * f32::from(scale.cast_signed());
        }
        let (low, high) = (low.as_chunks::<{ 2 * GROUP }>().0, high.as_chunks::<GROUP>().0);
        for (at, half) in weights.as_chunks_mut::<{ 4 * GROUP }>().0.iter_mut().enumerate() {
            for i in 0..GROUP / 8 {
                let (first, second) = (eight(&low[at], i), eight(&low[at], GROUP / 8 + i));
                let high = eight(&high[at], i);
                put(half, i, first & each(15) | (high & each(3)) << 4);
                put(half, GROUP / 8 + i, second & each(15) | (high & each(12)) << 2);
                put(half, 2 * GROUP / 8 + i, first >> 4 & each(15) | high & each(48));
                put(half, 3 * GROUP / 8 + i, second >> 4 & each(15) | high >> 2 & each(48));
            }
        }
    }
}

impl Blocks for Q8_0 {
    const HALVES: usize = 1;
    const MINIMUMS: bool = false;
    const OFFSET: u8 = 0;
    const RANGE: Range = Range::Signed;

    #[inline(always)]
    fn unpack(_: Kind, blocks: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
        let groups = weights.as_chunks_mut::<GROUP>().0.iter_mut().zip(&mut factors.scales);
        for (block, (weights, scale)) in blocks.as_chunks::<34>().0.iter().zip(groups) {
            let (whole, bytes) = parts::<2, 32>(block);
            *scale = f16::from_le_bytes(*whole).to_f32();
            *weights = *bytes;
        }
    }
}

/// Q4K's and Q5K's first 16 bytes: a scale for the scales and one for the minimums, then
/// eight of each in 6 bits. The first four have their bits together; of the last four,
/// the low 4 bits lie in the last bytes and the high 2 above the first four's.
#[inline(always)]
fn scales_and_minimums(head: &[u8; 16], factors: &mut Factors) {
    let word = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let (first, second, third) = (word(4), word(8), word(12));
    let scales =
        [first & 0x3f3f_3f3f, third & 0x0f0f_0f0f | (first & 0xc0c0_c0c0) >> 2].map(u32::to_le_bytes);
    let minimums = [second & 0x3f3f_3f3f, (third >> 4) & 0x0f0f_0f0f | (second & 0xc0c0_c0c0) >> 2]
        .map(u32::to_le_bytes);
    let scale = f16::from_le_bytes([head[0], head[1]]).to_f32();
    let minimum = -f16::from_le_bytes([head[2], head[3]]).to_f32();
    for i in 0..GROUPS {
        factors.scales[i] = scale * f32::from(scales.as_flattened()[i]);
        factors.minimums[i] = minimum * f32::from(minimums.as_flattened()[i]);
    }
}

/// Bytes 8 `at` to 8 `at` + 7.
#[inline(always)]
fn eight<const LENGTH: usize>(bytes: &[u8; LENGTH], at: usize) -> u64 {
    u64::from_le_bytes(bytes.as_chunks::<8>().0[at])
}

/// Sets bytes 8 `at` to 8 `at` + 7.
#[inline(always)]
fn put<const LENGTH: usize>(bytes: &mut [u8; LENGTH], at: usize, eight: u64) {
    bytes.as_chunks_mut::<8>().0[at] = eight.to_le_bytes();
}

/// Eight times this byte.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// `bytes`, which are A + B long, in two.
#[inline(always)]
fn parts<const A: usize, const B: usize>(bytes: &[u8]) -> (&[u8; A], &[u8; B]) {
    let (Some((first, rest)), true) = (bytes.split_first_chunk(), bytes.len() == A + B) else {
        unreachable!("blocks are cut to their length before they are unpacked")
    };
    let Some(rest) = rest.first_chunk() else { unreachable!("what is left of A + B bytes is B") };
    (first, rest)
}

/// The number of 16 bits at a place of a block.
fn half(block: &[u8], at: usize) -> f32 {
    f16::from_le_bytes([block[at], block[at + 1]]).to_f32()
}
