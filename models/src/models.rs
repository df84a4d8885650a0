//! All that is done with models, in one place: what is on offer, what is here, what is on
//! its way.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use sotto_domain::Timestamp;
use sotto_domain::waiting;
use sotto_egress::Door;
use tokio::{sync::watch, task::spawn_blocking};
use tokio_util::sync::CancellationToken;

use crate::{
    Catalog, Entry, Found, Installed, Library, ModelsError, MoveError, Offered, Removed, Source, Taking,
    Trashed, Verdict,
    catalog::{file_name, hub_file, local_name},
    download::{DownloadRecord, DownloadRecords, Downloads, FreeSpace, Means, Timeouts, Transfer, try_lock},
    hub::{HUB, Hub, RulesNow, Tokens},
    library::{Standing, finish_moving},
    machine,
};

/// What [`Models::open`] needs to know.
#[derive(Clone)]
pub struct Options {
    /// Where models lie. Need not be there yet.
    pub folder: PathBuf,
    /// The way out.
    pub door: Door,
    /// The rules for what may leave, asked each time.
    pub rules: RulesNow,
    /// The hub or a mirror of it.
    pub endpoint: String,
    /// What the hub knows the user by, for models that are not given to everybody.
    pub tokens: Tokens,
    /// Milliseconds since the epoch.
    pub clock: fn() -> Timestamp,
    /// What is on offer.
    pub catalog: Catalog,
    /// How long to wait for what.
    pub timeouts: Timeouts,
    /// What is free on a disk.
    pub free: FreeSpace,
}

impl Options {
    /// The hub's own address, no token, and the timeouts of a patient user.
    pub fn new(folder: PathBuf, door: Door, rules: RulesNow, clock: fn() -> Timestamp) -> Self {
        Self {
            folder,
            door,
            rules,
            endpoint: HUB.into(),
            tokens: Arc::new(|_| None),
            clock,
            catalog: Catalog::built_in(),
            timeouts: Timeouts::default(),
            free: Arc::new(machine::free_at),
        }
    }
}

/// What of a model is to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parts {
    /// The model, for text.
    Text,
    /// The model, and the part that sees.
    All,
    /// The part that sees, for a model that is here already.
    Vision,
}

/// The models of one folder.
pub struct Models {
    options: Options,
    hub: RwLock<Hub>,
    library: RwLock<Arc<Library>>,
    downloads: RwLock<Downloads>,
}

impl Models {
    /// Opens the folder; nothing is sent by that. Must be called within a Tokio runtime.
    pub fn open(options: Options) -> Result<Self, ModelsError> {
        finish_moving(&options.folder);
        let hub = hub(&options, options.door.clone(), &options.endpoint);
        let library = Library::new(options.folder.clone(), options.catalog.clone());
        let downloads = Downloads::open(means(&options, options.folder.clone(), hub.clone()));
        Ok(Self {
            hub: RwLock::new(hub),
            library: RwLock::new(Arc::new(library)),
            downloads: RwLock::new(downloads),
            options,
        })
    }

    /// What is on offer.
    pub fn catalog(&self) -> &Catalog {
        &self.options.catalog
    }

    /// Where models lie.
    pub fn folder(&self) -> PathBuf {
        self.library().folder().into()
    }

    /// What is here.
    pub fn installed(&self) -> Vec<Installed> {
        waiting(|| self.library().installed())
    }

    /// A model that is here, by its id or its path.
    pub fn find(&self, id: &str) -> Result<Installed, ModelsError> {
        waiting(|| self.library().find(id))
    }

    /// Begins to get a model, by its id in the catalogue or as `owner/name:file.gguf`, or goes
    /// on with it. Gives the name by which it is watched, paused, resumed and cancelled.
    pub fn get(&self, name: &str, parts: Parts) -> Result<String, ModelsError> {
        self.get_from(None, name, parts)
    }

