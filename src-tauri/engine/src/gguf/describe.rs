//! What a model's folder says in small files, a GGUF file says in its metadata.

use std::path::Path;

use serde_json::{Map, Value as Json, json};

use super::{
    Gguf,
    header::{Header, Value},
};
use crate::fault::{Fault, name};

/// The one architecture that Sotto runs, as GGUF names it.
const ARCHITECTURE: &str = "mistral3";

/// How Mistral's "tekken" tokenizer cuts text before it looks for tokens; GGUF names
/// it and leaves the expression to the reader.
const TEKKEN: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// Tokens of GGUF's types: what may appear in text as it stands, and what may not.
const CONTROL: i64 = 3;
const NORMAL: i64 = 1;

/// The small files.
pub struct Described {
    pub config: Json,
    pub preprocessor: Json,
    pub tokenizer: Json,
    pub tokenizer_config: Json,
    pub template: String,
    /// Tokens that end an answer.
    pub ends: Vec<u32>,
}

/// Reads them off the model at `path` and the part that sees.
pub fn describe(text: &Gguf, vision: Option<&Gguf>, path: &Path) -> Result<Described, Fault> {
    let header = &text.header;
    let model = name(path);
    match header.text("general.architecture") {
        Some(ARCHITECTURE) => {}
        Some(kind) => return Err(Fault::AnotherKind { model, kind: kind.into() }),
        None => return Err(Fault::NotAModel(model)),
    }
    let pre = header.text("tokenizer.ggml.pre").unwrap_or("unknown");
    if pre != "tekken" {
        return Err(Fault::AnotherKind { model, kind: format!("its words are cut as by {pre}") });
    }
    let damaged = || Fault::Damaged { model: model.clone(), file: "The file".into() };
    let tokens = Tokens::read(header).ok_or_else(damaged)?;
    Ok(Described {
        config: config(header, vision.map(|vision| &vision.header), &tokens).ok_or_else(damaged)?,
        preprocessor: preprocessor(vision.map(|vision| &vision.header)),
        tokenizer: tokens.tokenizer(header).ok_or_else(damaged)?,
        tokenizer_config: json!({ "bos_token": tokens.named(header, "bos"), "eos_token": tokens.named(header, "eos") }),
        template: header.text("tokenizer.chat_template").ok_or_else(damaged)?.into(),
        ends: header
            .integer("tokenizer.ggml.eos_token_id")
            .and_then(|id| u32::try_from(id).ok())
            .into_iter()
            .collect(),
    })
}

fn config(text: &Header, vision: Option<&Header>, tokens: &Tokens<'_>) -> Option<Json> {
    let own = |key: &str| format!("{ARCHITECTURE}.{key}");
    let integer = |key: &str| text.integer(&own(key));
    let float = |key: &str| text.float(&own(key));
    let heads = integer("attention.head_count")?;
    let hidden = integer("embedding_length")?;
    let rope = match text.text(&own("rope.scaling.type")) {
        Some("yarn") => json!({
            "rope_type": "yarn",
            "rope_theta": float("rope.freq_base")?,
            "factor": float("rope.scaling.factor")?,
            "original_max_position_embeddings": integer("rope.scaling.original_context_length")?,
            "beta_fast": float("rope.scaling.yarn_beta_fast").unwrap_or(32.0),
            "beta_slow": float("rope.scaling.yarn_beta_slow").unwrap_or(1.0),
            // The converter writes `mscale_all_dim` here; `mscale` is 1 in this family.
            "mscale": float("rope.scaling.yarn_log_multiplier").map(|_| 1.0),
            "mscale_all_dim": float("rope.scaling.yarn_log_multiplier"),
            "llama_4_scaling_beta": float("attention.temperature_scale"),
        }),
        _ => json!({ "rope_type": "default", "rope_theta": float("rope.freq_base")? }),
    };
    let tied = !text.tensors.contains_key("output.weight");
    Some(json!({
        "architectures": ["Mistral3ForConditionalGeneration"],
        "model_type": "mistral3",
        "image_token_index": tokens.id("[IMG]").unwrap_or(10),
        "multimodal_projector_bias": false,
        "projector_hidden_act": "gelu",
        "spatial_merge_size": vision.and_then(|v| v.integer("clip.vision.spatial_merge_size")).unwrap_or(2),
        "vision_feature_layer": -1,
        "tie_word_embeddings": tied,
        "text_config": {
            "vocab_size": tokens.texts.len(),
            "hidden_size": hidden,
            "intermediate_size": integer("feed_forward_length")?,
            "num_hidden_layers": integer("block_count")?,
            "num_attention_heads": heads,
            "num_key_value_heads": integer("attention.head_count_kv")?,
            "head_dim": integer("attention.key_length").or_else(|| hidden.checked_div(heads))?,
            "hidden_act": "silu",
            "max_position_embeddings": integer("context_length")?,
            "rms_norm_eps": float("attention.layer_norm_rms_epsilon")?,
            "rope_parameters": rope,
            "sliding_window": null,
            "tie_word_embeddings": tied,
        },
        "vision_config": match vision {
            Some(vision) => sight(vision)?,
            None => blindness(),
        },
    }))
}

