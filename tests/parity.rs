//! The engine computes right: the tiny Ministral 3 with known answers.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may

use std::path::PathBuf;

use journeys::{
    engine_program,
    parity::{Engine, Form, cases},
};
use sotto_engine_protocol::{Device, Step, TokenProbability};

#[test]
fn every_case_is_answered_as_the_reference_answers_it() {
    assert_parity(Form::Folder);
}

#[test]
fn a_gguf_file_of_the_same_model_is_answered_the_same() {
    assert_parity(Form::Gguf);
}

fn assert_parity(form: Form) {
    let cases = cases(&fixture()).unwrap();
    let pictures = cases.iter().filter(|case| !case.pictures.is_empty()).count();
    assert_eq!((cases.len(), pictures), (7, 2), "cases have come or gone");

    let mut engine = Engine::start(&engine_program(), &fixture(), form, Device::Cpu).unwrap();
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
