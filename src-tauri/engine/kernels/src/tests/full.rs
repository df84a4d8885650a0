//! The formats once more, one weight at a time, written from their description and
//! sharing nothing with the kernels. Those of the many other kinds are held against
//! another program (`reference.rs`), and taken from there.

use half::f16;

use super::Noise;
use crate::{Kind, unpack};

/// Where a block's numbers of 16 bits stand.
fn layout(kind: Kind) -> (usize, usize, &'static [usize]) {
    let (length, bytes) = kind.block();
    let places: &[usize] = match kind {
        Kind::Q4_1 | Kind::Q5_1 | Kind::Q4K | Kind::Q5K => &[0, 2],
        Kind::Q2K => &[80, 82],
        Kind::Q3K => &[108],
        Kind::Q6K => &[208],
        Kind::Tq1_0 => &[52],
        Kind::Tq2_0 => &[64],
        Kind::Mxfp4 | Kind::Iq1M | Kind::Bf16 | Kind::F32 => &[],
        _ => &[0],
    };
    (length, bytes, places)
}

/// `count` weights of noise, with scales such as models have and of either sign.
pub fn block(kind: Kind, count: usize, noise: &mut Noise) -> Vec<u8> {
    let (length, bytes, scales) = layout(kind);
    let mut blocks = vec![0; count / length * bytes];
    for block in blocks.chunks_exact_mut(bytes) {
        block.fill_with(|| noise.byte());
        for at in scales {
            let scale = f16::from_f32((f32::from(noise.byte()) - 100.0) / 4096.0);
            block[*at..*at + 2].copy_from_slice(&scale.to_le_bytes());
        }
    }
    if matches!(kind, Kind::Mxfp4 | Kind::Iq1M) {
        scaled(kind, &mut blocks, 0x2100);
    }
    blocks
}

/// `count` weights of noise, all whole numbers: every scale is one, or small.
pub fn whole(kind: Kind, count: usize, noise: &mut Noise) -> Vec<u8> {
    let (_, bytes, _) = layout(kind);
    let mut blocks = block(kind, count, noise);
    for block in blocks.chunks_exact_mut(bytes) {
        match kind {
            // Scales and minimums of 0 to 3.
            Kind::Q4K | Kind::Q5K => block[4..16].iter_mut().for_each(|byte| *byte &= 0x03),
            Kind::Q6K => block[192..208].iter_mut().for_each(|byte| *byte = (*byte % 5).wrapping_sub(2)),
            Kind::Q2K => block[..16].iter_mut().for_each(|byte| *byte &= 0x33),
            // A scale of 0 to 1, in the middle of its range.
            Kind::Q3K => block[96..108].copy_from_slice(&[0, 1, 0x10, 1, 0, 0, 1, 1, 0xaa, 0xaa, 0xaa, 0xaa]),
            Kind::Iq4Xs => block[2..8].copy_from_slice(&[0xaa, 0xaa, 0, 1, 0x10, 0x11]),
            _ => {}
        }
    }
    scaled(kind, &mut blocks, 0x3c00);
    blocks
}

/// `count` weights of which every byte is `byte` and every scale of 16 bits `scale`.
pub fn filled(kind: Kind, count: usize, byte: u8, scale: u16) -> Vec<u8> {
    let (length, bytes, _) = layout(kind);
    let mut blocks = vec![byte; count / length * bytes];
    scaled(kind, &mut blocks, scale);
    blocks
}

/// Gives every block the same scale; those of `Mxfp4` are no numbers of 16 bits, and one.
pub fn scaled(kind: Kind, blocks: &mut [u8], scale: u16) {
    let (_, bytes, scales) = layout(kind);
    for block in blocks.chunks_exact_mut(bytes) {
        for at in scales {
            block[*at..*at + 2].copy_from_slice(&scale.to_le_bytes());
        }
        match kind {
            Kind::Mxfp4 => block[0] = 127,
            // Four bits in the high half of every second byte.
            Kind::Iq1M => {
                for (at, byte) in block[49..56].iter_mut().step_by(2).enumerate() {
                    let [bits, _] = (scale >> (4 * at) & 15).to_le_bytes();
                    *byte = *byte & 15 | bits << 4;
                }
            }
            _ => {}
        }
    }
}

/// All weights in full.
pub fn full(kind: Kind, blocks: &[u8]) -> Vec<f64> {
    let (length, bytes, _) = layout(kind);
    let weight = match kind {
        Kind::Q4K => q4k,
        Kind::Q5K => q5k,
        Kind::Q6K => q6k,
        Kind::Q8_0 => q8_0,
        Kind::F16 => f16,
        _ => {
            let mut weights = vec![0.0; blocks.len() / bytes * length];
            unpack(kind, blocks, &mut weights).unwrap();
            return weights.into_iter().map(f64::from).collect();
        }
    };
    blocks.chunks_exact(bytes).flat_map(|block| (0..length).map(move |i| weight(block, i))).collect()
}

fn q4k(block: &[u8], i: usize) -> f64 {
    let (scale, minimum) = scale_and_minimum(block, i / 32);
    scale * f64::from(nibble(&block[16..], i)) - minimum
}

fn q5k(block: &[u8], i: usize) -> f64 {
    let (scale, minimum) = scale_and_minimum(block, i / 32);
    let fifth = block[16 + i % 32] >> (i / 32) & 1;
    scale * f64::from(nibble(&block[48..], i) + 16 * fifth) - minimum
}

fn q6k(block: &[u8], i: usize) -> f64 {
    // Halves of 128; in each, four runs of 32.
    let (half, run, at) = (i / 128, i % 128 / 32, i % 32);
    let low = block[64 * half + 32 * (run % 2) + at] >> (4 * (run / 2)) & 15;
    let high = block[128 + 32 * half + at] >> (2 * run) & 3;
    let scale = f64::from(block[192 + i / 16].cast_signed());
    number(block, 208) * scale * (f64::from(low + 16 * high) - 32.0)
}

fn q8_0(block: &[u8], i: usize) -> f64 {
    number(block, 0) * f64::from(block[2 + i].cast_signed())
}

fn f16(block: &[u8], _: usize) -> f64 {
    number(block, 0)
}

/// Runs of 64 in 32 bytes: the first 32 low, the others high.
fn nibble(bytes: &[u8], i: usize) -> u8 {
    bytes[i / 64 * 32 + i % 32] >> (i / 32 % 2 * 4) & 15
}

fn scale_and_minimum(block: &[u8], group: usize) -> (f64, f64) {
    let bytes = &block[4..16];
    let (scale, minimum) = if group < 4 {
        (bytes[group] & 63, bytes[group + 4] & 63)
    } else {
        let (low, above) = (bytes[group + 4], group - 4);
        (low & 15 | bytes[above] >> 6 << 4, low >> 4 | bytes[group] >> 6 << 4)
    };
    (number(block, 0) * f64::from(scale), number(block, 2) * f64::from(minimum))
}

fn number(block: &[u8], at: usize) -> f64 {
    f16::from_le_bytes([block[at], block[at + 1]]).to_f64()
}
