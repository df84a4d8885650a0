//! What holds messages together.

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};

use crate::{
    ChatPart, CloudChoice, ConversationId, Leaving, MessageId, Mood, NanoUsd, ProjectId, StartingPointId,
    Timestamp,
};

/// A group of conversations about one piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its identity.
    pub id: ProjectId,
    /// What the user calls it.
    pub name: String,
    /// What the model is always told in this project's conversations.
    pub notes: String,
    /// Where its conversations go; `None`: nowhere, unless one has a choice of its own.
    pub cloud: Option<CloudChoice>,
    /// The most that its answers made elsewhere may cost in a month.
    pub monthly_cap: Option<NanoUsd>,
    /// No model's text comes onto its pages.
    pub hands_off: bool,
    /// How freely models write in it; `None`: as in the settings.
    pub mood: Option<Mood>,
    /// Phrases that models never write in it, beside those of the settings.
    pub banned: Vec<String>,
    /// When it was put in the trash, if it was.
    pub trashed_at: Option<Timestamp>,
}

/// A conversation without its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Its identity.
    pub id: ConversationId,
    /// The project it belongs to, if any.
    pub project: Option<ProjectId>,
    /// Where it stands among what its project holds; `None` where nobody placed it.
    pub position: Option<i64>,
    /// Its title; empty until the first message gives it one.
    pub title: String,
    /// The system prompt of this conversation, copied from a starting point so
    /// that editing the starting point later does not change old talks.
    pub instructions: String,
    /// What is typed but not sent.
    pub draft: String,
    /// The last message of the branch on show; `None` while it is empty.
    pub head: Option<MessageId>,
    /// Whether it leaves this device.
    pub leaving: Leaving,
    /// What the user switched off of what the model is given.
    pub left_out: BTreeSet<ChatPart>,
    /// When it was last written to.
    pub updated_at: Timestamp,
    /// When it was put in the trash, if it was.
    pub trashed_at: Option<Timestamp>,
}

/// A named system prompt to begin a conversation with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct StartingPoint {
    /// Its identity.
    pub id: StartingPointId,
    /// A short name: "Line editor".
    pub name: String,
    /// One line on what it is for.
    pub description: String,
    /// What the model is told.
    pub instructions: String,
    /// The key of the built-in one this is; `None` for the user's own.
    #[serde(serialize_with = "whether")]
    #[cfg_attr(feature = "specta", specta(type = bool))]
    pub built_in: Option<String>,
}

/// The window is told that there is a key, and not which.
#[allow(clippy::ref_option)] // serde calls it
fn whether<S: Serializer>(key: &Option<String>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bool(key.is_some())
}
