//! Removing a model is putting it into the trash, where it lies until the trash is
//! emptied or it is taken out again. Nothing is copied: files are renamed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sotto_domain::Timestamp;

use super::{Library, Place, index};
use crate::{ModelsError, files};

const TRASH: &str = ".trash";
const WHAT: &str = "what.json";

/// A model in the trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trashed {
    /// What commands call it while it lies there.
    pub id: String,
    /// What people call the model.
    pub name: String,
    /// When it was removed.
    pub at: Timestamp,
    /// What emptying the trash would free of it. Nothing where the file is not Sotto's.
    pub bytes: u64,
    /// The folder within the library that its files came from.
    family: String,
    /// The files' names.
    files: Vec<String>,
    /// Where it lay, if it was used there.
    elsewhere: Option<PathBuf>,
}

/// What removing did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Removed {
    /// The model in the trash.
    pub trashed: Trashed,
}

impl Library {
    /// Puts a model into the trash, and the part that sees with it where no other model in
    /// its folder uses that. A file that lies elsewhere stays where it is.
    pub fn remove(&self, id: &str, now: Timestamp) -> Result<Removed, ModelsError> {
        let model = self.find(id)?;
        let trash = self.folder().join(TRASH);
        let place = (0..1000).map(|n| format!("{now}-{n}")).find(|name| !trash.join(name).exists());
        let mut trashed = Trashed {
            id: place.unwrap_or_else(|| now.to_string()),
            name: model.name.clone(),
            at: now,
            bytes: 0,
            family: String::new(),
            files: Vec::new(),
            elsewhere: None,
        };
        let into = trash.join(&trashed.id);
        let disk = |path: &Path| ModelsError::disk(path);
        match model.place {
            Place::Elsewhere => {
                trashed.elsewhere = Some(model.path.clone());
                files::write_json(&into.join(WHAT), &trashed).map_err(disk(&trash))?;
                self.forget(&model.path)?;
            }
            Place::Here => {
                let Some(from) = model.path.parent() else { return Err(ModelsError::NotAPlace) };
                let family = self.installed().into_iter().filter(|other| other.path.parent() == Some(from));
                let alone = family.count() == 1;
                let vision = model.vision.clone().filter(|_| alone);
                trashed.family = files::file_name(from);
                trashed.bytes = model.bytes + vision.as_ref().map_or(0, |(_, bytes)| *bytes);
                let model_files = if model.path.is_dir() { vec![model.path.clone()] } else { model.files() };
                let paths: Vec<_> = model_files.into_iter().chain(vision.map(|(path, _)| path)).collect();
                trashed.files = paths.iter().map(|path| files::file_name(path)).collect();
                // What it was is written first: whatever moves after that can be brought back.
                files::write_json(&into.join(WHAT), &trashed).map_err(disk(&trash))?;
                for path in &paths {
                    fs::rename(path, into.join(files::file_name(path))).map_err(disk(path))?;
                }
                // It stays where something else lies in it.
                let _ = fs::remove_dir(from);
            }
        }
        Ok(Removed { trashed })
    }

    /// What lies in the trash, the latest first.
    pub fn trash(&self) -> Vec<Trashed> {
        let folders = files::visible(&self.folder().join(TRASH)).into_iter();
        let mut trashed: Vec<Trashed> =
            folders.filter_map(|folder| files::read_small(&folder.join(WHAT))).collect();
        trashed.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        trashed
    }

    /// Takes a model out of the trash, back to where it was.
    pub fn restore(&self, id: &str) -> Result<(), ModelsError> {
        let trashed = self.trash().into_iter().find(|trashed| trashed.id == id);
        let trashed = trashed.ok_or_else(|| ModelsError::Gone { name: id.into() })?;
        let from = self.folder().join(TRASH).join(&trashed.id);
        if let Some(path) = &trashed.elsewhere {
            self.refer_to(path)?;
        } else {
            let to = self.folder().join(&trashed.family);
            if trashed.files.iter().any(|file| from.join(file).exists() && to.join(file).exists()) {
                return Err(ModelsError::Already { name: trashed.name });
            }
            fs::create_dir_all(&to).map_err(ModelsError::disk(&to))?;
            for file in trashed.files.iter().filter(|file| from.join(file).exists()) {
                fs::rename(from.join(file), to.join(file)).map_err(ModelsError::disk(&to.join(file)))?;
            }
        }
        fs::remove_dir_all(&from).map_err(ModelsError::disk(&from))
    }

    /// Deletes for good what lies in the trash, and says how many bytes that freed.
    pub fn empty_trash(&self) -> Result<u64, ModelsError> {
        let trash = self.folder().join(TRASH);
        let bytes = self.trash().iter().map(|trashed| trashed.bytes).sum();
        match fs::remove_dir_all(&trash) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(ModelsError::disk(&trash)(error))
            }
            Ok(()) | Err(_) => Ok(bytes),
        }
    }

    fn forget(&self, path: &Path) -> Result<(), ModelsError> {
        let mut paths = index::elsewhere(self.folder());
        paths.retain(|other| other != path);
        index::set_elsewhere(self.folder(), &paths).map_err(ModelsError::disk(self.folder()))
    }
}
