//! The pictures of pages. A document names them; here stands which page holds which file, so that a
//! file stays for as long as a page, or one of its versions, shows it.
//!
//! A line is written with the change that brings the picture, wherever it comes from, and outlives the
//! picture in the text: an undo, or another page, may bring it back.

use std::path::PathBuf;

use rusqlite::{Connection, params};
use sotto_domain::{PageId, Picture, Subject};

use crate::Store;
use crate::columns::stored_subject;
use crate::error::{Result, StoreError};

impl Store {
    /// Keeps a picture for a page, which is about to show it. [`StoreError::NotFound`] where its file
    /// was taken away meanwhile, as one that nothing shows.
    pub fn keep_picture(&self, page: PageId, picture: &Picture) -> Result<()> {
        self.write(|store| {
            store.query_row("SELECT id FROM pages WHERE id = ?1", [page.0], |_| Ok(()))?;
            let Some(file) = picture.path.file_name().and_then(|name| name.to_str()) else {
                return Err(StoreError::NotFound);
            };
            if !picture.path.is_file() {
                return Err(StoreError::NotFound);
            }
            show(store, page, file, picture.width, picture.height)
        })
    }

    /// Where the picture of that name lies, or would lie; `None` for a name that no picture has.
    pub fn picture_file(&self, name: &str) -> Option<PathBuf> {
        sotto_manuscript::Picture::is_file(name).then(|| self.pictures.join(name))
    }

    /// Lets go of the pictures that neither pages nor versions of them show, and removes their files.
    /// Not while a window is open, whose undo may bring one back.
    pub fn let_go_of_pictures(&self) -> Result<()> {
        let let_go = self.write(|store| {
            let sql = "DELETE FROM pictures AS p WHERE subject_kind = 'page'
                AND NOT EXISTS (SELECT 1 FROM page_documents d WHERE d.page = p.subject_id AND instr(d.document, p.file))
                AND NOT EXISTS (SELECT 1 FROM page_steps s WHERE s.page = p.subject_id AND instr(s.blocks, p.file))
                AND NOT EXISTS (SELECT 1 FROM page_versions v WHERE v.page = p.subject_id AND instr(v.blocks, p.file))";
            Ok(store.execute(sql, [])?)
        })?;
        if let_go > 0 { self.sweep_pictures() } else { Ok(()) }
    }
}

/// Has a page hold the pictures that a change brings.
pub(crate) fn hold(store: &Connection, page: PageId, pictures: &[&sotto_manuscript::Picture]) -> Result<()> {
    pictures.iter().try_for_each(|one| show(store, page, &one.file, one.width, one.height))
}

fn show(store: &Connection, page: PageId, file: &str, width: u32, height: u32) -> Result<()> {
    let (kind, subject) = stored_subject(Subject::Page(page));
    let sql = "INSERT INTO pictures (subject_kind, subject_id, file, width, height)
        SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS
          (SELECT 1 FROM pictures WHERE subject_kind = ?1 AND subject_id = ?2 AND file = ?3)";
    store.prepare_cached(sql)?.execute(params![kind, subject, file, width, height])?;
    Ok(())
}

/// Those of pages that are gone for good.
pub(crate) fn drop_those_of_no_page(store: &Connection) -> Result<()> {
    let sql = "DELETE FROM pictures WHERE subject_kind = 'page' AND subject_id NOT IN (SELECT id FROM pages)";
    store.execute(sql, [])?;
    Ok(())
}

#[cfg(test)]
mod tests;
