//! Moving the models to another disk: copy, look at the copy, switch, then delete.
//!
//! Until the switch the old folder is the library, and whatever lies at the new place is
//! only a copy in the making; the next attempt goes on with it. From the switch on the
//! new folder is the library, and what is left at the old place is deleted, now or at
//! the next start. At no time is a model in neither of the two.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::Library;
use crate::{ModelsError, digest::digest_file, files, machine};

/// Lies at the new place from the first byte until the old one is cleared.
const MOVING: &str = ".moving.json";
/// Locks hold no bytes and belong to their place.
const LOCK: &str = "lock";
/// A copy that is not whole yet ends in this.
const ARRIVING: &str = "arriving";

#[derive(Serialize, Deserialize)]
struct Moving {
    from: PathBuf,
}

impl Library {
    /// Moves all to the folder `to`, which is empty or not there yet. `switch` makes the new
    /// folder the one that the next start opens; when it fails, all stays as it was. Tells
    /// how many bytes are done. Blocks. No download may be under way.
    pub fn relocate<E>(
        &self,
        to: &Path,
        stop: &CancellationToken,
        mut done: impl FnMut(u64),
        switch: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<(), MoveError<E>> {
        self.copy_to(to, stop, &mut done)?;
        switch(to).map_err(MoveError::Switch)?;
        finish_moving(to);
        Ok(())
    }

    fn copy_to(
        &self,
        to: &Path,
        stop: &CancellationToken,
        done: &mut impl FnMut(u64),
    ) -> Result<(), ModelsError> {
        let from = self.folder();
        let nested = to.starts_with(from) || from.starts_with(to);
        if !to.is_absolute() || nested || !is_ours_to_fill(to, from) {
            return Err(ModelsError::NotAPlace);
        }
        let mut parts = Vec::new();
        everything(from, &mut parts).map_err(ModelsError::disk(from))?;
        let missing = parts.iter().filter(|(part, bytes)| length(&to.join(part)) != Some(*bytes));
        let needed: u64 = missing.map(|(_, bytes)| bytes).sum();
        let free = machine::free_at(to).map_err(ModelsError::disk(to))?;
        if needed > free {
            return Err(ModelsError::DiskFull { needed, free });
        }
        files::write_json(&to.join(MOVING), &Moving { from: from.into() }).map_err(ModelsError::disk(to))?;
        let mut before = 0;
        for (part, bytes) in parts {
            copy(&from.join(&part), &to.join(&part), stop, &mut |so_far| done(before + so_far))?;
            before += bytes;
            done(before);
        }
        Ok(())
    }
}

/// Why a move did not happen. All is where it was.
#[derive(Debug, thiserror::Error)]
pub enum MoveError<E> {
    /// The copy did not come about.
    #[error(transparent)]
    Copy(#[from] ModelsError),
    /// The new place could not be noted.
    #[error("The new place could not be noted, so everything stays where it was.")]
    Switch(#[source] E),
}

/// Deletes what a move left behind, once `folder` is the library. Only files of which the
/// new folder has one of the same length are deleted.
pub fn finish_moving(folder: &Path) {
    let Some(Moving { from }) = files::read_small(&folder.join(MOVING)) else { return };
    let mut parts = Vec::new();
    if everything(&from, &mut parts).is_err() && from.exists() {
        return;
    }
    let mut all_gone = true;
    for (part, bytes) in parts {
        // Notes may have been made anew since.
        let is_here = part == Path::new(super::index::INDEX) || length(&folder.join(&part)) == Some(bytes);
        all_gone &= is_here && fs::remove_file(from.join(&part)).is_ok();
    }
    if all_gone {
        let _ = fs::remove_file(from.join(".downloads").join(LOCK));
        remove_empty(&from);
        let _ = fs::remove_file(folder.join(MOVING));
    }
}

/// Whether a folder is empty, not there, or holds our own earlier attempt.
fn is_ours_to_fill(to: &Path, from: &Path) -> bool {
    let earlier = files::read_small::<Moving>(&to.join(MOVING)).is_some_and(|moving| moving.from == from);
    earlier || !to.exists() || fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_none())
}

/// Every file beneath a folder that is to be moved, with its length.
fn everything(folder: &Path, found: &mut Vec<(PathBuf, u64)>) -> std::io::Result<()> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<(PathBuf, u64)>) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                walk(root, &path, found)?;
            } else if let (Ok(part), Some(bytes)) = (path.strip_prefix(root), length(&path))
                && ![LOCK, MOVING].contains(&files::file_name(&path).as_str())
            {
                found.push((part.into(), bytes));
            }
        }
        Ok(())
    }
    walk(folder, folder, found)
}

fn length(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|about| about.len())
}

/// Copies a file under a name that is not looked at, reads the copy again, and only then
/// gives it its name. A copy from an earlier attempt is taken if it is the same.
fn copy(
    from: &Path,
    to: &Path,
    stop: &CancellationToken,
    done: &mut dyn FnMut(u64),
) -> Result<(), ModelsError> {
    if length(from) == length(to)
        && let (Ok(old), Ok(new)) = (digest_file(from, stop, &mut *done), digest_file(to, stop, |_| {}))
        && old == new
    {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(ModelsError::disk(folder))?;
    }
    let arriving = to.with_extension(ARRIVING);
    let digest = files::copy_bytes(from, &arriving, stop, done).map_err(ModelsError::disk(&arriving))?;
    let copied = digest_file(&arriving, stop, |_| {}).map_err(ModelsError::disk(&arriving))?;
    if copied != digest {
        return Err(ModelsError::Damaged { name: files::file_name(to) });
    }
    fs::rename(&arriving, to).map_err(ModelsError::disk(to))?;
    files::sync_folder_of(to);
    Ok(())
}

/// Removes folders that hold nothing any more, from the innermost out.
fn remove_empty(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            remove_empty(&entry.path());
        }
    }
    let _ = fs::remove_dir(folder);
}
