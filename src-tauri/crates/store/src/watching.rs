//! Noticing what others write: another window, a terminal, or this process itself.

use std::time::Duration;

use rusqlite::Connection;
use sotto_domain::Promises;

use crate::error::Result;
use crate::place::Place;
use crate::settings::promises;
use crate::{Store, key};

/// How long to wait for whoever keeps the database to themselves.
const PATIENCE: Duration = Duration::from_millis(250);

/// Sees every change, through a connection of its own: it waits for nobody's work.
pub struct Watcher {
    connection: Connection,
    place: Place,
    seen: Option<i64>,
}

impl Store {
    /// Begins to watch; the first look sees a change.
    pub fn watcher(&self) -> Result<Watcher> {
        // Nothing is made here: a database that is gone is not replaced by an empty one.
        let connection = key::open(&self.path, key::THERE, &self.key)?;
        connection.busy_timeout(PATIENCE)?;
        Ok(Watcher { connection, place: Place::of(&self.path), seen: None })
    }
}

impl Watcher {
    /// Whether anything was written since the last look.
    pub fn has_changed(&mut self) -> Result<bool> {
        self.place.holds()?;
        let now = self.connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
        Ok(self.seen.replace(now) != Some(now))
    }

    /// What is promised now.
    pub fn promises(&self) -> Result<Promises> {
        self.place.holds()?;
        promises(&self.connection)
    }
}
