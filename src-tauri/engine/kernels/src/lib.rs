//! Many rows at once, with a model file's own blocks.
//!
//! Reading a prompt multiplies hundreds of rows of activations with the same weights.
//! Here the weights stay in the file as they are: a panel of them is unpacked to bytes
//! once, while it is warm in the cache, and used for every row of the prompt. The rows
//! are rounded to bytes too, with a scale for every 32 of them, so that nearly all of
//! the work is in sums of small whole numbers, which processors do fastest.
//!
//! Which instructions do it is chosen when the program runs, never when it is built.
//! Every variant gives the same numbers, to the last bit.
//!
//! ```
//! use sotto_kernels::{Kind, matmul};
//!
//! let weights = vec![0; 2 * 144]; // two rows of 256: one block each
//! let mut product = vec![1.0; 3 * 2];
//! matmul(Kind::Q4K, &weights, (3, 256, 2), &[0.5; 3 * 256], &mut product)?;
//! assert_eq!(product, [0.0; 6]);
//! # Ok::<(), sotto_kernels::Shape>(())
//! ```

mod blocks;
mod lanes;
mod product;
mod rows;
mod shape;
mod tile;
mod variant;

#[cfg(test)]
mod tests;

pub use shape::Shape;

use variant::Variant;

/// The block layouts that can be multiplied with, as they lie in a GGUF file.
///
/// The formats are ggml's: `ggml-common.h` in its repository defines the blocks, and
/// the GGUF specification beside it says how tensors of them lie in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 256 weights of 4 bits in 144 bytes; a scale and a minimum of 6 bits for each 32.
    Q4K,
    /// 256 weights of 5 bits in 176 bytes; a scale and a minimum of 6 bits for each 32.
    Q5K,
    /// 256 weights of 6 bits in 210 bytes; a scale of 8 bits for each 16.
    Q6K,
    /// 32 weights of 8 bits in 34 bytes; one scale.
    Q8_0,
}

/// Writes `lhs × weightsᵀ` to `dst`.
///
/// `lhs` is m rows of k numbers and `dst` m rows of n, both row after row. `weights` is
/// n rows of k weights each, in whole blocks of `kind`; it need not be aligned. Each row
/// of `lhs` is rounded to 8 bits in groups of 32, which leaves an error of about half a
/// percent of the product's size. A row that holds an infinity or a NaN gives NaN.
///
/// The work is shared among rayon's current pool. Working memory is kept from call to
/// call: at most about 1.5 k bytes for each of up to 128 rows.
///
/// # Errors
/// A [`Shape`] where the lengths do not fit m, k and n; `dst` is then untouched.
pub fn matmul(
    kind: Kind,
    weights: &[u8],
    (m, k, n): (usize, usize, usize),
    lhs: &[f32],
    dst: &mut [f32],
) -> Result<(), Shape> {
    Shape::check(kind, weights.len(), (m, k, n), lhs.len(), dst.len())?;
    product::product(Variant::fastest(), kind, weights, (k, n), lhs, dst);
    Ok(())
}

/// Whether this many rows are multiplied faster here than one after another.
///
/// Unpacking a panel pays from a few rows on. Beside candle's dot products straight from
/// the blocks, on two cores of a Zen 5, that was 3 rows with AVX-512, 4 with the others,
/// and 2 for `Q8_0`. The portable variant is a reference, and is not faster.
pub fn pays(rows: usize) -> bool {
    rows >= 4 && !Variant::fastest().is_portable()
}

/// The variant that this processor gets, in words for the log.
pub fn fastest() -> &'static str {
    Variant::fastest().name()
}
