//! What the UI hears when a command fails: a sentence to show, and a code only where
//! the UI acts on it.

use serde::Serialize;
use sotto_assistant::{SendError, StoreError};
use sotto_domain::AnsweringError;
use specta::Type;

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Trouble {
    pub code: Code,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Code {
    /// It is gone: show the list again.
    NotFound,
    /// Offer to open a model.
    NoModel,
    /// Show the sentence.
    Other,
}

impl Trouble {
    fn new(code: Code, message: &dyn ToString) -> Self {
        Self { code, message: message.to_string() }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        let code = if matches!(error, StoreError::NotFound) { Code::NotFound } else { Code::Other };
        tracing::debug!(?error, "the library refused");
        Self::new(code, &error)
    }
}

impl From<SendError> for Trouble {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Library(error) => error.into(),
            SendError::NoModel => Self::new(Code::NoModel, &error),
            SendError::Empty | SendError::Busy | SendError::WrongKind(_) => Self::new(Code::Other, &error),
        }
    }
}

impl From<AnsweringError> for Trouble {
    fn from(error: AnsweringError) -> Self {
        let code = if error == AnsweringError::NoModel { Code::NoModel } else { Code::Other };
        Self::new(code, &error)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        let message = format!("This could not be saved: {error}. What was saved before is safe.");
        Self::new(Code::Other, &message)
    }
}
