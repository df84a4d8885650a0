//! The ledger: each answer made elsewhere, and what it cost. Written once, never changed.

use rusqlite::{Row, params};
use sotto_domain::{ConversationId, Cost, LedgerEntry, NanoUsd, ProjectId, Timestamp};

use crate::Store;
use crate::columns::{read_cost, stored, stored_cost};
use crate::error::Result;

impl Store {
    /// Writes an entry down.
    pub fn enter(&self, entry: &LedgerEntry) -> Result<()> {
        let (cost, nano_usd) = stored_cost(entry.cost);
        self.write(|store| {
            store.execute(
                "INSERT INTO ledger (at, project, project_name, conversation, provider, backend, model, request,
                   bytes, prompt_tokens, reused_tokens, completion_tokens, cost, nano_usd)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
                params![
                    entry.at,
                    entry.project.map(|id| id.0),
                    entry.project_name,
                    entry.conversation.0,
                    entry.provider,
                    entry.backend,
                    entry.model,
                    entry.request,
                    stored(entry.bytes),
                    entry.prompt_tokens,
                    entry.reused_tokens,
                    entry.completion_tokens,
                    cost,
                    nano_usd,
                ],
            )?;
            Ok(())
        })
    }

    /// The entries from `from` up to `until`, oldest first.
    pub fn ledger(&self, from: Timestamp, until: Timestamp) -> Result<Vec<LedgerEntry>> {
        self.read(|view| {
            let mut statement = view.prepare_cached(
                "SELECT at, project, project_name, conversation, provider, backend, model, request,
                   bytes, prompt_tokens, reused_tokens, completion_tokens, cost, nano_usd
                 FROM ledger WHERE at >= ?1 AND at < ?2 ORDER BY at, id",
            )?;
            Ok(statement.query_map([from, until], entry)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What a project, or with `None` what belongs to none, has cost since `from`, as far
    /// as that is known.
    pub fn spent_since(&self, project: Option<ProjectId>, from: Timestamp) -> Result<NanoUsd> {
        self.read(|view| {
            let spent: i64 = view.query_row(
                "SELECT coalesce(sum(nano_usd), 0) FROM ledger WHERE project IS ?1 AND at >= ?2",
                params![project.map(|id| id.0), from],
                |row| row.get(0),
            )?;
            Ok(NanoUsd(spent.unsigned_abs()))
        })
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<LedgerEntry> {
    let known = row.get_ref(12)?;
    let cost: Cost = read_cost(known.as_str()?, row.get(13)?)?;
    Ok(LedgerEntry {
        at: row.get(0)?,
        project: row.get::<_, Option<_>>(1)?.map(ProjectId),
        project_name: row.get(2)?,
        conversation: ConversationId(row.get(3)?),
        provider: row.get(4)?,
        backend: row.get(5)?,
        model: row.get(6)?,
        request: row.get(7)?,
        bytes: row.get::<_, i64>(8)?.unsigned_abs(),
        prompt_tokens: row.get(9)?,
        reused_tokens: row.get(10)?,
        completion_tokens: row.get(11)?,
        cost,
    })
}

#[cfg(test)]
mod tests;
