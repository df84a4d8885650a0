//! Projects: a name, and notes that the model is always given.

use rusqlite::{Connection, Row, params};
use sotto_domain::{CloudChoice, Mood, NanoUsd, Project, ProjectId, Subject, Timestamp, allow, ban};

use crate::columns::Stored;
use crate::error::Result;
use crate::{Store, columns, consents, found};

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

    /// Says how freely models write in it; `None`: as in the settings.
    pub fn set_project_mood(&self, id: ProjectId, mood: Option<Mood>) -> Result<()> {
        self.write(|store| {
            let sql = "UPDATE projects SET mood = ?2 WHERE id = ?1";
            found(store.execute(sql, params![id.0, mood.map(Stored)])?)
        })
    }

    /// Says of a phrase that models never write it in this project, beside those of the settings, or
    /// that they may again.
    pub fn ban_in_project(&self, id: ProjectId, phrase: &str, banned: bool) -> Result<()> {
        self.write(|store| {
            let mut phrases = one(store, id)?.banned;
            if banned {
                ban(&mut phrases, phrase);
            } else {
                allow(&mut phrases, phrase);
            }
            let sql = "UPDATE projects SET banned = ?2 WHERE id = ?1";
            found(store.execute(sql, params![id.0, phrases.join("\n")])?)
        })
    }

    /// Says where its conversations go, or that they go nowhere, and the most that they may cost in
    /// a month. Where they go nowhere, what was agreed for all of them is taken back.
    pub fn set_project_leaving(
        &self,
        id: ProjectId,
        cloud: Option<&CloudChoice>,
        cap: Option<NanoUsd>,
    ) -> Result<()> {
        self.write(|store| {
            let sql =
                "UPDATE projects SET cloud_provider = ?2, cloud_model = ?3, monthly_cap = ?4 WHERE id = ?1";
            let (provider, model) = cloud.map(|to| (&to.provider, &to.model)).unzip();
            found(store.execute(sql, params![id.0, provider, model, cap.map(columns::stored_nano_usd)])?)?;
            if cloud.is_none() { consents::forget(store, Subject::Project(id)) } else { Ok(()) }
        })
    }
}

const SELECT: &str =
    "SELECT id, name, notes, trashed_at, cloud_provider, cloud_model, monthly_cap, hands_off, mood, banned
     FROM projects";

fn one(view: &Connection, id: ProjectId) -> Result<Project> {
    Ok(view.query_row(&format!("{SELECT} WHERE id = ?1"), [id.0], project)?)
}

fn project(row: &Row<'_>) -> rusqlite::Result<Project> {
    Ok(Project {
        id: ProjectId(row.get(0)?),
        name: row.get(1)?,
        notes: row.get(2)?,
        trashed_at: row.get(3)?,
        cloud: columns::cloud(row, 4)?,
        hands_off: row.get(7)?,
        monthly_cap: row.get::<_, Option<i64>>(6)?.map(columns::nano_usd),
        mood: row.get::<_, Option<Stored<_>>>(8)?.map(|mood| mood.0),
        banned: phrases(row.get_ref(9)?.as_str()?),
    })
}

fn phrases(lines: &str) -> Vec<String> {
    let mut phrases = Vec::new();
    lines.lines().for_each(|phrase| ban(&mut phrases, phrase));
    phrases
}

#[cfg(test)]
mod tests;
