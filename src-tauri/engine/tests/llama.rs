//! Files of the architecture that GGUF calls `llama`: the tiny model, told in its words.

#![allow(clippy::unwrap_used)] // in helpers too

mod app;

use std::fs;

use app::{Answer, App, TestDir, WRITER, ask, assert_alike, file, load, user};
use serde_json::json;
use sotto_gguf::{Packing, write};

/// The tiny model with a plain rope of this base, as it is called otherwise.
fn plain(base: f32, architecture: &str) -> write::File {
    let mut model = write::File::of(&fs::read(file()).unwrap()).unwrap();
    model.values.retain(|(key, _)| !key.contains(".rope.scaling.") && !key.ends_with(".temperature_scale"));
    model.set("mistral3.rope.freq_base", base);
    for (key, _) in &mut model.values {
        if let Some(figure) = key.strip_prefix("mistral3.") {
            *key = format!("{architecture}.{figure}");
        }
    }
    model.set("general.architecture", architecture);
    model
}

fn answer(model: &write::File) -> Answer {
    let folder = TestDir::new();
    let path = folder.path().join("poet.gguf");
    fs::write(&path, model.bytes()).unwrap();
    let mut app = App::greeted();
    let loaded = app.last_of(load(&path, 1024));
    assert_eq!(loaded["type"], "loaded", "{loaded}");
    ask(&mut app, &json!([user(WRITER)]))
}

#[test]
fn a_llama_is_answered_as_the_same_model_by_its_other_name() {
    let theirs = answer(&plain(1e6, "mistral3"));
    assert_alike(&answer(&plain(1e6, "llama")), &theirs, "llama");
}

/// Llama 3.1 and later say by how much each frequency is divided. Divided by what makes those of
/// another base of them, they are those of the other base.
#[test]
fn divided_frequencies_are_those_of_the_rope_they_make() {
    let (base, other, pairs) = (1e6_f32, 1e4_f32, 64_u8);
    let mut divided = plain(base, "llama");
    divided.tensor("rope_freqs.weight", &[pairs.into()], Packing::F32, 1);
    let tensor = divided.tensors.last_mut().unwrap();
    tensor.bytes = (0..pairs)
        .flat_map(|pair| (other / base).powf(f32::from(pair) / f32::from(pairs)).to_le_bytes())
        .collect();
    let theirs = answer(&plain(other, "llama"));
    assert_alike(&answer(&divided), &theirs, "divided");
    let undivided = answer(&plain(base, "llama"));
    assert_ne!(undivided.steps, theirs.steps, "the tensor changes nothing");
}
