//! What `config.json` calls the models that Sotto runs from folders, as transformers writes them. The
//! library and the engine both go by this list.

use crate::family::Family;

/// How a folder's model is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Ministral 3 as its makers publish it: it sees.
    Whole,
    /// A model of text alone.
    Text(Family),
    /// A model that sees, though not in a way that is computed here: its text model is used, which
    /// `text_config` describes.
    TextOf(Family),
}

const KNOWN: [(&str, Layout); 7] = [
    ("Mistral3ForConditionalGeneration", Layout::Whole),
    ("Ministral3ForCausalLM", Layout::Text(Family::Mistral3)),
    ("LlamaForCausalLM", Layout::Text(Family::Llama)),
    ("MistralForCausalLM", Layout::Text(Family::Llama)),
    ("Qwen3ForCausalLM", Layout::Text(Family::Qwen3)),
    ("Gemma3ForCausalLM", Layout::Text(Family::Gemma3)),
    ("Gemma3ForConditionalGeneration", Layout::TextOf(Family::Gemma3)),
];

/// The figures that transformers takes for a Gemma 3 whose config does not say them; its makers'
/// own configs leave most of them out.
const OF_GEMMA: [(&str, u32); 10] = [
    ("vocab_size", 262_208),
    ("hidden_size", 2304),
    ("intermediate_size", 9216),
    ("num_hidden_layers", 26),
    ("num_attention_heads", 8),
    ("num_key_value_heads", 4),
    ("head_dim", 256),
    ("max_position_embeddings", 131_072),
    ("query_pre_attn_scalar", 256),
    ("sliding_window", 4096),
];

impl Layout {
    /// The layout of this name.
    pub fn of(architecture: &str) -> Option<Self> {
        KNOWN.into_iter().find(|(name, _)| *name == architecture).map(|(_, layout)| layout)
    }

    /// The family of the model's layers.
    pub fn family(self) -> Family {
        match self {
            Self::Whole => Family::Mistral3,
            Self::Text(family) | Self::TextOf(family) => family,
        }
    }

    /// Whether the text model's figures stand in `text_config`.
    pub fn is_nested(self) -> bool {
        !matches!(self, Self::Text(_))
    }

    /// The figure that holds where the config does not say one.
    pub fn usual(self, figure: &str) -> Option<u32> {
        let figures = if self.family() == Family::Gemma3 { OF_GEMMA.as_slice() } else { &[] };
        figures.iter().find(|(name, _)| *name == figure).map(|(_, usual)| *usual)
    }
}
