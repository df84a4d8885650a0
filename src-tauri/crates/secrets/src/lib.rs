//! The user's keys to providers are kept in the keychain of the operating system and nowhere else: not
//! in a file, not in the database, not in the window.
//!
//! A key is bound to the origin it was given for. Asked for with another origin it is not there,
//! so that an address edited by mistake, or by somebody else, never gets it. Where no keychain
//! runs, a key can be kept in memory until Sotto ends, and only if the user agrees ([`Keep::ThisRun`]).
//!
//! The key that the library is encrypted with ([`Vault`]) is in the keychain too, and where none runs in a
//! file beside the library: it keeps a disk that was lost from being read, not a home folder.
//!
//! Everything here may wait for the keychain, which may wait for the user: within an async runtime,
//! call it from `spawn_blocking`.

mod error;
mod keychain;
mod keys;
mod library;
mod memory;
mod recovery;
mod ring;

pub use error::KeyError;
pub use keychain::Keychain;
pub use keys::{Keep, Keys, Place};
pub use library::{KeptIn, Vault, VaultError};
pub use memory::Memory;
pub use recovery::{NoRecoveryKey, read_recovery_key, recovery_key};
pub use ring::Ring;
