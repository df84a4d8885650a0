//! Opens the database: a file that we do not know is left as it is, an older one is
//! copied before it is brought up to date, and what is stored survives a power cut.

use std::fs::{self, File, OpenOptions};
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use sotto_domain::LibraryKey;

use crate::error::{Result, StoreError};
use crate::key::number;
use crate::place::beside;
use crate::{copies, key, private};

/// One step of the schema: its number, counted up from 1, and its SQL. Frozen once it
/// has shipped: `tests/old/` holds a database of each version, opened forever after.
pub(crate) type Migration = (i64, &'static str);

pub(crate) const MIGRATIONS: &[Migration] = &[
    (1, include_str!("../migrations/0001_conversations.sql")),
    (2, include_str!("../migrations/0002_elsewhere.sql")),
    (3, include_str!("../migrations/0003_beginnings.sql")),
    (4, include_str!("../migrations/0004_settings.sql")),
    (5, include_str!("../migrations/0005_subjects.sql")),
    (6, include_str!("../migrations/0006_pages.sql")),
    (7, include_str!("../migrations/0007_comparisons.sql")),
    (8, include_str!("../migrations/0008_order.sql")),
    (9, include_str!("../migrations/0009_writing.sql")),
];

/// "Sott" in the file's header, written by the first migration.
const APPLICATION_ID: i64 = 0x536F_7474;

/// Opens the database at `path`, which is encrypted, and brings it up to the last of `migrations`.
pub(crate) fn open(path: &Path, with: &LibraryKey, migrations: &[Migration]) -> Result<Connection> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let connection = key::keyed(path, OpenFlags::default(), with)?;
    // Before there is a log, which takes after it. Not through a file opened and closed here: that
    // would take away the locks which other connections of this process hold. Where the disk knows
    // no rights, there are none to take away.
    let _ = private::narrow(path);
    key::look(&connection, path)?;
    ready(connection, path, with, migrations)
}

/// Brings what is open up to the last of `migrations`.
pub(crate) fn ready(
    mut connection: Connection,
    path: &Path,
    with: &LibraryKey,
    migrations: &[Migration],
) -> Result<Connection> {
    let version = recognise(&connection, path, migrations)?;
    prepare(&connection)?;
    if version < newest(migrations) {
        migrate(&mut connection, path, with, migrations)?;
    }
    Ok(connection)
}

/// The version of the file, 0 for a new one; an error for one that is not for us.
/// Nothing is written.
pub(crate) fn recognise(connection: &Connection, path: &Path, migrations: &[Migration]) -> Result<i64> {
    // In one view: another process may be making the file at this moment.
    let view = connection.unchecked_transaction()?;
    let found = number(&view, "user_version")?;
    let known = newest(migrations);
    if found > known {
        // Closing folds the log of a newer Sotto that crashed, or still runs, into the
        // file. It knows best what to do with it, so both stay as they are. An empty log
        // is ours, from opening the file just now, and closing takes it away.
        if fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0) {
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        }
        return Err(StoreError::Newer { found, known });
    }
    if is_cut_short(path, number(&view, "page_size")?) {
        return Err(StoreError::Damaged);
    }
    let ours = number(&view, "application_id")? == APPLICATION_ID;
    let empty = view.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))?;
    if (ours && found > 0) || (found == 0 && empty) { Ok(found) } else { Err(StoreError::Damaged) }
}

/// Whether the file ends within a page, and no log would mend that: a copy that was cut off.
/// `SQLite` notices only where it happens to read there.
fn is_cut_short(path: &Path, page: i64) -> bool {
    let length = |file: &Path| fs::metadata(file).map_or(0, |file| file.len());
    length(path) % page.unsigned_abs().max(1) != 0 && length(&beside(path, "-wal")) == 0
}

/// Settings of the connection.
fn prepare(connection: &Connection) -> Result<()> {
    // Reading and writing do not wait for each other, and a crash costs nothing committed.
    // Of several that make the file at once, all but one are told at once that it is
    // busy. Asking for the whole file waits for the others, and says when that is too long.
    while let Err(error) = connection.pragma_update(None, "journal_mode", "wal") {
        if error.sqlite_error_code() != Some(ErrorCode::DatabaseBusy) {
            return Err(error.into());
        }
        connection.execute_batch("BEGIN EXCLUSIVE; ROLLBACK")?;
    }
    // With NORMAL a power cut may take back the last moments: a message that the user saw
    // stored would be gone. FULL waits for the disk at each commit, and on a Mac only
    // fullfsync really waits. We commit a few times a second at most: it costs nothing.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What is deleted for good is overwritten, not just forgotten.
    connection.pragma_update(None, "secure_delete", true)?;
    // The log is there from the first look on, also of a file that had none until now.
    number(connection, "schema_version")?;
    Ok(())
}

/// Applies what is missing, all of it or nothing.
fn migrate(
    connection: &mut Connection,
    path: &Path,
    with: &LibraryKey,
    migrations: &[Migration],
) -> Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again under the lock: another process may have been faster.
    let version = number(&transaction, "user_version")?;
    if version > 0 && version < newest(migrations) {
        back_up(path, with, version)?;
    }
    for (step, sql) in migrations.iter().filter(|(step, _)| *step > version) {
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", step)?;
    }
    transaction.commit()?;
    copies::keep_only(path, version);
    Ok(())
}

/// Copies the database to `PATH.version-N.backup`. The caller's lock keeps writers
/// out; the copy is read through a connection of its own, past what the caller does.
fn back_up(path: &Path, with: &LibraryKey, version: i64) -> Result<()> {
    // Under another name until it is whole, so that half a copy never replaces a good one.
    let unfinished = beside(path, ".unfinished.backup");
    let copied = copy(path, with, &unfinished).and_then(|()| {
        OpenOptions::new().write(true).open(&unfinished)?.sync_all()?;
        Ok(fs::rename(&unfinished, copies::of_version(path, version))?)
    });
    if copied.is_err() {
        // Half a copy is of no use, and its room is wanted. The error at hand says more
        // than one from here would.
        let _ = fs::remove_file(&unfinished);
    }
    copied
}

/// Writes what is committed at `path` to a new file at `copy`, in place of any other; it has the
/// same key.
fn copy(path: &Path, with: &LibraryKey, copy: &Path) -> Result<()> {
    // There and empty, so that nobody else may read it from its first byte on.
    File::create(copy)?;
    let _ = private::narrow(copy);
    key::open(path, key::THERE, with)?.execute("VACUUM INTO ?1", [name(copy)])?;
    Ok(())
}

/// The name of a file for SQL, also one that is no text.
pub(crate) fn name(file: &Path) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(ValueRef::Text(file.as_os_str().as_encoded_bytes()))
}

fn newest(migrations: &[Migration]) -> i64 {
    migrations.last().map_or(0, |(step, _)| *step)
}

#[cfg(test)]
mod tests;