fn sight(vision: &Header) -> Option<Json> {
    let integer = |key: &str| vision.integer(&format!("clip.vision.{key}"));
    let (hidden, heads) = (integer("embedding_length")?, integer("attention.head_count")?);
    Some(json!({
        "hidden_size": hidden,
        "intermediate_size": integer("feed_forward_length")?,
        "num_hidden_layers": integer("block_count")?,
        "num_attention_heads": heads,
        "head_dim": hidden.checked_div(heads)?,
        "num_channels": 3,
        "image_size": integer("image_size")?,
        "patch_size": integer("patch_size")?,
        "hidden_act": "silu",
        "rope_parameters": { "rope_theta": 10_000.0 },
    }))
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

fn preprocessor(vision: Option<&Header>) -> Json {
    let numbers = |key: &str| {
        let list = vision.and_then(|vision| vision.list(key))?;
        list.iter()
            .map(|value| if let Value::Float(x) = value { Some(*x) } else { None })
            .collect::<Option<Vec<_>>>()
    };
    json!({
        "image_mean": numbers("clip.vision.image_mean"),
        "image_std": numbers("clip.vision.image_std"),
        "size": { "longest_edge": vision.and_then(|vision| vision.integer("clip.vision.image_size")) },
    })
}

/// The vocabulary: each token's text and type, by id.
struct Tokens<'a> {
    texts: Vec<&'a str>,
    kinds: Vec<i64>,
}

impl<'a> Tokens<'a> {
    fn read(header: &'a Header) -> Option<Self> {
        let texts = header.list("tokenizer.ggml.tokens")?;
        let kinds = header.list("tokenizer.ggml.token_type")?;
        let texts: Vec<&str> = texts
            .iter()
            .map(|value| if let Value::Text(t) = value { Some(t.as_str()) } else { None })
            .collect::<Option<_>>()?;
        let kinds: Vec<i64> = kinds
            .iter()
            .map(|value| if let Value::Integer(n) = value { Some(*n) } else { None })
            .collect::<Option<_>>()?;
        (texts.len() == kinds.len() && !texts.is_empty()).then_some(Self { texts, kinds })
    }

    fn id(&self, text: &str) -> Option<usize> {
        self.texts.iter().position(|token| *token == text)
    }

    /// The text of the token that the header names `role`: bos, eos.
    fn named(&self, header: &Header, role: &str) -> Option<&str> {
        let id = header.integer(&format!("tokenizer.ggml.{role}_token_id"))?;
        self.texts.get(usize::try_from(id).ok()?).copied()
    }

    /// A tokenizer.json of the same ids.
    fn tokenizer(&self, header: &Header) -> Option<Json> {
        let mut vocabulary = Map::new();
        let mut added = Vec::new();
        for (id, (text, kind)) in self.texts.iter().zip(&self.kinds).enumerate() {
            // All of them: an added token that is not among them would get an id of its own.
            vocabulary.insert((*text).into(), id.into());
            if *kind != NORMAL {
                added.push(json!({
                    "id": id, "content": text, "special": *kind == CONTROL,
                    "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
                }));
            }
        }
        let merges = header.list("tokenizer.ggml.merges")?;
        let merges: Vec<Json> = merges
            .iter()
            .map(|merge| {
                let Value::Text(merge) = merge else { return None };
                let (left, right) = merge.split_once(' ')?;
                Some(json!([left, right]))
            })
            .collect::<Option<_>>()?;
        Some(json!({
            "version": "1.0",
            "truncation": null,
            "padding": null,
            "added_tokens": added,
            "normalizer": null,
            "pre_tokenizer": { "type": "Sequence", "pretokenizers": [
                { "type": "Split", "pattern": { "Regex": TEKKEN }, "behavior": "Isolated", "invert": false },
                { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false },
            ]},
            "post_processor": null,
            "decoder": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true },
            "model": {
                "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
                "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
                // A piece that is a token by itself is that token, whatever the merges say.
                "ignore_merges": true,
                "vocab": vocabulary, "merges": merges,
            },
        }))
    }
}
