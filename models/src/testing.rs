//! For tests: GGUF files that are small and whole.

pub use sotto_gguf::write::{self, Random};
use sotto_gguf::{Packing, write::File};

/// A model of the right kind that is longer by about `weights` numbers of two bytes each, which
/// follow from `seed`.
pub fn model(weights: usize, seed: u64) -> Vec<u8> {
    write::model(inner(weights, 2 * 3 * 64), seed).bytes()
}

/// The same in so many parts.
pub fn parts(weights: usize, count: u16, seed: u64) -> Vec<Vec<u8>> {
    write::model(inner(weights, 2 * 3 * 64), seed).split(count)
}

/// The part of such a model that sees, longer by about `weights` numbers.
pub fn vision(weights: usize, seed: u64) -> Vec<u8> {
    write::vision(inner(weights, 3 * 32), seed).bytes()
}

/// A model of any architecture.
pub fn gguf(architecture: &str, weights: usize, seed: u64) -> Vec<u8> {
    let mut file = File::new(architecture);
    file.tensor("token_embd.weight", &[32, (weights / 32).max(1) as u64], Packing::F16, seed);
    file.bytes()
}

/// How wide a layer's second part must be for so many numbers more, each of its columns being
/// `each` of them.
fn inner(weights: usize, each: usize) -> u32 {
    let wide = (weights / each).next_multiple_of(32).max(32);
    u32::try_from(wide).unwrap_or(u32::MAX)
}
