//! The providers that the user can set up: where they are, whether there is a key, what they offer.

use std::sync::Arc;

use sotto_domain::{CloudChoice, NanoUsd, Secret, Timestamp};
use sotto_egress::{Reach, Refusal};
use sotto_providers::{Base, Endpoint, Model, PROVIDERS, Provider, ProviderError};
use sotto_secrets::{Keep, KeyError};
use sotto_store::{CLOUD, CONFIRMED, MONTHLY_CAP};

use super::Cloud;
use crate::{
    ProviderSettings, StoreError,
    cloud_link::{AccountError, deciding, endpoint, place, read_choice},
};

/// A provider as the user set it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Who it is.
    pub provider: Provider,
    /// What the user said of it.
    pub settings: ProviderSettings,
    /// Where it is, once that is known.
    pub origin: Option<String>,
    /// Whether it is a server in the user's own network that they have still to confirm.
    pub to_confirm: bool,
    /// Whether there is a key for it.
    pub key: KeyState,
}

/// Whether there is a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// There is none.
    None,
    /// There is one.
    Kept,
    /// The keychain cannot be asked; the sentence says why.
    Unknown(String),
}

impl From<Refusal> for AccountError {
    fn from(refusal: Refusal) -> Self {
        Self::Provider(ProviderError::Refusal(refusal))
    }
}

impl Cloud<'_> {
    /// Whether the offline lock is on, whoever switched it.
    pub fn is_locked(self) -> bool {
        self.core.settings.rules().offline_lock
    }

    /// Switches the offline lock, for every process. Switching it on ends what is under way; it
    /// is on before it is written down, and off only after.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn set_offline_lock(self, on: bool) -> Result<(), StoreError> {
        self.core.settings.set_lock(on)
    }

    /// Says whether anything may be answered elsewhere.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn set_on(self, on: bool) -> Result<(), StoreError> {
        self.core.settings.decide(&[CLOUD], |settings| settings.cloud.on = on)
    }

    /// Says the most that conversations without a project may cost in a month.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn set_monthly_cap(self, cap: Option<NanoUsd>) -> Result<(), StoreError> {
        self.core.settings.decide(&[MONTHLY_CAP], |settings| settings.cloud.monthly_cap = cap)
    }

    /// All providers, as the user set them up. Asks the keychain for each: call it where waiting
    /// is allowed.
    pub fn accounts(self) -> Vec<Account> {
        PROVIDERS.iter().map(|provider| self.account(*provider)).collect()
    }

    fn account(self, provider: Provider) -> Account {
        let settings = self.core.settings.get();
        let there = endpoint(&settings, provider.id).ok();
        let key = match there.as_ref().map(|there| self.core.cloud.keys().get(&place(there))) {
            None | Some(Ok(None)) => KeyState::None,
            Some(Ok(Some(_))) => KeyState::Kept,
            Some(Err(error)) => KeyState::Unknown(error.to_string()),
        };
        let origin = there.as_ref().map(|there| there.origin().to_string());
        let to_confirm = there.as_ref().is_some_and(|there| {
            there.origin().reach() == Reach::Network
                && !settings.cloud.confirmed.contains(&there.origin().to_string())
        });
        let set = settings.cloud.providers.get(provider.id).cloned().unwrap_or_default();
        Account { provider, settings: set, origin, to_confirm, key }
    }

    /// Says where a provider is. A key that was given for another address is forgotten.
    ///
    /// # Errors
    /// [`AccountError`]; nothing was changed then.
    pub fn set_account(
        self,
        id: &str,
        mut set: ProviderSettings,
        confirmed: bool,
    ) -> Result<Account, AccountError> {
        let mut wanted = self.core.settings.get();
        // What was said of one server was not said of another.
        let before = wanted.cloud.providers.get(id);
        set.free = before.is_some_and(|before| before.free && before.place == set.place);
        wanted.cloud.providers.insert(id.to_owned(), set.clone());
        let there = endpoint(&wanted, id)?;
        let origin = there.origin().to_string();
        match self.core.cloud.keys().moved(&place(&there)) {
            // Where there is no keychain there is no key that could go astray.
            Ok(_) | Err(KeyError::NoKeychain(_)) => {}
            Err(error) => return Err(error.into()),
        }
        self.core.settings.decide(if confirmed { &[CONFIRMED] } else { &[] }, |settings| {
            settings.cloud.providers.insert(id.to_owned(), set);
            if confirmed && !settings.cloud.confirmed.contains(&origin) {
                settings.cloud.confirmed.push(origin);
            }
        })?;
        Ok(self.account(*there.provider()))
    }

    /// Says whether answers of the user's own server cost nothing, for the place where it is now.
    ///
    /// # Errors
    /// [`AccountError`]; nothing was changed then.
    pub fn set_free(self, id: &str, free: bool) -> Result<Account, AccountError> {
        let provider = sotto_providers::provider(id).filter(|provider| provider.base == Base::Own);
        let provider = provider.ok_or(AccountError::NotYours)?;
        self.core.settings.decide(&[], |settings| {
            settings.cloud.providers.entry(id.to_owned()).or_default().free = free;
        })?;
        Ok(self.account(provider))
    }

    /// Keeps a key for a provider, for the place where it is now.
    ///
    /// # Errors
    /// [`AccountError`]; the earlier key is still there then.
    pub fn save_key(self, id: &str, key: &Secret, keep: Keep) -> Result<Account, AccountError> {
        let there = endpoint(&self.core.settings.get(), id)?;
        self.core.cloud.keys().put(&place(&there), key, keep)?;
        Ok(self.account(*there.provider()))
    }

    /// Forgets the key for a provider.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn forget_key(self, id: &str) -> Result<Account, AccountError> {
        let provider = sotto_providers::provider(id).ok_or(AccountError::NoSuchProvider)?;
        self.core.cloud.keys().forget(id)?;
        Ok(self.account(provider))
    }

    /// Tries the key for a provider. `model` is asked a word where nothing else will do.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub async fn test_key(self, id: &str, model: &str) -> Result<(), AccountError> {
        let there = endpoint(&self.core.settings.get(), id)?;
        let choice = read_choice(&there, &CloudChoice { provider: id.to_owned(), model: model.to_owned() });
        let key = self.core.cloud.key(&there).await?;
        let cloud = self.core.cloud.cloud();
        Ok(cloud.test_key(&there, key.as_ref(), &choice, deciding(&self.core.settings)).await?)
    }

    /// The models that a provider offers, and when it was asked; `again` asks anew.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn models(self, id: &str, again: bool) -> Result<(Timestamp, Arc<[Model]>), AccountError> {
        let there: Endpoint = endpoint(&self.core.settings.get(), id)?;
        let decide = deciding(&self.core.settings);
        if again {
            self.core.cloud.read_models(&there, decide).await
        } else {
            self.core.cloud.models(&there, decide).await
        }
    }

    /// Whether this is a page of a provider's, for keys or bills.
    pub fn is_a_providers_page(self, address: &str) -> bool {
        let pages = PROVIDERS.iter().flat_map(|provider| [provider.keys_page, provider.bills_page]);
        pages.flatten().any(|page| page == address)
    }
}
