//! Weights as the numbers that they stand for.

use half::{bf16, f16};

use crate::{
    blocks::{
        Blocks, Factors, Q4K, Q5K, Q6K, Q8_0, Range,
        others::{Coarse, CoarseWithMinimums, Fine, FineWithMinimums, Way},
    },
    kind::Kind,
    matrix::Matrix,
    rows::{GROUP, PANEL},
    shape::Shape,
};

/// Unpacks as many weights as there is room for in `to`.
///
/// ```
/// use sotto_kernels::{Kind, unpack};
///
/// let mut weights = [0.0; 2];
/// unpack(Kind::Bf16, &[0x80, 0x3f, 0x00, 0xc0], &mut weights)?;
/// assert_eq!(weights, [1.0, -2.0]);
/// # Ok::<(), sotto_kernels::Shape>(())
/// ```
///
/// # Errors
/// A [`Shape`] where that is not whole blocks, or the blocks are not as many.
pub fn unpack(kind: Kind, blocks: &[u8], to: &mut [f32]) -> Result<(), Shape> {
    Matrix::new(kind, blocks, 1, to.len())?;
    fill(kind, blocks, to);
    Ok(())
}

/// The same, where the lengths are known to fit.
pub fn fill(kind: Kind, blocks: &[u8], to: &mut [f32]) {
    match kind {
        Kind::F32 => numbers(blocks, to, f32::from_le_bytes),
        Kind::F16 => numbers(blocks, to, |bytes| f16::from_le_bytes(bytes).to_f32()),
        Kind::Bf16 => numbers(blocks, to, |bytes| bf16::from_le_bytes(bytes).to_f32()),
        Kind::Q4K => weights::<Q4K>(kind, blocks, to),
        Kind::Q5K => weights::<Q5K>(kind, blocks, to),
        Kind::Q6K => weights::<Q6K>(kind, blocks, to),
        Kind::Q8_0 => weights::<Q8_0>(kind, blocks, to),
        _ => match Way::of(kind) {
            Way::Coarse => weights::<Coarse>(kind, blocks, to),
            Way::CoarseWithMinimums => weights::<CoarseWithMinimums>(kind, blocks, to),
            Way::Fine => weights::<Fine>(kind, blocks, to),
            Way::FineWithMinimums => weights::<FineWithMinimums>(kind, blocks, to),
        },
    }
}

fn numbers<const N: usize>(bytes: &[u8], to: &mut [f32], number: impl Fn([u8; N]) -> f32) {
    for (to, bytes) in to.iter_mut().zip(bytes.as_chunks::<N>().0) {
        *to = number(*bytes);
    }
}

fn weights<K: Blocks>(kind: Kind, blocks: &[u8], to: &mut [f32]) {
    let (length, size) = kind.block();
    let mut bytes = [0; PANEL];
    let mut factors = Factors::ZERO;
    for (to, blocks) in to.chunks_mut(PANEL).zip(blocks.chunks(PANEL / length * size)) {
        K::unpack(kind, blocks, &mut bytes, &mut factors);
        for (at, (to, byte)) in to.iter_mut().zip(bytes).enumerate() {
            let whole = match K::RANGE {
                Range::Signed => i16::from(byte.cast_signed()),
                Range::Bits4 | Range::Bits5 | Range::Bits6 => i16::from(byte) - i16::from(K::OFFSET),
            };
            let factor = at / (GROUP / K::HALVES);
            *to = factors.scales[factor] * f32::from(whole);
            if K::MINIMUMS {
                *to += factors.minimums[factor];
            }
        }
    }
}
