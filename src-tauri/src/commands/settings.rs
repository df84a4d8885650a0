//! Preferences: each is set by itself, so that what others set meanwhile stays.

use tauri::AppHandle;

use super::{House, Outcome};
use crate::{
    show::settings as shown,
    views::{SettingChange, SettingsView, UnreadView},
};

/// As they are now, whoever set them; `SettingsChanged` tells when to read them again.
#[tauri::command(async)]
#[specta::specta]
pub fn settings(house: House<'_>) -> SettingsView {
    shown::view(&house.settings())
}

/// Gives the settings as they are then.
#[tauri::command(async)]
#[specta::specta]
pub fn change_setting(app: AppHandle, house: House<'_>, change: SettingChange) -> Outcome<SettingsView> {
    house.change(shown::change(change))?;
    let settings = house.settings();
    // The window's frame and menu follow, where the system lets them.
    app.set_theme(shown::frame(settings.theme));
    Ok(shown::view(&settings))
}

/// What of all that is set could not be read.
#[tauri::command(async)]
#[specta::specta]
pub fn unread_settings(house: House<'_>) -> Vec<UnreadView> {
    shown::unread(&house)
}

/// The user has looked at what could not be read of this field: it is from now on what it counts
/// as.
#[tauri::command(async)]
#[specta::specta]
pub fn settle_setting(house: House<'_>, key: String) -> Outcome<()> {
    Ok(house.settle_setting(&key)?)
}
