use tempfile::TempDir;

use super::*;
use crate::{Model, packing::Packing, write};

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
    let text = Model::open(&path).unwrap().text;
    let Beside { vision, trouble } = vision_beside(&path, &text);
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    (vision.map(|vision| name(&vision.path)), trouble.map(|refused| refused.to_string()))
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
