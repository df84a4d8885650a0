//! Why a provider cannot be used as it is set up.

use sotto_providers::ProviderError;
use sotto_secrets::KeyError;

use crate::StoreError;

/// Why a provider could not be set up or asked.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// There is no provider of this name.
    #[error("Sotto does not know this provider. It may belong to a newer version.")]
    NoSuchProvider,
    /// Of whoever sends a bill it cannot be said that they cost nothing.
    #[error("Only your own server can be said to cost nothing. Nothing was changed.")]
    NotYours,
    /// The provider could not be asked, or does not like what it was asked.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The keychain.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The settings could not be written.
    #[error(transparent)]
    Settings(#[from] StoreError),
}

impl AccountError {
    /// A page of the provider's where it can be mended.
    pub fn page(&self) -> Option<&'static str> {
        match self {
            Self::Provider(error) => error.page(),
            Self::NoSuchProvider | Self::NotYours | Self::Key(_) | Self::Settings(_) => None,
        }
    }
}
