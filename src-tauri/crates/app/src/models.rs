//! The models of this machine, as the user meets them: what is on offer and what would run well,
//! what is here, and the one in use.

mod installed;
mod offers;
mod plan;
mod proof;
mod summary;
mod transfers;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
    time::Duration,
};

use serde::Serialize;
use sotto_domain::{AnsweringError, Secret, waiting};
use sotto_egress::{Origin, Reach, typed};
use sotto_engine_client::EngineState;
use sotto_models::{
    Bytes, Entry, Machine, Models as ModelLibrary, ModelsError, Offered, Options, Parts, Places, RulesNow,
    Weight, fit, machine, recommend,
};
use sotto_secrets::{Keep, KeyError, Keys, Place};
use specta::Type;

use crate::{Change, Clock, FirstRun, ModelChange, Settings, core::Core, settings::StoredSettings};

pub use installed::{
    FoundFile, GUIDE, InstalledKind, InstalledModel, ModelTrash, ModelsFolder, TrashedModel,
};
pub use offers::{CatalogueEntry, FitKind};
pub use summary::{MachineSummary, words_held};
pub use transfers::{ModelTransfer, ModelTransferState, model_transfers};

/// What the small model that comes with Sotto is called.
pub const GUIDES_NAME: &str = sotto_guide::NAME;

/// The account of the keychain that holds the hub's access token.
const HUB_ACCOUNT: &str = "hub";

/// How fast this machine was found to be.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Measured {
    /// "Reads about 900 words a minute and writes about 240 with the recommended model.", or why none is
    /// recommended.
    pub words: String,
}

/// The models of this machine.
#[derive(Clone, Copy)]
pub struct Models<'a> {
    pub(crate) core: &'a Core,
}

impl<'a> Models<'a> {
    /// What is here, what is on its way, and where it lies.
    pub fn library(self) -> Arc<ModelLibrary> {
        self.core.models.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The small model that comes with Sotto, where it was installed.
    pub fn guide(self) -> Option<&'a Path> {
        self.core.guide.as_deref()
    }

    /// Whether there is nothing on this device to ask.
    pub fn has_no_model(self) -> bool {
        self.core.settings.get().model.is_none() && self.core.guide.is_none()
    }

    /// The model that answers on this device, the Guide where no other was chosen.
    pub fn in_use(self) -> Option<PathBuf> {
        self.core.settings.get().model.or_else(|| self.core.guide.clone())
    }

    /// How far the first run got; it is over for who has used Sotto before it had one.
    pub fn first_run(self) -> FirstRun {
        let settings = self.core.settings.get();
        let old_friend = || {
            settings.model.is_some() || self.core.library.conversations().is_ok_and(|talks| !talks.is_empty())
        };
        match settings.first_run {
            FirstRun::Welcome if old_friend() => FirstRun::Done,
            step => step,
        }
    }

    /// What people call the model that would answer on this device now: the one in use, or another
    /// that was chosen for this run.
    pub fn name_of_chosen(self) -> Option<String> {
        let path = self.core.engine.chosen()?;
        if self.core.guide.as_ref() == Some(&path) {
            return Some(GUIDES_NAME.into());
        }
        self.library().installed().into_iter().find(|model| model.path == path).map(|model| model.name)
    }

    /// Goes on with the downloads that were under way when Sotto last ended. Only the window does
    /// so: a command in the terminal does what it was asked for and no more.
    pub fn carry_on_downloads(self) {
        self.library().carry_on();
    }

    /// Begins to get a model, or goes on with it; from `endpoint` where one is named. An address in
    /// the user's own network is confirmed by having been typed here.
    ///
    /// # Errors
    /// [`ModelsError`]; nothing was sent then.
    pub fn get(self, endpoint: Option<&str>, name: &str, parts: Parts) -> Result<String, ModelsError> {
        if let Some(endpoint) = endpoint {
            let there = Origin::of(&typed(endpoint))?;
            if let Err(error) = self.core.settings.change(|settings| confirm(settings, &there)) {
                tracing::warn!(%error, "the server could not be noted as confirmed");
            }
        }
        self.library().get_from(endpoint, name, parts)
    }

