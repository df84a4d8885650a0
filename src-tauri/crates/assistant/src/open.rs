//! Opening the house: the library, the preferences, the engine.

use std::{
    collections::HashMap,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use sotto_domain::{Answering, AnsweringError, ConversationId, Timestamp};
use sotto_engine_client::{Engine, EngineOptions, Patience};
use sotto_store::{Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::{Settings, settings::SettingsFile, starting_points};

/// Tells the time. Passed in, so that tests own it.
pub type Clock = fn() -> Timestamp;

/// The most of a talk, in tokens, that the engine holds in mind.
const CONTEXT: u32 = 16_384;

/// What [`Sotto::open`] needs to know.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where everything of hers lies.
    pub home: PathBuf,
    /// The engine's program.
    pub engine: PathBuf,
    /// What time it is.
    pub clock: Clock,
}

/// The whole app without a window.
pub struct Sotto {
    /// Conversations, projects and the trash.
    pub library: Arc<Store>,
    /// What answers on this device.
    pub engine: Engine,
    pub(crate) answering: Arc<dyn Answering>,
    pub(crate) settings: SettingsFile,
    pub(crate) clock: Clock,
    pub(crate) runs: Mutex<HashMap<ConversationId, CancellationToken>>,
    // Held for as long as we live: it says that somebody is at home.
    _door_key: Option<File>,
}

/// Why the house could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The library could not be opened; its sentence says why.
    #[error(transparent)]
    Library(#[from] StoreError),
    /// The folder could not be read or written.
    #[error("Sotto cannot use its folder {}: {cause}. Nothing was changed.", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
}

impl Sotto {
    /// Opens or makes everything under `options.home`. Must be called within a Tokio
    /// runtime.
    ///
    /// # Errors
    /// [`OpenError`]; nothing of hers was changed then.
    pub fn open(options: Options) -> Result<Self, OpenError> {
        let engine = Engine::new(EngineOptions {
            program: options.engine.clone(),
            scratch: options.home.join("engine"),
            context: CONTEXT,
            patience: Patience::default(),
        });
        let answering = Arc::new(engine.clone());
        Self::open_with(options, engine, answering)
    }

    pub(crate) fn open_with(
        options: Options,
        engine: Engine,
        answering: Arc<dyn Answering>,
    ) -> Result<Self, OpenError> {
        let Options { home, clock, .. } = options;
        let folder = |cause| OpenError::Folder { folder: home.clone(), cause };
        make_private(&home).map_err(folder)?;
        let library = Store::open(&home.join("library.db"))?;
        library.seed_starting_points(starting_points::BUILT_IN)?;
        let door_key = take_key(&home).map_err(folder)?;
        if door_key.is_some() {
            // Nobody else is at home, so whatever still looks half-written was cut off.
            let cut_off = library.mark_interrupted()?;
            tracing::debug!(cut_off, "answers were cut off last time");
        }
        let settings = SettingsFile::open(&home.join("settings.json")).map_err(folder)?;
        if let Some(model) = settings.get().model {
            engine.choose(&model);
        }
        Ok(Self {
            library: Arc::new(library),
            engine,
            answering,
            settings,
            clock,
            runs: Mutex::default(),
            _door_key: door_key,
        })
    }

    /// Loads the model at `path` and remembers it for next time.
    ///
    /// # Errors
    /// [`AnsweringError`]; the model opened before stays in use.
    pub async fn open_model(&self, path: &Path) -> Result<(), AnsweringError> {
        self.engine.open(path).await?;
        if let Err(error) = self.settings.change(|settings| settings.model = Some(path.to_owned())) {
            tracing::warn!(%error, "the opened model could not be remembered");
        }
        Ok(())
    }

    /// The preferences as they are.
    pub fn settings(&self) -> Settings {
        self.settings.get()
    }

    /// Changes the preferences.
    ///
    /// # Errors
    /// When they cannot be written; they stay as they were then.
    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) -> io::Result<()> {
        self.settings.change(change)
    }
}

/// Makes the folder, for her eyes alone where the system knows such a thing.
fn make_private(home: &Path) -> io::Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(home)
}

/// The key to this home, or `None` when another Sotto has it.
fn take_key(home: &Path) -> io::Result<Option<File>> {
    let key = File::options().create(true).truncate(false).write(true).open(home.join("lock"))?;
    match key.try_lock() {
        Ok(()) => Ok(Some(key)),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}
