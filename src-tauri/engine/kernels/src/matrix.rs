//! A matrix of weights, where it lies.

use crate::{kind::Kind, shape::Shape};

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

    /// Whether `m` rows can be multiplied with it.
    pub(crate) fn check(&self, m: usize, lhs: usize, dst: usize) -> Result<(), Shape> {
        let wanted = m.checked_mul(self.columns).ok_or(Shape::TooLarge)?;
        if lhs != wanted {
            return Err(Shape::Left { given: lhs, wanted });
        }
        let wanted = m.checked_mul(self.rows).ok_or(Shape::TooLarge)?;
        if dst != wanted {
            return Err(Shape::Product { given: dst, wanted });
        }
        Ok(())
    }
}
