//! Backups, and where they lie.

use serde::{Deserialize, Serialize};
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
    pub why: BackupWhyView,
    /// Without its pictures.
    #[specta(type = specta_typescript::Number)]
    pub bytes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BackupWhyView {
    Daily,
    Import,
    Restore,
    Asked,
}

/// What a backup holds, or what came back out of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ContentsView {
    pub projects: u32,
    pub conversations: u32,
    pub messages: u32,
    pub pages: u32,
}
