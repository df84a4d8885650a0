//! Pages: what the user writes by hand.

use crate::{PageId, ProjectId, Timestamp};

/// A page without its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its identity.
    pub id: PageId,
    /// The project it belongs to, if any.
    pub project: Option<ProjectId>,
    /// Where it stands among what its project holds.
    pub position: i64,
    /// Its title; empty until it is given one.
    pub title: String,
    /// The heading that it stands under among the others; empty for none.
    pub part: String,
    /// The language it is written in, as a tag such as "en"; empty where nobody said.
    pub language: String,
    /// How many words it should have; 0 where the user set no goal.
    pub goal: u64,
    /// How often it was saved. A change is made to one revision, and refused by another.
    pub revision: i64,
    /// How many words it has.
    pub words: u64,
    /// When it was last written to.
    pub updated_at: Timestamp,
    /// When it was put in the trash, if it was.
    pub trashed_at: Option<Timestamp>,
}
