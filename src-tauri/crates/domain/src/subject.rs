//! What an answer, an agreement or a picture belongs to.

use crate::{ConversationId, ProjectId};

/// What an answer, an agreement or a picture belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A conversation.
    Conversation(ConversationId),
    /// A project: of an agreement, all that is in it, now and later.
    Project(ProjectId),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Conversation(id) => write!(f, "conversation {id}"),
            Self::Project(id) => write!(f, "project {id}"),
        }
    }
}
