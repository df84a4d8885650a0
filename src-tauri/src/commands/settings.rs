//! Preferences: each is set by itself, so that what others set meanwhile stays.

use sotto_app::UnreadField;
use tauri::AppHandle;

use super::{AppState, Outcome};
use crate::{
    convert::settings as shown,
    views::{SettingChange, SettingsView},
};

/// As they are now, whoever set them; `SettingsChanged` tells when to read them again.
#[tauri::command(async)]
#[specta::specta]
pub fn settings(app: AppState<'_>) -> SettingsView {
    shown::view(&app.settings().get())
}

/// Gives the settings as they are then.
#[tauri::command(async)]
#[specta::specta]
pub fn change_setting(handle: AppHandle, app: AppState<'_>, change: SettingChange) -> Outcome<SettingsView> {
    app.settings().change(shown::change(change))?;
    let settings = app.settings().get();
    // The window's frame and menu follow, where the system lets them.
    handle.set_theme(shown::frame(settings.theme));
    Ok(shown::view(&settings))
}

/// What of all that is set could not be read.
#[tauri::command(async)]
#[specta::specta]
pub fn unread_settings(app: AppState<'_>) -> Vec<UnreadField> {
    shown::unread(&app)
}

/// The user has looked at what could not be read of this field: it is from now on what it counts
/// as.
#[tauri::command(async)]
#[specta::specta]
pub fn settle_setting(app: AppState<'_>, key: String) -> Outcome<()> {
    Ok(app.settings().settle(&key)?)
}
