//! Starting points: named instructions to begin a conversation with.

use sotto_domain::{StartingPoint, StartingPointId};

use super::{AppState, Outcome};

#[tauri::command(async)]
#[specta::specta]
pub fn save_starting_point(
    app: AppState<'_>,
    id: Option<i64>,
    name: String,
    description: String,
    instructions: String,
) -> Outcome<StartingPoint> {
    let id = id.map(StartingPointId);
    Ok(app.chats().save_starting_point(id, name.trim(), description.trim(), &instructions)?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn delete_starting_point(app: AppState<'_>, id: i64) -> Outcome<()> {
    Ok(app.library.delete_starting_point(StartingPointId(id))?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn reset_starting_point(app: AppState<'_>, id: i64) -> Outcome<StartingPoint> {
    Ok(app.chats().reset_starting_point(StartingPointId(id))?)
}
