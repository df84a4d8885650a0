//! Whose turn it is on this device: the engine has one model at a time, and what answers must be what
//! the answer says of itself.

use std::path::PathBuf;

use sotto_domain::{AnsweringError, waiting};
use tokio::sync::{RwLockReadGuard, RwLockWriteGuard};

use super::SendError;
use crate::App;

/// Held while an answer is made here.
pub(super) enum Turn<'a> {
    /// The model in use answers; others that it answers wait in the engine.
    Usual { _turn: RwLockReadGuard<'a, ()> },
    /// Another model answers this once. It has the engine to itself, and the model in use is back
    /// when this is dropped.
    Another { app: &'a App, in_use: Option<PathBuf>, _turn: RwLockWriteGuard<'a, ()> },
}

impl App {
    /// Waits for the turn of `model`, of those that are installed; `None`: of the one in use.
    pub(super) async fn turn(&self, model: Option<&str>) -> Result<Turn<'_>, SendError> {
        let Some(model) = model else { return Ok(Turn::Usual { _turn: self.turns.read().await }) };
        let found = waiting(|| self.models().find(model))
            .map_err(|error| SendError::Model(AnsweringError::BadModel(error.to_string())))?;
        let turn = self.turns.write().await;
        let in_use = self.engine.chosen().filter(|path| *path != found.path);
        self.engine.choose(&found.path, waiting(|| self.plan(&found.path)).map_err(SendError::Model)?);
        Ok(Turn::Another { app: self, in_use, _turn: turn })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Self::Another { app, in_use: Some(path), .. } = self {
            app.choose_model(path);
        }
    }
}
