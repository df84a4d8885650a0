//! Writes small files, for tests: as they should be, and then changed.

#![allow(clippy::cast_possible_truncation)] // numbers that tests choose

use crate::{
    header::Header,
    packing::Packing,
    value::{Items, Value},
};

/// A file to be written.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// Its description, in order.
    pub values: Vec<(String, Value)>,
    /// Its tensors, in order.
    pub tensors: Vec<Written>,
}

/// A tensor to be written.
#[derive(Debug, Clone)]
pub struct Written {
    /// Its name.
    pub name: String,
    /// Its dimensions, columns first.
    pub dimensions: Vec<u64>,
    /// How its numbers are packed.
    pub packing: Packing,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Where tensors begin.
const ALIGNMENT: usize = 32;

impl File {
    /// A file of this architecture, with nothing else in it.
    pub fn new(architecture: &str) -> Self {
        let mut file = Self::default();
        file.set("general.architecture", architecture);
        file
    }

    /// The file that these bytes are; `None` where they are none.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let header = Header::read(bytes).ok()?;
        let values = header.values().map(|(key, value)| (key.to_owned(), value.clone())).collect();
        let tensor = |(name, tensor): (&str, &crate::Tensor)| {
            let range = usize::try_from(tensor.at).ok()?..usize::try_from(tensor.at + tensor.length).ok()?;
            Some(Written {
                name: name.into(),
                dimensions: tensor.dimensions.clone(),
                packing: tensor.packing,
                bytes: bytes.get(range)?.into(),
            })
        };
        Some(Self { values, tensors: header.tensors().map(tensor).collect::<Option<_>>()? })
    }

