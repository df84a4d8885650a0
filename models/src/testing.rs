//! For tests: GGUF files that are small and whole.

/// A model of the right kind with one tensor of `weights` numbers, a multiple of 32,
/// that follow from `seed`.
pub fn model(weights: usize, seed: u64) -> Vec<u8> {
    const NUMBERS: [(&str, u32); 6] = [
        ("mistral3.block_count", 2),
        ("mistral3.context_length", 8192),
        ("mistral3.embedding_length", 64),
        ("mistral3.attention.head_count", 4),
        ("mistral3.attention.head_count_kv", 2),
        ("mistral3.attention.key_length", 16),
    ];
    gguf("mistral3", &NUMBERS, weights, seed)
}

/// The part of a model that sees.
pub fn vision(weights: usize, seed: u64) -> Vec<u8> {
    gguf("clip", &[("clip.vision.projection_dim", 64)], weights, seed)
}

/// A model of any architecture.
pub fn gguf(architecture: &str, numbers: &[(&str, u32)], weights: usize, seed: u64) -> Vec<u8> {
    let mut file = Vec::new();
    file.extend_from_slice(b"GGUF");
    file.extend_from_slice(&3_u32.to_le_bytes());
    file.extend_from_slice(&1_u64.to_le_bytes());
    file.extend_from_slice(&(numbers.len() as u64 + 2).to_le_bytes());
    text(&mut file, "general.architecture");
    file.extend_from_slice(&8_u32.to_le_bytes());
    text(&mut file, architecture);
    for (key, number) in numbers {
        text(&mut file, key);
        file.extend_from_slice(&4_u32.to_le_bytes());
        file.extend_from_slice(&number.to_le_bytes());
    }
    // A list, as vocabularies are.
    text(&mut file, "tokenizer.ggml.tokens");
    file.extend_from_slice(&9_u32.to_le_bytes());
    file.extend_from_slice(&8_u32.to_le_bytes());
    file.extend_from_slice(&2_u64.to_le_bytes());
    text(&mut file, "a");
    text(&mut file, "b");
    // One tensor, half-precision.
    text(&mut file, "token_embd.weight");
    file.extend_from_slice(&2_u32.to_le_bytes());
    file.extend_from_slice(&32_u64.to_le_bytes());
    file.extend_from_slice(&((weights / 32) as u64).to_le_bytes());
    file.extend_from_slice(&1_u32.to_le_bytes());
    file.extend_from_slice(&0_u64.to_le_bytes());
    file.resize(file.len().next_multiple_of(32), 0);
    let mut random = Random(seed);
    for _ in 0..weights / 32 * 32 {
        file.extend_from_slice(&random.next().to_le_bytes()[..2]);
    }
    file
}

fn text(file: &mut Vec<u8>, text: &str) {
    file.extend_from_slice(&(text.len() as u64).to_le_bytes());
    file.extend_from_slice(text.as_bytes());
}

/// Numbers that follow from a seed (the `SplitMix64` generator).
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    /// The next one.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next one below `end`, which is not 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}
