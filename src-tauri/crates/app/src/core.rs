//! What every room of the app shares: the library, the engine, what is set, the way out.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, RwLock},
};

use sotto_domain::Answering;
use sotto_engine_client::Engine;
use sotto_models::{Models, Pace};
use sotto_store::{Changed, Store, StoreError};
use tokio::sync::{broadcast, watch};

use crate::{
    Change, Settings, Unread,
    clock::Clock,
    cloud_link::CloudLink,
    running::Running,
    settings::{StoredSettings, Watch},
};

/// The whole app without a window.
pub struct App {
    /// Conversations, projects and the trash.
    pub library: Arc<Store>,
    /// What answers on this device.
    pub engine: Engine,
    pub(crate) answering: Arc<dyn Answering>,
    pub(crate) settings: Arc<StoredSettings>,
    pub(crate) cloud: CloudLink,
    pub(crate) models: RwLock<Arc<Models>>,
    pub(crate) pace: Mutex<Option<Pace>>,
    pub(crate) guide: Option<PathBuf>,
    pub(crate) home: PathBuf,
    pub(crate) clock: Clock,
    pub(crate) running: Running,
    /// Held to read by answers of the model in use, to write by one of another model.
    pub(crate) turns: tokio::sync::RwLock<()>,
    pub(crate) watch: Watch,
    pub(crate) changed: broadcast::Sender<Vec<Changed>>,
    // Held for as long as we live, by every process: nobody puts another library in its place.
    pub(crate) _in_use: File,
    // Held for as long as we live: it says that somebody is at home.
    pub(crate) _door_key: Option<File>,
}

impl App {
    /// The folder in which everything of the user's lies.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The preferences as they are.
    pub fn settings(&self) -> Settings {
        self.settings.get()
    }

    /// Changes one of the preferences.
    ///
    /// # Errors
    /// When it cannot be written; it stays as it was then.
    pub fn change(&self, change: Change) -> Result<(), StoreError> {
        self.settings.decide(&[change.key()], |settings| change.apply(settings))
    }

    /// What of the preferences could not be read, and counts as closed where it was promised.
    pub fn unread_settings(&self) -> Option<Unread> {
        self.settings.unread()
    }

    /// The user has looked at a field that could not be read: it is from now on what it counts as.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn settle_setting(&self, key: &str) -> Result<(), StoreError> {
        self.settings.settle(key)?;
        self.follow_settings();
        Ok(())
    }

    /// What each commit changes, here and in every other process. Who lags behind has missed
    /// something: anything may be another then.
    pub fn library_changes(&self) -> broadcast::Receiver<Vec<Changed>> {
        self.changed.subscribe()
    }

    /// Counts what is written into the library, here and by every other process.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.watch.changes()
    }
}
