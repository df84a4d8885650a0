//! The same without a window: `sotto ask`, `models`, `cloud` and its company, `export`.

pub mod ask;
pub mod cloud;
pub mod export;
pub mod models;
