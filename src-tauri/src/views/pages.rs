//! Pages as the UI sees them.

use serde::{Deserialize, Serialize};
use sotto_app::{GivenPart, Passage};
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
    /// Where it stands among what its project holds.
    pub position: i64,
    /// The heading that it stands under; empty for none.
    pub part: String,
    pub words: u32,
    /// How many it should have; 0: no goal.
    pub goal: u32,
    pub updated_at: i64,
}

/// Something that a project holds, in its place.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum OrderedView {
    /// Under a heading; an empty one: under none.
    Page {
        id: i64,
        part: String,
    },
    Conversation {
        id: i64,
    },
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

/// A picture that a page may show.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PagePicture {
    /// By this name a document speaks of it.
    pub file: String,
    pub width: u32,
    pub height: u32,
}

/// Pictures that were taken in for a page, and a sentence for each that could not be.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PagePictures {
    pub pictures: Vec<PagePicture>,
    pub troubles: Vec<String>,
    /// Files that are none were dropped with them, and wait.
    pub rest: bool,
}

/// What is to be done with a passage.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AskView {
    pub command: CommandView,
    /// What the user says, for `own`, `tone` and `translate`.
    pub words: String,
    #[serde(flatten)]
    pub passage: Passage,
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
    Given { parts: Vec<GivenPart> },
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
