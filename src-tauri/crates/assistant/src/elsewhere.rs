//! Answers made elsewhere: nothing leaves that she did not choose, see, and agree to.
//!
//! A question that is to leave becomes a [`Parcel`](parcel::Parcel): the very bytes, and what
//! she sees of them, the [`Sheet`]. Without her agreement to what is in it there is no permit,
//! and without a permit nothing leaves.

mod accounts;
mod draft;
mod parcel;
mod spending;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use sotto_domain::{Journal, Secret, Timestamp};
use sotto_egress::{Departure, Door, DoorOptions, Lock, Permit, Proxy, Refusal, decide};
use sotto_providers::{Cloud, Endpoint, Model, Patience, provider};
use sotto_secrets::{KeyError, Keys, Place};

use crate::{Clock, NetworkSettings, Settings, settings::StoredSettings};

pub use accounts::{Account, AccountError, KeyState};
pub(crate) use draft::Draft;
pub use draft::Question;
pub(crate) use parcel::Parcel;
pub use parcel::{Agreed, Sheet, SheetPart, Way};
pub(crate) use spending::Sent;
pub use spending::{Month, month_of};

/// The way out, and what is known of who stands beyond it.
pub(crate) struct Elsewhere {
    keys: Keys,
    lock: Lock,
    journal: Arc<dyn Journal>,
    clock: Clock,
    cloud: Mutex<Cloud>,
    door: Mutex<Door>,
    /// What each endpoint offers, by its address, as long as the app runs.
    lists: Mutex<HashMap<String, Listed>>,
}

/// What an endpoint offers, and when it said so.
pub(crate) type Listed = (Timestamp, Arc<[Model]>);

impl Elsewhere {
    pub(crate) fn new(
        settings: &StoredSettings,
        keys: Keys,
        journal: Arc<dyn Journal>,
        clock: Clock,
    ) -> Self {
        let lock = settings.lock().clone();
        // What cannot be used keeps the door shut, not the house: the settings can mend it.
        let door = Door::unseen(way_out(&settings.get().network, journal.clone(), lock.clone(), clock));
        let cloud = Mutex::new(Cloud::new(door.clone(), Patience::default()));
        Self { keys, lock, journal, clock, cloud, door: Mutex::new(door), lists: Mutex::default() }
    }

    /// The door as it is now.
    pub(crate) fn door(&self) -> Door {
        self.door.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Her keys.
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Makes a new door for changed settings; it is as locked as the old one.
    pub(crate) fn rebuild(&self, network: &NetworkSettings) -> Result<(), sotto_egress::Failure> {
        let door = Door::new(way_out(network, self.journal.clone(), self.lock.clone(), self.clock))?;
        let mut cloud = self.cloud.lock().unwrap_or_else(PoisonError::into_inner);
        *cloud = cloud.through(door.clone());
        *self.door.lock().unwrap_or_else(PoisonError::into_inner) = door;
        Ok(())
    }

    pub(crate) fn cloud(&self) -> Cloud {
        self.cloud.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The key for this endpoint, if there is one. Asks the keychain on a thread that may wait.
    pub(crate) async fn key(&self, endpoint: &Endpoint) -> Result<Option<Secret>, KeyError> {
        let (keys, place) = (self.keys.clone(), place(endpoint));
        // A task that is neither cancelled nor panics is always joined.
        tokio::task::spawn_blocking(move || keys.get(&place)).await.unwrap_or(Ok(None))
    }

    /// What this endpoint offers: as read before in this run, or else asked for now.
    async fn models(
        &self,
        endpoint: &Endpoint,
        decide: impl FnOnce(Departure) -> Result<Permit, Refusal>,
    ) -> Result<Listed, AccountError> {
        let listed = || self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = listed().get(endpoint.base()) {
            return Ok(found.clone());
        }
        self.read_models(endpoint, decide).await
    }

    /// The same, asked for now.
    async fn read_models(
        &self,
        endpoint: &Endpoint,
        decide: impl FnOnce(Departure) -> Result<Permit, Refusal>,
    ) -> Result<Listed, AccountError> {
        let key = self.key(endpoint).await?;
        let models: Arc<[Model]> = self.cloud().models(endpoint, key.as_ref(), decide).await?.into();
        let found = ((self.clock)(), models);
        self.lists
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(endpoint.base().to_owned(), found.clone());
        Ok(found)
    }
}

/// Decides by her settings as they are at that moment.
pub(crate) fn deciding(
    settings: &Arc<StoredSettings>,
) -> impl FnMut(Departure) -> Result<Permit, Refusal> + Send + 'static {
    let settings = settings.clone();
    move |departure| decide(departure, &settings.rules(), None)
}

/// Where a provider that she set up is found.
pub(crate) fn endpoint(settings: &Settings, id: &str) -> Result<Endpoint, AccountError> {
    let provider = provider(id).ok_or(AccountError::NoSuchProvider)?;
    let set = settings.cloud.providers.get(id).cloned().unwrap_or_default();
    let endpoint = Endpoint::at(provider, &set.place)?;
    Ok(if set.bill_to.is_empty() { endpoint } else { endpoint.billed_to(&set.bill_to)? })
}

/// Where this endpoint's key belongs.
fn place(endpoint: &Endpoint) -> Place {
    Place { account: endpoint.provider().id.to_owned(), origin: endpoint.origin().to_string() }
}

fn way_out(network: &NetworkSettings, journal: Arc<dyn Journal>, lock: Lock, clock: Clock) -> DoorOptions {
    let options = DoorOptions::new(journal, lock, Arc::new(clock));
    DoorOptions {
        proxy: network.proxy.clone().map_or(Proxy::System, Proxy::At),
        extra_ca: network.ca_file.clone(),
        ..options
    }
}
