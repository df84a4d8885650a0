use sotto_engine_protocol::FailureKind;

use super::*;
use crate::test_dir::TestDir;

#[test]
fn a_whole_model_is_found_by_its_folder_its_files_and_the_folder_above() {
    for path in ["", "hf", "hf/config.json", "hf/model.safetensors"] {
        let model = Folder::open(&fixture().join(path)).unwrap();
        assert_eq!(model.bytes, 5_142_360, "{path}");
        assert_eq!(model.ends, [2]);
        assert!(model.weights[0].ends_with("hf/model.safetensors"));
    }
}

#[test]
fn what_is_not_there_is_missing() {
    let fault = Folder::open(Path::new("/nowhere/at all")).unwrap_err();
    assert_eq!(fault.kind(), FailureKind::ModelMissing);
    assert!(fault.to_string().contains("/nowhere/at all"), "{fault}");
}

#[test]
fn what_holds_no_model_is_no_model() {
    let empty = TestDir::new();
    assert!(matches!(Folder::open(empty.path()), Err(Fault::NotAModel(_))));
    let picture = Folder::open(&fixture().join("dawn.png")).unwrap_err();
    assert!(matches!(&picture, Fault::NotAModel(name) if name == "dawn.png"));
}

#[test]
fn of_several_gguf_files_none_is_guessed() {
    let folder = TestDir::new();
    for file in ["poet.gguf", "painter.gguf"] {
        fs::write(folder.path().join(file), "GGUF").unwrap();
    }
    let fault = Folder::open(folder.path()).unwrap_err();
    assert!(matches!(&fault, Fault::Several(_)), "{fault:?}");
    assert_eq!(fault.kind(), FailureKind::ModelUnsupported);
}

#[test]
fn another_architecture_is_named() {
    let config = r#"{"architectures":["PhiForCausalLM"],"model_type":"phi"}"#;
    let fault = broken(|folder| fs::write(folder.join("config.json"), config).unwrap());
    assert_eq!(fault.kind(), FailureKind::ModelUnsupported);
    assert!(fault.to_string().contains("PhiForCausalLM"), "{fault}");
    let fault = broken(|folder| fs::write(folder.join("config.json"), r#"{"model_type":"bert"}"#).unwrap());
    assert!(matches!(&fault, Fault::AnotherKind { kind, .. } if kind == "bert"), "{fault:?}");
}

#[test]
fn what_the_library_says_of_a_folder_is_said_here_too() {
    for kind in ["LlamaForCausalLM", "Ministral3ForCausalLM", "Gemma3ForConditionalGeneration"] {
        let packed =
            serde_json::json!({"architectures": [kind], "quantization_config": {"quant_method": "awq"}});
        let fault = broken(|folder| fs::write(folder.join("config.json"), packed.to_string()).unwrap());
        assert!(fault.to_string().contains(&format!("another kind ({kind}, packed)")), "{fault}");
    }
    let own = TestDir::new();
    fs::write(own.path().join("params.json"), "{}").unwrap();
    let fault = Folder::open(own.path()).unwrap_err();
    assert!(fault.to_string().contains("in Mistral's own layout"), "{fault}");
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    let fault = broken(|folder| fs::write(folder.join("model.safetensors"), pointer).unwrap());
    assert!(fault.to_string().contains("only a note that stands for the weights"), "{fault}");
}

#[test]
fn each_damage_has_its_own_sentence() {
    type Damage = fn(&Path);
    let damages: [(Damage, &str); 9] = [
        (|folder| fs::write(folder.join("config.json"), "{ \"architectures\": [").unwrap(), "config.json of"),
        (|folder| fs::write(folder.join("config.json"), "{}").unwrap(), "config.json of"),
        (
            |folder| fs::write(folder.join("generation_config.json"), "[]").unwrap(),
            "generation_config.json of",
        ),
        (|folder| cut(&folder.join("model.safetensors")), "model.safetensors of"),
        (|folder| fs::remove_file(folder.join("model.safetensors")).unwrap(), "has no weights"),
        (|folder| fs::remove_file(folder.join("tokenizer.json")).unwrap(), "has no tokenizer.json"),
        (
            |folder| fs::remove_file(folder.join("tokenizer_config.json")).unwrap(),
            "has no tokenizer_config.json",
        ),
        (|folder| fs::remove_file(folder.join("chat_template.jinja")).unwrap(), "has no chat_template.jinja"),
        (
            |folder| {
                let index =
                    r#"{"weight_map":{"a":"model.safetensors","b":"model-00002-of-00002.safetensors"}}"#;
                fs::write(folder.join("model.safetensors.index.json"), index).unwrap();
            },
            "has no model-00002-of-00002.safetensors",
        ),
    ];
    for (damage, said) in damages {
        let fault = broken(damage);
        assert_eq!(fault.kind(), FailureKind::ModelDamaged, "{fault:?}");
        assert!(fault.to_string().contains(said), "{fault}");
        assert!(fault.to_string().contains("ownload"), "it says what to do: {fault}");
    }
}

#[test]
fn a_second_copy_of_the_weights_is_left_alone() {
    let (_keep, folder) = copy();
    fs::write(folder.join("consolidated.safetensors"), "not even weights").unwrap();
    assert_eq!(Folder::open(&folder).unwrap().weights.len(), 1);
}

#[test]
fn the_tokens_that_end_an_answer_are_found_wherever_they_are_named() {
    let config: Value =
        serde_json::from_str(r#"{"text_config":{"eos_token_id":2},"eos_token_id":9}"#).unwrap();
    let several: Value = serde_json::from_str(r#"{"eos_token_id":[2,4]}"#).unwrap();
    assert_eq!(ends(Some(&several), &config), [2, 4]);
    assert_eq!(ends(Some(&Value::Null), &config), [2]);
    assert_eq!(ends(None, &Value::Null), Vec::<u32>::new());
}

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/ministral3-tiny")
}

fn copy() -> (TestDir, PathBuf) {
    let keep = TestDir::new();
    for entry in fs::read_dir(fixture().join("hf")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), keep.path().join(entry.file_name())).unwrap();
    }
    let folder = keep.path().to_owned();
    (keep, folder)
}

/// What is said of a copy of the tiny model after `damage`.
fn broken(damage: impl FnOnce(&Path)) -> Fault {
    let (_keep, folder) = copy();
    damage(&folder);
    Folder::open(&folder).unwrap_err()
}

fn cut(file: &Path) {
    let length = fs::metadata(file).unwrap().len();
    fs::File::options().write(true).open(file).unwrap().set_len(length / 2).unwrap();
}
