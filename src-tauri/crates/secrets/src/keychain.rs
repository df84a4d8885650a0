//! The keychain of the operating system: Keychain on macOS, Credential Manager on Windows, the
//! Secret Service (GNOME Keyring, `KWallet`) elsewhere.

use std::thread;

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use crate::{KeyError, Ring};

/// The name under which she finds Sotto's keys there.
const SERVICE: &str = "Sotto";

/// The system's keychain.
pub struct Keychain;

impl Ring for Keychain {
    fn write(&self, account: &str, value: &Zeroizing<String>) -> Result<(), KeyError> {
        aside(|| entry(account)?.set_secret(value.as_bytes()).map_err(said))
    }

    fn read(&self, account: &str) -> Result<Option<Zeroizing<String>>, KeyError> {
        aside(|| match entry(account)?.get_secret() {
            Ok(bytes) => {
                let bytes = Zeroizing::new(bytes);
                let text = std::str::from_utf8(&bytes).map_err(|_| KeyError::Damaged)?;
                Ok(Some(Zeroizing::new(text.to_string())))
            }
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(said(error)),
        })
    }

    fn erase(&self, account: &str) -> Result<(), KeyError> {
        aside(|| match entry(account)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(said(error)),
        })
    }
}

#[allow(clippy::disallowed_methods)] // this is its one home
fn entry(account: &str) -> Result<Entry, KeyError> {
    Entry::new(SERVICE, account).map_err(said)
}

/// Does it on a thread of its own: the Linux store waits for the message bus in ways that panic
/// on a thread of an async runtime, depending on what else is compiled in.
fn aside<T: Send>(ask: impl FnOnce() -> Result<T, KeyError> + Send) -> Result<T, KeyError> {
    thread::scope(|scope| {
        let asking = thread::Builder::new()
            .name("keychain".into())
            .spawn_scoped(scope, ask)
            .map_err(|error| KeyError::Failed(Some(error.into())))?;
        asking.join().unwrap_or(Err(KeyError::Failed(None)))
    })
}

/// Ours for theirs. Some of theirs hold the secret itself, so those are not kept as causes.
fn said(error: Error) -> KeyError {
    match error {
        Error::NoDefaultStore => {
            // Says why there is none: no bus, or nobody on it that keeps secrets.
            if let Err(reason) = Entry::store_status() {
                tracing::warn!(%reason, "no keychain");
            }
            KeyError::NoKeychain(None)
        }
        Error::PlatformFailure(cause) => KeyError::NoKeychain(Some(cause)),
        Error::NoStorageAccess(cause) => KeyError::Locked(cause),
        Error::TooLong(..) => KeyError::TooLong,
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) | Error::Ambiguous(_) => {
            KeyError::Damaged
        }
        _ => KeyError::Failed(None),
    }
}
