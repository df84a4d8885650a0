//! Conversations of other apps come in, each whole or not at all.

use std::collections::HashSet;

use rusqlite::params;
use sotto_domain::{ConversationId, Made, MessageId, MessageState, Picture, ProjectId, Role, Timestamp};

use crate::error::{Result, StoreError};
use crate::{NewMessage, Store, conversations, messages};

/// A conversation of another app.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportedConversation {
    /// Its title; empty for none.
    pub title: String,
    /// When it was written to last.
    pub updated_at: Timestamp,
    /// Its messages; each stands behind the one that it follows.
    pub messages: Vec<ImportedMessage>,
    /// The last message of the branch on show.
    pub head: Option<usize>,
}

/// One of its messages.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedMessage {
    /// The message that it follows, which stands before it.
    pub parent: Option<usize>,
    /// [`Role::User`] or [`Role::Assistant`].
    pub role: Role,
    /// What was said.
    pub text: String,
    /// When it was said.
    pub at: Timestamp,
    /// Who answered; `None` for the user's own.
    pub made: Option<Made>,
    /// Files of the pictures' folder.
    pub pictures: Vec<Picture>,
    /// What of it is missing, in a sentence.
    pub remark: Option<String>,
}

impl Store {
    /// The first messages of all conversations, by their time and words: what tells whether one
    /// was imported before.
    pub fn first_messages(&self) -> Result<HashSet<(Timestamp, String)>> {
        self.read(|view| {
            let mut first = view.prepare("SELECT created_at, text FROM messages WHERE parent IS NULL")?;
            let rows = first.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Stores a conversation of another app, in a project that is not in the trash, or in none.
    ///
    /// # Errors
    /// [`StoreError`]: nothing of it was stored.
    pub fn import_conversation(
        &self,
        project: Option<ProjectId>,
        imported: ImportedConversation,
    ) -> Result<ConversationId> {
        let ImportedConversation { title, updated_at, messages: said, head } = imported;
        self.write(|store| {
            conversations::usable(store, project)?;
            let begun = said.first().map_or(updated_at, |first| first.at);
            store.execute(
                "INSERT INTO conversations (project, title, instructions, created_at, updated_at)
                 VALUES (?1, ?2, '', ?3, ?4)",
                params![project.map(|id| id.0), title, begun, updated_at],
            )?;
            let conversation = ConversationId(store.last_insert_rowid());
            let mut stored: Vec<MessageId> = Vec::new();
            for ImportedMessage { parent, role, text, at, made, pictures, remark } in said {
                let parent = match parent {
                    None => None,
                    Some(place) => Some(*stored.get(place).ok_or(StoreError::NotFound)?),
                };
                let state = MessageState::Complete;
                let message = NewMessage { conversation, parent, role, text, state, made, pictures };
                let id = messages::add(store, message, at)?.id;
                if remark.is_some() {
                    store.execute("UPDATE messages SET remark = ?2 WHERE id = ?1", params![id.0, remark])?;
                }
                stored.push(id);
            }
            let head = head.and_then(|place| stored.get(place)).or(stored.last());
            store.execute(
                "UPDATE conversations SET head = ?2, updated_at = ?3 WHERE id = ?1",
                params![conversation.0, head.map(|id| id.0), updated_at],
            )?;
            Ok(conversation)
        })
    }
}

#[cfg(test)]
mod tests;
