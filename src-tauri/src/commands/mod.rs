//! What the window may ask. Each command hands on to the app and shows what
//! came of it; none decides anything.

// What a command is given is its own: that is how Tauri hands it over.
#![allow(clippy::needless_pass_by_value)]

pub mod backups;
pub mod chats;
pub mod cloud;
pub mod help;
pub mod import;
pub mod models;
pub mod page_pictures;
pub mod pages;
pub mod pictures;
pub mod privacy;
pub mod projects;
mod save;
pub mod settings;
pub mod starting_points;
pub mod window;

use std::sync::Arc;

use sotto_app::App;
use tauri::State;

use crate::error::Trouble;

type AppState<'a> = State<'a, Arc<App>>;
type Outcome<T> = Result<T, Trouble>;

/// Does what waits for the disk or the keychain where waiting is allowed.
async fn off_thread<T: Send + 'static>(
    app: &AppState<'_>,
    work: impl FnOnce(&App) -> T + Send + 'static,
) -> Outcome<T> {
    let app = Arc::clone(app);
    tokio::task::spawn_blocking(move || work(&app))
        .await
        .map_err(|_| Trouble::other("That did not work. Try again."))
}
