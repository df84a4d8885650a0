//! Backups: one file that holds the library as it was at one moment, encrypted with its key, and its
//! pictures, which are not, in a folder beside it. It has its name only when it was read back and found whole.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use sotto_domain::{LibraryKey, waiting};
use specta::Type;

use crate::error::{Result, StoreError};
use crate::place::beside;
use crate::{Store, key, private, schema};

/// How a file is called until it is whole.
pub(crate) const UNFINISHED: &str = ".unfinished";

/// How much a library holds, or a backup of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Contents {
    /// Projects, those in the trash too.
    pub projects: u64,
    /// Conversations, those in the trash too.
    pub conversations: u64,
    /// Messages on all branches.
    pub messages: u64,
    /// Pages, those in the trash too.
    pub pages: u64,
}

impl Store {
    /// Writes what is stored at this moment to a new file at `to`, and the pictures that it shows
    /// into the folder of pictures beside it; others may write meanwhile.
    ///
    /// # Errors
    /// [`StoreError`]; then there is no file at `to`. [`StoreError::Damaged`] where what was written
    /// is not what was read.
    pub fn back_up(&self, to: &Path) -> Result<Contents> {
        waiting(|| {
            let unfinished = beside(to, UNFINISHED);
            let written = self.write_backup(&unfinished, &folder_beside(to)).and_then(|contents| {
                fs::rename(&unfinished, to)?;
                sync_folder(to);
                Ok(contents)
            });
            if written.is_err() {
                // Half a backup is of no use, and the error at hand says more than one from here would.
                let _ = fs::remove_file(&unfinished);
            }
            written
        })
    }

    fn write_backup(&self, to: &Path, pictures: &Path) -> Result<Contents> {
        self.place.holds()?;
        // A connection of its own: nobody waits for the copy.
        let mut library = key::open(&self.path, key::THERE, &self.key)?;
        // One view of it, from the first count to the last page.
        let view = library.transaction()?;
        let contents = count(&view)?;
        drop(File::create_new(to)?);
        let _ = private::narrow(to);
        let mut copy = key::open(to, key::THERE, &self.key)?;
        if Backup::new(&view, &mut copy)?.step(-1)? != StepResult::Done {
            return Err(StoreError::Busy);
        }
        // One file, without a log beside it.
        copy.pragma_update(None, "journal_mode", "delete")?;
        drop(copy);
        File::options().write(true).open(to)?.sync_all()?;
        if read_back(to, &self.key)? != contents {
            return Err(StoreError::Damaged);
        }
        copy_pictures(&shown(&view)?, &self.pictures, pictures)?;
        Ok(contents)
    }

    /// Reads otherwise whenever something of the user's was written since.
    pub fn mark(&self) -> Result<String> {
        self.read(|view| {
            let sql = "SELECT concat_ws(' ',
                (SELECT concat_ws(',', count(*), max(id), max(updated_at), count(trashed_at),
                   sum(length(title) + length(instructions) + length(draft))) FROM conversations),
                (SELECT max(id) FROM messages),
                (SELECT concat_ws(',', count(*), max(id), sum(revision), count(trashed_at), sum(length(title)))
                   FROM pages),
                (SELECT concat_ws(',', count(*), max(id), count(trashed_at), sum(length(name) + length(notes)))
                   FROM projects),
                (SELECT concat_ws(',', count(*), sum(length(instructions))) FROM starting_points))";
            Ok(view.query_row(sql, [], |row| row.get(0))?)
        })
    }
}

/// Only to be read.
const READ: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// Reads a backup whole, and says how much it holds. It is encrypted with this key, or, made by an
/// earlier version, not at all.
///
/// # Errors
/// [`StoreError::Damaged`] for one that is not whole, or no library of Sotto's; [`StoreError::Newer`];
/// [`StoreError::WrongKey`].
pub fn read_back(backup: &Path, with: &LibraryKey) -> Result<Contents> {
    let file = key::open_either(backup, READ, with)?;
    if schema::recognise(&file, backup, schema::MIGRATIONS)? == 0 {
        return Err(StoreError::Damaged);
    }
    check(&file)?;
    count(&file)
}

/// Whether it is whole.
pub(crate) fn check(file: &Connection) -> Result<()> {
    let whole: String = file.query_row("PRAGMA integrity_check (1)", [], |row| row.get(0))?;
    let dangling = file.prepare("PRAGMA foreign_key_check")?.exists([])?;
    if whole != "ok" || dangling { Err(StoreError::Damaged) } else { Ok(()) }
}

/// The pictures that a backup shows.
///
/// # Errors
/// [`StoreError`].
pub fn pictures_of(backup: &Path, with: &LibraryKey) -> Result<BTreeSet<String>> {
    shown(&key::open_either(backup, READ, with)?)
}

/// The folder of the pictures of a backup.
pub fn folder_beside(backup: &Path) -> PathBuf {
    backup.with_file_name("pictures")
}

/// Earlier versions have fewer tables.
fn count(view: &Connection) -> Result<Contents> {
    let of = |table: &str| -> Result<u64> {
        if !has(view, table)? {
            return Ok(0);
        }
        let rows: i64 = view.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
        Ok(rows.unsigned_abs())
    };
    Ok(Contents {
        projects: of("projects")?,
        conversations: of("conversations")?,
        messages: of("messages")?,
        pages: of("pages")?,
    })
}

pub(crate) fn has(view: &Connection, table: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
    Ok(view.query_row(sql, [table], |row| row.get(0))?)
}

fn shown(view: &Connection) -> Result<BTreeSet<String>> {
    if !has(view, "pictures")? {
        return Ok(BTreeSet::new());
    }
    let mut statement = view.prepare("SELECT DISTINCT file FROM pictures")?;
    let names = statement.query_map([], |row| row.get::<_, String>(0))?;
    Ok(names.collect::<rusqlite::Result<BTreeSet<_>>>()?.into_iter().filter(|name| is_name(name)).collect())
}

/// Whether it names a file in a folder, and nothing elsewhere.
fn is_name(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|last| last == name)
}

/// Copies those that are not there yet. One that is gone was gone in the library too.
pub(crate) fn copy_pictures(names: &BTreeSet<String>, from: &Path, to: &Path) -> io::Result<()> {
    for name in names {
        let (from, to) = (from.join(name), to.join(name));
        let Ok(length) = fs::metadata(&from).map(|there| there.len()) else { continue };
        if fs::metadata(&to).is_ok_and(|there| there.len() == length) {
            continue;
        }
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        let unfinished = beside(&to, UNFINISHED);
        let copied = copy_whole(&from, &unfinished).and_then(|()| fs::rename(&unfinished, &to));
        if copied.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        copied?;
    }
    Ok(())
}

/// Copies a file, and waits until it is on the disk.
pub(crate) fn copy_whole(from: &Path, to: &Path) -> io::Result<()> {
    let mut copy = File::create(to)?;
    let _ = private::narrow(to);
    io::copy(&mut File::open(from)?, &mut copy)?;
    copy.sync_all()
}

/// A name that was given just now is on the disk too, where the system can be asked for that.
pub(crate) fn sync_folder(of: &Path) {
    #[cfg(unix)]
    if let Some(folder) = of.parent()
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = of;
}

#[cfg(test)]
pub(crate) mod tests;
