//! GGUF files are opened as they come, and what is wrong with one is said.

use std::fs;

use mistralrs_quant::GivenWeights;
use sotto_engine_protocol::FailureKind;
use sotto_gguf::Why;

use super::*;
use crate::test_dir::TestDir;

fn fixture(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/ministral3-tiny").join(file)
}

/// The tiny model's file after `change`.
fn changed(change: impl FnOnce(&mut Vec<u8>)) -> (TestDir, PathBuf) {
    let folder = TestDir::new();
    let path = folder.path().join("poet.gguf");
    let mut bytes = fs::read(fixture("tiny-f16.gguf")).unwrap();
    change(&mut bytes);
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn fault(path: &Path) -> Fault {
    let scratch = TestDir::new();
    match open(path, scratch.path()) {
        Ok((folder, _)) => panic!("{} was opened", folder.name),
        Err(fault) => fault,
    }
}

fn why(path: &Path) -> Why {
    match fault(path) {
        Fault::Refused(refused) => refused.why,
        other => panic!("{other:?}"),
    }
}

fn replace(bytes: &mut [u8], this: &str, that: &str) {
    assert_eq!(this.len(), that.len());
    let at = bytes.windows(this.len()).position(|window| window == this.as_bytes()).unwrap();
    bytes[at..at + this.len()].copy_from_slice(that.as_bytes());
}

#[test]
fn its_metadata_says_what_the_folder_of_the_same_model_says() {
    let scratch = TestDir::new();
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
        assert!(matches!(fault(&path).kind(), FailureKind::ModelDamaged), "{length}");
    }
    let (_folder, path) = changed(|bytes| bytes.truncate(whole - 1));
    assert!(matches!(why(&path), Why::CutShort { there, .. } if there == whole as u64 - 1));
}

#[test]
fn another_kind_of_model_is_named() {
    let (_folder, path) =
        changed(|bytes| replace(bytes, "\u{8}\0\0\0\0\0\0\0mistral3", "\u{8}\0\0\0\0\0\0\0whisper3"));
    assert!(matches!(why(&path), Why::Architecture(kind) if kind == "whisper3"));
}

#[test]
fn a_file_that_is_something_else_is_no_model() {
    let (_folder, path) = changed(|bytes| replace(&mut bytes[..4], "GGUF", "PK\u{3}\u{4}"));
    assert!(matches!(why(&path), Why::NotAModel(_)));
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
fn a_model_opens_without_sight_where_what_lies_beside_it_is_of_no_use() {
    let opened = |path: &Path| open(path, TestDir::new().path()).unwrap().0;
    let (folder, path) = changed(|_| {});
    assert!(!opened(&path).sees && opened(&path).blind.is_none());
    let whole = fs::read(fixture("tiny-mmproj-f16.gguf")).unwrap();
    fs::write(folder.path().join("mmproj-poet.gguf"), &whole[..whole.len() - 100]).unwrap();
    let blind = opened(&path);
    assert!(!blind.sees && blind.blind.is_some_and(|why| why.contains("mmproj-poet.gguf")));
    // One that is called otherwise and fits is what it sees with.
    fs::write(folder.path().join("other-mmproj.gguf"), whole).unwrap();
    assert!(opened(&path).sees && opened(&path).blind.is_none());
}

/// A model in parts, and one as Ollama writes it, are the model that they were made from.
#[test]
fn parts_and_other_keys_make_the_same_model() {
    let whole = sotto_gguf::write::File::of(&fs::read(fixture("tiny-f16.gguf")).unwrap()).unwrap();
    let scratch = TestDir::new();
    let (right, _) = open(&fixture("tiny-f16.gguf"), scratch.path()).unwrap();
    let folder = TestDir::new();
    for (number, bytes) in whole.split(3).iter().enumerate() {
        fs::write(folder.path().join(format!("poet-0000{}-of-00003.gguf", number + 1)), bytes).unwrap();
    }
    let first = folder.path().join("poet-00001-of-00003.gguf");
    assert_eq!(file_at(folder.path()), Some(first));
    let (parted, weights) = open(&folder.path().join("poet-00002-of-00003.gguf"), scratch.path()).unwrap();
    assert_eq!((parted.name.as_str(), &parted.config["text_config"]), ("poet", &right.config["text_config"]));
    let device = candle_core::Device::Cpu;
    for name in ["language_model.model.norm.weight", "language_model.model.layers.1.mlp.up_proj.weight"] {
        let all = open(&fixture("tiny-f16.gguf"), scratch.path()).unwrap().1;
        let shape = if name.ends_with("norm.weight") { vec![256] } else { vec![512, 256] };
        let read = |weights: &Weights| {
            let dense = weights.dense(name, &shape.clone().into(), candle_core::DType::F32, &device).unwrap();
            dense.flatten_all().unwrap().to_vec1::<f32>().unwrap()
        };
        assert_eq!(read(&weights), read(&all), "{name}");
    }

    let path = folder.path().join("ollamas.gguf");
    fs::write(&path, ollamas().bytes()).unwrap();
    let (theirs, _) = open(&path, scratch.path()).unwrap();
    let (beside, _) = open(&fixture("tiny-f16.gguf"), scratch.path()).unwrap();
    assert!(theirs.sees && theirs.blind.is_none());
    for part in ["text_config", "vision_config", "spatial_merge_size", "image_token_index"] {
        assert_eq!(theirs.config[part], beside.config[part], "{part}");
    }
}

/// The tiny model and the part that it sees with, as Ollama's converter would have written them.
fn ollamas() -> sotto_gguf::write::File {
    let file = |name: &str| sotto_gguf::write::File::of(&fs::read(fixture(name)).unwrap()).unwrap();
    sotto_gguf::write::ollamas(&file("tiny-f16.gguf"), &file("tiny-mmproj-f16.gguf"))
}

/// Both fixtures hold the same numbers; only q and k of the text model lie otherwise,
/// on purpose. So does one file of both.
#[test]
fn every_tensor_is_the_one_of_the_folder() {
    assert_holds_the_folders(&fixture("tiny-f16.gguf"));
    let folder = TestDir::new();
    let path = folder.path().join("ollamas.gguf");
    fs::write(&path, ollamas().bytes()).unwrap();
    assert_holds_the_folders(&path);
}

fn assert_holds_the_folders(file: &Path) {
    use candle_core::{DType, Device};

    let theirs = candle_core::safetensors::load(fixture("hf/model.safetensors"), &Device::Cpu).unwrap();
    let (_, weights) = open(file, TestDir::new().path()).unwrap();
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
