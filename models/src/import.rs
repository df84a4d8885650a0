//! "Use a file I have": a model that is on this machine already, looked through before
//! it is taken, then used where it lies or copied in.

mod other_apps;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sotto_gguf::{Model, name_of, sight_of};
use tokio_util::sync::CancellationToken;

pub use self::other_apps::{Offered, OtherApp, Places, offered};
use crate::{Library, ModelsError, Shape, files, files::copy_bytes, inspect, machine};

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

/// Looks through a GGUF file, a part of one, or a folder, without taking it. What the engine would
/// not take is refused in its words.
pub fn look(path: &Path) -> Result<Found, ModelsError> {
    let name = files::file_name(path);
    let path = std::path::absolute(path).ok().filter(|path| path.exists());
    let path = path.ok_or_else(|| ModelsError::Gone { name: name.clone() })?;
    // Paths are kept, and told to the engine, as text.
    if path.to_str().is_none() {
        return Err(ModelsError::NotUtf8 { name });
    }
    if path.is_dir() {
        if let Some(model) = only_model_in(&path)? {
            return look(&model);
        }
        let inspect::Looked { bytes, shape, .. } = inspect::folder(&path)?;
        return Ok(Found { name, path, bytes, shape });
    }
    if !files::is_gguf(&path) {
        return Err(ModelsError::NotAModel { name });
    }
    model(&path)
}

/// The one GGUF model in a folder that is not in the Hugging Face layout.
fn only_model_in(folder: &Path) -> Result<Option<PathBuf>, ModelsError> {
    if folder.join("config.json").exists() {
        return Ok(None);
    }
    let is_model = |path: &PathBuf| {
        let name = files::file_name(path);
        let further = sotto_gguf::part_of(&name).is_some_and(|part| part.number > 1);
        files::is_gguf(path) && !further && !sotto_gguf::is_named_as_vision(&name)
    };
    let mut models = files::visible(folder).into_iter().filter(is_model);
    match (models.next(), models.next()) {
        (Some(_), Some(_)) => Err(ModelsError::Several { name: files::file_name(folder) }),
        (only, _) => Ok(only),
    }
}

/// The model in a GGUF file, whatever the file is called.
fn model(path: &Path) -> Result<Found, ModelsError> {
    let model = Model::open(path)?;
    let first = model.files.first().map_or(path, PathBuf::as_path);
    Ok(Found {
        name: name_of(first),
        path: first.into(),
        bytes: model.bytes,
        shape: Shape::from(&model.text),
    })
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
            OtherApp::LmStudio | OtherApp::HuggingFace => {
                self.import(&found.path, Taking::WhereItLies, &CancellationToken::new(), |_| {})
            }
            OtherApp::Ollama => {
                // Before anything is made of it: what it was when it was offered is a while ago.
                Model::open(&found.path)?;
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
                    if let Some(digest) = other_apps::promised(path) {
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
        let model = Model::open(&found.path)?;
        let vision = sight_of(&model).vision;
        let bytes = found.bytes + vision.as_ref().map_or(0, |vision| vision.bytes);
        fs::create_dir_all(&folder).map_err(ModelsError::disk(&folder))?;
        let free = machine::free_at(&folder).map_err(ModelsError::disk(&folder))?;
        if bytes > free {
            return Err(ModelsError::DiskFull { needed: bytes, free });
        }
        let mut before = 0;
        // The model comes last, and its first part last of all: it is listed only when all of it
        // is there.
        let vision = vision.and_then(|vision| vision.path);
        for from in vision.iter().chain(model.files.iter().rev()) {
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

#[cfg(test)]
mod tests;
