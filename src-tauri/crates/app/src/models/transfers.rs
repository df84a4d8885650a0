//! Models on their way, one line for each: its files come one after another.

use serde::{Deserialize, Serialize};
use sotto_models::{Transfer, TransferState};
use specta::Type;

/// A model on its way. Sizes are in bytes, times in seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelTransfer {
    /// The model's, as in the catalogue.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What is being done.
    pub state: ModelTransferState,
    /// How much is here.
    pub done: u64,
    /// How much there is.
    pub total: u64,
    /// How fast it comes.
    pub bytes_per_second: Option<u64>,
    /// How long it still takes.
    pub seconds_left: Option<u64>,
    /// Why it waits or failed.
    pub trouble: Option<String>,
}

/// What is being done with a model on its way. It is done until the user puts it away: the offer to
/// switch outlives the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ModelTransferState {
    /// It is its turn later, or it is tried again soon.
    Waiting,
    /// What came is compared with what it should be.
    Checking,
    /// It comes.
    Running,
    /// The user paused it.
    Paused,
    /// It came to nothing.
    Failed,
    /// It is here.
    Done,
}

/// All models that are on their way.
pub fn model_transfers(transfers: &[Transfer]) -> Vec<ModelTransfer> {
    let mut shown: Vec<ModelTransfer> = Vec::new();
    for transfer in transfers {
        let next = self::transfer(transfer);
        let Some(model) = shown.iter_mut().find(|model| model.id == next.id) else {
            shown.push(next);
            continue;
        };
        model.total = model.total.saturating_add(next.total);
        if model.state == ModelTransferState::Done {
            let done = model.done;
            *model = ModelTransfer { name: model.name.clone(), total: model.total, ..next };
            model.done = model.done.saturating_add(done);
        } else {
            let more = if next.state == ModelTransferState::Checking { 0 } else { next.done };
            model.done = model.done.saturating_add(more);
        }
    }
    shown
}

fn transfer(transfer: &Transfer) -> ModelTransfer {
    let (state, trouble) = match &transfer.state {
        TransferState::Waiting | TransferState::Asking => (ModelTransferState::Waiting, None),
        TransferState::Checking => (ModelTransferState::Checking, None),
        TransferState::Downloading => (ModelTransferState::Running, None),
        TransferState::Retrying { why, .. } => (ModelTransferState::Waiting, Some(why.clone())),
        TransferState::Paused => (ModelTransferState::Paused, None),
        TransferState::Failed { why } => (ModelTransferState::Failed, Some(why.clone())),
        TransferState::Done => (ModelTransferState::Done, None),
    };
    ModelTransfer {
        id: transfer.model.clone(),
        name: transfer.name.clone(),
        state,
        done: transfer.done,
        total: transfer.total.unwrap_or(transfer.done),
        bytes_per_second: transfer.speed,
        seconds_left: transfer.left,
        trouble,
    }
}
