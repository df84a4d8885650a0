//! The order in which the user has put what a project holds: its pages and conversations in one.

use rusqlite::{Transaction, params};
use sotto_domain::{ConversationId, PageId, ProjectId};

use crate::Store;
use crate::error::Result;

/// Something that a project holds, in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ordered {
    /// A page, under a heading; an empty one: under none.
    Page(PageId, String),
    /// A conversation.
    Conversation(ConversationId),
}

impl Store {
    /// Puts what a project holds in this order; of those without a project, for none. What is no longer
    /// there, or not named, stays where it is.
    pub fn arrange(&self, project: Option<ProjectId>, order: &[Ordered]) -> Result<()> {
        let project = project.map(|id| id.0);
        self.write(|store| {
            // Nobody is told of what stays.
            let mut page = store.prepare_cached(
                "UPDATE pages SET position = ?1, part = ?2
                 WHERE id = ?3 AND project IS ?4 AND (position <> ?1 OR part <> ?2)",
            )?;
            let mut conversation = store.prepare_cached(
                "UPDATE conversations SET position = ?1
                 WHERE id = ?2 AND project IS ?3 AND position IS NOT ?1",
            )?;
            for (position, placed) in (1_i64..).zip(order) {
                match placed {
                    Ordered::Page(id, part) => page.execute(params![position, part, id.0, project])?,
                    Ordered::Conversation(id) => conversation.execute(params![position, id.0, project])?,
                };
            }
            Ok(())
        })
    }
}

/// The place behind everything that was placed in a project.
pub(crate) fn last(store: &Transaction<'_>, project: Option<i64>) -> Result<i64> {
    let sql = "SELECT 1 + max((SELECT coalesce(max(position), 0) FROM pages WHERE project IS ?1),
                              (SELECT coalesce(max(position), 0) FROM conversations WHERE project IS ?1))";
    Ok(store.prepare_cached(sql)?.query_row([project], |row| row.get(0))?)
}

/// Makes room right behind a place.
pub(crate) fn make_room(store: &Transaction<'_>, project: Option<i64>, behind: i64) -> Result<()> {
    for table in ["pages", "conversations"] {
        let sql = format!("UPDATE {table} SET position = position + 1 WHERE project IS ?1 AND position > ?2");
        store.prepare_cached(&sql)?.execute(params![project, behind])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
