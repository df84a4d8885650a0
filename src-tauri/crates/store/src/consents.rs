//! What she agreed may leave. An agreement names where it goes, which model, and the
//! kinds of content; for anything else she is asked again.

use std::collections::BTreeSet;

use rusqlite::types::{FromSqlError, FromSqlResult};
use rusqlite::{OptionalExtension, Row, params};
use sotto_domain::{ContentKind, ConversationId, ProjectId, Timestamp};

use crate::Store;
use crate::error::Result;

/// For what she agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One conversation.
    Conversation(ConversationId),
    /// All conversations of a project, those to come included.
    Project(ProjectId),
}

/// What she agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The kinds of content that may leave.
    pub kinds: BTreeSet<ContentKind>,
    /// The parts that she struck out, by their keys.
    pub left_out: Vec<String>,
}

impl Store {
    /// Notes that content of these kinds may go to `origin` and `model`.
    pub fn agree(
        &self,
        scope: Scope,
        origin: &str,
        model: &str,
        kinds: &[ContentKind],
        left_out: &[String],
        now: Timestamp,
    ) -> Result<()> {
        let (conversation, project) = match scope {
            Scope::Conversation(id) => (Some(id.0), None),
            Scope::Project(id) => (None, Some(id.0)),
        };
        let mut kinds: Vec<_> = kinds.iter().map(|kind| name(*kind)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        self.write(|store| {
            store.execute(
                "INSERT INTO consents (conversation, project, origin, model, kinds, left_out, given_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![conversation, project, origin, model, kinds.join(","), left_out.join(","), now],
            )?;
            Ok(())
        })
    }

    /// What she last agreed to for this conversation, or else for its project, of what
    /// goes to `origin` and `model`.
    pub fn agreement(
        &self,
        conversation: ConversationId,
        project: Option<ProjectId>,
        origin: &str,
        model: &str,
    ) -> Result<Option<Agreement>> {
        self.read(|view| {
            let mut statement = view.prepare_cached(
                "SELECT kinds, left_out FROM consents
                 WHERE (conversation = ?1 OR project = ?2) AND origin = ?3 AND model = ?4
                 ORDER BY conversation IS NULL, id DESC LIMIT 1",
            )?;
            let project = project.map(|id| id.0);
            let found = statement.query_row(params![conversation.0, project, origin, model], agreement);
            Ok(found.optional()?)
        })
    }

    /// Takes back what was agreed for a conversation or a project. What has left has left.
    pub fn take_back(&self, scope: Scope) -> Result<()> {
        let (sql, id) = match scope {
            Scope::Conversation(id) => ("DELETE FROM consents WHERE conversation = ?1", id.0),
            Scope::Project(id) => ("DELETE FROM consents WHERE project = ?1", id.0),
        };
        self.write(|store| {
            store.execute(sql, [id])?;
            Ok(())
        })
    }
}

fn agreement(row: &Row<'_>) -> rusqlite::Result<Agreement> {
    let list = |column| -> rusqlite::Result<Vec<String>> {
        let text: String = row.get(column)?;
        Ok(text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect())
    };
    let kinds = list(0)?.iter().map(|kind| kind_named(kind)).collect::<FromSqlResult<_>>()?;
    Ok(Agreement { kinds, left_out: list(1)? })
}

// The names are part of the schema: they may gain companions, but never change.

fn kind_named(name: &str) -> FromSqlResult<ContentKind> {
    Ok(match name {
        "messages" => ContentKind::Messages,
        "instructions" => ContentKind::Instructions,
        "notes" => ContentKind::Notes,
        "pictures" => ContentKind::Pictures,
        _ => return Err(FromSqlError::InvalidType),
    })
}

fn name(kind: ContentKind) -> &'static str {
    match kind {
        ContentKind::Messages => "messages",
        ContentKind::Instructions => "instructions",
        ContentKind::Notes => "notes",
        ContentKind::Pictures => "pictures",
    }
}

#[cfg(test)]
mod tests;
