//! Search over titles and messages: what is typed is plain text, and all of its words
//! must be there.
//!
//! Words are found by the full-text index, whatever their accents and capitals, the last one
//! by its beginning, where that has two letters or more. Text that is written without spaces
//! has no words for that index, and is found by reading: see [`scan`].
//!
//! A project's name and notes are not searched here: a hit is a place in a conversation, and
//! one word in the notes would bring up every conversation of the project. Whoever shows the
//! hits holds the projects anyway.

mod pages;
mod query;
mod scan;
mod snippet;

use rusqlite::{Connection, Row, params};
use serde::Serialize;
use sotto_domain::{ConversationId, MessageId, Timestamp};
use specta::Type;

use crate::Store;
use crate::error::Result;
use query::Query;

pub use pages::PageHit;

/// A conversation, or a message in it, that was searched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message; `None` where the title is what was found.
    pub message: Option<MessageId>,
    /// The conversation's title.
    pub title: String,
    /// A piece of the text found, cut so that every second part, from the second on, is a match.
    pub snippet: Vec<String>,
    /// When the conversation was last written to.
    pub updated_at: Timestamp,
}

impl Store {
    /// At most `limit` places outside of the trash, on any branch: titles first, since a
    /// title says what all of a conversation is about, the best before the newest; then
    /// messages, newest first. An answer is found once it is no longer being written.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Hit>> {
        self.read(|view| match Query::of(query) {
            Query::Nothing => Ok(vec![]),
            Query::Words(expression) => {
                let mut hits = words(view, TITLES, &expression, limit, None)?;
                hits.extend(words(view, MESSAGES, &expression, limit - hits.len(), None)?);
                Ok(hits)
            }
            Query::Fragments(fragments) => scan::scan(view, &fragments, limit),
        })
    }

    /// At most `limit` messages of one conversation, on any branch, newest first.
    pub fn search_within(&self, conversation: ConversationId, query: &str, limit: usize) -> Result<Vec<Hit>> {
        self.read(|view| match Query::of(query) {
            Query::Nothing => Ok(vec![]),
            Query::Words(expression) => words(view, MESSAGES, &expression, limit, Some(conversation)),
            Query::Fragments(fragments) => {
                let mut hits = scan::scan(view, &fragments, usize::MAX)?;
                hits.retain(|hit| hit.conversation == conversation && hit.message.is_some());
                hits.truncate(limit);
                Ok(hits)
            }
        })
    }
}

// The best are chosen before their snippets are made: a common word is in many titles.
// Both times the index is walked once, from the left of CROSS JOIN: asked for one text at a
// time, it would gather each time all words that begin like the last one.

const TITLES: &str = "
  WITH best AS MATERIALIZED (
    SELECT l.id, l.title, l.updated_at, bm25(title_words) AS score
    FROM title_words JOIN listing l ON l.id = title_words.rowid
    WHERE title_words MATCH ?1 AND l.trashed_at IS NULL AND (?5 IS NULL OR l.id = ?5)
    ORDER BY score, l.updated_at DESC, l.id DESC LIMIT ?2
  )
  SELECT b.id, NULL, b.title, b.updated_at, snippet(title_words, 0, ?3, ?4, '…', 24)
  FROM title_words CROSS JOIN best b ON b.id = title_words.rowid
  WHERE title_words MATCH ?1
  ORDER BY b.score, b.updated_at DESC, b.id DESC";

// In the order of the index, so that it is read from its end until there are enough. To say
// which messages are the best, all would have to be weighed that hold the words: the better
// part of a million, for a common one.

const MESSAGES: &str = "
  SELECT l.id, m.id, l.title, l.updated_at, snippet(message_words, 0, ?3, ?4, '…', 24)
  FROM message_words
    CROSS JOIN messages m ON m.id = message_words.rowid
    CROSS JOIN listing l ON l.id = m.conversation
  WHERE message_words MATCH ?1 AND l.trashed_at IS NULL AND (?5 IS NULL OR l.id = ?5)
  ORDER BY message_words.rowid DESC LIMIT ?2";

fn words(
    view: &Connection,
    sql: &str,
    expression: &str,
    limit: usize,
    within: Option<ConversationId>,
) -> Result<Vec<Hit>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut statement = view.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![expression, limit, snippet::OPEN, snippet::CLOSE, within.map(|id| id.0)], hit)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn hit(row: &Row<'_>) -> rusqlite::Result<Hit> {
    Ok(Hit {
        conversation: ConversationId(row.get(0)?),
        message: row.get::<_, Option<_>>(1)?.map(MessageId),
        title: row.get(2)?,
        updated_at: row.get(3)?,
        snippet: snippet::pieces(row.get_ref(4)?.as_str()?),
    })
}

#[cfg(test)]
mod tests;
