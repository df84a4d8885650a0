//! Where everything of the user's lies, and opening it.

use std::{
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use sotto_app::{App, Engine, Keys, OpenError, Options};

/// Opens the app. Must be called within a Tokio runtime.
pub fn open() -> Result<App, OpenError> {
    let engine = Engine::program_beside_us().unwrap_or_else(|| PathBuf::from(Engine::PROGRAM));
    App::open(Options { home: folder()?, engine, guide: guide(), clock: now, keys: Keys::of_the_system() })
}

/// The small model that comes with Sotto: beside the program in development, among its
/// resources where it is installed.
fn guide() -> Option<PathBuf> {
    let us = std::env::current_exe().ok()?;
    let beside = us.parent()?;
    let places = ["guide.gguf", "../lib/Sotto/guide.gguf", "../Resources/guide.gguf"];
    places.iter().map(|place| beside.join(place)).find(|path| path.is_file())
}

/// `SOTTO_HOME` where it is set to something, else the system's place for an app's data.
///
/// # Errors
/// [`OpenError::NoFolder`], where the system has no such place.
pub fn folder() -> Result<PathBuf, OpenError> {
    let set = std::env::var_os("SOTTO_HOME").filter(|home| !home.is_empty());
    let place = set.map(PathBuf::from).or_else(|| dirs::data_dir().map(|data| data.join("sotto")));
    place.ok_or(OpenError::NoFolder)
}

/// Milliseconds since the Unix epoch: the one clock of the app.
#[allow(clippy::disallowed_methods)]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
