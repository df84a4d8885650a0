//! The keychain of the operating system: Keychain on macOS, Credential Manager on Windows, the
//! Secret Service (GNOME Keyring, `KWallet`) elsewhere.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

use crate::{KeyError, Ring};

/// The name under which the user finds Sotto's keys there.
const SERVICE: &str = "Sotto";

/// The system's keychain.
pub struct Keychain;

/// The way to it: found when it is first asked, and found anew when it has broken, so that a
/// keychain that was restarted, or that came up after Sotto, is met again.
static WAY: Mutex<Option<Arc<CredentialStore>>> = Mutex::new(None);

impl Ring for Keychain {
    fn write(&self, account: &str, value: &Zeroizing<String>) -> Result<(), KeyError> {
        ask(account, |entry| entry.set_secret(value.as_bytes()))
    }

    fn read(&self, account: &str) -> Result<Option<Zeroizing<String>>, KeyError> {
        let found = ask(account, |entry| match entry.get_secret() {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })?;
        let Some(bytes) = found else { return Ok(None) };
        let text = std::str::from_utf8(&bytes).map_err(|_| KeyError::Damaged)?;
        Ok(Some(Zeroizing::new(text.to_string())))
    }

    fn erase(&self, account: &str) -> Result<(), KeyError> {
        ask(account, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }
}

/// Does it to the account's entry; once more by a new way where the one there was has broken.
fn ask<T: Send>(account: &str, task: impl Fn(&Entry) -> Result<T, Error> + Sync) -> Result<T, KeyError> {
    aside(|| {
        let mut way = WAY.lock().unwrap_or_else(PoisonError::into_inner);
        let by = |store: &CredentialStore| store.build(SERVICE, account, None).and_then(|entry| task(&entry));
        if let Some(store) = way.as_deref() {
            match by(store) {
                Err(Error::PlatformFailure(cause)) => {
                    tracing::info!(%cause, "the way to the keychain has broken; looking for another");
                    *way = None;
                }
                outcome => return outcome.map_err(said),
            }
        }
        let store = store().map_err(said)?;
        let outcome = by(&*store).map_err(said)?;
        *way = Some(store);
        Ok(outcome)
    })
}

/// A way to the system's keychain.
#[allow(clippy::disallowed_methods)] // this is its one home
fn store() -> Result<Arc<CredentialStore>, Error> {
    #[cfg(target_os = "macos")]
    return Ok(apple_native_keyring_store::keychain::Store::new()?);
    #[cfg(windows)]
    return Ok(windows_native_keyring_store::Store::new()?);
    #[cfg(all(unix, not(target_os = "macos")))]
    return Ok(zbus_secret_service_keyring_store::Store::new()?);
}

/// Does it on a thread of its own: the Linux store waits for the message bus in ways that panic
/// on a thread of an async runtime, depending on what else is compiled in.
fn aside<T: Send>(ask: impl FnOnce() -> Result<T, KeyError> + Send) -> Result<T, KeyError> {
    thread::scope(|scope| {
        let asking = thread::Builder::new()
            .name("keychain".into())
            .spawn_scoped(scope, ask)
            .map_err(|error| KeyError::Failed(Some(error.into())))?;
        // The system has printed where; what it said could hold anything.
        asking.join().unwrap_or_else(|_| {
            tracing::error!("the keychain's thread panicked");
            Err(KeyError::Fault)
        })
    })
}

/// Ours for theirs. Some of theirs hold the secret itself, so those are not kept as causes.
fn said(error: Error) -> KeyError {
    match error {
        Error::PlatformFailure(cause) => {
            // Says why there is none: no bus, or nobody on it that keeps secrets.
            tracing::info!(%cause, "no keychain");
            KeyError::NoKeychain(Some(cause))
        }
        Error::NoDefaultStore => KeyError::NoKeychain(None),
        Error::NoStorageAccess(cause) => KeyError::Locked(cause),
        Error::TooLong(..) => KeyError::TooLong,
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) | Error::Ambiguous(_) => {
            KeyError::Damaged
        }
        _ => KeyError::Failed(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_the_keychains_thread_is_said() {
        let outcome: Result<(), KeyError> = aside(|| panic!("as libraries do"));
        assert!(matches!(outcome, Err(KeyError::Fault)), "{outcome:?}");
        assert!(outcome.unwrap_err().to_string().contains("keychain"));
    }
}
