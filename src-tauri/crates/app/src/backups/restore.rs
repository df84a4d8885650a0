//! A backup takes the library's place: made ready beside it, and put there at a start at which
//! nobody else has the library open. The one before is kept whole, in a folder of its own. Cut off at
//! any moment, the next start goes on.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use sotto_domain::{LibraryKey, Timestamp, waiting};
use sotto_secrets::Keys;
use sotto_store::{Contents, StoreError, restore_into};

use super::{BackupError, of_backup, write_error};
use crate::{
    cloud::utc,
    home::{self, LIBRARY},
    library,
};

/// What waits to take the library's place: a library, its pictures, and the name under which the one
/// before is kept.
const READY: &str = "restore";
const UNFINISHED: &str = "restore.unfinished";
const PICTURES: &str = "pictures";
const KEPT_AS: &str = "kept-as";

/// Held by every process that has the library open.
const IN_USE: &str = "lock.library";

/// Makes the library of a backup the one that opens at the next start in `home`, also where the one
/// there is now cannot be opened. A backup of another library comes with its key.
///
/// # Errors
/// [`BackupError`]: nothing was changed.
pub fn restore_library(
    home: &Path,
    backup: &Path,
    theirs: Option<&LibraryKey>,
    keys: &Keys,
    now: Timestamp,
) -> Result<Contents, BackupError> {
    if !backup.is_file() {
        return Err(BackupError::NoBackup(backup.to_owned()));
    }
    let home = home::make(home).map_err(|cause| write_error(home, cause))?;
    let ours = library::key(&home, keys)?;
    restore_with(&home, backup, theirs, &ours, now)
}

/// The same, with the key of the library at home.
pub(crate) fn restore_with(
    home: &Path,
    backup: &Path,
    theirs: Option<&LibraryKey>,
    ours: &LibraryKey,
    now: Timestamp,
) -> Result<Contents, BackupError> {
    if !backup.is_file() {
        return Err(BackupError::NoBackup(backup.to_owned()));
    }
    waiting(|| {
        let trouble = |cause| write_error(home, cause);
        let home = home::make(home).map_err(trouble)?;
        let unfinished = home.join(UNFINISHED);
        remove(&unfinished).map_err(trouble)?;
        let theirs = theirs.unwrap_or(ours);
        let made = restore_into(backup, theirs, &unfinished.join(LIBRARY), &home.join(LIBRARY), ours);
        let ready = made.map_err(|error| match error {
            StoreError::DiskFull => BackupError::Full(home.clone()),
            error => of_backup(backup, error),
        });
        let ready = ready.and_then(|contents| {
            fs::write(unfinished.join(KEPT_AS), free_name(&home, now)).map_err(trouble)?;
            remove(&home.join(READY)).map_err(trouble)?;
            fs::rename(&unfinished, home.join(READY)).map_err(trouble)?;
            Ok(contents)
        });
        if ready.is_err() {
            let _ = fs::remove_dir_all(&unfinished);
        }
        ready
    })
}

/// Puts what is ready in the place of the library, if nobody has that open; gives what says that we
/// have it open from now on.
pub(crate) fn bring_in(home: &Path) -> io::Result<File> {
    let lock = File::options().create(true).truncate(false).write(true).open(home.join(IN_USE))?;
    if home.join(READY).exists() && lock.try_lock().is_ok() {
        let brought = swap(home);
        lock.unlock()?;
        brought?;
    }
    lock.lock_shared()?;
    Ok(lock)
}

/// Each step is one renaming, and is known to be done by what is where.
fn swap(home: &Path) -> io::Result<()> {
    let ready = home.join(READY);
    if ready.join(LIBRARY).exists() {
        let name = fs::read_to_string(ready.join(KEPT_AS))?;
        let kept = home.join(name.trim());
        fs::create_dir_all(&kept)?;
        // Its pictures are still where they were for as long as the others are not.
        if ready.join(PICTURES).exists() {
            // A log that a crash left goes with its library, before it: it holds what was stored last.
            for file in ["library.db-wal", LIBRARY, PICTURES] {
                move_to(&home.join(file), &kept.join(file))?;
            }
            let _ = fs::remove_file(home.join("library.db-shm"));
            fs::rename(ready.join(PICTURES), home.join(PICTURES))?;
        }
        fs::rename(ready.join(LIBRARY), home.join(LIBRARY))?;
        // Nothing lies in it where there was no library.
        let _ = fs::remove_dir(kept);
    }
    remove(&ready)
}

fn free_name(home: &Path, now: Timestamp) -> String {
    let name = format!("before-restore-{}", utc(now).strftime("%Y-%m-%d-%H%M%S"));
    let numbered = (2..).map(|number: u32| format!("{name}-{number}"));
    let free = std::iter::once(name.clone()).chain(numbered).find(|name| !home.join(name).exists());
    free.unwrap_or(name)
}

fn move_to(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}

#[cfg(test)]
mod tests;
