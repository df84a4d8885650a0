//! Where a conversation goes when the user lets it leave, and what came of it.

use serde::{Deserialize, Serialize};

use crate::{Cost, NanoUsd, ProjectId, Subject, Timestamp};

/// The provider and the model that the user chose for a conversation or a project.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CloudChoice {
    /// The provider, by its key in the registry: "huggingface".
    pub provider: String,
    /// The provider's name for the model, with its backend where that is pinned.
    pub model: String,
}

/// Whether a conversation leaves this device, and where to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Leaving {
    /// As its project does; never, where it has none.
    #[default]
    #[serde(rename = "asProject")]
    AsItsProject,
    /// Never, whatever its project does.
    Never,
    /// To this provider and model.
    #[serde(untagged)]
    To(CloudChoice),
}

/// A kind of content that can leave. When another kind joins, the user is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ContentKind {
    /// What the user and the model said.
    Messages,
    /// The instructions of the conversation.
    Instructions,
    /// The notes of the project.
    Notes,
    /// Pictures.
    Pictures,
    /// What stands on a page, and what it is called.
    Page,
}

/// One answer made elsewhere, as the ledger has it. It is written down before the question leaves,
/// and says at every moment what is known: as long as it is under way, and where the app ended
/// meanwhile, that it costs its ceiling at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// When the question left.
    pub at: Timestamp,
    /// When it was over; `None` while it is under way, and where the app ended meanwhile.
    pub ended_at: Option<Timestamp>,
    /// The project it was asked in, if any.
    pub project: Option<ProjectId>,
    /// What the project was called then.
    pub project_name: Option<String>,
    /// What it was asked for.
    pub subject: Option<Subject>,
    /// The provider's name as shown to the person.
    pub provider: String,
    /// The machine room behind the provider, where it is known.
    pub backend: Option<String>,
    /// The provider's name for the model.
    pub model: String,
    /// The provider's name for the request.
    pub request: Option<String>,
    /// Bytes of content that left.
    pub bytes: u64,
    /// Tokens given, as the provider counts; `None` where it did not say.
    pub prompt_tokens: Option<u32>,
    /// How many of them the provider still had in mind.
    pub reused_tokens: Option<u32>,
    /// Tokens written.
    pub completion_tokens: Option<u32>,
    /// What it cost, and how that is known.
    pub cost: Cost,
    /// The most that it could cost, by what was known when it left: what it counts as where its cost
    /// stayed unknown.
    pub ceiling: Option<NanoUsd>,
}
