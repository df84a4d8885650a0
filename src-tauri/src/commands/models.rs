//! Models: the first run, what is on offer, on its way and here, and the one in use.

use std::path::PathBuf;

use sotto_app::{
    CatalogueEntry, Change, FirstRun, FoundFile, InstalledModel, MachineSummary, Measured, ModelTransfer,
    ModelTrash, ModelsFolder, Parts, model_transfers,
};
use tauri::{AppHandle, ipc::Channel};
use tauri_plugin_dialog::DialogExt;
use tauri_specta::Event;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::{AppState, Outcome, off_thread};
use crate::{
    convert,
    error::Trouble,
    events::ModelsChanged,
    views::{Amount, EngineView, FirstRunView, ModelSettingChange, ModelSettingsView},
};

#[tauri::command(async)]
#[specta::specta]
pub fn engine(app: AppState<'_>) -> EngineView {
    convert::engine(&app)
}

/// Asks for a file in the system's own dialog and uses the model that it is, or is part of.
/// Null when the user changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_model(handle: AppHandle, app: AppState<'_>) -> Outcome<Option<EngineView>> {
    let Some(path) = pick_model(&handle).await else { return Ok(None) };
    app.models().open(&path).await?;
    changed(&handle);
    Ok(Some(convert::engine(&app)))
}

