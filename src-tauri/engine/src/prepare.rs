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

/// The longest edge of a picture, in pixels. Attention over a picture's patches is
/// naive, and takes memory with the fourth power of the edge: 560 takes 0.16 GB.
const LONGEST_EDGE: u64 = 560;

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
    text.insert("max_position_embeddings".into(), u64::from(context).next_multiple_of(STEP).into());

    let write = |file: &str, value: &Value| write(scratch, file, &value.to_string());
    Ok(Prepared {
        config: write("config.json", &config)?,
        processor: write("processor_config.json", &processor(model.processor.as_ref(), edge, merge))?,
        preprocessor: write(
            "preprocessor_config.json",
            &preprocessor(model.preprocessor.as_ref(), edge * merge),
        )?,
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
fn processor(own: Option<&Value>, edge: u64, merge: u64) -> Value {
    let token = |key: &str, usual: &str| own.and_then(|own| own[key].as_str()).unwrap_or(usual).to_owned();
    json!({
        "image_token": token("image_token", "[IMG]"),
        "image_break_token": token("image_break_token", "[IMG_BREAK]"),
        "image_end_token": token("image_end_token", "[IMG_END]"),
        "patch_size": edge,
        "spatial_merge_size": merge,
    })
}

/// In the form of old, where `patch_size` is one number: it counts the pixels behind
/// one token.
fn preprocessor(own: Option<&Value>, pixels: u64) -> Value {
    let own = own.cloned().unwrap_or_default();
    let edge = own["size"]["longest_edge"].as_u64().filter(|n| *n > 0).unwrap_or(LONGEST_EDGE);
    let or = |value: &Value, usual: Value| if value.is_null() { usual } else { value.clone() };
    json!({
        "default_to_square": true,
        "do_convert_rgb": true,
        "do_normalize": true,
        "do_rescale": true,
        "do_resize": true,
        // The means and deviations that CLIP's pictures were normalised with.
        "image_mean": or(&own["image_mean"], json!([0.481_454_66, 0.457_827_5, 0.408_210_73])),
        "image_std": or(&own["image_std"], json!([0.268_629_54, 0.261_302_58, 0.275_777_11])),
        "patch_size": pixels,
        "resample": or(&own["resample"], json!(3)),
        "rescale_factor": or(&own["rescale_factor"], json!(1.0 / 255.0)),
        "size": { "longest_edge": edge.min(LONGEST_EDGE) },
    })
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
