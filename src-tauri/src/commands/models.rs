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

/// Asks for a folder in the system's own dialog and opens the model in it. `None`
/// when she changed her mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_model(app: AppHandle, house: House<'_>) -> Outcome<Option<EngineView>> {
    let (reply, chosen) = oneshot::channel();
    app.dialog().file().set_title("Open a model folder").pick_folder(move |folder| {
        let _ = reply.send(folder);
    });
    let Some(folder) = chosen.await.ok().flatten().and_then(|folder| folder.into_path().ok()) else {
        return Ok(None);
    };
    house.open_model(&folder).await?;
    Ok(Some(show::engine(&house.engine.states().borrow())))
}
