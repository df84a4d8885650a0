//! Messages and where they were made.

use serde::{Deserialize, Serialize};

use crate::{ConversationId, Cost, MessageId, Picture, Served, Timestamp, Usage};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Instructions to the model: the starting point and the project's notes.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// How far a message got. Stopping is an outcome, not an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// Being written at this moment.
    Streaming,
    /// Said to its end.
    Complete,
    /// Ended because the longest allowed answer was reached.
    CutAtLength,
    /// Ended because the person asked for it.
    Stopped,
    /// Ended by a fault: the app closed, the engine died, the disk was full.
    Interrupted,
}

/// Where an answer is made.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "place")]
pub enum Destination {
    /// On this machine, by the model of this name.
    Device {
        /// The model's name as shown to the person.
        model: String,
    },
    /// Elsewhere, by a provider that the user chose.
    Cloud {
        /// The provider's name as shown to the person.
        provider: String,
        /// The provider's name for the model.
        model: String,
        /// The machine room behind the provider, where it is known.
        backend: Option<String>,
    },
}

/// Where and how an answer came to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// The place and the model.
    pub by: Destination,
    /// What it took; absent while it is written, and when a fault cut it short.
    pub usage: Option<Usage>,
    /// What it cost; absent as long as its usage is.
    pub cost: Option<Cost>,
}

impl Made {
    /// Notes who serves it, where it is made elsewhere.
    pub fn served_by(&mut self, served: Served) {
        if let Destination::Cloud { backend, .. } = &mut self.by {
            *backend = served.backend.or(backend.take());
        }
    }
}

/// One node of a conversation's tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its identity.
    pub id: MessageId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// The message it follows; `None` for a first message.
    pub parent: Option<MessageId>,
    /// Who said it: [`Role::User`] or [`Role::Assistant`].
    pub role: Role,
    /// What was said, in Markdown.
    pub text: String,
    /// What was shown with it.
    pub pictures: Vec<Picture>,
    /// What the user should know of it for as long as it is there: what the model was not
    /// given, why it ended early.
    pub remark: Option<String>,
    /// How far it got.
    pub state: MessageState,
    /// Where it was made; `None` for the person's own messages.
    pub made: Option<Made>,
    /// When it was begun.
    pub created_at: Timestamp,
}
