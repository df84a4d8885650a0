//! A matrix of weights, where it lies.

use crate::{
    Kind, Shape,
    blocks::{Blocks, Q4K, Q5K, Q6K, Q8_0},
};

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
    fn block(self) -> (usize, usize) {
        match self {
            Self::Q4K => (Q4K::LENGTH, Q4K::BYTES),
            Self::Q5K => (Q5K::LENGTH, Q5K::BYTES),
            Self::Q6K => (Q6K::LENGTH, Q6K::BYTES),
            Self::Q8_0 => (Q8_0::LENGTH, Q8_0::BYTES),
            Self::F16 => (1, 2),
        }
    }
}
