//! The key of the tests, and a look at what is encrypted with it past the store.

use std::path::Path;

use rusqlite::Connection;
use sotto_domain::LibraryKey;

pub fn the_key() -> LibraryKey {
    LibraryKey::new([7; LibraryKey::LENGTH])
}

/// The database, as `SQLCipher` opens it for whoever has the key.
#[allow(dead_code)] // not in every test
pub fn opened(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    // The last half are the letters with which the file begins.
    let key = "07".repeat(32) + "536f74746f2773206c6962726172792e";
    connection.pragma_update(None, "key", format!("x'{key}'")).unwrap();
    connection
}
