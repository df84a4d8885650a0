//! Pages. A change is one small row beside the document, stored with each key; now and then the
//! rows that wait are folded into it. Whoever reads a page reads it with all of them.
//!
//! A change is made to the revision that its window has seen. Another window's change since makes
//! it stale, and it is refused: nobody writes over what they have not read.

use rusqlite::{Connection, Row, Transaction, params};
use sotto_domain::{Page, PageId, ProjectId, Timestamp};
use sotto_manuscript::{Document, DocumentError, Step};

use crate::error::{Result, StoreError};
use crate::{Store, columns, conversations, found, order, page_pictures};

/// As many steps wait at most: folding a long page takes some hundredths of a second.
const MOST_WAITING: i64 = 64;

/// The longest document, in bytes of JSON.
const LONGEST: usize = 16 * 1024 * 1024;

impl Store {
    /// All that are not in the trash, in their order within each project.
    pub fn pages(&self) -> Result<Vec<Page>> {
        self.fold_all()?;
        self.read(|view| {
            let sql = format!("{SELECT} WHERE trashed_at IS NULL ORDER BY project, position, id");
            let mut statement = view.prepare_cached(&sql)?;
            Ok(statement.query_map([], page)?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// One page, also when it is in the trash.
    pub fn page(&self, id: PageId) -> Result<Page> {
        self.read(|view| one(view, id))
    }

    /// One page with its document.
    pub fn open_page(&self, id: PageId) -> Result<(Page, Document)> {
        self.read(|view| Ok((one(view, id)?, document(view, id)?)))
    }

    /// A new page, after those of its project.
    pub fn create_page(
        &self,
        project: Option<ProjectId>,
        title: &str,
        document: &Document,
        now: Timestamp,
    ) -> Result<Page> {
        let json = checked(document)?;
        self.write(|store| {
            conversations::usable(store, project)?;
            if document.model_letters() > 0 && is_hands_off(store, project)? {
                return Err(StoreError::HandsOff);
            }
            one(store, insert(store, project, title, document, &json, now)?)
        })
    }

    /// Takes a change in that was made to revision `base`; the revision that this makes.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where the page has another revision by now, [`StoreError::HandsOff`],
    /// [`StoreError::Document`].
    pub fn save_page(&self, id: PageId, base: i64, step: &Step, now: Timestamp) -> Result<i64> {
        let json = step.to_json();
        self.write(|store| {
            let (revision, blocks, folded, project, size): (i64, i64, i64, Option<i64>, i64) = store
                .prepare_cached(
                    "SELECT revision, blocks, folded, project, size + coalesce(
                       (SELECT sum(length(s.blocks)) FROM page_steps s WHERE s.page = p.id), 0)
                     FROM pages p WHERE id = ?1",
                )?
                .query_row([id.0], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
                })?;
            if revision != base {
                return Err(StoreError::Stale);
            }
            step.blocks_after(usize::try_from(blocks).unwrap_or_default())?;
            let by_model = step.model_letters() > 0;
            let large = usize::try_from(size).unwrap_or_default().saturating_add(json.len()) > LONGEST;
            if by_model || large {
                allow(store, id, project.map(ProjectId), step)?;
            }
            append(store, id, step, now)?;
            if by_model || revision + 1 - folded >= MOST_WAITING {
                fold(store, id)?;
            }
            Ok(revision + 1)
        })
    }

    /// Gives it a title.
    pub fn rename_page(&self, id: PageId, title: &str) -> Result<()> {
        self.write(|store| {
            found(store.execute("UPDATE pages SET title = ?2 WHERE id = ?1", params![id.0, title])?)
        })
    }

    /// Puts it under a heading; an empty one takes it out of any.
    pub fn set_page_part(&self, id: PageId, part: &str) -> Result<()> {
        self.write(|store| {
            found(store.execute("UPDATE pages SET part = ?2 WHERE id = ?1", params![id.0, part])?)
        })
    }

    /// Says what language it is written in.
    pub fn set_page_language(&self, id: PageId, language: &str) -> Result<()> {
        self.write(|store| {
            found(store.execute("UPDATE pages SET language = ?2 WHERE id = ?1", params![id.0, language])?)
        })
    }

    /// Says how many words it should have; 0 for no goal.
    pub fn set_page_goal(&self, id: PageId, goal: u64) -> Result<()> {
        self.write(|store| {
            let sql = "UPDATE pages SET goal = ?2 WHERE id = ?1";
            found(store.execute(sql, params![id.0, columns::stored(goal)])?)
        })
    }

    /// Puts it at the end of a project that is not in the trash, or takes it out of any.
    pub fn move_page(&self, id: PageId, project: Option<ProjectId>) -> Result<()> {
        self.write(|store| {
            conversations::usable(store, project)?;
            if is_hands_off(store, project)? && document(store, id)?.model_letters() > 0 {
                return Err(StoreError::HandsOff);
            }
            let project = project.map(|id| id.0);
            let position = order::last(store, project)?;
            let sql = "UPDATE pages SET project = ?2, position = ?3 WHERE id = ?1";
            found(store.execute(sql, params![id.0, project, position])?)
        })
    }

    /// Says whether models are kept out of a project's pages.
    pub fn set_hands_off(&self, project: ProjectId, hands_off: bool) -> Result<()> {
        self.write(|store| {
            let sql = "UPDATE projects SET hands_off = ?2 WHERE id = ?1";
            found(store.execute(sql, params![project.0, hands_off])?)
        })
    }

    /// Whether a project keeps models out of its pages; a page without one does not.
    pub fn hands_off(&self, project: Option<ProjectId>) -> Result<bool> {
        self.read(|view| is_hands_off(view, project))
    }

    /// Folds what waits, so that lists and the search speak of pages as they are.
    pub(crate) fn fold_all(&self) -> Result<()> {
        let waiting = "SELECT id FROM pages WHERE folded < revision";
        let ids = |view: &Connection| -> Result<Vec<i64>> {
            Ok(view
                .prepare_cached(waiting)?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?)
        };
        if self.read(ids)?.is_empty() {
            return Ok(());
        }
        self.write(|store| ids(store)?.into_iter().try_for_each(|id| fold(store, PageId(id))))
    }
}

const SELECT: &str =
    "SELECT id, project, title, part, language, revision, words, updated_at, trashed_at, goal, position
     FROM page_listing";

pub(crate) fn one(view: &Connection, id: PageId) -> Result<Page> {
    Ok(view.prepare_cached(&format!("{SELECT} WHERE id = ?1"))?.query_row([id.0], page)?)
}

fn page(row: &Row<'_>) -> rusqlite::Result<Page> {
    Ok(Page {
        id: PageId(row.get(0)?),
        project: row.get::<_, Option<_>>(1)?.map(ProjectId),
        title: row.get(2)?,
        part: row.get(3)?,
        language: row.get(4)?,
        revision: row.get(5)?,
        words: row.get::<_, i64>(6)?.unsigned_abs(),
        updated_at: row.get(7)?,
        trashed_at: row.get(8)?,
        goal: row.get::<_, i64>(9)?.unsigned_abs(),
        position: row.get(10)?,
    })
}

/// The document with everything that waits beside it.
pub(crate) fn document(view: &Connection, id: PageId) -> Result<Document> {
    let json: String = view
        .prepare_cached("SELECT document FROM page_documents WHERE page = ?1")?
        .query_row([id.0], |row| row.get(0))?;
    let mut document = stored(Document::parse(&json))?;
    let mut steps = view
        .prepare_cached("SELECT start, removed, blocks FROM page_steps WHERE page = ?1 ORDER BY revision")?;
    let mut rows = steps.query([id.0])?;
    while let Some(row) = rows.next()? {
        let place =
            |column: usize| row.get::<_, i64>(column).map(|at| usize::try_from(at).unwrap_or(usize::MAX));
        let step = stored(Step::parse(
            place(0)?,
            place(1)?,
            row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?,
        ))?;
        stored(step.apply(&mut document))?;
    }
    Ok(document)
}

/// Of what we wrote ourselves: that it cannot be read is damage.
pub(crate) fn stored<T>(read: std::result::Result<T, DocumentError>) -> Result<T> {
    read.map_err(|_| StoreError::Damaged)
}

/// What is kept beside a document.
struct Facts {
    blocks: i64,
    words: i64,
    model_text: i64,
    text: String,
}

impl Facts {
    fn of(document: &Document) -> Self {
        let text = document.text();
        Self {
            blocks: number(document.blocks.len()),
            words: number(document.words()),
            model_text: number(document.model_letters()),
            text,
        }
    }
}

/// Stores a new page after those of its project.
fn insert(
    store: &Transaction<'_>,
    project: Option<ProjectId>,
    title: &str,
    document: &Document,
    json: &str,
    now: Timestamp,
) -> Result<PageId> {
    let facts = Facts::of(document);
    let project = project.map(|id| id.0);
    let position = order::last(store, project)?;
    store.execute(
        "INSERT INTO pages (project, position, title, created_at, updated_at, blocks, words, model_text, size)
         VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8)",
        params![
            project, position, title, now, facts.blocks, facts.words, facts.model_text, number(json.len())
        ],
    )?;
    let id = store.last_insert_rowid();
    store.execute(
        "INSERT INTO page_documents (page, text, document) VALUES (?1, ?2, ?3)",
        params![id, facts.text, json],
    )?;
    page_pictures::hold(store, PageId(id), &document.pictures())?;
    Ok(PageId(id))
}

/// Adds a step that is known to fit, and the revision that it makes.
fn append(store: &Transaction<'_>, id: PageId, step: &Step, now: Timestamp) -> Result<i64> {
    let (revision, blocks): (i64, i64) =
        store.query_row("SELECT revision, blocks FROM pages WHERE id = ?1", [id.0], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let after = step.blocks_after(usize::try_from(blocks).unwrap_or_default())?;
    store
        .prepare_cached(
            "INSERT INTO page_steps (page, revision, start, removed, blocks) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![id.0, revision + 1, number(step.from), number(step.delete), step.to_json()])?;
    store
        .prepare_cached("UPDATE pages SET revision = ?2, blocks = ?3, updated_at = ?4 WHERE id = ?1")?
        .execute(params![id.0, revision + 1, number(after), now])?;
    page_pictures::hold(store, id, &step.pictures())?;
    Ok(revision + 1)
}

fn fold(store: &Transaction<'_>, id: PageId) -> Result<()> {
    let document = document(store, id)?;
    let facts = Facts::of(&document);
    let json = document.to_json();
    store.execute(
        "UPDATE pages SET size = ?2, words = ?3, blocks = ?4, folded = revision,
           model_text = max(model_text, ?5) WHERE id = ?1",
        params![id.0, number(json.len()), facts.words, facts.blocks, facts.model_text],
    )?;
    store.execute(
        "UPDATE page_documents SET text = ?2, document = ?3 WHERE page = ?1",
        params![id.0, facts.text, json],
    )?;
    store.execute("DELETE FROM page_steps WHERE page = ?1", [id.0])?;
    Ok(())
}

/// Looks at the whole page as it would be: what it may not become is refused. What stood there
/// before may come back, as by an undo.
fn allow(store: &Transaction<'_>, id: PageId, project: Option<ProjectId>, step: &Step) -> Result<()> {
    let mut after = document(store, id)?;
    let before = after.to_json().len();
    step.clone().apply(&mut after)?;
    let size = after.to_json().len();
    if size > LONGEST && size > before {
        return Err(DocumentError::TooLong.into());
    }
    let most: i64 =
        store.query_row("SELECT model_text FROM pages WHERE id = ?1", [id.0], |row| row.get(0))?;
    if is_hands_off(store, project)? && number(after.model_letters()) > most {
        return Err(StoreError::HandsOff);
    }
    Ok(())
}

fn is_hands_off(view: &Connection, project: Option<ProjectId>) -> Result<bool> {
    let Some(id) = project else { return Ok(false) };
    Ok(view.query_row("SELECT hands_off FROM projects WHERE id = ?1", [id.0], |row| row.get(0))?)
}

fn checked(document: &Document) -> Result<String> {
    let json = document.to_json();
    if json.len() > LONGEST {
        return Err(DocumentError::TooLong.into());
    }
    Document::parse(&json)?;
    Ok(json)
}

pub(crate) fn number(count: usize) -> i64 {
    columns::stored(u64::try_from(count).unwrap_or(u64::MAX))
}

mod arrange;

#[cfg(test)]
pub(crate) mod tests;
