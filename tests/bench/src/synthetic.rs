//! A model to measure with: the shape, the block types and the size of Ministral 3 3B as
//! its makers quantise it (`Q4_K_M`), and weights of no meaning. No download is needed,
//! and no processor can tell its blocks from real ones.

use std::{
    fs::{self, File},
    io::BufWriter,
    path::{Path, PathBuf},
};

use half::f16;

use crate::{
    Trouble,
    gguf::{self, Kind, Tensor, Value},
};

const LAYERS: u32 = 26;
const HIDDEN: u32 = 3072;
const INNER: u32 = 9216;
const HEADS: u32 = 32;
const KEY_HEADS: u32 = 8;
const HEAD: u32 = 128;
const VOCABULARY: usize = 131_072;

/// Tokens that are not text; the first five are named.
const SPECIAL: usize = 1000;

const TEMPLATE: &str = "{{ bos_token }}{% for m in messages %}{% if m['role']=='user' %}[INST]{{ m['content'] }}[/INST]\
                        {% else %}{{ m['content'] }}{% endif %}{% endfor %}";

/// The model's file in `folder`, written where it is not there yet.
pub fn model(folder: &Path) -> Result<PathBuf, Trouble> {
    let path = folder.join("synthetic-3b-q4_k_m-1.gguf");
    if path.is_file() {
        return Ok(path);
    }
    eprintln!("Writing {} (2.1 GB)", path.display());
    fs::create_dir_all(folder)?;
    // Written aside: what is cut off on the way looks like no model.
    let aside = path.with_extension("new");
    write(&mut BufWriter::with_capacity(1 << 20, File::create(&aside)?))?;
    fs::rename(&aside, &path)?;
    Ok(path)
}

fn write(to: &mut impl std::io::Write) -> Result<(), Trouble> {
    let (tokens, kinds, merges) = vocabulary();
    let metadata = [
        ("general.architecture", Value::Text("mistral3")),
        ("general.name", Value::Text("synthetic")),
        ("mistral3.context_length", Value::Integer(262_144)),
        ("mistral3.embedding_length", Value::Integer(HIDDEN)),
        ("mistral3.block_count", Value::Integer(LAYERS)),
        ("mistral3.feed_forward_length", Value::Integer(INNER)),
        ("mistral3.attention.head_count", Value::Integer(HEADS)),
        ("mistral3.attention.head_count_kv", Value::Integer(KEY_HEADS)),
        ("mistral3.attention.key_length", Value::Integer(HEAD)),
        ("mistral3.attention.value_length", Value::Integer(HEAD)),
        ("mistral3.attention.layer_norm_rms_epsilon", Value::Float(1e-5)),
        ("mistral3.attention.temperature_scale", Value::Float(0.1)),
        ("mistral3.vocab_size", Value::Integer(131_072)),
        ("mistral3.rope.freq_base", Value::Float(1e6)),
        ("mistral3.rope.dimension_count", Value::Integer(HEAD)),
        ("mistral3.rope.scaling.type", Value::Text("yarn")),
        ("mistral3.rope.scaling.factor", Value::Float(16.0)),
        ("mistral3.rope.scaling.original_context_length", Value::Integer(16_384)),
        ("mistral3.rope.scaling.yarn_beta_fast", Value::Float(32.0)),
        ("mistral3.rope.scaling.yarn_beta_slow", Value::Float(1.0)),
        ("mistral3.rope.scaling.yarn_log_multiplier", Value::Float(1.0)),
        ("tokenizer.ggml.model", Value::Text("gpt2")),
        ("tokenizer.ggml.pre", Value::Text("tekken")),
        ("tokenizer.ggml.tokens", Value::Texts(&tokens)),
        ("tokenizer.ggml.token_type", Value::Integers(&kinds)),
        ("tokenizer.ggml.merges", Value::Texts(&merges)),
        ("tokenizer.ggml.bos_token_id", Value::Integer(1)),
        ("tokenizer.ggml.eos_token_id", Value::Integer(2)),
        ("tokenizer.ggml.unknown_token_id", Value::Integer(0)),
        ("tokenizer.ggml.add_bos_token", Value::Flag(true)),
        ("tokenizer.chat_template", Value::Text(TEMPLATE)),
    ];
    let mut noise = Noise(1);
    gguf::write(to, &metadata, &tensors(), |tensor| noise.weights(tensor))?;
    Ok(())
}

