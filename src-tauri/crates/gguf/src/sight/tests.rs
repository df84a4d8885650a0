use tempfile::TempDir;

use super::*;
use crate::{Model, Value, packing::Packing, write};

/// A folder with a model in it, and what lies beside.
fn folder(files: &[(&str, Vec<u8>)]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("poet.gguf");
    fs::write(&path, write::model(32, 1).bytes()).unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    (folder, path)
}

fn found(files: &[(&str, Vec<u8>)]) -> (Option<String>, Option<String>) {
    let (_folder, path) = folder(files);
    let Sight { vision, trouble } = sight_of(&Model::open(&path).unwrap());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    (vision.map(|vision| name(&vision.path.unwrap())), trouble.map(|refused| refused.to_string()))
}

fn vision(change: impl FnOnce(&mut write::File)) -> Vec<u8> {
    let mut file = write::vision(32, 1);
    change(&mut file);
    file.bytes()
}

#[test]
fn a_file_made_by_others_is_taken() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/ministral3-tiny");
    let vision = Vision::open(&fixture.join("tiny-mmproj-f16.gguf")).unwrap();
    assert_eq!((vision.layers, vision.hidden, vision.feed_forward, vision.heads), (3, 128, 256, 2));
    assert_eq!((vision.image_size, vision.patch_size, vision.merge, vision.projection), (224, 14, 2, 256));
    assert_eq!(vision.mean.unwrap().len(), 3);
}

#[test]
fn what_it_is_decides_before_its_name() {
    let right = || vision(|_| {});
    let wide = || vision(|file| _ = file.set("clip.vision.projection_dim", 128_u32));
    assert_eq!(found(&[]), (None, None));
    assert_eq!(found(&[("mmproj-right.gguf", right())]).0.as_deref(), Some("mmproj-right.gguf"));
    // Of several that fit, the one that is called most like the model.
    let both = [("mmproj-other.gguf", right()), ("poet-mmproj.gguf", right())];
    assert_eq!(found(&both).0.as_deref(), Some("poet-mmproj.gguf"));
    // One that is called like it and does not fit.
    let files = [("poet-mmproj.gguf", wide()), ("mmproj-right.gguf", right())];
    assert_eq!(found(&files).0.as_deref(), Some("mmproj-right.gguf"));
    // One that says nothing by its name.
    assert_eq!(found(&[("eyes.gguf", right())]).0.as_deref(), Some("eyes.gguf"));
    // Another model is nobody's sight.
    assert_eq!(found(&[("prose.gguf", write::model(32, 2).bytes())]), (None, None));
}

#[test]
fn one_that_is_broken_or_of_another_is_said_and_not_used() {
    let whole = vision(|_| {});
    for (bytes, said) in [
        (whole[..whole.len() - 100].to_vec(), "cut short"),
        (whole[..60].to_vec(), "cut short"),
        (Vec::new(), "is empty"),
        (b"version https://git-lfs.github.com/spec/v1".to_vec(), "Git LFS"),
        (vision(|f| f.tensors[6].packing = Packing::Unknown(77)), "type 77"),
        (vision(|f| _ = f.set("clip.projector_type", "qwen3vl_merger")), "qwen3vl_merger"),
        (vision(|f| _ = f.unset("clip.vision.image_size")), "image_size"),
        (vision(|f| f.tensors.truncate(9)), "lacks"),
        (vision(|f| _ = f.tensor("mm.1.bias", &[64], Packing::F32, 1)), "mm.1.bias"),
        (vision(|f| _ = f.set("clip.vision.block_count", 2_u32)), "2 layers"),
        (write::model(32, 1).bytes(), "mistral3"),
    ] {
        let (vision, trouble) = found(&[("mmproj-F16.gguf", bytes)]);
        assert_eq!(vision, None, "{said}");
        assert!(trouble.as_ref().is_some_and(|trouble| trouble.contains(said)), "{said}: {trouble:?}");
    }
    let unneeded = vision(|f| _ = f.tensor("v.token_embd.img_break", &[64], Packing::F32, 1));
    assert!(found(&[("mmproj-F16.gguf", unneeded)]).0.is_some(), "a word that the text model has too");
}

