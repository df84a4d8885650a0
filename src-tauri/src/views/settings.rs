//! What is set, and one change of it at a time.

use serde::{Deserialize, Serialize};
use sotto_app::{Share, Theme};
use sotto_domain::Mood;
use specta::Type;

use super::LoadWhen;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    pub theme: Theme,
    /// Chat text size in pixels: 15 to 22.
    pub text_size: u32,
    pub mood: Mood,
    /// Phrases that the model never writes.
    pub banned_phrases: Vec<String>,
    /// Null for chance.
    pub seed: Option<u32>,
    /// Why the last backup failed, until one is made.
    pub backup_trouble: Option<String>,
}

/// One thing that the user sets. The others stay as they are.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "set", content = "to")]
pub enum SettingChange {
    Theme(Theme),
    TextSize(u32),
    Mood(Mood),
    /// One more phrase that the model never writes.
    Ban(String),
    /// One that it may write again.
    Allow(String),
    /// Null for chance.
    Seed(Option<u32>),
}

/// The same for how models are kept and run, and how the way out is found.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "set", content = "to")]
pub enum ModelSettingChange {
    Load(LoadWhen),
    /// Null: never.
    IdleMinutes(Option<u32>),
    Share(Share),
    KeepTalks(bool),
    /// The `id` of one of the devices.
    Device(String),
    /// Empty for the hub.
    Mirror(String),
    /// Empty for the system's own.
    Proxy(String),
    /// Empty for none.
    Certificates(String),
}
