//! What the user has a model do again and again, in their own words.

use rusqlite::params;
use serde::Serialize;
use sotto_domain::ProjectId;
use specta::Type;

use crate::error::Result;
use crate::{Store, conversations, found};

/// A command of the user's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PageCommand {
    /// Its identity.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// What the model is told.
    pub words: String,
}

impl Store {
    /// Those for pages of a project, in the order in which they were made; for pages of none, theirs.
    pub fn page_commands(&self, project: Option<ProjectId>) -> Result<Vec<PageCommand>> {
        self.read(|view| {
            let sql = "SELECT id, name, words FROM page_commands WHERE project IS ?1 ORDER BY id";
            let mut statement = view.prepare_cached(sql)?;
            let rows = statement.query_map([project.map(|id| id.0)], |row| {
                Ok(PageCommand { id: row.get(0)?, name: row.get(1)?, words: row.get(2)? })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Keeps one.
    pub fn add_page_command(&self, project: Option<ProjectId>, name: &str, words: &str) -> Result<()> {
        self.write(|store| {
            conversations::usable(store, project)?;
            store.execute(
                "INSERT INTO page_commands (project, name, words) VALUES (?1, ?2, ?3)",
                params![project.map(|id| id.0), name, words],
            )?;
            Ok(())
        })
    }

    /// Forgets one.
    pub fn remove_page_command(&self, id: i64) -> Result<()> {
        self.write(|store| found(store.execute("DELETE FROM page_commands WHERE id = ?1", [id])?))
    }
}
