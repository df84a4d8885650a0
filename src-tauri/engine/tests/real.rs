//! Real models, `SmolLM2` 135M Instruct and Gemma 3 270M, which `cargo xtask real` fetches and names
//! in `SOTTO_REAL_MODEL` and `SOTTO_REAL_GEMMA`. Without them there is nothing to compare, and nothing
//! is claimed: these tests are run by that chore alone.

#![allow(clippy::unwrap_used, clippy::expect_used)] // in helpers too

mod app;

use std::{
    env,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use app::{App, TestDir, load, turn, user};
use serde_json::{Value, json};
use sotto_gguf::{Packing, write};

fn model() -> PathBuf {
    named("SOTTO_REAL_MODEL")
}

fn named(variable: &str) -> PathBuf {
    PathBuf::from(env::var_os(variable).expect("started by `cargo xtask real`"))
}

fn kind(packing: Packing) -> sotto_kernels::Kind {
    match packing {
        Packing::Q4_1 => sotto_kernels::Kind::Q4_1,
        Packing::Q5_0 => sotto_kernels::Kind::Q5_0,
        Packing::Q4_K => sotto_kernels::Kind::Q4K,
        Packing::Q6_K => sotto_kernels::Kind::Q6K,
        Packing::Q8_0 => sotto_kernels::Kind::Q8_0,
        Packing::F32 => sotto_kernels::Kind::F32,
        other => panic!("this model has no {other}"),
    }
}

/// The same model with every weight in 32 bits: then both sides compute the same numbers, and no
/// rounding of activations decides which token is likelier.
fn unpacked(from: &Path, to: &Path) {
    let mut model = write::File::of(&fs::read(from).unwrap()).unwrap();
    let packed: Vec<_> = model.tensors.iter().map(|tensor| tensor.packing).collect();
    model.tensors.iter_mut().for_each(|tensor| tensor.packing = Packing::F32);
    let mut out = BufWriter::new(File::create(to).unwrap());
    let mut written = model.header().len();
    out.write_all(&model.header()).unwrap();
    for (tensor, packing) in model.tensors.iter().zip(packed) {
        let padding = written.next_multiple_of(32) - written;
        out.write_all(&vec![0; padding]).unwrap();
        let count = tensor.dimensions.iter().product::<u64>();
        let mut numbers = vec![0.0; usize::try_from(count).unwrap()];
        sotto_kernels::unpack(kind(packing), &tensor.bytes, &mut numbers).unwrap();
        for number in &numbers {
            out.write_all(&number.to_le_bytes()).unwrap();
        }
        written += padding + 4 * numbers.len();
    }
    out.flush().unwrap();
}

/// A prompt, its tokens, and the tokens that llama.cpp (build 11549) goes on with in 32-bit
/// floats, to the one that ends the answer or to the 48th.
fn known(model: &str) -> Vec<Value> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    serde_json::from_slice(&fs::read(fixtures.join(model).join("greedy.json")).unwrap()).unwrap()
}

fn ids(said: &[Value]) -> Vec<Value> {
    let steps = said.iter().filter_map(|message| message["steps"].as_array()).flatten();
    steps.map(|step| step["id"].clone()).collect()
}

#[test]
#[ignore = "needs the model that `cargo xtask real` fetches"]
fn twenty_prompts_are_answered_as_llama_cpp_answers_them() {
    answered_as_known(&model(), "smollm2", 20);
}

/// It is the model before it was taught to answer: it goes on with what is written for a talk.
#[test]
#[ignore = "needs the model that `cargo xtask real` fetches"]
fn gemma_3_goes_on_as_llama_cpp_does() {
    answered_as_known(&named("SOTTO_REAL_GEMMA"), "gemma3", 10);
}

fn answered_as_known(model: &Path, name: &str, count: usize) {
    let folder = TestDir::new();
    let path = folder.path().join("unpacked.gguf");
    unpacked(model, &path);
    let mut app = App::greeted();
    assert_eq!(app.last_of(load(&path, 1024))["type"], "loaded");
    let known = known(name);
    assert_eq!(known.len(), count);
    for known in known {
        let turns = json!([user(known["prompt"].as_str().unwrap())]);
        let counted = app.last_of(json!({"type": "count_tokens", "turns": turns, "ids": true}));
        assert_eq!(counted["ids"], known["ids"], "{}", known["prompt"]);
        let longest = known["path"].as_array().unwrap().len();
        let said =
            app.run(json!({"type": "generate", "turns": turns, "max_tokens": longest, "top_logprobs": 1}));
        assert_eq!(json!(ids(&said)), known["path"], "{}", known["prompt"]);
    }
}

/// What the user might say, over and over.
const LINES: [&str; 5] = [
    "Tell me about the lighthouse.",
    "Und wer wohnt dort?",
    "What can be seen from the window?",
    "東京からも来ますか？",
    "Go on, in one sentence. 🌊",
];

#[test]
#[ignore = "needs the model that `cargo xtask real` fetches"]
fn a_talk_of_forty_turns_is_the_same_with_what_was_kept_and_without() {
    let with = |kept: u32| {
        let mut app = App::greeted();
        let mut load = load(&model(), 4096);
        load["prefix_cache_tokens"] = json!(kept);
        assert_eq!(app.last_of(load)["type"], "loaded");
        app
    };
    let (mut keeping, mut afresh) = (with(8192), with(0));
    let order = |turns: &[Value]| json!({"type": "generate", "turns": turns, "max_tokens": 16, "top_logprobs": 1, "ignore_eos": true});
    let mut turns = Vec::new();
    for (number, line) in (1..=40).zip(LINES.iter().cycle()) {
        turns.push(user(line));
        let said = keeping.run(order(&turns));
        let usage = &said.last().unwrap()["usage"];
        if number > 1 {
            let new = usage["prompt_tokens"].as_u64().unwrap() - usage["reused_tokens"].as_u64().unwrap();
            assert!(new < 64, "turn {number} reads {new} tokens anew");
        }
        if number % 8 == 0 {
            // Something else comes between, so that nothing of this talk is left.
            afresh.run(order(&[user("Hello.")]));
            let again = afresh.run(order(&turns));
            assert!(again.last().unwrap()["usage"]["reused_tokens"].as_u64().unwrap() < 64);
            assert_eq!(ids(&said), ids(&again), "turn {number}");
        }
        let text: String = said.iter().filter_map(|message| message["text"].as_str()).collect();
        turns.push(turn("assistant", &text));
    }
}
