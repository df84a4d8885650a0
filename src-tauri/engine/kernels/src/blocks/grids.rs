//! Weights that go by eight or by four: a number names a point of a grid, whose
//! coordinates are the weights' magnitudes.
//!
//! The grids are part of the formats, chosen by their makers so that few points come near
//! to most weights. Of each point the files hold 16 bits, the first coordinate lowest:
//! which of the format's levels each coordinate is.

use super::{Factors, half};
use crate::rows::{GROUP, PANEL};

const IQ1: &[u8; 4096] = include_bytes!("grids/iq1.bin");
const IQ2_XXS: &[u8; 512] = include_bytes!("grids/iq2_xxs.bin");
const IQ2_XS: &[u8; 1024] = include_bytes!("grids/iq2_xs.bin");
const IQ2_S: &[u8; 2048] = include_bytes!("grids/iq2_s.bin");
const IQ3_XXS: &[u8; 512] = include_bytes!("grids/iq3_xxs.bin");
const IQ3_S: &[u8; 1024] = include_bytes!("grids/iq3_s.bin");

/// The levels of IQ2's coordinates; the fourth is none.
const OF_IQ2: [u8; 4] = [8, 25, 43, 0];
const OF_IQ3_XXS: [u8; 8] = [4, 12, 20, 28, 36, 44, 52, 62];
const OF_IQ3_S: [u8; 8] = [1, 3, 5, 7, 9, 11, 13, 15];

/// Weights of a point of a grid of eight.
const EIGHT: usize = 8;

fn point(grid: &[u8], number: usize) -> u16 {
    u16::from_le_bytes([grid[2 * number], grid[2 * number + 1]])
}

fn word(block: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]])
}

fn short(block: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([block[at], block[at + 1]])
}

/// Eight magnitudes of IQ2, each negative where its bit is set.
fn eight(grid: &[u8], number: usize, signs: u8, weights: &mut [u8]) {
    let point = point(grid, number);
    for (i, weight) in weights[..EIGHT].iter_mut().enumerate() {
        *weight = signed(OF_IQ2[usize::from(point >> (2 * i) & 3)], signs >> i);
    }
}

/// Two times four magnitudes of IQ3.
fn twice_four(grid: &[u8], levels: [u8; 8], numbers: [usize; 2], signs: u8, weights: &mut [u8]) {
    for (half, number) in numbers.into_iter().enumerate() {
        let point = point(grid, number);
        for i in 0..4 {
            let level = levels[usize::from(point >> (4 * i) & 7)];
            weights[4 * half + i] = signed(level, signs >> (4 * half + i));
        }
    }
}

fn signed(magnitude: u8, sign: u8) -> u8 {
    if sign & 1 == 1 { magnitude.wrapping_neg() } else { magnitude }
}

/// The signs of eight weights in seven bits: the eighth makes their number even.
fn even(seven: u32) -> u8 {
    let [seven, ..] = (seven & 127).to_le_bytes();
    seven | u8::from(seven.count_ones() % 2 == 1) << 7
}

pub fn iq2_xxs(block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    let whole = half(block, 0);
    for (at, weights) in weights.as_chunks_mut::<GROUP>().0.iter_mut().enumerate() {
        let points = &block[2 + 8 * at..][..4];
        let rest = word(block, 6 + 8 * at);
        factors.scales[at] = whole * (0.5 + small(rest >> 28)) * 0.25;
        for (i, weights) in weights.chunks_exact_mut(EIGHT).enumerate() {
            eight(IQ2_XXS, points[i].into(), even(rest >> (7 * i)), weights);
        }
    }
}

pub fn iq2_xs(block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    let whole = half(block, 0);
    fine(whole, &block[66..], factors);
    for (at, weights) in weights.chunks_exact_mut(EIGHT).enumerate() {
        let both = short(block, 2 + 2 * at);
        eight(IQ2_XS, usize::from(both & 511), even(u32::from(both >> 9)), weights);
    }
}

pub fn iq2_s(block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    let whole = half(block, 0);
    fine(whole, &block[74..], factors);
    let (low, signs, high) = (&block[2..34], &block[34..66], &block[66..74]);
    for (at, weights) in weights.chunks_exact_mut(EIGHT).enumerate() {
        let above = high[at / 4] >> (at % 4 * 2) & 3;
        eight(IQ2_S, usize::from(low[at]) | usize::from(above) << 8, signs[at], weights);
    }
}

