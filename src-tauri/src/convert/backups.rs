//! Backups as the window and the terminal show them.

use sotto_app::{App, BackUpWhy, BackupFile, Contents};

use crate::views::{BackupView, BackupWhyView, BackupsView, ContentsView};

pub fn backups(app: &App) -> BackupsView {
    BackupsView {
        folder: app.backups().folder().display().to_string(),
        at_home: app.settings().get().backups.folder.is_none(),
        backups: app.backups().all().into_iter().map(backup).collect(),
    }
}

pub fn backup(BackupFile { path, at, why, bytes }: BackupFile) -> BackupView {
    BackupView {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        at,
        why: match why {
            BackUpWhy::Daily => BackupWhyView::Daily,
            BackUpWhy::Import => BackupWhyView::Import,
            BackUpWhy::Restore => BackupWhyView::Restore,
            BackUpWhy::Asked => BackupWhyView::Asked,
        },
        bytes,
    }
}

pub fn contents(Contents { projects, conversations, messages, pages }: Contents) -> ContentsView {
    let shown = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    ContentsView {
        projects: shown(projects),
        conversations: shown(conversations),
        messages: shown(messages),
        pages: shown(pages),
    }
}
