//! What the UI sees of the cloud. Money is in whole billionths of a US dollar; null where
//! nobody said, never 0 for that.

use serde::{Deserialize, Serialize};
use sotto_app::Sums;
use sotto_domain::{Cost, NanoUsd};
use specta::Type;

/// Whether anything may leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CloudState {
    /// The cloud is a possibility.
    pub on: bool,
    /// The offline lock: nothing leaves, downloads included.
    pub locked: bool,
    /// The most that conversations without a project may cost in a month, in billionths of a
    /// dollar; null: no limit.
    pub cap: Option<u64>,
}

/// Who can be asked.
#[allow(clippy::struct_excessive_bools)] // the window asks each of these by itself
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProviderView {
    pub id: String,
    pub name: String,
    pub words: String,
    /// What its address leaves open.
    pub needs: Needs,
    /// What the user said of that; empty where they said nothing.
    pub place: String,
    /// The organisation that pays, empty for the user's own account; null where that cannot be said.
    pub bill_to: Option<String>,
    /// Its answers cost nothing, as the user says; null where that cannot be said.
    pub free: Option<bool>,
    pub key_needed: bool,
    pub key: KeyView,
    /// Why the keychain cannot be asked, where it cannot.
    pub key_trouble: Option<String>,
    pub keys_page: Option<String>,
    pub bills_page: Option<String>,
    /// Scheme, host and port, once that is known.
    pub origin: Option<String>,
    /// A server in the user's own network that they have still to confirm.
    pub to_confirm: bool,
    /// Its models are listed; else the user types a name.
    pub listed: bool,
    /// It passes questions on: `model:backend`, `model:cheapest`.
    pub routes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Needs {
    Nothing,
    Region,
    Resource,
    Address,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum KeyView {
    None,
    Kept,
    Unknown,
}

/// `keychain`: until the user forgets it. `thisRun`: until Sotto is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum KeepFor {
    Keychain,
    ThisRun,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CloudModelView {
    pub id: String,
    /// Its name for people; the id where it has no other.
    pub name: String,
    /// The most tokens it holds in mind.
    pub context: Option<u64>,
    pub sees: Option<bool>,
    /// What it costs where the provider serves it itself.
    pub price: Option<PriceView>,
    /// Who serves it, where the provider passes questions on.
    pub backends: Vec<CloudBackendView>,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CloudBackendView {
    pub name: String,
    /// In order at the moment, by its provider's word.
    pub live: bool,
    pub context: Option<u64>,
    pub price: Option<PriceView>,
}

/// For a million tokens read and written.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(untagged)]
pub enum PriceView {
    PerMillion { input: u64, output: u64 },
    Nothing(Free),
}

#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Free {
    Free,
}

/// `nano_usd` is null for `unknown`, and 0 for `free` alone.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CostView {
    pub known: KnownView,
    pub nano_usd: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum KnownView {
    Reported,
    EstimatedByProvider,
    Computed,
    UpperBound,
    Unknown,
    Free,
}

impl From<Cost> for CostView {
    fn from(cost: Cost) -> Self {
        let known = match cost {
            Cost::Reported(_) => KnownView::Reported,
            Cost::EstimatedByProvider(_) => KnownView::EstimatedByProvider,
            Cost::Computed(_) => KnownView::Computed,
            Cost::UpperBound(_) => KnownView::UpperBound,
            Cost::Unknown => KnownView::Unknown,
            Cost::Free => KnownView::Free,
        };
        Self { known, nano_usd: cost.amount().map(|NanoUsd(amount)| amount) }
    }
}

/// A month of the ledger, with what it comes to.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Ledger {
    /// Oldest first.
    pub entries: Vec<LedgerEntryView>,
    #[serde(flatten)]
    pub sums: Sums,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LedgerEntryView {
    pub at: i64,
    /// What the project was called then; null for none.
    pub project: Option<String>,
    pub provider: String,
    pub backend: Option<String>,
    pub model: String,
    pub bytes: u64,
    pub prompt_tokens: Option<u32>,
    pub completion_tokens: Option<u32>,
    pub cost: CostView,
}
