//! A model's folder, in the Hugging Face layout, looked through before anything is
//! loaded: whatever is wrong with it is found here, and said in one sentence.

mod tensors;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use sotto_gguf::{Layout, Refused, Why};

use crate::{
    fault::{Fault, name},
    small, weights,
};

pub use self::tensors::Tensors;

/// A folder that holds a whole model of the right kind.
#[derive(Debug)]
pub struct Folder {
    /// What the model is called: the folder's name.
    pub name: String,
    /// config.json.
    pub config: Value,
    /// `preprocessor_config.json`, if there is one.
    pub preprocessor: Option<Value>,
    /// `processor_config.json`, if there is one.
    pub processor: Option<Value>,
    /// tokenizer.json.
    pub tokenizer: PathBuf,
    /// The chat template: a .jinja file, or the `tokenizer_config.json` that holds it.
    pub template: PathBuf,
    /// The files of weights.
    pub weights: Vec<PathBuf>,
    /// Their length in bytes, together.
    pub bytes: u64,
    /// How a folder is laid out; `None` for a GGUF file.
    pub layout: Option<Layout>,
    /// Tokens that end an answer.
    pub ends: Vec<u32>,
    /// The token that every text begins with, where the template is not trusted to write it.
    pub begins: Option<u32>,
    /// Whether only our own kernels compute it rightly, which is on the processor.
    pub by_our_kernels: bool,
    /// Whether the part that sees is there.
    pub sees: bool,
    /// Why what is there to see with is of no use, in a sentence.
    pub blind: Option<String>,
}

impl Folder {
    /// Looks through the folder at `asked`, or the one that holds the file there.
    pub fn open(asked: &Path) -> Result<Self, Fault> {
        // Not `canonicalize`, which fails in the container that bars the engine on Windows.
        let path = std::path::absolute(asked).ok().filter(|path| path.exists());
        let path = path.ok_or_else(|| Fault::Missing(asked.into()))?;
        let is = |extension: &str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension));
        let folder = match path.parent() {
            _ if path.is_dir() => path.as_path(),
            Some(parent) if is("safetensors") || path.ends_with("config.json") => parent,
            _ => return Err(Fault::NotAModel(name(&path))),
        };
        let model = name(folder);
        // People open the folder above just as well.
        let inner = only_model_beneath(folder);
        let folder = inner.as_deref().unwrap_or(folder);
        let shelf = Shelf { folder, model };

        let Some(config) = shelf.json("config.json")? else {
            // A single GGUF file would have been opened as one.
            let own = ["params.json", "consolidated.safetensors"].map(|file| folder.join(file).exists());
            return Err(match with_extension(folder, "gguf").as_slice() {
                [] if own.contains(&true) => Fault::OwnLayout(shelf.model),
                [] => Fault::NotAModel(shelf.model),
                _ => Fault::Several(shelf.model),
            });
        };
        let layout = shelf.layout(&config)?;
        let weights = shelf.weights()?;
        let bytes = weights
            .iter()
            .map(|file| Ok(weights::check(&shelf.model, file)?.bytes))
            .sum::<Result<u64, Fault>>()?;

        let template = ["chat_template.jinja", "tokenizer_config.json"]
            .map(|file| folder.join(file))
            .into_iter()
            .find(|file| file.is_file())
            .ok_or_else(|| shelf.lacks("chat_template.jinja"))?;
        // It also names the token that begins every prompt.
        let tokenizer_config =
            shelf.json("tokenizer_config.json")?.ok_or_else(|| shelf.lacks("tokenizer_config.json"))?;
        if template.ends_with("tokenizer_config.json") && tokenizer_config.get("chat_template").is_none() {
            return Err(shelf.lacks("chat_template.jinja"));
        }
        let tokenizer = folder.join("tokenizer.json");
        if !tokenizer.is_file() {
            return Err(shelf.lacks("tokenizer.json"));
        }

        let blind = Refused { name: shelf.model.clone(), why: Why::WordsAlone }.to_string();
        let blind = matches!(layout, Layout::TextOf(_)).then_some(blind);
        Ok(Self {
            preprocessor: shelf.json("preprocessor_config.json")?,
            processor: shelf.json("processor_config.json")?,
            ends: ends(shelf.json("generation_config.json")?.as_ref(), &config),
            name: shelf.model,
            config,
            tokenizer,
            template,
            weights,
            bytes,
            begins: None,
            layout: Some(layout),
            by_our_kernels: layout != Layout::Whole,
            // In this layout it is never left out; with a gap in it the model is not opened.
            sees: layout == Layout::Whole,
            blind,
        })
    }
}

