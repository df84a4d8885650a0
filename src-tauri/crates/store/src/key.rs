//! The one way to open a database: with the key that it is encrypted with.

use std::fmt::Write;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use sotto_domain::LibraryKey;

use crate::error::{Result, StoreError};

/// What stands at the beginning of an encrypted file of ours, in the clear. `SQLCipher` takes it as
/// the salt from which the key of its checksums comes. Each file has a random one by default, for keys
/// that are passwords; ours are random themselves, and of several that make a file at once all have
/// to have the same.
const OURS: [u8; 16] = *b"Sotto's library.";

/// What stands there in a database that is not encrypted.
const PLAIN: [u8; 16] = *b"SQLite format 3\0";

/// How large a page of an encrypted file is.
const PAGE: u64 = 4096;

/// How to open what has to be there: nothing is made.
pub(crate) const THERE: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// How long to wait while another process writes.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a file is, by its first letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// There is none, or nothing in it.
    Nothing,
    /// A database that is not encrypted.
    Plain,
    /// An encrypted library of Sotto's.
    Encrypted,
    /// Something else.
    Other,
}

/// Looks at the first letters of a file. Not for a database that this process has open: closing the
/// file takes away the locks that the process holds on it.
///
/// # Errors
/// What the system says.
pub fn kind(file: &Path) -> io::Result<Kind> {
    let mut first = Vec::new();
    match File::open(file) {
        Ok(file) => file.take(16).read_to_end(&mut first)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Kind::Nothing),
        Err(error) => return Err(error),
    };
    Ok(match &first[..] {
        [] => Kind::Nothing,
        first if first == PLAIN => Kind::Plain,
        first if first == OURS => Kind::Encrypted,
        _ => Kind::Other,
    })
}

/// Whether this key opens this library. Nothing is written.
///
/// # Errors
/// [`StoreError::WrongKey`] where it does not, and whatever keeps the file from being read.
pub fn opens_with(library: &Path, key: &LibraryKey) -> Result<()> {
    open(library, THERE, key).map(drop)
}

/// Opens what is encrypted with this key.
pub(crate) fn open(path: &Path, flags: OpenFlags, key: &LibraryKey) -> Result<Connection> {
    let connection = keyed(path, flags, key)?;
    look(&connection, path)?;
    Ok(connection)
}

/// Opens what is encrypted with this key, or not at all.
pub(crate) fn open_either(path: &Path, flags: OpenFlags, key: &LibraryKey) -> Result<Connection> {
    match open(path, flags, key) {
        Err(StoreError::Plain) => plain(path, flags),
        opened => opened,
    }
}

/// Opens what is not encrypted.
pub(crate) fn plain(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// A connection that has the key, and has not tried it yet.
pub(crate) fn keyed(path: &Path, flags: OpenFlags, key: &LibraryKey) -> Result<Connection> {
    let connection = plain(path, flags)?;
    // It would write to standard error what we say in words.
    connection.pragma_update(None, "cipher_log_level", "NONE")?;
    connection.pragma_update(None, "key", words(key).as_str())?;
    Ok(connection)
}

/// Tries the key.
pub(crate) fn look(connection: &Connection, path: &Path) -> Result<()> {
    let looked = connection.pragma_query_value(None, "schema_version", |row| row.get::<_, i64>(0));
    match looked {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {}
        looked => return Ok(looked.map(drop)?),
    }
    // Whoever closes it last folds its log into it. This one is not ours to touch.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Err(match kind(path)? {
        Kind::Plain => StoreError::Plain,
        Kind::Encrypted if fs::metadata(path)?.len() % PAGE == 0 => StoreError::WrongKey,
        // A file that ends within a page was cut off.
        _ => StoreError::Damaged,
    })
}

/// What a pragma says that is a number.
pub(crate) fn number(connection: &Connection, pragma: &str) -> Result<i64> {
    Ok(connection.pragma_query_value(None, pragma, |row| match row.get_ref(0)? {
        // `SQLCipher` says the size of a page in letters.
        ValueRef::Text(_) => Ok(row.get::<_, String>(0)?.parse().unwrap_or_default()),
        _ => row.get(0),
    })?)
}

/// A key as `SQLCipher` is given it: as it is, so that nothing has to be worked out from it.
pub(crate) fn words(key: &LibraryKey) -> impl std::ops::Deref<Target = String> {
    let mut words = key.hex("the database is opened with it");
    words.insert_str(0, "x'");
    for byte in OURS {
        let _ = write!(words, "{byte:02x}");
    }
    words.push('\'');
    words
}

#[cfg(test)]
pub(crate) mod tests;
