//! Which model is to answer, and how it is to be loaded: what whoever knows the machine decides.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

pub use sotto_engine_protocol::Device;

/// How a model is to be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The most tokens of one talk that it may hold in mind.
    pub context: u32,
    /// The most tokens of other talks that it may keep in mind beside that.
    pub prefix_cache_tokens: u32,
    /// The most bytes of what it read to keep on the disk, so that it need not be read again
    /// after a restart.
    pub disk_cache_bytes: u64,
    /// What to compute on.
    pub device: Device,
    /// How many of the processor's cores to leave to others.
    pub spare_cores: u32,
    /// The most bytes of memory that it may take beside the files that it maps; all that
    /// the machine has where nothing is said.
    pub memory: Option<u64>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            context: 16_384,
            prefix_cache_tokens: 8192,
            disk_cache_bytes: 0,
            device: Device::Auto,
            spare_cores: 0,
            memory: None,
        }
    }
}

/// The model that is to answer, if any was chosen.
pub(crate) type Chosen = Arc<Mutex<Option<Choice>>>;

/// A model, and how it is to be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) path: PathBuf,
    pub(crate) plan: Plan,
}

/// What people call the model at `path`: a GGUF file's name, or the folder's.
pub(crate) fn model_name(path: &Path) -> String {
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gguf")) {
        return path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    }
    let folder = if path.is_file() { path.parent().unwrap_or(path) } else { path };
    let own = folder.file_name().unwrap_or(folder.as_os_str());
    // Hugging Face checkouts for several tools often keep the weights in `hf/`.
    let named = if own == "hf" { folder.parent().and_then(Path::file_name).unwrap_or(own) } else { own };
    named.to_string_lossy().into_owned()
}
