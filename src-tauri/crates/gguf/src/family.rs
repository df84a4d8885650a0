//! The families of models that Sotto runs, as GGUF names them.

/// What the part of a model that sees calls itself.
pub(crate) const VISION: &str = "clip";

/// A family: models whose layers are built alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Ministral 3, and Mistral Small since 3.1.
    Mistral3,
    /// All that is built like Llama: Mistral 7B, Nemo, Mistral Small before 3.1, Llama 2 and 3,
    /// `SmolLM2`, and their kin.
    Llama,
    /// Qwen 3.
    Qwen3,
    /// Gemma 3.
    Gemma3,
}

impl Family {
    const ALL: [Self; 4] = [Self::Mistral3, Self::Llama, Self::Qwen3, Self::Gemma3];

    /// The family of this name.
    pub fn of(architecture: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == architecture)
    }

    /// Its name in a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mistral3 => "mistral3",
            Self::Llama => "llama",
            Self::Qwen3 => "qwen3",
            Self::Gemma3 => "gemma3",
        }
    }

    /// Whether only our own kernels know its layers.
    pub fn is_ours_alone(self) -> bool {
        matches!(self, Self::Qwen3 | Self::Gemma3)
    }

    /// Whether queries and keys are normed, head by head.
    pub fn norms_heads(self) -> bool {
        matches!(self, Self::Qwen3 | Self::Gemma3)
    }

    /// Whether what attention and the feed add is normed, too.
    pub fn norms_what_is_added(self) -> bool {
        self == Self::Gemma3
    }
}
