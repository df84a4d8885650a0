//! What a model sees with: the part in the model's own file, where Ollama's converter puts it, or one
//! beside the model, found by what it is, and by its name only where several would do.

use std::{
    cmp::Reverse,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    family::VISION,
    model::Model,
    refused::{Refused, Why},
    split,
    vision::Vision,
};

/// What a model sees with.
#[derive(Debug, Default)]
pub struct Sight {
    /// The part that fits.
    pub vision: Option<Vision>,
    /// Why none does, where something is there.
    pub trouble: Option<Refused>,
}

/// Whether a file's name says that it is the part of a model that sees.
pub fn is_named_as_vision(name: &str) -> bool {
    name.to_lowercase().contains("mmproj")
}

/// What `model` sees with: what is in its own file, or else what lies beside it. What is broken or
/// was made for another model leaves the model without sight; it is no reason not to open it.
pub fn sight_of(model: &Model) -> Sight {
    let Some(path) = model.files.first() else { return Sight::default() };
    let mut found = Sight::default();
    match Vision::within(&model.header, &model.text) {
        None => {}
        Some(Ok(vision)) => return Sight { vision: Some(vision), trouble: None },
        Some(Err(why)) => found.trouble = Some(why.of(path)),
    }
    let own = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let alike = |name: &str| name.bytes().zip(own.bytes()).take_while(|(a, b)| a == b).count();
    let mut candidates: Vec<_> = beside(path)
        .into_iter()
        .map(|file| (file.file_name().unwrap_or_default().to_string_lossy().into_owned(), file))
        .filter(|(name, file)| {
            is_named_as_vision(name) || split::architecture_at(file).as_deref() == Some(VISION)
        })
        .collect();
    candidates.sort_by_key(|(name, _)| (Reverse(alike(name)), name.clone()));
    for (_, file) in candidates {
        match Vision::open(&file) {
            Ok(vision) if vision.projection == model.text.hidden => {
                return Sight { vision: Some(vision), trouble: None };
            }
            Ok(_) => found.trouble = found.trouble.or_else(|| Some(Why::SightOfAnother.of(&file))),
            Err(refused) => found.trouble = found.trouble.or(Some(refused)),
        }
    }
    found
}

/// Other GGUF files in the same folder.
fn beside(path: &Path) -> Vec<PathBuf> {
    /// More than any folder of models holds.
    const MOST: usize = 4096;
    let is_gguf = |path: &Path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gguf"));
    let entries = path.parent().map(fs::read_dir).into_iter().flatten().flatten().flatten().take(MOST);
    entries.map(|entry| entry.path()).filter(|other| other != path && is_gguf(other)).collect()
}

#[cfg(test)]
mod tests;
