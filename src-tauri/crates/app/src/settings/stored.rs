//! The settings where they are kept. Every look is a look into the database, so that what another
//! window or a terminal changed holds here at once; every change writes its own fields alone.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use sotto_domain::Promises;
use sotto_egress::{Lock, Rules};
use sotto_store::{OFFLINE_LOCK, Store, StoreError, Values};

use super::{
    Settings, Unread,
    change::{CA_FILE, MIRROR, PROXY},
    earlier,
    values::{difference, gather, provider_of, spread},
};

/// The settings, and the offline lock that follows them.
pub(crate) struct StoredSettings {
    store: Arc<Store>,
    lock: Lock,
    /// As they were understood last.
    last: Mutex<Looked>,
    /// The lock was to go on and could not be written down: it stays on here.
    held_shut: AtomicBool,
}

#[derive(Clone, Default)]
struct Looked {
    values: Values,
    settings: Settings,
    unread: Vec<String>,
}

impl StoredSettings {
    /// Opens the settings in `store`, and takes over what an earlier version left in `home`.
    /// `lost`: there was a database here once, and it is gone.
    pub(crate) fn open(store: Arc<Store>, home: &Path, lost: bool) -> Result<Self, StoreError> {
        earlier::read_once(&store, home, lost)?;
        let settings =
            Self { store, lock: Lock::new(true), last: Mutex::default(), held_shut: AtomicBool::new(false) };
        settings.follow();
        Ok(settings)
    }

    /// The settings as they are now.
    pub(crate) fn get(&self) -> Settings {
        let mut last = self.last();
        self.look(&mut last).map_or_else(|_| closed(&last.settings), |()| last.settings.clone())
    }

    /// What could not be read.
    pub(crate) fn unread(&self) -> Option<Unread> {
        let mut last = self.last();
        match self.look(&mut last) {
            Err(_) => Some(Unread::All),
            Ok(()) if last.unread.is_empty() => None,
            Ok(()) => Some(Unread::Fields(last.unread.clone())),
        }
    }

    /// The lock of this process.
    pub(crate) fn lock(&self) -> &Lock {
        &self.lock
    }

    /// What holds for every departure now.
    pub(crate) fn rules(&self) -> Rules {
        let settings = self.follow();
        Rules {
            offline_lock: self.lock.is_on(),
            cloud: settings.cloud.on,
            confirmed: settings.cloud.confirmed.iter().filter_map(|origin| origin.parse().ok()).collect(),
        }
    }

    /// Has the lock of this process follow what is stored, whoever stored it. What is under way
    /// when it goes on ends.
    pub(crate) fn follow(&self) -> Settings {
        // Held until the lock is set, so that an older look does not overrule a newer one.
        let mut last = self.last();
        let settings = match self.look(&mut last) {
            Ok(()) => last.settings.clone(),
            Err(error) => {
                tracing::warn!(%error, "what was set cannot be read, so nothing leaves");
                closed(&last.settings)
            }
        };
        self.lock.set(settings.offline_lock || self.held_shut.load(Ordering::Relaxed));
        self.lock.set_cloud(settings.cloud.on);
        settings
    }

    /// Has the lock go on, and the cloud's way shut, by what was promised a moment ago.
    pub(crate) fn shut(&self, promises: &Promises) {
        if promises.offline_lock {
            self.lock.set(true);
        }
        if !promises.cloud {
            self.lock.set_cloud(false);
        }
    }

    /// Changes what `change` changes, and nothing else, whatever others change meanwhile.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Settings)) -> Result<(), StoreError> {
        self.decide(&[], change)
    }

    /// The same, and writes the fields of these keys in any case: what could not be read before
    /// is decided on by that.
    pub(crate) fn decide(&self, keys: &[&str], change: impl FnOnce(&mut Settings)) -> Result<(), StoreError> {
        self.store.change_values(|values| {
            let (before, _) = gather(values);
            let mut after = before.clone();
            change(&mut after);
            let after = spread(&after);
            let mut changes = difference(&spread(&before), &after);
            changes.extend(keys.iter().map(|key| ((*key).to_owned(), after.get(*key).cloned())));
            Ok(changes)
        })?;
        self.follow();
        Ok(())
    }

    /// Switches the lock. It is on before that is written down, and off only after.
    pub(crate) fn set_lock(&self, on: bool) -> Result<(), StoreError> {
        if on {
            self.held_shut.store(true, Ordering::Relaxed);
            self.lock.set(true);
        }
        self.decide(&[OFFLINE_LOCK], |settings| settings.offline_lock = on)?;
        self.held_shut.store(false, Ordering::Relaxed);
        self.follow();
        Ok(())
    }

    /// The user has looked at what could not be read of this field: it is from now on what it
    /// counts as, closed where it was promised. The way out is the usual one again.
    pub(crate) fn settle(&self, key: &str) -> Result<(), StoreError> {
        self.decide(&[key], |settings| match key {
            MIRROR => settings.models.mirror = None,
            PROXY => settings.network.proxy = None,
            CA_FILE => settings.network.ca_file = None,
            key => {
                if let Some(provider) = provider_of(key) {
                    settings.cloud.providers.remove(provider);
                }
            }
        })
    }

    fn look(&self, last: &mut Looked) -> Result<(), StoreError> {
        let values = self.store.values()?;
        if values != last.values || last.values.is_empty() {
            let (settings, unread) = gather(&values);
            *last = Looked { values, settings, unread };
        }
        Ok(())
    }

    fn last(&self) -> MutexGuard<'_, Looked> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What holds where nothing can be read: preferences as they were, and nothing leaves.
fn closed(settings: &Settings) -> Settings {
    let Promises { offline_lock, cloud, confirmed, monthly_cap } = Promises::closed();
    let mut settings = settings.clone();
    settings.offline_lock = offline_lock;
    (settings.cloud.on, settings.cloud.confirmed, settings.cloud.monthly_cap) =
        (cloud, confirmed, monthly_cap);
    settings
}

#[cfg(test)]
mod tests;
