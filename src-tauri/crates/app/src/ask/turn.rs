//! Whose turn it is on this device: the engine has one model at a time, and what answers must be what
//! the answer says of itself.

use std::path::PathBuf;

use sotto_domain::{AnsweringError, waiting};
use tokio::sync::{RwLockReadGuard, RwLockWriteGuard};

use super::{Answers, SendError};
use crate::{core::Core, models::Models};

/// Held while an answer is made here.
pub(super) enum Turn<'a> {
    /// The model in use answers; others that it answers wait in the engine.
    Usual { _turn: RwLockReadGuard<'a, ()> },
    /// Another model answers this once. It has the engine to itself, and the model in use is back
    /// when this is dropped.
    Another { core: &'a Core, in_use: Option<PathBuf>, _turn: RwLockWriteGuard<'a, ()> },
}

impl<'a> Answers<'a> {
    /// Waits for the turn of `model`, of those that are installed; `None`: of the one in use.
    pub(super) async fn turn(self, model: Option<&str>) -> Result<Turn<'a>, SendError> {
        let Some(model) = model else { return Ok(Turn::Usual { _turn: self.core.turns.read().await }) };
        let found = waiting(|| Models { core: self.core }.library().find(model))
            .map_err(|error| SendError::Model(AnsweringError::BadModel(error.to_string())))?;
        let turn = self.core.turns.write().await;
        let in_use = self.core.engine.chosen().filter(|path| *path != found.path);
        self.core.engine.choose(
            &found.path,
            waiting(|| Models { core: self.core }.plan(&found.path)).map_err(SendError::Model)?,
        );
        Ok(Turn::Another { core: self.core, in_use, _turn: turn })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Self::Another { core, in_use: Some(path), .. } = self {
            Models { core }.choose(path);
        }
    }
}
