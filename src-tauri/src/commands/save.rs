//! The system's dialogs that ask where a file should go, and which one is meant.

use std::path::PathBuf;

use sotto_app::{ExportError, Form, Selection};
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

use super::{AppState, Outcome, off_thread};
use crate::error::Trouble;

/// Asks where to and writes one thing there as a file of this form.
pub async fn export(
    handle: &AppHandle,
    app: &AppState<'_>,
    what: Selection,
    form: Form,
) -> Outcome<Option<String>> {
    let file = off_thread(app, move |app| {
        let mut file = None;
        app.projects().export(what, form, "", |one| {
            file = Some(one);
            Ok(())
        })?;
        Ok::<_, ExportError>(file)
    })
    .await?
    .map_err(|error| Trouble::other(error.to_string()))?;
    let Some(file) = file else { return Ok(None) };
    save(handle, &file.name, (form.name(), form.extension()), file.bytes).await
}

/// Asks for files that are there; none when the user changed their mind.
pub async fn choose(handle: &AppHandle, kind: &str, endings: &[&str]) -> Vec<PathBuf> {
    let (reply, chosen) = oneshot::channel();
    handle.dialog().file().add_filter(kind, endings).pick_files(move |paths| {
        let _ = reply.send(paths);
    });
    let paths = chosen.await.ok().flatten().unwrap_or_default();
    paths.into_iter().filter_map(|path| path.into_path().ok()).collect()
}

/// Asks for a folder; `None` when the user changed their mind.
pub async fn choose_folder(handle: &AppHandle) -> Option<PathBuf> {
    let (reply, chosen) = oneshot::channel();
    handle.dialog().file().pick_folder(move |path| {
        let _ = reply.send(path);
    });
    chosen.await.ok().flatten().and_then(|path| path.into_path().ok())
}

/// Asks where to and writes it there; the file's path, or `None` when the user changed their
/// mind. `kind`: what such files are called, and how their names end.
pub async fn save(
    handle: &AppHandle,
    name: &str,
    kind: (&str, &str),
    file: Vec<u8>,
) -> Outcome<Option<String>> {
    let (reply, chosen) = oneshot::channel();
    handle.dialog().file().set_file_name(name).add_filter(kind.0, &[kind.1]).save_file(move |path| {
        let _ = reply.send(path);
    });
    let Some(path) = chosen.await.ok().flatten().and_then(|path| path.into_path().ok()) else {
        return Ok(None);
    };
    write(path, file).await.map(Some)
}

async fn write(path: PathBuf, file: Vec<u8>) -> Outcome<String> {
    let shown = path.display().to_string();
    match tokio::task::spawn_blocking(move || std::fs::write(path, file)).await {
        Ok(Ok(())) => Ok(shown),
        Ok(Err(error)) => Err(Trouble::other(format!("The file could not be saved: {error}."))),
        Err(_) => Err(Trouble::other("The file could not be saved.")),
    }
}
