//! Starting points: named instructions to begin a conversation with.

use sotto_domain::StartingPointId;

use super::{House, Outcome};
use crate::{show, views::StartingPointView};

#[tauri::command(async)]
#[specta::specta]
pub fn save_starting_point(
    house: House<'_>,
    id: Option<i64>,
    name: String,
    description: String,
    instructions: String,
) -> Outcome<StartingPointView> {
    let saved =
        house.save_starting_point(id.map(StartingPointId), name.trim(), description.trim(), &instructions)?;
    Ok(show::starting_point(saved))
}

#[tauri::command(async)]
#[specta::specta]
pub fn delete_starting_point(house: House<'_>, id: i64) -> Outcome<()> {
    Ok(house.library.delete_starting_point(StartingPointId(id))?)
}

#[tauri::command(async)]
#[specta::specta]
pub fn reset_starting_point(house: House<'_>, id: i64) -> Outcome<StartingPointView> {
    Ok(show::starting_point(house.reset_starting_point(StartingPointId(id))?))
}
