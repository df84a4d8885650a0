//! Why something did not leave, or did not come back, in sentences for the person.

use std::error::Error;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use sotto_domain::{JournalError, NanoUsd};

/// Why something may not leave. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The offline lock is on.
    #[error("The offline lock is on, so nothing was sent. Switch it off to go online.")]
    OfflineLock,
    /// The cloud is switched off.
    #[error(
        "The cloud is switched off, and with it all that answers outside Sotto. Nothing was sent. It can be \
         switched on in the settings."
    )]
    CloudOff,
    /// The user has not agreed to this recipient, model and content.
    #[error("You have not agreed to send this to {recipient} yet, so nothing was sent.")]
    NotAgreed {
        /// Who would have received it.
        recipient: String,
    },
    /// It could cost more than is left of the month's limit.
    #[error(
        "Nothing was sent: {spent} of this month's {limit} are spent or set aside, and this could cost up to \
         {highest}. Raise the limit, or have it answered on this computer."
    )]
    OverTheLimit {
        /// What the month has cost, and what is reserved.
        spent: NanoUsd,
        /// The most that this could cost.
        highest: NanoUsd,
        /// The month's limit.
        limit: NanoUsd,
    },
    /// There is a limit, and it could not be kept.
    #[error(
        "Nothing was sent: nobody says what this model costs, so the month's limit could not be kept. \
         Choose another model, or take the limit away. Of your own server you can say in the settings that \
         it costs nothing."
    )]
    PriceUnknown,
    /// A server in the user's own network that they have not confirmed.
    #[error(
        "{host} is in your own network, and Sotto has not used it before. Nothing was sent. \
         Confirm it in the settings if it is yours."
    )]
    NotConfirmed {
        /// The server.
        host: String,
    },
    /// Plain http to somewhere that is neither this device nor confirmed.
    #[error(
        "The way to {host} is not encrypted, so anybody on it could read along. Nothing was sent. \
         Use an address that begins with https."
    )]
    NotEncrypted {
        /// The server.
        host: String,
    },
    /// A name or a password stands in the address.
    #[error(
        "This address has a name or password in it, where others could see it. Nothing was sent. \
         Leave it out, and put the key where keys go."
    )]
    UserInfo,
    /// Not an address that begins with http or https.
    #[error(
        "This is not an address that Sotto can use. It should begin with https://, or with http:// for a \
         server on this computer or in your own network."
    )]
    Address,
    /// The server sent us on to where we do not go.
    #[error(
        "{host} pointed to another address, and Sotto did not follow. Nothing was sent there. \
         Check the address in the settings."
    )]
    SentOn {
        /// The server that answered.
        host: String,
    },
}

/// Why a departure came to nothing, or what came back ended early.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It was not allowed to leave.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The offline lock was switched on while it was under way.
    #[error("The offline lock was switched on, so this was cut off. What had arrived is kept.")]
    Offline,
    /// The cloud was switched off while it was under way.
    #[error(
        "The cloud was switched off, and with it all that answers outside Sotto, so this was cut off. What had \
         arrived is kept."
    )]
    CloudOff,
    /// It could not be written down, so it was not sent.
    #[error(transparent)]
    NotWrittenDown(#[from] JournalError),
    /// No connection came about.
    #[error(
        "{host} could not be reached{}, so nothing was sent. Check that you are online, then try again.",
        reason(&**.cause)
    )]
    Unreachable {
        /// The server.
        host: String,
        /// What the system says.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Whoever answered could not show that it is this host.
    #[error(
        "Whoever answered could not prove to be {host}, so nothing was sent. On a company's network \
         its certificate file may have to be added in the settings."
    )]
    Untrusted {
        /// The server.
        host: String,
        /// What is wrong with its certificate.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The connection broke after it had come about.
    #[error("The connection to {host} broke. What had arrived is kept. Try again.")]
    Broken {
        /// The server.
        host: String,
        /// What the system says.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Nothing came for too long.
    #[error("{host} has been silent for {} seconds. What had arrived is kept. Try again.", .after.as_secs())]
    Silent {
        /// The server.
        host: String,
        /// How long was waited.
        after: Duration,
    },
    /// More came than was asked for.
    #[error("{host} sent far more than it should have, so it was cut off. Nothing of it is kept.")]
    TooMuch {
        /// The server.
        host: String,
        /// The most bytes there should have been.
        cap: usize,
    },
    /// A header cannot be written like this: a key with a line break in it, most likely.
    #[error("The key has characters that no key has, so nothing was sent. Copy it again, whole.")]
    BadHeader,
    /// The file with an additional certificate cannot be used.
    #[error("The certificate file {} cannot be used. Choose a file that ends in .pem or .crt.", .file.display())]
    BadCertificate {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The proxy's address cannot be used.
    #[error("The address of the proxy cannot be used. Check it in the settings.")]
    BadProxy,
    /// The system gives no means to connect at all.
    #[error(
        "This system does not let Sotto prepare a connection. Nothing was sent. Restart Sotto, then try again."
    )]
    NoClient(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why no connection came about, in a few words, where the system says so.
fn reason(cause: &(dyn Error + Send + Sync + 'static)) -> &'static str {
    let mut next: Option<&(dyn Error + 'static)> = Some(cause);
    while let Some(this) = next {
        let words = this.to_string();
        let kind = this.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        match kind {
            Some(ErrorKind::ConnectionRefused) => return " (nothing answers at that address)",
            Some(ErrorKind::TimedOut) => return " (it did not answer in time)",
            Some(ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::NetworkDown) => {
                return " (there is no way to it)";
            }
            _ if words.contains("dns error") || words.contains("lookup") => {
                return " (nobody knows a server of this name)";
            }
            _ if words.contains("tunnel") || words.contains("proxy") => {
                return " (the proxy did not let it through)";
            }
            _ if words.contains("timed out") => return " (it did not answer in time)",
            _ => next = this.source(),
        }
    }
    ""
}

impl Failure {
    /// Whether it is certain that the other side got nothing, so that trying again repeats nothing.
    pub fn nothing_was_sent(&self) -> bool {
        match self {
            Self::Refused(_)
            | Self::NotWrittenDown(_)
            | Self::Unreachable { .. }
            | Self::Untrusted { .. }
            | Self::BadHeader
            | Self::BadCertificate { .. }
            | Self::BadProxy
            | Self::NoClient(_) => true,
            Self::Offline
            | Self::CloudOff
            | Self::Broken { .. }
            | Self::Silent { .. }
            | Self::TooMuch { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_there_is_no_connection_is_said() {
        for (kind, said) in [
            (ErrorKind::ConnectionRefused, "nothing answers at that address"),
            (ErrorKind::TimedOut, "did not answer in time"),
            (ErrorKind::HostUnreachable, "no way to it"),
        ] {
            let cause = Box::new(std::io::Error::from(kind));
            let sentence = Failure::Unreachable { host: "hub.example".into(), cause }.to_string();
            assert!(sentence.contains(said) && sentence.contains("nothing was sent"), "{sentence}");
        }
        let unknown = Failure::Unreachable { host: "hub.example".into(), cause: "something else".into() };
        assert!(unknown.to_string().starts_with("hub.example could not be reached, so"), "{unknown}");
    }
}