fn tensors() -> Vec<Tensor> {
    let tensor = |name: String, rows: u32, columns: u32, kind| Tensor {
        name,
        rows: rows.into(),
        columns: columns.into(),
        kind,
    };
    let mut all = vec![
        tensor("token_embd.weight".into(), 131_072, HIDDEN, Kind::Q6K),
        tensor("output_norm.weight".into(), 1, HIDDEN, Kind::F32),
    ];
    for layer in 0..LAYERS {
        // The mixture that `Q4_K_M` stands for: these layers lose the most by rounding.
        let eighth = LAYERS / 8;
        let finer = layer < eighth || layer >= 7 * LAYERS / 8 || (layer - eighth) % 3 == 2;
        let fine = if finer { Kind::Q6K } else { Kind::Q4K };
        for (name, rows, columns, kind) in [
            ("attn_norm", 1, HIDDEN, Kind::F32),
            ("ffn_norm", 1, HIDDEN, Kind::F32),
            ("attn_q", HEADS * HEAD, HIDDEN, Kind::Q4K),
            ("attn_k", KEY_HEADS * HEAD, HIDDEN, Kind::Q4K),
            ("attn_v", KEY_HEADS * HEAD, HIDDEN, fine),
            ("attn_output", HIDDEN, HEADS * HEAD, Kind::Q4K),
            ("ffn_gate", INNER, HIDDEN, Kind::Q4K),
            ("ffn_up", INNER, HIDDEN, Kind::Q4K),
            ("ffn_down", HIDDEN, INNER, fine),
        ] {
            all.push(tensor(format!("blk.{layer}.{name}.weight"), rows, columns, kind));
        }
    }
    all
}

/// Tokens, their kinds, and which of them are made of which: every byte, and letters in
/// twos, threes and fours until all places are taken.
fn vocabulary() -> (Vec<String>, Vec<i32>, Vec<String>) {
    let named = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"];
    let mut tokens: Vec<String> = named.map(String::from).into();
    tokens.extend((named.len()..SPECIAL).map(|number| format!("<SPECIAL_{number}>")));
    tokens.extend((0..=255).map(|byte| letter(byte).to_string()));
    let mut merges = Vec::new();
    let mut shorter: Vec<String> = ('a'..='z').map(String::from).collect();
    while tokens.len() < VOCABULARY {
        let longer: Vec<(String, char)> =
            shorter.iter().flat_map(|begun| ('a'..='z').map(|last| (begun.clone(), last))).collect();
        let room = VOCABULARY - tokens.len();
        for (begun, last) in longer.iter().take(room) {
            tokens.push(format!("{begun}{last}"));
            merges.push(format!("{begun} {last}"));
        }
        shorter = longer.into_iter().map(|(begun, last)| format!("{begun}{last}")).collect();
    }
    let kinds = (0..tokens.len()).map(|number| if number < SPECIAL { 3 } else { 1 }).collect();
    (tokens, kinds, merges)
}

/// The letter that stands for a byte in vocabularies of bytes: its own, where it has one
/// that can be seen, else one from 256 on, in order.
fn letter(byte: u8) -> char {
    let seen = |byte: &u8| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    if seen(&byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|byte| !seen(byte)).count();
    u32::try_from(256 + before).ok().and_then(char::from_u32).unwrap_or(' ')
}

/// Numbers in no order (xorshift64*), the same every time.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Random blocks with scales that keep every layer's numbers near one; norms of ones.
    fn weights(&mut self, tensor: &Tensor) -> Vec<u8> {
        let length = usize::try_from(tensor.bytes()).unwrap_or(usize::MAX);
        let mut bytes: Vec<u8> = match tensor.kind {
            Kind::F32 => return (0..tensor.columns).flat_map(|_| 1f32.to_le_bytes()).collect(),
            Kind::Q4K | Kind::Q6K => {
                (0..length.div_ceil(8)).flat_map(|_| self.next().to_le_bytes()).collect()
            }
        };
        bytes.truncate(length);
        let small = f16::from_f32(0.02 / 256.0).to_le_bytes();
        let smaller = f16::from_f32(0.02 / 1024.0).to_le_bytes();
        match tensor.kind {
            Kind::F32 => {}
            Kind::Q4K => bytes.as_chunks_mut::<144>().0.iter_mut().for_each(|block| {
                block[..4].copy_from_slice(&[small, small].concat());
            }),
            Kind::Q6K => bytes.as_chunks_mut::<210>().0.iter_mut().for_each(|block| {
                block[208..].copy_from_slice(&smaller);
            }),
        }
        bytes
    }
}
