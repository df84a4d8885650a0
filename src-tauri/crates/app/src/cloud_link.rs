//! The way out, and what is known of who stands beyond it: keys, endpoints, lists of models. How a
//! question is packed to leave, and what the user sees of it first, is [`crate::ask`]'s.

mod error;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sotto_domain::{CloudChoice, Journal, Secret, Timestamp};
use sotto_egress::{Departure, Door, DoorOptions, Lock, Permit, Proxy, Refusal, decide};
use sotto_providers::{Choice, Cloud, Endpoint, KeyNeed, Model, ProviderError, Route, Timeouts, provider};
use sotto_secrets::{KeyError, Keys, Place};

use crate::{NetworkSettings, Settings, clock::Clock, settings::StoredSettings};

pub use error::AccountError;

/// The way out, and what is known of who stands beyond it.
pub(crate) struct CloudLink {
    keys: Keys,
    lock: Lock,
    journal: Arc<dyn Journal>,
    clock: Clock,
    cloud: Mutex<Cloud>,
    door: Mutex<Door>,
    /// What the door was made of.
    network: Mutex<NetworkSettings>,
    /// What each endpoint offers, by its address, as long as the app runs.
    pub(crate) lists: Mutex<HashMap<String, Listed>>,
    /// When an endpoint last kept us waiting for its list in vain, by its address.
    in_vain: Mutex<HashMap<String, Timestamp>>,
}

/// How long a message waits for the prices of its answer.
const PRICES_WITHIN: Duration = Duration::from_secs(5);

/// How long, in milliseconds, an endpoint that let us wait in vain is not asked again for a message.
const PRICES_AGAIN: i64 = 10 * 60 * 1000;

/// What an endpoint offers, and when it said so.
pub(crate) type Listed = (Timestamp, Arc<[Model]>);

impl CloudLink {
    pub(crate) fn new(
        settings: &StoredSettings,
        keys: Keys,
        journal: Arc<dyn Journal>,
        clock: Clock,
    ) -> Self {
        let lock = settings.lock().clone();
        // What cannot be used keeps the door shut, not the app: the settings can mend it.
        let network = settings.get().network;
        let door = Door::unseen(way_out(&network, journal.clone(), lock.clone(), clock));
        let cloud = Mutex::new(Cloud::new(door.clone(), Timeouts::default()));
        Self {
            keys,
            lock,
            journal,
            clock,
            cloud,
            door: Mutex::new(door),
            network: Mutex::new(network),
            lists: Mutex::default(),
            in_vain: Mutex::default(),
        }
    }

