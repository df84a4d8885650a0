//! The window itself: how large its letters are, how it was left, and its end.

use std::sync::Arc;

use tauri::{AppHandle, State, WebviewWindow};

use super::Outcome;
use crate::{error::Trouble, remembered::Remembered};

/// As large as the letters may be, and as small.
const ZOOM: std::ops::RangeInclusive<f64> = 0.5..=3.0;

/// How the window was left, as it said it; empty where it never did.
#[tauri::command(async)]
#[specta::specta]
pub fn window_state(remembered: State<'_, Arc<Remembered>>) -> String {
    remembered.page()
}

#[tauri::command(async)]
#[specta::specta]
pub fn save_window_state(remembered: State<'_, Arc<Remembered>>, state: String) {
    remembered.keep_page(state);
}

#[tauri::command]
#[specta::specta]
pub fn set_zoom(window: WebviewWindow, factor: f64) -> Outcome<()> {
    let factor = if ZOOM.contains(&factor) { factor } else { 1.0 };
    window.set_zoom(factor).map_err(|_| Trouble::other("The window could not be made larger or smaller."))
}

#[tauri::command]
#[specta::specta]
pub fn toggle_full_screen(window: WebviewWindow) -> Outcome<()> {
    let full = window.is_fullscreen().unwrap_or(false);
    window.set_fullscreen(!full).map_err(|_| Trouble::other("Your system did not allow a full screen."))
}

/// The page has put everything away.
#[tauri::command]
#[specta::specta]
pub fn quit(handle: AppHandle, window: WebviewWindow, remembered: State<'_, Arc<Remembered>>) {
    remembered.keep_frame_of(&window);
    handle.exit(0);
}
