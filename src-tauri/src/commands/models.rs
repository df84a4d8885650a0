//! The model in use.

use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

use super::{House, Outcome};
use crate::{show, views::EngineView};

#[tauri::command(async)]
#[specta::specta]
pub fn engine(house: House<'_>) -> EngineView {
    show::engine(&house.engine.states().borrow())
}

/// Asks for a file in the system's own dialog and opens the model that it is, or is
/// part of. `None` when she changed her mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_model(app: AppHandle, house: House<'_>) -> Outcome<Option<EngineView>> {
    let (reply, chosen) = oneshot::channel();
    let dialog = app.dialog().file().set_title("Open a model");
    // A file of a folder stands for the folder: no dialog takes both.
    dialog.add_filter("Models", &["gguf", "safetensors"]).add_filter("All files", &["*"]).pick_file(
        move |file| {
            let _ = reply.send(file);
        },
    );
    let Some(path) = chosen.await.ok().flatten().and_then(|file| file.into_path().ok()) else {
        return Ok(None);
    };
    house.open_model(&path).await?;
    Ok(Some(show::engine(&house.engine.states().borrow())))
}
