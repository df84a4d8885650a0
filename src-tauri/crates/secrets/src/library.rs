//! The key of a library: made once, of the system's chance, and kept in the keychain. Where no
//! keychain runs it lies in a file beside the library, until there is one.
//!
//! The file `library.key` says in either case where the key is: who has lost the keychain learns that
//! from it, and a library whose key is gone is never given a new one.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use sotto_domain::{LibraryKey, Secret};
use zeroize::Zeroizing;

use crate::{KeyError, Keys, NoRecoveryKey, Ring, read_recovery_key, recovery_key};

/// Says where the key is, beside the library.
const FILE: &str = "library.key";
/// Held by whoever looks for the key, or makes it.
const LOCK: &str = "lock.key";
/// How the accounts of libraries in the keychain begin.
const ACCOUNT: &str = "library-";
/// As much of the file as is read.
const MOST: u64 = 4096;

/// Where a library's key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptIn {
    /// In the keychain of the system.
    Keychain,
    /// In a file beside the library.
    File,
}

/// Why a library has no key. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// It is encrypted, and nothing says with what.
    #[error(
        "This library is encrypted, and the file library.key that belongs to it is gone. Nothing was changed. \
         Put that file back beside the library, or enter your recovery key in a terminal: sotto key restore."
    )]
    Missing,
    /// The keychain no longer has it.
    #[error(
        "The key of this library is no longer in the keychain. Nothing was changed. \
         Enter your recovery key in a terminal: sotto key restore."
    )]
    Lost,
    /// It is in the keychain, and that does not run here.
    #[error(
        "The key of this library is in the keychain, and no keychain is running here. Nothing was changed. \
         Start Sotto where you are signed in to your desktop, or enter your recovery key here: \
         sotto key restore."
    )]
    NoKeychain(#[source] KeyError),
    /// It is in the keychain, and that is locked.
    #[error(
        "The keychain is locked, and the key of this library is in it. Nothing was changed. \
         Unlock the keychain, then start Sotto again."
    )]
    Locked(#[source] KeyError),
    /// It is in the keychain, and that does not do what it is asked.
    #[error(
        "The key of this library is in the keychain, which did not give it. Nothing was changed. Try again."
    )]
    Keychain(#[source] KeyError),
    /// What is kept is no key.
    #[error(
        "The key of this library cannot be read: something changed it. Nothing was changed by Sotto. \
         Enter your recovery key in a terminal: sotto key restore."
    )]
    Damaged,
    /// There is no chance to be had from the system.
    #[error(
        "The system gives Sotto no random numbers, so there is no key for your library. Nothing was changed."
    )]
    NoChance,
    /// The folder of the library cannot be used.
    #[error("The folder of your library cannot be used: {0}. Nothing was changed.")]
    Folder(#[from] io::Error),
}

/// What the file says.
enum Note {
    /// The key itself; and whether the keychain was there and did not take it, and is not asked again.
    Key { key: LibraryKey, refused: bool },
    /// The account in the keychain.
    Account(String),
}

/// The way to the key of the library in a folder, for one process at a time.
pub struct Vault {
    ring: Arc<dyn Ring>,
    folder: PathBuf,
    _alone: File,
}

impl Vault {
    /// Waits until no other process is there.
    ///
    /// # Errors
    /// [`VaultError::Folder`].
    pub fn enter(folder: &Path, keys: &Keys) -> Result<Self, VaultError> {
        let lock = File::options().create(true).truncate(false).write(true).open(folder.join(LOCK))?;
        lock.lock()?;
        Ok(Self { ring: keys.ring().clone(), folder: folder.to_owned(), _alone: lock })
    }