    /// The same from a server named for this alone. It is kept with what has arrived: whoever goes
    /// on with it asks there.
    pub fn get_from(&self, endpoint: Option<&str>, name: &str, parts: Parts) -> Result<String, ModelsError> {
        let hub = self.hub.read().unwrap_or_else(PoisonError::into_inner).clone();
        let endpoint = endpoint.map(|endpoint| hub.at(endpoint)).transpose()?;
        endpoint.as_ref().unwrap_or(&hub).origin()?;
        let now = (self.options.clock)();
        let (model, records) = match self.options.catalog.find(name) {
            Ok(entry) => (entry.id.clone(), of_entry(entry, parts, now)),
            Err(unknown) if !name.contains(['/', ':']) => return Err(unknown),
            Err(_) => {
                let source = hub_file(name)?;
                let parts = sources(source);
                let model = parts.first().map(|source| format!("{}:{}", source.repo, source.file));
                let model = model.unwrap_or_else(|| name.to_owned());
                let records = parts.into_iter().map(|source| {
                    let called = file_name(&source.file).to_owned();
                    record(&model, called, source.repo.folder(), source, now)
                });
                (model.clone(), records.collect())
            }
        };
        let library = self.library();
        let installed = waiting(|| library.installed());
        // What is here and not known to be damaged need not come again.
        let is_damaged = |record: &DownloadRecord| {
            let path = library.folder().join(&record.family).join(&record.file);
            installed.iter().any(|model| model.path == path && matches!(model.standing, Standing::Damaged(_)))
        };
        let missing: Vec<_> = records
            .into_iter()
            .filter(|record| !library.has(&record.family, &record.file) || is_damaged(record))
            .map(|record| DownloadRecord {
                endpoint: endpoint.as_ref().map(|hub| hub.endpoint().to_owned()),
                ..record
            })
            .collect();
        if missing.is_empty() {
            return Err(ModelsError::Already { name: name.into() });
        }
        self.with_downloads(|downloads| downloads.get(&missing))?;
        Ok(model)
    }

    /// Goes on with the downloads that were under way when the app last ended.
    pub fn carry_on(&self) {
        self.with_downloads(Downloads::carry_on);
    }

    /// Stops a download for a while; what has arrived is kept. It has stopped when this returns.
    pub async fn pause(&self, model: &str) {
        let paused = self.with_downloads(|downloads| downloads.pause(model));
        paused.await;
    }

    /// Goes on with a download that is paused or was given up.
    pub fn resume(&self, model: &str) {
        self.with_downloads(|downloads| downloads.resume(model));
    }

    /// Stops a download for good: when this returns, nothing of it is left. One that is done
    /// only goes out of sight.
    pub async fn cancel(&self, model: &str) -> Result<(), ModelsError> {
        let cancelled = self.with_downloads(|downloads| downloads.cancel(model));
        cancelled.await
    }

    /// The downloads, now and as they change.
    pub fn watch(&self) -> watch::Receiver<Vec<Transfer>> {
        self.with_downloads(Downloads::watch)
    }

    /// From now on goes out by this door, to this server. What is under way goes on by it, from
    /// where it is; a file for which a server of its own was named stays with that one.
    pub fn ask(&self, door: Door, endpoint: &str) {
        let hub = hub(&self.options, door, endpoint);
        self.with_downloads(|downloads| downloads.ask(hub.clone()));
        *self.hub.write().unwrap_or_else(PoisonError::into_inner) = hub;
    }

    /// Whether this is the server that is asked where no other is named.
    pub fn asks(&self, endpoint: &str) -> bool {
        self.hub.read().unwrap_or_else(PoisonError::into_inner).is_at(endpoint)
    }

    /// Takes a model that lies on this machine, telling how many bytes are done.
    pub async fn import(
        &self,
        path: &Path,
        taking: Taking,
        stop: CancellationToken,
        done: impl FnMut(u64) + Send + 'static,
    ) -> Result<Installed, ModelsError> {
        let path = path.to_path_buf();
        self.off_thread(move |library| {
            let path = library.import(&path, taking, &stop, done)?;
            library.find_at(&path)
        })
        .await
    }

    /// Takes a model of another app.
    pub async fn take(&self, offered: Offered) -> Result<Installed, ModelsError> {
        self.off_thread(move |library| {
            let path = library.take(&offered)?;
            library.find_at(&path)
        })
        .await
    }

    /// Looks through a file or folder without taking it.
    pub async fn look(&self, path: &Path) -> Result<Found, ModelsError> {
        let path = path.to_path_buf();
        self.off_thread(move |_| crate::import::look(&path)).await
    }

    /// Reads all of a model and says whether its bytes are right, telling how many are done.
    pub async fn verify(
        &self,
        id: &str,
        stop: CancellationToken,
        done: impl FnMut(u64) + Send + 'static,
    ) -> Result<Verdict, ModelsError> {
        let (id, now) = (id.to_owned(), (self.options.clock)());
        self.off_thread(move |library| library.verify(&id, now, &stop, done)).await
    }

