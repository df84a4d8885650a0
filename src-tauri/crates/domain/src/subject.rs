//! What an answer, an agreement or a picture belongs to.

use crate::{ConversationId, PageId, ProjectId};

/// What an answer, an agreement or a picture belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A conversation.
    Conversation(ConversationId),
    /// A page.
    Page(PageId),
    /// A project: of an agreement, all that is in it, now and later.
    Project(ProjectId),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Conversation(id) => write!(f, "conversation {id}"),
            Self::Page(id) => write!(f, "page {id}"),
            Self::Project(id) => write!(f, "project {id}"),
        }
    }
}
