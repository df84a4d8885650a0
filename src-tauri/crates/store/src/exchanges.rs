//! What the user asks, and the answer that begins to it: stored together with all that belongs to
//! them, or not at all.

use rusqlite::{Transaction, params};
use sotto_domain::{ConversationId, Made, MessageId, MessageState, Role, Timestamp};

use crate::error::Result;
use crate::{NewAgreement, NewMessage, Store, comparisons, consents, messages};

/// What is to be answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// What the user says now.
    New {
        /// The message.
        message: Box<NewMessage>,
        /// A title for its conversation, if that has none.
        title: String,
        /// Whether it is what lay there as a draft, which is empty then.
        was_draft: bool,
    },
    /// A message that is there already.
    Stored {
        /// The message that is answered.
        message: MessageId,
        /// Its conversation.
        conversation: ConversationId,
        /// The answer that the new one is to be compared with, if any.
        beside: Option<Beside>,
    },
}

/// The answer that another one is set beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beside {
    /// The answer on the left.
    pub first: MessageId,
    /// Whether it is kept from the user whose is whose.
    pub hidden: bool,
}

impl Store {
    /// Stores what the user says, gives its conversation a title, empties the draft, remembers what
    /// was agreed, and begins the answer; gives the answer. `agreed` is asked for the agreement when
    /// the question has its id.
    pub fn begin_answer(
        &self,
        asked: Asked,
        made: Made,
        agreed: impl FnOnce(MessageId) -> Option<NewAgreement>,
        now: Timestamp,
    ) -> Result<MessageId> {
        self.write(|store| {
            let (question, conversation, beside) = match asked {
                Asked::Stored { message, conversation, beside } => (message, conversation, beside),
                Asked::New { message, title, was_draft } => {
                    let (question, conversation) = ask(store, *message, &title, was_draft, now)?;
                    (question, conversation, None)
                }
            };
            if let Some(agreement) = agreed(question) {
                consents::remember(store, &agreement, now)?;
            }
            let answer = NewMessage {
                conversation,
                parent: Some(question),
                role: Role::Assistant,
                text: String::new(),
                state: MessageState::Streaming,
                made: Some(made),
                pictures: Vec::new(),
            };
            let answer = messages::add(store, answer, now)?.id;
            if let Some(Beside { first, hidden }) = beside {
                comparisons::begin(store, first, answer, hidden, now)?;
            }
            Ok(answer)
        })
    }
}

fn ask(
    store: &Transaction<'_>,
    message: NewMessage,
    title: &str,
    was_draft: bool,
    now: Timestamp,
) -> Result<(MessageId, ConversationId)> {
    let asked = messages::add(store, message, now)?;
    let conversation = asked.conversation.0;
    store.execute(
        "UPDATE conversations SET title = ?2 WHERE id = ?1 AND title = ''",
        params![conversation, title],
    )?;
    if was_draft {
        store.execute("UPDATE conversations SET draft = '' WHERE id = ?1", [conversation])?;
        store.execute("DELETE FROM pictures WHERE conversation = ?1 AND message IS NULL", [conversation])?;
    }
    Ok((asked.id, asked.conversation))
}

#[cfg(test)]
mod tests;
