//! GGUF files are opened as they come, and what is wrong with one is said.

use std::fs;

use mistralrs_quant::GivenWeights;

use super::*;
use crate::scrap::Scrap;

fn fixture(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/ministral3-tiny").join(file)
}

/// The tiny model's file after `change`.
fn changed(change: impl FnOnce(&mut Vec<u8>)) -> (Scrap, PathBuf) {
    let folder = Scrap::new();
    let path = folder.path().join("poet.gguf");
    let mut bytes = fs::read(fixture("tiny-f16.gguf")).unwrap();
    change(&mut bytes);
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn fault(path: &Path) -> Fault {
    let scratch = Scrap::new();
    match open(path, scratch.path()) {
        Ok((folder, _)) => panic!("{} was opened", folder.name),
        Err(fault) => fault,
    }
}

fn replace(bytes: &mut [u8], this: &str, that: &str) {
    assert_eq!(this.len(), that.len());
    let at = bytes.windows(this.len()).position(|window| window == this.as_bytes()).unwrap();
    bytes[at..at + this.len()].copy_from_slice(that.as_bytes());
}

#[test]
fn its_metadata_says_what_the_folder_of_the_same_model_says() {
    let scratch = Scrap::new();
    let (ours, _) = open(&fixture("tiny-f16.gguf"), scratch.path()).unwrap();
    let theirs: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(fixture("hf/config.json")).unwrap()).unwrap();
    for part in ["text_config", "vision_config"] {
        for (key, value) in ours.config[part].as_object().unwrap() {
            if matches!(key.as_str(), "rope_parameters" | "tie_word_embeddings" | "rms_norm_eps") {
                continue;
            }
            assert_eq!(value, &theirs[part][key], "{part}.{key}");
        }
    }
    let rope = &theirs["text_config"]["rope_parameters"];
    for (key, value) in ours.config["text_config"]["rope_parameters"].as_object().unwrap() {
        // GGUF keeps these in 32 bits.
        let near = |a: &serde_json::Value| a.as_f64().map(|x| (x * 1e6).round());
        assert_eq!(near(value), near(&rope[key]), "{key}");
    }
    assert_eq!(ours.config["image_token_index"], theirs["image_token_index"]);
    assert_eq!(ours.ends, [2]);
    let template = fs::read_to_string(&ours.template).unwrap();
    assert_eq!(template, fs::read_to_string(fixture("hf/chat_template.jinja")).unwrap());
}

#[test]
fn a_file_that_is_cut_short_is_said_so_at_every_length() {
    let whole = fs::read(fixture("tiny-f16.gguf")).unwrap().len();
    for length in [0, 3, 4, 23, 24, 200, 40_000, whole / 2, whole - 1] {
        let (_folder, path) = changed(|bytes| bytes.truncate(length));
        let fault = fault(&path);
        assert!(
            matches!(fault, Fault::CutShort { .. } | Fault::Damaged { .. } | Fault::NotAModel(_)),
            "{length}: {fault:?}"
        );
    }
    let (_folder, path) = changed(|bytes| bytes.truncate(whole - 1));
    assert!(matches!(fault(&path), Fault::CutShort { there, .. } if there == whole as u64 - 1));
}

#[test]
fn another_kind_of_model_is_named() {
    let (_folder, path) =
        changed(|bytes| replace(bytes, "\u{8}\0\0\0\0\0\0\0mistral3", "\u{8}\0\0\0\0\0\0\0whisper3"));
    assert!(matches!(fault(&path), Fault::AnotherKind { kind, .. } if kind == "whisper3"));
}

#[test]
fn a_file_that_is_something_else_is_no_model() {
    let (_folder, path) = changed(|bytes| replace(&mut bytes[..4], "GGUF", "PK\u{3}\u{4}"));
    assert!(matches!(fault(&path), Fault::NotAModel(_)));
}

/// Counts and lengths are overwritten with nonsense, eight bytes at a time: nothing may
/// panic or take all memory.
#[test]
fn a_header_that_lies_is_never_believed() {
    let original = fs::read(fixture("tiny-f16.gguf")).unwrap();
    let header = 90_000.min(original.len() - 8);
    let nonsense = [u64::MAX, i64::MAX as u64, 1 << 40, 0, 0x0009_0009_0009_0009];
    for at in (4..2000).chain((2000..header).step_by(97)) {
        let mut bytes = original.clone();
        let lie = nonsense[at % nonsense.len()];
        bytes[at..at + 8].copy_from_slice(&lie.to_le_bytes());
        // Whatever comes of it is an answer.
        if let Some(header) = Header::read(&bytes) {
            let _ = header.end();
        }
    }
}

#[test]
fn a_folder_with_one_model_in_it_is_that_model() {
    let (folder, path) = changed(|_| {});
    assert_eq!(file_at(folder.path()), Some(path.clone()));
    fs::copy(fixture("tiny-mmproj-f16.gguf"), folder.path().join("mmproj-poet.gguf")).unwrap();
    assert_eq!(file_at(folder.path()), Some(path.clone()), "the part that sees is no model of its own");
    fs::copy(&path, folder.path().join("other.gguf")).unwrap();
    assert_eq!(file_at(folder.path()), None, "which of two is meant cannot be guessed");
    assert_eq!(file_at(&path), Some(path));
}

#[test]
fn the_part_that_sees_is_found_beside_the_model() {
    let (folder, path) = changed(|_| {});
    assert_eq!(sight_beside(&path), None);
    for sight in ["mmproj-other.gguf", "poet-mmproj-f16.gguf"] {
        fs::copy(fixture("tiny-mmproj-f16.gguf"), folder.path().join(sight)).unwrap();
    }
    assert_eq!(sight_beside(&path), Some(folder.path().join("poet-mmproj-f16.gguf")));
}

/// Both fixtures hold the same numbers; only q and k of the text model lie otherwise,
/// on purpose.
#[test]
fn every_tensor_is_the_one_of_the_folder() {
    use candle_core::{DType, Device};

    let theirs = candle_core::safetensors::load(fixture("hf/model.safetensors"), &Device::Cpu).unwrap();
    let sight = Gguf::map(&fixture("tiny-mmproj-f16.gguf")).unwrap();
    let weights = weights::Weights::new(Gguf::map(&fixture("tiny-f16.gguf")).unwrap(), Some(sight));
    let mut compared = 0;
    for (name, tensor) in theirs {
        assert!(weights.contains(&name), "{name}");
        let turned = name.contains("self_attn.q_proj") || name.contains("self_attn.k_proj");
        let expected = tensor.to_dtype(DType::F32).unwrap();
        let ours = weights.dense(&name, expected.shape(), DType::F32, &Device::Cpu).unwrap();
        assert_eq!(ours.dims(), expected.dims(), "{name}");
        let apart = (ours - expected).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
        assert_eq!(apart == 0.0, !turned, "{name}: {apart}");
        compared += 1;
    }
    assert_eq!(compared, 53);
}