/// The one folder in `folder` that holds a model, where `folder` itself holds none.
fn only_model_beneath(folder: &Path) -> Option<PathBuf> {
    let holds_model = |path: &Path| path.join("config.json").is_file();
    if holds_model(folder) {
        return None;
    }
    let entries = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let mut models = entries.filter(|path| holds_model(path));
    models.next().filter(|_| models.next().is_none())
}

/// A folder while it is looked through.
struct Shelf<'a> {
    folder: &'a Path,
    model: String,
}

impl Shelf<'_> {
    /// A JSON file, if it is there.
    fn json(&self, file: &str) -> Result<Option<Value>, Fault> {
        let path = self.folder.join(file);
        if !path.is_file() {
            return Ok(None);
        }
        let read = small::read(&path).map_err(|error| error.to_string());
        match read.and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string())) {
            Ok(value @ Value::Object(_)) => Ok(Some(value)),
            other => {
                tracing::warn!(?path, ?other, "a file of the model cannot be read");
                Err(Fault::Damaged { model: self.model.clone(), file: file.into() })
            }
        }
    }

    fn layout(&self, config: &Value) -> Result<Layout, Fault> {
        let architectures = config["architectures"].as_array().map_or(&[][..], Vec::as_slice);
        let named = || architectures.iter().filter_map(Value::as_str);
        let another = |kind: String| Fault::AnotherKind { model: self.model.clone(), kind };
        if let Some((name, layout)) = named().find_map(|name| Some((name, Layout::of(name)?))) {
            // What is packed is unpacked where the loader asks for it, and nowhere else.
            let packed = [config, &config["text_config"]].map(|config| &config["quantization_config"]);
            let plain = layout == Layout::Whole || packed.into_iter().all(Value::is_null);
            return if plain { Ok(layout) } else { Err(another(format!("{name}, packed"))) };
        }
        match named().next().or_else(|| config["model_type"].as_str()) {
            Some(kind) => Err(another(kind.into())),
            None => Err(Fault::Damaged { model: self.model.clone(), file: "config.json".into() }),
        }
    }

    /// The files of weights: those that the index names, or all there are.
    fn weights(&self) -> Result<Vec<PathBuf>, Fault> {
        const INDEX: &str = "model.safetensors.index.json";
        let files = match self.json(INDEX)? {
            Some(index) => {
                let map = index["weight_map"].as_object();
                let map = map.ok_or(Fault::Damaged { model: self.model.clone(), file: INDEX.into() })?;
                let named: BTreeSet<_> = map.values().filter_map(Value::as_str).collect();
                named.into_iter().map(|file| self.folder.join(file)).collect()
            }
            None => with_extension(self.folder, "safetensors"),
        };
        if let Some(missing) = files.iter().find(|file| !file.is_file()) {
            return Err(self.lacks(&name(missing)));
        }
        if files.is_empty() {
            return Err(self.lacks("weights (model.safetensors)"));
        }
        Ok(files)
    }

    fn lacks(&self, file: &str) -> Fault {
        Fault::Incomplete { model: self.model.clone(), file: file.into() }
    }
}

/// The files of this kind, by name, without the second copy that Mistral's own layout
/// makes of the weights.
fn with_extension(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .filter(|path| !name(path).starts_with("consolidated"))
        .collect();
    files.sort();
    files
}

/// The tokens that end an answer: one number or several, in whichever file says so.
fn ends(generation: Option<&Value>, config: &Value) -> Vec<u32> {
    let places = [generation, config.get("text_config"), Some(config)];
    let field =
        places.into_iter().flatten().map(|place| &place["eos_token_id"]).find(|field| !field.is_null());
    let ids = match field {
        Some(Value::Array(ids)) => ids.as_slice(),
        Some(id) => std::slice::from_ref(id),
        None => &[],
    };
    ids.iter().filter_map(|id| u32::try_from(id.as_u64()?).ok()).collect()
}

#[cfg(test)]
mod tests;