    /// Puts a model into the trash.
    pub fn remove(&self, id: &str) -> Result<Removed, ModelsError> {
        waiting(|| self.library().remove(id, (self.options.clock)()))
    }

    /// What lies in the trash, the latest first.
    pub fn trash(&self) -> Vec<Trashed> {
        waiting(|| self.library().trash())
    }

    /// Takes a model out of the trash again.
    pub fn restore(&self, trashed: &str) -> Result<(), ModelsError> {
        waiting(|| self.library().restore(trashed))
    }

    /// Deletes what lies in the trash, and says how many bytes that freed.
    pub fn empty_trash(&self) -> Result<u64, ModelsError> {
        waiting(|| self.library().empty_trash())
    }

    /// Moves all models to another folder, on any disk. `switch` notes the new folder so that the
    /// next start opens it; when that fails, all stays as it was. No model may be in use.
    pub async fn relocate<E: Send + 'static>(
        &self,
        to: &Path,
        stop: CancellationToken,
        done: impl FnMut(u64) + Send + 'static,
        switch: impl FnOnce(&Path) -> Result<(), E> + Send + 'static,
    ) -> Result<(), MoveError<E>> {
        let lock = DownloadRecords::of(&self.folder()).lock();
        let Some(held) = try_lock(&lock).map_err(ModelsError::disk(&lock))? else {
            return Err(ModelsError::InUse.into());
        };
        let (library, target) = (self.library(), to.to_path_buf());
        let moved = spawn_blocking(move || {
            let moved = library.relocate(&target, &stop, done, switch);
            drop(held);
            moved
        });
        moved.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))?;
        let hub = self.hub.read().unwrap_or_else(PoisonError::into_inner).clone();
        let downloads = Downloads::open(means(&self.options, to.into(), hub));
        let library = Library::new(to.into(), self.options.catalog.clone());
        *self.downloads.write().unwrap_or_else(PoisonError::into_inner) = downloads;
        *self.library.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(library);
        Ok(())
    }

    fn library(&self) -> Arc<Library> {
        self.library.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn with_downloads<T>(&self, then: impl FnOnce(&Downloads) -> T) -> T {
        waiting(|| then(&self.downloads.read().unwrap_or_else(PoisonError::into_inner)))
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Library) -> Result<T, ModelsError> + Send + 'static,
    ) -> Result<T, ModelsError> {
        let library = self.library();
        let done = spawn_blocking(move || work(&library)).await;
        done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }
}

fn hub(options: &Options, door: Door, endpoint: &str) -> Hub {
    Hub::new(door, options.rules.clone(), endpoint, options.tokens.clone(), options.timeouts.stall)
}

fn means(options: &Options, folder: PathBuf, hub: Hub) -> Means {
    Means {
        folder,
        catalog: options.catalog.clone(),
        hub,
        timeouts: options.timeouts,
        free: options.free.clone(),
        clock: options.clock,
    }
}

/// The files of a model in several, whichever of them was named.
fn sources(named: Source) -> Vec<Source> {
    match sotto_gguf::part_of(file_name(&named.file)) {
        Some(part) => {
            let folder = named.file.strip_suffix(file_name(&named.file)).unwrap_or_default();
            let source =
                |file: String| Source { file: format!("{folder}{file}"), bytes: None, ..named.clone() };
            part.all().map(source).collect()
        }
        None => vec![named],
    }
}

fn of_entry(entry: &Entry, parts: Parts, now: Timestamp) -> Vec<DownloadRecord> {
    let text = || record(&entry.id, entry.name.clone(), entry.family.clone(), entry.text.clone(), now);
    let vision = || {
        let name = format!("{}: picture support", entry.name);
        record(&entry.id, name, entry.family.clone(), entry.vision.clone(), now)
    };
    match parts {
        Parts::Text => vec![text()],
        Parts::All => vec![text(), vision()],
        Parts::Vision => vec![vision()],
    }
}

fn record(model: &str, name: String, family: String, source: Source, now: Timestamp) -> DownloadRecord {
    DownloadRecord {
        model: model.into(),
        name,
        family,
        file: local_name(&source.file),
        source,
        asked: now,
        resting: false,
        details: None,
        endpoint: None,
    }
}