    /// Sets a value, in the place of one that is there.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) -> &mut Self {
        let value = value.into();
        match self.values.iter_mut().find(|(own, _)| own == key) {
            Some((_, held)) => *held = value,
            None => self.values.push((key.into(), value)),
        }
        self
    }

    /// Leaves a value out.
    pub fn unset(&mut self, key: &str) -> &mut Self {
        self.values.retain(|(own, _)| own != key);
        self
    }

    /// Gives a value another key.
    pub fn rename(&mut self, key: &str, to: &str) -> &mut Self {
        for (own, _) in self.values.iter_mut().filter(|(own, _)| own == key) {
            to.clone_into(own);
        }
        self
    }

    /// Makes a model of another architecture of it, by name: the figures stay what they are.
    pub fn call(&mut self, architecture: &str) -> &mut Self {
        let own = self.values.iter().find(|(key, _)| key == "general.architecture");
        let Some((_, Value::Text(own))) = own.cloned() else { return self };
        for (key, _) in &mut self.values {
            if let Some(figure) = key.strip_prefix(&format!("{own}.")) {
                *key = format!("{architecture}.{figure}");
            }
        }
        self.set("general.architecture", architecture)
    }

    /// Adds a tensor of numbers that follow from `seed`: small ones, where it is F16 or F32.
    pub fn tensor(&mut self, name: &str, dimensions: &[u64], packing: Packing, seed: u64) -> &mut Self {
        let length = usize::try_from(packing.bytes(dimensions).unwrap_or(0)).unwrap_or(0);
        let mut random =
            Random(seed ^ name.bytes().fold(0, |sum: u64, byte| sum.rotate_left(7) ^ u64::from(byte)));
        let mut bytes = Vec::with_capacity(length + 8);
        while bytes.len() < length {
            let drawn = random.draw();
            match packing {
                Packing::F32 => {
                    bytes.extend_from_slice(&(0.5 + f32::from(drawn as u8) / 512.0).to_le_bytes());
                }
                Packing::F16 => bytes.extend_from_slice(&((drawn as u16 & 0x83ff) | 0x2400).to_le_bytes()),
                _ => bytes.extend_from_slice(&drawn.to_le_bytes()),
            }
        }
        bytes.truncate(length);
        self.tensors.push(Written { name: name.into(), dimensions: dimensions.into(), packing, bytes });
        self
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = self.header();
        for tensor in &self.tensors {
            out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
            out.extend_from_slice(&tensor.bytes);
        }
        out
    }

    /// What stands before the tensors' data.
    pub fn header(&self) -> Vec<u8> {
        let mut out = b"GGUF".to_vec();
        out.extend_from_slice(&3_u32.to_le_bytes());
        out.extend_from_slice(&(self.tensors.len() as u64).to_le_bytes());
        out.extend_from_slice(&(self.values.len() as u64).to_le_bytes());
        for (key, value) in &self.values {
            text(&mut out, key);
            write(&mut out, value);
        }
        let mut offset = 0_u64;
        for Written { name, dimensions, packing, bytes } in &self.tensors {
            text(&mut out, name);
            out.extend_from_slice(&u32::try_from(dimensions.len()).unwrap_or(0).to_le_bytes());
            for n in dimensions {
                out.extend_from_slice(&n.to_le_bytes());
            }
            out.extend_from_slice(&packing.number().to_le_bytes());
            out.extend_from_slice(&offset.to_le_bytes());
            let length = packing.bytes(dimensions).unwrap_or(bytes.len() as u64);
            offset += length.next_multiple_of(ALIGNMENT as u64);
        }
        out
    }

    /// The same model in so many files, as `gguf-split` makes them: the first has the
    /// description.
    pub fn split(&self, count: u16) -> Vec<Vec<u8>> {
        let each = self.tensors.len().div_ceil(usize::from(count)).max(1);
        (0..count)
            .map(|number| {
                let mut part = Self::default();
                if number == 0 {
                    part.values.clone_from(&self.values);
                }
                part.set("split.no", u32::from(number)).set("split.count", u32::from(count));
                part.set("split.tensors.count", u32::try_from(self.tensors.len()).unwrap_or(0));
                part.tensors =
                    self.tensors.iter().skip(each * usize::from(number)).take(each).cloned().collect();
                part.bytes()
            })
            .collect()
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<u32> for Value {
    fn from(n: u32) -> Self {
        Self::Integer(n.into())
    }
}

impl From<f32> for Value {
    fn from(x: f32) -> Self {
        Self::Float(x.into())
    }
}

impl From<&[&str]> for Value {
    fn from(texts: &[&str]) -> Self {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for text in texts {
            bytes.extend_from_slice(text.as_bytes());
            ends.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        }
        Self::List(Items::texts(bytes, ends))
    }
}

impl From<&[i32]> for Value {
    fn from(numbers: &[i32]) -> Self {
        Self::List(Items::numbers(5, numbers.iter().flat_map(|n| n.to_le_bytes()).collect()))
    }
}

impl From<&[f32]> for Value {
    fn from(numbers: &[f32]) -> Self {
        Self::List(Items::numbers(6, numbers.iter().flat_map(|n| n.to_le_bytes()).collect()))
    }
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u64).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// A value with its kind; numbers in the width that files usually have.
fn write(out: &mut Vec<u8>, value: &Value) {
    let kind = |out: &mut Vec<u8>, kind: u32| out.extend_from_slice(&kind.to_le_bytes());
    match value {
        Value::Integer(n) => {
            if let Ok(n) = u32::try_from(*n) {
                kind(out, 4);
                out.extend_from_slice(&n.to_le_bytes());
            } else {
                kind(out, 11);
                out.extend_from_slice(&i64::try_from(*n).unwrap_or(i64::MAX).to_le_bytes());
            }
        }
        Value::Float(x) => {
            kind(out, 6);
            out.extend_from_slice(&(*x as f32).to_le_bytes());
        }
        Value::Bool(is) => {
            kind(out, 7);
            out.push(u8::from(*is));
        }
        Value::Text(own) => {
            kind(out, 8);
            text(out, own);
        }
        Value::NotText => {
            kind(out, 8);
            out.extend_from_slice(&1_u64.to_le_bytes());
            out.push(0xff);
        }
        Value::List(items) => {
            kind(out, 9);
            items.write(out);
        }
    }
}

/// A whole model, as small as one can be: two layers, heads of 16, and `inner` numbers between
/// the halves of a layer (a multiple of 32), which makes it longer by 768 bytes each.
pub fn model(inner: u32, seed: u64) -> File {
    let mut file = File::new("mistral3");
    for (key, number) in [
        ("block_count", 2),
        ("context_length", 8192),
        ("embedding_length", 64),
        ("feed_forward_length", inner),
        ("attention.head_count", 4),
        ("attention.head_count_kv", 2),
        ("attention.key_length", 16),
        ("rope.dimension_count", 16),
    ] {
        file.set(&format!("mistral3.{key}"), number);
    }
    file.set("mistral3.rope.freq_base", 1e6_f32);
    file.set("mistral3.attention.layer_norm_rms_epsilon", 1e-5_f32);
    words(&mut file);
    let (hidden, inner) = (64, u64::from(inner));
    file.tensor("token_embd.weight", &[hidden, 32], Packing::F16, seed);
    file.tensor("output_norm.weight", &[hidden], Packing::F32, seed);
    for layer in 0..2 {
        for (part, dimensions) in [
            ("attn_q", [hidden, 64]),
            ("attn_k", [hidden, 32]),
            ("attn_v", [hidden, 32]),
            ("attn_output", [64, hidden]),
            ("ffn_gate", [hidden, inner]),
            ("ffn_up", [hidden, inner]),
            ("ffn_down", [inner, hidden]),
        ] {
            file.tensor(&format!("blk.{layer}.{part}.weight"), &dimensions, Packing::F16, seed);
        }
        for norm in ["attn_norm", "ffn_norm"] {
            file.tensor(&format!("blk.{layer}.{norm}.weight"), &[hidden], Packing::F32, seed);
        }
    }
    file
}

/// The same by the name and the figures of Llama, with heads that are as wide as they follow.
pub fn llama(inner: u32, seed: u64) -> File {
    let mut file = model(inner, seed);
    file.call("llama").unset("llama.attention.key_length");
    file
}

/// The same as a Qwen 3: each head's queries and keys are normed.
pub fn qwen3(inner: u32, seed: u64) -> File {
    let mut file = model(inner, seed);
    file.call("qwen3").set("tokenizer.ggml.pre", "qwen2");
    norms(&mut file, &["attn_q_norm", "attn_k_norm"], 16, seed);
    file
}

/// The same as a Gemma 3: there is a norm for what is added, too, and the layers see no further
/// back than eight words, as all do but every sixth.
pub fn gemma3(inner: u32, seed: u64) -> File {
    let mut file = model(inner, seed);
    file.call("gemma3").set("gemma3.attention.sliding_window", 8_u32);
    norms(&mut file, &["attn_q_norm", "attn_k_norm"], 16, seed);
    norms(&mut file, &["post_attention_norm", "post_ffw_norm"], 64, seed);
    file
}

fn norms(file: &mut File, parts: &[&str], length: u64, seed: u64) {
    for (layer, part) in (0..2).flat_map(|layer| parts.iter().map(move |part| (layer, part))) {
        file.tensor(&format!("blk.{layer}.{part}.weight"), &[length], Packing::F32, seed);
    }
}

/// 32 words: marks, letters, and one word made of two.
fn words(file: &mut File) {
    let marks = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"];
    let letters: Vec<String> = ('a'..='x').map(String::from).collect();
    let texts: Vec<&str> =
        marks.into_iter().chain(letters.iter().map(String::as_str)).chain(["ab"]).collect();
    let kinds: Vec<i32> = (0..texts.len()).map(|id| if id < marks.len() { 3 } else { 1 }).collect();
    file.set("tokenizer.ggml.model", "gpt2").set("tokenizer.ggml.pre", "tekken");
    file.set("tokenizer.ggml.tokens", texts.as_slice());
    file.set("tokenizer.ggml.token_type", kinds.as_slice());
    file.set("tokenizer.ggml.merges", ["a b"].as_slice());
    file.set("tokenizer.ggml.bos_token_id", 1_u32).set("tokenizer.ggml.eos_token_id", 2_u32);
    let template = "{{ bos_token }}{% for m in messages %}[INST]{{ m['content'] }}[/INST]{% endfor %}";
    file.set("tokenizer.chat_template", template);
}

/// The part that sees, for [`model`]: one layer, and `inner` numbers between its halves.
pub fn vision(inner: u32, seed: u64) -> File {
    let mut file = File::new("clip");
    file.set("clip.projector_type", "pixtral");
    for (key, number) in [
        ("block_count", 1),
        ("embedding_length", 32),
        ("feed_forward_length", inner),
        ("attention.head_count", 2),
        ("image_size", 112),
        ("patch_size", 14),
        ("spatial_merge_size", 2),
        ("projection_dim", 64),
    ] {
        file.set(&format!("clip.vision.{key}"), number);
    }
    let (hidden, inner) = (32, u64::from(inner));
    file.tensor("v.patch_embd.weight", &[14, 14, 3, hidden], Packing::F16, seed);
    file.tensor("v.pre_ln.weight", &[hidden], Packing::F32, seed);
    file.tensor("mm.input_norm.weight", &[hidden], Packing::F32, seed);
    file.tensor("mm.patch_merger.weight", &[4 * hidden, hidden], Packing::F16, seed);
    file.tensor("mm.1.weight", &[hidden, 64], Packing::F16, seed);
    file.tensor("mm.2.weight", &[64, 64], Packing::F16, seed);
    for (part, dimensions) in [
        ("attn_q", [hidden, hidden]),
        ("attn_k", [hidden, hidden]),
        ("attn_v", [hidden, hidden]),
        ("attn_out", [hidden, hidden]),
        ("ffn_gate", [hidden, inner]),
        ("ffn_up", [hidden, inner]),
        ("ffn_down", [inner, hidden]),
    ] {
        file.tensor(&format!("v.blk.0.{part}.weight"), &dimensions, Packing::F16, seed);
    }
    for norm in ["ln1", "ln2"] {
        file.tensor(&format!("v.blk.0.{norm}.weight"), &[hidden], Packing::F32, seed);
    }
    file
}

/// A model and the part that sees in one file, as Ollama's converter writes them.
pub fn ollamas(text: &File, vision: &File) -> File {
    let mut file = text.clone();
    for (key, to) in [
        ("rope.scaling.yarn_beta_fast", "rope.scaling.beta_fast"),
        ("rope.scaling.yarn_beta_slow", "rope.scaling.beta_slow"),
        ("rope.scaling.yarn_log_multiplier", "rope.scaling.mscale_all_dim"),
        ("attention.temperature_scale", "rope.scaling_beta"),
    ] {
        file.rename(&format!("mistral3.{key}"), &format!("mistral3.{to}"));
    }
    file.set("mistral3.rope.scaling.mscale", 1.0_f32).set("tokenizer.ggml.pre", "default");
    file.set("mistral3.image_token_index", 10_u32).set("mistral3.mm.projector_hidden_act", "gelu");
    file.set("mistral3.vision.num_channels", 3_u32).set("mistral3.vision.rope.freq_base", 1e4_f32);
    for (key, value) in &vision.values {
        match key.strip_prefix("clip.vision.") {
            Some("spatial_merge_size") => _ = file.set("mistral3.spatial_merge_size", value.clone()),
            // It says nothing of these.
            Some("projection_dim" | "image_mean" | "image_std") | None => {}
            Some(figure) => _ = file.set(&format!("mistral3.vision.{figure}"), value.clone()),
        }
    }
    let heads = vision.values.iter().find(|(key, _)| key == "clip.vision.attention.head_count");
    let Some((_, Value::Integer(heads))) = heads else { return file };
    for tensor in &vision.tensors {
        let mut tensor = tensor.clone();
        let name = tensor.name.trim_end_matches(".weight");
        let part = name.rsplit_once('.').map_or("", |(_, part)| part);
        if name.starts_with("v.blk.") && (part == "attn_q" || part == "attn_k") {
            tensor.bytes = in_halves(&tensor, usize::try_from(*heads).unwrap_or(1));
        }
        let own = [
            ("v.patch_embd", "v.patch_conv"),
            ("v.pre_ln", "v.encoder_norm"),
            ("mm.input_norm", "mm.norm"),
            ("mm.1", "mm.linear_1"),
            ("mm.2", "mm.linear_2"),
            ("mm.patch_merger", "mm.patch_merger.merging_layer"),
        ];
        let name = match (own.iter().find(|(usual, _)| *usual == name), part) {
            (Some((_, own)), _) => (*own).to_owned(),
            (None, "ln1") => name.replace("ln1", "attn_norm"),
            (None, "ln2") => name.replace("ln2", "ffn_norm"),
            (None, "attn_out") => name.replace("attn_out", "attn_output"),
            (None, _) => name.to_owned(),
        };
        // The text model has the same words.
        if !name.contains("img_break") {
            file.tensors.push(Written { name: name + ".weight", ..tensor });
        }
    }
    file
}

/// Rows of each head, neighbours apart again: those that turn together lie half a head apart.
fn in_halves(tensor: &Written, heads: usize) -> Vec<u8> {
    let rows = tensor.dimensions.get(1).and_then(|rows| usize::try_from(*rows).ok()).unwrap_or(0);
    let (head, row) = (rows / heads, tensor.bytes.len() / rows.max(1));
    let from = |to: usize| to / head * head + to % head % (head / 2) * 2 + to % head / (head / 2);
    (0..rows).flat_map(|to| tensor.bytes[from(to) * row..][..row].iter().copied()).collect()
}

/// Numbers that follow from a seed (the `SplitMix64` generator).
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    /// The next one.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next one below `end`, which is not 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.draw() % end
    }
}
