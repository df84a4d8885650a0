//! Conversations, their messages, search and the trash.

use sotto_assistant::{Selection, Sotto};
use sotto_domain::{ConversationId, MessageId, PageId, ProjectId, StartingPointId};
use tauri::{AppHandle, ipc::Channel};

use super::{House, Outcome, save};
use crate::{
    show,
    views::{AnswerEvent, FormView, Library, MessageView, SearchHit, Thread, TrashKind},
};

/// The most hits that a search shows.
const HITS: usize = 60;

#[tauri::command(async)]
#[specta::specta]
pub fn library(house: House<'_>) -> Outcome<Library> {
    Ok(show::library(&house)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn open_conversation(house: House<'_>, id: i64) -> Outcome<Thread> {
    Ok(show::thread(&house, ConversationId(id))?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn read_messages(house: House<'_>, ids: Vec<i64>) -> Outcome<Vec<MessageView>> {
    let ids: Vec<_> = ids.into_iter().map(MessageId).collect();
    Ok(house.library.all_placed(&ids)?.into_iter().map(show::message).collect())
}

#[tauri::command(async)]
#[specta::specta]
pub fn create_conversation(
    house: House<'_>,
    project: Option<i64>,
    starting_point: Option<i64>,
) -> Outcome<Thread> {
    let made = house.create_conversation(project.map(ProjectId), starting_point.map(StartingPointId))?;
    Ok(show::thread(&house, made)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn rename_conversation(house: House<'_>, id: i64, title: String) -> Outcome<()> {
    Ok(house.library.rename_conversation(ConversationId(id), title.trim())?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn move_conversation(house: House<'_>, id: i64, project: Option<i64>) -> Outcome<()> {
    Ok(house.library.move_conversation(ConversationId(id), project.map(ProjectId))?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_instructions(house: House<'_>, conversation: i64, instructions: String) -> Outcome<()> {
    Ok(house.library.set_instructions(ConversationId(conversation), &instructions)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn save_draft(house: House<'_>, conversation: i64, text: String) -> Outcome<()> {
    Ok(house.library.save_draft(ConversationId(conversation), &text)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn trash(house: House<'_>, kind: TrashKind, id: i64) -> Outcome<()> {
    match kind {
        TrashKind::Conversation => house.trash_conversation(ConversationId(id))?,
        TrashKind::Project => house.trash_project(ProjectId(id))?,
        TrashKind::Page => house.trash_page(PageId(id))?,
    }
    Ok(())
}

#[tauri::command(async)]
#[specta::specta]
pub fn restore(house: House<'_>, kind: TrashKind, id: i64) -> Outcome<()> {
    match kind {
        TrashKind::Conversation => house.library.restore_conversation(ConversationId(id))?,
        TrashKind::Project => house.library.restore_project(ProjectId(id))?,
        TrashKind::Page => house.library.restore_page(PageId(id))?,
    }
    Ok(())
}

#[tauri::command(async)]
#[specta::specta]
pub fn empty_trash(house: House<'_>) -> Outcome<()> {
    Ok(house.empty_trash()?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn search(house: House<'_>, query: String, within: Option<i64>) -> Outcome<Vec<SearchHit>> {
    let hits = match within {
        None => house.library.search(&query, HITS)?,
        Some(id) => house.library.search_within(ConversationId(id), &query, HITS)?,
    };
    Ok(hits.into_iter().map(show::hit).collect())
}

#[tauri::command(async)]
#[specta::specta]
pub fn stop(house: House<'_>, conversation: i64) {
    house.stop(ConversationId(conversation));
}

/// Asks where to; the file's path, or null when the user changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn export_conversation(
    app: AppHandle,
    house: House<'_>,
    id: i64,
    form: FormView,
) -> Outcome<Option<String>> {
    save::export(&app, &house, Selection::Conversation(ConversationId(id)), form).await
}

#[tauri::command(async)]
#[specta::specta]
pub fn choose_alternative(house: House<'_>, message: i64) -> Outcome<Thread> {
    house.library.choose(MessageId(message))?;
    let conversation = house.library.message(MessageId(message))?.conversation;
    Ok(show::thread(&house, conversation)?)
}

/// Shows each event to the window. A window that is gone misses it; what is stored
/// is what it will see when it is back.
pub fn teller(house: &Sotto, channel: Channel<AnswerEvent>) -> impl FnMut(sotto_assistant::AnswerEvent) {
    move |event| match show::event(house, event) {
        Ok(view) => {
            if let Err(error) = channel.send(view) {
                tracing::debug!(%error, "nobody is listening to this answer");
            }
        }
        Err(error) => tracing::warn!(%error, "an answer could not be shown"),
    }
}