    /// Begins to get a model of the catalogue; of one that is here, the part that sees.
    ///
    /// # Errors
    /// [`ModelsError`]; nothing was sent then.
    pub fn get_listed(self, id: &str, with_vision: bool) -> Result<String, ModelsError> {
        let models = self.library();
        let parts = match (with_vision, models.find(id).is_ok()) {
            (true, true) => Parts::Vision,
            (true, false) => Parts::All,
            (false, _) => Parts::Text,
        };
        models.get(id, parts)
    }

    /// Loads the model in use before anybody asks. What goes wrong stands in the engine's state.
    pub async fn wake(self) {
        let Some(path) = self.in_use() else { return };
        let loaded = match waiting(|| self.plan(&path)) {
            Ok(plan) => self.core.engine.open(&path, plan).await,
            Err(error) => Err(error),
        };
        if let Err(error) = loaded {
            tracing::info!(%error, "the model was not loaded at the start");
        }
    }

    /// What this machine has. Waits for the disk.
    pub fn machine(self) -> Machine {
        machine::look(&self.library().folder())
    }

    /// The same, for people. Waits for the disk.
    pub fn machine_summary(self) -> MachineSummary {
        MachineSummary::of(&self.machine())
    }

    /// Measures for about a second how fast this machine is, and recommends a model.
    pub fn measure(self) -> Measured {
        let pace = machine::measure();
        *self.core.pace.lock().unwrap_or_else(PoisonError::into_inner) = Some(pace);
        let machine = self.machine();
        let models = self.library();
        let advice = recommend(&machine, &pace, models.catalog());
        let model = advice.model.and_then(|id| models.catalog().find(&id).cloned().ok());
        Measured { words: model.map_or(advice.why, |entry| summary::speed(&entry, pace)) }
    }

    /// The models on offer, the smallest first.
    pub fn offers(self) -> Vec<CatalogueEntry> {
        let (models, machine) = (self.library(), self.machine());
        let pace = *self.core.pace.lock().unwrap_or_else(PoisonError::into_inner);
        let advice = pace.map(|pace| recommend(&machine, &pace, models.catalog()));
        let installed = models.installed();
        let offer = |entry: &Entry| {
            let weight = Weight::of(entry);
            let here = installed.iter().any(|model| model.id == entry.id);
            let advised = advice.as_ref().filter(|advice| advice.model.as_ref() == Some(&entry.id));
            let why = advised.map(|advice| advice.why.clone());
            let writes = pace.map(|pace| pace.writes(weight));
            CatalogueEntry::of(entry, fit(weight, machine.memory), writes, why, here)
        };
        models.catalog().entries.iter().map(offer).collect()
    }

    /// Loads a model that is here, or the [`GUIDE`], and uses it from now on.
    ///
    /// # Errors
    /// [`AnsweringError`]; the model in use before stays in use.
    pub async fn use_model(self, id: &str) -> Result<(), AnsweringError> {
        if id == GUIDE {
            return self.use_guide().await;
        }
        let found = self.library().find(id).map_err(|error| AnsweringError::BadModel(error.to_string()))?;
        self.open(&found.path).await
    }

    /// Uses the Guide from now on.
    ///
    /// # Errors
    /// [`AnsweringError`]; the model in use before stays in use.
    pub async fn use_guide(self) -> Result<(), AnsweringError> {
        let guide = self.core.guide.clone().ok_or(AnsweringError::NoModel)?;
        self.core.engine.open(&guide, self.plan(&guide)?).await?;
        self.remember(None);
        Ok(())
    }

    /// Loads the model at `path` and remembers it for next time.
    ///
    /// # Errors
    /// [`AnsweringError`]; the model opened before stays in use.
    pub async fn open(self, path: &Path) -> Result<(), AnsweringError> {
        let plan = waiting(|| self.plan(path))?;
        self.core.engine.open(path, plan).await?;
        self.remember(Some(path.to_owned()));
        Ok(())
    }

