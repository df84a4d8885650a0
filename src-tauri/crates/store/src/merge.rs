//! What is missing comes back out of a backup, and nothing that is here is overwritten.
//!
//! What comes back stands where it stood in its project (`placing.rs`).
//!
//! A thing of the backup is here already where one was made at the same moment and has its number or
//! its name. Of a conversation that is here, the messages come back that are not; a page that is here
//! stays as it is.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Transaction, params, params_from_iter};
use sotto_domain::LibraryKey;

use crate::backup::{Contents, UNFINISHED, copy_pictures, folder_beside, read_back};
use crate::encrypt::copy;
use crate::error::Result;
use crate::merge::placing::{Placed, Placing};
use crate::place::beside;
use crate::{Store, copies, order, schema};

mod placing;

impl Store {
    /// Brings back what `backup` has and this library has not; says how much that was. The backup has
    /// the key of this library, or is given with its own.
    ///
    /// # Errors
    /// [`StoreError`](crate::StoreError): nothing came back then.
    pub fn merge(&self, backup: &Path, theirs: Option<&LibraryKey>) -> Result<Contents> {
        let theirs = theirs.unwrap_or(&self.key);
        read_back(backup, theirs)?;
        // A backup stays as it is: a copy of it is brought up to date.
        let merging = beside(&self.path, &format!(".merging{UNFINISHED}"));
        sweep(&merging);
        let merged = copy(backup, theirs, &merging, &self.key).and_then(|()| {
            let from = schema::open(&merging, &self.key, schema::MIGRATIONS)?;
            self.write(|store| {
                let mut merging = Merging {
                    from: &from,
                    to: store,
                    back: Contents::default(),
                    files: BTreeSet::new(),
                    placing: Placing::default(),
                };
                merging.all()?;
                // Before anything shows them.
                copy_pictures(&merging.files, &folder_beside(backup), &self.pictures)?;
                Ok(merging.back)
            })
        });
        sweep(&merging);
        merged
    }
}

/// Takes a copy away with all that was made of it. A log that a crash left would be taken for that of
/// the next one.
fn sweep(copy: &Path) {
    for ending in ["-wal", "-shm", ""] {
        let _ = fs::remove_file(beside(copy, ending));
    }
    copies::keep_only(copy, 0);
}

struct Merging<'a> {
    from: &'a Connection,
    to: &'a Transaction<'a>,
    back: Contents,
    files: BTreeSet<String>,
    placing: Placing,
}

/// A row by its columns.
struct Line {
    columns: Vec<String>,
    values: Vec<Value>,
}

