//! What Sotto remembers. What a call here has stored is on the disk when the call
//! returns, and nothing is deleted but by emptying the trash.
//!
//! Messages are a tree: answering again or editing adds a sibling, and a
//! conversation's head says which branch is on show. One file each for the reads
//! and writes of a table; `schema` opens the database and brings it up to date.

mod backup;
mod beginnings;
mod columns;
mod comparisons;
mod consents;
mod conversations;
mod copies;
mod encrypt;
mod error;
mod exchanges;
mod feed;
mod imports;
mod journal;
mod key;
mod ledger;
mod merge;
mod messages;
mod order;
mod page_commands;
mod page_pictures;
mod pages;
mod pictures;
mod place;
mod private;
mod projects;
mod restore;
mod schema;
mod search;
mod settings;
mod starting_points;
#[cfg(feature = "testing")]
mod testing;
mod trash;
mod versions;
mod watching;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use sotto_domain::{LibraryKey, waiting};

pub use backup::{Contents, folder_beside, pictures_of, read_back};
pub use beginnings::Beginnings;
pub use comparisons::{Comparison, Tallies, Tally};
pub use consents::{Agreement, NewAgreement};
pub use encrypt::{encrypt, encrypt_copies};
pub use error::StoreError;
pub use exchanges::{Asked, Beside};
pub use feed::Changed;
pub use imports::{ImportedConversation, ImportedMessage};
pub use journal::JournalLine;
pub use key::{Kind, kind, opens_with};
pub use messages::{NewMessage, Placed};
pub use order::Ordered;
pub use page_commands::PageCommand;
pub use private::narrow;
pub use restore::restore_into;
pub use search::{Hit, PageHit};
pub use settings::{CLOUD, CONFIRMED, MONTHLY_CAP, OFFLINE_LOCK, PROMISED, Values};
pub use starting_points::BuiltIn;
#[cfg(feature = "testing")]
pub use testing::set_version;
pub use trash::{TrashKind, Trashed};
pub use versions::{Version, Why};
pub use watching::Watcher;

use error::Result;
use feed::Feed;
use place::Place;

/// One database file, and the folder of pictures beside it. Calls block for as long as the disk
/// takes, and queue for each other; on a thread that serves other tasks these go on on another one
/// meanwhile, so that async code may call them.
pub struct Store {
    connection: Mutex<Connection>,
    feed: Feed,
    path: PathBuf,
    key: LibraryKey,
    place: Place,
    pictures: PathBuf,
}

impl Store {
    /// Opens the database at `path`, makes it and its folder where there is none, and
    /// brings an older one up to date, with a copy of it kept beside it. All of them are
    /// encrypted with `key`.
    ///
    /// A file of a newer Sotto ([`StoreError::Newer`]), one that is not Sotto's
    /// ([`StoreError::Damaged`]), one with another key ([`StoreError::WrongKey`]) and one that is not
    /// encrypted ([`StoreError::Plain`]) are refused and left as they are, byte for byte.
    pub fn open(path: &Path, key: &LibraryKey) -> Result<Self> {
        Self::over(schema::open(path, key, schema::MIGRATIONS)?, path, key)
    }

    fn over(connection: Connection, path: &Path, key: &LibraryKey) -> Result<Self> {
        feed::begin(&connection)?;
        Ok(Self {
            connection: Mutex::new(connection),
            feed: Feed::default(),
            path: path.to_owned(),
            key: key.clone(),
            place: Place::of(path),
            pictures: pictures::folder(path),
        })
    }

    /// Runs `work` on one unchanging view of the data.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.with_connection(|mut connection| work(&*connection.transaction()?))
    }

    /// Runs `work`, and stores all of what it did, or nothing. The lock is taken at the
    /// beginning: a transaction that reads first can find that another has written since.
    fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.with_connection(|mut connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let outcome = work(&transaction)?;
            let changed = feed::take(&transaction)?;
            transaction.commit()?;
            // Whoever listens may read.
            drop(connection);
            self.feed.tell(&changed);
            Ok(outcome)
        })
    }

    /// The one way to the connection: whoever waits for it, or for the disk behind it, steps aside
    /// for what else wants to go on. A panic elsewhere does not take the data away: its transaction
    /// was rolled back.
    fn with_connection<T>(&self, work: impl FnOnce(MutexGuard<'_, Connection>) -> T) -> T {
        waiting(|| work(self.connection.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Of a statement that was to change one row: that row was there.
fn found(changed: usize) -> Result<()> {
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
