//! The small files that mistral.rs 0.8.1 reads beside a model's own, derived from
//! them and written to the engine's folder. The weights stay where they are.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{fault::Fault, folder::Folder, small};

/// Lengths that the loader is given are multiples of this: its cache grows in such
/// steps, and must not grow past the end of the rope's tables.
const STEP: u64 = 512;

/// What the loader is given besides the model's own files.
#[derive(Debug)]
pub struct Prepared {
    pub tokenizer: PathBuf,
    pub config: PathBuf,
    pub template: PathBuf,
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
    let damaged = |file: &str| Fault::Damaged { model: model.name.clone(), file: file.into() };
    let missing = || damaged("config.json");
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
    let rope = rope(&config["text_config"])
        .map_err(|what| Fault::NotUnderstood { model: model.name.clone(), what })?;
    // What is packed is unpacked before the loader is given it.
    config.as_object_mut().map(|config| config.remove("quantization_config"));
    let text = config["text_config"].as_object_mut().ok_or_else(missing)?;
    text.remove("quantization_config");
    text.insert("rope_parameters".into(), rope);
    text.insert("tie_word_embeddings".into(), tied.into());
    text.insert("max_position_embeddings".into(), cache_length(context).into());

    let write = |file: &str, value: &Value| write(scratch, file, &value.to_string());
    let tokenizer = if small::has_mark(&model.tokenizer) {
        let read = small::text(&model.tokenizer).map_err(|_| damaged("tokenizer.json"))?;
        self::write(&scratch.join("loader"), "tokenizer.json", &read)?
    } else {
        model.tokenizer.clone()
    };
    Ok(Prepared {
        tokenizer,
        config: write("config.json", &config)?,
        // The template goes past the loader, too, and is none of its business.
        template: self::write(&scratch.join("loader"), "chat_template.jinja", "")?,
        processor: write("processor_config.json", &processor(model, edge, merge))?,
        // The loader wants the file. Pictures go past it (`pictures.rs`).
        preprocessor: write("preprocessor_config.json", &json!({}))?,
        context,
        token_numbers,
    })
}

/// How positions turn, as the loader reads it. transformers takes the newer name or the
/// older ones; a rope that is not known would be taken for a plain one.
fn rope(text: &Value) -> Result<Value, String> {
    let newer = text["rope_parameters"].as_object().or_else(|| text["rope_scaling"].as_object());
    let mut rope = newer.cloned().unwrap_or_default();
    for key in ["rope_theta", "llama_4_scaling_beta"] {
        if !text[key].is_null() {
            rope.entry(key).or_insert_with(|| text[key].clone());
        }
    }
    let kind =
        rope.get("rope_type").or_else(|| rope.get("type")).cloned().unwrap_or_else(|| "default".into());
    let number = |key: &str| rope.get(key).and_then(Value::as_f64);
    if number("rope_theta").is_none_or(|base| base <= 1.0) {
        return Err("its rope has no base".into());
    }
    match kind.as_str() {
        Some("default") => {}
        Some("yarn") if number("factor").is_some_and(|factor| factor >= 1.0) => {
            let original =
                [rope.get("original_max_position_embeddings"), text.get("max_position_embeddings")];
            let original = original.into_iter().flatten().find(|original| !original.is_null()).cloned();
            rope.insert("original_max_position_embeddings".into(), original.unwrap_or_default());
        }
        _ => return Err(format!("its rope is {kind}")),
    }
    // Of these, others have been seen.
    let usual = [("truncate", json!(true)), ("partial_rotary_factor", json!(1.0))];
    if let Some((key, _)) = usual.iter().find(|(key, usual)| rope.get(*key).is_some_and(|own| own != usual)) {
        return Err(format!("its rope has a {key}"));
    }
    rope.insert("rope_type".into(), kind);
    Ok(Value::Object(rope))
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
