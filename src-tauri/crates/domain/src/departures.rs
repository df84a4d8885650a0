//! What is written down about everything that leaves this device: before it leaves
//! what goes where and why, and afterwards how it went.

use serde::{Deserialize, Serialize};

use crate::{Charge, ProjectId, Standing, Subject, Timestamp};

/// What a departure is for. There are no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// The bytes of a model that the user asked for.
    ModelDownload,
    /// What a hub says of a file that the user asked for: its size, its hash.
    ModelDetails,
    /// Which models a provider offers.
    ProviderModels,
    /// Whether a key works.
    KeyTest,
    /// A message of the user's, to be answered elsewhere.
    Answer,
}

/// One departure, as it is written down before its first byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// When it was about to leave.
    pub at: Timestamp,
    /// What it is for.
    pub purpose: Purpose,
    /// Where it goes: scheme, host and port, `https://router.huggingface.co`.
    pub origin: String,
    /// Who that is, in words: "Hugging Face".
    pub recipient: String,
    /// Who asked and why, in a sentence.
    pub why: String,
    /// The project it belongs to, if any.
    pub project: Option<ProjectId>,
    /// What it belongs to, if anything.
    #[serde(skip)]
    pub subject: Option<Subject>,
    /// How many bytes of content are about to go out; headers are not counted.
    pub bytes: u64,
}

/// An entry's number in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct EntryId(pub i64);

/// How a departure went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// When it was over.
    pub at: Timestamp,
    /// Bytes of content that went out: all, or none where no connection came about.
    pub bytes_out: u64,
    /// Bytes of content that came back.
    pub bytes_in: u64,
    /// The status that the other side answered with, if it answered.
    pub status: Option<u16>,
    /// How it ended.
    pub ending: Ending,
}

impl Outcome {
    /// Whether anything reached the other side.
    pub fn left(&self) -> bool {
        self.bytes_out > 0
    }
}

/// Whether a server that answers with this status has not begun to answer the question, so that
/// nothing is owed for it: it sends away who asks, or wants no more questions. Others may have
/// worked before they refused, and some charge for that.
pub fn turned_away(status: u16) -> bool {
    matches!(status, 300..=399 | 401..=405 | 429)
}

/// How a departure ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Ending {
    /// The answer was read to its end, whatever it said.
    Complete,
    /// Whoever asked wanted no more.
    Stopped,
    /// The offline lock was switched on meanwhile.
    Offline,
    /// No connection, or one that broke.
    Failed,
}

/// Where departures are written down.
pub trait Journal: Send + Sync {
    /// Asks `allows` with what holds at this moment, and if it does, writes down what is about
    /// to leave, and in the ledger the most that it can cost: all in one step, so that nobody can
    /// decide otherwise or spend the same money in between. Nothing leaves unless this succeeds,
    /// so it returns when the entry is safe. `charge`: of an answer.
    fn opening(
        &self,
        entry: &Entry,
        charge: Option<&Charge>,
        allows: &mut dyn FnMut(&Standing) -> bool,
    ) -> Result<EntryId, JournalError>;

    /// Writes down how it went. An entry that is never closed was cut off: the app ended. Where
    /// nothing left, or nothing is owed, the ledger says so too.
    fn closed(&self, entry: EntryId, outcome: Outcome);
}

/// Why an entry could not be written down.
#[derive(Debug, thiserror::Error)]
#[error(
    "What leaves this device is written down first, and that was not possible just now. \
     So nothing was sent. Try again."
)]
pub struct JournalError(#[source] pub Box<dyn std::error::Error + Send + Sync>);
