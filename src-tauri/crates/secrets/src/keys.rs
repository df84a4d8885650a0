//! Keys by account, each bound to one origin.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sotto_domain::Secret;
use zeroize::Zeroizing;

use crate::{KeyError, Keychain, Memory, Ring};

/// The user's keys. Clones are the same.
#[derive(Clone)]
pub struct Keys {
    ring: Arc<dyn Ring>,
    this_run: Arc<Memory>,
}

/// Where a key belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Whose key: the provider's id in our registry. There is one key for each.
    pub account: String,
    /// The only origin it may be sent to, in the spelling of an origin: `https://api.mistral.ai`.
    pub origin: String,
}

/// How long a key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// In the keychain, until the user removes it.
    Keychain,
    /// In memory, until Sotto ends. For systems without a keychain, and only if the user agrees.
    ThisRun,
}

impl Keys {
    /// In the keychain of the system. Nothing is asked of it yet.
    pub fn of_the_system() -> Self {
        Self::over(Arc::new(Keychain))
    }

    /// In a ring of one's own.
    pub fn over(ring: Arc<dyn Ring>) -> Self {
        Self { ring, this_run: Arc::default() }
    }

    /// Keeps a key, in the place of the account's earlier one, whatever origin that had.
    pub fn put(&self, place: &Place, secret: &Secret, keep: Keep) -> Result<(), KeyError> {
        if secret.is_empty() {
            return Err(KeyError::Empty);
        }
        if let Some(letter) = foreign(secret) {
            return Err(KeyError::Letters { what: in_words(letter) });
        }
        let value = sealed(place, secret);
        match keep {
            Keep::Keychain => {
                self.ring.write(&place.account, &value)?;
                self.this_run.erase(&place.account)
            }
            Keep::ThisRun => self.this_run.write(&place.account, &value),
        }
    }

    /// The key for this account, if there is one and it was given for this origin.
    pub fn get(&self, place: &Place) -> Result<Option<Secret>, KeyError> {
        let Some(value) = self.value(&place.account)? else { return Ok(None) };
        let (origin, secret) = opened(&value)?;
        Ok((origin == place.origin).then_some(secret))
    }

    /// Forgets the account's key, whatever origin it has.
    pub fn forget(&self, account: &str) -> Result<(), KeyError> {
        let only_in_memory = self.this_run.read(account)?.is_some();
        self.this_run.erase(account)?;
        match self.ring.erase(account) {
            // There is no keychain that could hold another.
            Err(KeyError::NoKeychain(_)) if only_in_memory => Ok(()),
            erased => erased,
        }
    }

    /// The account's address was edited and is now `place.origin`: a key for another origin is
    /// forgotten. Says whether one was.
    pub fn moved(&self, place: &Place) -> Result<bool, KeyError> {
        let Some(value) = self.value(&place.account)? else { return Ok(false) };
        match opened(&value) {
            Ok((origin, _)) if origin == place.origin => Ok(false),
            Ok(_) | Err(_) => self.forget(&place.account).map(|()| true),
        }
    }

    /// Where everything is kept.
    pub(crate) fn ring(&self) -> &Arc<dyn Ring> {
        &self.ring
    }

    fn value(&self, account: &str) -> Result<Option<Zeroizing<String>>, KeyError> {
        match self.this_run.read(account)? {
            Some(value) => Ok(Some(value)),
            None => self.ring.read(account),
        }
    }
}

/// The first letter that no key has. Keys are written with what is on every keyboard: a header
/// carries nothing else, and what is pasted from a page may hold letters that cannot be seen.
fn foreign(secret: &Secret) -> Option<char> {
    secret.expose("its letters are looked at").chars().find(|letter| !letter.is_ascii_graphic())
}

/// A letter for a sentence. One that cannot be seen is named, never shown: it is part of no key.
fn in_words(letter: char) -> String {
    match letter {
        ' ' | '\t' | '\n' | '\r' | '\u{a0}' => "a space or a new line".into(),
        letter if letter.is_alphanumeric() => format!("the letter {letter}"),
        letter => format!("an invisible or unusual sign (U+{:04X})", u32::from(letter)),
    }
}

/// Origin and key in one value, so that neither is ever stored without the other; in base64,
/// because `KWallet` keeps nothing but text.
fn sealed(place: &Place, secret: &Secret) -> Zeroizing<String> {
    let plain = Zeroizing::new(format!("{}\n{}", place.origin, secret.expose("it goes into the keychain")));
    Zeroizing::new(STANDARD.encode(plain.as_bytes()))
}

fn opened(value: &str) -> Result<(String, Secret), KeyError> {
    let plain = Zeroizing::new(STANDARD.decode(value).map_err(|_| KeyError::Damaged)?);
    let text = std::str::from_utf8(&plain).map_err(|_| KeyError::Damaged)?;
    let (origin, secret) = text.split_once('\n').ok_or(KeyError::Damaged)?;
    Ok((origin.into(), Secret::new(secret.into())))
}

#[cfg(test)]
mod tests;
