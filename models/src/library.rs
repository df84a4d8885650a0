//! The models that are here: what lies in the models' folder, and what is used where it
//! lies elsewhere.
//!
//! What counts is what is on the disk. `.index.json` only remembers what took time to
//! find out (headers, hashes), and is made again where it is lost. Nothing half-made is
//! ever listed: downloads and copies arrive under names that are not looked at, and a
//! file that is shorter than its header says is passed over.

mod index;
mod relocate;
mod trash;

use std::path::{Path, PathBuf};

use serde::Serialize;
use sotto_domain::Timestamp;
use sotto_gguf::{Model, Sight, Vision, sight_of};
use tokio_util::sync::CancellationToken;

use self::index::{Index, Known};
pub use self::{
    relocate::{MoveError, finish_moving},
    trash::{Removed, Trashed},
};
use crate::{
    Catalog, Digest, ModelsError, Shape,
    catalog::{file_name, hub_file, local_name},
    digest::digest_file,
    files, inspect,
};

/// The models' folder.
#[derive(Debug)]
pub struct Library {
    folder: PathBuf,
    catalog: Catalog,
}

/// A model that is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Installed {
    /// What commands call it: the catalogue's id, or its place.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What the engine opens: a GGUF file, or a folder in the Hugging Face layout.
    pub path: PathBuf,
    /// Whether it lies in the models' folder.
    pub place: Place,
    /// What it takes on the disk, without the part that sees.
    pub bytes: u64,
    /// Whether it sees.
    pub sees: bool,
    /// The part that sees, where it lies beside the model, and its length.
    pub vision: Option<(PathBuf, u64)>,
    /// Why what lies beside it to see with is of no use, in words.
    pub blind: Option<String>,
    /// What its memory is reckoned from.
    pub shape: Shape,
    /// Whether its bytes are known to be right.
    pub standing: Standing,
    /// When its file was last changed: when it came.
    pub since: Timestamp,
}

impl Installed {
    /// What it weighs in memory, the part that sees included.
    pub fn weight(&self) -> crate::Weight {
        let vision = self.vision.as_ref().map_or(0, |(_, bytes)| *bytes);
        crate::Weight { files: self.bytes + vision, shape: self.shape }
    }
}

impl Installed {
    /// Its files of weights, without the part that sees.
    pub fn files(&self) -> Vec<PathBuf> {
        if self.path.is_dir() { inspect::parts_of(&self.path) } else { sotto_gguf::files_of(&self.path) }
    }
}

/// Where a model lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the models' folder.
    Here,
    /// Elsewhere on this machine; Sotto only reads it.
    Elsewhere,
}

/// What is known of a model's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody looked since the file last changed.
    Unchecked,
    /// They were right at this time.
    Verified(Timestamp),
    /// They were wrong at this time: it should be got again.
    Damaged(Timestamp),
}

/// What looking through a model's bytes showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They are right.
    Right,
    /// They are wrong: the model is damaged.
    Wrong,
    /// Nobody said what they should be. From now on they are held against what they are now.
    NothingToCompare,
}

