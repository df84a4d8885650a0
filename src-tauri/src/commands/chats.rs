//! Conversations, their messages, search and the trash.

use sotto_app::{App, Form, Hit, Selection, Tallies, TrashKind};
use sotto_domain::{ChatPart, ConversationId, MessageId, ProjectId, StartingPointId};
use tauri::{AppHandle, ipc::Channel};

use super::{AppState, Outcome, save};
use crate::{
    convert,
    views::{AnswerEvent, Library, MessageView, Thread},
};

#[tauri::command(async)]
#[specta::specta]
pub fn library(app: AppState<'_>) -> Outcome<Library> {
    Ok(convert::library(&app)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn open_conversation(app: AppState<'_>, id: i64) -> Outcome<Thread> {
    Ok(convert::thread(&app, ConversationId(id))?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn read_messages(app: AppState<'_>, ids: Vec<i64>) -> Outcome<Vec<MessageView>> {
    let ids: Vec<_> = ids.into_iter().map(MessageId).collect();
    Ok(app.library.all_placed(&ids)?.into_iter().map(convert::message).collect())
}

#[tauri::command(async)]
#[specta::specta]
pub fn create_conversation(
    app: AppState<'_>,
    project: Option<i64>,
    starting_point: Option<i64>,
) -> Outcome<Thread> {
    let made = app.chats().create(project.map(ProjectId), starting_point.map(StartingPointId))?;
    Ok(convert::thread(&app, made)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn rename_conversation(app: AppState<'_>, id: i64, title: String) -> Outcome<()> {
    Ok(app.library.rename_conversation(ConversationId(id), title.trim())?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn move_conversation(app: AppState<'_>, id: i64, project: Option<i64>) -> Outcome<()> {
    Ok(app.library.move_conversation(ConversationId(id), project.map(ProjectId))?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_instructions(app: AppState<'_>, conversation: i64, instructions: String) -> Outcome<()> {
    Ok(app.library.set_instructions(ConversationId(conversation), &instructions)?)
}

/// Switches a part of what the model is given in a conversation off, or on again.
#[tauri::command(async)]
#[specta::specta]
pub fn leave_out(app: AppState<'_>, conversation: i64, part: ChatPart, out: bool) -> Outcome<()> {
    Ok(app.library.leave_out(ConversationId(conversation), part, out)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn save_draft(app: AppState<'_>, conversation: i64, text: String) -> Outcome<()> {
    Ok(app.library.save_draft(ConversationId(conversation), &text)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn trash(app: AppState<'_>, what: TrashKind) -> Outcome<()> {
    match what {
        TrashKind::Conversation(id) => app.chats().trash(id)?,
        TrashKind::Project(id) => app.projects().trash(id)?,
        TrashKind::Page(id) => app.pages().trash(id)?,
    }
    Ok(())
}

#[tauri::command(async)]
#[specta::specta]
pub fn restore(app: AppState<'_>, what: TrashKind) -> Outcome<()> {
    match what {
        TrashKind::Conversation(id) => app.library.restore_conversation(id)?,
        TrashKind::Project(id) => app.library.restore_project(id)?,
        TrashKind::Page(id) => app.library.restore_page(id)?,
    }
    Ok(())
}

#[tauri::command(async)]
#[specta::specta]
pub fn empty_trash(app: AppState<'_>) -> Outcome<()> {
    Ok(app.projects().empty_trash()?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn search(app: AppState<'_>, query: String, within: Option<i64>) -> Outcome<Vec<Hit>> {
    Ok(app.chats().search(&query, within.map(ConversationId))?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn stop(app: AppState<'_>, conversation: i64) {
    app.chats().stop(ConversationId(conversation));
}

/// Asks where to; the file's path, or null when the user changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn export_conversation(
    handle: AppHandle,
    app: AppState<'_>,
    id: i64,
    form: Form,
) -> Outcome<Option<String>> {
    save::export(&handle, &app, Selection::Conversation(ConversationId(id)), form).await
}

#[tauri::command(async)]
#[specta::specta]
pub fn choose_alternative(app: AppState<'_>, message: i64) -> Outcome<Thread> {
    app.library.choose(MessageId(message))?;
    let conversation = app.library.message(MessageId(message))?.conversation;
    Ok(convert::thread(&app, conversation)?)
}

/// Null: neither is better, and the one on show stays there.
#[tauri::command(async)]
#[specta::specta]
pub fn decide_comparison(
    app: AppState<'_>,
    conversation: i64,
    id: i64,
    chosen: Option<i64>,
) -> Outcome<Thread> {
    app.chats().decide_comparison(id, chosen.map(MessageId))?;
    Ok(convert::thread(&app, ConversationId(conversation))?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn comparisons(app: AppState<'_>) -> Outcome<Tallies> {
    Ok(app.library.tallies()?)
}

/// Shows each event to the window. A window that is gone misses it; what is stored
/// is what it will see when it is back.
pub fn event_sink(app: &App, channel: Channel<AnswerEvent>) -> impl FnMut(sotto_app::AnswerEvent) {
    move |event| match convert::event(app, event) {
        Ok(None) => {}
        Ok(Some(view)) => {
            if let Err(error) = channel.send(view) {
                tracing::debug!(%error, "nobody is listening to this answer");
            }
        }
        Err(error) => tracing::warn!(%error, "an answer could not be shown"),
    }
}
