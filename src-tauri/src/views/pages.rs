//! Pages as the UI sees them.

use serde::{Deserialize, Serialize};
use sotto_domain::Progress;
use specta::Type;

use super::MadeView;

/// A page in a list.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PageRow {
    pub id: i64,
    pub project: Option<i64>,
    /// Empty until it is given one.
    pub title: String,
    /// The heading that it stands under; empty for none.
    pub part: String,
    pub words: u32,
    /// How many it should have; 0: no goal.
    pub goal: u32,
    pub updated_at: i64,
}

/// One page, open.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OpenPage {
    pub id: i64,
    pub project: Option<i64>,
    pub title: String,
    pub language: String,
    /// What the next change is made to.
    pub revision: i64,
    /// The editor's own JSON.
    pub document: String,
    /// No model's text comes onto it.
    pub hands_off: bool,
}

/// A page that was searched for.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PageHit {
    pub page: i64,
    pub title: String,
    /// Words around the match; every second piece, from the second on, is the match itself.
    pub snippet: Vec<String>,
    pub updated_at: i64,
}

/// What is to be done with a passage.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AskView {
    pub command: CommandView,
    /// What the user says, for `own`, `tone` and `translate`.
    pub words: String,
    /// In Markdown, as the three that follow.
    pub text: String,
    pub before: String,
    pub after: String,
    /// An earlier proposal, where that is to be made over.
    pub proposal: Option<String>,
    /// What the model is not to be given.
    pub without: Vec<PartView>,
    /// Counts the answers to the same.
    pub variant: u32,
}

/// What a model is given beside what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PartView {
    Notes,
    Title,
    Before,
    After,
    Passage,
}

/// How many words of a part it was given, of how many that there are.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GivenView {
    pub part: PartView,
    pub words: u32,
    pub of: u32,
}

/// A command of the user's own.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PageCommandView {
    pub id: i64,
    pub name: String,
    pub words: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CommandView {
    Rewrite,
    Tighten,
    Expand,
    Simpler,
    Senses,
    Tone,
    Grammar,
    Translate,
    Own,
    Continue,
}

/// What happens after a proposal was asked for, in order; the last is always `Finished`.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(untagged)]
pub enum ProposalEvent {
    Progress(Progress),
    End(Box<ProposalEnd>),
}

/// How a proposal begins and ends.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum ProposalEnd {
    /// What the model is given, before it reads.
    Given { parts: Vec<GivenView> },
    /// All of it, without what a model says around it; empty where there is none. `shortened`:
    /// not all of the text around could be read.
    #[serde(rename_all = "camelCase")]
    Finished {
        text: String,
        made: MadeView,
        stopped: bool,
        shortened: bool,
        trouble: Option<String>,
        /// A page of the provider's where that can be mended.
        page: Option<String>,
    },
}

/// Why a version is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum WhyView {
    Opened,
    Working,
    Accepted,
    Restored,
    Closed,
    Named,
}

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VersionView {
    pub id: i64,
    pub at: i64,
    pub name: Option<String>,
    pub why: WhyView,
    pub words: u32,
}

/// A piece of either of two texts, or of both.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PieceView {
    pub change: ChangeView,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ChangeView {
    Kept,
    Removed,
    Added,
}

/// How many words of a page came how.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TotalsView {
    pub typed: u32,
    pub pasted: u32,
    pub imported: u32,
    pub model_here: u32,
    pub model_elsewhere: u32,
    /// Of all that were not typed: changed by the user since.
    pub edited: u32,
}
