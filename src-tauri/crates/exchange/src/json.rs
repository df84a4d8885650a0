//! Everything that is known of a conversation, for programs.

use serde::{Deserialize, Serialize};
use sotto_domain::{Made, MessageState, Role};
use sotto_manuscript::Document;

use crate::conversation::Talk;

#[derive(Serialize)]
struct Conversation<'a> {
    /// So that whoever reads it knows what it is.
    format: &'static str,
    version: u32,
    id: i64,
    title: &'a str,
    project: Option<&'a str>,
    instructions: &'a str,
    draft: &'a str,
    /// Milliseconds since 1970, UTC; as all times.
    updated_at: i64,
    /// The last message of the branch on show.
    head: Option<i64>,
    messages: Vec<Message<'a>>,
}

#[derive(Serialize)]
struct Message<'a> {
    id: i64,
    /// The message that it follows; those with the same one are versions of each other.
    parent: Option<i64>,
    role: Role,
    state: MessageState,
    text: &'a str,
    remark: Option<&'a str>,
    made: Option<&'a Made>,
    pictures: Vec<Picture>,
    created_at: i64,
}

#[derive(Serialize)]
struct Picture {
    width: u32,
    height: u32,
}

/// Every branch.
pub(crate) fn conversation(talk: &Talk) -> String {
    let Talk { conversation, project, messages } = talk;
    let whole = Conversation {
        format: "sotto-conversation",
        version: 1,
        id: conversation.id.0,
        title: &conversation.title,
        project: project.as_deref(),
        instructions: &conversation.instructions,
        draft: &conversation.draft,
        updated_at: conversation.updated_at,
        head: conversation.head.map(|head| head.0),
        messages: messages
            .iter()
            .map(|one| Message {
                id: one.id.0,
                parent: one.parent.map(|parent| parent.0),
                role: one.role,
                state: one.state,
                text: &one.text,
                remark: one.remark.as_deref(),
                made: one.made.as_ref(),
                pictures: one
                    .pictures
                    .iter()
                    .map(|picture| Picture { width: picture.width, height: picture.height })
                    .collect(),
                created_at: one.created_at,
            })
            .collect(),
    };
    one_line(&whole)
}

#[derive(Serialize)]
struct Notes<'a> {
    format: &'static str,
    version: u32,
    project: &'a str,
    #[serde(rename = "notes")]
    text: &'a str,
}

/// The notes of a project.
pub(crate) fn notes(project: &str, notes: &str) -> String {
    one_line(&Notes { format: "sotto-notes", version: 1, project, text: notes })
}

#[derive(Serialize)]
struct Page<'a> {
    format: &'static str,
    version: u32,
    title: &'a str,
    document: serde_json::Value,
}

/// A page with where each stretch of it came from.
pub(crate) fn page(title: &str, document: &str) -> String {
    let Ok(document) = serde_json::from_str(document) else { return String::new() };
    one_line(&Page { format: "sotto-page", version: 1, title, document })
}

#[derive(Deserialize)]
struct GivenPage {
    format: String,
    title: String,
    document: serde_json::Value,
}

/// What [`page`] wrote; `None` for anything else.
pub(crate) fn read_page(text: &str) -> Option<(String, Document)> {
    let GivenPage { format, title, document } = serde_json::from_str(text).ok()?;
    let document = Document::parse(&document.to_string()).ok()?;
    (format == "sotto-page").then_some((title, document))
}

fn one_line(value: &impl Serialize) -> String {
    // Maps with text as keys alone: this cannot fail.
    serde_json::to_string(value).map(|line| line + "\n").unwrap_or_default()
}
