//! What others wrote comes in: files that are asked for or were dropped, and a conversation as a page.

use std::path::PathBuf;

use sotto_app::TrackedChanges;
use sotto_domain::{ConversationId, ProjectId};
use tauri::{AppHandle, State, ipc::Channel};

use super::{AppState, Outcome, off_thread, save};
use crate::{
    convert::pages as convert,
    dropped::Dropped,
    import::{self, ENDINGS, Stopping},
    views::{ImportFrom, ImportProgress, ImportedView, OpenPage},
};

/// Takes files in; null when the user changed their mind. Returns when all is there.
#[tauri::command]
#[specta::specta]
pub async fn import_files(
    handle: AppHandle,
    app: AppState<'_>,
    dropped: State<'_, Dropped>,
    stopping: State<'_, Stopping>,
    from: ImportFrom,
    project: Option<i64>,
    channel: Channel<ImportProgress>,
) -> Outcome<Option<ImportedView>> {
    let paths: Vec<PathBuf> = match from {
        ImportFrom::Files => save::choose(&handle, "Texts and books", ENDINGS).await,
        ImportFrom::Folder => save::choose_folder(&handle).await.into_iter().collect(),
        ImportFrom::Dropped => dropped.take(),
    };
    if paths.is_empty() {
        return Ok(None);
    }
    let stop = stopping.begin();
    let mut told = None;
    let brought = off_thread(&app, move |app| {
        import::bring(app, paths, project.map(ProjectId), TrackedChanges::Accept, &mut |name, percent| {
            // Said again only where it is news.
            let now = (name.to_owned(), percent);
            if told.as_ref() != Some(&now) {
                let _ = channel.send(ImportProgress { name: name.to_owned(), percent });
                told = Some(now);
            }
            !stop.is_set()
        })
    })
    .await??;
    Ok(Some(brought))
}

/// Ends an import that is under way; what came in before stays.
#[tauri::command(async)]
#[specta::specta]
pub fn stop_import(stopping: State<'_, Stopping>) {
    stopping.stop();
}

/// Makes a page of the branch on show.
#[tauri::command(async)]
#[specta::specta]
pub fn page_from_conversation(app: AppState<'_>, id: i64) -> Outcome<OpenPage> {
    let made = app.pages().from_conversation(ConversationId(id))?;
    Ok(convert::open(&app, made.id)?)
}
