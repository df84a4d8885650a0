//! The kinds of folders.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{
    Kind,
    Said::{Refused, Right, Seeing, Taken},
    fixture,
};

pub const FOLDERS: &[Kind] = &[
    ("as its makers publish it", |to| folder(to, |_| {}), Seeing),
    ("its rope under the older names", |to| config(to, older_rope), Seeing),
    ("a mark before the text", |to| folder(to, marked), Seeing),
    ("Ministral 3's text alone", |to| folder(to, alone), Right),
    ("numbers of eight bits", |to| folder(to, eight_bits), Taken),
    (
        "a template with other ends of lines",
        |to| folder(to, |at| fs::write(at.join("chat_template.jinja"), CRLF).unwrap()),
        Taken,
    ),
    (
        "another architecture",
        |to| config(to, |all| all["architectures"] = json!(["PhiForCausalLM"])),
        Refused("(PhiForCausalLM)"),
    ),
    (
        "another architecture, packed",
        |to| {
            config(to, |all| {
                all["architectures"] = json!(["Gemma3ForConditionalGeneration"]);
                all["quantization_config"] = json!({"quant_method": "awq"});
            })
        },
        Refused("(Gemma3ForConditionalGeneration, packed)"),
    ),
    ("a shard that is missing", |to| folder(to, sharded), Refused("has no model-00002-of-00002.safetensors")),
    (
        "its makers' own weights alone",
        |to| {
            folder(to, |at| {
                fs::rename(at.join("model.safetensors"), at.join("consolidated.safetensors")).unwrap();
            })
        },
        Refused("has no weights"),
    ),
    (
        "its makers' own layout",
        |to| folder(to, |at| fs::rename(at.join("config.json"), at.join("params.json")).unwrap()),
        Refused("Mistral's own layout"),
    ),
    (
        "a note of Git LFS for the weights",
        |to| {
            folder(to, |at| {
                let note = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
                fs::write(at.join("model.safetensors"), note).unwrap();
            })
        },
        Refused("Git LFS"),
    ),
    (
        "weights that are cut short",
        |to| folder(to, |at| super::shorten(&at.join("model.safetensors"))),
        Refused("cut short"),
    ),
    (
        "no tokenizer",
        |to| folder(to, |at| fs::remove_file(at.join("tokenizer.json")).unwrap()),
        Refused("has no tokenizer.json"),
    ),
    (
        "no template",
        |to| folder(to, |at| fs::remove_file(at.join("chat_template.jinja")).unwrap()),
        Refused("has no chat_template"),
    ),
];

const CRLF: &str = "{{- bos_token }}\r\n{%- for m in messages %}\r\n{%- if m['role'] == 'user' %}\r\n[INST]\
    {{ m['content'] }}\r\nBriefly.[/INST]\r\n{%- else %}\r\n{{- m['content'] + eos_token }}\r\n{%- endif %}\r\n\
    {%- endfor %}\r\n";

/// The tiny model's folder after `change`.
fn folder(to: &Path, change: impl FnOnce(&Path)) -> PathBuf {
    for entry in fs::read_dir(fixture("hf")).unwrap().flatten() {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
    change(to);
    to.into()
}

fn config(to: &Path, change: impl FnOnce(&mut Value)) -> PathBuf {
    folder(to, |at| write_config(at, change))
}

fn write_config(at: &Path, change: impl FnOnce(&mut Value)) {
    let path = at.join("config.json");
    let mut config = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut config);
    fs::write(path, config.to_string()).unwrap();
}

fn older_rope(config: &mut Value) {
    let text = config["text_config"].as_object_mut().unwrap();
    let rope = text.remove("rope_parameters").unwrap();
    text.insert("rope_theta".into(), rope["rope_theta"].clone());
    text.insert("rope_scaling".into(), rope);
}

fn marked(at: &Path) {
    for name in ["config.json", "tokenizer.json", "chat_template.jinja"] {
        let text = fs::read(at.join(name)).unwrap();
        fs::write(at.join(name), [b"\xef\xbb\xbf".as_slice(), &text].concat()).unwrap();
    }
}

fn sharded(at: &Path) {
    fs::rename(at.join("model.safetensors"), at.join("model-00001-of-00002.safetensors")).unwrap();
    let index = json!({"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}});
    fs::write(at.join("model.safetensors.index.json"), index.to_string()).unwrap();
}

/// The text model by itself.
fn alone(at: &Path) {
    let mut tensors = tensors(at);
    tensors.retain(|tensor| tensor.name.starts_with("language_model."));
    for tensor in &mut tensors {
        tensor.name = tensor.name.trim_start_matches("language_model.").into();
    }
    write(at, &tensors);
    write_config(at, |config| {
        let mut text = config["text_config"].take();
        text["architectures"] = json!(["Ministral3ForCausalLM"]);
        text["tie_word_embeddings"] = json!(true);
        *config = text;
    });
}

/// One matrix as FP8, with one scale for all of it: which numbers they are does not matter here.
fn eight_bits(at: &Path) {
    let mut tensors = tensors(at);
    let up = tensors.iter_mut().find(|tensor| tensor.name.ends_with("0.mlp.up_proj.weight")).unwrap();
    up.dtype = "F8_E4M3".into();
    up.bytes = (0..up.bytes.len() / 2).map(|n| if n % 3 == 0 { 0x18 } else { 0x94 }).collect();
    let scale = up.name.replace("weight", "weight_scale_inv");
    tensors.push(Tensor { name: scale, dtype: "BF16".into(), shape: json!([]), bytes: vec![0x80, 0x3e] });
    write(at, &tensors);
    write_config(at, |config| config["quantization_config"] = json!({"quant_method": "fp8"}));
}

/// A tensor of a folder's weights.
struct Tensor {
    name: String,
    dtype: String,
    shape: Value,
    bytes: Vec<u8>,
}

fn tensors(at: &Path) -> Vec<Tensor> {
    let bytes = fs::read(at.join("model.safetensors")).unwrap();
    let (length, rest) = bytes.split_first_chunk().unwrap();
    let (header, data) = rest.split_at(usize::try_from(u64::from_le_bytes(*length)).unwrap());
    let header: BTreeMap<String, Value> = serde_json::from_slice(header).unwrap();
    let tensors = header.into_iter().filter(|(name, _)| name != "__metadata__");
    let offset = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    tensors
        .map(|(name, tensor)| Tensor {
            name,
            dtype: tensor["dtype"].as_str().unwrap().into(),
            shape: tensor["shape"].clone(),
            bytes: data[offset(&tensor["data_offsets"][0])..offset(&tensor["data_offsets"][1])].to_vec(),
        })
        .collect()
}

fn write(at: &Path, tensors: &[Tensor]) {
    let (mut header, mut data) = (BTreeMap::new(), Vec::new());
    for Tensor { name, dtype, shape, bytes } in tensors {
        let from = data.len();
        data.extend(bytes);
        header.insert(name, json!({"dtype": dtype, "shape": shape, "data_offsets": [from, data.len()]}));
    }
    let header = serde_json::to_vec(&header).unwrap();
    let all = [(header.len() as u64).to_le_bytes().as_slice(), &header, &data].concat();
    fs::write(at.join("model.safetensors"), all).unwrap();
}
