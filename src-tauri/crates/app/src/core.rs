//! What the rooms share: the library, the engine, what is set, the way out. It does nothing by itself.

use std::{
    fs::File,
    path::PathBuf,
    sync::{Arc, Mutex, RwLock},
};

use sotto_domain::{Answering, LibraryKey};
use sotto_engine_client::Engine;
use sotto_models::{Models, Pace};
use sotto_store::{Changed, Store};
use tokio::sync::broadcast;

use crate::{
    clock::Clock,
    cloud_link::CloudLink,
    running::Running,
    settings::{StoredSettings, Watch},
};

pub(crate) struct Core {
    pub(crate) library: Arc<Store>,
    pub(crate) library_key: LibraryKey,
    pub(crate) engine: Engine,
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
