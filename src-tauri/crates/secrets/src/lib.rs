//! The user's keys are kept in the keychain of the operating system and nowhere else: not in a file,
//! not in the database, not in the window.
//!
//! A key is bound to the origin it was given for. Asked for with another origin it is not there,
//! so that an address edited by mistake, or by somebody else, never gets it. Where no keychain
//! runs, a key can be kept in memory until Sotto ends, and only if the user agrees ([`Keep::ThisRun`]).
//!
//! Everything here may wait for the keychain, which may wait for the user: within an async runtime,
//! call it from `spawn_blocking`.

mod error;
mod keychain;
mod keys;
mod memory;
mod ring;

pub use error::KeyError;
pub use keychain::Keychain;
pub use keys::{Keep, Keys, Place};
pub use memory::Memory;
pub use ring::Ring;
