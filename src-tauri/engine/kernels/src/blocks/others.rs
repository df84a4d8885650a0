//! The kinds that are not compiled each for itself: four ways to multiply, for whatever
//! unpacks to the same sort of factors. Unpacking is a call here, and no part of the loop.

use super::{Blocks, Factors, Range, grids, levels, narrow};
use crate::{kind::Kind, rows::PANEL};

/// A scale for each 32 weights.
pub struct Coarse;
/// A scale and a minimum for each 32 weights.
pub struct CoarseWithMinimums;
/// A scale for each 16 weights.
pub struct Fine;
/// A scale and a minimum for each 16 weights.
pub struct FineWithMinimums;

/// Which of them a kind goes.
pub enum Way {
    Coarse,
    CoarseWithMinimums,
    Fine,
    FineWithMinimums,
}

impl Way {
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Q4_1 | Kind::Q5_1 => Self::CoarseWithMinimums,
            Kind::Q3K | Kind::Iq1M | Kind::Iq2Xs | Kind::Iq2S => Self::Fine,
            Kind::Q2K => Self::FineWithMinimums,
            _ => Self::Coarse,
        }
    }
}

/// Implements [`Blocks`] for one of these ways.
macro_rules! way {
    ($way:ident, $halves:literal, $minimums:literal, $range:ident) => {
        impl Blocks for $way {
            const HALVES: usize = $halves;
            const MINIMUMS: bool = $minimums;
            const OFFSET: u8 = 0;
            const RANGE: Range = Range::$range;

            #[inline(always)]
            fn unpack(kind: Kind, blocks: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
                unpack(kind, blocks, weights, factors);
            }
        }
    };
}

way!(Coarse, 1, false, Signed);
way!(CoarseWithMinimums, 1, true, Bits5);
way!(Fine, 2, false, Signed);
way!(FineWithMinimums, 2, true, Bits5);

/// Unpacks the blocks of up to 256 weights of one of these kinds.
#[inline(never)]
fn unpack(kind: Kind, blocks: &[u8], weights: &mut [u8; PANEL], factors: &mut Factors) {
    match kind {
        Kind::Q4_0 => narrow::q4_0(blocks, weights, factors),
        Kind::Q4_1 => narrow::q4_1(blocks, weights, factors),
        Kind::Q5_0 => narrow::q5_0(blocks, weights, factors),
        Kind::Q5_1 => narrow::q5_1(blocks, weights, factors),
        Kind::Q2K => narrow::q2k(blocks, weights, factors),
        Kind::Q3K => narrow::q3k(blocks, weights, factors),
        Kind::Tq1_0 => narrow::tq1_0(blocks, weights, factors),
        Kind::Tq2_0 => narrow::tq2_0(blocks, weights, factors),
        Kind::Iq4Nl => levels::iq4_nl(blocks, weights, factors),
        Kind::Iq4Xs => levels::iq4_xs(blocks, weights, factors),
        Kind::Mxfp4 => levels::mxfp4(blocks, weights, factors),
        Kind::Iq1S => grids::iq1_s(blocks, weights, factors),
        Kind::Iq1M => grids::iq1_m(blocks, weights, factors),
        Kind::Iq2Xxs => grids::iq2_xxs(blocks, weights, factors),
        Kind::Iq2Xs => grids::iq2_xs(blocks, weights, factors),
        Kind::Iq2S => grids::iq2_s(blocks, weights, factors),
        Kind::Iq3Xxs => grids::iq3_xxs(blocks, weights, factors),
        Kind::Iq3S => grids::iq3_s(blocks, weights, factors),
        Kind::Q4K | Kind::Q5K | Kind::Q6K | Kind::Q8_0 | Kind::F16 | Kind::Bf16 | Kind::F32 => {
            unreachable!("these have a way of their own")
        }
    }
}
