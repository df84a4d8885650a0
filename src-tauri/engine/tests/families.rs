//! Qwen 3 and Gemma 3, each as a small model of random numbers: what llama.cpp goes on with is what
//! the engine goes on with, as likely as it is by the definition (tests/fixtures/llama-cpp).

#![allow(clippy::unwrap_used)] // in helpers too

mod app;

use std::{
    fs,
    path::{Path, PathBuf},
};

use app::{App, TestDir, ask, load, user};
use serde_json::{Value, json};
use sotto_gguf::write;

fn fixture(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/llama-cpp").join(file)
}

/// By how much likelihoods differ that were computed in 32 bits rather than 64.
const APART: f64 = 1e-3;

fn as_llama_cpp(architecture: &str) {
    let known: Value = serde_json::from_slice(&fs::read(fixture("greedy.json")).unwrap()).unwrap();
    let mut app = App::greeted();
    let (file, scratch) = (fixture(&format!("{architecture}.gguf")), TestDir::new());
    let opened = |app: &mut App, path: &Path| {
        let mut load = load(path, 512);
        load["scratch"] = json!(scratch.path());
        let loaded = app.last_of(load);
        assert_eq!(loaded["type"], "loaded", "{loaded}");
    };
    opened(&mut app, &file);
    goes_on_as_known(&mut app, &known[architecture]);
    let folder = TestDir::new();
    for small in ["tokenizer.json", "tokenizer_config.json", "chat_template.jinja"] {
        fs::copy(scratch.path().join(small), folder.path().join(small)).unwrap();
    }
    // Here the template alone writes the word that every text begins with.
    let template = fs::read_to_string(scratch.path().join("chat_template.jinja")).unwrap();
    let begins = if architecture == "gemma3" { "{{ bos_token }}" } else { "" };
    fs::write(folder.path().join("chat_template.jinja"), begins.to_owned() + &template).unwrap();
    as_folder(&write::File::of(&fs::read(file).unwrap()).unwrap(), architecture, folder.path());
    opened(&mut app, folder.path());
    goes_on_as_known(&mut app, &known[architecture]);
    if architecture == "gemma3" {
        // Its makers' folders have a part that sees as well. It is said that it is not used.
        for order in ["language_model.model.", "model.language_model."] {
            let seeing = TestDir::new();
            app::copy(folder.path(), seeing.path());
            with_sight(seeing.path(), order);
            let mut load = load(seeing.path(), 512);
            load["scratch"] = json!(scratch.path());
            let loaded = app.last_of(load);
            assert_eq!(loaded["model"]["sees"], false, "{loaded}");
            assert!(loaded["model"]["fell_back"].as_str().unwrap().contains("for words alone"), "{loaded}");
            goes_on_as_known(&mut app, &known[architecture]);
        }
    }
}

/// Makes of a folder of text alone one that sees, with as little in its config as its makers write.
fn with_sight(folder: &Path, order: &str) {
    let bytes = fs::read(folder.join("model.safetensors")).unwrap();
    let (length, rest) = bytes.split_first_chunk().unwrap();
    let (header, data) = rest.split_at(usize::try_from(u64::from_le_bytes(*length)).unwrap());
    let header: serde_json::Map<String, Value> = serde_json::from_slice(header).unwrap();
    let named = |name: String| match name.strip_prefix("model.") {
        Some(rest) => format!("{order}{rest}"),
        None => name,
    };
    let mut header: serde_json::Map<_, _> =
        header.into_iter().map(|(name, tensor)| (named(name), tensor)).collect();
    let eye = if order.starts_with("model.") { "model.vision_tower.eye" } else { "vision_tower.eye" };
    header.insert(
        eye.into(),
        json!({"dtype": "F32", "shape": [1], "data_offsets": [data.len(), data.len() + 4]}),
    );
    let header = serde_json::to_vec(&header).unwrap();
    let all = [(header.len() as u64).to_le_bytes().as_slice(), &header, data, &[0; 4]].concat();
    fs::write(folder.join("model.safetensors"), all).unwrap();
    app::change(folder, "config.json", |config| {
        let text = config.as_object_mut().unwrap();
        for usual in ["rms_norm_eps", "hidden_activation", "rope_theta", "rope_local_base_freq"] {
            text.remove(usual).unwrap();
        }
        let ends = text.remove("eos_token_id").unwrap();
        text.remove("architectures");
        *config = json!({
            "architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3", "eos_token_id": ends,
            "text_config": config.take(), "vision_config": {"model_type": "siglip_vision_model"},
        });
    });
}

