//! The door itself: it writes down, then opens.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sotto_domain::{Entry, Journal, Timestamp};

use crate::client::Clients;
use crate::incoming::Departed;
use crate::{Failure, Headers, Incoming, Lock, Permit, Refusal};

/// The time, where the door asks for it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The way out. Clones are the same door.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    clients: Clients,
    lock: Lock,
    journal: Arc<dyn Journal>,
    clock: Clock,
}

/// What a door is made of. When one of these changes, a new door is made; a new door with
/// the same lock is as locked as the old one.
pub struct DoorOptions {
    /// How the world is reached. This device and her own network are always reached directly.
    pub proxy: Proxy,
    /// A file with certificates (PEM) to trust besides the system's.
    pub extra_ca: Option<PathBuf>,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// The offline lock.
    pub lock: Lock,
    /// Where departures are written down.
    pub journal: Arc<dyn Journal>,
    /// The time for the journal.
    pub clock: Clock,
}

/// How the world is reached.
#[derive(Clone, PartialEq, Eq)]
pub enum Proxy {
    /// As the system and its environment say.
    System,
    /// Directly.
    None,
    /// Through this one: `http://`, `https://` or `socks5://`.
    At(String),
}

impl DoorOptions {
    /// The usual: the system's proxy and certificates, and 20 seconds to connect.
    pub fn new(journal: Arc<dyn Journal>, lock: Lock, clock: Clock) -> Self {
        Self {
            proxy: Proxy::System,
            extra_ca: None,
            connect_timeout: Duration::from_secs(20),
            lock,
            journal,
            clock,
        }
    }
}

impl Door {
    /// Makes the door. Nothing is sent by that.
    pub fn new(options: DoorOptions) -> Result<Self, Failure> {
        let clients = Clients::new(&options)?;
        let DoorOptions { lock, journal, clock, .. } = options;
        Ok(Self(Arc::new(Inner { clients, lock, journal, clock })))
    }

    /// The offline lock of this door.
    pub fn lock(&self) -> &Lock {
        &self.0.lock
    }

    /// Sends what was decided on, and waits for the head of the answer. Any status is an answer.
    ///
    /// How long to wait is the caller's matter: dropping this, or the answer, ends the departure.
    ///
    /// | what fails | what happens |
    /// |---|---|
    /// | the lock is on | refused, nothing is tried |
    /// | the journal cannot be written | nothing is tried |
    /// | a header cannot be written | nothing is tried, and nothing is in the journal |
    /// | name, connection, certificate | `Unreachable`, `Untrusted`; the journal says failed |
    /// | the lock goes on meanwhile | `Offline`, now or from the body; the journal says so |
    pub async fn send(&self, permit: Permit, headers: Headers) -> Result<Incoming, Failure> {
        let Permit { mut departure, reach } = permit;
        let locked = self.0.lock.token();
        if locked.is_cancelled() {
            return Err(Refusal::OfflineLock.into());
        }
        let headers = headers.to_map()?;
        let body = std::mem::take(&mut departure.body);
        let entry = Entry {
            at: (self.0.clock)(),
            purpose: departure.errand.purpose(),
            origin: departure.origin.to_string(),
            recipient: departure.recipient.clone(),
            why: departure.why.clone(),
            project: departure.project,
            conversation: departure.conversation,
            bytes: body.len() as u64,
        };
        let id = self.0.journal.opening(&entry)?;
        let mut departed = Departed::new(id, self.0.journal.clone(), self.0.clock.clone(), entry.bytes);
        tracing::debug!(purpose = ?entry.purpose, origin = %entry.origin, bytes = entry.bytes, "leaving");

        let request = self
            .0
            .clients
            .reaching(reach)
            .request(departure.method.clone(), departure.url.clone())
            .headers(headers)
            .body(body);
        let answered = tokio::select! {
            biased;
            () = locked.cancelled() => {
                return Err(departed.offline());
            }
            answered = request.send() => answered,
        };
        match answered {
            Ok(response) => Ok(Incoming::new(response, departure, departed, locked)),
            Err(error) => Err(departed.failed(departure.origin.host(), error)),
        }
    }
}

#[cfg(test)]
mod tests;
