//! Starting points: the built-in ones, which the user may edit, and their own.

use rusqlite::{Connection, Row, params};
use sotto_domain::{StartingPoint, StartingPointId, waiting};

use crate::copies::{self, Gone};
use crate::error::{Result, StoreError};
use crate::{Store, found};

/// A starting point that comes with Sotto.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// What it is known by, in all versions.
    pub key: &'static str,
    /// A short name.
    pub name: &'static str,
    /// One line on what it is for.
    pub description: &'static str,
    /// What the model is told.
    pub instructions: &'static str,
}

impl Store {
    /// All of them: the built-in ones, then the user's own, each in the order they came.
    pub fn starting_points(&self) -> Result<Vec<StartingPoint>> {
        self.read(|view| {
            let mut statement = view.prepare_cached(&format!("{SELECT} ORDER BY built_in IS NULL, id"))?;
            Ok(statement.query_map([], starting_point)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// A new one of the user's own.
    pub fn create_starting_point(
        &self,
        name: &str,
        description: &str,
        instructions: &str,
    ) -> Result<StartingPoint> {
        self.write(|store| {
            store.execute(
                "INSERT INTO starting_points (name, description, instructions) VALUES (?1, ?2, ?3)",
                params![name, description, instructions],
            )?;
            one(store, StartingPointId(store.last_insert_rowid()))
        })
    }

    /// Replaces what it says, a built-in one's too.
    pub fn update_starting_point(
        &self,
        id: StartingPointId,
        name: &str,
        description: &str,
        instructions: &str,
    ) -> Result<()> {
        self.write(|store| {
            found(store.execute(
                "UPDATE starting_points SET name = ?2, description = ?3, instructions = ?4 WHERE id = ?1",
                params![id.0, name, description, instructions],
            )?)
        })
    }

    /// Deletes one of the user's own. A built-in one is refused: it would be back at the next start.
    pub fn delete_starting_point(&self, id: StartingPointId) -> Result<()> {
        self.write(|store| {
            if one(store, id)?.built_in.is_some() {
                return Err(StoreError::BuiltIn);
            }
            found(store.execute("DELETE FROM starting_points WHERE id = ?1", [id.0])?)
        })?;
        waiting(|| copies::strike(&self.path, &self.key, &[Gone::StartingPoint { id: id.0 }]))
    }

    /// Adds the built-in ones whose keys are not there yet, in their order. Those that
    /// are there stay as the user edited them.
    pub fn seed_starting_points(&self, built_in: &[BuiltIn]) -> Result<()> {
        self.write(|store| {
            for BuiltIn { key, name, description, instructions } in built_in {
                store.execute(
                    "INSERT INTO starting_points (built_in, name, description, instructions)
                     VALUES (?1, ?2, ?3, ?4) ON CONFLICT (built_in) DO NOTHING",
                    params![key, name, description, instructions],
                )?;
            }
            Ok(())
        })
    }
}

const SELECT: &str = "SELECT id, name, description, instructions, built_in FROM starting_points";

fn one(view: &Connection, id: StartingPointId) -> Result<StartingPoint> {
    Ok(view.query_row(&format!("{SELECT} WHERE id = ?1"), [id.0], starting_point)?)
}

fn starting_point(row: &Row<'_>) -> rusqlite::Result<StartingPoint> {
    Ok(StartingPoint {
        id: StartingPointId(row.get(0)?),
        name: row.get(1)?,
        description: row.get(2)?,
        instructions: row.get(3)?,
        built_in: row.get(4)?,
    })
}

#[cfg(test)]
mod tests;