impl Library {
    /// The library in this folder, which need not be there yet.
    pub fn new(folder: PathBuf, catalog: Catalog) -> Self {
        Self { folder, catalog }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What is here, in order of name.
    pub fn installed(&self) -> Vec<Installed> {
        let mut index = Index::read(&self.folder);
        let before = index.clone();
        let mut found = Vec::new();
        for folder in files::visible(&self.folder).into_iter().filter(|path| path.is_dir()) {
            if let Some(model) = self.folder_model(&folder, Place::Here) {
                found.push(model);
                continue;
            }
            for file in files::visible(&folder).into_iter().filter(|path| files::is_gguf(path)) {
                found.extend(self.model(&file, Place::Here, &mut index));
            }
        }
        for path in index::elsewhere(&self.folder) {
            let model = if path.is_dir() {
                self.folder_model(&path, Place::Elsewhere)
            } else {
                self.model(&path, Place::Elsewhere, &mut index)
            };
            found.extend(model);
        }
        if index != before
            && let Err(error) = Index::change(&self.folder, |notes| notes.take_over(index))
        {
            tracing::warn!(%error, "what was found out about models could not be noted");
        }
        found.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.path.cmp(&b.path)));
        found
    }

    /// The model that is called this: by its id, by its path, or as it is called on the hub.
    pub fn find(&self, id: &str) -> Result<Installed, ModelsError> {
        let on_hub = hub_file(id).ok();
        // Of a model in parts, each of them names it.
        let first = |file: String| match sotto_gguf::part_of(&file) {
            Some(part) => part.called(1),
            None => file,
        };
        let key =
            on_hub.map(|source| format!("{}/{}", source.repo.folder(), first(local_name(&source.file))));
        let mut installed = self.installed().into_iter();
        installed
            .find(|model| model.id == id || Some(&model.id) == key.as_ref() || model.path == Path::new(id))
            .ok_or_else(|| ModelsError::Unknown { name: id.into() })
    }

    /// The model that is opened by this path, whatever letters its name has.
    pub fn find_at(&self, path: &Path) -> Result<Installed, ModelsError> {
        let found = self.installed().into_iter().find(|model| model.path == path);
        found.ok_or_else(|| ModelsError::Unknown { name: path.to_string_lossy().into() })
    }

    /// Reads a model's bytes, and those of the part that sees, and holds them against what
    /// they should be. Tells how many bytes are done. Blocks.
    pub fn verify(
        &self,
        id: &str,
        now: Timestamp,
        stop: &CancellationToken,
        mut done: impl FnMut(u64),
    ) -> Result<Verdict, ModelsError> {
        let model = self.find(id)?;
        let mut verdict = Verdict::Right;
        let mut before = 0;
        for file in model.files().into_iter().chain(model.vision.map(|(path, _)| path)) {
            let (bytes, _) =
                files::stamp(&file).ok_or_else(|| ModelsError::Gone { name: files::file_name(&file) })?;
            let digest =
                digest_file(&file, stop, |so_far| done(before + so_far)).map_err(ModelsError::disk(&file))?;
            before += bytes;
            match (self.judge(&file, digest, now)?, verdict) {
                (Verdict::Wrong, _) => verdict = Verdict::Wrong,
                (Verdict::NothingToCompare, Verdict::Right) => verdict = Verdict::NothingToCompare,
                (Verdict::NothingToCompare | Verdict::Right, _) => {}
            }
        }
        Ok(verdict)
    }

    /// Notes that a file that just arrived is what it should be.
    pub(crate) fn arrived(&self, file: &Path, digest: Digest, now: Timestamp) -> Result<(), ModelsError> {
        self.note(file, |known| Known { should_be: Some(digest), verified: Some(now), wrong: None, ..known })
    }

    /// Notes what the hash of a file should be, without having read it now.
    pub(crate) fn should_be(&self, file: &Path, digest: Digest) -> Result<(), ModelsError> {
        self.note(file, |known| Known { should_be: Some(digest), ..known })
    }

    fn note(&self, file: &Path, change: impl FnOnce(Known) -> Known) -> Result<(), ModelsError> {
        let key = self.key(file);
        let noted = Index::change(&self.folder, |index| {
            if let Some(known) = Known::of(file, index.get(&key)) {
                index.set(key, change(known));
            }
        });
        noted.map_err(ModelsError::disk(&self.folder))
    }

    /// Uses a file or folder where it lies.
    pub(crate) fn refer_to(&self, path: &Path) -> Result<(), ModelsError> {
        let mut paths = index::elsewhere(&self.folder);
        if !paths.contains(&path.to_path_buf()) {
            paths.push(path.into());
            index::set_elsewhere(&self.folder, &paths).map_err(ModelsError::disk(&self.folder))?;
        }
        Ok(())
    }

    /// Whether a file in the folder of a family is here and whole.
    pub(crate) fn has(&self, family: &str, file: &str) -> bool {
        sotto_gguf::is_whole(&self.folder.join(family).join(file))
    }

    fn judge(&self, file: &Path, digest: Digest, now: Timestamp) -> Result<Verdict, ModelsError> {
        let damaged = || ModelsError::Damaged { name: files::file_name(file) };
        let known = Known::of(file, Index::read(&self.folder).get(&self.key(file))).ok_or_else(damaged)?;
        let verdict = match self.pinned(file, known.bytes).or(known.should_be) {
            Some(right) if right != digest => Verdict::Wrong,
            Some(_) => Verdict::Right,
            None => Verdict::NothingToCompare,
        };
        self.note(file, |known| match verdict {
            Verdict::Wrong => Known { verified: None, wrong: Some(now), ..known },
            Verdict::Right => Known { verified: Some(now), wrong: None, ..known },
            Verdict::NothingToCompare => {
                Known { should_be: Some(digest), verified: Some(now), wrong: None, ..known }
            }
        })?;
        Ok(verdict)
    }

    /// The hash that comes with Sotto for this file: by its place, or, for one that lies
    /// elsewhere, by its name and length.
    fn pinned(&self, file: &Path, bytes: u64) -> Option<Digest> {
        let family = files::file_name(file.parent()?);
        let name = files::file_name(file);
        if file.starts_with(&self.folder) {
            return self.catalog.pinned(&family, &name);
        }
        let entry = self
            .catalog
            .entries
            .iter()
            .find(|entry| file_name(&entry.text.file) == name && entry.text.bytes == Some(bytes))?;
        self.catalog.pinned(&entry.family, &name)
    }

    fn model(&self, file: &Path, place: Place, index: &mut Index) -> Option<Installed> {
        let key = self.key(file);
        let family = files::file_name(file.parent()?);
        let name = files::file_name(file);
        if is_further_part(file) {
            return None;
        }
        let known = Known::of(file, index.get(&key))?;
        index.set(key.clone(), known.clone());
        let (shape, width) = (known.shape?, known.width);
        let entry = match place {
            Place::Here => self.catalog.of_file(&family, &name),
            Place::Elsewhere => None,
        };
        let vision = sight_beside(file, &mut |path| {
            let key = self.key(path);
            let known = Known::of(path, index.get(&key))?;
            index.set(key, known.clone());
            (known.is_vision && known.width == width).then_some(known.bytes)
        });
        let own_sight = known.own_sight;
        let vision = vision.filter(|_| own_sight != Some(true));
        let sees = vision.is_some() || own_sight == Some(true);
        Some(Installed {
            id: entry.map_or(key, |entry| entry.id.clone()),
            name: entry.map_or_else(|| sotto_gguf::name_of(file), |entry| entry.name.clone()),
            path: file.into(),
            place,
            bytes: known.bytes,
            blind: if sees { None } else { blind(file, own_sight.is_some()) },
            sees,
            vision,
            shape,
            standing: known.standing(),
            since: known.changed,
        })
    }

    fn folder_model(&self, folder: &Path, place: Place) -> Option<Installed> {
        let inspect::Looked { bytes, shape, sees, blind } = inspect::folder(folder).ok()?;
        Some(Installed {
            id: self.key(folder),
            name: files::file_name(folder),
            path: folder.into(),
            place,
            bytes,
            sees,
            vision: None,
            blind,
            shape,
            standing: Standing::Unchecked,
            since: files::stamp(&folder.join("config.json")).map_or(0, |(_, changed)| changed),
        })
    }

    /// How the index calls a file: its place in the folder, or its whole path.
    fn key(&self, path: &Path) -> String {
        let inside = path.strip_prefix(&self.folder).unwrap_or(path);
        // The same on every system.
        inside.to_string_lossy().replace('\\', "/")
    }
}

