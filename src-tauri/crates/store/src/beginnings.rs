//! How what a project holds begins, so that the user recognises it: a page, and the last that was said in
//! a conversation. Of each only the first bytes are read from the disk, however long it is.

use rusqlite::{Connection, MAIN_DB, blob::Blob};
use sotto_domain::{ConversationId, PageId, ProjectId};

use crate::Store;
use crate::error::Result;

/// As many bytes are read of each.
const LONGEST: usize = 800;

/// How what a project holds begins; what is empty is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beginnings {
    /// Its pages.
    pub pages: Vec<(PageId, String)>,
    /// Of its conversations what was said last, or else what is typed there and not sent.
    pub conversations: Vec<(ConversationId, String)>,
}

impl Store {
    /// How what a project holds begins, but for what lies in the trash.
    pub fn beginnings(&self, project: ProjectId) -> Result<Beginnings> {
        self.fold_all()?;
        self.read(|view| {
            let mut texts = Texts::of(view, "page_documents");
            let mut found = Beginnings::default();
            let mut pages = view.prepare_cached(
                "SELECT id FROM page_listing WHERE project = ?1 AND trashed_at IS NULL
                 ORDER BY id",
            )?;
            for id in pages.query_map([project.0], |row| row.get(0))? {
                let id = id?;
                add(&mut found.pages, PageId(id), texts.beginning(id)?);
            }
            let mut texts = Texts::of(view, "messages");
            let mut talks = view.prepare_cached(
                "SELECT l.id, l.head, m.parent, substr(l.draft, 1, ?2)
                 FROM listing l LEFT JOIN messages m ON m.id = l.head
                 WHERE l.project = ?1 AND l.trashed_at IS NULL ORDER BY l.id",
            )?;
            let mut rows = talks.query((project.0, crate::pages::number(LONGEST)))?;
            while let Some(row) = rows.next()? {
                // An answer that has no word yet answers what was.
                let mut said = row.get(3)?;
                let messages: [Option<i64>; 2] = [row.get(2)?, row.get(1)?];
                for message in messages.into_iter().flatten() {
                    let text = texts.beginning(message)?;
                    if !text.is_empty() {
                        said = text;
                    }
                }
                add(&mut found.conversations, ConversationId(row.get(0)?), said);
            }
            Ok(found)
        })
    }
}

fn add<I>(found: &mut Vec<(I, String)>, id: I, text: String) {
    if !text.is_empty() {
        found.push((id, text));
    }
}

/// The column `text` of a table, one row after another.
struct Texts<'a> {
    view: &'a Connection,
    table: &'static str,
    open: Option<Blob<'a>>,
}

impl<'a> Texts<'a> {
    fn of(view: &'a Connection, table: &'static str) -> Self {
        Self { view, table, open: None }
    }

    /// To the end of a whole letter.
    fn beginning(&mut self, row: i64) -> Result<String> {
        let text = match &mut self.open {
            Some(open) => {
                open.reopen(row)?;
                open
            }
            none => none.insert(self.view.blob_open(MAIN_DB, self.table, "text", row, true)?),
        };
        let mut bytes = vec![0; LONGEST.min(text.len())];
        text.read_at_exact(&mut bytes, 0)?;
        let whole = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
        bytes.truncate(whole);
        Ok(String::from_utf8(bytes).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
