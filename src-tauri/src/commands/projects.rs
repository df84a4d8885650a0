//! Projects: a name, and notes that the model is always given.

use sotto_domain::ProjectId;

use super::{House, Outcome};
use crate::{show, views::ProjectView};

#[tauri::command(async)]
#[specta::specta]
pub fn create_project(house: House<'_>, name: String) -> Outcome<ProjectView> {
    let made = house.create_project(name.trim())?;
    Ok(show::project(&house, made))
}

#[tauri::command(async)]
#[specta::specta]
pub fn update_project(house: House<'_>, id: i64, name: String, notes: String) -> Outcome<()> {
    Ok(house.library.update_project(ProjectId(id), name.trim(), &notes)?)
}
