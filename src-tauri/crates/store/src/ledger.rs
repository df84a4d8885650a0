//! The ledger: each answer made elsewhere, and what it cost.
//!
//! An entry is opened in the transaction that decides on the departure, with the most that the
//! answer can cost. From then on it says at every moment what is known, so that there is nothing to
//! make good where a process ends: what was not settled costs its ceiling at most. What never left
//! has no entry.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sotto_domain::{
    Account, Budget, Charge, Cost, Entry, EntryId, LedgerEntry, LedgerId, NanoUsd, Outcome, ProjectId,
    Promises, Settlement, Timestamp, turned_away,
};

use crate::Store;
use crate::columns::{nano_usd, read_cost, stored, stored_cost, stored_nano_usd, stored_subject, subject};
use crate::error::{Result, StoreError};
use crate::settings::promises;

impl Store {
    /// The entries from `from` up to `until`, oldest first.
    pub fn ledger(&self, from: Timestamp, until: Timestamp) -> Result<Vec<LedgerEntry>> {
        self.read(|view| {
            let mut statement = view.prepare_cached(
                "SELECT at, project, project_name, subject_kind, subject_id, provider, backend, model, request,
                   bytes, prompt_tokens, reused_tokens, completion_tokens, cost, nano_usd, ceiling, ended_at
                 FROM ledger WHERE at >= ?1 AND at < ?2 ORDER BY at, id",
            )?;
            Ok(statement.query_map([from, until], entry)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The limit of a project, or with `None` of what belongs to none, and what of it is spent or
    /// reserved since `month`.
    pub fn budget(&self, project: Option<ProjectId>, month: Timestamp) -> Result<Budget> {
        self.read(|view| budget(view, &promises(view)?, project, month, None))
    }

    /// Writes down what became of an answer. An entry that is gone, because nothing left after all,
    /// stays gone.
    pub fn settle(&self, id: LedgerId, settlement: &Settlement) -> Result<()> {
        let (cost, nano_usd) = settlement.cost.map(stored_cost).unzip();
        self.write(|store| {
            store.execute(
                "UPDATE ledger SET ended_at = ?2, backend = coalesce(?3, backend), request = coalesce(?4, request),
                   prompt_tokens = ?5, reused_tokens = ?6, completion_tokens = ?7,
                   nano_usd = CASE WHEN ?8 IS NULL THEN nano_usd ELSE ?9 END, cost = coalesce(?8, cost)
                 WHERE id = ?1",
                params![
                    id.0,
                    settlement.ended_at,
                    settlement.backend,
                    settlement.request,
                    settlement.prompt_tokens,
                    settlement.reused_tokens,
                    settlement.completion_tokens,
                    cost,
                    nano_usd.flatten(),
                ],
            )?;
            Ok(())
        })
    }
}

/// What is left for an answer, in the caller's transaction. What is reserved on its own entry by an
/// earlier attempt is not counted against it.
pub(crate) fn budget(
    view: &Connection,
    promises: &Promises,
    project: Option<ProjectId>,
    month: Timestamp,
    own: Option<LedgerId>,
) -> Result<Budget> {
    let limit = match project {
        None => promises.monthly_cap,
        Some(id) => view
            .query_row("SELECT monthly_cap FROM projects WHERE id = ?1", [id.0], |row| row.get(0))
            .optional()?
            // A project that is gone pays for nothing.
            .map_or(Some(NanoUsd(0)), |limit: Option<i64>| limit.map(nano_usd)),
    };
    let mut statement = view.prepare_cached(
        "SELECT coalesce(nano_usd, ceiling) FROM ledger
         WHERE project IS ?1 AND at >= ?2 AND id IS NOT ?3 AND cost <> 'free'",
    )?;
    let figures = params![project.map(|id| id.0), month, own.map(|id| id.0)];
    let mut spent = NanoUsd(0);
    for figure in statement.query_map(figures, |row| row.get::<_, Option<i64>>(0))? {
        // In the database a sum that is too large would be an error.
        spent.0 = spent.0.saturating_add(figure?.map_or(0, i64::unsigned_abs));
    }
    Ok(Budget { limit, spent })
}

/// Opens the entry of an answer, or reserves anew on the one that an earlier attempt opened.
pub(crate) fn reserve(store: &Connection, entry: &Entry, charge: &Charge) -> Result<LedgerId> {
    let (cost, nano_usd) = stored_cost(Cost::reserved(charge.ceiling));
    let ceiling = charge.ceiling.map(stored_nano_usd);
    let (kind, subject) = entry.subject.map(stored_subject).unzip();
    let Account { project_name, backend, model, .. } = &charge.account;
    let id: i64 = store.query_row(
        "INSERT INTO ledger (id, at, project, project_name, subject_kind, subject_id, provider, backend, model,
           bytes, cost, nano_usd, ceiling)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET
           cost = excluded.cost, nano_usd = excluded.nano_usd, ceiling = excluded.ceiling, ended_at = NULL
         RETURNING id",
        params![
            charge.account.entry.id().map(|id| id.0),
            entry.at,
            entry.project.map(|id| id.0),
            project_name,
            kind,
            subject,
            entry.recipient,
            backend,
            model,
            stored(entry.bytes),
            cost,
            nano_usd,
            ceiling,
        ],
        |row| row.get(0),
    )?;
    // What cannot be read again was not reserved, whatever the database says.
    let sql = "SELECT count(*) FROM ledger WHERE id = ?1 AND cost = ?2 AND nano_usd IS ?3 AND ceiling IS ?4";
    let kept: i64 = store.query_row(sql, params![id, cost, nano_usd, ceiling], |row| row.get(0))?;
    if kept == 1 { Ok(LedgerId(id)) } else { Err(StoreError::Damaged) }
}

/// Has the entry of an answer say what follows from how `departure` ended, where it is known already
/// that nothing is owed.
pub(crate) fn follow(store: &Connection, departure: EntryId, outcome: Outcome) -> Result<()> {
    let sql = "SELECT ledger FROM journal WHERE id = ?1";
    let Some(id) = store.query_row(sql, [departure.0], |row| row.get::<_, Option<i64>>(0))? else {
        return Ok(());
    };
    let mut attempts = store
        .prepare_cached("SELECT closed_at IS NULL, bytes_out > 0, status FROM journal WHERE ledger = ?1")?;
    let (mut open, mut left, mut owed) = (false, false, false);
    let mut rows = attempts.query([id])?;
    while let Some(row) = rows.next()? {
        let is_open: bool = row.get(0)?;
        let has_left = is_open || row.get::<_, Option<bool>>(1)?.unwrap_or(true);
        let status: Option<u16> = row.get(2)?;
        open |= is_open;
        left |= has_left;
        owed |= has_left && (is_open || !status.is_some_and(turned_away));
    }
    // One that is settled knows better.
    let settled = "ended_at IS NOT NULL";
    if !left {
        store.execute(&format!("DELETE FROM ledger WHERE id = ?1 AND NOT {settled}"), [id])?;
    } else if !owed {
        let sql = format!("UPDATE ledger SET cost = 'free', nano_usd = NULL WHERE id = ?1 AND NOT {settled}");
        store.execute(&sql, [id])?;
    }
    if !open {
        let sql = format!("UPDATE ledger SET ended_at = ?2 WHERE id = ?1 AND NOT {settled}");
        store.execute(&sql, params![id, outcome.at])?;
    }
    Ok(())
}

fn entry(row: &Row<'_>) -> rusqlite::Result<LedgerEntry> {
    let known = row.get_ref(13)?;
    let cost: Cost = read_cost(known.as_str()?, row.get(14)?)?;
    Ok(LedgerEntry {
        at: row.get(0)?,
        project: row.get::<_, Option<_>>(1)?.map(ProjectId),
        project_name: row.get(2)?,
        subject: subject(row, 3)?,
        provider: row.get(5)?,
        backend: row.get(6)?,
        model: row.get(7)?,
        request: row.get(8)?,
        bytes: row.get::<_, i64>(9)?.unsigned_abs(),
        prompt_tokens: row.get(10)?,
        reused_tokens: row.get(11)?,
        completion_tokens: row.get(12)?,
        cost,
        ceiling: row.get::<_, Option<_>>(15)?.map(nano_usd),
        ended_at: row.get(16)?,
    })
}

#[cfg(test)]
mod tests;
