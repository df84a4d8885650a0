//! Why a provider did not answer, in sentences for the person: what happened, what is safe,
//! what to do next.

use std::{path::PathBuf, time::Duration};

use sotto_domain::AnsweringError;
use sotto_egress::{Failure, Refusal};

/// Why a provider could not be asked, or did not answer.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It may not leave. Nothing was sent.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// It could not leave, or what came back ended early.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// Not the name of a region.
    #[error("This is not the name of a region. They look like eu-central-1.")]
    BadRegion,
    /// Not the name of a resource.
    #[error(
        "This is not the name of a resource. It is the first part of its address, before openai.azure.com."
    )]
    BadResource,
    /// Not an organisation that can pay there.
    #[error("This organisation cannot be billed here. Check its name, or leave it empty.")]
    BadOrganisation,
    /// Not a name that a model can have, or none at all.
    #[error("There is no model of this name to ask. Choose one from the list, or type its name.")]
    BadModel,
    /// Nobody is named who is to serve it, where a provider passes questions on.
    #[error(
        "{who} passes questions on, and has to be told to whom. Write {model}:novita to name who answers, or \
         {model}:fastest, :cheapest or :preferred to let {who} choose."
    )]
    NoRoute {
        /// The provider.
        who: &'static str,
        /// The model as it was named.
        model: String,
    },
    /// A rule that nobody can hold to over there.
    #[error(
        "{who} cannot promise to avoid words, so nothing was sent. Take the banned words out of this project, \
         or ask the model on this device."
    )]
    NoBans {
        /// The provider.
        who: &'static str,
    },
    /// An answer in a given shape is not to be had there.
    #[error("{who} cannot answer in a given shape, so nothing was sent. Ask the model on this device.")]
    NoSchema {
        /// The provider.
        who: &'static str,
    },
    /// A picture's file is gone, or is no picture.
    #[error("One of the pictures cannot be read, so nothing was sent. Take it out, or add it again.")]
    Picture {
        /// The file.
        path: PathBuf,
        /// What the system says, where it says something.
        #[source]
        cause: Option<std::io::Error>,
    },
    /// There is no key.
    #[error("{who} needs a key, and there is none yet. Nothing was sent. Put one in, then send again.")]
    NoKey {
        /// The provider.
        who: &'static str,
        /// Where keys are made.
        page: Option<&'static str>,
    },
    /// The user's own server is not there.
    #[error("Nothing answers at {place}, so nothing was sent. Start the {}, then try again.", whose(*.here))]
    NotRunning {
        /// Where: `http://localhost:11434`.
        place: String,
        /// Whether that is this computer.
        here: bool,
    },
    /// It wants a key, and none was given.
    #[error("{who} wants a key, and none was given. Your text is safe. Put one in, then send again.")]
    KeyWanted {
        /// The provider.
        who: &'static str,
        /// Where keys are made.
        page: Option<&'static str>,
    },
    /// The key is not accepted.
    #[error("{who} does not accept this key. Your text is safe. Put in a new key, then send again.")]
    KeyRefused {
        /// The provider.
        who: &'static str,
        /// Where keys are made.
        page: Option<&'static str>,
    },
    /// The key is good, but not for this.
    #[error(
        "{who} knows this key, but does not let it use this model. Your text is safe. Give the key that permission, \
         or choose another model.{}", quote(.said.as_deref())
    )]
    NotAllowed {
        /// The provider.
        who: &'static str,
        /// Where keys are made.
        page: Option<&'static str>,
        /// What the provider says, to be quoted.
        said: Option<String>,
    },
    /// There is no credit. Never tried again by itself.
    #[error(
        "{who} says that the credit is used up. Your text is safe. Add credit on their page, then send again."
    )]
    NoCredit {
        /// The provider.
        who: &'static str,
        /// Where bills are.
        page: Option<&'static str>,
    },
    /// The model is not there.
    #[error("{who} does not offer {model}. Your text is safe. Choose another model.")]
    NoSuchModel {
        /// The provider.
        who: &'static str,
        /// The model.
        model: String,
    },
    /// More was given than the model can hold in mind.
    #[error(
        "Question and answer together are more than {model} can hold in mind at once. Nothing is lost: send it in \
         parts.{}", quote(.said.as_deref())
    )]
    TooLong {
        /// The model.
        model: String,
        /// What the provider says, to be quoted.
        said: Option<String>,
    },
    /// Too much was asked in a short time.
    #[error("{who} asks for a pause: too much was sent in a short time. Your text is safe. {}", later(*.wait))]
    TooMany {
        /// The provider.
        who: &'static str,
        /// How long it asks to wait, where it says so.
        wait: Option<Duration>,
    },
    /// It is overloaded or out of order.
    #[error(
        "{who} could not answer: it has trouble of its own. Your text is safe.{} Try again in a while; if it \
         stays so, choose another model.", quote(.said.as_deref())
    )]
    Busy {
        /// The provider.
        who: &'static str,
        /// What the provider says, to be quoted.
        said: Option<String>,
    },
    /// It does not want to answer this.
    #[error("{who} does not answer this: its rules forbid it. Your text is safe.")]
    HeldBack {
        /// The provider.
        who: &'static str,
    },
    /// It does not take the request as it is.
    #[error("{who} could not take this request. Your text is safe.{} Try another model.", quote(.said.as_deref()))]
    NotTaken {
        /// The provider.
        who: &'static str,
        /// What the provider says, to be quoted.
        said: Option<String>,
    },
    /// It began to answer and then gave up.
    #[error("{who} stopped with a fault of its own. What had arrived is kept.{} Try again.", quote(.said.as_deref()))]
    GaveUp {
        /// The provider.
        who: &'static str,
        /// What the provider says, to be quoted.
        said: Option<String>,
    },
    /// Something else answers at this address.
    #[error("{who} answered, but not as a model does. Nothing is lost. Check the address in the settings.")]
    NotAModel {
        /// The provider.
        who: &'static str,
    },
    /// It points elsewhere.
    #[error("{who} pointed to another address, and Sotto did not follow. Check the address in the settings.")]
    Moved {
        /// The provider.
        who: &'static str,
    },
    /// Nothing of an answer came for too long.
    #[error(
        "{who} has said nothing for {} seconds, so Sotto stopped waiting. What had arrived is kept. Try again.",
        .after.as_secs()
    )]
    Silent {
        /// The provider.
        who: &'static str,
        /// How long was waited.
        after: Duration,
    },
    /// The answer takes longer than any should.
    #[error(
        "{who} was still not done after {} minutes, so Sotto stopped waiting. What had arrived is kept.",
        .after.as_secs() / 60
    )]
    TooSlow {
        /// The provider.
        who: &'static str,
        /// How long was waited.
        after: Duration,
    },
    /// A piece of the answer has no end.
    #[error("{who} sent far more than an answer has, so it was cut off. What had arrived before is kept.")]
    Endless {
        /// The provider.
        who: &'static str,
    },
}