    /// The door as it is now.
    pub(crate) fn door(&self) -> Door {
        self.door.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The user's keys.
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Makes a new door for changed settings; it is as locked as the old one.
    pub(crate) fn rebuild(&self, network: &NetworkSettings) -> Result<(), sotto_egress::Failure> {
        let door = Door::new(way_out(network, self.journal.clone(), self.lock.clone(), self.clock))?;
        self.take(door, network);
        Ok(())
    }

    /// The same for what is set already, also where it cannot be used: then the door stays shut.
    /// Whether it was another than before.
    pub(crate) fn follow(&self, network: &NetworkSettings) -> bool {
        let is_new = *self.network.lock().unwrap_or_else(PoisonError::into_inner) != *network;
        if is_new {
            let options = way_out(network, self.journal.clone(), self.lock.clone(), self.clock);
            self.take(Door::unseen(options), network);
        }
        is_new
    }

    fn take(&self, door: Door, network: &NetworkSettings) {
        let mut cloud = self.cloud.lock().unwrap_or_else(PoisonError::into_inner);
        *cloud = cloud.through(door.clone());
        *self.door.lock().unwrap_or_else(PoisonError::into_inner) = door;
        network.clone_into(&mut self.network.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn cloud(&self) -> Cloud {
        self.cloud.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The key for this endpoint, if there is one. Asks the keychain on a thread that may wait.
    pub(crate) async fn key(&self, endpoint: &Endpoint) -> Result<Option<Secret>, KeyError> {
        let (keys, place) = (self.keys.clone(), place(endpoint));
        let found =
            tokio::task::spawn_blocking(move || keys.get(&place)).await.unwrap_or(Err(KeyError::Fault));
        where_needed(found, endpoint.provider().key)
    }

    /// What this endpoint offers: as read before in this run, or else asked for now.
    pub(crate) async fn models(
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

    /// The same for a message that waits for its prices: for a few seconds, and where that was in
    /// vain, not again before every message.
    pub(crate) async fn listed_soon(
        &self,
        endpoint: &Endpoint,
        decide: impl FnOnce(Departure) -> Result<Permit, Refusal>,
    ) -> Result<Listed, AccountError> {
        let late =
            || AccountError::Provider(ProviderError::Silent { who: endpoint.who(), after: PRICES_WITHIN });
        let in_vain = || self.in_vain.lock().unwrap_or_else(PoisonError::into_inner);
        let before = in_vain().get(endpoint.base()).copied();
        let known = self.lists.lock().unwrap_or_else(PoisonError::into_inner).contains_key(endpoint.base());
        if !known && before.is_some_and(|at| (self.clock)().saturating_sub(at) < PRICES_AGAIN) {
            return Err(late());
        }
        let outcome = tokio::time::timeout(PRICES_WITHIN, self.models(endpoint, decide)).await;
        outcome.unwrap_or_else(|_| {
            in_vain().insert(endpoint.base().to_owned(), (self.clock)());
            Err(late())
        })
    }

    /// The same, asked for now.
    pub(crate) async fn read_models(
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

/// Decides by the user's settings as they are at that moment.
pub(crate) fn deciding(
    settings: &Arc<StoredSettings>,
) -> impl FnMut(Departure) -> Result<Permit, Refusal> + Send + 'static {
    let settings = settings.clone();
    move |departure| decide(departure, &settings.rules(), None)
}

/// Where a provider that the user set up is found.
pub(crate) fn endpoint(settings: &Settings, id: &str) -> Result<Endpoint, AccountError> {
    let provider = provider(id).ok_or(AccountError::NoSuchProvider)?;
    let set = settings.cloud.providers.get(id).cloned().unwrap_or_default();
    let endpoint = Endpoint::at(provider, &set.place)?;
    Ok(if set.bill_to.is_empty() { endpoint } else { endpoint.billed_to(&set.bill_to)? })
}

/// The user's choice in the provider's terms: what follows the model's colon says who serves it,
/// where the provider passes questions on.
pub(crate) fn read_choice(there: &Endpoint, choice: &CloudChoice) -> Choice {
    let split = choice.model.rsplit_once(':').filter(|_| there.provider().can.routes);
    let Some((model, route)) = split else { return Choice::of(choice.model.clone()) };
    let route = match route {
        "fastest" => Route::Fastest,
        "cheapest" => Route::Cheapest,
        "preferred" => Route::Preferred,
        backend => Route::Pinned(backend.to_owned()),
    };
    Choice { model: model.to_owned(), route }
}

/// Where no keychain is there is no key, and who needs none answers without.
fn where_needed(found: Result<Option<Secret>, KeyError>, need: KeyNeed) -> Result<Option<Secret>, KeyError> {
    match (found, need) {
        (Err(KeyError::NoKeychain(_)), KeyNeed::Optional) => Ok(None),
        (found, KeyNeed::Optional | KeyNeed::Required) => found,
    }
}

/// Where this endpoint's key belongs.
pub(crate) fn place(endpoint: &Endpoint) -> Place {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_keychain_who_needs_no_key_is_asked_without() {
        let none = || Err(KeyError::NoKeychain(None));
        assert!(matches!(where_needed(none(), KeyNeed::Optional), Ok(None)));
        assert!(matches!(where_needed(none(), KeyNeed::Required), Err(KeyError::NoKeychain(_))));
        assert!(matches!(where_needed(Err(KeyError::Fault), KeyNeed::Optional), Err(KeyError::Fault)));
    }
}
