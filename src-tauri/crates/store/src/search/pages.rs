//! Search over the titles and texts of pages, by the same rules as over messages.

use rusqlite::{Connection, Row, params};
use serde::Serialize;
use sotto_domain::{PageId, Timestamp};
use specta::Type;

use super::{query::Query, scan, snippet};
use crate::Store;
use crate::error::Result;

/// A page that was searched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PageHit {
    /// The page.
    pub page: PageId,
    /// Its title.
    pub title: String,
    /// A piece of the text found, cut so that every second part, from the second on, is a match.
    pub snippet: Vec<String>,
    /// When it was last written to.
    pub updated_at: Timestamp,
}

impl Store {
    /// At most `limit` pages outside of the trash, last written first.
    pub fn search_pages(&self, query: &str, limit: usize) -> Result<Vec<PageHit>> {
        let query = Query::of(query);
        if query == Query::Nothing {
            return Ok(vec![]);
        }
        self.fold_all()?;
        self.read(|view| match &query {
            Query::Nothing => Ok(vec![]),
            Query::Words(expression) => words(view, expression, limit),
            Query::Fragments(fragments) => fragments_in(view, fragments, limit),
        })
    }
}

fn words(view: &Connection, expression: &str, limit: usize) -> Result<Vec<PageHit>> {
    let mut statement = view.prepare_cached(
        "SELECT l.id, l.title, l.updated_at, snippet(page_words, -1, ?3, ?4, '…', 24)
         FROM page_words JOIN page_listing l ON l.id = page_words.rowid
         WHERE page_words MATCH ?1 AND l.trashed_at IS NULL
         ORDER BY l.updated_at DESC, l.id DESC LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![expression, limit, snippet::OPEN, snippet::CLOSE], |row| {
        let pieces = snippet::pieces(row.get_ref(3)?.as_str()?);
        hit(row, pieces)
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn fragments_in(view: &Connection, fragments: &[String], limit: usize) -> Result<Vec<PageHit>> {
    let fragments: Vec<_> = fragments.iter().map(|fragment| fragment.to_ascii_lowercase()).collect();
    let mut statement = view.prepare_cached(
        "SELECT l.id, l.title, l.updated_at, p.title || char(10) || p.text
         FROM page_listing l JOIN page_texts p ON p.id = l.id
         WHERE l.trashed_at IS NULL ORDER BY l.updated_at DESC, l.id DESC",
    )?;
    let mut rows = statement.query([])?;
    let mut hits = vec![];
    while hits.len() < limit
        && let Some(row) = rows.next()?
    {
        let text = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
        if let Some(pieces) = scan::found_in(text, &fragments) {
            hits.push(hit(row, pieces)?);
        }
    }
    Ok(hits)
}

fn hit(row: &Row<'_>, snippet: Vec<String>) -> rusqlite::Result<PageHit> {
    Ok(PageHit { page: PageId(row.get(0)?), title: row.get(1)?, updated_at: row.get(2)?, snippet })
}
