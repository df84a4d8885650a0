//! Earlier versions of pages. Each is kept as the step that leads to it from the one before, so
//! that many of a long page take little room. They thin out with age; one with a name stays.

use rusqlite::{Connection, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use sotto_domain::{PageId, Timestamp};
use sotto_manuscript::{Block, Document, Step};
use specta::Type;

use crate::error::{Result, StoreError};
use crate::{Store, pages};

/// As many steps lead to a version at most: then one is kept whole.
const LONGEST_WAY: usize = 64;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Why a version was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Why {
    /// The page was opened.
    Opened,
    /// There was some work since the last one.
    Working,
    /// A model's words are about to come in.
    Accepted,
    /// An earlier version is about to come back.
    Restored,
    /// The page was closed.
    Closed,
    /// The user gave it a name.
    Named,
}

/// One version, without its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// Its number; they ascend with time.
    pub id: i64,
    /// The page.
    pub page: PageId,
    /// When it was taken.
    pub at: Timestamp,
    /// What the user calls it.
    pub name: Option<String>,
    /// Why it was taken.
    pub why: Why,
    /// How many words it has.
    pub words: u64,
}

impl Store {
    /// Takes a version of a page as it is. Where the last one is the same, only a name is given.
    pub fn take_version(&self, page: PageId, why: Why, name: Option<&str>, now: Timestamp) -> Result<()> {
        self.write(|store| {
            let document = pages::document(store, page)?;
            let last = last(store, page)?;
            let before = last.map(|id| at(store, id)).transpose()?;
            if let (Some(id), Some(before)) = (last, &before)
                && *before == document
            {
                if let Some(name) = name {
                    let sql = "UPDATE page_versions SET name = ?2, why = 'named' WHERE id = ?1";
                    store.execute(sql, params![id, name])?;
                }
                return Ok(());
            }
            let (base, step) = match (last, before) {
                (Some(base), Some(before)) if way(store, base)?.len() < LONGEST_WAY => {
                    (Some(base), between(&before, &document))
                }
                _ => (None, whole(&document)),
            };
            store.execute(
                "INSERT INTO page_versions (page, at, name, why, words, base, start, removed, blocks)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    page.0,
                    now,
                    name,
                    stored(why),
                    pages::number(document.words()),
                    base,
                    pages::number(step.from),
                    pages::number(step.delete),
                    step.to_json(),
                ],
            )?;
            thin_out(store, page, now)
        })
    }

    /// The versions of a page, newest first.
    pub fn versions(&self, page: PageId) -> Result<Vec<Version>> {
        self.read(|view| list(view, page))
    }

    /// A version's document, and the page it is of.
    pub fn version(&self, id: i64) -> Result<(PageId, Document)> {
        self.read(|view| {
            let page =
                view.query_row("SELECT page FROM page_versions WHERE id = ?1", [id], |row| row.get(0))?;
            Ok((PageId(page), at(view, id)?))
        })
    }
}

fn list(view: &Connection, page: PageId) -> Result<Vec<Version>> {
    let sql = "SELECT id, page, at, name, why, words FROM page_versions WHERE page = ?1 ORDER BY id DESC";
    let mut statement = view.prepare_cached(sql)?;
    Ok(statement.query_map([page.0], version)?.collect::<rusqlite::Result<_>>()?)
}

fn last(view: &Connection, page: PageId) -> Result<Option<i64>> {
    Ok(view.query_row("SELECT max(id) FROM page_versions WHERE page = ?1", [page.0], |row| row.get(0))?)
}

/// The document of a version: its steps, from the one that is kept whole.
fn at(view: &Connection, id: i64) -> Result<Document> {
    let mut document = Document { blocks: vec![] };
    for step in way(view, id)?.into_iter().rev() {
        pages::stored(step.apply(&mut document))?;
    }
    Ok(document)
}

/// The steps that lead to a version, the last first.
fn way(view: &Connection, id: i64) -> Result<Vec<Step>> {
    let mut statement =
        view.prepare_cached("SELECT base, start, removed, blocks FROM page_versions WHERE id = ?1")?;
    let mut steps = vec![];
    let mut next = Some(id);
    // A base is older than what is made of it (CHECK): this comes to an end.
    while let Some(id) = next {
        let (base, start, removed, blocks): (Option<i64>, i64, i64, String) =
            statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let place = |number: i64| usize::try_from(number).map_err(|_| StoreError::Damaged);
        steps.push(pages::stored(Step::parse(place(start)?, place(removed)?, &blocks))?);
        next = base;
    }
    Ok(steps)
}

/// All of a document, as a step from nothing.
fn whole(document: &Document) -> Step {
    Step { from: 0, delete: 0, insert: document.blocks.clone() }
}

/// The one step from a document to another: what is the same at both ends stays.
fn between(before: &Document, after: &Document) -> Step {
    let same = |one: &[Block], two: &[Block]| one.iter().zip(two).take_while(|(one, two)| one == two).count();
    let from = same(&before.blocks, &after.blocks);
    let (old, new) = (&before.blocks[from..], &after.blocks[from..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(one, two)| one == two).count();
    Step { from, delete: old.len() - end, insert: new[..new.len() - end].to_vec() }
}

/// Of the last day all stay, of the last week one for each hour, of the time before one a day.
fn thin_out(store: &Transaction<'_>, page: PageId, now: Timestamp) -> Result<()> {
    let versions = list(store, page)?;
    let mut kept: Option<(i64, i64)> = None;
    for version in versions {
        let age = now - version.at;
        let length = match age {
            ..DAY => continue,
            DAY..=604_800_000 => HOUR,
            _ => DAY,
        };
        let slot = (length, version.at.div_euclid(length));
        if kept == Some(slot) && version.name.is_none() {
            remove(store, version.id)?;
        } else if version.name.is_none() {
            kept = Some(slot);
        }
    }
    Ok(())
}

/// Takes a version out; those that were made of it are kept as steps from its own base.
fn remove(store: &Transaction<'_>, id: i64) -> Result<()> {
    let base: Option<i64> =
        store.query_row("SELECT base FROM page_versions WHERE id = ?1", [id], |row| row.get(0))?;
    let mut after = store.prepare_cached("SELECT id FROM page_versions WHERE base = ?1")?;
    let after: Vec<i64> = after.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for one in after {
        let document = at(store, one)?;
        let step = match base {
            Some(base) => between(&at(store, base)?, &document),
            None => whole(&document),
        };
        store.execute(
            "UPDATE page_versions SET base = ?2, start = ?3, removed = ?4, blocks = ?5 WHERE id = ?1",
            params![one, base, pages::number(step.from), pages::number(step.delete), step.to_json()],
        )?;
    }
    store.execute("DELETE FROM page_versions WHERE id = ?1", [id])?;
    Ok(())
}

fn version(row: &Row<'_>) -> rusqlite::Result<Version> {
    Ok(Version {
        id: row.get(0)?,
        page: PageId(row.get(1)?),
        at: row.get(2)?,
        name: row.get(3)?,
        why: match row.get_ref(4)?.as_str()? {
            "opened" => Why::Opened,
            "working" => Why::Working,
            "accepted" => Why::Accepted,
            "restored" => Why::Restored,
            "closed" => Why::Closed,
            _ => Why::Named,
        },
        words: row.get::<_, i64>(5)?.unsigned_abs(),
    })
}

fn stored(why: Why) -> &'static str {
    match why {
        Why::Opened => "opened",
        Why::Working => "working",
        Why::Accepted => "accepted",
        Why::Restored => "restored",
        Why::Closed => "closed",
        Why::Named => "named",
    }
}

#[cfg(test)]
mod tests;
