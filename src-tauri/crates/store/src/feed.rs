//! What each commit changed, told to whoever listens: a window's copy follows, whoever wrote.
//!
//! Triggers of our own connection note what a transaction changes, in a table that is this
//! connection's alone; it is read and emptied before the commit, so what is rolled back is not told.
//! What another process commits is not known in detail: then anything may be another.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, Transaction};
use sotto_domain::{ConversationId, PageId, ProjectId, StartingPointId};

use crate::Store;
use crate::error::Result;

/// Something that another reading would find changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Changed {
    /// Another process wrote: anything.
    Anything,
    /// A conversation: itself, its branch, or the pictures that wait in it.
    Conversation(ConversationId),
    /// What lies in a conversation as a draft.
    Draft(ConversationId),
    /// A message of a conversation, as an answer is being written.
    Message(ConversationId),
    /// A project.
    Project(ProjectId),
    /// A page, as the lists have it.
    Page(PageId),
    /// What stands in a page, as it is being written: the lists stay as they are.
    PageText(PageId),
    /// A starting point.
    StartingPoint(StartingPointId),
}

/// Who is told.
type Listener = Box<dyn Fn(&[Changed]) + Send + Sync>;

/// Those who listen, and what was seen of the others.
#[derive(Default)]
pub(crate) struct Feed {
    listeners: Mutex<Vec<Listener>>,
    seen: AtomicI64,
}

/// What a trigger notes, on which tables and changes, and where the id stands.
const NOTED: [(&str, &str, &str, &str); 18] = [
    ("conversation", "conversations", "INSERT", "new.id"),
    (
        "conversation",
        "conversations",
        "UPDATE OF title, project, position, instructions, left_out, cloud_provider, cloud_model, head,
         trashed_at",
        "new.id",
    ),
    ("conversation", "conversations", "DELETE", "old.id"),
    ("draft", "conversations", "UPDATE OF draft", "new.id"),
    ("conversation", "messages", "INSERT", "new.conversation"),
    ("message", "messages", "UPDATE", "new.conversation"),
    ("conversation", "pictures", "INSERT", "new.conversation"),
    ("conversation", "pictures", "DELETE", "old.conversation"),
    ("project", "projects", "INSERT", "new.id"),
    ("project", "projects", "UPDATE", "new.id"),
    ("project", "projects", "DELETE", "old.id"),
    ("page", "pages", "INSERT", "new.id"),
    (
        "page",
        "pages",
        "UPDATE OF project, position, title, part, language, goal, trashed_at, words",
        "new.id",
    ),
    ("page_text", "pages", "UPDATE OF revision", "new.id"),
    ("page", "pages", "DELETE", "old.id"),
    ("starting_point", "starting_points", "INSERT", "new.id"),
    ("starting_point", "starting_points", "UPDATE", "new.id"),
    ("starting_point", "starting_points", "DELETE", "old.id"),
];

/// Begins to note what this connection changes.
pub(crate) fn begin(connection: &Connection) -> Result<()> {
    connection
        .execute_batch("PRAGMA temp_store = memory; CREATE TEMP TABLE changed (kind TEXT, id INTEGER)")?;
    for (number, (kind, table, change, id)) in NOTED.into_iter().enumerate() {
        connection.execute_batch(&format!(
            "CREATE TEMP TRIGGER noted_{number} AFTER {change} ON main.{table} WHEN {id} IS NOT NULL
             BEGIN INSERT INTO changed VALUES ('{kind}', {id}); END"
        ))?;
    }
    Ok(())
}

/// What a transaction changed until now.
pub(crate) fn take(store: &Transaction<'_>) -> Result<Vec<Changed>> {
    let mut statement = store.prepare_cached("SELECT DISTINCT kind, id FROM temp.changed")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let changed: Vec<Changed> =
        rows.map(|row| row.map(|(kind, id)| named(&kind, id))).collect::<rusqlite::Result<_>>()?;
    if !changed.is_empty() {
        store.prepare_cached("DELETE FROM temp.changed")?.execute([])?;
    }
    Ok(changed)
}

fn named(kind: &str, id: i64) -> Changed {
    match kind {
        "conversation" => Changed::Conversation(ConversationId(id)),
        "draft" => Changed::Draft(ConversationId(id)),
        "message" => Changed::Message(ConversationId(id)),
        "project" => Changed::Project(ProjectId(id)),
        "page" => Changed::Page(PageId(id)),
        "page_text" => Changed::PageText(PageId(id)),
        "starting_point" => Changed::StartingPoint(StartingPointId(id)),
        _ => Changed::Anything,
    }
}

impl Feed {
    pub(crate) fn tell(&self, changed: &[Changed]) {
        if !changed.is_empty() {
            for listener in self.listeners.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                listener(changed);
            }
        }
    }
}

impl Store {
    /// Has `listener` told what each commit changes, after it. It is called by whoever wrote, and must
    /// not write itself.
    pub fn listen(&self, listener: impl Fn(&[Changed]) + Send + Sync + 'static) {
        self.feed.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(listener));
    }

    /// Tells those who listen where somebody else wrote since the last look; the first look only looks.
    pub fn look_for_others(&self) -> Result<()> {
        let version = "data_version";
        let now: i64 = self.with_connection(|at| at.pragma_query_value(None, version, |row| row.get(0)))?;
        let seen = self.feed.seen.swap(now, Ordering::Relaxed);
        if seen != 0 && seen != now {
            self.feed.tell(&[Changed::Anything]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