/// The part that sees beside a model, found as the engine finds it: of those that fit, the one
/// that is called most like the model. `bytes` gives the length of one that fits.
fn sight_beside(model: &Path, bytes: &mut dyn FnMut(&Path) -> Option<u64>) -> Option<(PathBuf, u64)> {
    let name = files::file_name(model);
    let alike =
        |path: &Path| files::file_name(path).bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
    let beside =
        files::visible(model.parent()?).into_iter().filter(|path| path != model && files::is_gguf(path));
    let found = beside.filter_map(|path| Some((bytes(&path)?, path)));
    let (bytes, path) = found.min_by_key(|(_, path)| (std::cmp::Reverse(alike(path)), path.clone()))?;
    Some((path, bytes))
}

/// Why what a model has to see with is of no use. It is looked for where there is something: in the
/// model itself, or beside it by its name.
fn blind(model: &Path, within: bool) -> Option<String> {
    let mut beside = files::visible(model.parent()?).into_iter();
    let is_named = |path: &Path| sotto_gguf::is_named_as_vision(&files::file_name(path));
    if !within && !beside.any(|path| files::is_gguf(&path) && is_named(&path)) {
        return None;
    }
    sight_of(&Model::open(model).ok()?).trouble.map(|refused| refused.to_string())
}

