//! The small files that mistral.rs 0.8.1 reads beside a model's own, derived from
//! them and written to the engine's folder. The weights stay where they are.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{fault::Fault, folder::Folder};

/// Lengths that the loader is given are multiples of this: its cache grows in such
/// steps, and must not grow past the end of the rope's tables.
const STEP: u64 = 512;

/// What the loader is given besides the model's own files.
#[derive(Debug)]
pub struct Prepared {
    pub config: PathBuf,
    pub processor: PathBuf,
    pub preprocessor: PathBuf,
    /// Tokens that the model can hold in mind here.
    pub context: u32,
    /// Numbers that it keeps for each of them.
    pub token_numbers: u64,
}

/// The most tokens that the loader's cache may grow to, where `context` are held in mind.
pub fn cache_length(context: u32) -> u64 {
    u64::from(context).next_multiple_of(STEP)
}

/// Writes the derived files of `model` to `scratch`, for at most `context` tokens.
pub fn prepare(model: &Folder, scratch: &Path, context: u32) -> Result<Prepared, Fault> {
    let missing = || Fault::Damaged { model: model.name.clone(), file: "config.json".into() };
    let text = &model.config["text_config"];
    let longest = text["max_position_embeddings"].as_u64().filter(|n| *n > 0).ok_or_else(missing)?;
    let context = u32::try_from(longest).unwrap_or(u32::MAX).min(context);
    let number = |value: &Value| value.as_u64().filter(|n| *n > 0).ok_or_else(missing);
    let edge = number(&model.config["vision_config"]["patch_size"])?;
    let merge = number(&model.config["spatial_merge_size"])?;

    let heads = number(&text["num_attention_heads"])?;
    let kept = text["num_key_value_heads"].as_u64().unwrap_or(heads);
    let wide = text["head_dim"].as_u64().unwrap_or(number(&text["hidden_size"])? / heads);

    let mut config = model.config.clone();
    let token_numbers = 2 * number(&text["num_hidden_layers"])? * kept * wide;
    let tied = tied(&config);
    let text = config["text_config"].as_object_mut().ok_or_else(missing)?;
    text.insert("tie_word_embeddings".into(), tied.into());
    text.insert("max_position_embeddings".into(), cache_length(context).into());

    let write = |file: &str, value: &Value| write(scratch, file, &value.to_string());
    Ok(Prepared {
        config: write("config.json", &config)?,
        processor: write("processor_config.json", &processor(model, edge, merge))?,
        // The loader wants the file. Pictures go past it (`pictures.rs`).
        preprocessor: write("preprocessor_config.json", &json!({}))?,
        context,
        token_numbers,
    })
}

/// Whether the output layer is the embeddings again. The loader looks in `text_config`
/// alone, where it is often left out, and takes silence for no; transformers looks at
/// the whole, and takes silence for yes.
fn tied(config: &Value) -> bool {
    [&config["text_config"], config]
        .into_iter()
        .find_map(|place| place["tie_word_embeddings"].as_bool())
        .unwrap_or(true)
}

/// The loader panics where one of these is missing.
fn processor(model: &Folder, edge: u64, merge: u64) -> Value {
    let tokens = ImageTokens::of(model.processor.as_ref());
    json!({
        "image_token": tokens.cell,
        "image_break_token": tokens.line_end,
        "image_end_token": tokens.end,
        "patch_size": edge,
        "spatial_merge_size": merge,
    })
}

/// The names of the tokens that a picture is written with.
pub struct ImageTokens<'a> {
    pub cell: &'a str,
    /// After each row but the last.
    pub line_end: &'a str,
    /// After the last row.
    pub end: &'a str,
}

impl<'a> ImageTokens<'a> {
    /// As the model's own `processor_config.json` names them, where it does.
    pub fn of(own: Option<&'a Value>) -> Self {
        let token = |key: &str, usual| own.and_then(|own| own[key].as_str()).unwrap_or(usual);
        Self {
            cell: token("image_token", "[IMG]"),
            line_end: token("image_break_token", "[IMG_BREAK]"),
            end: token("image_end_token", "[IMG_END]"),
        }
    }
}

/// Writes a derived file to the engine's own folder, and makes that where it is missing.
pub fn write(scratch: &Path, file: &str, text: &str) -> Result<PathBuf, Fault> {
    let path = scratch.join(file);
    fs::create_dir_all(scratch)
        .and_then(|()| fs::write(&path, text))
        .map_err(|error| unwritable(scratch, &error))?;
    Ok(path)
}

fn unwritable(scratch: &Path, error: &std::io::Error) -> Fault {
    tracing::error!(%error, ?scratch, "the engine's own folder cannot be written to");
    Fault::Scratch(scratch.into())
}

#[cfg(test)]
mod tests;