impl ProviderError {
    /// A page of the provider's where it can be mended.
    pub fn page(&self) -> Option<&'static str> {
        match self {
            Self::NoKey { page, .. }
            | Self::KeyRefused { page, .. }
            | Self::KeyWanted { page, .. }
            | Self::NotAllowed { page, .. }
            | Self::NoCredit { page, .. } => *page,
            _ => None,
        }
    }
}

impl From<ProviderError> for AnsweringError {
    fn from(error: ProviderError) -> Self {
        let sentence = error.to_string();
        match error {
            ProviderError::Refusal(Refusal::OfflineLock)
            | ProviderError::Failure(Failure::Offline | Failure::Unreachable { .. }) => {
                Self::Offline(sentence)
            }
            ProviderError::Refusal(_) => Self::Refused(sentence),
            other => Self::Provider { sentence, page: other.page().map(str::to_owned) },
        }
    }
}

fn whose(here: bool) -> &'static str {
    if here { "other program on this computer" } else { "server" }
}

fn quote(said: Option<&str>) -> String {
    said.map(|said| format!(" They say: “{said}”")).unwrap_or_default()
}

fn later(wait: Option<Duration>) -> String {
    match wait.map(|wait| wait.as_secs().max(1)) {
        None => "Try again in a while.".into(),
        Some(1) => "Try again in a second.".into(),
        Some(seconds @ ..120) => format!("Try again in {seconds} seconds."),
        Some(seconds) => format!("Try again in {} minutes.", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests;
