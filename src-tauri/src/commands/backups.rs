//! Backups: which there are, one more, and the way back.

use std::path::PathBuf;

use sotto_app::{App, BackUpWhy, BackupError, Contents, read_recovery_key};
use sotto_domain::{LibraryKey, Secret};
use tauri::AppHandle;

use super::{AppState, Outcome, off_thread, save};
use crate::{convert::backups as show, error::Trouble, views::BackupsView};

/// Those that are there, and where.
#[tauri::command(async)]
#[specta::specta]
pub fn backups(app: AppState<'_>) -> BackupsView {
    show::backups(&app)
}

/// Makes one now. Returns when it was read back.
#[tauri::command]
#[specta::specta]
pub async fn back_up(app: AppState<'_>) -> Outcome<BackupsView> {
    off_thread(&app, |app| app.backups().make(BackUpWhy::Asked).map(|_| show::backups(app)))
        .await?
        .map_err(said)
}

/// Asks where they are to be kept; as it was when the user changed their mind.
#[tauri::command]
#[specta::specta]
pub async fn choose_backup_folder(handle: AppHandle, app: AppState<'_>) -> Outcome<BackupsView> {
    if let Some(folder) = save::choose_folder(&handle).await {
        keep(&app, Some(folder)).await?;
    }
    off_thread(&app, show::backups).await
}

/// They are kept in Sotto's own folder again.
#[tauri::command]
#[specta::specta]
pub async fn keep_backups_at_home(app: AppState<'_>) -> Outcome<BackupsView> {
    keep(&app, None).await?;
    off_thread(&app, show::backups).await
}

/// Brings back what is missing; says how much that was. A backup of another library comes with its
/// recovery key; without one, `recovery` is empty.
#[tauri::command]
#[specta::specta]
pub async fn merge_backup(app: AppState<'_>, name: String, recovery: String) -> Outcome<Contents> {
    let theirs = key_of(recovery)?;
    let back = off_thread(&app, move |app| app.backups().merge(&found(app, &name)?, theirs.as_ref())).await?;
    back.map_err(said)
}

/// What the backup holds is what opens when Sotto is started again. `recovery` as with merging.
#[tauri::command]
#[specta::specta]
pub async fn restore_backup(app: AppState<'_>, name: String, recovery: String) -> Outcome<Contents> {
    let theirs = key_of(recovery)?;
    let ready =
        off_thread(&app, move |app| app.backups().restore(&found(app, &name)?, theirs.as_ref())).await?;
    ready.map_err(said)
}

fn key_of(recovery: String) -> Outcome<Option<LibraryKey>> {
    let recovery = Secret::new(recovery);
    if recovery.is_empty() {
        return Ok(None);
    }
    read_recovery_key(&recovery).map(Some).map_err(|error| Trouble::other(error.to_string()))
}

async fn keep(app: &AppState<'_>, folder: Option<PathBuf>) -> Outcome<()> {
    off_thread(app, |app| app.backups().keep_in(folder)).await?.map_err(said)
}

/// One of those that are listed, and no other file.
fn found(app: &App, name: &str) -> Result<PathBuf, BackupError> {
    let mut all = app.backups().all().into_iter().map(|backup| backup.path);
    let is_it = |path: &PathBuf| path.file_name().is_some_and(|file| file.to_string_lossy() == name);
    all.find(is_it).ok_or_else(|| BackupError::NoBackup(name.into()))
}

fn said(error: BackupError) -> Trouble {
    tracing::debug!(?error, "a backup was not made, or not brought back");
    Trouble::other(error.to_string())
}