    /// What the model in memory holds in mind, in words.
    pub fn memory_words(self) -> String {
        match &*self.core.engine.states().borrow() {
            EngineState::Ready { info, .. } | EngineState::Serving { info, .. } => {
                let kept = Bytes(u64::from(info.prefix_cache_tokens) * info.token_bytes);
                let mind = format!(
                    "It holds about {} words in mind, and keeps other conversations ready in up to {kept} besides.",
                    words_held(info.context)
                );
                // Where it computes on something else than the user chose, that stands beside the choice.
                info.fell_back.iter().cloned().chain([mind]).collect::<Vec<_>>().join(" ")
            }
            _ => "How much it holds in mind is decided when it is loaded, by the memory that is free then."
                .into(),
        }
    }

    /// Uses the model at `path` for this run alone; it is loaded when it is needed.
    pub fn choose(self, path: &Path) {
        self.core.engine.choose(path, self.plan(path).unwrap_or_default());
    }

    fn remember(self, path: Option<PathBuf>) {
        let change = Change::Model(path);
        let set = self.core.settings.decide(&[change.key()], |settings| change.apply(settings));
        if let Err(error) = set {
            tracing::warn!(%error, "the opened model could not be remembered");
        }
    }

    /// Changes how models are kept and run, or how the way out is found. What is under way goes on
    /// by the new way; the model in use is loaded anew when it is needed.
    ///
    /// # Errors
    /// A sentence; nothing was changed then.
    pub fn change(self, change: ModelChange) -> Result<(), String> {
        let before = self.core.settings.get();
        let mut wanted = before.clone();
        change.clone().apply(&mut wanted);
        let mirror = match &change {
            ModelChange::Mirror(Some(mirror)) => {
                Some(Origin::of(&typed(mirror)).map_err(|refusal| refusal.to_string())?)
            }
            _ => None,
        };
        if before.network != wanted.network {
            self.core.cloud.rebuild(&wanted.network).map_err(|error| error.to_string())?;
        }
        let changed = self.core.settings.decide(&[change.key()], |settings| {
            change.apply(settings);
            if let Some(mirror) = &mirror {
                confirm(settings, mirror);
            }
        });
        self.follow_settings();
        changed.map_err(|error| error.to_string())?;
        if before.models.keep_talks && !wanted.models.keep_talks {
            self.core.engine.forget();
        }
        let engine = before.models.device != wanted.models.device
            || before.models.share != wanted.models.share
            || before.models.keep_talks != wanted.models.keep_talks;
        if engine && let Some(path) = self.in_use() {
            self.core.engine.choose(&path, self.plan(&path).unwrap_or_default());
        }
        Ok(())
    }

    /// Takes the way out that is set now, whoever set it. What cannot be used keeps it shut.
    pub(crate) fn follow_settings(self) {
        let settings = self.core.settings.get();
        let is_new = self.core.cloud.follow(&settings.network);
        let (models, address) = (self.library(), hub_address(&settings));
        if is_new || !models.asks(&address) {
            models.ask(self.core.cloud.door(), &address);
        }
        self.core.engine.rest_after(idle(&settings));
    }

