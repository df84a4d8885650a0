//! "Use a file I have": a model that is on this machine already, looked through before
//! it is taken, then used where it lies or copied in.

mod elsewhere;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

pub use self::elsewhere::{App, Offered, offered};
use crate::{
    Library, ModelsError, Shape, files,
    gguf::{self, Kind, Unreadable},
    library::copy_bytes,
    machine,
};

/// The one architecture that Sotto runs, as config.json names it.
const ARCHITECTURE: &str = "Mistral3ForConditionalGeneration";

/// A model that somebody has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// What it is called: its file's name, or its folder's.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// How long it is.
    pub bytes: u64,
    /// What its memory is reckoned from.
    pub shape: Shape,
}

/// How a model is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taking {
    /// It stays where it is, and is only read. Nothing is copied.
    WhereItLies,
    /// A copy is made in the models' folder, with the part that sees beside it.
    ACopy,
}

/// Looks through a GGUF file, or a folder in the Hugging Face layout, without taking it.
pub fn look(path: &Path) -> Result<Found, ModelsError> {
    let name = files::file_name(path);
    let path = std::path::absolute(path).ok().filter(|path| path.exists());
    let path = path.ok_or_else(|| ModelsError::Gone { name: name.clone() })?;
    if path.is_dir() {
        let (bytes, shape) = hub_folder(&path).ok_or(ModelsError::NotAModel { name: name.clone() })?;
        return Ok(Found { name, path, bytes, shape });
    }
    if !files::is_gguf(&path) {
        return Err(ModelsError::NotAModel { name });
    }
    let (bytes, shape) = model(&path, &name)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Found { name, path, bytes, shape })
}

/// The length and figures of the model in a GGUF file, whatever the file is called.
fn model(path: &Path, name: &str) -> Result<(u64, Shape), ModelsError> {
    let (bytes, _) = files::stamp(path).ok_or_else(|| ModelsError::Gone { name: name.into() })?;
    let header = gguf::read(path).map_err(|error| unreadable(error, path, name))?;
    match header.kind {
        Kind::Model(shape) if bytes >= header.whole => Ok((bytes, shape)),
        Kind::Model(_) => Err(ModelsError::Damaged { name: name.into() }),
        Kind::Vision => Err(ModelsError::OnlyVision { name: name.into() }),
        Kind::Another(kind) => Err(ModelsError::AnotherKind { name: name.into(), kind }),
    }
}

