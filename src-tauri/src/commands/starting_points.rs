//! Starting points: named instructions to begin a conversation with.

use sotto_domain::StartingPointId;

use super::{AppState, Outcome};
use crate::{convert, views::StartingPointView};

#[tauri::command(async)]
#[specta::specta]
pub fn save_starting_point(
    app: AppState<'_>,
    id: Option<i64>,
    name: String,
    description: String,
    instructions: String,
) -> Outcome<StartingPointView> {
    let saved = app.chats().save_starting_point(
        id.map(StartingPointId),
        name.trim(),
        description.trim(),
        &instructions,
    )?;
    Ok(convert::starting_point(saved))
}

#[tauri::command(async)]
#[specta::specta]
pub fn delete_starting_point(app: AppState<'_>, id: i64) -> Outcome<()> {
    Ok(app.library.delete_starting_point(StartingPointId(id))?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn reset_starting_point(app: AppState<'_>, id: i64) -> Outcome<StartingPointView> {
    Ok(convert::starting_point(app.chats().reset_starting_point(StartingPointId(id))?))
}
