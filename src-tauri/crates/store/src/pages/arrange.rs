//! One page becomes two, two become one, one is there twice. Each is one transaction: a text is
//! never gone in between, and what a window has not read is not moved by it.

use rusqlite::{Transaction, params};
use sotto_domain::{Page, PageId, Timestamp};
use sotto_manuscript::{Document, DocumentError, Step};

use super::{append, checked, document, fold, insert, one};
use crate::error::{Result, StoreError};
use crate::{Store, order};

impl Store {
    /// What stands from block `at` on becomes a page of its own, right behind this one.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where the page has another revision than `base`,
    /// [`StoreError::Document`] where nothing would be left on either side.
    pub fn split_page(&self, id: PageId, base: i64, at: usize, title: &str, now: Timestamp) -> Result<Page> {
        self.write(|store| {
            let page = at_revision(store, id, base)?;
            let mut before = document(store, id)?;
            if at == 0 || at >= before.blocks.len() {
                return Err(DocumentError::OutOfPlace.into());
            }
            let rest = Document { blocks: before.blocks.split_off(at) };
            let step = Step { from: at, delete: rest.blocks.len(), insert: vec![] };
            append(store, id, &step, now)?;
            fold(store, id)?;
            behind(store, &page, title, &rest, now)
        })
    }

    /// The next page of the same project comes to the end of this one, and lies in the trash, whole,
    /// from then on. The revision that this makes.
    ///
    /// # Errors
    /// [`StoreError::Stale`], as for a change; [`StoreError::NotFound`] where there is no next one.
    pub fn merge_page(&self, id: PageId, base: i64, now: Timestamp) -> Result<i64> {
        self.write(|store| {
            let page = at_revision(store, id, base)?;
            let next = next(store, &page)?.ok_or(StoreError::NotFound)?;
            let (before, mut come) = (document(store, id)?, document(store, next)?);
            come.tell_comments_apart(&before);
            let step = Step { from: before.blocks.len(), delete: 0, insert: come.blocks };
            let mut after = before;
            step.clone().apply(&mut after)?;
            checked(&after)?;
            let revision = append(store, id, &step, now)?;
            fold(store, id)?;
            store.execute("UPDATE pages SET trashed_at = ?2 WHERE id = ?1", params![next.0, now])?;
            Ok(revision)
        })
    }

    /// The same page once more, right behind it: to be changed in another way.
    pub fn duplicate_page(&self, id: PageId, title: &str, now: Timestamp) -> Result<Page> {
        self.write(|store| {
            let page = one(store, id)?;
            let same = document(store, id)?;
            behind(store, &page, title, &same, now)
        })
    }
}

fn at_revision(store: &Transaction<'_>, id: PageId, base: i64) -> Result<Page> {
    let page = one(store, id)?;
    if page.revision == base { Ok(page) } else { Err(StoreError::Stale) }
}

/// A new page with what holds for `page`, between it and the next.
fn behind(
    store: &Transaction<'_>,
    page: &Page,
    title: &str,
    document: &Document,
    now: Timestamp,
) -> Result<Page> {
    let json = checked(document)?;
    order::make_room(store, page.project.map(|project| project.0), page.position)?;
    let id = insert(store, page.project, title, document, &json, now)?;
    store.execute(
        "UPDATE pages SET part = ?2, language = ?3, position = ?4 WHERE id = ?1",
        params![id.0, page.part, page.language, page.position + 1],
    )?;
    one(store, id)
}

/// The page behind this one, of those that are not in the trash.
fn next(store: &Transaction<'_>, page: &Page) -> Result<Option<PageId>> {
    let sql = "SELECT id FROM pages WHERE project IS ?1 AND trashed_at IS NULL ORDER BY position, id";
    let all: Vec<i64> = store
        .prepare_cached(sql)?
        .query_map([page.project.map(|project| project.0)], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(all.iter().skip_while(|id| **id != page.id.0).nth(1).copied().map(PageId))
}
