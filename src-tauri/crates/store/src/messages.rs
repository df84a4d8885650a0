//! Messages: a tree in each conversation. Nothing here removes one.
//!
//! A parent is always older than its children, so ids ascend from the root to every
//! leaf: a branch in the order of its ids is in the order it was said.

use rusqlite::{Connection, Row, params};
use sotto_domain::{ConversationId, Made, Message, MessageId, MessageState, Picture, Role, Timestamp};

use crate::columns::{self, MadeColumns, Stored};
use crate::error::Result;
use crate::{Store, conversations, found, pictures};

/// A message to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMessage {
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// The message of that conversation which it follows; `None` for a first one.
    pub parent: Option<MessageId>,
    /// Who said it: [`Role::User`] or [`Role::Assistant`].
    pub role: Role,
    /// What was said, so far.
    pub text: String,
    /// How far it got.
    pub state: MessageState,
    /// Where it is made; `None` for the person's own.
    pub made: Option<Made>,
    /// What is shown with it; files of the pictures' folder.
    pub pictures: Vec<Picture>,
}

/// A message of the branch on show, and those that could stand in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The message.
    pub message: Message,
    /// All that answer or ask at the same place, oldest first, itself among them.
    pub siblings: Vec<MessageId>,
}

impl Store {
    /// Stores a message, makes it its conversation's head, and marks the conversation
    /// as written to.
    pub fn add_message(&self, message: NewMessage, now: Timestamp) -> Result<Message> {
        self.write(|store| add(store, message, now))
    }

    /// Saves an answer as far as it got, with what the user should know of it for as long as it is
    /// there. `made` and `remark` of `None` leave what is stored of them.
    /// The person's own messages are never changed: [`crate::StoreError::NotFound`].
    pub fn update_answer(
        &self,
        id: MessageId,
        text: &str,
        state: MessageState,
        made: Option<&Made>,
        remark: Option<&str>,
    ) -> Result<()> {
        let columns = MadeColumns::from(made);
        self.write(|store| {
            let changed = store
                .prepare_cached(
                    "UPDATE messages SET text = ?2, state = ?3,
                       place = coalesce(?4, place),
                       provider = coalesce(?5, provider),
                       model = coalesce(?6, model),
                       backend = coalesce(?7, backend),
                       prompt_tokens = coalesce(?8, prompt_tokens),
                       reused_tokens = coalesce(?9, reused_tokens),
                       completion_tokens = coalesce(?10, completion_tokens),
                       reading_ms = coalesce(?11, reading_ms),
                       writing_ms = coalesce(?12, writing_ms),
                       cost = coalesce(?13, cost),
                       nano_usd = coalesce(?14, nano_usd),
                       remark = coalesce(?15, remark)
                     WHERE id = ?1 AND role = 'assistant'",
                )?
                .execute(params![
                    id.0,
                    text,
                    Stored(state),
                    columns.place,
                    columns.provider,
                    columns.model,
                    columns.backend,
                    columns.prompt_tokens,
                    columns.reused_tokens,
                    columns.completion_tokens,
                    columns.reading_ms,
                    columns.writing_ms,
                    columns.cost,
                    columns.nano_usd,
                    remark,
                ])?;
            found(changed)
        })
    }

    /// One message.
    pub fn message(&self, id: MessageId) -> Result<Message> {
        self.read(|view| self.one(view, id))
    }

    /// One message, and those that could stand in its place.
    pub fn placed(&self, id: MessageId) -> Result<Placed> {
        self.read(|view| self.place(view, id))
    }

    /// These messages, each with those that could stand in its place.
    pub fn all_placed(&self, ids: &[MessageId]) -> Result<Vec<Placed>> {
        self.read(|view| ids.iter().map(|id| self.place(view, *id)).collect())
    }

