//! What came back stands where it stood: right behind what it stood behind in the backup, as far as
//! that is here, and in front where nothing of that is.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Transaction, params};

use crate::error::Result;

/// What has a place in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Placed {
    Page(i64),
    Conversation(i64),
}

/// What the backup has, by what it is here.
#[derive(Default)]
pub(super) struct Placing {
    here: HashMap<Placed, Placed>,
    back: HashSet<Placed>,
}

impl Placing {
    /// The user may have moved it since: it stays, and others come to stand behind it.
    pub(super) fn was_here(&mut self, old: Placed, here: Placed) {
        self.here.insert(old, here);
    }

    pub(super) fn came_back(&mut self, old: Placed, here: Placed) {
        self.here.insert(old, here);
        self.back.insert(here);
    }

    /// Puts what came back into one project in its places; both projects are the same one.
    pub(super) fn settle(
        &self,
        from: (&Connection, Option<i64>),
        to: (&Transaction<'_>, Option<i64>),
    ) -> Result<()> {
        let stood = order(from.0, from.1)?;
        let known = || stood.iter().filter_map(|old| self.here.get(old).copied());
        if !known().any(|one| self.back.contains(&one)) {
            return Ok(());
        }
        let mut now = order(to.0, to.1)?;
        now.retain(|one| !self.back.contains(one));
        let mut next = 0;
        for one in known() {
            if self.back.contains(&one) {
                now.insert(next, one);
                next += 1;
            } else if let Some(at) = now.iter().position(|other| *other == one) {
                next = at + 1;
            }
        }
        for (position, one) in (1_i64..).zip(now) {
            let (table, id) = match one {
                Placed::Page(id) => ("pages", id),
                Placed::Conversation(id) => ("conversations", id),
            };
            let sql = format!("UPDATE {table} SET position = ?1 WHERE id = ?2 AND position IS NOT ?1");
            to.0.prepare_cached(&sql)?.execute(params![position, id])?;
        }
        Ok(())
    }
}

/// What the user has placed in a project, in order.
fn order(store: &Connection, project: Option<i64>) -> Result<Vec<Placed>> {
    let sql = "SELECT TRUE, id, position FROM pages WHERE project IS ?1
         UNION ALL SELECT FALSE, id, position FROM conversations WHERE project IS ?1 AND position IS NOT NULL
         ORDER BY 3, 2";
    let mut placed = store.prepare_cached(sql)?;
    let placed = placed.query_map([project], |row| {
        let id = row.get(1)?;
        Ok(if row.get(0)? { Placed::Page(id) } else { Placed::Conversation(id) })
    })?;
    Ok(placed.collect::<rusqlite::Result<_>>()?)
}