    /// Keeps the hub's access token in the keychain, or forgets it.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn set_hub_token(self, token: Option<Secret>) -> Result<(), KeyError> {
        let (keys, place) = (self.core.cloud.keys().clone(), hub_place(&self.core.settings.get()));
        let kept = tokio::task::spawn_blocking(move || match token {
            Some(token) => keys.put(&place, &token, Keep::Keychain),
            None => keys.forget(HUB_ACCOUNT),
        });
        // It is read when it is needed, so it holds at once.
        kept.await.unwrap_or(Err(KeyError::Fault))
    }

    /// Whether there is an access token for the hub.
    pub fn has_hub_token(self) -> bool {
        matches!(self.core.cloud.keys().get(&hub_place(&self.core.settings.get())), Ok(Some(_)))
    }

    /// Moves all models to another folder; the Guide answers meanwhile.
    ///
    /// # Errors
    /// A sentence; all is where it was then.
    pub async fn move_to(
        self,
        to: &Path,
        stop: tokio_util::sync::CancellationToken,
        done: impl FnMut(u64) + Send + 'static,
    ) -> Result<(), String> {
        let (models, settings) = (self.library(), self.core.settings.clone());
        let (from, in_use) = (models.folder(), self.core.settings.get().model);
        self.core.engine.unload().await;
        let moved_model = in_use.and_then(|path| path.strip_prefix(&from).map(|inner| to.join(inner)).ok());
        let switch = {
            let moved_model = moved_model.clone();
            move |folder: &Path| {
                settings.change(|settings| {
                    settings.models.folder = Some(folder.to_owned());
                    if let Some(model) = moved_model {
                        settings.model = Some(model);
                    }
                })
            }
        };
        models.relocate(to, stop, done, switch).await.map_err(|error| error.to_string())?;
        if let Some(model) = moved_model {
            self.choose(&model);
        }
        Ok(())
    }
}

impl Models<'_> {
    /// Puts a model into the trash; the Guide answers in its place where it was in use. Gives
    /// the name by which it is restored.
    ///
    /// # Errors
    /// [`ModelsError`]; nothing was removed then.
    pub async fn remove(self, id: &str) -> Result<String, ModelsError> {
        let models = self.library();
        let path = models.find(id)?.path;
        if self.core.settings.get().model.as_ref() == Some(&path) {
            self.core.engine.unload().await;
            self.remember(None);
            if let Some(guide) = &self.core.guide {
                self.choose(guide);
            }
        }
        Ok(models.remove(id)?.trashed.id)
    }

    /// Models of other apps that could be used as they are. Waits for the disk.
    pub fn offered_by_others(self) -> Vec<Offered> {
        let variable =
            |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let places = std::env::home_dir().map(|home| Places::of(&home, variable));
        places.map_or_else(Vec::new, |places| sotto_models::offered(&places))
    }
}

/// Opens the models' folder. Must be called within a Tokio runtime.
pub(crate) fn open(
    home: &Path,
    settings: &Arc<StoredSettings>,
    door: sotto_egress::Door,
    clock: Clock,
    keys: Keys,
) -> Result<ModelLibrary, ModelsError> {
    let endpoint = hub_address(&settings.get());
    let folder = settings.get().models.folder.unwrap_or_else(|| home.join("models"));
    let held = settings.clone();
    let now: RulesNow = Arc::new(move || held.rules());
    let options = Options::new(folder, door, now, clock);
    let tokens = Arc::new(move |origin: &Origin| {
        let place = Place { account: HUB_ACCOUNT.into(), origin: origin.to_string() };
        keys.get(&place).unwrap_or_else(|error| {
            // Most files are for everybody. Where this one is not, the server will say so.
            tracing::info!(%error, "the access token could not be read");
            None
        })
    });
    ModelLibrary::open(Options { endpoint, tokens, ..options })
}

/// Where models come from unless another server is named.
fn hub_address(settings: &Settings) -> String {
    settings.models.mirror.clone().unwrap_or_else(|| sotto_models::HUB.into())
}

/// Takes a server in the user's own network for confirmed: they have just typed its address.
fn confirm(settings: &mut Settings, there: &Origin) {
    let origin = there.to_string();
    if there.reach() == Reach::Network && !settings.cloud.confirmed.contains(&origin) {
        settings.cloud.confirmed.push(origin);
    }
}

/// After how long without a question the model's memory is given back.
pub(crate) fn idle(settings: &Settings) -> Option<Duration> {
    settings.models.idle_minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60))
}

fn hub_place(settings: &Settings) -> Place {
    let hub = hub_address(settings);
    let origin = Origin::of(&typed(&hub)).map_or_else(|_| hub.clone(), |origin| origin.to_string());
    Place { account: HUB_ACCOUNT.into(), origin }
}

#[cfg(test)]
mod tests;
