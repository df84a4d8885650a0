//! What an answer made elsewhere may cost, reserved before it is asked for and settled afterwards.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{ContentKind, Cost, NanoUsd, Promises, Timestamp};

/// What an answer may cost, and on whose account. Its ledger entry is opened in the step that
/// writes the departure down.
#[derive(Debug, Clone, Default)]
pub struct Charge {
    /// The most that it can cost, which is reserved; `None` where nobody says.
    pub ceiling: Option<NanoUsd>,
    /// Who asks for it.
    pub account: Account,
}

/// On whose account an answer goes, and by which agreement it leaves.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// What the project is called, if there is one.
    pub project_name: Option<String>,
    /// The machine room that is asked for, where it is pinned.
    pub backend: Option<String>,
    /// The provider's name for the model.
    pub model: String,
    /// From when on the month's costs count.
    pub month: Timestamp,
    /// The model that the remembered agreement names by which it leaves, exactly as it is asked for:
    /// that agreement must still hold. `None` where the user agreed to this one alone.
    pub agreed_model: Option<String>,
    /// The ledger's entry.
    pub entry: OpenedEntry,
}

/// An entry's number in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerId(pub i64);

/// The ledger's entry for one answer, once a departure opened it. Clones are the same, so that
/// each further attempt goes on the same entry.
#[derive(Debug, Clone, Default)]
pub struct OpenedEntry(Arc<Mutex<Option<LedgerId>>>);

impl OpenedEntry {
    /// Its number; `None` as long as nothing left.
    pub fn id(&self) -> Option<LedgerId> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the entry that was opened.
    pub fn set(&self, id: LedgerId) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(id);
    }
}

/// A month's limit, and how much of it is gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    /// The most that the month may cost; `None`: no limit.
    pub limit: Option<NanoUsd>,
    /// What was spent, and what is reserved for answers whose cost is not known yet, or never.
    pub spent: NanoUsd,
}

/// What holds at one moment for one departure.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What the user decided about what may leave.
    pub promises: Promises,
    /// The month's limit that an answer's cost counts against.
    pub budget: Budget,
    /// The kinds of content that the remembered agreement covers; `None` where there is none.
    pub agreed: Option<BTreeSet<ContentKind>>,
}

/// What became of an answer, for its entry in the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settlement {
    /// When it was over.
    pub ended_at: Timestamp,
    /// The machine room behind the provider, where it is known.
    pub backend: Option<String>,
    /// The provider's name for the request.
    pub request: Option<String>,
    /// Tokens given, as the provider counts; `None` where it did not say.
    pub prompt_tokens: Option<u32>,
    /// How many of them the provider still had in mind.
    pub reused_tokens: Option<u32>,
    /// Tokens written.
    pub completion_tokens: Option<u32>,
    /// What it cost; `None` where no answer came to its end: what was reserved stays.
    pub cost: Option<Cost>,
}