#[tauri::command(async)]
#[specta::specta]
pub fn first_run(app: AppState<'_>) -> FirstRunView {
    FirstRunView { step: app.models().first_run() }
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_first_run_step(app: AppState<'_>, step: FirstRun) -> Outcome<()> {
    Ok(app.settings().change(Change::FirstRun(step))?)
}

#[tauri::command]
#[specta::specta]
pub async fn look_at_machine(app: AppState<'_>) -> Outcome<MachineSummary> {
    off_thread(&app, |app| app.models().machine_summary()).await
}

/// About a second; afterwards the catalogue knows speeds.
#[tauri::command]
#[specta::specta]
pub async fn measure_machine(app: AppState<'_>) -> Outcome<Measured> {
    off_thread(&app, |app| app.models().measure()).await
}

#[tauri::command]
#[specta::specta]
pub async fn catalogue(app: AppState<'_>) -> Outcome<Vec<CatalogueEntry>> {
    off_thread(&app, |app| app.models().offers()).await
}

/// Begins or queues; `TransfersChanged` tells the rest. For a model that is here: fetches
/// its vision part.
#[tauri::command]
#[specta::specta]
pub async fn get_model(app: AppState<'_>, id: String, with_vision: bool) -> Outcome<()> {
    app.models().get_listed(&id, with_vision)?;
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn get_other(app: AppState<'_>, name_or_url: String) -> Outcome<()> {
    app.models().library().get(name_or_url.trim(), Parts::Text)?;
    Ok(())
}

#[tauri::command(async)]
#[specta::specta]
pub fn transfers(app: AppState<'_>) -> Vec<ModelTransfer> {
    model_transfers(&app.models().library().watch().borrow())
}

#[tauri::command]
#[specta::specta]
pub async fn pause_transfer(app: AppState<'_>, id: String) -> Outcome<()> {
    app.models().library().pause(&id).await;
    Ok(())
}

#[tauri::command(async)]
#[specta::specta]
pub fn resume_transfer(app: AppState<'_>, id: String) {
    app.models().library().resume(&id);
}

/// For good: what came so far is thrown away.
#[tauri::command]
#[specta::specta]
pub async fn cancel_transfer(app: AppState<'_>, id: String) -> Outcome<()> {
    Ok(app.models().library().cancel(&id).await?)
}

/// Takes one that is done off the list.
#[tauri::command]
#[specta::specta]
pub async fn put_away_transfer(app: AppState<'_>, id: String) -> Outcome<()> {
    Ok(app.models().library().cancel(&id).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn installed_models(app: AppState<'_>) -> Outcome<Vec<InstalledModel>> {
    off_thread(&app, |app| app.models().installed()).await
}

#[tauri::command]
#[specta::specta]
pub async fn use_model(handle: AppHandle, app: AppState<'_>, id: String) -> Outcome<()> {
    app.models().use_model(&id).await?;
    changed(&handle);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn verify_model(
    handle: AppHandle,
    app: AppState<'_>,
    id: String,
    on_progress: Channel<Amount>,
) -> Outcome<InstalledModel> {
    let total = app.models().library().find(&id)?.bytes;
    let tell = move |done| drop(on_progress.send(Amount { done, total }));
    let model = app.models().verify(&id, CancellationToken::new(), tell).await?;
    changed(&handle);
    Ok(model)
}

/// Puts it into the trash; gives what `restoreModel` takes.
#[tauri::command]
#[specta::specta]
pub async fn remove_model(handle: AppHandle, app: AppState<'_>, id: String) -> Outcome<String> {
    let removed = app.models().remove(&id).await?;
    changed(&handle);
    Ok(removed)
}

/// Takes a model out of the trash again, by what `remove_model` gave.
#[tauri::command(async)]
#[specta::specta]
pub fn restore_model(handle: AppHandle, app: AppState<'_>, id: String) -> Outcome<()> {
    app.models().library().restore(&id)?;
    changed(&handle);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn model_trash(app: AppState<'_>) -> Outcome<ModelTrash> {
    off_thread(&app, |app| app.models().trash()).await
}

#[tauri::command]
#[specta::specta]
pub async fn empty_model_trash(handle: AppHandle, app: AppState<'_>) -> Outcome<()> {
    off_thread(&app, |app| app.models().library().empty_trash()).await??;
    changed(&handle);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn models_folder(app: AppState<'_>) -> Outcome<ModelsFolder> {
    off_thread(&app, |app| app.models().folder()).await
}

/// The system's own dialog; null when the user changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_folder(handle: AppHandle) -> Outcome<Option<String>> {
    let (reply, chosen) = oneshot::channel();
    handle.dialog().file().set_title("A folder for models").pick_folder(move |folder| {
        let _ = reply.send(folder);
    });
    let folder = chosen.await.ok().flatten().and_then(|folder| folder.into_path().ok());
    Ok(folder.map(|folder| folder.display().to_string()))
}

#[tauri::command]
#[specta::specta]
pub async fn move_models(
    handle: AppHandle,
    app: AppState<'_>,
    folder: String,
    on_progress: Channel<Amount>,
) -> Outcome<()> {
    let models = app.models().library().installed();
    let total = models.iter().map(|model| model.weight().files).sum();
    let tell = move |done| drop(on_progress.send(Amount { done, total }));
    let moved = app.models().move_to(&PathBuf::from(folder), CancellationToken::new(), tell).await;
    changed(&handle);
    moved.map_err(Trouble::other)
}

#[tauri::command]
#[specta::specta]
pub async fn found_files(app: AppState<'_>) -> Outcome<Vec<FoundFile>> {
    off_thread(&app, |app| app.models().found()).await
}

/// The system's own dialog; null when the user changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_file(handle: AppHandle, app: AppState<'_>) -> Outcome<Option<FoundFile>> {
    let Some(path) = pick_model(&handle).await else { return Ok(None) };
    Ok(Some(app.models().look_at(&path).await))
}

/// Puts it on the list and uses it.
#[tauri::command]
#[specta::specta]
pub async fn use_file(handle: AppHandle, app: AppState<'_>, path: String) -> Outcome<InstalledModel> {
    let taken = app.models().take(path.into()).await?;
    app.models().open(&taken.path).await?;
    changed(&handle);
    Ok(app.models().show(&taken))
}

#[tauri::command]
#[specta::specta]
pub async fn model_settings(app: AppState<'_>) -> Outcome<ModelSettingsView> {
    off_thread(&app, convert::settings::models).await
}

#[tauri::command]
#[specta::specta]
pub async fn change_model_setting(app: AppState<'_>, change: ModelSettingChange) -> Outcome<()> {
    let change = convert::settings::model_change(change);
    off_thread(&app, move |app| app.models().change(change)).await?.map_err(Trouble::other)
}

/// Null forgets it.
#[tauri::command]
#[specta::specta]
pub async fn set_access_token(app: AppState<'_>, token: Option<String>) -> Outcome<()> {
    let token = token.map(sotto_domain::Secret::new);
    app.models().set_hub_token(token).await?;
    Ok(())
}

/// "0.1.0".
#[tauri::command(async)]
#[specta::specta]
pub fn version(handle: AppHandle) -> String {
    handle.package_info().version.to_string()
}

/// The folder in which everything lies that the user wrote.
#[tauri::command(async)]
#[specta::specta]
pub fn home_folder(app: AppState<'_>) -> String {
    app.home().display().to_string()
}

/// Shows that folder in the system's own way.
#[tauri::command(async)]
#[specta::specta]
pub fn open_home_folder(app: AppState<'_>) -> Outcome<()> {
    open::that_detached(app.home())
        .map_err(|error| Trouble::other(format!("The folder could not be opened: {error}.")))
}

/// Asks for a model's file in the system's own dialog.
async fn pick_model(handle: &AppHandle) -> Option<PathBuf> {
    let (reply, chosen) = oneshot::channel();
    let dialog = handle.dialog().file().set_title("Open a model");
    // A file of a folder stands for the folder: no dialog takes both.
    dialog.add_filter("Models", &["gguf", "safetensors"]).add_filter("All files", &["*"]).pick_file(
        move |file| {
            let _ = reply.send(file);
        },
    );
    chosen.await.ok().flatten().and_then(|file| file.into_path().ok()).map(model_of)
}

/// A file of a model's folder stands for the folder.
fn model_of(path: PathBuf) -> PathBuf {
    let is_part = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("safetensors"));
    if is_part { path.parent().map_or(path.clone(), std::path::Path::to_owned) } else { path }
}

fn changed(handle: &AppHandle) {
    if let Err(error) = ModelsChanged.emit(handle) {
        tracing::debug!(%error, "the window is not there to hear it");
    }
}
