//! The same without a window: `sotto ask`, `models`, `cloud` and its company, `export`, `backup` and its own, `key`.

pub mod ask;
pub mod backups;
pub mod cloud;
pub mod export;
pub mod key;
pub mod models;
