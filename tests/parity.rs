//! The engine computes right: the tiny Ministral 3 with known answers.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may

use std::{
    fs,
    path::{Path, PathBuf},
};

use journeys::{
    engine_program,
    parity::{Engine, Form, cases},
};
use sotto_engine_protocol::{Device, Step, TokenProbability};
use sotto_gguf::write;

#[test]
fn every_case_is_answered_as_the_reference_answers_it() {
    assert_parity(&fixture(), Form::Folder);
}

#[test]
fn a_gguf_file_of_the_same_model_is_answered_the_same() {
    assert_parity(&fixture(), Form::Gguf);
}

/// Text and sight in one file, under names and in an order of rows of its own.
#[test]
fn the_same_model_as_ollama_keeps_it_is_answered_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(fixture()).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    let [text, sight] = ["tiny-f16.gguf", "tiny-mmproj-f16.gguf"].map(|name| folder.path().join(name));
    let read = |path: &Path| write::File::of(&fs::read(path).unwrap()).unwrap();
    let both = write::ollamas(&read(&text), &read(&sight)).bytes();
    fs::write(text, both).unwrap();
    fs::remove_file(sight).unwrap();
    assert_parity(folder.path(), Form::Gguf);
}

fn assert_parity(folder: &Path, form: Form) {
    let cases = cases(folder).unwrap();
    let pictures = cases.iter().filter(|case| !case.pictures.is_empty()).count();
    assert_eq!((cases.len(), pictures), (7, 2), "cases have come or gone");

    let mut engine = Engine::start(&engine_program(), folder, form, Device::Cpu).unwrap();
    let differences: Vec<_> = cases
        .iter()
        .filter_map(|case| Some(format!("{}: {}", case.name, case.check(&mut engine).err()?)))
        .collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

/// What mistral.rs 0.8.1 answers as it was published, without our patch.
#[test]
fn a_rope_without_yarn_would_fail_every_case() {
    for case in cases(&fixture()).unwrap() {
        let plain: Vec<_> = case
            .greedy_ids_with_plain_rope
            .iter()
            .map(|id| Step { id: *id, text: String::new(), top: vec![] })
            .collect();
        let difference = case.compare(&plain).unwrap_err();
        assert!(difference.contains("step 0") && difference.contains("without YaRN"), "{difference}");
    }
}

#[test]
fn likelihoods_that_are_off_fail_a_case_even_where_the_words_are_right() {
    for case in cases(&fixture()).unwrap() {
        let unlikely = TokenProbability { id: case.greedy_ids[0], text: String::new(), logprob: -1.0 };
        let steps: Vec<_> = case
            .greedy_ids
            .iter()
            .map(|id| Step { id: *id, text: String::new(), top: vec![unlikely.clone()] })
            .collect();
        assert!(case.compare(&steps).unwrap_err().contains("log-probability"));
    }
}

fn fixture() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/ministral3-tiny")
}
