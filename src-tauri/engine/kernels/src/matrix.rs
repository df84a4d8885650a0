//! A matrix of weights, where it lies.

use crate::{Kind, Shape};

/// `rows` rows of `columns` weights each, in whole blocks: the bytes are as many as that
/// takes. They need not be aligned.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    pub(crate) kind: Kind,
    pub(crate) bytes: &'a [u8],
    pub(crate) rows: usize,
    pub(crate) columns: usize,
}

impl<'a> Matrix<'a> {
    /// # Errors
    /// A [`Shape`] where a row is not whole blocks, or the bytes are not as many.
    pub fn new(kind: Kind, bytes: &'a [u8], rows: usize, columns: usize) -> Result<Self, Shape> {
        let (block, size) = kind.block();
        if !columns.is_multiple_of(block) {
            return Err(Shape::Row { length: columns, block });
        }
        let wanted = (columns / block).checked_mul(size).and_then(|row| row.checked_mul(rows));
        let wanted = wanted.ok_or(Shape::TooLarge)?;
        if bytes.len() != wanted {
            return Err(Shape::Weights { given: bytes.len(), wanted });
        }
        Ok(Self { kind, bytes, rows, columns })
    }
}

impl Kind {
    /// Weights in a block, and its bytes.
    pub const fn block(self) -> (usize, usize) {
        match self {
            Self::Q4K => (256, 144),
            Self::Q5K => (256, 176),
            Self::Q6K => (256, 210),
            Self::Q8_0 => (32, 34),
            Self::Q4_0 | Self::Iq4Nl => (32, 18),
            Self::Q4_1 => (32, 20),
            Self::Q5_0 => (32, 22),
            Self::Q5_1 => (32, 24),
            Self::Mxfp4 => (32, 17),
            Self::Q2K => (256, 84),
            Self::Q3K | Self::Iq3S => (256, 110),
            Self::Tq1_0 => (256, 54),
            Self::Tq2_0 | Self::Iq2Xxs => (256, 66),
            Self::Iq4Xs => (256, 136),
            Self::Iq1S => (256, 50),
            Self::Iq1M => (256, 56),
            Self::Iq2Xs => (256, 74),
            Self::Iq2S => (256, 82),
            Self::Iq3Xxs => (256, 98),
            Self::F16 | Self::Bf16 => (1, 2),
            Self::F32 => (1, 4),
        }
    }
}
