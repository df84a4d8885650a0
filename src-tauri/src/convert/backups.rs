//! Backups as the window and the terminal show them.

use sotto_app::{App, BackupFile};

use crate::views::{BackupView, BackupsView};

pub fn backups(app: &App) -> BackupsView {
    BackupsView {
        folder: app.backups().folder().display().to_string(),
        at_home: app.settings().get().backups.folder.is_none(),
        backups: app.backups().all().into_iter().map(backup).collect(),
    }
}

pub fn backup(BackupFile { path, at, why, bytes }: BackupFile) -> BackupView {
    BackupView { name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(), at, why, bytes }
}
