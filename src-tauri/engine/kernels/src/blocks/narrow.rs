//! Weights of few bits, evenly spaced.

use super::{Factors, half};
use crate::rows::{GROUP, PANEL};

/// 32 weights of 4 bits in 16 bytes: the first 16 in the low halves, the others in the high.
fn nibbles(bytes: &[u8], weights: &mut [u8]) {
    let (low, high) = weights.split_at_mut(GROUP / 2);
    for ((byte, low), high) in bytes.iter().zip(low).zip(high) {
        (*low, *high) = (byte & 15, byte >> 4);
    }
}

/// Adds a fifth bit to each of 32 weights.
fn fifths(bytes: &[u8], weights: &mut [u8]) {
    let bits = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    for (at, weight) in weights.iter_mut().enumerate() {
        *weight |= u8::from(bits >> at & 1 == 1) << 4;
    }
}

fn lower(weights: &mut [u8], by: u8) {
    for weight in weights {
        *weight = weight.wrapping_sub(by);
    }
}

/// Calls `each` with every block, its number and its weights.
fn groups<const BYTES: usize>(
    blocks: &[u8],
    weights: &mut [u8; PANEL],
    mut each: impl FnMut(usize, &[u8; BYTES], &mut [u8; GROUP]),
) {
    let blocks = blocks.as_chunks::<BYTES>().0.iter();
    for (at, (block, weights)) in blocks.zip(weights.as_chunks_mut::<GROUP>().0).enumerate() {
        each(at, block, weights);
    }
}

pub fn q4_0(blocks: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    groups::<18>(blocks, weights, |at, block, weights| {
        factors.scales[at] = half(block, 0);
        nibbles(&block[2..], weights);
        lower(weights, 8);
    });
}

pub fn q4_1(blocks: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    groups::<20>(blocks, weights, |at, block, weights| {
        (factors.scales[at], factors.minimums[at]) = (half(block, 0), half(block, 2));
        nibbles(&block[4..], weights);
    });
}

pub fn q5_0(blocks: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    groups::<22>(blocks, weights, |at, block, weights| {
        factors.scales[at] = half(block, 0);
        nibbles(&block[6..], weights);
        fifths(&block[2..], weights);
        lower(weights, 16);
    });
}

pub fn q5_1(blocks: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    groups::<24>(blocks, weights, |at, block, weights| {
        (factors.scales[at], factors.minimums[at]) = (half(block, 0), half(block, 2));
        nibbles(&block[8..], weights);
        fifths(&block[4..], weights);
    });
}

/// 256 weights of 2 bits in 64 bytes: of each half, four runs of 32.
fn pairs(bytes: &[u8], weights: &mut [u8; PANEL]) {
    for (at, weight) in weights.iter_mut().enumerate() {
        *weight = bytes[at / 128 * 32 + at % 32] >> (at / 32 % 4 * 2) & 3;
    }
}

pub fn q2k(block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    let (scale, minimum) = (half(block, 80), half(block, 82));
    for (at, both) in block[..16].iter().enumerate() {
        factors.scales[at] = scale * f32::from(both & 15);
        factors.minimums[at] = -minimum * f32::from(both >> 4);
    }
    pairs(&block[16..80], weights);
}

pub fn q3k(block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    let (thirds, small) = (&block[..32], &block[96..108]);
    let scale = half(block, 108);
    for (at, factor) in factors.scales.iter_mut().enumerate() {
        // Four bits in the first eight bytes, two in the last four.
        let low = small[at % 8] >> (at / 8 * 4) & 15;
        let high = small[8 + at % 4] >> (at / 4 * 2) & 3;
        *factor = scale * (f32::from(low | high << 4) - 32.0);
    }
    pairs(&block[32..96], weights);
    for (at, weight) in weights.iter_mut().enumerate() {
        let third = thirds[at % 32] >> (at / 32) & 1;
        *weight = (*weight | third << 2).wrapping_sub(4);
    }
}

/// The powers of three by which a digit comes to the front of its byte.
const FRONT: [u8; 5] = [1, 3, 9, 27, 81];

/// A digit of three that stands at the front of a byte: the byte is the digits after the
/// point, in 256ths.
fn front(byte: u8, power: u8) -> u8 {
    let digits = u16::from(byte.wrapping_mul(power));
    (digits * 3).to_be_bytes()[0].wrapping_sub(1)
}

pub fn tq1_0(block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    factors.scales = [half(block, 52); 16];
    let mut weights = weights.iter_mut();
    // Five digits a byte of 32 bytes and of 16, and four of the last 4.
    for (bytes, digits) in [(&block[..32], 5), (&block[32..48], 5), (&block[48..52], 4)] {
        for power in &FRONT[..digits] {
            for (byte, weight) in bytes.iter().zip(&mut weights) {
                *weight = front(*byte, *power);
            }
        }
    }
}

pub fn tq2_0(block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    factors.scales = [half(block, 64); 16];
    pairs(&block[..64], weights);
    lower(weights, 1);
}
