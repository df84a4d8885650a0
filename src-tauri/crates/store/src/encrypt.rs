//! What an earlier version left in the clear becomes encrypted, and what has one key gets another.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use rusqlite::{Connection, params};
use sotto_domain::{LibraryKey, waiting};

use crate::backup::{UNFINISHED, sync_folder};
use crate::error::{Result, StoreError};
use crate::key::{self, Kind, kind};
use crate::place::beside;
use crate::{copies, private, schema};

/// Encrypts a database where it lies. Whoever calls sees to it that nobody has it open. Cut off at any
/// moment it is the old one or the new, and what was in the clear is overwritten, as far as the disk
/// writes where it is told to.
///
/// # Errors
/// [`StoreError`]; then it is as it was.
pub fn encrypt(library: &Path, key: &LibraryKey) -> Result<()> {
    waiting(|| {
        // Where a link leads to it, the link stays.
        let library = fs::canonicalize(library)?;
        let unfinished = beside(&library, &format!(".encrypting{UNFINISHED}"));
        let _ = fs::remove_file(&unfinished);
        let done = write_encrypted(&library, key, &unfinished).and_then(|()| replace(&library, &unfinished));
        if done.is_err() {
            // The error at hand says more than one from here would.
            let _ = fs::remove_file(&unfinished);
        }
        done
    })
}

/// Encrypts the copies beside the database at `library` that are in the clear.
///
/// # Errors
/// Of the first that cannot be.
pub fn encrypt_copies(library: &Path, key: &LibraryKey) -> Result<()> {
    for copy in copies::of(library) {
        if kind(&copy)? == Kind::Plain {
            encrypt(&copy, key)?;
        }
    }
    Ok(())
}

/// Writes what is in `from`, which has the key `theirs` or none, to a new file that has the key `ours`.
pub(crate) fn copy(from: &Path, theirs: &LibraryKey, to: &Path, ours: &LibraryKey) -> Result<()> {
    export(&key::open_either(from, key::THERE, theirs)?, to, ours)
}

fn write_encrypted(library: &Path, key: &LibraryKey, to: &Path) -> Result<()> {
    let plain = key::plain(library, key::THERE)?;
    schema::recognise(&plain, library, schema::MIGRATIONS)?;
    // Its log would be taken for that of the new one: it is folded in, and gone, before that is there.
    let log = File::options().write(true).open(beside(library, "-wal"));
    let mode: String = plain.pragma_update_and_check(None, "journal_mode", "delete", |row| row.get(0))?;
    if mode != "delete" || beside(library, "-wal").exists() {
        return Err(StoreError::Busy);
    }
    if let Ok(log) = log {
        overwrite(log);
    }
    export(&plain, to, key)?;
    let encrypted = key::open(to, key::THERE, key)?;
    let same = rows(&plain)? == rows(&encrypted)? && is_as_whole(&encrypted, &plain)?;
    if same { Ok(()) } else { Err(StoreError::Damaged) }
}

/// Writes what the connection reads to a new file with this key, and waits until it is on the disk.
fn export(from: &Connection, to: &Path, key: &LibraryKey) -> Result<()> {
    File::create_new(to)?;
    let _ = private::narrow(to);
    from.execute(
        "ATTACH DATABASE ?1 AS encrypted KEY ?2",
        params![schema::name(to), key::words(key).as_str()],
    )?;
    let written = (|| -> Result<()> {
        // Nobody has it yet: it needs no journal, and it is waited for once, at the end.
        from.execute_batch("PRAGMA encrypted.journal_mode = off; PRAGMA encrypted.synchronous = off; BEGIN")?;
        from.query_row("SELECT sqlcipher_export('encrypted')", [], |_| Ok(()))?;
        for number in ["user_version", "application_id"] {
            from.pragma_update(Some("encrypted"), number, key::number(from, number)?)?;
        }
        Ok(from.execute_batch("COMMIT")?)
    })();
    if written.is_err() && !from.is_autocommit() {
        from.execute_batch("ROLLBACK")?;
    }
    from.execute_batch("DETACH DATABASE encrypted")?;
    written?;
    Ok(File::options().write(true).open(to)?.sync_all()?)
}

/// How many rows each table has, and of which version all of it is.
fn rows(of: &Connection) -> Result<Vec<(String, i64)>> {
    let mut rows = Vec::new();
    let mut tables =
        of.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name")?;
    for name in tables.query_map([], |row| row.get::<_, String>(0))? {
        let name = name?;
        let sql = format!("SELECT count(*) FROM \"{}\"", name.replace('"', "\"\""));
        let count = of.query_row(&sql, [], |row| row.get(0))?;
        rows.push((name, count));
    }
    for number in ["user_version", "application_id"] {
        rows.push((number.into(), key::number(of, number)?));
    }
    Ok(rows)
}

/// An old library opens with the faults that it had, and gets none by being encrypted.
fn is_as_whole(new: &Connection, old: &Connection) -> Result<bool> {
    let said = |of: &Connection| -> Result<Vec<String>> {
        let mut check = of.prepare("PRAGMA integrity_check")?;
        Ok(check.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    };
    let new = said(new)?;
    Ok(new == ["ok"] || new == said(old)?)
}

/// Puts the new file in the place of the old, and overwrites that.
fn replace(library: &Path, new: &Path) -> Result<()> {
    let old = File::options().write(true).open(library)?;
    fs::rename(new, library)?;
    sync_folder(library);
    if !has_other_names(&old)? {
        overwrite(old);
    }
    Ok(())
}

/// Whether it can be reached by another name yet: then it is somebody else's too.
#[cfg(unix)]
fn has_other_names(file: &File) -> io::Result<bool> {
    Ok(std::os::unix::fs::MetadataExt::nlink(&file.metadata()?) > 0)
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)]
fn has_other_names(_: &File) -> io::Result<bool> {
    Ok(false)
}

/// Whatever keeps it from being done keeps nobody from their library: it is out of reach already.
fn overwrite(mut file: File) {
    static NOTHING: [u8; 64 * 1024] = [0; 64 * 1024];
    let mut left = file.metadata().map_or(0, |there| there.len());
    while left > 0 {
        let now = left.min(NOTHING.len() as u64);
        let Ok(length) = usize::try_from(now) else { return };
        if file.write_all(&NOTHING[..length]).is_err() {
            return;
        }
        left -= now;
    }
    let _ = file.sync_all();
}

#[cfg(test)]
mod tests;
