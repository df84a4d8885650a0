//! Models: the first run, what is on offer, on its way and here, and the one in use.

use std::path::PathBuf;

use sotto_assistant::{Change, Parts, Sotto, Taking, TrashedModel as Trashed, Verdict};
use tauri::{AppHandle, ipc::Channel};
use tauri_plugin_dialog::DialogExt;
use tauri_specta::Event;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::{House, Outcome, off_thread};
use crate::{
    error::Trouble,
    events::ModelsChanged,
    show::{self, models as shown},
    views::{
        Amount, CatalogueEntry, EngineView, FirstRunStep, FirstRunView, FoundFile, InstalledModel,
        MachineView, MeasuredView, ModelSettingChange, ModelSettingsView, ModelTrash, ModelsFolder,
        TransferView, TrashedModel,
    },
};

#[tauri::command(async)]
#[specta::specta]
pub fn engine(house: House<'_>) -> EngineView {
    show::engine(&house)
}

/// Asks for a file in the system's own dialog and uses the model that it is, or is part of.
/// Null when the user changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_model(app: AppHandle, house: House<'_>) -> Outcome<Option<EngineView>> {
    let Some(path) = pick_model(&app).await else { return Ok(None) };
    house.open_model(&path).await?;
    changed(&app);
    Ok(Some(show::engine(&house)))
}

#[tauri::command(async)]
#[specta::specta]
pub fn first_run(house: House<'_>) -> FirstRunView {
    FirstRunView { step: shown::step(house.first_run()) }
}

#[tauri::command(async)]
#[specta::specta]
pub fn set_first_run_step(house: House<'_>, step: FirstRunStep) -> Outcome<()> {
    Ok(house.change(Change::FirstRun(shown::stepped(step)))?)
}

#[tauri::command]
#[specta::specta]
pub async fn look_at_machine(house: House<'_>) -> Outcome<MachineView> {
    Ok(shown::machine(&off_thread(&house, Sotto::machine).await?))
}

/// About a second; afterwards the catalogue knows speeds.
#[tauri::command]
#[specta::specta]
pub async fn measure_machine(house: House<'_>) -> Outcome<MeasuredView> {
    Ok(shown::measured(&off_thread(&house, Sotto::measure).await?))
}

#[tauri::command]
#[specta::specta]
pub async fn catalogue(house: House<'_>) -> Outcome<Vec<CatalogueEntry>> {
    let offers = off_thread(&house, Sotto::offers).await?;
    Ok(offers.into_iter().map(shown::offer).collect())
}