/// Scales of IQ2 for each 16 weights, two to a byte.
fn fine(whole: f32, bytes: &[u8], factors: &mut Factors) {
    for (at, scale) in factors.scales.iter_mut().enumerate() {
        let bits = bytes[at / 2] >> (at % 2 * 4) & 15;
        *scale = whole * (0.5 + f32::from(bits)) * 0.25;
    }
}

pub fn iq3_xxs(block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    let whole = half(block, 0);
    for (at, weights) in weights.as_chunks_mut::<GROUP>().0.iter_mut().enumerate() {
        let points = &block[2 + 8 * at..][..8];
        let rest = word(block, 66 + 4 * at);
        factors.scales[at] = whole * (0.5 + small(rest >> 28)) * 0.5;
        for (i, weights) in weights.chunks_exact_mut(EIGHT).enumerate() {
            let numbers = [points[2 * i], points[2 * i + 1]].map(usize::from);
            twice_four(IQ3_XXS, OF_IQ3_XXS, numbers, even(rest >> (7 * i)), weights);
        }
    }
}

pub fn iq3_s(block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    let whole = half(block, 0);
    let (low, high, signs, scales) = (&block[2..66], &block[66..74], &block[74..106], &block[106..110]);
    for (at, weights) in weights.as_chunks_mut::<GROUP>().0.iter_mut().enumerate() {
        let bits = scales[at / 2] >> (at % 2 * 4) & 15;
        factors.scales[at] = whole * (1.0 + 2.0 * f32::from(bits));
        for (i, weights) in weights.chunks_exact_mut(EIGHT).enumerate() {
            let numbers = [2 * i, 2 * i + 1]
                .map(|point| usize::from(low[8 * at + point]) | usize::from(high[at] >> point & 1) << 8);
            twice_four(IQ3_S, OF_IQ3_S, numbers, signs[4 * at + i], weights);
        }
    }
}

/// Eight weights of IQ1: -1, 0 or 1, and an eighth more or less. Here they are eighths.
fn eighths(number: usize, less: bool, weights: &mut [u8]) {
    let point = point(IQ1, number);
    let more: u8 = if less { 255 } else { 1 };
    for (i, weight) in weights[..EIGHT].iter_mut().enumerate() {
        let [level, _] = (point >> (2 * i) & 3).to_le_bytes();
        *weight = (level * 8).wrapping_sub(8).wrapping_add(more);
    }
}

pub fn iq1_s(block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    let whole = half(block, 0);
    for (at, weights) in weights.as_chunks_mut::<GROUP>().0.iter_mut().enumerate() {
        let bits = short(block, 34 + 2 * at);
        factors.scales[at] = whole * f32::from(2 * (bits >> 12 & 7) + 1) / 8.0;
        for (i, weights) in weights.chunks_exact_mut(EIGHT).enumerate() {
            let number = usize::from(block[2 + 4 * at + i]) | usize::from(bits >> (3 * i) & 7) << 8;
            eighths(number, bits & 0x8000 != 0, weights);
        }
    }
}

pub fn iq1_m(block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    let (low, high, scales) = (&block[..32], &block[32..48], &block[48..56]);
    // Four bits of the whole scale in each number of scales.
    let bits = (0..4).fold(0, |bits, i| bits | (short(scales, 2 * i) >> 12) << (4 * i));
    let whole = half(&bits.to_le_bytes(), 0);
    for (at, factor) in factors.scales.iter_mut().enumerate() {
        let bits = short(scales, at / 4 * 2) >> (at % 4 * 3) & 7;
        *factor = whole * f32::from(2 * bits + 1) / 8.0;
    }
    for (at, weights) in weights.chunks_exact_mut(EIGHT).enumerate() {
        let bits = high[at / 2] >> (at % 2 * 4);
        eighths(usize::from(low[at]) | usize::from(bits & 7) << 8, bits & 8 != 0, weights);
    }
}

/// A number of four bits.
fn small(bits: u32) -> f32 {
    let [small, ..] = bits.to_le_bytes();
    f32::from(small)
}