/// Holds a file that just arrived against what it was to be: whole, and of a kind that
/// Sotto has a use for.
pub(crate) fn check_arrived(path: &Path, name: &str) -> Result<(), ModelsError> {
    match model(path, name) {
        Ok(_) | Err(ModelsError::OnlyVision { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

fn unreadable(error: Unreadable, path: &Path, name: &str) -> ModelsError {
    let name = name.to_owned();
    match error {
        Unreadable::NotGguf => ModelsError::NotAModel { name },
        Unreadable::BreaksOff | Unreadable::Damaged => ModelsError::Damaged { name },
        Unreadable::OtherPacking => ModelsError::OtherPacking { name },
        Unreadable::Disk(cause) => ModelsError::disk(path)(cause),
    }
}

impl Library {
    /// Takes the model at `path`, telling how many bytes are done where it is copied. Blocks.
    /// Gives the path that the engine opens.
    pub fn import(
        &self,
        path: &Path,
        taking: Taking,
        stop: &CancellationToken,
        done: impl FnMut(u64),
    ) -> Result<PathBuf, ModelsError> {
        let found = look(path)?;
        if found.path.starts_with(self.folder()) {
            return Err(ModelsError::Already { name: found.name });
        }
        match taking {
            // A folder is many files; those who have one have a place for it.
            Taking::ACopy if !found.path.is_dir() => self.copy_in(&found, stop, done),
            Taking::ACopy | Taking::WhereItLies => {
                self.refer_to(&found.path)?;
                Ok(found.path)
            }
        }
    }

    /// Takes a model of another app. Its files may be called what the engine does not open, so
    /// they get a second name in the models' folder, and no second copy where the disk allows.
    pub fn take(&self, offered: &Offered) -> Result<PathBuf, ModelsError> {
        let Offered { found, vision, app } = offered;
        match app {
            App::LmStudio => self.import(&found.path, Taking::WhereItLies, &CancellationToken::new(), |_| {}),
            App::Ollama => {
                let name = file_name_for(&found.name);
                let folder = self.folder().join(format!("ollama--{name}"));
                let file = folder.join(format!("{name}.gguf"));
                if file.exists() {
                    return Err(ModelsError::Already { name: found.name.clone() });
                }
                fs::create_dir_all(&folder).map_err(ModelsError::disk(&folder))?;
                let seeing = folder.join(format!("{name}-mmproj.gguf"));
                // The model comes last: it is listed only when all of it is there.
                let parts = vision.iter().map(|path| (path, &seeing)).chain([(&found.path, &file)]);
                for (path, called) in parts {
                    name_again(path, called)?;
                    if let Some(digest) = elsewhere::promised(path) {
                        self.should_be(called, digest)?;
                    }
                }
                Ok(file)
            }
        }
    }

    fn copy_in(
        &self,
        found: &Found,
        stop: &CancellationToken,
        mut done: impl FnMut(u64),
    ) -> Result<PathBuf, ModelsError> {
        let file = files::file_name(&found.path);
        let folder = self.folder().join(file_name_for(&found.name));
        let to = folder.join(&file);
        if to.exists() {
            return Err(ModelsError::Already { name: found.name.clone() });
        }
        let sees = |path: &PathBuf| {
            files::is_gguf(path) && matches!(gguf::read(path).map(|header| header.kind), Ok(Kind::Vision))
        };
        let beside = found.path.parent().map(files::visible).unwrap_or_default();
        let vision = beside.into_iter().find(sees);
        let bytes = found.bytes + vision.as_deref().and_then(files::stamp).map_or(0, |(bytes, _)| bytes);
        fs::create_dir_all(&folder).map_err(ModelsError::disk(&folder))?;
        let free = machine::free_at(&folder).map_err(ModelsError::disk(&folder))?;
        if bytes > free {
            return Err(ModelsError::DiskFull { needed: bytes, free });
        }
        let mut before = 0;
        // The model comes last: it is listed only when all of it is there.
        for from in vision.iter().chain([&found.path]) {
            let name = files::file_name(from);
            let aside = folder.join(format!(".{name}.arriving"));
            let copied = copy_bytes(from, &aside, stop, &mut |so_far| done(before + so_far));
            let digest = match copied.map_err(ModelsError::disk(from)) {
                Ok(digest) => digest,
                Err(error) => {
                    let _ = fs::remove_file(&aside);
                    let _ = fs::remove_dir(&folder);
                    return Err(error);
                }
            };
            before += files::stamp(&aside).map_or(0, |(bytes, _)| bytes);
            fs::rename(&aside, folder.join(&name)).map_err(ModelsError::disk(&to))?;
            self.should_be(&folder.join(&name), digest)?;
        }
        files::sync_folder_of(&to);
        Ok(to)
    }
}

/// Gives a file a second name: on the same disk it is the same file, elsewhere it points
/// there, and only where neither can be done it is copied.
fn name_again(file: &Path, name: &Path) -> Result<(), ModelsError> {
    if fs::hard_link(file, name).is_ok() {
        return Ok(());
    }
    #[cfg(unix)]
    if std::os::unix::fs::symlink(file, name).is_ok() {
        return Ok(());
    }
    let aside = name.with_extension("arriving");
    copy_bytes(file, &aside, &CancellationToken::new(), &mut |_| {}).map_err(ModelsError::disk(file))?;
    fs::rename(&aside, name).map_err(ModelsError::disk(name))
}

/// A name as it can stand in a path on every system.
fn file_name_for(name: &str) -> String {
    let harmless = |c: char| if c.is_alphanumeric() || "-_.+".contains(c) { c } else { '-' };
    let name: String = name.chars().map(harmless).take(80).collect();
    let name = name.trim_matches('.');
    if name.is_empty() { "model".into() } else { name.into() }
}

/// The length and figures of a model in a folder in the Hugging Face layout: what
/// config.json says, and every file of weights, all there.
pub(crate) fn hub_folder(folder: &Path) -> Option<(u64, Shape)> {
    let config: Value = files::read_json(&folder.join("config.json"))?;
    let is_ours = config["architectures"].as_array()?.iter().any(|name| name == ARCHITECTURE);
    let text = &config["text_config"];
    let figure = |key: &str| text[key].as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n < 1 << 20);
    let head_size =
        figure("head_dim").or_else(|| figure("hidden_size")?.checked_div(figure("num_attention_heads")?))?;
    let shape = Shape {
        layers: figure("num_hidden_layers")?,
        kv_heads: figure("num_key_value_heads")?,
        head_size,
        longest: figure("max_position_embeddings")?,
    };
    let weights = parts_of(folder);
    let lengths: Option<Vec<u64>> = weights.iter().map(|part| Some(files::stamp(part)?.0)).collect();
    let bytes = lengths?.iter().sum();
    (is_ours && bytes > 0 && folder.join("tokenizer.json").is_file()).then_some((bytes, shape))
}

/// The files of weights in such a folder: those that the index names, or all there are.
pub(crate) fn parts_of(folder: &Path) -> Vec<PathBuf> {
    let index: Option<Value> = files::read_json(&folder.join("model.safetensors.index.json"));
    if let Some(map) = index.as_ref().and_then(|index| index["weight_map"].as_object()) {
        let mut names: Vec<&str> = map.values().filter_map(Value::as_str).collect();
        names.sort_unstable();
        names.dedup();
        // Names of files, not ways out of the folder.
        names.retain(|name| Path::new(name).file_name() == Some(name.as_ref()));
        return names.into_iter().map(|name| folder.join(name)).collect();
    }
    let weights = |path: &PathBuf| {
        path.extension().is_some_and(|extension| extension == "safetensors")
            && !files::file_name(path).starts_with("consolidated")
    };
    files::visible(folder).into_iter().filter(weights).collect()
}

#[cfg(test)]
mod tests;
