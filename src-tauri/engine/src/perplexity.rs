//! How well real models foretell a text of ours, as the files come and as the app computes them,
//! beside what llama.cpp finds (tests/fixtures/perplexity). Run by `cargo xtask real`.

use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use candle_core::DType;
use mistralrs::core::{NormalRequest, Request, RequestMessage, Response, SamplingParams};
use mistralrs_quant::GivenWeights;
use serde_json::Value;
use sotto_engine_protocol::Device;
use tokenizers::Tokenizer;

use crate::{
    cores, gguf,
    load::{LoadOptions, load},
    model::Model,
    test_dir::TestDir,
};

/// The text is read in pieces of so many tokens; the second half of each is scored, as
/// `llama-perplexity` does.
const PIECE: usize = 512;
/// By how much of theirs our figure may differ: both round activations in ways of their own.
const APART: f64 = 0.005;

fn fixture(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/perplexity").join(file)
}

#[test]
#[ignore = "needs the models that `cargo xtask real` fetches"]
#[allow(clippy::print_stdout)] // the figures are what it is for
fn a_text_is_as_likely_as_llama_cpp_finds_it() {
    sotto_kernels::set_threads(cores::threads());
    let text = fs::read_to_string(fixture("text.txt")).unwrap();
    let known: Value = serde_json::from_slice(&fs::read(fixture("known.json")).unwrap()).unwrap();
    for (name, variable) in [("smollm2", "SOTTO_REAL_MODEL"), ("gemma3", "SOTTO_REAL_GEMMA")] {
        let model = PathBuf::from(env::var_os(variable).expect("started by `cargo xtask real`"));
        let (tokens, scored, perplexity) = measured(&model, &text);
        let theirs = known[name]["perplexity"].as_f64().unwrap();
        println!("{name}: perplexity {perplexity:.4}, in llama.cpp {theirs:.4}");
        assert_eq!((&known[name]["tokens"], &known[name]["scored"]), (&tokens.into(), &scored.into()));
        assert!((perplexity / theirs - 1.0).abs() < APART, "{name}: {perplexity} beside {theirs}");
    }
}

/// How many tokens `text` is, how many of them are scored, and how unlikely they are.
fn measured(path: &Path, text: &str) -> (usize, u32, f64) {
    let scratch = TestDir::new();
    let (folder, weights) = gguf::open(path, scratch.path()).unwrap();
    let mut tokenizer = Tokenizer::from_file(&folder.tokenizer).unwrap();
    tokenizer.set_encode_special_tokens(true);
    let mut ids: Vec<u32> = folder.begins.into_iter().collect();
    ids.extend(tokenizer.encode_fast(text, false).unwrap().get_ids());

    let options = LoadOptions {
        exact: false,
        context: 1024,
        prefix_cache_tokens: 0,
        disk_cache_bytes: 0,
        device: Device::Cpu,
    };
    let weights: Arc<dyn GivenWeights> = weights;
    let model = load(&folder, Some(&weights), scratch.path(), options).unwrap();
    let (mut scored, mut unlikely) = (0, 0.0);
    for piece in ids.chunks_exact(PIECE) {
        let mut piece = piece.to_vec();
        if let Some(begins) = folder.begins {
            piece[0] = begins;
        }
        // Of what it has in mind the model says nothing again: of the token that begins every text.
        let logits = logits(&model, piece.clone());
        let known = PIECE - logits.len();
        for at in PIECE / 2..PIECE - 1 {
            unlikely -= log_likelihood(&logits[at - known], piece[at + 1]);
            scored += 1;
        }
    }
    model.unload();
    (ids.len(), scored, (unlikely / f64::from(scored)).exp())
}

/// What the model makes of each place of `ids`.
fn logits(model: &Model, ids: Vec<u32>) -> Vec<Vec<f32>> {
    let (response, mut responses) = tokio::sync::mpsc::channel(8);
    model
        .ask(Request::Normal(Box::new(NormalRequest {
            messages: RequestMessage::CompletionTokens(ids),
            sampling_params: SamplingParams::neutral(),
            response,
            return_logprobs: false,
            is_streaming: true,
            id: 0,
            constraint: mistralrs::core::Constraint::None,
            suffix: None,
            tools: None,
            tool_choice: None,
            logits_processors: None,
            return_raw_logits: true,
            web_search_options: None,
            model_id: None,
            truncate_sequence: false,
        })))
        .unwrap();
    let Some(Response::Raw { logits_chunks, .. }) = responses.blocking_recv() else {
        panic!("the model does not say how likely words are")
    };
    let rows = |chunk: &candle_core::Tensor| {
        let words = chunk.dim(candle_core::D::Minus1)?;
        chunk.reshape(((), words))?.to_dtype(DType::F32)?.to_vec2::<f32>()
    };
    logits_chunks.iter().flat_map(|chunk| rows(chunk).unwrap()).collect()
}

fn log_likelihood(logits: &[f32], id: u32) -> f64 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|logit| f64::from(logit - largest).exp()).sum();
    f64::from(logits[id as usize] - largest) - sum.ln()
}
