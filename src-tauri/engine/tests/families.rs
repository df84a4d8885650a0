//! Qwen 3 and Gemma 3, each as a small model of random numbers: what llama.cpp goes on with is what
//! the engine goes on with, as likely as it is by the definition (tests/fixtures/llama-cpp).

#![allow(clippy::unwrap_used)] // in helpers too

mod app;

use std::{
    fs,
    path::{Path, PathBuf},
};

use app::{App, ask, load, user};
use serde_json::{Value, json};

fn fixture(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/llama-cpp").join(file)
}

/// By how much likelihoods differ that were computed in 32 bits rather than 64.
const APART: f64 = 1e-3;

fn as_llama_cpp(architecture: &str) {
    let known: Value = serde_json::from_slice(&fs::read(fixture("greedy.json")).unwrap()).unwrap();
    let mut app = App::greeted();
    let loaded = app.last_of(load(&fixture(&format!("{architecture}.gguf")), 512));
    assert_eq!(loaded["type"], "loaded", "{loaded}");
    for known in known[architecture].as_array().unwrap() {
        let turns = json!([user(known["prompt"].as_str().unwrap())]);
        let counted = app.last_of(json!({"type": "count_tokens", "turns": turns, "ids": true}));
        assert_eq!(counted["ids"], known["ids"], "{}", known["prompt"]);
        let answer = ask(&mut app, &turns);
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
