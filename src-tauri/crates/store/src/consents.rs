//! What the user agreed may leave. An agreement names where it goes, which model, and the
//! kinds of content; for anything else they are asked again.

use std::collections::BTreeSet;

use rusqlite::types::{FromSqlError, FromSqlResult};
use rusqlite::{Connection, OptionalExtension, Row, params};
use sotto_domain::{ContentKind, PartKey, ProjectId, Subject, Timestamp};

use crate::Store;
use crate::columns::stored_subject;
use crate::error::Result;

/// What the user agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The kinds of content that may leave.
    pub kinds: BTreeSet<ContentKind>,
    /// The parts that the user struck out, by their keys.
    pub left_out: Vec<PartKey>,
}

/// An agreement to be remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAgreement {
    /// For what: of a project, for all that is in it, now and later.
    pub subject: Subject,
    /// Where content may go.
    pub origin: String,
    /// The model, exactly as it is asked for.
    pub model: String,
    /// The kinds of content that may leave.
    pub kinds: Vec<ContentKind>,
    /// The parts that the user struck out, by their keys.
    pub left_out: Vec<PartKey>,
}

impl Store {
    /// Notes that content of these kinds may go to an origin and a model.
    pub fn agree(&self, agreement: &NewAgreement, now: Timestamp) -> Result<()> {
        self.write(|store| remember(store, agreement, now))
    }

    /// What the user last agreed to for this subject, or else for its project, of what goes to
    /// `origin` and `model`.
    pub fn agreement(
        &self,
        subject: Subject,
        project: Option<ProjectId>,
        origin: &str,
        model: &str,
    ) -> Result<Option<Agreement>> {
        self.read(|view| last(view, subject, project, origin, model))
    }
}

/// What [`Store::agree`] does, in the caller's transaction.
pub(crate) fn remember(store: &Connection, agreement: &NewAgreement, now: Timestamp) -> Result<()> {
    let NewAgreement { subject, origin, model, kinds, left_out } = agreement;
    let (kind, id) = stored_subject(*subject);
    let keys: Vec<_> = left_out.iter().map(PartKey::to_string).collect();
    let mut kinds: Vec<_> = kinds.iter().map(|kind| name(*kind)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    store.execute(
        "INSERT INTO consents (subject_kind, subject_id, origin, model, kinds, left_out, given_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![kind, id, origin, model, kinds.join(","), keys.join(","), now],
    )?;
    Ok(())
}

/// Takes back what was agreed for a subject, in the caller's transaction.
pub(crate) fn forget(store: &Connection, subject: Subject) -> Result<()> {
    let (kind, id) = stored_subject(subject);
    store.execute("DELETE FROM consents WHERE subject_kind = ?1 AND subject_id = ?2", params![kind, id])?;
    Ok(())
}

/// What [`Store::agreement`] says, in the caller's transaction.
pub(crate) fn last(
    view: &Connection,
    subject: Subject,
    project: Option<ProjectId>,
    origin: &str,
    model: &str,
) -> Result<Option<Agreement>> {
    let mut statement = view.prepare_cached(
        "SELECT kinds, left_out FROM consents
         WHERE ((subject_kind = ?1 AND subject_id = ?2) OR project = ?3) AND origin = ?4 AND model = ?5
         ORDER BY project IS ?3, id DESC LIMIT 1",
    )?;
    let (kind, id) = stored_subject(subject);
    let found = statement.query_row(params![kind, id, project.map(|id| id.0), origin, model], agreement);
    Ok(found.optional()?)
}

fn agreement(row: &Row<'_>) -> rusqlite::Result<Agreement> {
    let list = |column| -> rusqlite::Result<Vec<String>> {
        let text: String = row.get(column)?;
        Ok(text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect())
    };
    let kinds = list(0)?.iter().map(|kind| kind_named(kind)).collect::<FromSqlResult<_>>()?;
    let part = |key: &String| key.parse().map_err(|_| FromSqlError::InvalidType);
    let left_out = list(1)?.iter().map(part).collect::<FromSqlResult<_>>()?;
    Ok(Agreement { kinds, left_out })
}

// The names are part of the schema: they may gain companions, but never change.

fn kind_named(name: &str) -> FromSqlResult<ContentKind> {
    Ok(match name {
        "messages" => ContentKind::Messages,
        "instructions" => ContentKind::Instructions,
        "notes" => ContentKind::Notes,
        "pictures" => ContentKind::Pictures,
        "page" => ContentKind::Page,
        _ => return Err(FromSqlError::InvalidType),
    })
}

fn name(kind: ContentKind) -> &'static str {
    match kind {
        ContentKind::Messages => "messages",
        ContentKind::Instructions => "instructions",
        ContentKind::Notes => "notes",
        ContentKind::Pictures => "pictures",
        ContentKind::Page => "page",
    }
}

#[cfg(test)]
mod tests;
