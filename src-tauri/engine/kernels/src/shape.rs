//! Lengths that do not fit together are said, and nothing is computed.

use std::{error::Error, fmt};

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
