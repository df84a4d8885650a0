//! The models on offer, as they would be on this machine.

use serde::Serialize;
use sotto_models::{Entry, Fit, Trust};
use specta::Type;

use super::summary::rounded;

/// A model of the catalogue, with what it would be on this machine.
#[allow(clippy::struct_excessive_bools)] // the window asks each of these by itself
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueEntry {
    /// The same in transfers and installed models.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is good for.
    pub good_for: String,
    /// What it takes on the disk, in bytes.
    pub bytes: u64,
    /// What seeing pictures takes besides, in bytes; `None` where the model cannot learn to.
    pub vision_bytes: Option<u64>,
    /// What it takes in memory, in bytes.
    pub memory_bytes: u64,
    /// Written on this machine; `None` until it was measured.
    pub words_per_minute: Option<u32>,
    /// Whether it fits into memory.
    pub fit: FitKind,
    /// "Needs about 3.1 GB, 2.2 GB are free: close something, or take a smaller one."
    pub fit_words: String,
    /// Whether this is the one to begin with.
    pub recommended: bool,
    /// Why it is recommended.
    pub why: Option<String>,
    /// Whether it is here.
    pub installed: bool,
    /// Whether its checksum is in the catalogue; else the hub's own is taken.
    pub hash_known: bool,
}

/// Whether a model fits into memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FitKind {
    /// With room to spare.
    Well,
    /// If nothing else needs much.
    Tight,
    /// Not on this machine.
    No,
}

impl CatalogueEntry {
    /// `writes`: words a second, once that was measured; `why`: why it is recommended, if it is.
    pub(super) fn of(
        entry: &Entry,
        fit: Fit,
        writes: Option<f64>,
        why: Option<String>,
        installed: bool,
    ) -> Self {
        let (kind, needs) = match fit {
            Fit::Well { needs, .. } => (FitKind::Well, needs),
            Fit::Tight { needs, .. } => (FitKind::Tight, needs),
            Fit::No { needs, .. } => (FitKind::No, needs),
        };
        Self {
            id: entry.id.clone(),
            name: entry.name.clone(),
            good_for: entry.good_for.clone(),
            bytes: entry.bytes(),
            vision_bytes: entry.vision.bytes,
            memory_bytes: needs,
            words_per_minute: writes.map(|writes| rounded(writes * 60.0)),
            fit: kind,
            fit_words: fit.to_string(),
            recommended: why.is_some(),
            why,
            installed,
            hash_known: matches!(entry.text.trust, Trust::Pinned(_)),
        }
    }
}
