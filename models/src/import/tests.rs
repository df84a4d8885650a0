use std::fs;

use tempfile::TempDir;

use super::*;
use crate::{Catalog, Digest, testing};

fn place() -> (TempDir, Library) {
    let home = tempfile::tempdir().unwrap();
    let library = Library::new(home.path().join("sotto/models"), Catalog::built_in());
    (home, library)
}

fn go() -> CancellationToken {
    CancellationToken::new()
}

fn fixture() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/ministral3-tiny")
}

#[test]
fn a_real_model_is_taken_as_a_file_and_as_a_folder() {
    let (_home, library) = place();
    for path in [fixture().join("tiny-f16.gguf"), fixture().join("hf")] {
        let opened = library.import(&path, Taking::WhereItLies, &go(), |_| {}).unwrap();
        assert!(library.find_at(&opened).is_ok(), "{}", path.display());
    }
    let here = library.installed();
    assert_eq!(here.len(), 2);
    // Both are the same model, and its memory is reckoned the same.
    assert_eq!(here[0].shape.kv_bytes(), here[1].shape.kv_bytes());
    assert!(here.iter().any(|model| model.vision.is_some()));
}

#[test]
fn a_copy_brings_the_part_that_sees_along() {
    let (home, library) = place();
    let model = home.path().join("Tiny.gguf");
    fs::write(&model, testing::model(640, 1)).unwrap();
    fs::write(home.path().join("mmproj-Tiny.gguf"), testing::vision(64, 1)).unwrap();
    let mut told = 0;
    let opened = library.import(&model, Taking::ACopy, &go(), |done| told = done).unwrap();
    fs::remove_file(&model).unwrap();
    let here = library.find_at(&opened).unwrap();
    assert_eq!(told, here.weight().files);
    assert!(here.vision.is_some());
    let again = home.path().join("Tiny.gguf");
    fs::write(&again, testing::model(640, 1)).unwrap();
    assert!(matches!(library.import(&again, Taking::ACopy, &go(), |_| {}), Err(ModelsError::Already { .. })));
}

#[test]
fn a_copy_that_is_stopped_leaves_nothing() {
    let (home, library) = place();
    let model = home.path().join("Tiny.gguf");
    fs::write(&model, testing::model(640, 1)).unwrap();
    let stop = go();
    stop.cancel();
    assert!(matches!(library.import(&model, Taking::ACopy, &stop, |_| {}), Err(ModelsError::Stopped)));
    assert!(library.installed().is_empty());
    assert!(!library.folder().join("Tiny").exists());
}

