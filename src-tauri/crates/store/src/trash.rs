//! The trash: what is in it is whole, and comes back as it was. Emptying it is the
//! only way that anything of the user's is deleted.

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use sotto_domain::{ConversationId, PageId, ProjectId, Timestamp, waiting};
use specta::Type;

use crate::copies::{self, Gone};
use crate::error::Result;
use crate::{Store, found, page_pictures};

/// What lies in the trash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind", content = "id")]
pub enum TrashKind {
    /// A conversation.
    Conversation(ConversationId),
    /// A project, with its conversations and pages.
    Project(ProjectId),
    /// A page.
    Page(PageId),
}

/// One thing in the trash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Trashed {
    /// What it is.
    #[serde(flatten)]
    pub kind: TrashKind,
    /// The title, or the project's name.
    pub title: String,
    /// When it was put there.
    pub trashed_at: Timestamp,
}

impl Store {
    /// What is in the trash, newest first. Conversations and pages of a project in the
    /// trash are not listed apart from it.
    pub fn trash(&self) -> Result<Vec<Trashed>> {
        self.read(listed)
    }

    /// Puts a conversation in the trash.
    pub fn trash_conversation(&self, id: ConversationId, now: Timestamp) -> Result<()> {
        self.trash_from("conversations", id.0, now)
    }

    /// Brings a conversation back. If its project is in the trash, it leaves the project.
    pub fn restore_conversation(&self, id: ConversationId) -> Result<()> {
        self.restore_into("conversations", id.0)
    }

    /// Puts a page in the trash.
    pub fn trash_page(&self, id: PageId, now: Timestamp) -> Result<()> {
        self.trash_from("pages", id.0, now)
    }

    /// Brings a page back. If its project is in the trash, it leaves the project.
    pub fn restore_page(&self, id: PageId) -> Result<()> {
        self.restore_into("pages", id.0)
    }

    fn trash_from(&self, table: &'static str, id: i64, now: Timestamp) -> Result<()> {
        self.write(|store| {
            let sql = format!("UPDATE {table} SET trashed_at = coalesce(trashed_at, ?2) WHERE id = ?1");
            found(store.execute(&sql, params![id, now])?)
        })
    }

    /// `table` is one of those whose rows can lie in a project.
    fn restore_into(&self, table: &'static str, id: i64) -> Result<()> {
        self.write(|store| {
            let sql = format!(
                "UPDATE {table} SET trashed_at = NULL,
                   project = (SELECT id FROM projects p WHERE p.id = project AND p.trashed_at IS NULL)
                 WHERE id = ?1"
            );
            found(store.execute(&sql, [id])?)
        })
    }

    /// Puts a project in the trash, and its conversations and pages with it.
    pub fn trash_project(&self, id: ProjectId, now: Timestamp) -> Result<()> {
        self.trash_from("projects", id.0, now)
    }

    /// Brings a project back, with those of its conversations and pages that went with it.
    pub fn restore_project(&self, id: ProjectId) -> Result<()> {
        self.write(|store| {
            found(store.execute("UPDATE projects SET trashed_at = NULL WHERE id = ?1", [id.0])?)
        })
    }

    /// Deletes for good what [`Store::trash`] lists, and says how many things those were.
    pub fn empty_trash(&self) -> Result<usize> {
        let (emptied, gone) = self.write(|store| {
            let (emptied, gone) = (listed(store)?.len(), going(store)?);
            store.execute(
                "DELETE FROM conversations WHERE id IN (SELECT id FROM listing WHERE trashed_at IS NOT NULL)",
                [],
            )?;
            store.execute(
                "DELETE FROM pages WHERE id IN (SELECT id FROM page_listing WHERE trashed_at IS NOT NULL)",
                [],
            )?;
            page_pictures::drop_those_of_no_page(store)?;
            store.execute("DELETE FROM projects WHERE trashed_at IS NOT NULL", [])?;
            Ok((emptied, gone))
        })?;
        waiting(|| {
            self.forget();
            copies::strike(&self.path, &self.key, &gone)?;
            self.sweep_pictures()?;
            Ok(emptied)
        })
    }

    /// Takes what was deleted out of the file, too: the index still has its words, and the
    /// log its text. Where there is no room for that now, or another window reads, it is
    /// done at a later emptying: the deletion itself is stored.
    fn forget(&self) {
        let _ = self.write(|store| {
            store.execute("INSERT INTO title_words (title_words) VALUES ('optimize')", [])?;
            store.execute("INSERT INTO message_words (message_words) VALUES ('optimize')", [])?;
            store.execute("INSERT INTO page_words (page_words) VALUES ('optimize')", [])?;
            Ok(())
        });
        let _ = self.with_connection(|at| at.query_row("PRAGMA wal_checkpoint (TRUNCATE)", [], |_| Ok(())));
    }
}

/// All that would be deleted now.
fn going(view: &Connection) -> Result<Vec<Gone>> {
    let mut statement = view.prepare_cached(
        "SELECT 0, id, created_at FROM conversations
         WHERE id IN (SELECT id FROM listing WHERE trashed_at IS NOT NULL)
         UNION ALL
         SELECT 1, id, created_at FROM pages
         WHERE id IN (SELECT id FROM page_listing WHERE trashed_at IS NOT NULL)
         UNION ALL
         SELECT 2, id, created_at FROM projects WHERE trashed_at IS NOT NULL",
    )?;
    let gone = statement.query_map([], |row| {
        let (id, created_at) = (row.get(1)?, row.get(2)?);
        Ok(match row.get::<_, i64>(0)? {
            0 => Gone::Conversation { id, created_at },
            1 => Gone::Page { id, created_at },
            _ => Gone::Project { id, created_at },
        })
    })?;
    Ok(gone.collect::<rusqlite::Result<_>>()?)
}

fn listed(view: &Connection) -> Result<Vec<Trashed>> {
    let mut statement = view.prepare_cached(
        "SELECT 'project', id, name, trashed_at FROM projects WHERE trashed_at IS NOT NULL
         UNION ALL
         SELECT 'conversation', id, title, trashed_at FROM conversations
         WHERE trashed_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.id = project AND p.trashed_at IS NOT NULL)
         UNION ALL
         SELECT 'page', id, title, trashed_at FROM pages
         WHERE trashed_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM projects p WHERE p.id = project AND p.trashed_at IS NOT NULL)
         ORDER BY 4 DESC, 1 DESC, 2 DESC",
    )?;
    Ok(statement.query_map([], trashed)?.collect::<rusqlite::Result<_>>()?)
}

fn trashed(row: &Row<'_>) -> rusqlite::Result<Trashed> {
    let kind = match row.get_ref(0)?.as_str()? {
        "project" => TrashKind::Project(ProjectId(row.get(1)?)),
        "page" => TrashKind::Page(PageId(row.get(1)?)),
        _ => TrashKind::Conversation(ConversationId(row.get(1)?)),
    };
    Ok(Trashed { kind, title: row.get(2)?, trashed_at: row.get(3)? })
}

#[cfg(test)]
mod tests;
