//! Models that other apps have brought to this machine: LM Studio keeps files by name,
//! Ollama by hash, with a small list for each model.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Found, look, model};
use crate::{Digest, files};

/// Where LM Studio keeps models, beneath the person's home.
const LM_STUDIO: [&str; 2] = [".lmstudio/models", ".cache/lm-studio/models"];
/// How deep: maker, model, file.
const DEEP: u8 = 3;
/// No app has more models worth looking through.
const MOST: usize = 2_000;

/// How the names of Ollama's files begin; a hash follows.
const PROMISE: &str = "sha256-";

/// Another app that runs models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum App {
    /// LM Studio.
    LmStudio,
    /// Ollama.
    Ollama,
}

/// A model of another app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offered {
    /// Whose it is.
    pub app: App,
    /// The model.
    pub found: Found,
    /// The part that sees, where it lies in a file of its own.
    pub vision: Option<PathBuf>,
}

/// The models of other apps that Sotto could use. `home` is the person's; `ollama` is where
/// Ollama was told to keep its models, if it was (`OLLAMA_MODELS`).
pub fn offered(home: &Path, ollama: Option<&Path>) -> Vec<Offered> {
    let mut offered = Vec::new();
    for folder in LM_STUDIO {
        let mut paths = Vec::new();
        walk(&home.join(folder), DEEP, &mut paths);
        let models = paths.iter().filter(|path| files::is_gguf(path)).filter_map(|path| look(path).ok());
        offered.extend(models.map(|found| Offered { app: App::LmStudio, found, vision: None }));
    }
    let own = home.join(".ollama/models");
    let ollama = ollama.unwrap_or(&own);
    let mut lists = Vec::new();
    // Registry, owner, model, tag.
    walk(&ollama.join("manifests"), 4, &mut lists);
    offered.extend(lists.iter().filter_map(|list| from_ollama(ollama, list)));
    offered
}

fn walk(folder: &Path, deep: u8, found: &mut Vec<PathBuf>) {
    for path in files::visible(folder) {
        if found.len() >= MOST {
            return;
        }
        match deep.checked_sub(1) {
            Some(less) if path.is_dir() => walk(&path, less, found),
            _ => found.push(path),
        }
    }
}

#[derive(Deserialize)]
struct Manifest {
    layers: Vec<Layer>,
}

#[derive(Deserialize)]
struct Layer {
    #[serde(rename = "mediaType")]
    kind: String,
    digest: String,
}

fn from_ollama(folder: &Path, list: &Path) -> Option<Offered> {
    let manifest: Manifest = files::read_json(list)?;
    let layer = |kind: &str| {
        let layer = manifest
            .layers
            .iter()
            .find(|layer| layer.kind == format!("application/vnd.ollama.image.{kind}"))?;
        // A hash and nothing else: it becomes part of a path.
        let digest: Digest = layer.digest.strip_prefix("sha256:")?.parse().ok()?;
        Some(folder.join("blobs").join(format!("{PROMISE}{digest}")))
    };
    let path = layer("model")?;
    let name = format!("{} {}", files::file_name(list.parent()?), files::file_name(list));
    let (bytes, shape) = model(&path, &name).ok()?;
    let found = Found { name, path, bytes, shape };
    let vision = layer("projector").filter(|path| path.is_file());
    Some(Offered { app: App::Ollama, found, vision })
}

/// The hash that the name of one of Ollama's files promises.
pub(super) fn promised(path: &Path) -> Option<Digest> {
    files::file_name(path).strip_prefix(PROMISE)?.parse().ok()
}
