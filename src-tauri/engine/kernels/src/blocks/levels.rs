//! Weights of 4 bits that are numbers of a list.

use super::{Factors, half};
use crate::rows::{GROUP, PANEL};

/// The levels of IQ4: closer together near zero, where most weights are.
const UNEVEN: [i8; 16] = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

/// The numbers of E2M1 (OCP Microscaling Formats 1.0), doubled to be whole.
const FLOATS: [i8; 16] = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

/// 32 weights in 16 bytes: the first 16 in the low halves, the others in the high.
fn listed(levels: &[i8; 16], bytes: &[u8], weights: &mut [u8]) {
    let (low, high) = weights.split_at_mut(GROUP / 2);
    for ((byte, low), high) in bytes.iter().zip(low).zip(high) {
        *low = levels[usize::from(byte & 15)].cast_unsigned();
        *high = levels[usize::from(byte >> 4)].cast_unsigned();
    }
}

pub fn iq4_nl(blocks: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    let groups = weights.as_chunks_mut::<GROUP>().0.iter_mut().zip(&mut factors.scales);
    for (block, (weights, scale)) in blocks.as_chunks::<18>().0.iter().zip(groups) {
        *scale = half(block, 0);
        listed(&UNEVEN, &block[2..], weights);
    }
}

pub fn iq4_xs(block: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    let whole = half(block, 0);
    let above = u16::from_le_bytes([block[2], block[3]]);
    for (at, weights) in weights.as_chunks_mut::<GROUP>().0.iter_mut().enumerate() {
        let low = block[4 + at / 2] >> (at % 2 * 4) & 15;
        let [high, _] = (above >> (2 * at) & 3).to_le_bytes();
        factors.scales[at] = whole * (f32::from(low | high << 4) - 32.0);
        listed(&UNEVEN, &block[8 + 16 * at..][..16], weights);
    }
}

pub fn mxfp4(blocks: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    let groups = weights.as_chunks_mut::<GROUP>().0.iter_mut().zip(&mut factors.scales);
    for (block, (weights, scale)) in blocks.as_chunks::<17>().0.iter().zip(groups) {
        // Two to the power of the byte less 127, and half of it for what is doubled.
        *scale = match block[0] {
            few @ 0..2 => f32::from_bits(0x0020_0000 << few),
            more => f32::from_bits(u32::from(more - 1) << 23),
        };
        listed(&FLOATS, &block[1..], weights);
    }
}
