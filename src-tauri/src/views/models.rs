//! What the UI sees of models. Sizes are in bytes, times in seconds; sentences are ready
//! to show.

use serde::{Deserialize, Serialize};
use sotto_app::{FirstRun, Share};
use specta::Type;

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FirstRunView {
    pub step: FirstRun,
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
    pub share: Share,
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

#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DeviceView {
    pub id: String,
    pub name: String,
}
