//! The layers of a text model, computed on the processor with a model file's own blocks.
//!
//! The weights stay in the file as they are. To read a prompt, a panel of them is unpacked
//! to bytes once, while it is warm in the cache, and used for hundreds of rows of
//! activations; to write, one row is multiplied with the blocks themselves. Activations are
//! rounded to bytes too, with a scale for every 32 of them, so that nearly all of the work
//! is in sums of small whole numbers, which processors do fastest.
//!
//! Which instructions do it is chosen when the program runs, never when it is built.
//! For a prompt, every variant's products are the same numbers, to the last bit.
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

mod attention;
mod blocks;
mod crew;
mod decoder;
mod dense;
mod exp;
mod lanes;
mod matrix;
mod product;
mod rows;
mod shape;
mod single;
mod tile;
mod unpacked;
mod variant;

#[cfg(test)]
mod tests;

pub use attention::{Cache, Heads, Numbers, Tables};
pub use crew::{settle, threads};
pub use decoder::{Design, Layer, Pass};
pub use matrix::Matrix;
pub use shape::Shape;
pub use unpacked::unpack;

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
    /// 32 weights of 4 bits in 18 bytes; one scale.
    Q4_0,
    /// 32 weights of 4 bits in 20 bytes; a scale and a minimum.
    Q4_1,
    /// 32 weights of 5 bits in 22 bytes; one scale.
    Q5_0,
    /// 32 weights of 5 bits in 24 bytes; a scale and a minimum.
    Q5_1,
    /// 256 weights of 2 bits in 84 bytes; a scale and a minimum of 4 bits for each 16.
    Q2K,
    /// 256 weights of 3 bits in 110 bytes; a scale of 6 bits for each 16.
    Q3K,
    /// 256 weights of three values in 54 bytes, five to a byte; one scale.
    Tq1_0,
    /// 256 weights of three values in 66 bytes, four to a byte; one scale.
    Tq2_0,
    /// 32 weights of 4 bits in 18 bytes, unevenly spaced; one scale.
    Iq4Nl,
    /// 256 weights of 4 bits in 136 bytes, unevenly spaced; a scale of 6 bits for each 32.
    Iq4Xs,
    /// 32 weights of 4 bits in 17 bytes, small floats; a power of two.
    Mxfp4,
    /// 256 weights in 50 bytes, by eight; a scale of 3 bits for each 32.
    Iq1S,
    /// 256 weights in 56 bytes, by eight; a scale of 3 bits for each 16.
    Iq1M,
    /// 256 weights in 66 bytes, by eight; a scale of 4 bits for each 32.
    Iq2Xxs,
    /// 256 weights in 74 bytes, by eight; a scale of 4 bits for each 16.
    Iq2Xs,
    /// 256 weights in 82 bytes, by eight; a scale of 4 bits for each 16.
    Iq2S,
    /// 256 weights in 98 bytes, by four; a scale of 4 bits for each 32.
    Iq3Xxs,
    /// 256 weights in 110 bytes, by four; a scale of 4 bits for each 32.
    Iq3S,
    /// Weights as they are, in 16-bit floats. They are not for speed: with them a model
    /// can be compared to its reference.
    F16,
    /// The same in the other 16-bit floats.
    Bf16,
    /// The same in 32-bit floats.
    F32,
}

/// Writes `lhs × weightsᵀ` to `dst`.
///
/// `lhs` is m rows of k numbers and `dst` m rows of n, both row after row. `weights` is
/// n rows of k weights each, in whole blocks of `kind`; it need not be aligned. Each row
/// of `lhs` is rounded to 8 bits in groups of 32, which leaves an error of about half a
/// percent of the product's size. A row that holds an infinity or a NaN gives NaN.
///
/// The work is shared among the crate's own threads ([`settle`]). Working memory is kept
/// from call to call: at most about 1.8 k bytes for each of up to 512 rows.
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
    let matrix = Matrix::new(kind, weights, n, k)?;
    Shape::check(&matrix, m, lhs.len(), dst.len())?;
    product::product(Variant::fastest(), matrix, lhs, dst);
    Ok(())
}

/// Whether there are vector instructions here that these kernels are written for. The
/// portable variant is a reference, and is not fast.
pub fn fast() -> bool {
    !Variant::fastest().is_portable()
}

/// The variant that this processor gets, in words for the log.
pub fn fastest() -> &'static str {
    Variant::fastest().name()
}
