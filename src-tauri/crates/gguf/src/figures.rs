//! The figures of a text model.

use crate::{family::Family, rope::Rope};

/// The figures of a text model, held against its tensors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Text {
    /// Of which family its layers are.
    pub family: Family,
    /// How many layers.
    pub layers: u32,
    /// How many numbers stand for a token.
    pub hidden: u32,
    /// How many between the two halves of a layer's second part.
    pub feed_forward: u32,
    /// How many heads ask.
    pub heads: u32,
    /// How many heads keep a memory of the text.
    pub kv_heads: u32,
    /// How many numbers a head has.
    pub head_size: u32,
    /// How many words.
    pub vocabulary: u32,
    /// The longest text that it was made for, in tokens.
    pub longest: u32,
    /// How layers see that see only what is near, where there are such.
    pub window: Option<Window>,
    /// What norms add before they divide.
    pub epsilon: f64,
    /// How well a query fits a key is divided by the root of this: a head's width, as a rule.
    pub query_width: u32,
    /// How it places words.
    pub rope: Rope,
    /// Whether a tensor of it says by how much each frequency of the rope is divided, as in
    /// Llama 3.1 and later.
    pub scaled: bool,
    /// Whether it writes with the matrix that it reads with.
    pub tied: bool,
}

/// Layers that see only what is near, in a pattern that repeats: all of it are such but the last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// How many words they see, their own among them.
    pub length: u32,
    /// How many layers the pattern has.
    pub pattern: u32,
    /// The base of their rope, which is not stretched.
    pub base: f64,
}

impl Window {
    /// Whether the layer of this number is one of them.
    pub fn holds(&self, layer: u32) -> bool {
        !(layer + 1).is_multiple_of(self.pattern)
    }
}

impl Text {
    /// What the memory of one token takes, in bytes: keys and values, two bytes each.
    pub fn kv_bytes(&self) -> u64 {
        2 * 2 * u64::from(self.layers) * u64::from(self.kv_heads) * u64::from(self.head_size)
    }
}
