//! For tests and benches: a library of a newer Sotto, and a large one, which message by message would
//! take as long as writing it.

use std::path::Path;

use rusqlite::params;
use sotto_domain::LibraryKey;

use crate::error::Result;
use crate::{Store, key};

/// Makes the library at `path` one of another version of Sotto.
///
/// # Errors
/// [`StoreError`](crate::StoreError).
pub fn set_version(path: &Path, with: &LibraryKey, version: i64) -> Result<()> {
    Ok(key::open(path, key::THERE, with)?.pragma_update(None, "user_version", version)?)
}

impl Store {
    /// Adds conversations, each with a title and what was said and answered in turn: all
    /// of them, or none.
    pub fn fill<T: IntoIterator<Item = String>>(
        &self,
        conversations: impl IntoIterator<Item = (String, T)>,
    ) -> Result<()> {
        self.write(|store| {
            let mut begin = store.prepare_cached(
                "INSERT INTO conversations (title, instructions, created_at, updated_at)
                 VALUES (?1, '', ?2, ?2)",
            )?;
            let mut say = store.prepare_cached(
                "INSERT INTO messages (conversation, parent, role, state, created_at, text)
                 VALUES (?1, ?2, ?3, 'complete', ?4, ?5)",
            )?;
            let mut show = store.prepare_cached("UPDATE conversations SET head = ?2 WHERE id = ?1")?;
            for (title, texts) in conversations {
                let conversation = begin.insert(params![title, store.last_insert_rowid()])?;
                let mut head = None;
                for (text, role) in texts.into_iter().zip(["user", "assistant"].into_iter().cycle()) {
                    head = Some(say.insert(params![conversation, head, role, conversation, text])?);
                }
                show.execute(params![conversation, head])?;
            }
            Ok(())
        })
    }
}
