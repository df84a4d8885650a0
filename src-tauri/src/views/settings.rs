//! What is set, and one change of it at a time.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{LoadWhen, ShareView};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    pub theme: ThemeView,
    /// Chat text size in pixels: 15 to 22.
    pub text_size: u32,
    pub mood: MoodView,
    /// Phrases that the model never writes.
    pub banned_phrases: Vec<String>,
    /// Null for chance.
    pub seed: Option<u32>,
    /// Why the last backup failed, until one is made.
    pub backup_trouble: Option<String>,
}

/// How freely the model writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum MoodView {
    Precise,
    Balanced,
    Imaginative,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ThemeView {
    System,
    Light,
    Dark,
}

/// One thing that the user sets. The others stay as they are.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "set", content = "to")]
pub enum SettingChange {
    Theme(ThemeView),
    TextSize(u32),
    Mood(MoodView),
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
    Share(ShareView),
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

/// One thing that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UnreadView {
    /// What `settle_setting` takes; null where nothing at all can be read.
    pub key: Option<String>,
    /// What that means for now.
    pub sentence: String,
    /// What settling makes of it, for a button.
    pub settle: String,
}