    /// The key. One is made only where nothing is encrypted yet, and is kept when this returns.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn key(&self, may_be_made: bool) -> Result<LibraryKey, VaultError> {
        match self.note()? {
            Some(Note::Key { key, refused }) => {
                if !refused {
                    // It stays where it is where there is still no keychain.
                    self.keep(&key)?;
                }
                Ok(key)
            }
            Some(Note::Account(account)) => self.in_keychain(&account),
            None if may_be_made => {
                let mut bytes = Zeroizing::new([0; LibraryKey::LENGTH]);
                getrandom::fill(&mut *bytes).map_err(|_| VaultError::NoChance)?;
                let key = LibraryKey::new(*bytes);
                self.keep(&key)?;
                Ok(key)
            }
            None => Err(VaultError::Missing),
        }
    }

    /// Where the key is kept; nowhere yet.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn kept_in(&self) -> Result<Option<KeptIn>, VaultError> {
        Ok(self.note()?.map(|note| match note {
            Note::Key { .. } => KeptIn::File,
            Note::Account(_) => KeptIn::Keychain,
        }))
    }

    /// Keeps this key, in the place of any other: in the keychain, or, where none takes it, in the file.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn keep(&self, key: &LibraryKey) -> Result<KeptIn, VaultError> {
        match self.put_in_keychain(key) {
            Ok(account) => {
                let words = "The library in this folder is encrypted. Its key is in the keychain, as:";
                self.write(words, &format!("keychain {account}"))?;
                Ok(KeptIn::Keychain)
            }
            Err(error) => {
                let refused = !matches!(error, KeyError::NoKeychain(_));
                tracing::info!(%error, refused, "the library's key is kept in a file");
                if let Some(Note::Key { key: there, refused: was }) = self.note().ok().flatten()
                    && was == refused
                    && is_same(&there, key)
                {
                    return Ok(KeptIn::File);
                }
                let written = recovery_key(key);
                let words = "The library in this folder is encrypted, with this key. Whoever has this file can read it.";
                let kind = if refused { "refused" } else { "key" };
                let line = Zeroizing::new(format!(
                    "{kind} {}",
                    written.expose("it is kept in a file beside the library")
                ));
                self.write(words, &line)?;
                Ok(KeptIn::File)
            }
        }
    }

    /// Puts it there, and looks whether it is; gives the account.
    fn put_in_keychain(&self, key: &LibraryKey) -> Result<String, KeyError> {
        if !self.ring.lasts() {
            return Err(KeyError::NoKeychain(None));
        }
        let mut name = [0; 8];
        getrandom::fill(&mut name).map_err(|_| KeyError::Failed(None))?;
        let account = format!("{ACCOUNT}{:016x}", u64::from_le_bytes(name));
        let written = recovery_key(key);
        let value = Zeroizing::new(written.expose("it is kept in the keychain").to_owned());
        self.ring.write(&account, &value)?;
        if self.ring.read(&account)?.is_some_and(|read| *read == *value) {
            Ok(account)
        } else {
            Err(KeyError::Damaged)
        }
    }

    fn in_keychain(&self, account: &str) -> Result<LibraryKey, VaultError> {
        match self.ring.read(account) {
            Ok(Some(value)) => {
                read_recovery_key(&Secret::new(value.as_str().into())).map_err(|_| VaultError::Damaged)
            }
            Ok(None) => Err(VaultError::Lost),
            Err(error @ KeyError::NoKeychain(_)) => Err(VaultError::NoKeychain(error)),
            Err(error @ KeyError::Locked(_)) => Err(VaultError::Locked(error)),
            Err(KeyError::Damaged) => Err(VaultError::Damaged),
            Err(error) => Err(VaultError::Keychain(error)),
        }
    }

    /// What the last line of the file says.
    fn note(&self) -> Result<Option<Note>, VaultError> {
        let mut text = Zeroizing::new(String::with_capacity(4096));
        match File::open(self.folder.join(FILE)) {
            Ok(file) => file.take(MOST).read_to_string(&mut text).map_err(|error| match error.kind() {
                io::ErrorKind::InvalidData => VaultError::Damaged,
                _ => VaultError::Folder(error),
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let line = text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
        let key = |words: &str| -> Result<LibraryKey, NoRecoveryKey> {
            read_recovery_key(&Secret::new(words.into()))
        };
        match line.split_once(' ') {
            Some((kind @ ("key" | "refused"), words)) => {
                let key = key(words).map_err(|_| VaultError::Damaged)?;
                Ok(Some(Note::Key { key, refused: kind == "refused" }))
            }
            Some(("keychain", account)) if account.starts_with(ACCOUNT) => {
                Ok(Some(Note::Account(account.into())))
            }
            _ => Err(VaultError::Damaged),
        }
    }

    /// Writes the file anew; the one before is overwritten, so that no key stays behind on the disk, as
    /// far as that writes where it is told to.
    fn write(&self, words: &str, line: &str) -> Result<(), VaultError> {
        let (path, new) = (self.folder.join(FILE), self.folder.join(format!("{FILE}.unfinished")));
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        file.write_all(Zeroizing::new(format!("{words}\n{line}\n")).as_bytes())?;
        file.sync_all()?;
        drop(file);
        let before = File::options().write(true).open(&path);
        fs::rename(&new, &path)?;
        #[cfg(unix)]
        File::open(&self.folder)?.sync_all()?;
        if let Ok(before) = before {
            overwrite(before);
        }
        Ok(())
    }
}

/// Nobody waits for it: the file is out of reach already.
fn overwrite(mut file: File) {
    let length = file.metadata().map_or(0, |there| there.len().min(MOST));
    let zeros = vec![0; usize::try_from(length).unwrap_or_default()];
    if file.write_all(&zeros).is_ok() {
        let _ = file.sync_all();
    }
}

fn is_same(one: &LibraryKey, other: &LibraryKey) -> bool {
    one.expose("it is compared") == other.expose("it is compared")
}

#[cfg(test)]
mod tests;
