//! A quiet line under each thing that a project holds, by which a writer recognises it.

use serde::Serialize;
use sotto_domain::ProjectId;
use sotto_store::{Beginnings, StoreError};
use specta::Type;

use super::Projects;
use crate::words::{shortened, unmarked};

/// As many characters as a wide window has room for.
const LONGEST: usize = 160;

/// What stands under the names of what a project holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FirstLines {
    /// How its pages begin.
    pub pages: Vec<FirstLine>,
    /// What was said last in its conversations.
    pub conversations: Vec<FirstLine>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FirstLine {
    /// The page, or the conversation.
    pub id: i64,
    /// Its words, on one line.
    pub text: String,
}

impl Projects<'_> {
    /// How what a project holds begins.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn first_lines(self, id: ProjectId) -> Result<FirstLines, StoreError> {
        let Beginnings { pages, conversations } = self.core.library.beginnings(id)?;
        let line = |id, text: String| FirstLine { id, text };
        Ok(FirstLines {
            pages: pages.into_iter().map(|(id, text)| line(id.0, shortened(&text, LONGEST))).collect(),
            conversations: conversations.into_iter().map(|(id, text)| line(id.0, said(&text))).collect(),
        })
    }
}

/// What was said is Markdown.
fn said(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(unmarked).filter(|line| !line.is_empty()).collect();
    shortened(&lines.join(" ").replace("**", "").replace('`', ""), LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_a_line_without_marks() {
        assert_eq!(said("## Names\n\n1. **Nor**, by the `quay`\n- Salt"), "Names 1. Nor, by the quay Salt");
        assert_eq!(said("\n> \n***\n"), "");
    }

    #[test]
    fn a_long_one_ends_at_a_word() {
        let line = said(&"salt and rain ".repeat(40));
        assert!(line.ends_with("…") && line.chars().count() <= LONGEST, "{line}");
        assert!(!line.contains("sal…") && !line.contains("rai…"), "{line}");
    }
}