#[test]
fn what_is_no_use_is_refused_and_said_why() {
    let (home, library) = place();
    let write = |name: &str, bytes: &[u8]| {
        let path = home.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let whole = testing::model(640, 1);
    let changed = |change: &dyn Fn(&mut sotto_gguf::write::File)| {
        let mut file = sotto_gguf::write::File::of(&whole).unwrap();
        change(&mut file);
        file.bytes()
    };
    let mut big_endian = whole.clone();
    big_endian[4..8].copy_from_slice(&[0, 0, 0, 3]);
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
    for (path, said) in [
        (write("notes.txt", b"dear diary"), "not a model that Sotto can open"),
        (write("empty.gguf", b""), "is empty"),
        (write("page.gguf", b"<!doctype html>"), "is a web page"),
        (write("pointer.gguf", pointer), "Git LFS"),
        (write("big.gguf", &big_endian), "big-endian"),
        (write("cut.gguf", &whole[..whole.len() - 1]), "cut short"),
        (write("short.gguf", &whole[..40]), "cut short"),
        (write("llama.gguf", &testing::gguf("gemma4", 64, 1)), "another kind (gemma4)"),
        (write("mmproj.gguf", &testing::vision(64, 1)), "only the part"),
        (write("packed.gguf", &changed(&|f| f.tensors[3].packing = sotto_gguf::Packing::I8)), "(I8)"),
        (write("merges.gguf", &changed(&|f| _ = f.unset("tokenizer.ggml.merges"))), "lacks the list of what"),
        (
            write("layers.gguf", &changed(&|f| _ = f.set("mistral3.block_count", 1_u32))),
            "1 layers, and has 2",
        ),
        (write("part-00001-of-00002.gguf", &testing::parts(640, 2, 1)[0]), "part-00002-of-00002.gguf"),
        (home.path().join("nothing.gguf"), "not here any more"),
        (home.path().to_path_buf(), "holds several models"),
    ] {
        let error = library.import(&path, Taking::WhereItLies, &go(), |_| {}).unwrap_err().to_string();
        assert!(error.contains(said), "{}: {error}", path.display());
        assert!(!error.contains("damaged"), "{}: {error}", path.display());
    }
    assert!(library.installed().is_empty());
}

#[test]
fn a_model_in_parts_is_one_model() {
    let (home, library) = place();
    let named = |number: u64| home.path().join(format!("Poet-0000{number}-of-00002.gguf"));
    let parts = testing::parts(640, 2, 1);
    fs::write(named(1), &parts[0]).unwrap();
    fs::write(named(2), &parts[1]).unwrap();
    // Whichever of them is chosen.
    let found = look(&named(2)).unwrap();
    assert_eq!((found.name.as_str(), &found.path), ("Poet", &named(1)));
    assert_eq!(found.bytes, parts.iter().map(|part| part.len() as u64).sum::<u64>());
    assert_eq!(look(home.path()).unwrap(), found, "the folder that holds them, too");
    let opened = library.import(&named(2), Taking::ACopy, &go(), |_| {}).unwrap();
    let here = library.installed();
    assert_eq!(here.len(), 1);
    assert_eq!((here[0].name.as_str(), &here[0].path, here[0].bytes), ("Poet", &opened, found.bytes));
    assert_eq!(library.verify(&here[0].id, 1, &go(), |_| {}).unwrap(), crate::Verdict::Right);

    let trashed = library.remove(&here[0].id, 2).unwrap().trashed;
    assert!(library.installed().is_empty() && !opened.exists());
    library.restore(&trashed.id).unwrap();
    assert_eq!(library.installed().len(), 1);
    fs::remove_file(opened.with_file_name("Poet-00002-of-00002.gguf")).unwrap();
    assert!(library.installed().is_empty(), "a model that is listed is whole");
}

#[test]
fn what_sees_is_what_fits_and_the_rest_is_said() {
    let (home, library) = place();
    let write = |name: &str, bytes: Vec<u8>| fs::write(home.path().join(name), bytes).unwrap();
    let mut wide = sotto_gguf::write::vision(32, 1);
    wide.set("clip.vision.projection_dim", 128_u32);
    write("Tiny.gguf", testing::model(640, 1));
    write("Tiny-mmproj.gguf", wide.bytes());
    let opened = library.import(&home.path().join("Tiny.gguf"), Taking::WhereItLies, &go(), |_| {}).unwrap();
    let id = opened.to_string_lossy().into_owned();
    let here = library.find(&id).unwrap();
    assert_eq!(here.vision, None);
    assert!(here.blind.is_some_and(|why| why.contains("Tiny-mmproj.gguf") && why.contains("another size")));
    write("mmproj-right.gguf", testing::vision(64, 1));
    let here = library.find(&id).unwrap();
    assert!(here.blind.is_none() && here.vision.unwrap().0.ends_with("mmproj-right.gguf"));
}

/// What a folder in the Hugging Face layout lacks is said in the engine's words.
#[test]
fn a_folder_that_is_no_use_is_said_why() {
    let (home, library) = place();
    let folder = home.path().join("poet");
    let said = |change: &dyn Fn(&Path)| {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for file in files::visible(&fixture().join("hf")) {
            fs::copy(&file, folder.join(files::file_name(&file))).unwrap();
        }
        change(&folder);
        let taken = library.import(&folder, Taking::WhereItLies, &go(), |_| {});
        taken.err().map(|error| error.to_string()).unwrap_or_default()
    };
    let config =
        |text: &'static str| move |folder: &Path| fs::write(folder.join("config.json"), text).unwrap();
    let without = |file: &'static str| move |folder: &Path| fs::remove_file(folder.join(file)).unwrap();
    let index =
        r#"{"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}"#;
    let renamed = |to: &'static str| {
        move |folder: &Path| fs::rename(folder.join("model.safetensors"), folder.join(to)).unwrap()
    };
    for (error, part) in [
        (said(&without("tokenizer.json")), "has no tokenizer.json"),
        (said(&without("model.safetensors")), "has no weights"),
        (said(&renamed("consolidated.safetensors")), "has no weights"),
        (said(&config("{")), "config.json of “poet” is damaged"),
        (said(&config(r#"{"architectures":["PhiForCausalLM"]}"#)), "another kind (PhiForCausalLM)"),
        (
            said(&|folder| {
                without("config.json")(folder);
                fs::write(folder.join("params.json"), "{}").unwrap();
            }),
            "Mistral's own layout",
        ),
        (
            said(&|folder| {
                renamed("model-00001-of-00002.safetensors")(folder);
                fs::write(folder.join("model.safetensors.index.json"), index).unwrap();
            }),
            "has no model-00002-of-00002.safetensors",
        ),
        (
            said(&|folder| {
                let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
                fs::write(folder.join("model.safetensors"), pointer).unwrap();
            }),
            "Git LFS",
        ),
        (
            said(&|folder| {
                let weights = fs::read(folder.join("model.safetensors")).unwrap();
                fs::write(folder.join("model.safetensors"), &weights[..weights.len() - 1]).unwrap();
            }),
            "cut short",
        ),
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    // A mark before the text, which some editors leave, is no damage.
    let marked = |folder: &Path| {
        let text = fs::read(folder.join("config.json")).unwrap();
        fs::write(folder.join("config.json"), [b"\xef\xbb\xbf", text.as_slice()].concat()).unwrap();
    };
    assert_eq!(said(&marked), "");
    let alone = |kind: &'static str, more: &'static str| {
        move |folder: &Path| {
            let text = format!(
                r#"{{"architectures":["{kind}"],"num_hidden_layers":2,"hidden_size":256,
                "num_attention_heads":4,"num_key_value_heads":2,"max_position_embeddings":1024{more}}}"#
            );
            fs::write(folder.join("config.json"), text).unwrap();
        }
    };
    for kind in ["Qwen3ForCausalLM", "Ministral3ForCausalLM"] {
        assert_eq!(said(&alone(kind, "")), "");
        let packed = said(&alone(kind, r#","quantization_config":{"quant_method":"awq"}"#));
        assert!(packed.contains(&format!("another kind ({kind}, packed)")), "{packed}");
    }
}

/// A Gemma 3 that sees is used for its words, and its makers' config leaves out what is usual.
#[test]
fn a_folder_that_sees_in_another_way_is_taken_for_its_words() {
    let (home, library) = place();
    let folder = home.path().join("gemma");
    fs::create_dir_all(&folder).unwrap();
    for file in files::visible(&fixture().join("hf")) {
        fs::copy(&file, folder.join(files::file_name(&file))).unwrap();
    }
    library.import(&folder, Taking::WhereItLies, &go(), |_| {}).unwrap();
    let own = library.installed().remove(0);
    assert!(own.sees && own.blind.is_none(), "as Ministral 3 it does");
    let config = serde_json::json!({
        "architectures": ["Gemma3ForConditionalGeneration"],
        "text_config": {"num_hidden_layers": 34, "hidden_size": 2560, "sliding_window": 1024},
    });
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
    let here = library.installed().remove(0);
    assert_eq!(here.shape, Shape { layers: 34, kv_heads: 4, head_size: 256, longest: 131_072 });
    assert!(!here.sees && here.blind.is_some_and(|why| why.contains("for words alone")));
}

/// Ollama's own conversions have text and sight in one file.
#[test]
fn what_lies_in_the_models_own_file_to_see_with_counts() {
    let (home, library) = place();
    let path = home.path().join("Tiny.gguf");
    let of = |bytes: &[u8]| sotto_gguf::write::File::of(bytes).unwrap();
    let mut both = sotto_gguf::write::ollamas(&of(&testing::model(640, 1)), &of(&testing::vision(64, 1)));
    fs::write(&path, both.bytes()).unwrap();
    library.import(&path, Taking::WhereItLies, &go(), |_| {}).unwrap();
    // What lies beside it is not needed then, and is no part of it.
    fs::write(home.path().join("mmproj-Tiny.gguf"), testing::vision(64, 1)).unwrap();
    let here = library.installed().remove(0);
    assert_eq!((here.sees, here.vision, here.blind), (true, None, None));
    both.unset("mistral3.vision.image_size");
    fs::write(&path, both.bytes()).unwrap();
    let here = library.installed().remove(0);
    assert!(here.sees && here.vision.is_some(), "with what lies beside it");
    fs::remove_file(home.path().join("mmproj-Tiny.gguf")).unwrap();
    let here = library.installed().remove(0);
    assert!(!here.sees && here.blind.is_some_and(|why| why.contains("image_size")));
}

/// A file that has no end, or that waits for a writer, is not waited for.
#[cfg(unix)]
#[test]
fn a_small_file_that_is_none_is_left() {
    let (home, library) = place();
    let folder = home.path().join("poet");
    fs::create_dir_all(&folder).unwrap();
    let refused = || library.import(&folder, Taking::WhereItLies, &go(), |_| {}).unwrap_err().to_string();
    std::os::unix::fs::symlink("/dev/zero", folder.join("config.json")).unwrap();
    assert!(refused().contains("damaged"), "{}", refused());
    fs::remove_file(folder.join("config.json")).unwrap();
    fs::File::create(folder.join("config.json")).unwrap().set_len(1 << 40).unwrap();
    assert!(refused().contains("damaged"), "{}", refused());
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_text_is_said_to_be_none() {
    use std::os::unix::ffi::OsStrExt;

    let (home, library) = place();
    let model = home.path().join(std::ffi::OsStr::from_bytes(b"na\xefve.gguf"));
    fs::write(&model, testing::model(640, 1)).unwrap();
    let refused = library.import(&model, Taking::WhereItLies, &go(), |_| {}).unwrap_err();
    assert!(refused.to_string().contains("Rename it"), "{refused}");
}

/// Where apps keep models when they were told to, or are services.
#[cfg(unix)]
#[test]
fn models_are_found_where_other_apps_were_told_to_keep_them() {
    let (home, library) = place();
    let at = |path: &str| home.path().join(path);
    let write = |path: &str, bytes: &[u8]| {
        fs::create_dir_all(at(path).parent().unwrap()).unwrap();
        fs::write(at(path), bytes).unwrap();
    };
    // LM Studio, moved, and told to use another disk.
    write(".lmstudio-home-pointer", at("moved").to_string_lossy().as_bytes());
    let disk = serde_json::json!({ "downloadsFolder": at("disk/models") }).to_string();
    write("moved/settings.json", disk.as_bytes());
    write("disk/models/maker/Poet-GGUF/Poet-00001-of-00002.gguf", &testing::parts(640, 2, 1)[0]);
    write("disk/models/maker/Poet-GGUF/Poet-00002-of-00002.gguf", &testing::parts(640, 2, 1)[1]);
    write("disk/models/maker/Half-GGUF/Half-00001-of-00002.gguf", &testing::parts(640, 2, 1)[0]);
    // The hub's own cache: links to files that are called by their hashes.
    let repo = "hf/hub/models--maker--Tale-GGUF";
    write(&format!("{repo}/blobs/0a1b"), &testing::model(960, 2));
    fs::create_dir_all(at(repo).join("snapshots/abc")).unwrap();
    std::os::unix::fs::symlink("../../blobs/0a1b", at(repo).join("snapshots/abc/Tale.gguf")).unwrap();
    let folder = at("hf/hub/models--maker--Song/snapshots/def");
    fs::create_dir_all(&folder).unwrap();
    for file in files::visible(&fixture().join("hf")) {
        std::os::unix::fs::symlink(&file, folder.join(files::file_name(&file))).unwrap();
    }
    let variable = |name: &str| (name == "HF_HOME").then(|| at("hf"));
    let offered = offered(&Places::of(home.path(), variable));
    let names: Vec<_> = offered.iter().map(|offered| (offered.app, offered.found.name.as_str())).collect();
    assert_eq!(
        names,
        [
            (OtherApp::LmStudio, "Poet"),
            (OtherApp::HuggingFace, "maker/Song"),
            (OtherApp::HuggingFace, "Tale")
        ]
    );
    for offered in &offered {
        library.take(offered).unwrap();
    }
    assert_eq!(library.installed().len(), 3);
}

#[test]
fn a_model_on_a_disk_that_is_away_comes_back_with_it() {
    let (home, library) = place();
    let model = home.path().join("Tiny.gguf");
    fs::write(&model, testing::model(640, 1)).unwrap();
    library.import(&model, Taking::WhereItLies, &go(), |_| {}).unwrap();
    fs::rename(&model, home.path().join("away")).unwrap();
    assert!(library.installed().is_empty());
    fs::rename(home.path().join("away"), &model).unwrap();
    assert_eq!(library.installed().len(), 1);
}

#[test]
fn models_of_other_apps_are_found_and_taken() {
    let (home, library) = place();
    let lm = home.path().join(".lmstudio/models/maker/Tiny-GGUF");
    fs::create_dir_all(&lm).unwrap();
    fs::write(lm.join("Tiny.gguf"), testing::model(640, 1)).unwrap();
    fs::write(lm.join("mmproj-Tiny.gguf"), testing::vision(64, 1)).unwrap();
    fs::write(lm.join("Llama.gguf"), testing::gguf("gemma4", 64, 1)).unwrap();

    let ollama = home.path().join(".ollama/models");
    let (text, vision) = (testing::model(960, 2), testing::vision(64, 2));
    let manifest = |layers: &[(&str, Digest)]| {
        let layers: Vec<_> = layers
            .iter()
            .map(|(kind, digest)| {
                serde_json::json!({
                    "mediaType": format!("application/vnd.ollama.image.{kind}"),
                    "digest": format!("sha256:{digest}"),
                })
            })
            .collect();
        serde_json::json!({ "schemaVersion": 2, "layers": layers }).to_string()
    };
    fs::create_dir_all(ollama.join("blobs")).unwrap();
    fs::create_dir_all(ollama.join("manifests/registry.ollama.ai/library/tiny")).unwrap();
    for bytes in [&text, &vision] {
        fs::write(ollama.join(format!("blobs/sha256-{}", Digest::of(bytes))), bytes).unwrap();
    }
    let list = ollama.join("manifests/registry.ollama.ai/library/tiny");
    let layers = [("model", Digest::of(&text)), ("projector", Digest::of(&vision))];
    fs::write(list.join("3b"), manifest(&layers)).unwrap();
    fs::write(list.join("gone"), manifest(&[("model", Digest::of(b"gone"))])).unwrap();
    fs::write(
        list.join("odd"),
        r#"{"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:../../x"}]}"#,
    )
    .unwrap();

    let offered = offered(&Places::of(home.path(), |_| None));
    let names: Vec<_> = offered.iter().map(|offered| offered.found.name.as_str()).collect();
    assert_eq!(names, ["Tiny", "tiny 3b"]);
    for offered in &offered {
        library.take(offered).unwrap();
    }
    let here = library.installed();
    assert_eq!(here.len(), 2);
    assert!(here.iter().all(|model| model.vision.is_some() && files::is_gguf(&model.path)), "{here:#?}");
    let ollamas = here.iter().find(|model| model.path.starts_with(library.folder())).unwrap();
    assert_eq!(library.verify(&ollamas.id, 1, &go(), |_| {}).unwrap(), crate::Verdict::Right);
    assert_eq!(fs::read(&ollamas.path).unwrap(), text);
}
