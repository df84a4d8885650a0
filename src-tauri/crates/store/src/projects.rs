//! Projects: a name, and notes that the model is always given.

use rusqlite::{Connection, Row, params};
use sotto_domain::{Project, ProjectId, Timestamp};

use crate::error::Result;
use crate::{Store, found};

impl Store {
    /// All that are not in the trash, in the order they were made.
    pub fn projects(&self) -> Result<Vec<Project>> {
        self.read(|view| {
            let sql = format!("{SELECT} WHERE trashed_at IS NULL ORDER BY id");
            let mut statement = view.prepare_cached(&sql)?;
            Ok(statement.query_map([], project)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// One project, also when it is in the trash.
    pub fn project(&self, id: ProjectId) -> Result<Project> {
        self.read(|view| one(view, id))
    }

    /// A new project without notes.
    pub fn create_project(&self, name: &str, now: Timestamp) -> Result<Project> {
        self.write(|store| {
            store.execute("INSERT INTO projects (name, created_at) VALUES (?1, ?2)", params![name, now])?;
            one(store, ProjectId(store.last_insert_rowid()))
        })
    }

    /// Replaces its name and notes.
    pub fn update_project(&self, id: ProjectId, name: &str, notes: &str) -> Result<()> {
        self.write(|store| {
            let sql = "UPDATE projects SET name = ?2, notes = ?3 WHERE id = ?1";
            found(store.execute(sql, params![id.0, name, notes])?)
        })
    }
}

const SELECT: &str = "SELECT id, name, notes, trashed_at FROM projects";

fn one(view: &Connection, id: ProjectId) -> Result<Project> {
    Ok(view.query_row(&format!("{SELECT} WHERE id = ?1"), [id.0], project)?)
}

fn project(row: &Row<'_>) -> rusqlite::Result<Project> {
    Ok(Project { id: ProjectId(row.get(0)?), name: row.get(1)?, notes: row.get(2)?, trashed_at: row.get(3)? })
}
