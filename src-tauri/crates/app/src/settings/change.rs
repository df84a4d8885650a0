//! One thing that the user sets. A change is of its own field alone: whatever other windows and
//! terminals set meanwhile stays as they set it.

use std::path::PathBuf;

use sotto_domain::{Mood, allow, ban};

use super::{DeviceChoice, FirstRun, Settings, Share, Theme};

/// A field, and what it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The colours of the window.
    Theme(Theme),
    /// The size of prose, in pixels; kept within what can be read.
    TextSize(u32),
    /// How freely the model writes.
    Mood(Mood),
    /// One more phrase that the model never writes.
    Ban(String),
    /// One that it may write again.
    Allow(String),
    /// The seed; absent for chance.
    Seed(Option<u64>),
    /// How far the first run got.
    FirstRun(FirstRun),
    /// The model that was opened last; absent for the Guide.
    Model(Option<PathBuf>),
}

/// The same for how models are kept and run, and how the way out is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelChange {
    /// Whether the model is loaded when Sotto starts.
    LoadAtStart(bool),
    /// After how many minutes its memory is given back; absent for never.
    IdleMinutes(Option<u32>),
    /// What it computes on.
    Device(DeviceChoice),
    /// How much of the processor it takes.
    Share(Share),
    /// Whether what it read is kept over a restart.
    KeepTalks(bool),
    /// The server that models come from; absent for Hugging Face.
    Mirror(Option<String>),
    /// The proxy; absent for the system's own.
    Proxy(Option<String>),
    /// The file of certificates; absent for none.
    CaFile(Option<PathBuf>),
}

impl Change {
    /// The field's key.
    pub(crate) fn key(&self) -> &'static str {
        match self {
            Self::Theme(_) => "theme",
            Self::TextSize(_) => "text_size",
            Self::Mood(_) => "mood",
            Self::Ban(_) | Self::Allow(_) => "banned",
            Self::Seed(_) => "seed",
            Self::FirstRun(_) => "first_run",
            Self::Model(_) => "model",
        }
    }

    /// Makes it so.
    pub(crate) fn apply(self, settings: &mut Settings) {
        match self {
            Self::Theme(theme) => settings.theme = theme,
            Self::TextSize(size) => settings.text_size = size.clamp(15, 28),
            Self::Mood(mood) => settings.mood = mood,
            Self::Ban(phrase) => ban(&mut settings.banned, &phrase),
            Self::Allow(phrase) => allow(&mut settings.banned, &phrase),
            Self::Seed(seed) => settings.seed = seed,
            Self::FirstRun(step) => settings.first_run = step,
            Self::Model(model) => settings.model = model,
        }
    }
}

impl ModelChange {
    /// The field's key.
    pub(crate) fn key(&self) -> &'static str {
        match self {
            Self::LoadAtStart(_) => "models.load_at_start",
            Self::IdleMinutes(_) => "models.idle_minutes",
            Self::Device(_) => "models.device",
            Self::Share(_) => "models.share",
            Self::KeepTalks(_) => "models.keep_talks",
            Self::Mirror(_) => MIRROR,
            Self::Proxy(_) => PROXY,
            Self::CaFile(_) => CA_FILE,
        }
    }

    /// Makes it so.
    pub(crate) fn apply(self, settings: &mut Settings) {
        match self {
            Self::LoadAtStart(load) => settings.models.load_at_start = load,
            Self::IdleMinutes(minutes) => settings.models.idle_minutes = minutes,
            Self::Device(device) => settings.models.device = device,
            Self::Share(share) => settings.models.share = share,
            Self::KeepTalks(keep) => settings.models.keep_talks = keep,
            Self::Mirror(mirror) => settings.models.mirror = mirror,
            Self::Proxy(proxy) => settings.network.proxy = proxy,
            Self::CaFile(file) => settings.network.ca_file = file,
        }
    }
}

/// The key of the server that models come from.
pub(crate) const MIRROR: &str = "models.mirror";
/// The key of the proxy.
pub(crate) const PROXY: &str = "network.proxy";
/// The key of the file of certificates.
pub(crate) const CA_FILE: &str = "network.ca_file";
