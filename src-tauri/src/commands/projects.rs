//! Projects: a name, and notes that the model is always given.

use sotto_domain::ProjectId;

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
