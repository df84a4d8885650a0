//! A model of text in a folder, alone or within one that sees, as transformers writes it: its tensors
//! are multiplied with where they lie, as those of a GGUF file are.

use std::collections::HashMap;

use serde_json::Value;
use sotto_gguf::{Family, Layout, Rope, Text, Window, Yarn};
use sotto_kernels::Kind;

use super::{Gguf, Origin, Weights, describe, map, place::Place};
use crate::{
    fault::Fault,
    folder::Folder,
    names::{alone, plain_name},
    weights::{self, Whole},
};

/// What Gemma 3 takes where its config does not say.
const GEMMA_EPSILON: f64 = 1e-6;
const GEMMA_BASE: f64 = 1e6;

/// What older files hold besides; it follows from the config.
const UNNEEDED: &str = ".rotary_emb.inv_freq";

/// The model of `folder`, with what the loader is to be told of it in the place of its config.
pub fn open(folder: Folder, layout: Layout) -> Result<(Folder, Weights), Fault> {
    let unknown = |what: String| Fault::NotUnderstood { model: folder.name.clone(), what };
    let (figures, divisors) = Config::of(&folder.config, layout).figures().map_err(unknown)?;
    let mut files = Vec::new();
    let mut places = HashMap::new();
    for (number, file) in folder.weights.iter().enumerate() {
        let Whole { tensors, .. } = weights::check(&folder.name, file)?;
        for (name, tensor) in tensors {
            let name = if layout.is_nested() { alone(&name) } else { Some(name) };
            let Some(name) = name else { continue };
            if name.ends_with(UNNEEDED) || figures.tied && name == "lm_head.weight" {
                continue;
            }
            let own = plain_name(&name, figures.family).ok_or_else(|| unknown(name.clone()))?;
            let kind = kind(&tensor.dtype).ok_or_else(|| unknown(format!("{name} is {}", tensor.dtype)))?;
            let at = usize::try_from(tensor.at).map_err(|_| unknown(name))?;
            let place = Place { kind, shape: tensor.shape, file: number, at, length: tensor.length };
            places.insert(own, place);
        }
        files.push(map(file)?);
    }
    has_all(&places, &figures).map_err(unknown)?;
    let text =
        Gguf { files: files.into(), places, origin: Origin::Transformers, divisors, sight_heads: None };
    let config = describe::config(&figures, None, None);
    let folder =
        Folder { config, preprocessor: Some(describe::preprocessor(None)), processor: None, ..folder };
    Ok((folder, Weights::new(text, figures, None)))
}

fn kind(dtype: &str) -> Option<Kind> {
    Some(match dtype {
        "F32" => Kind::F32,
        "F16" => Kind::F16,
        "BF16" => Kind::Bf16,
        _ => return None,
    })
}

/// Holds the tensors against the figures, as far as the layers do not do so themselves.
fn has_all(places: &HashMap<String, Place>, text: &Text) -> Result<(), String> {
    let table = [text.vocabulary as usize, text.hidden as usize];
    for name in ["token_embd.weight", "output.weight"].into_iter().take(2 - usize::from(text.tied)) {
        if places.get(name).is_none_or(|place| place.shape != table) {
            return Err(format!("its words are no table of {table:?}"));
        }
    }
    let numbers = places.keys().filter_map(|name| name.strip_prefix("blk.")?.split_once('.')?.0.parse().ok());
    let there = numbers.max().map_or(0, |last: u32| last + 1);
    if there == text.layers {
        return Ok(());
    }
    Err(format!("it says that it has {} layers, and has {there}", text.layers))
}

/// What config.json says of a text model.
struct Config<'a> {
    own: &'a Value,
    layout: Layout,
}

impl<'a> Config<'a> {
    fn of(config: &'a Value, layout: Layout) -> Self {
        Self { own: if layout.is_nested() { &config["text_config"] } else { config }, layout }
    }

