//! Projects: a name, and notes that the model is always given.

use sotto_app::FirstLines;
use sotto_domain::{Mood, ProjectId};

use super::{AppState, Outcome};
use crate::{convert, views::ProjectView};

#[tauri::command(async)]
#[specta::specta]
pub fn create_project(app: AppState<'_>, name: String) -> Outcome<ProjectView> {
    let made = app.projects().create(name.trim())?;
    Ok(convert::project(&app, made))
}

#[tauri::command(async)]
#[specta::specta]
pub fn update_project(app: AppState<'_>, id: i64, name: String, notes: String) -> Outcome<()> {
    Ok(app.library.update_project(ProjectId(id), name.trim(), &notes)?)
}

/// Null: as in the settings.
#[tauri::command(async)]
#[specta::specta]
pub fn set_project_mood(app: AppState<'_>, id: i64, mood: Option<Mood>) -> Outcome<()> {
    Ok(app.library.set_project_mood(ProjectId(id), mood)?)
}

/// One more phrase that models never write in this project, or one that they may write again.
#[tauri::command(async)]
#[specta::specta]
pub fn ban_in_project(app: AppState<'_>, id: i64, phrase: String, banned: bool) -> Outcome<()> {
    Ok(app.library.ban_in_project(ProjectId(id), &phrase, banned)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn first_lines(app: AppState<'_>, id: i64) -> Outcome<FirstLines> {
    Ok(app.projects().first_lines(ProjectId(id))?)
}
