//! The journal of connections: every departure, written down before its first byte.
//! Nothing here removes a line.

use rusqlite::types::{FromSqlError, FromSqlResult};
use rusqlite::{Connection, Row, params};
use serde::Serialize;
use sotto_domain::{
    Budget, Charge, Ending, Entry, EntryId, Journal, JournalError, LedgerId, Outcome, ProjectId, Purpose,
    Standing,
};
use specta::Type;

use crate::columns::{stored, stored_subject, subject};
use crate::error::{Result, StoreError};
use crate::settings::promises;
use crate::{Store, consents, ledger};

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JournalLine {
    /// Its number, counted up.
    pub id: EntryId,
    /// What left, as it was written down before.
    #[serde(flatten)]
    pub entry: Entry,
    /// How it went; `None` while it is under way, and where the app ended meanwhile.
    pub outcome: Option<Outcome>,
}

impl Store {
    /// The lines before `before`, or the last ones; newest first.
    pub fn journal(&self, before: Option<EntryId>, at_most: u32) -> Result<Vec<JournalLine>> {
        self.read(|view| {
            let mut statement = view.prepare_cached(
                "SELECT id, at, purpose, origin, recipient, why, project, subject_kind, subject_id, bytes,
                   closed_at, bytes_out, bytes_in, status, ending
                 FROM journal WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
            )?;
            let before = before.map_or(i64::MAX, |id| id.0);
            Ok(statement.query_map(params![before, at_most], line)?.collect::<rusqlite::Result<_>>()?)
        })
    }
}

impl Journal for Store {
    fn opening(
        &self,
        entry: &Entry,
        charge: Option<&Charge>,
        allows: &mut dyn FnMut(&Standing) -> bool,
    ) -> std::result::Result<EntryId, JournalError> {
        let written = self.write(|store| {
            if !allows(&standing(store, entry, charge)?) {
                return Ok(None);
            }
            let account = charge.map(|charge| ledger::reserve(store, entry, charge)).transpose()?;
            Ok(Some((write(store, entry, account)?, account)))
        });
        match written.and_then(|written| self.place.holds().map(|()| written)) {
            Ok(Some((id, account))) => {
                if let Some((charge, account)) = charge.zip(account) {
                    charge.account.entry.set(account);
                }
                Ok(id)
            }
            Ok(None) => Err(JournalError("it may not leave".into())),
            Err(error) => Err(JournalError(Box::new(error))),
        }
    }

    fn closed(&self, entry: EntryId, outcome: Outcome) {
        // The entry itself is safe; without this it reads as cut off, which is no lie.
        let _ = self.write(|store| {
            store.execute(
                "UPDATE journal SET closed_at = ?2, bytes_out = ?3, bytes_in = ?4, status = ?5, ending = ?6
                 WHERE id = ?1",
                params![
                    entry.0,
                    outcome.at,
                    stored(outcome.bytes_out),
                    stored(outcome.bytes_in),
                    outcome.status,
                    ending_name(outcome.ending),
                ],
            )?;
            ledger::follow(store, entry, outcome)
        });
    }
}

/// What holds now for a departure, in the caller's transaction.
fn standing(view: &Connection, entry: &Entry, charge: Option<&Charge>) -> Result<Standing> {
    let promises = promises(view)?;
    let Some(Charge { account, .. }) = charge else {
        return Ok(Standing { promises, budget: Budget::default(), agreed: None });
    };
    let budget = ledger::budget(view, &promises, entry.project, account.month, account.entry.id())?;
    let agreed = match (&account.agreed_model, entry.subject) {
        (Some(model), Some(subject)) => consents::last(view, subject, entry.project, &entry.origin, model)?,
        _ => None,
    };
    Ok(Standing { promises, budget, agreed: agreed.map(|agreement| agreement.kinds) })
}

/// Writes the line, and makes sure that it is there.
fn write(store: &Connection, entry: &Entry, account: Option<LedgerId>) -> Result<EntryId> {
    let (kind, subject) = entry.subject.map(stored_subject).unzip();
    let account = account.map(|id| id.0);
    let written = store.execute(
        "INSERT INTO journal (at, purpose, origin, recipient, why, project, subject_kind, subject_id, bytes, ledger)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            entry.at,
            purpose_name(entry.purpose),
            entry.origin,
            entry.recipient,
            entry.why,
            entry.project.map(|id| id.0),
            kind,
            subject,
            stored(entry.bytes),
            account,
        ],
    )?;
    // A line that cannot be read again was not written, whatever the database says.
    let id = store.last_insert_rowid();
    let sql = "SELECT count(*) FROM journal WHERE id = ?1 AND at = ?2 AND origin = ?3 AND bytes = ?4 AND ledger IS ?5";
    let line = params![id, entry.at, entry.origin, stored(entry.bytes), account];
    let lines: i64 = store.query_row(sql, line, |row| row.get(0))?;
    if written == 1 && lines == 1 { Ok(EntryId(id)) } else { Err(StoreError::Damaged) }
}

fn line(row: &Row<'_>) -> rusqlite::Result<JournalLine> {
    let outcome = match row.get(10)? {
        Some(at) => Some(Outcome {
            at,
            bytes_out: row.get::<_, i64>(11)?.unsigned_abs(),
            bytes_in: row.get::<_, i64>(12)?.unsigned_abs(),
            status: row.get(13)?,
            ending: ending(row.get_ref(14)?.as_str()?)?,
        }),
        None => None,
    };
    let entry = Entry {
        at: row.get(1)?,
        purpose: purpose(row.get_ref(2)?.as_str()?)?,
        origin: row.get(3)?,
        recipient: row.get(4)?,
        why: row.get(5)?,
        project: row.get::<_, Option<_>>(6)?.map(ProjectId),
        subject: subject(row, 7)?,
        bytes: row.get::<_, i64>(9)?.unsigned_abs(),
    };
    Ok(JournalLine { id: EntryId(row.get(0)?), entry, outcome })
}

// The names are part of the schema: they may gain companions, but never change.

fn purpose_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::ModelDownload => "model_download",
        Purpose::ModelDetails => "model_details",
        Purpose::ProviderModels => "provider_models",
        Purpose::KeyTest => "key_test",
        Purpose::Answer => "answer",
    }
}

fn purpose(name: &str) -> FromSqlResult<Purpose> {
    Ok(match name {
        "model_download" => Purpose::ModelDownload,
        "model_details" => Purpose::ModelDetails,
        "provider_models" => Purpose::ProviderModels,
        "key_test" => Purpose::KeyTest,
        "answer" => Purpose::Answer,
        _ => return Err(FromSqlError::InvalidType),
    })
}

fn ending_name(ending: Ending) -> &'static str {
    match ending {
        Ending::Complete => "complete",
        Ending::Stopped => "stopped",
        Ending::Offline => "offline",
        Ending::Failed => "failed",
    }
}

fn ending(name: &str) -> FromSqlResult<Ending> {
    Ok(match name {
        "complete" => Ending::Complete,
        "stopped" => Ending::Stopped,
        "offline" => Ending::Offline,
        "failed" => Ending::Failed,
        _ => return Err(FromSqlError::InvalidType),
    })
}

#[cfg(test)]
mod tests;