    /// The figures, and by how much each frequency of the rope is divided.
    fn figures(&self) -> Result<(Text, Option<Vec<f32>>), String> {
        let family = self.layout.family();
        self.is_usual(family)?;
        let (hidden, heads) = (self.figure("hidden_size")?, self.figure("num_attention_heads")?);
        let head_size = match self.layout.usual("head_dim") {
            None if self.own["head_dim"].is_null() => hidden / heads,
            _ => self.figure("head_dim")?,
        };
        let layers = self.figure("num_hidden_layers")?;
        let longest = self.figure("max_position_embeddings")?;
        let gemma = family == Family::Gemma3;
        let is_mistral = matches!(family, Family::Llama | Family::Mistral3);
        let nearest = self.figure("sliding_window").ok().filter(|_| is_mistral);
        let (rope, divisors) = self.rope(family, head_size)?;
        let text = Text {
            family,
            layers,
            hidden,
            feed_forward: self.figure("intermediate_size")?,
            heads,
            kv_heads: self.figure("num_key_value_heads")?,
            head_size,
            vocabulary: self.figure("vocab_size")?,
            longest: nearest.map_or(longest, |nearest| nearest.min(longest)),
            window: if gemma { Some(self.window(layers)?) } else { None },
            epsilon: self
                .number("rms_norm_eps")
                .or(gemma.then_some(GEMMA_EPSILON))
                .ok_or("it has no rms_norm_eps")?,
            query_width: if gemma { self.figure("query_pre_attn_scalar")? } else { head_size },
            rope,
            scaled: false,
            tied: self.own["tie_word_embeddings"].as_bool().unwrap_or(gemma),
        };
        Ok((text, divisors))
    }

    /// What others of these families have been seen to do otherwise is not computed.
    fn is_usual(&self, family: Family) -> Result<(), String> {
        let act = ["hidden_activation", "hidden_act"].iter().find_map(|key| self.own[*key].as_str());
        let gemma = family == Family::Gemma3;
        let usual = if gemma { "gelu_pytorch_tanh" } else { "silu" };
        if act != Some(usual) && !(gemma && act.is_none()) {
            return Err(format!("its gate is {}", act.unwrap_or("not said")));
        }
        let is_set = |key: &str| !matches!(self.own[key], Value::Null | Value::Bool(false));
        let odd = [
            "attention_bias",
            "mlp_bias",
            "use_sliding_window",
            "use_bidirectional_attention",
            "attn_logit_softcapping",
            "final_logit_softcapping",
        ];
        match odd.iter().find(|key| is_set(key)) {
            Some(key) => Err((*key).to_owned()),
            None if self.number("partial_rotary_factor").is_some_and(|factor| factor < 1.0) => {
                Err("partial_rotary_factor".into())
            }
            None => Ok(()),
        }
    }

    fn window(&self, layers: u32) -> Result<Window, String> {
        let newer = &self.own["rope_parameters"]["sliding_attention"]["rope_theta"];
        let window = Window {
            length: self.figure("sliding_window")?,
            pattern: self
                .figure("sliding_window_pattern")
                .or(self.figure("_sliding_window_pattern"))
                .unwrap_or(6),
            base: newer.as_f64().or(self.number("rope_local_base_freq")).unwrap_or(10_000.0),
        };
        let mut kinds = self.own["layer_types"].as_array().into_iter().flatten().zip(0..layers);
        let as_said = |(kind, layer): (&Value, u32)| (kind == "sliding_attention") == window.holds(layer);
        if kinds.all(as_said) { Ok(window) } else { Err("its layer_types".into()) }
    }

