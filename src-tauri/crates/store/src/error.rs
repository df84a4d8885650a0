//! What can go wrong with the store, in sentences for the person.

use rusqlite::ErrorCode;
use sotto_manuscript::DocumentError;

/// Why something could not be read or stored. Whatever was stored before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is nothing with that id, or the project it should go to is in the trash.
    #[error("This is no longer here. It may have been deleted for good.")]
    NotFound,
    /// The file was last written by a newer Sotto.
    #[error(
        "Your conversations were last opened with a newer Sotto. They are safe and were not changed. \
         Update Sotto to open them."
    )]
    Newer {
        /// The version of the file.
        found: i64,
        /// The newest version that this Sotto knows.
        known: i64,
    },
    /// There is no room left.
    #[error(
        "The disk is full, so this could not be saved. All that was saved before is safe. \
         Free some space, then try again."
    )]
    DiskFull,
    /// The file is not a database of Sotto's, or is damaged.
    #[error(
        "The file that holds your conversations is damaged, or is not one of Sotto's. \
         Put a copy from a backup in its place, then start Sotto again."
    )]
    Damaged,
    /// The file is encrypted with another key, or damaged where that shows.
    #[error(
        "This library cannot be opened with the key that is kept for it: the key belongs to another library, \
         or the file is damaged. What is in it is as safe as before, and nothing was changed. If you have its \
         recovery key, enter it in a terminal: sotto key restore. Or go back to a backup: sotto restore."
    )]
    WrongKey,
    /// The file is not encrypted, and is opened only once it is.
    #[error("Your library is not encrypted yet. Nothing was changed. Start Sotto again.")]
    Plain,
    /// Another program has held the file for longer than we wait.
    #[error("Another program is using the file that holds your conversations. Close it, then try again.")]
    Busy,
    /// The page was changed by another window meanwhile.
    #[error("This page was changed in another window. Both texts are safe.")]
    Stale,
    /// A model's text was to come onto a page of a project that keeps them out.
    #[error("This project is hands-off: no model's text comes onto its pages. Nothing was changed.")]
    HandsOff,
    /// What was to be stored is no document of ours, or too much for a page.
    #[error("{}", document(.0))]
    Document(#[from] DocumentError),
    /// A starting point that comes with Sotto is to be deleted.
    #[error("This starting point comes with Sotto. It can be changed, but not deleted.")]
    BuiltIn,
    /// The file or its folder cannot be reached.
    #[error(
        "The folder that holds your conversations cannot be used. \
         Check that it is there and that Sotto may write to it, then try again."
    )]
    Io(#[from] std::io::Error),
    /// Anything else that the database says.
    #[error(
        "Your conversations could not be read or saved just now. What was saved before is safe. Try again."
    )]
    Sqlite(#[source] rusqlite::Error),
}

fn document(error: &DocumentError) -> &'static str {
    match error {
        DocumentError::TooLong => {
            "This is as long as a page can be. What was saved before is safe. Go on in a new page."
        }
        DocumentError::TooDeep => "Lists or quotes lie too deep within each other. Take some of them apart.",
        DocumentError::Unknown(_) | DocumentError::OutOfPlace => {
            "The last change could not be saved. What was saved before is safe. Copy what you wrote last, \
             and open the page again."
        }
    }
}

pub(crate) type Result<T> = std::result::Result<T, StoreError>;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{Error, ffi};
        match &error {
            Error::QueryReturnedNoRows => return Self::NotFound,
            // A column holds what no Sotto has written there.
            Error::FromSqlConversionFailure(..) | Error::InvalidColumnType(..) | Error::Utf8Error(..) => {
                return Self::Damaged;
            }
            _ => {}
        }
        match error.sqlite_error().map(|failure| (failure.code, failure.extended_code)) {
            // A reference to a conversation, parent or project that is not there.
            Some((_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY)) => Self::NotFound,
            // Room for the log's index is set aside in advance, and is reported so when there is none.
            Some((ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE)) => Self::DiskFull,
            Some((ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _)) => Self::Damaged,
            Some((ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _)) => Self::Busy,
            Some((ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied, _)) => {
                Self::Io(std::io::Error::other(error))
            }
            _ => Self::Sqlite(error),
        }
    }
}
