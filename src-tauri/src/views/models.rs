//! What the UI sees of models. Sizes are in bytes, times in seconds; sentences are ready
//! to show.

use serde::{Deserialize, Serialize};
use specta::Type;

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FirstRunView {
    pub step: FirstRunStep,
}

/// `done`: the user went through it, or left it for the Guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FirstRunStep {
    Welcome,
    Machine,
    Choose,
    Getting,
    Ready,
    Done,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MachineView {
    pub processor: String,
    pub cores: u32,
    /// What matters for speed, by the names on the box: "AVX2", "AVX-512".
    pub features: Vec<String>,
    pub memory_bytes: u64,
    pub memory_free_bytes: u64,
    pub disk_free_bytes: u64,
    /// The graphics card and its memory, in words; null where there is none to compute on.
    pub graphics: Option<String>,
    /// One or two sentences: what this machine is good for, and what stands in the way.
    pub summary: String,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MeasuredView {
    /// "Reads about 900 words a minute and writes about 240 with the recommended model."
    pub words: String,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueEntry {
    /// The same in transfers and installed models.
    pub id: String,
    pub name: String,
    pub good_for: String,
    pub bytes: u64,
    /// What seeing pictures takes besides; null where the model cannot learn to.
    pub vision_bytes: Option<u64>,
    pub memory_bytes: u64,
    /// Written on this machine; null until it was measured.
    pub words_per_minute: Option<u32>,
    pub fit: FitView,
    /// "Needs about 3.1 GB, 2.2 GB are free: close something, or take a smaller one."
    pub fit_words: String,
    pub recommended: bool,
    /// Why it is recommended.
    pub why: Option<String>,
    pub installed: bool,
    /// Whether its checksum is in the catalogue; else the hub's own is taken.
    pub hash_known: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FitView {
    Well,
    Tight,
    No,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TransferView {
    pub id: String,
    pub name: String,
    pub state: TransferStateView,
    pub done: u64,
    pub total: u64,
    pub bytes_per_second: Option<u64>,
    pub seconds_left: Option<u64>,
    /// Why it waits or failed.
    pub trouble: Option<String>,
}

/// `done` until the user puts it away: the offer to switch outlives the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TransferStateView {
    Waiting,
    Checking,
    Running,
    Paused,
    Failed,
    Done,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InstalledModel {
    pub id: String,
    pub name: String,
    pub bytes: u64,
    /// The file or folder.
    pub place: String,
    pub kind: InstalledKind,
    pub in_use: bool,
    /// It can be shown pictures as it is.
    pub sees: bool,
    /// "Checked: it is whole." Null when it never was.
    // And why it cannot see, where what lies beside it to see with is of no use.
    pub checked: Option<String>,
    /// Its file is not where it was.
    pub missing: bool,
}

/// `file`: the user opened it from where it lies; it is not the app's to move or throw away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum InstalledKind {
    Guide,
    Downloaded,
    File,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelTrash {
    pub models: Vec<TrashedModel>,
    /// What emptying it frees.
    pub bytes: u64,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TrashedModel {
    /// What `restoreModel` takes.
    pub id: String,
    pub name: String,
    pub bytes: u64,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelsFolder {
    pub path: String,
    /// All that is in it, the trash too.
    pub bytes: u64,
    /// Left on its disk.
    pub free_bytes: u64,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FoundFile {
    pub path: String,
    pub name: String,
    pub bytes: u64,
    /// "LM Studio", "Ollama", or the folder the user chose it from.
    pub from: String,
    pub usable: bool,
    pub why_not: Option<String>,
}

/// How far a check or a move is, in bytes.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Amount {
    pub done: u64,
    pub total: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelSettingsView {
    pub load: LoadWhen,
    /// Put away after so many minutes without a question; null: never.
    pub idle_minutes: Option<u32>,
    pub share: ShareView,
    /// Keep what the model read over a restart.
    pub keep_talks: bool,
    /// Where models come from instead of the hub; empty for the hub.
    pub mirror: String,
    /// Empty for the system's own.
    pub proxy: String,
    /// A file of certificates to trust besides the system's; empty for none.
    pub certificates: String,
    /// An access token is in the keychain. It is never shown again.
    pub token_kept: bool,
    /// The `id` of one of `devices`.
    pub device: String,
    /// What can be computed on; "automatic" first.
    pub devices: Vec<DeviceView>,
    /// "Holds about 12,000 words in mind. Other talks are kept ready, in up to 800 MB."
    pub memory_words: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LoadWhen {
    AtStart,
    OnDemand,
}

/// How much of the processor a model takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ShareView {
    All,
    LessOnBattery,
    Less,
}

#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeviceView {
    pub id: String,
    pub name: String,
}
