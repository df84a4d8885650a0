//! What can go wrong with keys, in sentences for the person.

use std::error::Error;

/// Why a key could not be kept, read or forgotten. No variant holds any part of a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The system has no keychain, or it does not run.
    #[error("No keychain is running on this system, so keys cannot be kept in it.")]
    NoKeychain(#[source] Option<Box<dyn Error + Send + Sync>>),
    /// The keychain is locked, or the user did not let us in.
    #[error("The keychain is locked, so keys cannot be reached. Unlock it, then try again.")]
    Locked(#[source] Box<dyn Error + Send + Sync>),
    /// It is more than the keychain takes.
    #[error("This is too long to be a key, so it was not saved. Copy the key again, on its own.")]
    TooLong,
    /// What is there is not what Sotto put there.
    #[error("The saved key cannot be read: something changed it. Enter it once more.")]
    Damaged,
    /// It has letters that no key has; often they cannot be seen.
    #[error(
        "This is not a key as it was given to you: it has {what} in it, which no key has. It was not saved. \
         Copy the key again, on its own."
    )]
    Letters {
        /// The first of them, in words.
        what: String,
    },
    /// There is nothing to keep.
    #[error("There is no key here yet. Paste it, then save.")]
    Empty,
    /// Asking the keychain ended in a fault of Sotto's own.
    #[error(
        "Sotto made a mistake when it asked the keychain. Nothing was changed. Try again; if it happens again, \
         please report it."
    )]
    Fault,
    /// The keychain says something else.
    #[error("The keychain did not do what it was asked. Nothing was changed. Try again.")]
    Failed(#[source] Option<Box<dyn Error + Send + Sync>>),
}
