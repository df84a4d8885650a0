//! The ledger and the journal as files that any spreadsheet opens: CSV as RFC 4180 has it,
//! times in UTC, money in US dollars, and an empty cell where nobody knows.

use std::{borrow::Cow, io};

use sotto_domain::{Cost, Ending, EntryId, LedgerEntry, NanoUsd, Purpose, Timestamp};
use sotto_store::{JournalLine, StoreError};

use super::{Cloud, Month, utc};

/// Lines of the journal shown at a time.
const SHOWN: u32 = 100;

/// Lines of the journal read at a time.
const PAGE: u32 = 1000;

impl Cloud<'_> {
    /// What left, newest first, before this entry: a page of it. Fewer than a hundred: there are no more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn journal(self, before: Option<EntryId>) -> Result<Vec<JournalLine>, StoreError> {
        self.core.library.journal(before, SHOWN)
    }

    /// The whole journal of connections, oldest first, as a CSV file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn journal_file(self) -> Result<Vec<u8>, StoreError> {
        let mut lines = Vec::new();
        loop {
            let page = self.core.library.journal(lines.last().map(|line: &JournalLine| line.id), PAGE)?;
            if page.is_empty() {
                break;
            }
            lines.extend(page);
        }
        let head = [
            "time",
            "purpose",
            "recipient",
            "origin",
            "why",
            "project",
            "asked for",
            "bytes announced",
            "bytes sent",
            "bytes received",
            "status",
            "ending",
        ];
        table(&head, lines.iter().rev().map(journal_row))
    }

    /// A month of the ledger, or with `None` all of it, oldest first, as a CSV file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn ledger_file(self, month: Option<Month>) -> Result<Vec<u8>, StoreError> {
        let head = [
            "time",
            "project",
            "provider",
            "served by",
            "model",
            "request",
            "bytes",
            "tokens given",
            "tokens reused",
            "tokens written",
            "cost in US dollars",
            "cost is known as",
        ];
        let (from, until) =
            month.map_or((Timestamp::MIN, Timestamp::MAX), |month| (month.begin(), month.next().begin()));
        let entries = self.core.library.ledger(from, until)?;
        table(&head, entries.iter().map(ledger_row))
    }
}

fn journal_row(line: &JournalLine) -> Vec<String> {
    let (entry, outcome) = (&line.entry, line.outcome);
    let purpose = match entry.purpose {
        Purpose::ModelDownload => "model download",
        Purpose::ModelDetails => "model details",
        Purpose::ProviderModels => "list of models",
        Purpose::KeyTest => "key test",
        Purpose::Answer => "answer",
    };
    let ending = outcome.map_or("cut off", |outcome| match outcome.ending {
        Ending::Complete => "complete",
        Ending::Stopped => "stopped",
        Ending::Offline => "offline lock",
        Ending::Failed => "failed",
    });
    vec![
        time(entry.at),
        purpose.into(),
        entry.recipient.clone(),
        entry.origin.clone(),
        entry.why.clone(),
        shown(entry.project.map(|id| id.0)),
        shown(entry.subject),
        entry.bytes.to_string(),
        shown(outcome.map(|outcome| outcome.bytes_out)),
        shown(outcome.map(|outcome| outcome.bytes_in)),
        shown(outcome.and_then(|outcome| outcome.status)),
        ending.into(),
    ]
}

fn ledger_row(entry: &LedgerEntry) -> Vec<String> {
    let known = match entry.cost {
        Cost::Reported(_) => "reported by the provider",
        Cost::EstimatedByProvider(_) => "estimated by the provider",
        Cost::Computed(_) => "computed from the price",
        Cost::UpperBound(_) => "at most",
        Cost::Unknown => "unknown",
        Cost::Free => "free",
    };
    vec![
        time(entry.at),
        entry.project_name.clone().unwrap_or_default(),
        entry.provider.clone(),
        entry.backend.clone().unwrap_or_default(),
        entry.model.clone(),
        entry.request.clone().unwrap_or_default(),
        entry.bytes.to_string(),
        shown(entry.prompt_tokens),
        shown(entry.reused_tokens),
        shown(entry.completion_tokens),
        entry.cost.amount().map_or_else(String::new, exact_dollars),
        known.into(),
    ]
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, StoreError> {
    let mut file = Vec::new();
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut file);
    table.write_record(head).map_err(io::Error::from)?;
    for cells in rows {
        table.write_record(cells.iter().map(|cell| harmless(cell).into_owned())).map_err(io::Error::from)?;
    }
    table.flush()?;
    drop(table);
    Ok(file)
}

/// What a spreadsheet would take for a formula (a model's name comes from outside) is shown as
/// text by an apostrophe before it.
fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}").into() } else { cell.into() }
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// All nine places: nothing is rounded away in a file.
fn exact_dollars(NanoUsd(nano): NanoUsd) -> String {
    format!("{}.{:09}", nano / 1_000_000_000, nano % 1_000_000_000)
}

/// "2026-11-22T12:00:00Z"
fn time(at: Timestamp) -> String {
    utc(at).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_to_the_second_in_utc() {
        assert_eq!(time(1_795_348_800_999), "2026-11-22T12:00:00Z");
        assert_eq!(time(951_782_399_000), "2000-02-28T23:59:59Z");
    }

    #[test]
    fn a_cell_cannot_break_out_of_its_place_or_become_a_formula() {
        let cells = ["plain", "a, \"b\"\nc", "=HYPERLINK(1)"].map(str::to_owned).to_vec();
        let file = String::from_utf8(table(&["one", "two", "three"], [cells].into_iter()).unwrap()).unwrap();
        assert_eq!(file, "one,two,three\r\nplain,\"a, \"\"b\"\"\nc\",'=HYPERLINK(1)\r\n");
    }

    #[test]
    fn money_keeps_its_last_place() {
        assert_eq!(exact_dollars(NanoUsd(12_000_000_003)), "12.000000003");
    }
}
