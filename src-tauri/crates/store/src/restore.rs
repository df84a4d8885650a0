//! A backup becomes a library again, in a folder of its own: nothing that is in use is touched.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};
use sotto_domain::LibraryKey;

use crate::backup::{Contents, copy_pictures, folder_beside, pictures_of, read_back};
use crate::encrypt::copy;
use crate::error::Result;
use crate::settings::PROMISED;
use crate::{Store, key, schema};

/// Makes a library at `to`, in a new folder, out of a backup; says how much it holds. The backup is
/// encrypted with the key `theirs`, or not at all, and the library with `ours`.
///
/// What was promised, the journal and the ledger are those of `current`, the library that it is to
/// take the place of: going back in time opens no lock, and nothing that left or was spent is
/// forgotten. Where that one cannot be read, what was promised counts as closed.
///
/// # Errors
/// [`StoreError`](crate::StoreError).
pub fn restore_into(
    backup: &Path,
    theirs: &LibraryKey,
    to: &Path,
    current: &Path,
    ours: &LibraryKey,
) -> Result<Contents> {
    let contents = read_back(backup, theirs)?;
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    copy(backup, theirs, to, ours)?;
    let pictures = folder_beside(to);
    fs::create_dir_all(&pictures)?;
    copy_pictures(&pictures_of(to, ours)?, &folder_beside(backup), &pictures)?;
    let store = Store::open(to, ours)?;
    if fs::exists(current)? {
        match current_of(current, ours) {
            Ok(current) => store.write(|store| carry_over(&current, store))?,
            Err(_) => store.write(|store| close(store))?,
        }
    }
    drop(store);
    // Closing it has folded its log in.
    fs::File::options().write(true).open(to)?.sync_all()?;
    Ok(contents)
}

fn current_of(path: &Path, with: &LibraryKey) -> Result<Connection> {
    let current = key::open_either(path, key::THERE, with)?;
    schema::recognise(&current, path, schema::MIGRATIONS)?;
    // An older one has it elsewhere, and is brought up to date when it is opened, not here.
    current.prepare("SELECT key, ledger FROM settings, journal")?;
    Ok(current)
}

fn close(store: &Connection) -> Result<()> {
    for key in PROMISED {
        store.execute("DELETE FROM settings WHERE key = ?1", [key])?;
    }
    Ok(())
}

fn carry_over(current: &Connection, store: &Connection) -> Result<()> {
    close(store)?;
    for key in PROMISED {
        let sql = "SELECT value FROM settings WHERE key = ?1";
        let value: Option<String> = current.query_row(sql, [key], |row| row.get(0)).optional()?;
        if let Some(value) = value {
            store.execute("INSERT INTO settings (key, value) VALUES (?1, ?2)", params![key, value])?;
        }
    }
    for (table, columns) in [("ledger", LEDGER), ("journal", JOURNAL)] {
        add_lines(current, store, table, columns)?;
    }
    Ok(())
}

/// Numbers of conversations and projects are those of the same history, or tell nothing.
const LEDGER: &str = "id, at, project, project_name, provider, backend, model, request, bytes, prompt_tokens, \
                      reused_tokens, completion_tokens, cost, nano_usd, subject_kind, subject_id, ended_at, ceiling";
const JOURNAL: &str = "id, at, purpose, origin, recipient, why, project, bytes, closed_at, bytes_out, bytes_in, \
                       status, ending, subject_kind, subject_id, ledger";

/// Each line of `current` stands in `store` under its number; one of the backup's that it replaces was
/// the same line, at an earlier moment of it.
fn add_lines(current: &Connection, store: &Connection, table: &str, columns: &str) -> Result<()> {
    let mut from = current.prepare(&format!("SELECT {columns} FROM {table} ORDER BY id"))?;
    let count = from.column_count();
    let marks = vec!["?"; count].join(", ");
    let mut into = store.prepare(&format!("INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})"))?;
    let mut rows = from.query([])?;
    while let Some(row) = rows.next()? {
        let values: Vec<rusqlite::types::Value> =
            (0..count).map(|at| row.get(at)).collect::<rusqlite::Result<_>>()?;
        into.execute(rusqlite::params_from_iter(values))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
