//! Conversations without their messages.

use std::collections::BTreeSet;

use rusqlite::types::FromSqlError;
use rusqlite::{Connection, Row, params};
use sotto_domain::{
    ChatPart, Conversation, ConversationId, Leaving, MessageId, ProjectId, Subject, Timestamp,
};

use crate::error::{Result, StoreError};
use crate::{Store, columns, consents, found};

impl Store {
    /// All that are not in the trash, newest first.
    pub fn conversations(&self) -> Result<Vec<Conversation>> {
        self.read(|view| {
            let sql = format!("{SELECT} WHERE trashed_at IS NULL ORDER BY updated_at DESC, id DESC");
            let mut statement = view.prepare_cached(&sql)?;
            Ok(statement.query_map([], conversation)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// One conversation, also when it is in the trash, by itself or with its project.
    pub fn conversation(&self, id: ConversationId) -> Result<Conversation> {
        self.read(|view| one(view, id))
    }

    /// A new, empty conversation, in a project that is not in the trash, or in none.
    pub fn create_conversation(
        &self,
        project: Option<ProjectId>,
        instructions: &str,
        now: Timestamp,
    ) -> Result<Conversation> {
        self.write(|store| {
            usable(store, project)?;
            store.execute(
                "INSERT INTO conversations (project, instructions, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)",
                params![project.map(|id| id.0), instructions, now],
            )?;
            one(store, ConversationId(store.last_insert_rowid()))
        })
    }

    /// Forgets a conversation in which nothing was ever said, with its draft.
    pub fn forget_if_empty(&self, id: ConversationId) -> Result<()> {
        self.write(|store| {
            store.execute(
                "DELETE FROM conversations
                 WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM messages WHERE conversation = ?1)",
                [id.0],
            )?;
            Ok(())
        })
    }

    /// Gives it a title.
    pub fn rename_conversation(&self, id: ConversationId, title: &str) -> Result<()> {
        self.write(|store| {
            found(store.execute("UPDATE conversations SET title = ?2 WHERE id = ?1", params![id.0, title])?)
        })
    }

    /// Puts it in a project that is not in the trash, or takes it out of any.
    pub fn move_conversation(&self, id: ConversationId, project: Option<ProjectId>) -> Result<()> {
        self.write(|store| {
            usable(store, project)?;
            let project = project.map(|id| id.0);
            found(store.execute(
                "UPDATE conversations SET project = ?2, position = NULL WHERE id = ?1",
                params![id.0, project],
            )?)
        })
    }

    /// Replaces its system prompt.
    pub fn set_instructions(&self, id: ConversationId, text: &str) -> Result<()> {
        self.write(|store| {
            found(
                store.execute(
                    "UPDATE conversations SET instructions = ?2 WHERE id = ?1",
                    params![id.0, text],
                )?,
            )
        })
    }

    /// Switches a part of what the model is given in it off, or on again.
    pub fn leave_out(&self, id: ConversationId, part: ChatPart, out: bool) -> Result<()> {
        self.write(|store| {
            let mut left_out = one(store, id)?.left_out;
            if out {
                left_out.insert(part);
            } else {
                left_out.remove(&part);
            }
            let names: Vec<_> = left_out.iter().map(ChatPart::to_string).collect();
            let sql = "UPDATE conversations SET left_out = ?2 WHERE id = ?1";
            found(store.execute(sql, params![id.0, names.join(",")])?)
        })
    }

    /// Says whether it leaves this device. Where it never does, what was agreed for it is taken back:
    /// that does not wait for the user to change their mind.
    pub fn set_leaving(&self, id: ConversationId, leaving: &Leaving) -> Result<()> {
        let (provider, model) = match leaving {
            Leaving::AsItsProject => (None, None),
            Leaving::Never => (Some(""), Some("")),
            Leaving::To(choice) => (Some(&*choice.provider), Some(&*choice.model)),
        };
        self.write(|store| {
            let sql = "UPDATE conversations SET cloud_provider = ?2, cloud_model = ?3 WHERE id = ?1";
            found(store.execute(sql, params![id.0, provider, model])?)?;
            if *leaving == Leaving::Never {
                consents::forget(store, Subject::Conversation(id))
            } else {
                Ok(())
            }
        })
    }

    /// Keeps what is typed but not sent.
    pub fn save_draft(&self, id: ConversationId, text: &str) -> Result<()> {
        self.write(|store| {
            found(store.execute("UPDATE conversations SET draft = ?2 WHERE id = ?1", params![id.0, text])?)
        })
    }
}

const SELECT: &str = "SELECT id, project, title, instructions, draft, head, updated_at, trashed_at,
       cloud_provider, cloud_model, position, left_out FROM listing";

pub(crate) fn one(view: &Connection, id: ConversationId) -> Result<Conversation> {
    Ok(view.prepare_cached(&format!("{SELECT} WHERE id = ?1"))?.query_row([id.0], conversation)?)
}

fn conversation(row: &Row<'_>) -> rusqlite::Result<Conversation> {
    Ok(Conversation {
        id: ConversationId(row.get(0)?),
        project: row.get::<_, Option<_>>(1)?.map(ProjectId),
        title: row.get(2)?,
        instructions: row.get(3)?,
        draft: row.get(4)?,
        head: row.get::<_, Option<_>>(5)?.map(MessageId),
        updated_at: row.get(6)?,
        trashed_at: row.get(7)?,
        leaving: leaving(row)?,
        position: row.get(10)?,
        left_out: left_out(row.get_ref(11)?.as_str()?)?,
    })
}

fn left_out(names: &str) -> rusqlite::Result<BTreeSet<ChatPart>> {
    let part = |name: &str| -> rusqlite::Result<ChatPart> {
        name.parse::<ChatPart>().map_err(|_| FromSqlError::InvalidType.into())
    };
    names.split(',').filter(|name| !name.is_empty()).map(part).collect()
}

fn leaving(row: &Row<'_>) -> rusqlite::Result<Leaving> {
    Ok(match columns::cloud(row, 8)? {
        None => Leaving::AsItsProject,
        Some(choice) if choice.provider.is_empty() => Leaving::Never,
        Some(choice) => Leaving::To(choice),
    })
}

/// What went into a project in the trash would vanish with it unseen.
pub(crate) fn usable(view: &Connection, project: Option<ProjectId>) -> Result<()> {
    let Some(id) = project else { return Ok(()) };
    let trashed: bool =
        view.query_row("SELECT trashed_at IS NOT NULL FROM projects WHERE id = ?1", [id.0], |row| {
            row.get(0)
        })?;
    if trashed { Err(StoreError::NotFound) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
