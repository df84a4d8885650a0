//! Backups: by themselves once a day that was worked on, before what could go wrong, and whenever
//! the user asks. Each was read back before it counts, and they are kept by age. What failed is kept
//! in the settings, and said, until one is made.

mod file;
mod restore;

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use sotto_domain::{LibraryKey, waiting};
use sotto_store::{Contents, StoreError, folder_beside, pictures_of};

pub use file::{BackUpWhy, BackupFile};
pub(crate) use restore::bring_in;
pub use restore::restore_library;

use crate::{cloud::utc, core::Core, library::LibraryError};

/// Where backups lie, at home or in the folder that the user named.
const AT_HOME: &str = "backups";
const ELSEWHERE: &str = "Sotto backups";

/// Held while one is made, so that what is half-written there is nobody's.
const LOCK: &str = "lock.backups";

/// Why there is no backup, or nothing came back out of one. What was there before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The folder that the user named is not there.
    #[error(
        "The folder for backups, {}, is not there. Connect the disk that it is on, or choose another folder. \
         Your writing is safe where it is.", .0.display()
    )]
    NoFolder(PathBuf),
    /// The folder cannot be written.
    #[error("The backup could not be saved in {}: {cause}. Your writing is safe where it is.", folder.display())]
    Write {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// No room for it.
    #[error("There is no room for a backup in {}. Free some space there, or choose another folder. \
             Your writing is safe where it is.", .0.display())]
    Full(PathBuf),
    /// What was written is not whole.
    #[error(
        "The backup was made and is not whole, so it was taken away again. Try again; if that happens again, \
             export everything, and look whether the disk is in order."
    )]
    NotWhole,
    /// It is no backup, or not whole.
    #[error("{} is no backup of Sotto's, or it is damaged. Nothing was changed.", .0.display())]
    NoBackup(PathBuf),
    /// It has another key.
    #[error(
        "{} is encrypted with the key of another library, or it is damaged. Nothing was changed. Give the \
         recovery key of that library with it (in a terminal: sotto restore --key-from-stdin).", .0.display()
    )]
    OtherKey(PathBuf),
    /// A newer Sotto made it.
    #[error("This backup was made by a newer Sotto. Update Sotto, then bring it back. Nothing was changed.")]
    Newer,
    /// The library refused.
    #[error(transparent)]
    Library(StoreError),
    /// The library has no key.
    #[error(transparent)]
    Key(#[from] LibraryError),
}

/// Backups, and the way back.
#[derive(Clone, Copy)]
pub struct Backups<'a> {
    pub(crate) core: &'a Core,
}

