//! What the UI sees of the cloud. Money is in whole billionths of a US dollar; null where
//! nobody said, never 0 for that.

use serde::{Deserialize, Serialize};
use sotto_domain::{Cost, NanoUsd};
use specta::Type;

use super::RoleView;

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

/// `model` ends with `:backend`, `:fastest`, `:cheapest` or `:preferred` where its provider routes.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CloudChoiceView {
    pub provider: String,
    pub model: String,
}

/// Whether a conversation leaves this device.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(untagged)]
pub enum LeavingView {
    Stays(Stays),
    To(CloudChoiceView),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Stays {
    AsProject,
    Never,
}

/// Where the next message would go, were it sent now.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GoesTo {
    pub provider: String,
    pub model: String,
    /// The provider's name.
    pub name: String,
    /// What follows the model's colon, where the provider routes.
    pub route: Option<String>,
    pub near: NearView,
}

/// How near the place is that something goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum NearView {
    /// Another program on this computer.
    Computer,
    /// A server in the user's own network.
    Network,
    Cloud,
}

/// What the user is about to ask.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum QuestionView {
    New {
        conversation: i64,
        text: String,
    },
    Edit {
        message: i64,
        text: String,
    },
    Again {
        answer: i64,
    },
    /// To be compared with this answer; `model`: of this device.
    Beside {
        answer: i64,
        model: Option<String>,
        hidden: bool,
    },
}

/// How a question is to be answered.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WayView {
    /// Where this one goes, and only this one.
    pub once: Option<CloudChoiceView>,
    /// The user's yes to a sheet.
    pub agreed: Option<AgreedView>,
}

#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AgreedView {
    pub fingerprint: String,
    pub left_out: Vec<String>,
    /// For the whole project, from now on.
    pub remember: bool,
}

/// What the user is shown before something leaves.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SheetView {
    pub recipient: String,
    pub origin: String,
    pub model: String,
    pub backend: Option<String>,
    pub parts: Vec<SheetPartView>,
    /// The body as it would leave; pictures in it are shortened for reading.
    pub exact: String,
    /// What the model does not take of it by its own list, in sentences.
    pub remarks: Vec<String>,
    pub bytes: u64,
    pub tokens: u64,
    pub highest_cost: Option<u64>,
    /// The project's name, where the user's agreement can be remembered for one.
    pub project: Option<String>,
    pub fingerprint: String,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SheetPartView {
    pub key: String,
    pub kind: ContentView,
    /// Who said it; null for what nobody said.
    pub role: Option<RoleView>,
    pub text: String,
    pub picture: Option<i64>,
    pub bytes: u64,
    pub included: bool,
    /// It can be left out.
    pub optional: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ContentView {
    Messages,
    Instructions,
    Notes,
    Pictures,
    Page,
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
    pub by_project: Vec<ProjectSum>,
    pub by_provider: Vec<ProviderSum>,
    pub known: u64,
    /// Answers whose cost nobody said.
    pub unknown_count: u32,
    /// The last twelve, oldest first, this one included.
    pub months: Vec<MonthSum>,
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

/// `project`: null for conversations in none; `name`: what it is, or was, called.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProjectSum {
    pub project: Option<i64>,
    pub name: Option<String>,
    pub answers: u32,
    pub known: u64,
    pub unknown_count: u32,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProviderSum {
    pub name: String,
    pub answers: u32,
    pub known: u64,
    pub unknown_count: u32,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MonthSum {
    /// "2026-11".
    pub month: String,
    pub answers: u32,
    pub known: u64,
    pub unknown_count: u32,
}

/// A connection that was made.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JournalLineView {
    pub id: i64,
    pub at: i64,
    pub purpose: PurposeView,
    pub origin: String,
    pub recipient: String,
    pub why: String,
    /// What was about to go out.
    pub bytes: u64,
    /// Null while it is under way, and where the app ended meanwhile.
    pub outcome: Option<JournalOutcome>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PurposeView {
    ModelDownload,
    ModelDetails,
    ProviderModels,
    KeyTest,
    Answer,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JournalOutcome {
    pub at: i64,
    pub bytes_out: u64,
    pub bytes_in: u64,
    pub status: Option<u16>,
    pub ending: EndingView,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum EndingView {
    Complete,
    Stopped,
    Offline,
    Failed,
}
