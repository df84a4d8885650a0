//! The figures of a model that its memory is reckoned from.

use serde::{Deserialize, Serialize};
use sotto_gguf::Text;

/// The figures that memory is reckoned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// How many layers.
    pub layers: u32,
    /// How many heads keep a memory of the text.
    pub kv_heads: u32,
    /// How many numbers a head keeps for each piece of text, twice.
    pub head_size: u32,
    /// The longest text the model was made for, in tokens.
    pub longest: u32,
}

impl Shape {
    /// What the memory of one token takes, in bytes: keys and values, two bytes each.
    pub fn kv_bytes(self) -> u64 {
        2 * 2 * u64::from(self.layers) * u64::from(self.kv_heads) * u64::from(self.head_size)
    }
}

impl From<&Text> for Shape {
    fn from(text: &Text) -> Self {
        let Text { layers, kv_heads, head_size, longest, .. } = *text;
        Self { layers, kv_heads, head_size, longest }
    }
}
