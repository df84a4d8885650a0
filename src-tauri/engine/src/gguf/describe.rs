//! What a model's folder says in small files, a GGUF file says in its metadata.

use serde_json::{Value as Json, json};
use sotto_gguf::{Model, Rope, Text, Vision};

use super::tokenizer::tokenizer;
use crate::fault::Fault;

/// The small files.
pub struct Described {
    pub config: Json,
    pub preprocessor: Json,
    pub tokenizer: Json,
    pub tokenizer_config: Json,
    pub template: String,
    /// Tokens that end an answer.
    pub ends: Vec<u32>,
    /// The token that every text begins with, whatever the template writes.
    pub begins: Option<u32>,
}

/// Reads them off a model and the part that sees.
pub fn describe(model: &Model, vision: Option<&Vision>) -> Result<Described, Fault> {
    let words = model.words()?;
    let named = |id: Option<u32>| id.and_then(|id| words.texts.get(id as usize));
    Ok(Described {
        config: config(&model.text, vision, words.texts.iter().position(|text| *text == "[IMG]")),
        preprocessor: preprocessor(vision),
        tokenizer: tokenizer(&words),
        tokenizer_config: json!({ "bos_token": named(words.begins), "eos_token": named(words.ends.first().copied()) }),
        template: words.template.into(),
        begins: words.begins.filter(|_| words.always_begins),
        ends: words.ends,
    })
}

/// What the loader is told of a model. `image` is the word that stands for a piece of a picture.
pub fn config(text: &Text, vision: Option<&Vision>, image: Option<usize>) -> Json {
    json!({
        "architectures": ["Mistral3ForConditionalGeneration"],
        "model_type": "mistral3",
        "image_token_index": image.unwrap_or(10),
        "multimodal_projector_bias": false,
        "projector_hidden_act": "gelu",
        "spatial_merge_size": vision.map_or(2, |vision| vision.merge),
        "vision_feature_layer": -1,
        "tie_word_embeddings": text.tied,
        "text_config": {
            "vocab_size": text.vocabulary,
            "hidden_size": text.hidden,
            "intermediate_size": text.feed_forward,
            "num_hidden_layers": text.layers,
            "num_attention_heads": text.heads,
            "num_key_value_heads": text.kv_heads,
            "head_dim": text.head_size,
            // Where it is another, the layers are computed by our own kernels, which know.
            "hidden_act": "silu",
            "max_position_embeddings": text.longest,
            "rms_norm_eps": text.epsilon,
            "rope_parameters": rope(&text.rope),
            "sliding_window": null,
            "tie_word_embeddings": text.tied,
        },
        "vision_config": vision.map_or_else(blindness, sight),
    })
}

fn rope(rope: &Rope) -> Json {
    let Some(yarn) = rope.yarn else { return json!({ "rope_type": "default", "rope_theta": rope.base }) };
    json!({
        "rope_type": "yarn",
        "rope_theta": rope.base,
        "factor": yarn.factor,
        "original_max_position_embeddings": yarn.original,
        "beta_fast": yarn.beta_fast,
        "beta_slow": yarn.beta_slow,
        "mscale": yarn.mscale,
        "mscale_all_dim": yarn.mscale_all_dim,
        "llama_4_scaling_beta": rope.query_scale,
    })
}

fn sight(vision: &Vision) -> Json {
    json!({
        "hidden_size": vision.hidden,
        "intermediate_size": vision.feed_forward,
        "num_hidden_layers": vision.layers,
        "num_attention_heads": vision.heads,
        "head_dim": vision.hidden / vision.heads,
        "num_channels": 3,
        "image_size": vision.image_size,
        "patch_size": vision.patch_size,
        "hidden_act": "silu",
        "rope_parameters": { "rope_theta": 10_000.0 },
    })
}

/// The loader wants a part that sees, so a model without one gets the smallest there
/// is; nothing is ever shown to it.
fn blindness() -> Json {
    json!({
        "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 0, "num_attention_heads": 1, "head_dim": 16,
        "num_channels": 3, "image_size": 28, "patch_size": 14, "hidden_act": "silu",
        "rope_parameters": { "rope_theta": 10_000.0 },
    })
}

pub fn preprocessor(vision: Option<&Vision>) -> Json {
    json!({
        "image_mean": vision.and_then(|vision| vision.mean.as_ref()),
        "image_std": vision.and_then(|vision| vision.deviation.as_ref()),
        "size": { "longest_edge": vision.map(|vision| vision.image_size) },
    })
}
