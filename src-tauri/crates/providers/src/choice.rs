//! Which model the user chose, and who is to serve it.

use serde::{Deserialize, Serialize};

use crate::{Endpoint, ProviderError};

/// A model of a provider's, as the user chose it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Choice {
    /// The provider's name for the model.
    pub model: String,
    /// Who is to serve it.
    #[serde(default)]
    pub route: Route,
}

/// Who is to serve a model, where a provider passes questions on to others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// The provider itself: it passes nothing on.
    #[default]
    Itself,
    /// This machine room and no other: it is known who sees the words, and what they cost.
    Pinned(String),
    /// Whichever is fastest at the moment.
    Fastest,
    /// Whichever takes the least for what is written.
    Cheapest,
    /// Whichever stands first in the user's settings over there.
    Preferred,
}

impl Choice {
    /// A model of a provider that serves it itself.
    pub fn of(model: impl Into<String>) -> Self {
        Self { model: model.into(), route: Route::Itself }
    }

    /// The model exactly as this endpoint is asked for it: `org/model:novita`.
    pub fn asked(&self, endpoint: &Endpoint) -> Result<String, ProviderError> {
        let model = self.model.trim();
        if model.is_empty() || model.len() > 256 || model.chars().any(char::is_control) {
            return Err(ProviderError::BadModel);
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let policy = match &self.route {
            Route::Itself if endpoint.provider().can.routes => {
                return Err(ProviderError::NoRoute { who: endpoint.who(), model: model.to_owned() });
            }
            Route::Itself => return Ok(model.to_owned()),
            Route::Pinned(backend) if !backend.is_empty() && backend.bytes().all(plain) => backend,
            Route::Pinned(_) => return Err(ProviderError::BadModel),
            Route::Fastest => "fastest",
            Route::Cheapest => "cheapest",
            Route::Preferred => "preferred",
        };
        // A name with a route of its own in it would leave open which of the two holds.
        if !endpoint.provider().can.routes || model.contains(':') {
            return Err(ProviderError::BadModel);
        }
        Ok(format!("{model}:{policy}"))
    }

    /// The machine room that is pinned, if one is.
    pub fn backend(&self) -> Option<&str> {
        self.route.pins()
    }
}

impl Route {
    /// The machine room that is pinned, if one is.
    pub(crate) fn pins(&self) -> Option<&str> {
        match self {
            Self::Pinned(backend) => Some(backend),
            Self::Itself | Self::Fastest | Self::Cheapest | Self::Preferred => None,
        }
    }
}

#[cfg(test)]
mod tests;
