//! Pictures: who shows which file of the pictures' folder. A file is named by what it holds, so it
//! can be shown by several messages and pages, and is removed when none shows it.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Row, params};
use sotto_domain::{ConversationId, MessageId, Picture, PictureId, Subject};

use crate::Store;
use crate::columns::stored_subject;
use crate::error::{Result, StoreError};

impl Store {
    /// Where the files lie that messages and pages show.
    pub fn pictures_folder(&self) -> &Path {
        &self.pictures
    }

    /// Puts a picture with what is typed but not sent. [`StoreError::NotFound`] where its file was
    /// taken away meanwhile, as one that nothing shows.
    pub fn attach(&self, conversation: ConversationId, picture: &Picture) -> Result<Picture> {
        self.write(|store| {
            if !picture.path.is_file() {
                return Err(StoreError::NotFound);
            }
            show(store, conversation, None, std::slice::from_ref(picture))?;
            Ok(Picture { id: Some(PictureId(store.last_insert_rowid())), ..picture.clone() })
        })
    }

    /// What lies with the draft, in the order it was put there.
    pub fn attached(&self, conversation: ConversationId) -> Result<Vec<Picture>> {
        self.read(|view| self.shown(view, conversation, None))
    }

    /// The conversations with whose draft pictures lie.
    pub fn with_pictures_waiting(&self) -> Result<HashSet<ConversationId>> {
        self.read(|view| {
            let mut statement = view.prepare_cached(
                "SELECT DISTINCT conversation FROM pictures
                 WHERE message IS NULL AND conversation IS NOT NULL",
            )?;
            Ok(statement
                .query_map([], |row| row.get(0).map(ConversationId))?
                .collect::<rusqlite::Result<_>>()?)
        })
    }

    /// One picture.
    pub fn one_picture(&self, id: PictureId) -> Result<Picture> {
        self.read(|view| {
            let sql = "SELECT id, file, width, height FROM pictures WHERE id = ?1";
            Ok(view.query_row(sql, [id.0], |row| self.picture(row))?)
        })
    }

    /// Takes a picture away from the draft, and its file where nothing else shows it.
    pub fn detach(&self, conversation: ConversationId, id: PictureId) -> Result<()> {
        let picture = self.write(|store| {
            let sql = "DELETE FROM pictures WHERE conversation = ?1 AND id = ?2 AND message IS NULL
                       RETURNING file";
            let mut statement = store.prepare_cached(sql)?;
            let taken = statement.query_row(params![conversation.0, id.0], |row| row.get::<_, String>(0));
            Ok(taken?)
        })?;
        self.remove_unshown(&[picture])
    }

    /// Takes all pictures away from the draft: they were sent with it.
    pub fn detach_all(&self, conversation: ConversationId) -> Result<()> {
        self.write(|store| {
            let sql = "DELETE FROM pictures WHERE conversation = ?1 AND message IS NULL";
            store.execute(sql, [conversation.0])?;
            Ok(())
        })
    }

    /// Removes the files that nothing shows any more. What cannot be removed now is
    /// removed another time.
    pub fn sweep_pictures(&self) -> Result<()> {
        let Ok(files) = fs::read_dir(&self.pictures) else { return Ok(()) };
        let names = files.flatten().filter_map(|file| file.file_name().into_string().ok());
        self.remove_unshown(&names.collect::<Vec<_>>())
    }

    /// Removes those of these files that nothing shows. Nobody can put one of them on show
    /// meanwhile: whoever would, waits for this and then finds it gone.
    fn remove_unshown(&self, names: &[String]) -> Result<()> {
        self.write(|store| {
            let mut shown = store.prepare_cached("SELECT count(*) FROM pictures WHERE file = ?1")?;
            for name in names {
                if shown.query_row([name], |row| row.get::<_, i64>(0))? == 0 {
                    let _ = fs::remove_file(self.pictures.join(name));
                }
            }
            Ok(())
        })
    }

    /// What a message shows, or with `None` the draft.
    pub(crate) fn shown(
        &self,
        view: &Connection,
        conversation: ConversationId,
        message: Option<MessageId>,
    ) -> Result<Vec<Picture>> {
        let mut statement = view.prepare_cached(
            "SELECT id, file, width, height FROM pictures WHERE conversation = ?1 AND message IS ?2 ORDER BY id",
        )?;
        let shown =
            statement.query_map(params![conversation.0, message.map(|id| id.0)], |row| self.picture(row))?;
        Ok(shown.collect::<rusqlite::Result<_>>()?)
    }

    /// What the messages of a conversation show.
    pub(crate) fn shown_by_message(
        &self,
        view: &Connection,
        conversation: ConversationId,
    ) -> Result<HashMap<MessageId, Vec<Picture>>> {
        let mut statement = view.prepare_cached(
            "SELECT id, file, width, height, message FROM pictures
             WHERE conversation = ?1 AND message IS NOT NULL ORDER BY id",
        )?;
        let mut shown: HashMap<_, Vec<_>> = HashMap::new();
        let mut rows = statement.query([conversation.0])?;
        while let Some(row) = rows.next()? {
            shown.entry(MessageId(row.get(4)?)).or_default().push(self.picture(row)?);
        }
        Ok(shown)
    }

    fn picture(&self, row: &Row<'_>) -> rusqlite::Result<Picture> {
        let file: String = row.get(1)?;
        Ok(Picture {
            id: Some(PictureId(row.get(0)?)),
            path: self.pictures.join(file),
            width: row.get(2)?,
            height: row.get(3)?,
        })
    }
}

/// Has a message, or with `None` the draft, show `pictures`.
pub(crate) fn show(
    store: &Connection,
    conversation: ConversationId,
    message: Option<MessageId>,
    pictures: &[Picture],
) -> Result<()> {
    let (kind, subject) = stored_subject(Subject::Conversation(conversation));
    for picture in pictures {
        let file = picture.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        store
            .prepare_cached(
                "INSERT INTO pictures (subject_kind, subject_id, message, file, width, height)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![kind, subject, message.map(|id| id.0), file, picture.width, picture.height])?;
    }
    Ok(())
}

/// The folder of the pictures of the database at `path`.
pub(crate) fn folder(path: &Path) -> PathBuf {
    path.with_file_name("pictures")
}

#[cfg(test)]
mod tests;
