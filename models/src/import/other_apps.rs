//! Models that other apps have brought to this machine: LM Studio keeps files by name, Ollama by
//! hash, with a small list for each model, and what speaks to the hub keeps folders of links.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Found, look, model};
use crate::{Digest, files};

/// No app has more models worth looking through.
const MOST: usize = 2_000;

/// How the names of Ollama's files begin; a hash follows.
const PROMISE: &str = "sha256-";

/// Another app that runs models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OtherApp {
    /// LM Studio.
    LmStudio,
    /// Ollama.
    Ollama,
    /// Whatever gets models by Hugging Face's own library.
    HuggingFace,
}

/// A model of another app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offered {
    /// Whose it is.
    pub app: OtherApp,
    /// The model.
    pub found: Found,
    /// The part that sees, where it lies in a file of its own.
    pub vision: Option<PathBuf>,
}

/// Where other apps keep models.
#[derive(Debug, Clone, Default)]
pub struct Places {
    lm_studio: Vec<PathBuf>,
    ollama: Vec<PathBuf>,
    hugging_face: Vec<PathBuf>,
}

impl Places {
    /// Where they do on this machine. `home` is the user's; `variable` gives a variable of the
    /// environment, by which some apps are told to use another folder.
    pub fn of(home: &Path, variable: impl Fn(&str) -> Option<PathBuf>) -> Self {
        let cache = variable("XDG_CACHE_HOME").unwrap_or_else(|| home.join(".cache"));
        let hugging_face = variable("HF_HUB_CACHE").or_else(|| Some(variable("HF_HOME")?.join("hub")));
        let mut ollama: Vec<_> = variable("OLLAMA_MODELS").into_iter().collect();
        ollama.push(home.join(".ollama/models"));
        // Where its installer makes it a service, with a home of its own.
        let services =
            ["/usr/share/ollama/.ollama/models", "/var/lib/ollama/.ollama/models", "/var/lib/ollama/models"];
        ollama.extend(services.map(PathBuf::from));
        Self {
            lm_studio: lm_studio(home, &cache),
            ollama,
            hugging_face: vec![hugging_face.unwrap_or_else(|| cache.join("huggingface/hub"))],
        }
    }
}

/// The folders of LM Studio: the one that it was told to use, or the one in its own folder,
/// which may have been moved too.
fn lm_studio(home: &Path, cache: &Path) -> Vec<PathBuf> {
    #[derive(Deserialize)]
    struct Settings {
        #[serde(rename = "downloadsFolder")]
        downloads: Option<PathBuf>,
    }
    let moved = files::read_line(&home.join(".lmstudio-home-pointer")).map(PathBuf::from);
    let homes = moved.into_iter().chain([home.join(".lmstudio"), cache.join("lm-studio")]);
    let models = |own: PathBuf| {
        let settings: Option<Settings> = files::read_small(&own.join("settings.json"));
        let told = settings.and_then(|settings| settings.downloads);
        told.into_iter().chain([own.join("models")])
    };
    homes.flat_map(models).collect()
}

/// The models of other apps that Sotto could use, each once.
pub fn offered(places: &Places) -> Vec<Offered> {
    let mut offered: Vec<Offered> = Vec::new();
    for folder in &places.lm_studio {
        // Maker, model, file.
        offer_files(folder, 3, OtherApp::LmStudio, &mut offered);
    }
    for ollama in &places.ollama {
        let mut lists = Vec::new();
        // Registry, owner, model, tag.
        walk(&ollama.join("manifests"), 4, &mut lists);
        offered.extend(lists.iter().filter_map(|list| from_ollama(ollama, list)));
    }
    for hub in &places.hugging_face {
        for repo in files::visible(hub).iter().filter(|path| files::file_name(path).starts_with("models--")) {
            for snapshot in files::visible(&repo.join("snapshots")) {
                match look(&snapshot) {
                    Ok(found) => {
                        // A folder is called by a hash; people know the repository.
                        let name = files::file_name(repo).trim_start_matches("models--").replace("--", "/");
                        let name = if found.path.is_dir() { name } else { found.name.clone() };
                        offer(Found { name, ..found }, OtherApp::HuggingFace, &mut offered);
                    }
                    Err(_) => offer_files(&snapshot, 2, OtherApp::HuggingFace, &mut offered),
                }
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    // The same file may be reached by two folders.
    offered.retain(|offered| {
        let path = &offered.found.path;
        seen.insert(std::fs::canonicalize(path).unwrap_or_else(|_| path.clone()))
    });
    offered
}

/// Offers the models in files so deep in a folder.
fn offer_files(folder: &Path, deep: u8, app: OtherApp, offered: &mut Vec<Offered>) {
    let mut paths = Vec::new();
    walk(folder, deep, &mut paths);
    let is_first =
        |path: &PathBuf| sotto_gguf::part_of(&files::file_name(path)).is_none_or(|part| part.number == 1);
    for path in paths.iter().filter(|path| files::is_gguf(path) && is_first(path)) {
        if let Ok(found) = look(path) {
            offer(found, app, offered);
        }
    }
}

fn offer(found: Found, app: OtherApp, offered: &mut Vec<Offered>) {
    offered.push(Offered { app, found, vision: None });
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
    let manifest: Manifest = files::read_small(list)?;
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
    let found = Found { name, ..model(&path).ok()? };
    let vision = layer("projector").filter(|path| sotto_gguf::Vision::open(path).is_ok());
    Some(Offered { app: OtherApp::Ollama, found, vision })
}

/// The hash that the name of one of Ollama's files promises.
pub(super) fn promised(path: &Path) -> Option<Digest> {
    files::file_name(path).strip_prefix(PROMISE)?.parse().ok()
}
