//! The copy that was made before the database was brought up to date. What is deleted for good
//! goes from it as well, or it goes altogether: deleted means deleted.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension, Transaction, params};
use sotto_domain::LibraryKey;

use crate::error::Result;
use crate::key;
use crate::place::beside;

/// Something that was deleted for good. Its moment tells it from another of the same number in a
/// copy that was put here from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gone {
    Conversation { id: i64, created_at: i64 },
    Page { id: i64, created_at: i64 },
    Project { id: i64, created_at: i64 },
    StartingPoint { id: i64 },
}

/// The copies beside the database at `path`.
pub(crate) fn of(path: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Vec::new() };
    let mut prefix = name.to_owned();
    prefix.push(".version-");
    let is_copy = |file: &Path| {
        let name = file.file_name().unwrap_or_default().as_encoded_bytes();
        name.starts_with(prefix.as_encoded_bytes()) && name.ends_with(b".backup")
    };
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    files.filter(|file| is_copy(file)).collect()
}

/// Takes what is gone out of the copies of the database at `path`.
pub(crate) fn strike(path: &Path, with: &LibraryKey, gone: &[Gone]) -> Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    for copy in of(path) {
        // What cannot be taken out of it must not stay in it.
        if strike_from(&copy, with, gone).is_err() {
            remove(&copy)?;
        }
    }
    Ok(())
}

/// Removes the copies of the database at `path` but for the one of `version`: they hold what was
/// deleted in the time of versions that left it in them.
pub(crate) fn keep_only(path: &Path, version: i64) {
    let kept = of_version(path, version);
    for copy in of(path).iter().filter(|copy| **copy != kept) {
        // It stays for another time where that is refused: nobody waits for it.
        let _ = remove(copy);
    }
}

/// Where the copy of a version lies.
pub(crate) fn of_version(path: &Path, version: i64) -> PathBuf {
    beside(path, &format!(".version-{version}.backup"))
}

fn remove(copy: &Path) -> io::Result<()> {
    for file in [beside(copy, "-wal"), beside(copy, "-shm"), beside(copy, "-journal"), copy.to_owned()] {
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn strike_from(copy: &Path, with: &LibraryKey, gone: &[Gone]) -> Result<()> {
    let mut copy = key::open_either(copy, key::THERE, with)?;
    copy.pragma_update(None, "foreign_keys", true)?;
    copy.pragma_update(None, "secure_delete", true)?;
    let work = copy.transaction()?;
    let has_pages = work.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'pages')",
        [],
        |row| row.get(0),
    )?;
    let mut struck = 0;
    for gone in gone {
        struck += strike_one(&work, *gone, has_pages)?;
    }
    if struck > 0 {
        // The indexes have their words until then.
        work.execute_batch(
            "INSERT INTO title_words (title_words) VALUES ('optimize');
             INSERT INTO message_words (message_words) VALUES ('optimize');",
        )?;
        if has_pages {
            work.execute("INSERT INTO page_words (page_words) VALUES ('optimize')", [])?;
        }
    }
    work.commit()?;
    if struck > 0 {
        // Versions that did not overwrite what they deleted left it in free pages.
        copy.execute_batch("VACUUM")?;
    }
    Ok(())
}

/// `has_pages`: the copy is of a version that knew pages.
fn strike_one(copy: &Transaction<'_>, gone: Gone, has_pages: bool) -> Result<usize> {
    Ok(match gone {
        Gone::Conversation { id, created_at } => copy.execute(
            "DELETE FROM conversations WHERE id = ?1 AND created_at = ?2",
            params![id, created_at],
        )?,
        Gone::Page { .. } if !has_pages => 0,
        Gone::Page { id, created_at } => {
            copy.execute("DELETE FROM pages WHERE id = ?1 AND created_at = ?2", params![id, created_at])?
        }
        Gone::Project { id, created_at } => {
            let sql = "SELECT 1 FROM projects WHERE id = ?1 AND created_at = ?2";
            let there = copy.query_row(sql, params![id, created_at], |_| Ok(())).optional()?;
            if there.is_none() {
                return Ok(0);
            }
            // What stood in it then, and went elsewhere since, stays.
            copy.execute("UPDATE conversations SET project = NULL WHERE project = ?1", [id])?;
            if has_pages {
                copy.execute("UPDATE pages SET project = NULL WHERE project = ?1", [id])?;
            }
            copy.execute("DELETE FROM projects WHERE id = ?1", [id])?
        }
        Gone::StartingPoint { id } => {
            copy.execute("DELETE FROM starting_points WHERE id = ?1 AND built_in IS NULL", [id])?
        }
    })
}

#[cfg(test)]
mod tests;
