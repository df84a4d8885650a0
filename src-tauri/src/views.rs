//! Every type that the UI sees. The TypeScript side is generated from these files;
//! a test fails when the two drift.

mod backups;
mod cloud;
mod help;
mod models;
mod pages;
mod proof;
mod settings;

pub use backups::*;
pub use cloud::*;
pub use help::*;
pub use models::*;
pub use pages::*;
pub use proof::*;
pub use settings::*;

use serde::{Deserialize, Serialize};
use sotto_app::{GoesTo, Trashed};
use sotto_domain::{ChatPart, CloudChoice, Leaving, MessageState, Mood, Progress, Role, StartingPoint};
use specta::Type;

/// All that stands in the left pane.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Library {
    pub projects: Vec<ProjectView>,
    /// Newest first, those in the trash left out.
    pub conversations: Vec<ConversationRow>,
    /// In their order within each project, those in the trash left out.
    pub pages: Vec<PageRow>,
    /// The projects onto whose pages no model's text comes.
    pub hands_off: Vec<i64>,
    pub trash: Vec<Trashed>,
    pub starting_points: Vec<StartingPoint>,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProjectView {
    pub id: i64,
    pub name: String,
    /// What the model is always told in this project.
    pub notes: String,
    /// Where its conversations go; null: nowhere.
    pub leaving: Option<CloudChoice>,
    /// The same for people; null where they stay on this device.
    pub goes_to: Option<GoesTo>,
    /// The most that its conversations may cost in a month.
    pub cap: Option<u64>,
    /// How freely models write in it; null: as in the settings.
    pub mood: Option<Mood>,
    /// Phrases that models never write in it, beside those of the settings.
    pub banned_phrases: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConversationRow {
    pub id: i64,
    pub project: Option<i64>,
    /// Where it stands among what its project holds; null where nobody placed it.
    pub position: Option<i64>,
    /// Empty until the first message gives it one.
    pub title: String,
    /// Milliseconds since the epoch.
    pub updated_at: i64,
    /// Something is typed there and not sent.
    pub has_draft: bool,
    /// Nothing was said, typed, shown or set there: as good as one that is made now.
    pub untouched: bool,
    /// Its next message would leave this computer.
    pub leaves: bool,
}

/// Where files to be imported come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ImportFrom {
    /// Files that the user is asked for.
    Files,
    /// A folder that the user is asked for.
    Folder,
    /// What was dropped last.
    Dropped,
}

/// How far an import is.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportProgress {
    /// The file that is read.
    pub name: String,
    /// Of a hundred.
    pub percent: u8,
}

/// What came in.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportedView {
    /// The first page that was made, if any.
    pub page: Option<i64>,
    pub pages: u32,
    pub conversations: u32,
    /// Conversations that had been imported before.
    pub already: u32,
    /// What could not be taken, in sentences.
    pub left_out: Vec<String>,
}

/// One conversation, open: the branch on show from its first message to its last.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Thread {
    pub id: i64,
    pub project: Option<i64>,
    pub title: String,
    pub instructions: String,
    pub draft: String,
    /// The pictures of its draft. They go with the next new message.
    pub attached: Vec<PictureView>,
    /// Every message of the branch on show, from its first to its last.
    pub branch: Vec<i64>,
    /// Those at its end. The others are read when they are to be shown.
    pub messages: Vec<MessageView>,
    pub leaving: Leaving,
    /// What the user switched off of what the model is given.
    pub left_out: Vec<ChatPart>,
    /// Where the next message would go, were it sent now; null where it stays on this device.
    pub goes_to: Option<GoesTo>,
    /// The last answer and another one, between which the user has not chosen yet.
    pub comparison: Option<Box<ComparisonView>>,
}

/// Two answers side by side.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ComparisonView {
    pub id: i64,
    pub left: ComparedView,
    pub right: ComparedView,
    /// Whose is whose is not said until one is chosen: neither says where it was made.
    pub hidden: bool,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ComparedView {
    pub message: MessageView,
    /// How long it took, from being asked to the last word; null while that is not known.
    pub took_ms: Option<u64>,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PictureView {
    pub id: i64,
    pub width: u32,
    pub height: u32,
    /// "Takes the room of about 700 words." Null while unknown.
    pub words_cost: Option<String>,
}

/// What was dropped or pasted, as it became part of the draft.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Taken {
    pub pictures: Vec<PictureView>,
    /// To be written into the message.
    pub texts: Vec<TextFile>,
    /// A sentence for each that could not be taken.
    pub troubles: Vec<String>,
    /// Nothing was there to be taken.
    pub nothing: bool,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TextFile {
    pub name: String,
    pub text: String,
}

/// What is attached to a draft now, and a sentence for each picture that could not be.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Attached {
    pub pictures: Vec<PictureView>,
    pub troubles: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MessageView {
    pub id: i64,
    pub role: Role,
    pub text: String,
    pub pictures: Vec<PictureView>,
    /// What the user should know of it for as long as it is there.
    pub remark: Option<String>,
    pub state: MessageState,
    /// Where it was made; null for the user's own.
    pub made: Option<MadeView>,
    pub alternatives: Alternatives,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MadeView {
    pub place: PlaceView,
    /// The provider's name; null on this device.
    pub provider: Option<String>,
    pub model: String,
    /// Who served it behind the provider, where that is known.
    pub backend: Option<String>,
    /// Tokens written; null while unknown.
    pub tokens: Option<u32>,
    pub tokens_per_second: Option<f64>,
    /// Null on this device, and while it is written.
    pub cost: Option<CostView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PlaceView {
    Device,
    Cloud,
}

/// Where a message stands among the other answers to, or versions of, the same thing.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Alternatives {
    /// From 1.
    pub position: u32,
    pub count: u32,
    pub previous: Option<i64>,
    pub next: Option<i64>,
}

/// What happens after something was sent, in order. The first is always `Stored`
/// and the last always `Finished`.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(untagged)]
pub enum AnswerEvent {
    Progress(Progress),
    End(Box<AnswerEnd>),
}

/// How an answer begins and ends.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum AnswerEnd {
    /// The user's message is safe; `thread` ends with the answer that is now being written.
    Stored { thread: Thread },
    /// The answer as it was stored, and a sentence if something went wrong. `page`: a page
    /// of the provider's where that can be mended.
    Finished { message: MessageView, title: String, trouble: Option<String>, page: Option<String> },
}

/// The model and the engine, for the header and the right pane.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "state")]
pub enum EngineView {
    /// No model was ever opened.
    NoModel,
    /// A model is chosen and not in memory yet; it will be when it is needed.
    Resting {
        model: String,
    },
    Loading {
        model: String,
        done: u64,
        total: u64,
    },
    /// `holds`: about how many words of one conversation it can hold in mind.
    Ready {
        model: String,
        device: String,
        barred: BarredView,
        holds: u64,
    },
    /// A sentence that says what is wrong and what to do.
    Failed {
        model: String,
        trouble: String,
    },
}

/// Who keeps the engine off the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BarredView {
    /// The operating system, and the engine tried and failed to get out.
    Proven,
    /// The same, but this system cannot keep the engine from the user's files.
    NetworkAlone,
    /// The bar is in place but was never proven on this kind of system.
    Unproven,
}