impl Backups<'_> {
    /// Where backups lie.
    pub fn folder(self) -> PathBuf {
        match self.core.settings.get().backups.folder {
            Some(folder) => folder.join(ELSEWHERE),
            None => self.core.home.join(AT_HOME),
        }
    }

    /// Backups go into this folder from now on, or, with `None`, stay at home. Those that are there
    /// stay where they are.
    ///
    /// # Errors
    /// [`BackupError::NoFolder`], [`BackupError::Library`].
    pub fn keep_in(self, folder: Option<PathBuf>) -> Result<(), BackupError> {
        if let Some(folder) = folder.as_ref().filter(|folder| !folder.is_dir()) {
            return Err(BackupError::NoFolder(folder.clone()));
        }
        let folder = folder.map(|folder| std::path::absolute(&folder).unwrap_or(folder));
        let keys = ["backups.folder", "backups.mark", "backups.trouble"];
        let set = self.core.settings.decide(&keys, |settings| {
            // There is none of today's there.
            settings.backups = crate::BackupSettings { folder, mark: None, trouble: None };
        });
        set.map_err(BackupError::Library)
    }

    /// The backups that are there, the newest first.
    pub fn all(self) -> Vec<BackupFile> {
        file::all(&self.folder())
    }

    /// Why the last backup failed, until one is made.
    pub fn trouble(self) -> Option<String> {
        self.core.settings.get().backups.trouble
    }

    /// Makes a backup where they lie.
    ///
    /// # Errors
    /// [`BackupError`]; it is said until one is made.
    pub fn make(self, why: BackUpWhy) -> Result<(BackupFile, Contents), BackupError> {
        waiting(|| {
            let made = self.usual_folder().and_then(|folder| {
                let _only =
                    self.alone().map_err(|cause| BackupError::Write { folder: folder.clone(), cause })?;
                sweep(&folder);
                let mark = self.core.library.mark().map_err(BackupError::Library)?;
                let made = self.back_up_into(&folder, why)?;
                self.thin(&folder);
                Ok((mark, made))
            });
            let trouble = made.as_ref().err().map(ToString::to_string);
            let mark = made.as_ref().ok().map(|(mark, _)| mark.clone());
            let noted = self.core.settings.decide(&["backups.mark", "backups.trouble"], |settings| {
                settings.backups.trouble = trouble;
                settings.backups.mark = mark.or(settings.backups.mark.take());
            });
            let (_, made) = made?;
            noted.map_err(BackupError::Library)?;
            Ok(made)
        })
    }

    /// Makes a backup in a folder that is there, for this one time.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn make_in(self, folder: &Path) -> Result<(BackupFile, Contents), BackupError> {
        if !folder.is_dir() {
            return Err(BackupError::NoFolder(folder.to_owned()));
        }
        let folder = folder.join(ELSEWHERE);
        make_folder(&folder)?;
        waiting(|| self.back_up_into(&folder, BackUpWhy::Asked))
    }

    /// Makes one where there is none of today and something was written since the last.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn make_if_due(self) -> Result<Option<(BackupFile, Contents)>, BackupError> {
        let settings = self.core.settings.get().backups;
        let now = (self.core.clock)();
        let today = |file: &BackupFile| utc(file.at).date() == utc(now).date();
        let has_todays = settings.trouble.is_none() && self.all().iter().any(today);
        if has_todays || (settings.trouble.is_none() && !self.is_news()?) {
            return Ok(None);
        }
        self.make(BackUpWhy::Daily).map(Some)
    }

    /// Makes one before something that could go wrong, unless the last one holds all there is.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn make_before(self, what: BackUpWhy) -> Result<(), BackupError> {
        if self.is_news()? { self.make(what).map(drop) } else { Ok(()) }
    }

    /// Brings back what a backup has and the library has not. Nothing that is here is overwritten. A
    /// backup of another library comes with its key.
    ///
    /// # Errors
    /// [`BackupError`]: nothing came back.
    pub fn merge(self, backup: &Path, theirs: Option<&LibraryKey>) -> Result<Contents, BackupError> {
        if !backup.is_file() {
            return Err(BackupError::NoBackup(backup.to_owned()));
        }
        self.make_before(BackUpWhy::Restore)?;
        self.core.library.merge(backup, theirs).map_err(|error| of_backup(backup, error))
    }

    /// Makes the library of a backup the one that opens at the next start; the one there is now is
    /// kept beside it. A backup of another library comes with its key.
    ///
    /// # Errors
    /// [`BackupError`]: nothing was changed.
    pub fn restore(self, backup: &Path, theirs: Option<&LibraryKey>) -> Result<Contents, BackupError> {
        restore::restore_with(&self.core.home, backup, theirs, &self.core.library_key, (self.core.clock)())
    }

    /// Whether something was written since the last backup, or that one is gone.
    fn is_news(self) -> Result<bool, BackupError> {
        let mark = self.core.library.mark().map_err(BackupError::Library)?;
        Ok(self.core.settings.get().backups.mark != Some(mark) || self.all().is_empty())
    }

    fn usual_folder(self) -> Result<PathBuf, BackupError> {
        let named = self.core.settings.get().backups.folder;
        // A disk that is not there is no reason to write somewhere else under its name.
        if let Some(named) = named.filter(|named| !named.is_dir()) {
            return Err(BackupError::NoFolder(named));
        }
        let folder = self.folder();
        make_folder(&folder)?;
        Ok(folder)
    }

    fn alone(self) -> io::Result<File> {
        let lock =
            File::options().create(true).truncate(false).write(true).open(self.core.home.join(LOCK))?;
        lock.lock()?;
        Ok(lock)
    }

    fn back_up_into(self, folder: &Path, why: BackUpWhy) -> Result<(BackupFile, Contents), BackupError> {
        let at = (self.core.clock)();
        let path = file::free_name(folder, at, why);
        let contents = self.core.library.back_up(&path).map_err(|error| match error {
            StoreError::DiskFull => BackupError::Full(folder.to_owned()),
            StoreError::Damaged => BackupError::NotWhole,
            StoreError::Io(cause) => write_error(folder, cause),
            StoreError::Sqlite(error) => write_error(folder, io::Error::other(error)),
            error => BackupError::Library(error),
        })?;
        let bytes = fs::metadata(&path).map_or(0, |there| there.len());
        Ok((BackupFile { path, at, why, bytes }, contents))
    }

    /// Takes away what is no longer kept, with the pictures that no other backup shows.
    fn thin(self, folder: &Path) {
        let (gone, kept) = file::thinned(file::all(folder), (self.core.clock)());
        let mut pictures = BTreeSet::new();
        for backup in gone {
            pictures.extend(pictures_of(&backup.path, &self.core.library_key).unwrap_or_default());
            if let Err(error) = fs::remove_file(&backup.path) {
                tracing::warn!(%error, "an old backup stays for another time");
            }
        }
        for backup in &kept {
            if pictures.is_empty() {
                return;
            }
            match pictures_of(&backup.path, &self.core.library_key) {
                Ok(shown) => pictures.retain(|picture| !shown.contains(picture)),
                // What it shows is not known.
                Err(_) => return,
            }
        }
        for picture in pictures {
            let _ = fs::remove_file(folder_beside(&folder.join("any")).join(picture));
        }
    }
}

/// The backups in the folder of a home.
pub(crate) fn at_home(home: &Path) -> Vec<PathBuf> {
    file::all(&home.join(AT_HOME)).into_iter().map(|file| file.path).collect()
}

fn make_folder(folder: &Path) -> Result<(), BackupError> {
    fs::create_dir_all(folder).map_err(|cause| write_error(folder, cause))?;
    let _ = sotto_store::narrow(folder);
    Ok(())
}

fn write_error(folder: &Path, cause: io::Error) -> BackupError {
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => BackupError::Full(folder.to_owned()),
        _ => BackupError::Write { folder: folder.to_owned(), cause },
    }
}

/// What is said of a backup that was to be read.
fn of_backup(backup: &Path, error: StoreError) -> BackupError {
    match error {
        StoreError::Damaged => BackupError::NoBackup(backup.to_owned()),
        StoreError::Newer { .. } => BackupError::Newer,
        StoreError::WrongKey => BackupError::OtherKey(backup.to_owned()),
        StoreError::Io(_) if !backup.is_file() => BackupError::NoBackup(backup.to_owned()),
        error => BackupError::Library(error),
    }
}

/// Takes away what was cut off while it was being made.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if file::is_unfinished(&entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests;
