//! What the user prefers and decided. It is kept in the library's database, a row for each field.

mod change;
mod earlier;
mod paths;
mod stored;
mod unread;
mod values;
mod watch;

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};
use sotto_domain::{Mood, NanoUsd, Project, ban};
use specta::Type;

pub use change::{Change, ModelChange};
pub(crate) use stored::StoredSettings;
pub use unread::{Unread, UnreadField};
pub(crate) use watch::Watch;

/// What the user prefers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light, dark, or as the system is.
    pub theme: Theme,
    /// The size of prose, in pixels: 15 to 22.
    pub text_size: u32,
    /// How freely the model writes.
    pub mood: Mood,
    /// The model that was opened last.
    #[serde(with = "paths")]
    pub model: Option<PathBuf>,
    /// Phrases that the model never writes.
    pub banned: Vec<String>,
    /// The same seed draws the same words; a fresh one each time where absent.
    pub seed: Option<u64>,
    /// How far the first run got.
    pub first_run: FirstRun,
    /// Where backups are kept, and how the last one went.
    pub backups: BackupSettings,
    /// How models are kept and run.
    pub models: ModelSettings,
    /// Nothing leaves this device while this is on, whatever else is set.
    pub offline_lock: bool,
    /// How the way out is found.
    pub network: NetworkSettings,
    /// What may answer elsewhere.
    pub cloud: CloudSettings,
}

/// Where backups are kept, and how the last one went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BackupSettings {
    /// The folder that the user named, in which they have a folder of their own; absent for one in
    /// Sotto's.
    #[serde(with = "paths")]
    pub folder: Option<PathBuf>,
    /// What was written in the library when the last one was made.
    pub mark: Option<String>,
    /// Why the last one failed, until one is made.
    pub trouble: Option<String>,
}

/// How models are kept and run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelSettings {
    /// Where they lie, if not in Sotto's own folder.
    #[serde(with = "paths")]
    pub folder: Option<PathBuf>,
    /// Load the model when Sotto starts, not when it is first asked.
    pub load_at_start: bool,
    /// Give its memory back after so many minutes without a question; never where absent.
    pub idle_minutes: Option<u32>,
    /// What it computes on.
    pub device: DeviceChoice,
    /// How much of the processor it takes.
    pub share: Share,
    /// Keep what the model read over a restart.
    pub keep_talks: bool,
    /// Another hub than Hugging Face's own.
    pub mirror: Option<String>,
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self {
            folder: None,
            load_at_start: true,
            idle_minutes: Some(30),
            device: DeviceChoice::Automatic,
            share: Share::All,
            keep_talks: true,
            mirror: None,
        }
    }
}

/// What the model computes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceChoice {
    /// The best there is.
    #[default]
    Automatic,
    /// The processor.
    Processor,
    /// The graphics card.
    Graphics,
}

/// How much of the processor a model takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// All of it.
    #[default]
    All,
    /// All of it; less while the machine runs on its battery.
    LessOnBattery,
    /// Some cores are left to other programs.
    Less,
}

/// How the way out is found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkSettings {
    /// A proxy's address; the system's own where absent.
    pub proxy: Option<String>,
    /// A file of certificates to trust besides the system's.
    #[serde(with = "paths")]
    pub ca_file: Option<PathBuf>,
}

/// What may answer elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CloudSettings {
    /// Whether anything may at all.
    pub on: bool,
    /// The providers that the user set up, by their ids.
    pub providers: BTreeMap<String, ProviderSettings>,
    /// Servers in the user's own network that they confirmed, by their origins.
    pub confirmed: Vec<String>,
    /// The most that conversations without a project may cost in a month.
    pub monthly_cap: Option<NanoUsd>,
}

/// How a provider is reached. Its key is in the keychain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProviderSettings {
    /// What its address leaves open: a region, a resource's name, the user's own server's address.
    pub place: String,
    /// The organisation that pays, where that can be said.
    pub bill_to: String,
    /// The user says that answers of their own server cost nothing.
    pub free: bool,
}

/// How far the first run got.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FirstRun {
    /// What stays here.
    #[default]
    Welcome,
    /// A look at the machine.
    Machine,
    /// Which model.
    Choose,
    /// It is on its way.
    Getting,
    /// A first thing to try.
    Ready,
    /// It is over.
    Done,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            text_size: 18,
            mood: Mood::Balanced,
            model: None,
            banned: Vec::new(),
            seed: None,
            first_run: FirstRun::default(),
            backups: BackupSettings::default(),
            models: ModelSettings::default(),
            offline_lock: false,
            network: NetworkSettings::default(),
            cloud: CloudSettings::default(),
        }
    }
}

impl Settings {
    /// How freely a model writes in a project, or in none, and what it never writes there.
    pub(crate) fn writing(&self, project: Option<&Project>) -> (Mood, Vec<String>) {
        let mut banned = self.banned.clone();
        let Some(project) = project else { return (self.mood, banned) };
        project.banned.iter().for_each(|phrase| ban(&mut banned, phrase));
        (project.mood.unwrap_or(self.mood), banned)
    }
}

/// The colours of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system is.
    System,
    /// Paper.
    Light,
    /// Night.
    Dark,
}