    /// Which messages the branch on show has, from its first to the conversation's head.
    pub fn branch_ids(&self, conversation: ConversationId) -> Result<Vec<MessageId>> {
        self.read(|view| {
            let Some(head) = conversations::one(view, conversation)?.head else { return Ok(vec![]) };
            let mut path = view.prepare_cached(&format!("{PATH} SELECT id FROM path ORDER BY id"))?;
            Ok(path
                .query_map([head.0], |row| Ok(MessageId(row.get(0)?)))?
                .collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The branch on show, from its first message to the conversation's head.
    pub fn branch(&self, conversation: ConversationId) -> Result<Vec<Placed>> {
        self.read(|view| {
            let Some(head) = conversations::one(view, conversation)?.head else { return Ok(vec![]) };
            let mut branch: Vec<_> = self
                .path(view, head)?
                .into_iter()
                .map(|message| Placed { message, siblings: vec![] })
                .collect();
            // In the order of the branch, so that each finds its place by walking along it.
            let mut statement = view.prepare_cached(&format!(
                "{PATH} SELECT p.id, s.id FROM path p JOIN messages s
                   ON s.conversation = ?2 AND s.parent IS p.parent AND s.role = p.role
                 ORDER BY p.id, s.id"
            ))?;
            let mut rows = statement.query([head.0, conversation.0])?;
            let mut places = branch.iter_mut().peekable();
            while let Some(row) = rows.next()? {
                let at = MessageId(row.get(0)?);
                while places.next_if(|place| place.message.id < at).is_some() {}
                if let Some(place) = places.peek_mut() {
                    place.siblings.push(MessageId(row.get(1)?));
                }
            }
            Ok(branch)
        })
    }

    /// Every message of every branch, oldest first.
    pub fn all_messages(&self, conversation: ConversationId) -> Result<Vec<Message>> {
        self.read(|view| {
            let sql = format!("SELECT {} FROM messages m WHERE m.conversation = ?1 ORDER BY m.id", columns());
            let mut statement = view.prepare_cached(&sql)?;
            let mut all: Vec<_> =
                statement.query_map([conversation.0], message)?.collect::<rusqlite::Result<_>>()?;
            let mut shown = self.shown_by_message(view, conversation)?;
            for message in &mut all {
                message.pictures = shown.remove(&message.id).unwrap_or_default();
            }
            Ok(all)
        })
    }

    /// The way from the first message to this one.
    pub fn path_to(&self, message: MessageId) -> Result<Vec<Message>> {
        self.read(|view| {
            let path = self.path(view, message)?;
            found(path.len())?;
            Ok(path)
        })
    }

    /// Shows the branch through `message`: the one written to last, of those below it.
    pub fn choose(&self, message: MessageId) -> Result<()> {
        self.write(|store| {
            // The youngest below has no children, for they would be younger still.
            found(store.execute(
                "WITH RECURSIVE below (id, conversation) AS (
                   SELECT id, conversation FROM messages WHERE id = ?1
                   UNION ALL
                   SELECT m.id, m.conversation FROM below b
                     JOIN messages m ON m.conversation = b.conversation AND m.parent = b.id
                 )
                 UPDATE conversations SET head = (SELECT max(id) FROM below)
                 WHERE id = (SELECT conversation FROM messages WHERE id = ?1)",
                [message.0],
            )?)
        })
    }

    /// Marks what was being written when the app ended, and says how many those were.
    pub fn mark_interrupted(&self) -> Result<usize> {
        self.write(|store| {
            Ok(store.execute("UPDATE messages SET state = 'interrupted' WHERE state = 'streaming'", [])?)
        })
    }
}

/// What [`Store::add_message`] does, in the caller's transaction.
pub(crate) fn add(store: &Connection, message: NewMessage, now: Timestamp) -> Result<Message> {
    let NewMessage { conversation, parent, role, text, state, made, pictures } = message;
    let columns = MadeColumns::from(made.as_ref());
    store
        .prepare_cached(
            "INSERT INTO messages
               (conversation, parent, role, text, state, created_at, place, provider, model, backend,
                prompt_tokens, reused_tokens, completion_tokens, reading_ms, writing_ms, cost, nano_usd)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        )?
        .execute(params![
            conversation.0,
            parent.map(|id| id.0),
            Stored(role),
            text,
            Stored(state),
            now,
            columns.place,
            columns.provider,
            columns.model,
            columns.backend,
            columns.prompt_tokens,
            columns.reused_tokens,
            columns.completion_tokens,
            columns.reading_ms,
            columns.writing_ms,
            columns.cost,
            columns.nano_usd,
        ])?;
    let id = MessageId(store.last_insert_rowid());
    store
        .prepare_cached("UPDATE conversations SET head = ?2, updated_at = ?3 WHERE id = ?1")?
        .execute(params![conversation.0, id.0, now])?;
    pictures::show(store, conversation, Some(id), &pictures)?;
    Ok(Message { id, conversation, parent, role, text, pictures, remark: None, state, made, created_at: now })
}

/// The way from message ?1 up to its root.
const PATH: &str = "WITH RECURSIVE path (id, parent, role) AS (
   SELECT id, parent, role FROM messages WHERE id = ?1
   UNION ALL
   SELECT m.id, m.parent, m.role FROM path p JOIN messages m ON m.id = p.parent
 )";

fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        id: MessageId(row.get(0)?),
        conversation: ConversationId(row.get(1)?),
        parent: row.get::<_, Option<_>>(2)?.map(MessageId),
        role: row.get::<_, Stored<_>>(3)?.0,
        text: row.get(4)?,
        pictures: Vec::new(),
        remark: row.get(7)?,
        state: row.get::<_, Stored<_>>(5)?.0,
        created_at: row.get(6)?,
        made: columns::made(row, 8)?,
    })
}

/// What [`message`] reads, in its order.
fn columns() -> String {
    format!(
        "m.id, m.conversation, m.parent, m.role, m.text, m.state, m.created_at, m.remark, {}",
        columns::MADE
    )
}

impl Store {
    fn one(&self, view: &Connection, id: MessageId) -> Result<Message> {
        let sql = format!("SELECT {} FROM messages m WHERE m.id = ?1", columns());
        let mut message = view.prepare_cached(&sql)?.query_row([id.0], message)?;
        message.pictures = self.shown(view, message.conversation, Some(id))?;
        Ok(message)
    }

    fn place(&self, view: &Connection, id: MessageId) -> Result<Placed> {
        let message = self.one(view, id)?;
        let mut siblings = view.prepare_cached(
            "SELECT s.id FROM messages m JOIN messages s
               ON s.conversation = m.conversation AND s.parent IS m.parent AND s.role = m.role
             WHERE m.id = ?1 ORDER BY s.id",
        )?;
        let siblings =
            siblings.query_map([id.0], |row| Ok(MessageId(row.get(0)?)))?.collect::<rusqlite::Result<_>>()?;
        Ok(Placed { message, siblings })
    }

    fn path(&self, view: &Connection, to: MessageId) -> Result<Vec<Message>> {
        let sql =
            format!("{PATH} SELECT {} FROM path p JOIN messages m ON m.id = p.id ORDER BY m.id", columns());
        let mut statement = view.prepare_cached(&sql)?;
        let mut path: Vec<_> = statement.query_map([to.0], message)?.collect::<rusqlite::Result<_>>()?;
        if let Some(conversation) = path.first().map(|first: &Message| first.conversation) {
            let mut shown = self.shown_by_message(view, conversation)?;
            for message in &mut path {
                message.pictures = shown.remove(&message.id).unwrap_or_default();
            }
        }
        Ok(path)
    }
}

#[cfg(test)]
mod tests;
