//! Why nothing was asked.

use sotto_egress::Refusal;
use sotto_providers::ProviderError;
use sotto_secrets::KeyError;
use sotto_store::StoreError;

use super::sheet::Sheet;
use crate::{AccountError, running::Busy};

/// Why nothing was sent. What the user typed is still there to be sent again.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// There was nothing but white space.
    #[error("There is nothing to send yet.")]
    Empty,
    /// An answer is still being written in this conversation.
    #[error("An answer is still being written here. Stop it first, or wait for it to end.")]
    Busy,
    /// There is nothing to answer with.
    #[error("No model is open yet. Open one, then send again.")]
    NoModel,
    /// The model that was asked for cannot answer.
    #[error(transparent)]
    Model(sotto_domain::AnsweringError),
    /// Only the guide is there, and it writes for nobody.
    #[error("The built-in guide cannot write for you. Choose a model in Settings, Models, then ask again.")]
    OnlyTheGuide,
    /// That is not a message of the kind this works on.
    #[error("This works on {0} only.")]
    WrongKind(&'static str),
    /// It would leave this device, and the user has not agreed to all that is in it.
    #[error("This would leave your computer. Look at what leaves first.")]
    NotAgreed(Box<Sheet>),
    /// The provider cannot be asked, or not like this.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// It may not leave.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The keychain.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The provider is not set up as it should be.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The library refused; nothing was sent.
    #[error(transparent)]
    Library(#[from] StoreError),
}

impl SendError {
    /// A page of the provider's where it can be mended.
    pub fn page(&self) -> Option<&'static str> {
        match self {
            Self::Provider(error) => error.page(),
            Self::Account(error) => error.page(),
            _ => None,
        }
    }
}

impl From<Busy> for SendError {
    fn from(Busy: Busy) -> Self {
        Self::Busy
    }
}
