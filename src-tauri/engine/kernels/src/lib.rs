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
mod decoder;
mod dense;
mod exp;
mod gemm;
mod gemv;
mod kind;
mod lanes;
mod matrix;
mod product;
mod rows;
mod shape;
mod thread_pool;
mod unpacked;
mod variant;

#[cfg(test)]
mod tests;

pub use attention::{Cache, Heads, Numbers, Tables};
pub use decoder::{DecoderConfig, Gate, Layer, Near, Pairs, Pass};
pub use kind::Kind;
pub use matrix::Matrix;
pub use shape::Shape;
pub use thread_pool::{set_threads, threads};
pub use unpacked::unpack;

use variant::Variant;

/// Writes `lhs × weightsᵀ` to `dst`.
///
/// `lhs` is m rows of k numbers and `dst` m rows of n, both row after row. `weights` is
/// n rows of k weights each, in whole blocks of `kind`; it need not be aligned. Each row
/// of `lhs` is rounded to 8 bits in groups of 32, which leaves an error of about half a
/// percent of the product's size. A row that holds an infinity or a NaN gives NaN.
///
/// The work is shared among the crate's own threads ([`set_threads`]). Working memory is kept
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
    matrix.check(m, lhs.len(), dst.len())?;
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
