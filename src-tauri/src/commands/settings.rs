//! Preferences.

use tauri::AppHandle;

use super::{House, Outcome};
use crate::{show, views::SettingsView};

#[tauri::command(async)]
#[specta::specta]
pub fn settings(house: House<'_>) -> SettingsView {
    show::settings(&house.settings())
}

#[tauri::command(async)]
#[specta::specta]
pub fn save_settings(app: AppHandle, house: House<'_>, settings: SettingsView) -> Outcome<()> {
    house.change_settings(|held| show::apply(&settings, held))?;
    // The window's frame and menu follow, where the system lets them.
    app.set_theme(show::frame(house.settings().theme));
    Ok(())
}