impl Known {
    /// What is known of a file, or of a model in several: as noted if nothing has changed, else
    /// looked up.
    fn of(file: &Path, noted: Option<&Self>) -> Option<Self> {
        let is_first = sotto_gguf::part_of(&files::file_name(file)).is_some_and(|part| part.number == 1);
        let (bytes, changed) =
            if is_first { files::stamp_all(&sotto_gguf::files_of(file))? } else { files::stamp(file)? };
        match noted {
            Some(noted) if noted.is_of(bytes, changed) => Some(noted.clone()),
            // A hash outlives a change: that is what it is for.
            Some(noted) => {
                Some(Self { should_be: noted.should_be, ..Self::looked_up(file, bytes, changed)? })
            }
            None => Self::looked_up(file, bytes, changed),
        }
    }

    /// `None` for what is not whole.
    fn looked_up(file: &Path, bytes: u64, changed: Timestamp) -> Option<Self> {
        let nothing = Self { bytes, changed, checks: index::CHECKS, ..Self::default() };
        Some(match sotto_gguf::architecture_at(file).as_deref() {
            Some("clip") => match Vision::open(file) {
                Ok(vision) => Self { is_vision: true, width: vision.projection, ..nothing },
                Err(refused) if refused.why.is_damage() => return None,
                Err(_) => nothing,
            },
            _ => match Model::open(file) {
                Ok(model) => Self {
                    shape: Some(Shape::from(&model.text)),
                    width: model.text.hidden,
                    own_sight: own_sight(&model),
                    ..nothing
                },
                Err(refused) if refused.why.is_damage() && !is_further_part(file) => return None,
                Err(_) => nothing,
            },
        })
    }

    fn standing(&self) -> Standing {
        match (self.wrong, self.verified) {
            (Some(at), _) => Standing::Damaged(at),
            (None, Some(at)) => Standing::Verified(at),
            (None, None) => Standing::Unchecked,
        }
    }
}

/// Whether what a model has in its own file to see with is of use; `None` where it has nothing.
fn own_sight(model: &Model) -> Option<bool> {
    model.has_sight_within().then(|| match sight_of(model) {
        Sight { vision: Some(vision), .. } => vision.path.is_none(),
        Sight { vision: None, .. } => false,
    })
}

/// Whether a file is a part of a model, and not the first.
fn is_further_part(file: &Path) -> bool {
    sotto_gguf::part_of(&files::file_name(file)).is_some_and(|part| part.number > 1)
}

#[cfg(test)]
mod tests;
