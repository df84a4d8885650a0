//! Identities. Each is the row's number in the database, and each is a type of
//! its own, so that a project can never be mistaken for a conversation.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta] $name:ident),* $(,)?) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "specta", derive(specta::Type))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

id! {
    /// A conversation: one tree of messages.
    ConversationId,
    /// A message: one node of that tree.
    MessageId,
    /// A page: one document.
    PageId,
    /// A picture that a message or a draft shows.
    PictureId,
    /// A project: a name and notes that group conversations.
    ProjectId,
    /// A starting point: a named system prompt.
    StartingPointId,
}
