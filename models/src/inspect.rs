//! A model in a folder, as its makers publish it: looked through as the engine does, and said
//! in the engine's words.

use std::{
    collections::{BTreeSet, HashMap},
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;
use sotto_gguf::{Layout, Refused, Why};

use crate::{ModelsError, Shape, files};

/// Names the files of weights.
const INDEX: &str = "model.safetensors.index.json";
/// Beyond this the header of a file of weights is none: the format's own limit.
const LONGEST_HEADER: u64 = 100_000_000;

/// What looking through a folder shows.
pub(crate) struct Looked {
    pub bytes: u64,
    pub shape: Shape,
    pub sees: bool,
    /// Why it does not, where its makers' model does.
    pub blind: Option<String>,
}

/// Looks through the model in a folder.
pub(crate) fn folder(folder: &Path) -> Result<Looked, ModelsError> {
    let name = files::file_name(folder);
    let lacks = |file: &str| ModelsError::Incomplete { name: name.clone(), file: file.into() };
    let damaged = |file: &str| ModelsError::DamagedFile { name: name.clone(), file: file.into() };
    if !folder.join("config.json").exists() {
        return Err(
            match ["params.json", "consolidated.safetensors"].map(|file| folder.join(file).exists()) {
                [false, false] => ModelsError::NotAModel { name },
                // Mistral's own layout.
                _ => ModelsError::OwnLayout { name },
            },
        );
    }
    let config: Value =
        files::read_small(&folder.join("config.json")).ok_or_else(|| damaged("config.json"))?;
    let layout = layout_of(&config, &name)?;
    let text = if layout.is_nested() { &config["text_config"] } else { &config };
    let figure = |key: &str| {
        let said = || text[key].as_u64().and_then(|n| u32::try_from(n).ok());
        let n = layout.usual(key).filter(|_| text[key].is_null()).or_else(said);
        n.filter(|n| (1..1 << 24).contains(n)).ok_or_else(|| damaged("config.json"))
    };
    let head_size = match layout.usual("head_dim") {
        None if text["head_dim"].is_null() => figure("hidden_size")? / figure("num_attention_heads")?,
        _ => figure("head_dim")?,
    };
    let shape = Shape {
        layers: figure("num_hidden_layers")?,
        kv_heads: figure("num_key_value_heads")?,
        head_size,
        longest: figure("max_position_embeddings")?,
    };
    let parts = parts_of(folder);
    if let Some(missing) = parts.iter().find(|part| !part.is_file()) {
        return Err(lacks(&files::file_name(missing)));
    }
    if parts.is_empty() {
        return Err(lacks("weights (model.safetensors)"));
    }
    let bytes = parts.iter().map(|part| weights(part, &name)).sum::<Result<u64, _>>()?;
    for file in ["tokenizer.json", "tokenizer_config.json"] {
        if !folder.join(file).is_file() {
            return Err(lacks(file));
        }
    }
    let config = || files::read_small::<Value>(&folder.join("tokenizer_config.json"));
    let templated = folder.join("chat_template.jinja").is_file()
        || config().is_some_and(|config| config.get("chat_template").is_some());
    if !templated {
        return Err(lacks("chat_template.jinja"));
    }
    let blind = matches!(layout, Layout::TextOf(_)).then_some(Refused { name, why: Why::WordsAlone });
    Ok(Looked {
        bytes,
        shape,
        sees: layout == Layout::Whole,
        blind: blind.map(|refused| refused.to_string()),
    })
}

/// How the model of a config is laid out, where the engine runs it.
fn layout_of(config: &Value, name: &str) -> Result<Layout, ModelsError> {
    let architectures = config["architectures"].as_array().map_or(&[][..], Vec::as_slice);
    let named = || architectures.iter().filter_map(Value::as_str);
    let name = name.to_owned();
    if let Some((kind, layout)) = named().find_map(|kind| Some((kind, Layout::of(kind)?))) {
        // What is packed is unpacked in the one layout alone.
        let packed = [config, &config["text_config"]].map(|config| &config["quantization_config"]);
        let plain = layout == Layout::Whole || packed.into_iter().all(Value::is_null);
        let packed = ModelsError::AnotherKind { name, kind: format!("{kind}, packed") };
        return if plain { Ok(layout) } else { Err(packed) };
    }
    Err(match named().next().or_else(|| config["model_type"].as_str()) {
        Some(kind) => ModelsError::AnotherKind { name, kind: kind.chars().take(60).collect() },
        None => ModelsError::DamagedFile { name, file: "config.json".into() },
    })
}

/// The files of weights in such a folder: those that the index names, or all there are.
pub(crate) fn parts_of(folder: &Path) -> Vec<PathBuf> {
    let index: Option<Value> = files::read_small(&folder.join(INDEX));
    if let Some(map) = index.as_ref().and_then(|index| index["weight_map"].as_object()) {
        let names: BTreeSet<&str> = map.values().filter_map(Value::as_str).collect();
        // Names of files, not ways out of the folder.
        let names = names.into_iter().filter(|name| Path::new(name).file_name() == Some((*name).as_ref()));
        return names.map(|name| folder.join(name)).collect();
    }
    let is_weights = |path: &PathBuf| {
        path.extension().is_some_and(|extension| extension == "safetensors")
            && !files::file_name(path).starts_with("consolidated")
    };
    files::visible(folder).into_iter().filter(is_weights).collect()
}

#[derive(Deserialize)]
struct Tensor {
    data_offsets: [u64; 2],
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Tensor(Tensor),
    /// What the writer had to say besides.
    Besides(IgnoredAny),
}

/// The length of a file of weights, once it is as long as its header says.
fn weights(path: &Path, model: &str) -> Result<u64, ModelsError> {
    let file = files::file_name(path);
    let (model, named) = (model.to_owned(), file.clone());
    let damaged = || ModelsError::DamagedFile { name: model.clone(), file: named.clone() };
    let (there, _) = files::stamp(path).ok_or_else(damaged)?;
    let mut open = File::open(path).map_err(ModelsError::disk(path))?;
    let mut beginning = Vec::new();
    open.by_ref().take(8).read_to_end(&mut beginning).map_err(ModelsError::disk(path))?;
    if beginning.starts_with(b"version ") {
        return Err(ModelsError::Pointer { name: model, file });
    }
    let cut_short = |whole| ModelsError::CutShort { name: model.clone(), file: file.clone(), there, whole };
    let length = beginning.try_into().map(u64::from_le_bytes).map_err(|_| cut_short(8))?;
    if length > LONGEST_HEADER {
        return Err(damaged());
    }
    if there < 8 + length {
        return Err(cut_short(8 + length));
    }
    let header: HashMap<String, Entry> =
        serde_json::from_reader(std::io::BufReader::new(open.take(length))).map_err(|_| damaged())?;
    let ends = header.values().filter_map(|entry| match entry {
        Entry::Tensor(tensor) => Some(tensor.data_offsets[1]),
        Entry::Besides(IgnoredAny) => None,
    });
    match ends.max().and_then(|end| end.checked_add(8 + length)) {
        Some(whole) if there < whole => Err(cut_short(whole)),
        Some(whole) if there == whole => Ok(whole),
        _ => Err(damaged()),
    }
}
