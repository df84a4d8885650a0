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
        assert!(library.find(&opened.to_string_lossy()).is_ok(), "{}", path.display());
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
    let here = library.find(&opened.to_string_lossy()).unwrap();
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
    let mut other_packing = whole.clone();
    // The type of its one tensor, before its offset and the padded data.
    let at = other_packing.windows(17).position(|text| text == b"token_embd.weight").unwrap() + 17 + 4 + 16;
    other_packing[at] = 23;
    for (path, said) in [
        (write("notes.txt", b"dear diary"), "files that end in .gguf"),
        (write("page.gguf", b"<!doctype html>"), "is not a model"),
        (write("cut.gguf", &whole[..whole.len() - 1]), "not whole"),
        (write("short.gguf", &whole[..40]), "not whole"),
        (write("llama.gguf", &testing::gguf("llama", &[], 64, 1)), "another kind of model (llama)"),
        (write("mmproj.gguf", &testing::vision(64, 1)), "only the part"),
        (write("packed.gguf", &other_packing), "packed in a way"),
        (home.path().join("nothing.gguf"), "not here any more"),
        (home.path().to_path_buf(), "is not a model"),
    ] {
        let error = library.import(&path, Taking::WhereItLies, &go(), |_| {}).unwrap_err().to_string();
        assert!(error.contains(said), "{}: {error}", path.display());
    }
    assert!(library.installed().is_empty());
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
    fs::write(lm.join("Llama.gguf"), testing::gguf("llama", &[], 64, 1)).unwrap();

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

    let offered = offered(home.path(), None);
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