    fn rope(&self, family: Family, head_size: u32) -> Result<(Rope, Option<Vec<f32>>), String> {
        let mut rope = &self.own["rope_parameters"];
        if family == Family::Gemma3 && !rope["full_attention"].is_null() {
            rope = &rope["full_attention"];
        }
        if rope.is_null() {
            rope = &self.own["rope_scaling"];
        }
        let gemma = family == Family::Gemma3;
        let base = rope["rope_theta"].as_f64().or(self.number("rope_theta"));
        let base = base.or(gemma.then_some(GEMMA_BASE));
        let base = base.filter(|base| *base > 1.0).ok_or("its rope has no base")?;
        let number =
            |key: &str| rope[key].as_f64().filter(|n| *n > 0.0).ok_or(format!("its rope has no {key}"));
        let query_scale = rope["llama_4_scaling_beta"].as_f64().filter(|beta| beta.abs() > 0.0);
        let mut plain = Rope { base, divided: 1.0, yarn: None, query_scale: None };
        let kind = rope["rope_type"].as_str().or(rope["type"].as_str()).unwrap_or("default");
        match kind {
            "default" | "linear" | "llama3" if query_scale.is_some() => {
                Err(format!("its rope is {kind}, with scaled queries"))
            }
            "default" => Ok((plain, None)),
            "linear" => {
                plain.divided = number("factor")?;
                Ok((plain, None))
            }
            "yarn" if !gemma => {
                plain.yarn = Some(self.yarn(rope)?);
                plain.query_scale = query_scale;
                Ok((plain, None))
            }
            // As Llama 3.1's own code has it (llama-models, `apply_scaling`).
            "llama3" => {
                let [factor, low, high, original] =
                    ["factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings"]
                        .map(number);
                let (factor, low, high, original) = (factor?, low?, high?, original?);
                let divisor = |pair: u32| {
                    let frequency = base.powf(-2.0 * f64::from(pair) / f64::from(head_size));
                    let turns = original * frequency / std::f64::consts::TAU;
                    let kept = ((turns - low) / (high - low)).clamp(0.0, 1.0);
                    #[allow(clippy::cast_possible_truncation)] // the kernels compute in 32 bits
                    let divisor = (1.0 / ((1.0 - kept) / factor + kept)) as f32;
                    divisor
                };
                Ok((plain, Some((0..head_size / 2).map(divisor).collect())))
            }
            other => Err(format!("its rope is {other}")),
        }
    }

    /// `YaRN`, as transformers reads it.
    fn yarn(&self, rope: &Value) -> Result<Yarn, String> {
        // Of these, others than the usual have been seen.
        let is_odd = |key: &str| !matches!(rope[key], Value::Null | Value::Bool(true));
        if let Some(key) = ["truncate", "attention_factor"].into_iter().find(|key| is_odd(key)) {
            return Err(format!("its rope has a {key}"));
        }
        let number = |key: &str| rope[key].as_f64().filter(|n| *n > 0.0);
        let original = rope["original_max_position_embeddings"].as_u64();
        let yarn = Yarn {
            factor: number("factor").ok_or("its rope has no factor")?,
            original: original.or(self.own["max_position_embeddings"].as_u64()).unwrap_or_default(),
            beta_fast: number("beta_fast").unwrap_or(32.0),
            beta_slow: number("beta_slow").unwrap_or(1.0),
            mscale: number("mscale"),
            mscale_all_dim: number("mscale_all_dim"),
        };
        let makes_sense = yarn.factor >= 1.0 && yarn.original > 0 && yarn.beta_fast > yarn.beta_slow;
        makes_sense.then_some(yarn).ok_or_else(|| "its rope makes no sense".into())
    }

    fn number(&self, key: &str) -> Option<f64> {
        self.own[key].as_f64()
    }

    fn figure(&self, key: &str) -> Result<u32, String> {
        if self.own[key].is_null()
            && let Some(usual) = self.layout.usual(key)
        {
            return Ok(usual);
        }
        let n = self.own[key].as_u64().filter(|n| (1..1 << 24).contains(n));
        n.and_then(|n| u32::try_from(n).ok()).ok_or_else(|| format!("it has no {key}"))
    }
}

#[cfg(test)]
mod tests;
