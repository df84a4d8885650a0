//! What the user set, a row for each field. A change reads and writes under one lock, so no
//! process writes another's values away; and what was promised is read in the very transaction
//! that writes down a departure.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;
use sotto_domain::{NanoUsd, Promises};

use crate::Store;
use crate::error::{Result, StoreError};

/// The offline lock's key.
pub const OFFLINE_LOCK: &str = "offline_lock";
/// The key of the cloud's switch.
pub const CLOUD: &str = "cloud.on";
/// The key of the servers that the user confirmed.
pub const CONFIRMED: &str = "cloud.confirmed";
/// The key of the monthly limit for conversations without a project.
pub const MONTHLY_CAP: &str = "cloud.monthly_cap";

/// The keys of all that is promised.
pub const PROMISED: [&str; 4] = [OFFLINE_LOCK, CLOUD, CONFIRMED, MONTHLY_CAP];

/// Fields by their keys, with values in JSON.
pub type Values = BTreeMap<String, String>;

impl Store {
    /// All fields as they are now, also those that only a newer version knows.
    pub fn values(&self) -> Result<Values> {
        self.place.holds()?;
        self.read(all)
    }

    /// Writes what `change` makes of the fields as they are at that moment: new values, or
    /// `None` for a field that goes. Fields that it does not name stay as they are.
    pub fn change_values(
        &self,
        change: impl FnOnce(&Values) -> Result<BTreeMap<String, Option<String>>>,
    ) -> Result<()> {
        self.write(|store| {
            let changes = change(&all(store)?)?;
            for (key, value) in &changes {
                match value {
                    Some(value) => store.execute(
                        "INSERT INTO settings (key, value) VALUES (?1, ?2)
                         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                        params![key, value],
                    )?,
                    None => store.execute("DELETE FROM settings WHERE key = ?1", [key])?,
                };
                if one(store, key)? != *value {
                    // Nobody is told that the lock is on when it was not written down.
                    return Err(StoreError::Damaged);
                }
            }
            Ok(())
        })?;
        self.place.holds()
    }

    /// What the user decided about what may leave, as it is now.
    pub fn promises(&self) -> Result<Promises> {
        self.place.holds()?;
        self.read(promises)
    }
}

/// What is promised, in the caller's transaction.
pub(crate) fn promises(view: &Connection) -> Result<Promises> {
    let closed = Promises::closed();
    let cap: Option<Option<u64>> = understood(one(view, MONTHLY_CAP)?);
    Ok(Promises {
        offline_lock: understood(one(view, OFFLINE_LOCK)?).unwrap_or(closed.offline_lock),
        cloud: understood(one(view, CLOUD)?).unwrap_or(closed.cloud),
        confirmed: understood(one(view, CONFIRMED)?).unwrap_or(closed.confirmed),
        monthly_cap: cap.map_or(closed.monthly_cap, |cap| cap.map(NanoUsd)),
    })
}

fn understood<T: DeserializeOwned>(value: Option<String>) -> Option<T> {
    serde_json::from_str(&value?).ok()
}

fn one(view: &Connection, key: &str) -> Result<Option<String>> {
    let mut statement = view.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

fn all(view: &Connection) -> Result<Values> {
    let mut statement = view.prepare_cached("SELECT key, value FROM settings")?;
    Ok(statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests;