impl Merging<'_> {
    fn all(&mut self) -> Result<()> {
        let mut projects = HashMap::new();
        for row in self.rows("projects", "")? {
            let old = row.number("id");
            let here = self.here("projects", "name", &row)?;
            let id = if let Some(id) = here {
                id
            } else {
                self.back.projects += 1;
                self.insert("projects", row)?
            };
            projects.insert(old, id);
        }
        let project = |row: &Line| row.optional("project").and_then(|old| projects.get(&old).copied());
        for row in self.rows("conversations", "")? {
            let project = project(&row);
            self.conversation(row.with("project", project))?;
        }
        for row in self.rows("pages", "")? {
            let project = project(&row);
            self.page(row.with("project", project))?;
        }
        self.placing.settle((self.from, None), (self.to, None))?;
        for (old, here) in &projects {
            self.placing.settle((self.from, Some(*old)), (self.to, Some(*here)))?;
        }
        for row in self.rows("starting_points", "WHERE built_in IS NULL")? {
            self.unless_there("starting_points", &["name", "instructions"], row)?;
        }
        for row in self.rows("page_commands", "")? {
            let project = project(&row);
            let row = row.with("project", project);
            self.unless_there("page_commands", &["project", "name", "words"], row)?;
        }
        Ok(())
    }

    fn conversation(&mut self, row: Line) -> Result<()> {
        let (old, head) = (row.number("id"), row.optional("head"));
        let said = self.rows("messages", &format!("WHERE conversation = {old}"))?;
        let here = self.here("conversations", "title", &row)?;
        if here.is_none() && said.is_empty() && row.text("draft").is_empty() {
            // Nobody wrote anything in it.
            return Ok(());
        }
        let placed = Placed::Conversation;
        let id = if let Some(id) = here {
            self.placing.was_here(placed(old), placed(id));
            id
        } else {
            self.back.conversations += 1;
            let id = self.insert("conversations", row.with("head", None).with("position", None))?;
            self.placing.came_back(placed(old), placed(id));
            id
        };
        let mut messages: HashMap<i64, i64> = HashMap::new();
        let mut come_back = HashMap::new();
        for said in said {
            let old = said.number("id");
            let parent = said.optional("parent").and_then(|parent| messages.get(&parent).copied());
            let mut said = said.with("conversation", Some(id)).with("parent", parent);
            let there = if here.is_some() { self.message_here(&said)? } else { None };
            let new = if let Some(there) = there {
                there
            } else {
                if said.text("state") == "streaming" {
                    said = said.with_text("state", "interrupted");
                }
                self.back.messages += 1;
                let new = self.insert("messages", said)?;
                come_back.insert(old, new);
                new
            };
            messages.insert(old, new);
        }
        if here.is_none() {
            let head = head.and_then(|head| messages.get(&head));
            self.to.execute("UPDATE conversations SET head = ?2 WHERE id = ?1", params![id, head])?;
        }
        let shows = format!("WHERE subject_kind = 'conversation' AND subject_id = {old}");
        for shown in self.rows("pictures", &shows)? {
            let message = shown.optional("message");
            let with = message.and_then(|message| come_back.get(&message).copied());
            if with.is_some() || (message.is_none() && here.is_none()) {
                self.files.insert(shown.text("file"));
                self.insert("pictures", shown.with("subject_id", Some(id)).with("message", with))?;
            }
        }
        Ok(())
    }

    /// What was still being written then may be longer by now.
    fn message_here(&self, said: &Line) -> Result<Option<i64>> {
        let mut there = self.to.prepare_cached(
            "SELECT id FROM messages WHERE conversation = ?1 AND parent IS ?2 AND created_at = ?3 AND role = ?4
               AND (text = ?5 OR ?6 = 'streaming') ORDER BY id",
        )?;
        let of =
            ["conversation", "parent", "created_at", "role", "text", "state"].map(|name| said.value(name));
        Ok(there.query_row(params_from_iter(of), |row| row.get(0)).optional()?)
    }

    fn page(&mut self, row: Line) -> Result<()> {
        let (old, mut row) = (row.number("id"), row);
        if let Some(here) = self.here("pages", "title", &row)? {
            self.placing.was_here(Placed::Page(old), Placed::Page(here));
            return Ok(());
        }
        let project = row.optional("project");
        if row.number("model_text") > 0 && self.is_hands_off(project)? {
            // It is back, and the project still has no model's text on its pages.
            row = row.with("project", None);
        }
        let position = order::last(self.to, row.optional("project"))?;
        self.back.pages += 1;
        let id = self.insert("pages", row.with("position", Some(position)))?;
        self.placing.came_back(Placed::Page(old), Placed::Page(id));
        for document in self.rows("page_documents", &format!("WHERE page = {old}"))? {
            self.insert("page_documents", document.with("page", Some(id)))?;
        }
        for step in self.rows("page_steps", &format!("WHERE page = {old}"))? {
            self.insert("page_steps", step.with("page", Some(id)))?;
        }
        let mut versions: HashMap<i64, i64> = HashMap::new();
        for version in self.rows("page_versions", &format!("WHERE page = {old}"))? {
            let old = version.number("id");
            let base = version.optional("base").and_then(|base| versions.get(&base).copied());
            versions.insert(
                old,
                self.insert("page_versions", version.with("page", Some(id)).with("base", base))?,
            );
        }
        for shown in self.rows("pictures", &format!("WHERE subject_kind = 'page' AND subject_id = {old}"))? {
            self.files.insert(shown.text("file"));
            self.insert("pictures", shown.with("subject_id", Some(id)))?;
        }
        Ok(())
    }

    fn is_hands_off(&self, project: Option<i64>) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM projects WHERE id = ?1 AND hands_off)";
        Ok(self.to.query_row(sql, [project], |row| row.get(0))?)
    }

    /// What was made at the same moment and has the same number or name.
    fn here(&self, table: &str, name: &str, row: &Line) -> Result<Option<i64>> {
        let sql = format!(
            "SELECT id FROM {table} WHERE created_at = ?1 AND (id = ?2 OR {name} = ?3) ORDER BY id <> ?2"
        );
        let of = params![row.value("created_at"), row.value("id"), row.value(name)];
        Ok(self.to.prepare_cached(&sql)?.query_row(of, |row| row.get(0)).optional()?)
    }

    fn unless_there(&self, table: &str, same: &[&str], row: Line) -> Result<()> {
        let is = same.iter().map(|name| format!("{name} IS ?")).collect::<Vec<_>>().join(" AND ");
        let sql = format!("SELECT 1 FROM {table} WHERE {is}");
        let of = params_from_iter(same.iter().map(|name| row.value(name)));
        if !self.to.prepare_cached(&sql)?.exists(of)? {
            self.insert(table, row)?;
        }
        Ok(())
    }

    /// The rows of a table, in the order in which they were made.
    fn rows(&self, table: &str, only: &str) -> Result<Vec<Line>> {
        // Columns that are worked out from others are not among these.
        let mut columns = self.from.prepare_cached("SELECT name FROM pragma_table_info(?1)")?;
        let columns: Vec<String> =
            columns.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let sql = format!("SELECT {} FROM {table} {only} ORDER BY 1, 2", quoted(&columns));
        let mut statement = self.from.prepare(&sql)?;
        let rows = statement.query_map([], |row| {
            let values = (0..columns.len()).map(|at| row.get(at)).collect::<rusqlite::Result<_>>()?;
            Ok(Line { columns: columns.clone(), values })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Stores a row with a number of its own, which this gives.
    fn insert(&self, table: &str, row: Line) -> Result<i64> {
        let (columns, values): (Vec<_>, Vec<_>) =
            row.columns.into_iter().zip(row.values).filter(|(name, _)| name != "id").unzip();
        let marks = vec!["?"; columns.len()].join(", ");
        let sql = format!("INSERT INTO {table} ({}) VALUES ({marks})", quoted(&columns));
        self.to.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        Ok(self.to.last_insert_rowid())
    }
}

/// The names of a file's columns are the file's own words: none of them is read as SQL.
fn quoted(columns: &[String]) -> String {
    let quoted: Vec<_> = columns.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
    quoted.join(", ")
}

impl Line {
    fn value(&self, name: &str) -> Value {
        let at = self.columns.iter().position(|column| column == name);
        at.map_or(Value::Null, |at| self.values[at].clone())
    }

    fn optional(&self, name: &str) -> Option<i64> {
        if let Value::Integer(number) = self.value(name) { Some(number) } else { None }
    }

    fn number(&self, name: &str) -> i64 {
        self.optional(name).unwrap_or_default()
    }

    fn text(&self, name: &str) -> String {
        if let Value::Text(text) = self.value(name) { text } else { String::new() }
    }

    fn set(mut self, name: &str, value: Value) -> Self {
        if let Some(at) = self.columns.iter().position(|column| column == name) {
            self.values[at] = value;
        }
        self
    }

    fn with(self, name: &str, number: Option<i64>) -> Self {
        self.set(name, number.map_or(Value::Null, Value::Integer))
    }

    fn with_text(self, name: &str, text: &str) -> Self {
        self.set(name, Value::Text(text.to_owned()))
    }
}

#[cfg(test)]
mod tests;
