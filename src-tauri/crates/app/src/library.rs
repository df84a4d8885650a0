//! The library and its key: opened with it, encrypted where an earlier version left it in the clear,
//! and the key shown to the user and taken back.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use sotto_domain::{LibraryKey, Secret};
use sotto_secrets::{KeptIn, Keys, NoRecoveryKey, Vault, VaultError, read_recovery_key, recovery_key};
use sotto_store::{Kind, Store, StoreError, encrypt, encrypt_copies, kind, opens_with};

use crate::{
    core::Core,
    home::{self, LIBRARY},
};

/// Why the library could not be opened with its key. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// Its key could not be had.
    #[error(transparent)]
    Key(#[from] VaultError),
    /// It could not be opened; its sentence says why.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is to be encrypted, and somebody has it open.
    #[error(
        "Your library is to be encrypted, and an earlier Sotto has it open. Nothing was changed. \
         Close that one, then start Sotto again."
    )]
    Elsewhere,
    /// The folder could not be read or written.
    #[error("Sotto cannot use its folder {}: {cause}. Nothing was changed.", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
}

/// Why a recovery key was not taken. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// It is none.
    #[error(transparent)]
    NoKey(#[from] NoRecoveryKey),
    /// It is another library's.
    #[error("This is the recovery key of another library, or the library is damaged. Nothing was changed.")]
    Other,
    /// There is no encrypted library.
    #[error("There is no encrypted library here that needs a key. Nothing was changed.")]
    Nothing,
    /// The library or the keychain cannot be used.
    #[error(transparent)]
    Library(#[from] LibraryError),
}

/// Opens the library at home, which nobody else does meanwhile: whoever holds the vault. `in_use` is held
/// shared by all who have it open; `others` may have been left in the clear as well.
pub(crate) fn open(
    home: &Path,
    vault: &Vault,
    in_use: &File,
    others: &[PathBuf],
) -> Result<(Store, LibraryKey), LibraryError> {
    let folder = |cause| LibraryError::Folder { folder: home.to_owned(), cause };
    let key = key_of(vault, home)?;
    let library = home.join(LIBRARY);
    let store = match Store::open(&library, &key) {
        Err(StoreError::Plain) => {
            in_use.unlock().map_err(folder)?;
            match in_use.try_lock() {
                Ok(()) => {}
                // Only an earlier version has it open as it is.
                Err(TryLockError::WouldBlock) => return Err(LibraryError::Elsewhere),
                Err(TryLockError::Error(cause)) => return Err(folder(cause)),
            }
            encrypt(&library, &key)?;
            in_use.unlock().map_err(folder)?;
            in_use.lock_shared().map_err(folder)?;
            Store::open(&library, &key)?
        }
        opened => opened?,
    };
    encrypt_others(home, &key, others);
    Ok((store, key))
}

/// The key of the library at home, for whoever does not open it.
pub(crate) fn key(home: &Path, keys: &Keys) -> Result<LibraryKey, LibraryError> {
    key_of(&Vault::enter(home, keys)?, home)
}

/// One is made where nothing is encrypted with another.
fn key_of(vault: &Vault, home: &Path) -> Result<LibraryKey, LibraryError> {
    match vault.key(false) {
        // Without a key nobody has the library open, and it may be looked at.
        Err(VaultError::Missing) => match kind(&home.join(LIBRARY)) {
            Ok(kind) => Ok(vault.key(matches!(kind, Kind::Nothing | Kind::Plain))?),
            Err(cause) => Err(LibraryError::Folder { folder: home.to_owned(), cause }),
        },
        found => Ok(found?),
    }
}

/// What cannot be encrypted now is at the next start: nobody waits for it.
fn encrypt_others(home: &Path, key: &LibraryKey, others: &[PathBuf]) {
    let folders = fs::read_dir(home).into_iter().flatten().flatten().map(|entry| entry.path());
    let kept = folders.filter(|path| {
        path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"before-restore-"))
    });
    let kept: Vec<_> = kept.map(|folder| folder.join(LIBRARY)).collect();
    for library in kept.iter().chain(others) {
        let done = match kind(library) {
            Ok(Kind::Plain) => encrypt(library, key),
            Ok(_) => Ok(()),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = done.and_then(|()| encrypt_copies(library, key)) {
            tracing::warn!(%error, library = %library.display(), "this is not encrypted yet");
        }
    }
    if let Err(error) = encrypt_copies(&home.join(LIBRARY), key) {
        tracing::warn!(%error, "a copy of the library is not encrypted yet");
    }
}

/// The key of the library that is open, for the user.
#[derive(Clone, Copy)]
pub struct Recovery<'a> {
    pub(crate) core: &'a Core,
}

impl Recovery<'_> {
    /// As the user writes it down.
    pub fn key(self) -> Secret {
        recovery_key(&self.core.library_key)
    }

    /// Where it is kept.
    ///
    /// # Errors
    /// [`LibraryError`].
    pub fn kept_in(self) -> Result<KeptIn, LibraryError> {
        let vault = Vault::enter(&self.core.home, self.core.cloud.keys())?;
        vault.kept_in()?.ok_or(LibraryError::Key(VaultError::Missing))
    }
}

/// Keeps the key again with which the library in `home` can be opened; says where.
///
/// # Errors
/// [`RecoveryError`].
pub fn recover(home: &Path, keys: &Keys, recovery: &Secret) -> Result<KeptIn, RecoveryError> {
    let key = read_recovery_key(recovery)?;
    let home = home::make(home).map_err(|cause| LibraryError::Folder { folder: home.to_owned(), cause })?;
    let vault = Vault::enter(&home, keys).map_err(LibraryError::Key)?;
    let library = home.join(LIBRARY);
    match opens_with(&library, &key) {
        // A file with nothing in it opens with every key.
        Ok(()) if matches!(kind(&library), Ok(Kind::Encrypted)) => {
            Ok(vault.keep(&key).map_err(LibraryError::Key)?)
        }
        Err(StoreError::WrongKey) => Err(RecoveryError::Other),
        Ok(()) | Err(StoreError::Plain | StoreError::Damaged) => Err(RecoveryError::Nothing),
        Err(StoreError::Io(_)) if !library.exists() => Err(RecoveryError::Nothing),
        Err(error) => Err(LibraryError::Store(error).into()),
    }
}

#[cfg(test)]
mod tests;
