//! Backups, and where they lie.

use serde::Serialize;
use sotto_app::BackUpWhy;
use specta::Type;

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BackupsView {
    /// Where they lie.
    pub folder: String,
    /// That is Sotto's own folder.
    pub at_home: bool,
    /// The newest first.
    pub backups: Vec<BackupView>,
}

/// One of them.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BackupView {
    /// What other commands take.
    pub name: String,
    pub at: i64,
    pub why: BackUpWhy,
    /// Without its pictures.
    #[specta(type = specta_typescript::Number)]
    pub bytes: u64,
}
