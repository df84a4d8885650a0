//! The help, as pages.

use serde::Serialize;
use specta::Type;

#[derive(Debug, Clone, Serialize, Type)]
pub struct HelpPage {
    pub title: String,
    pub paragraphs: Vec<HelpParagraph>,
}

#[derive(Debug, Clone, Serialize, Type)]
pub struct HelpParagraph {
    /// What links call it.
    pub id: String,
    pub title: String,
    /// Markdown.
    pub text: String,
}
