//! What the UI hears when a command fails: a sentence to show, and a code only where
//! the UI acts on it.

use serde::Serialize;
use sotto_app::{AccountError, KeyError, ModelsError, SendError, Sheet, StoreError};
use sotto_domain::AnsweringError;
use specta::Type;

#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Trouble {
    pub code: Code,
    pub message: String,
    /// What to show the user, for `NotAgreed`.
    pub sheet: Option<Box<Sheet>>,
    /// A page of the provider's where it can be mended.
    pub page: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Code {
    /// It is gone: show the list again.
    NotFound,
    /// Offer to open a model.
    NoModel,
    /// Show the sheet that comes with it.
    NotAgreed,
    /// The page has another revision by now: read it again.
    Stale,
    /// Show the sentence.
    Other,
}

impl Trouble {
    fn new(code: Code, message: &dyn ToString) -> Self {
        Self { code, message: message.to_string(), sheet: None, page: None }
    }

    /// A sentence, and nothing to act on.
    pub fn other(message: impl Into<String>) -> Self {
        Self { code: Code::Other, message: message.into(), sheet: None, page: None }
    }

    /// It would leave this device, and this is what the user must see first.
    pub fn not_agreed(sheet: Sheet) -> Self {
        let message = "This would leave your computer. Look at what leaves first.".into();
        Self { code: Code::NotAgreed, message, sheet: Some(Box::new(sheet)), page: None }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::NotFound => Code::NotFound,
            StoreError::Stale => Code::Stale,
            _ => Code::Other,
        };
        tracing::debug!(?error, "the library refused");
        Self::new(code, &error)
    }
}

impl From<SendError> for Trouble {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Library(error) => error.into(),
            SendError::NoModel | SendError::OnlyTheGuide => Self::new(Code::NoModel, &error),
            SendError::NotAgreed(sheet) => Self::not_agreed(*sheet),
            error => {
                tracing::debug!(?error, "nothing was sent");
                Self { page: error.page().map(str::to_owned), ..Self::new(Code::Other, &error) }
            }
        }
    }
}

impl From<AnsweringError> for Trouble {
    fn from(error: AnsweringError) -> Self {
        let code = if error == AnsweringError::NoModel { Code::NoModel } else { Code::Other };
        Self::new(code, &error)
    }
}

impl From<AccountError> for Trouble {
    fn from(error: AccountError) -> Self {
        tracing::debug!(?error, "a provider could not be asked or set up");
        Self { page: error.page().map(str::to_owned), ..Self::new(Code::Other, &error) }
    }
}

impl From<KeyError> for Trouble {
    fn from(error: KeyError) -> Self {
        Self::new(Code::Other, &error)
    }
}

impl From<ModelsError> for Trouble {
    fn from(error: ModelsError) -> Self {
        Self::new(Code::Other, &error)
    }
}