/// Begins or queues; `TransfersChanged` tells the rest. For a model that is here: fetches
/// its vision part.
#[tauri::command]
#[specta::specta]
pub async fn get_model(house: House<'_>, id: String, with_vision: bool) -> Outcome<()> {
    let models = house.models();
    let here = models.find(&id).is_ok();
    let parts = match (with_vision, here) {
        (true, true) => Parts::Vision,
        (true, false) => Parts::All,
        (false, _) => Parts::Text,
    };
    models.get(&id, parts)?;
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn get_other(house: House<'_>, name_or_url: String) -> Outcome<()> {
    house.models().get(name_or_url.trim(), Parts::Text)?;
    Ok(())
}

#[tauri::command(async)]
#[specta::specta]
pub fn transfers(house: House<'_>) -> Vec<TransferView> {
    shown::transfers(&house.models().watch().borrow())
}

#[tauri::command]
#[specta::specta]
pub async fn pause_transfer(house: House<'_>, id: String) -> Outcome<()> {
    house.models().pause(&id).await;
    Ok(())
}

#[tauri::command(async)]
#[specta::specta]
pub fn resume_transfer(house: House<'_>, id: String) {
    house.models().resume(&id);
}

/// For good: what came so far is thrown away.
#[tauri::command]
#[specta::specta]
pub async fn cancel_transfer(house: House<'_>, id: String) -> Outcome<()> {
    Ok(house.models().cancel(&id).await?)
}

/// Takes one that is done off the list.
#[tauri::command]
#[specta::specta]
pub async fn put_away_transfer(house: House<'_>, id: String) -> Outcome<()> {
    Ok(house.models().cancel(&id).await?)
}

#[tauri::command]
#[specta::specta]
pub async fn installed_models(house: House<'_>) -> Outcome<Vec<InstalledModel>> {
    off_thread(&house, shown::installed).await
}

#[tauri::command]
#[specta::specta]
pub async fn use_model(app: AppHandle, house: House<'_>, id: String) -> Outcome<()> {
    if id == shown::GUIDE {
        house.use_guide().await?;
    } else {
        house.use_model(&id).await?;
    }
    changed(&app);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn verify_model(
    app: AppHandle,
    house: House<'_>,
    id: String,
    on_progress: Channel<Amount>,
) -> Outcome<InstalledModel> {
    let models = house.models();
    let total = models.find(&id)?.bytes;
    let tell = move |done| drop(on_progress.send(Amount { done, total }));
    let verdict = models.verify(&id, CancellationToken::new(), tell).await?;
    changed(&app);
    let mut model = shown::model(&models.find(&id)?, house.model_in_use().as_deref());
    if verdict == Verdict::NothingToCompare {
        model.checked = Some("Nobody said what it should be. From now on a change would be noticed.".into());
    }
    Ok(model)
}

/// Puts it into the trash; gives what `restoreModel` takes.
#[tauri::command]
#[specta::specta]
pub async fn remove_model(app: AppHandle, house: House<'_>, id: String) -> Outcome<String> {
    let removed = house.remove_model(&id).await?;
    changed(&app);
    Ok(removed)
}

/// Takes a model out of the trash again, by what `remove_model` gave.
#[tauri::command(async)]
#[specta::specta]
pub fn restore_model(app: AppHandle, house: House<'_>, id: String) -> Outcome<()> {
    house.models().restore(&id)?;
    changed(&app);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn model_trash(house: House<'_>) -> Outcome<ModelTrash> {
    let trash = off_thread(&house, |house| house.models().trash()).await?;
    let bytes = trash.iter().map(|trashed| trashed.bytes).sum();
    let shown = |trashed: Trashed| TrashedModel { id: trashed.id, name: trashed.name, bytes: trashed.bytes };
    Ok(ModelTrash { models: trash.into_iter().map(shown).collect(), bytes })
}

#[tauri::command]
#[specta::specta]
pub async fn empty_model_trash(app: AppHandle, house: House<'_>) -> Outcome<()> {
    off_thread(&house, |house| house.models().empty_trash()).await??;
    changed(&app);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub async fn models_folder(house: House<'_>) -> Outcome<ModelsFolder> {
    off_thread(&house, |house| {
        let models = house.models();
        let here = models.installed().into_iter().filter(|model| model.place == sotto_assistant::Place::Here);
        let bytes: u64 = here.map(|model| model.weight().files).sum();
        let trash: u64 = models.trash().iter().map(|trashed| trashed.bytes).sum();
        ModelsFolder {
            path: models.folder().display().to_string(),
            bytes: bytes + trash,
            free_bytes: house.machine().disk_free.unwrap_or_default(),
        }
    })
    .await
}

/// The system's own dialog; null when the user changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_folder(app: AppHandle) -> Outcome<Option<String>> {
    let (reply, chosen) = oneshot::channel();
    app.dialog().file().set_title("A folder for models").pick_folder(move |folder| {
        let _ = reply.send(folder);
    });
    let folder = chosen.await.ok().flatten().and_then(|folder| folder.into_path().ok());
    Ok(folder.map(|folder| folder.display().to_string()))
}

#[tauri::command]
#[specta::specta]
pub async fn move_models(
    app: AppHandle,
    house: House<'_>,
    folder: String,
    on_progress: Channel<Amount>,
) -> Outcome<()> {
    let models = house.models().installed();
    let total = models.iter().map(|model| model.weight().files).sum();
    let tell = move |done| drop(on_progress.send(Amount { done, total }));
    let moved = house.move_models(&PathBuf::from(folder), CancellationToken::new(), tell).await;
    changed(&app);
    moved.map_err(Trouble::other)
}

#[tauri::command]
#[specta::specta]
pub async fn found_files(house: House<'_>) -> Outcome<Vec<FoundFile>> {
    let offered = off_thread(&house, Sotto::offered_by_others).await?;
    Ok(offered.iter().map(|offered| shown::found(&offered.found, shown::app(offered.app))).collect())
}

/// The system's own dialog; null when the user changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_file(app: AppHandle, house: House<'_>) -> Outcome<Option<FoundFile>> {
    let Some(path) = pick_model(&app).await else { return Ok(None) };
    Ok(Some(match house.models().look(&path).await {
        Ok(found) => shown::found(&found, &shown::folder_of(&path)),
        Err(error) => shown::unusable(&path, error.to_string()),
    }))
}

/// Puts it on the list and uses it.
#[tauri::command]
#[specta::specta]
pub async fn use_file(app: AppHandle, house: House<'_>, path: String) -> Outcome<InstalledModel> {
    let models = house.models();
    let path = PathBuf::from(path);
    let offered = off_thread(&house, Sotto::offered_by_others).await?;
    let taken = match offered.into_iter().find(|offered| offered.found.path == path) {
        Some(offered) => models.take(offered).await?,
        None => models.import(&path, Taking::WhereItLies, CancellationToken::new(), |_| {}).await?,
    };
    house.open_model(&taken.path).await?;
    changed(&app);
    Ok(shown::model(&taken, house.model_in_use().as_deref()))
}

#[tauri::command]
#[specta::specta]
pub async fn model_settings(house: House<'_>) -> Outcome<ModelSettingsView> {
    off_thread(&house, shown::settings).await
}

#[tauri::command]
#[specta::specta]
pub async fn change_model_setting(house: House<'_>, change: ModelSettingChange) -> Outcome<()> {
    let change = show::settings::model_change(change);
    off_thread(&house, move |house| house.change_models(change)).await?.map_err(Trouble::other)
}

/// Null forgets it.
#[tauri::command]
#[specta::specta]
pub async fn set_access_token(house: House<'_>, token: Option<String>) -> Outcome<()> {
    let token = token.map(sotto_domain::Secret::new);
    house.set_hub_token(token).await?;
    Ok(())
}

/// "0.1.0".
#[tauri::command(async)]
#[specta::specta]
pub fn version(app: AppHandle) -> String {
    app.package_info().version.to_string()
}

/// Asks for a model's file in the system's own dialog.
async fn pick_model(app: &AppHandle) -> Option<PathBuf> {
    let (reply, chosen) = oneshot::channel();
    let dialog = app.dialog().file().set_title("Open a model");
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

fn changed(app: &AppHandle) {
    if let Err(error) = ModelsChanged.emit(app) {
        tracing::debug!(%error, "the window is not there to hear it");
    }
}
