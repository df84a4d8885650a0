//! Lengths that do not fit together are said, and nothing is computed.

use std::{error::Error, fmt};

use crate::{
    Kind,
    blocks::{Blocks, Q4K, Q5K, Q6K, Q8_0},
};

/// Why a product cannot be taken: what was given, and what its shape asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A row of weights is not a whole number of blocks.
    Row {
        /// The row's length, in weights.
        length: usize,
        /// The length of a block, in weights.
        block: usize,
    },
    /// The weights are too many or too few, in bytes.
    Weights {
        /// The bytes that were given.
        given: usize,
        /// The bytes that the shape asks for.
        wanted: usize,
    },
    /// The left-hand side has too many numbers or too few.
    Left {
        /// The numbers that were given.
        given: usize,
        /// The numbers that the shape asks for.
        wanted: usize,
    },
    /// There is too much room for the product, or too little.
    Product {
        /// The numbers that there is room for.
        given: usize,
        /// The numbers that the shape asks for.
        wanted: usize,
    },
    /// No memory could hold a matrix of this shape.
    TooLarge,
}

impl Shape {
    /// Whether a product of these lengths can be taken.
    pub(crate) fn check(
        kind: Kind,
        weights: usize,
        (m, k, n): (usize, usize, usize),
        lhs: usize,
        dst: usize,
    ) -> Result<(), Self> {
        let (block, bytes) = match kind {
            Kind::Q4K => (Q4K::LENGTH, Q4K::BYTES),
            Kind::Q5K => (Q5K::LENGTH, Q5K::BYTES),
            Kind::Q6K => (Q6K::LENGTH, Q6K::BYTES),
            Kind::Q8_0 => (Q8_0::LENGTH, Q8_0::BYTES),
        };
        if !k.is_multiple_of(block) {
            return Err(Self::Row { length: k, block });
        }
        let size = |a: usize, b: usize| a.checked_mul(b).ok_or(Self::TooLarge);
        let wanted = size(size(k / block, bytes)?, n)?;
        if weights != wanted {
            return Err(Self::Weights { given: weights, wanted });
        }
        let wanted = size(m, k)?;
        if lhs != wanted {
            return Err(Self::Left { given: lhs, wanted });
        }
        let wanted = size(m, n)?;
        if dst != wanted {
            return Err(Self::Product { given: dst, wanted });
        }
        Ok(())
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row { length, block } => {
                write!(f, "a row of {length} weights is not a whole number of blocks of {block}")
            }
            Self::Weights { given, wanted } => {
                write!(f, "the weights take {given} bytes where their shape asks for {wanted}")
            }
            Self::Left { given, wanted } => {
                write!(f, "the left-hand side has {given} numbers where its shape asks for {wanted}")
            }
            Self::Product { given, wanted } => {
                write!(f, "there is room for {given} numbers where the product has {wanted}")
            }
            Self::TooLarge => write!(f, "a matrix of this shape is larger than any memory"),
        }
    }
}

impl Error for Shape {}