/// A model with the part that sees in the same file, as Ollama's converter writes it.
fn within(change: impl FnOnce(&mut write::File)) -> (Option<Vision>, Option<String>) {
    let (folder, path) = folder(&[]);
    let mut file = write::ollamas(&write::model(32, 1), &write::vision(32, 1));
    change(&mut file);
    fs::write(&path, file.bytes()).unwrap();
    let Sight { vision, trouble } = sight_of(&Model::open(&path).unwrap());
    drop(folder);
    (vision, trouble.map(|refused| refused.to_string()))
}

#[test]
fn what_lies_in_the_models_own_file_is_the_same_part() {
    let (_folder, path) = folder(&[("mmproj.gguf", vision(|_| {}))]);
    let beside = sight_of(&Model::open(&path).unwrap()).vision.unwrap();
    let (inside, trouble) = within(|_| {});
    let inside = inside.unwrap_or_else(|| panic!("{trouble:?}"));
    assert_eq!((&inside.path, inside.bytes, inside.in_pairs), (&None, 0, false));
    let figures = |v: &Vision| [v.layers, v.hidden, v.feed_forward, v.heads, v.merge, v.projection];
    assert_eq!(figures(&inside), figures(&beside));
    assert_eq!((inside.image_size, inside.patch_size), (beside.image_size, beside.patch_size));
    let names =
        |header: &crate::Header| header.tensors().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&inside.header), names(&beside.header));
    // Llama.cpp's two files, joined: the names and the order of rows are llama.cpp's.
    let mut joined = write::model(32, 1);
    let seeing = write::vision(32, 1);
    joined.values.extend(seeing.values.into_iter().filter(|(key, _)| key.starts_with("clip.")));
    joined.tensors.extend(seeing.tensors);
    fs::write(&path, joined.bytes()).unwrap();
    let joined = sight_of(&Model::open(&path).unwrap()).vision.unwrap();
    assert_eq!((joined.path.as_deref(), joined.in_pairs), (None, true));
}

/// It leaves the model without sight, and is said; what lies beside it is tried then.
#[test]
fn what_lies_in_the_models_own_file_and_is_of_no_use_is_said() {
    let changes: [(&str, Option<Value>, &str); 5] = [
        ("mistral3.vision.rope.freq_base", Some(5e4_f32.into()), "its rope"),
        ("mistral3.mm.projector_hidden_act", Some("relu".into()), "its projector"),
        ("mistral3.vision.attention.key_length", Some(8_u32.into()), "its heads"),
        ("mistral3.vision.image_size", None, "image_size"),
        ("mistral3.spatial_merge_size", Some(3_u32.into()), "mm.patch_merger.weight"),
    ];
    for (key, value, said) in changes {
        let (vision, trouble) = within(|file| match value {
            Some(value) => _ = file.set(key, value),
            None => _ = file.unset(key),
        });
        assert!(vision.is_none(), "{key}");
        assert!(trouble.as_ref().is_some_and(|trouble| trouble.contains(said)), "{key}: {trouble:?}");
    }
    let (vision, trouble) = within(|file| _ = file.tensor("mm.linear_1.bias", &[64], Packing::F32, 1));
    assert!(vision.is_none() && trouble.is_some_and(|trouble| trouble.contains("mm.1.bias")));
    let (vision, trouble) =
        within(|file| _ = file.tensor("v.patch_embd.weight", &[14, 14, 3, 32], Packing::F16, 1));
    assert!(vision.is_none() && trouble.is_some(), "two for one");

    let (_folder, path) = folder(&[("mmproj.gguf", write::vision(32, 1).bytes())]);
    let mut broken = write::ollamas(&write::model(32, 1), &write::vision(32, 1));
    broken.unset("mistral3.vision.image_size");
    fs::write(&path, broken.bytes()).unwrap();
    let seen = sight_of(&Model::open(&path).unwrap());
    assert!(seen.trouble.is_none() && seen.vision.unwrap().path.unwrap().ends_with("mmproj.gguf"));
}
