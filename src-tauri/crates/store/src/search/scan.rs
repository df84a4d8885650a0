//! Search by reading. Chinese, Japanese or Thai is written without spaces, and the index
//! would hold whole sentences as one word. Its other way, by three characters at a time,
//! does not find 東京, since most Chinese words have two; and it has no place for a
//! search that has no letters at all, such as for 🌊. So the texts are read, newest
//! first, until there are enough hits: some hundred megabytes a second, and a life's
//! writing is less than that.

use std::ops::Range;

use rusqlite::{Connection, Row};
use sotto_domain::{ConversationId, MessageId};

use super::{Hit, snippet};
use crate::error::Result;

const TITLES: &str = "
  SELECT id, NULL, title, updated_at, title FROM listing
  WHERE trashed_at IS NULL
  ORDER BY updated_at DESC, id DESC";

const MESSAGES: &str = "
  SELECT l.id, m.id, l.title, l.updated_at, m.text
  FROM messages m JOIN listing l ON l.id = m.conversation
  WHERE m.state <> 'streaming' AND l.trashed_at IS NULL
  ORDER BY m.id DESC";

/// Titles, then messages, that hold all of `fragments`; each newest first.
pub(super) fn scan(view: &Connection, fragments: &[String], limit: usize) -> Result<Vec<Hit>> {
    // ASCII letters alone: it keeps every byte in its place, and these scripts have no capitals.
    let fragments: Vec<_> = fragments.iter().map(|fragment| fragment.to_ascii_lowercase()).collect();
    let mut hits = vec![];
    for sql in [TITLES, MESSAGES] {
        let mut statement = view.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while hits.len() < limit
            && let Some(row) = rows.next()?
        {
            hits.extend(hit(row, &fragments)?);
        }
    }
    Ok(hits)
}

fn hit(row: &Row<'_>, fragments: &[String]) -> Result<Option<Hit>> {
    let text = row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?;
    let Some(snippet) = found_in(text, fragments) else { return Ok(None) };
    Ok(Some(Hit {
        conversation: ConversationId(row.get(0)?),
        message: row.get::<_, Option<_>>(1)?.map(MessageId),
        title: row.get(2)?,
        updated_at: row.get(3)?,
        snippet,
    }))
}

/// The snippet of `text`, where all of `fragments`, in small letters, are in it.
pub(super) fn found_in(text: &str, fragments: &[String]) -> Option<Vec<String>> {
    let folded = text.to_ascii_lowercase();
    let all = fragments.iter().all(|fragment| folded.contains(fragment));
    all.then(|| snippet::around(text, &matches(&folded, fragments)))
}

/// Where `fragments` stand in `folded`: in order, and none within another.
fn matches(folded: &str, fragments: &[String]) -> Vec<Range<usize>> {
    let mut all: Vec<_> = fragments
        .iter()
        .flat_map(|fragment| folded.match_indices(fragment).map(|(at, found)| at..at + found.len()))
        .collect();
    all.sort_by_key(|found| (found.start, std::cmp::Reverse(found.end)));
    let mut end = 0;
    all.retain(|found| {
        let apart = found.start >= end;
        if apart {
            end = found.end;
        }
        apart
    });
    all
}
