//! Opening the app: the library, the preferences, the engine.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, RwLock},
};

use sotto_domain::Answering;
use sotto_engine_client::{Engine, EngineOptions, Timeouts};
use sotto_secrets::{Keys, Vault};
use sotto_store::StoreError;
use tokio::sync::broadcast;

use crate::{
    App, backups, chats,
    clock::Clock,
    cloud_link::CloudLink,
    core::Core,
    home,
    library::{self, LibraryError},
    models::{self, Models},
    running::Running,
    settings::{StoredSettings, Watch},
};

/// The file that whoever is at home has locked.
const KEY: &str = "lock";

/// How many commits whoever listens may lag behind.
const FEED: usize = 256;

/// What [`App::open`] needs to know.
#[derive(Clone)]
pub struct Options {
    /// Where everything of the user's lies.
    pub home: PathBuf,
    /// The engine's program.
    pub engine: PathBuf,
    /// The small model that comes with Sotto.
    pub guide: Option<PathBuf>,
    /// What time it is.
    pub clock: Clock,
    /// Where the user's keys are kept.
    pub keys: Keys,
}

/// Why the app could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The library could not be opened; its sentence says why.
    #[error(transparent)]
    Library(#[from] StoreError),
    /// It could not be opened with its key.
    #[error(transparent)]
    Closed(#[from] LibraryError),
    /// The folder could not be read or written.
    #[error("Sotto cannot use its folder {}: {cause}. Nothing was changed.", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// Nothing says where the user's folder is to be.
    #[error(
        "Sotto does not know where to keep your work: this system names no place for it. \
         Set SOTTO_HOME to a folder, then start Sotto again."
    )]
    NoFolder,
    /// The models' folder cannot be used.
    #[error(transparent)]
    Models(#[from] sotto_models::ModelsError),
}

impl App {
    /// Opens or makes everything under `options.home`. Must be called within a Tokio
    /// runtime.
    ///
    /// # Errors
    /// [`OpenError`]; nothing of the user's was changed then.
    pub fn open(options: Options) -> Result<Self, OpenError> {
        let engine = Engine::new(EngineOptions {
            program: options.engine.clone(),
            scratch: options.home.join("engine"),
            pictures: options.home.join("pictures"),
            timeouts: Timeouts::default(),
        });
        let answering = Arc::new(engine.clone());
        Self::open_with(options, engine, answering)
    }

    pub(crate) fn open_with(
        options: Options,
        engine: Engine,
        answering: Arc<dyn Answering>,
    ) -> Result<Self, OpenError> {
        let Options { home, clock, keys, guide, .. } = options;
        let folder = |cause| OpenError::Folder { folder: home.clone(), cause };
        let home = home::make(&home).map_err(folder)?;
        let database = home.join(home::LIBRARY);
        // Whoever was here before made both, the database first.
        let was_here = home.join(KEY).exists();
        let lost = was_here && fs::metadata(&database).map_or(0, |file| file.len()) == 0;
        // One process after another: a key is made once, and so is what an earlier version left encrypted.
        let vault = Vault::enter(&home, &keys).map_err(LibraryError::Key)?;
        let in_use = backups::bring_in(&home).map_err(folder)?;
        let (library, library_key) = library::open(&home, &vault, &in_use, &backups::at_home(&home))?;
        drop(vault);
        library.seed_starting_points(chats::BUILT_IN)?;
        let door_key = take_key(&home).map_err(folder)?;
        if door_key.is_some() {
            // Nobody else is at home, so whatever still looks half-written was cut off.
            let cut_off = library.mark_interrupted()?;
            library.let_go_of_pictures()?;
            tracing::debug!(cut_off, "answers were cut off last time");
        }
        let library = Arc::new(library);
        let changed = broadcast::Sender::new(FEED);
        let tells = changed.clone();
        // Nobody may be listening.
        library.listen(move |what| drop(tells.send(what.to_vec())));
        let settings = Arc::new(StoredSettings::open(library.clone(), &home, lost)?);
        let watch = Watch::begin(library.clone(), settings.clone())?;
        let cloud = CloudLink::new(&settings, keys, library.clone(), clock);
        let shelf = models::open(&home, &settings, cloud.door(), clock, cloud.keys().clone())?;
        engine.rest_after(models::idle(&settings.get()));
        let core = Core {
            library,
            library_key,
            engine,
            answering,
            settings,
            cloud,
            models: RwLock::new(Arc::new(shelf)),
            pace: Mutex::default(),
            guide,
            home,
            clock,
            running: Running::default(),
            turns: tokio::sync::RwLock::default(),
            watch,
            changed,
            _in_use: in_use,
            _door_key: door_key,
        };
        let models = Models { core: &core };
        if let Some(model) = models.in_use() {
            models.choose(&model);
        }
        Ok(Self { library: core.library.clone(), engine: core.engine.clone(), core })
    }
}

/// The key to this home, or `None` when another Sotto has it.
fn take_key(home: &Path) -> io::Result<Option<File>> {
    let key = File::options().create(true).truncate(false).write(true).open(home.join(KEY))?;
    match key.try_lock() {
        Ok(()) => Ok(Some(key)),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}