fn goes_on_as_known(app: &mut App, known: &Value) {
    for known in known.as_array().unwrap() {
        let turns = json!([user(known["prompt"].as_str().unwrap())]);
        let counted = app.last_of(json!({"type": "count_tokens", "turns": turns, "ids": true}));
        assert_eq!(counted["ids"], known["ids"], "{}", known["prompt"]);
        let answer = ask(app, &turns);
        let ids: Vec<&Value> = answer.steps.iter().map(|step| &step["id"]).collect();
        assert_eq!(json!(ids), known["path"], "{}", known["prompt"]);
        for (at, (step, theirs)) in answer.steps.iter().zip(known["steps"].as_array().unwrap()).enumerate() {
            for (ours, theirs) in step["top"].as_array().unwrap().iter().zip(theirs.as_array().unwrap()) {
                assert_eq!(ours["id"], theirs[0], "step {at}");
                let [ours, theirs] = [&ours["logprob"], &theirs[1]].map(|n| n.as_f64().unwrap());
                assert!((ours - theirs).abs() < APART, "step {at}: {ours} beside {theirs}");
            }
        }
    }
}

#[test]
fn qwen_3_goes_on_as_in_llama_cpp() {
    as_llama_cpp("qwen3");
}

/// The second prompt is longer than what the layers see that see only what is near.
#[test]
fn gemma_3_goes_on_as_in_llama_cpp() {
    as_llama_cpp("gemma3");
}

/// The same model as transformers has it: `config.json`, and the tensors by its names.
fn as_folder(model: &write::File, architecture: &str, folder: &Path) {
    let gemma = architecture == "gemma3";
    let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
    for tensor in &model.tensors {
        let mut numbers: Vec<f32> =
            tensor.bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        if gemma && tensor.name.contains("norm") {
            for number in &mut numbers {
                *number -= 1.0;
            }
        }
        let shape: Vec<u64> = tensor.dimensions.iter().rev().copied().collect();
        let from = data.len();
        data.extend(numbers.into_iter().flat_map(f32::to_le_bytes));
        let offsets = [from, data.len()];
        let name = named(&tensor.name, gemma);
        header.insert(name, json!({"dtype": "F32", "shape": shape, "data_offsets": offsets}));
    }
    let header = serde_json::to_vec(&header).unwrap();
    let all = [(header.len() as u64).to_le_bytes().as_slice(), &header, &data].concat();
    fs::write(folder.join("model.safetensors"), all).unwrap();
    let mut config = json!({
        "architectures": [if gemma { "Gemma3ForCausalLM" } else { "Qwen3ForCausalLM" }],
        "hidden_size": 32, "intermediate_size": 48, "num_attention_heads": 4, "num_key_value_heads": 2,
        "head_dim": 16, "num_hidden_layers": if gemma { 7 } else { 2 }, "rms_norm_eps": 1e-6,
        "vocab_size": header_words(model), "max_position_embeddings": 1024, "tie_word_embeddings": true,
        "rope_theta": 1e6, "eos_token_id": 2, "sliding_window": null,
    });
    if gemma {
        config["hidden_activation"] = json!("gelu_pytorch_tanh");
        config["query_pre_attn_scalar"] = json!(16);
        config["sliding_window"] = json!(16);
        config["rope_local_base_freq"] = json!(1e4);
        config["rope_scaling"] = json!({"rope_type": "linear", "factor": 8.0});
    } else {
        config["hidden_act"] = json!("silu");
    }
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
}

fn header_words(model: &write::File) -> u64 {
    model.tensors.iter().find(|tensor| tensor.name == "token_embd.weight").unwrap().dimensions[1]
}

fn named(name: &str, gemma: bool) -> String {
    let Some(rest) = name.strip_prefix("blk.") else {
        return if name == "output_norm.weight" { "model.norm.weight" } else { "model.embed_tokens.weight" }
            .into();
    };
    let (layer, part) = rest.split_once('.').unwrap();
    let part = match part.trim_end_matches(".weight") {
        "attn_norm" => "input_layernorm",
        "ffn_norm" if gemma => "pre_feedforward_layernorm",
        "ffn_norm" | "post_attention_norm" => "post_attention_layernorm",
        "post_ffw_norm" => "post_feedforward_layernorm",
        "attn_q" => "self_attn.q_proj",
        "attn_k" => "self_attn.k_proj",
        "attn_v" => "self_attn.v_proj",
        "attn_output" => "self_attn.o_proj",
        "attn_q_norm" => "self_attn.q_norm",
        "attn_k_norm" => "self_attn.k_norm",
        "ffn_gate" => "mlp.gate_proj",
        "ffn_up" => "mlp.up_proj",
        "ffn_down" => "mlp.down_proj",
        other => panic!("{other}"),
    };
    format!("model.layers.{layer}.{part}.weight")
}
