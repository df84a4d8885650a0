//! The door itself: it writes down, then opens.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::HeaderMap;
use sotto_domain::{Entry, JournalError, waiting};

use crate::client::Clients;
use crate::policy::still_allowed;
use crate::response::OpenEntry;
use crate::{Departure, DoorOptions, Failure, Headers, Lock, Permit, Response};

/// The way out. Clones are the same door.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    options: DoorOptions,
    /// Made when first needed.
    clients: OnceLock<Clients>,
}

impl Door {
    /// Makes the door, and sees whether proxy and certificates can be used. Nothing is sent by
    /// that.
    pub fn new(options: DoorOptions) -> Result<Self, Failure> {
        let door = Self::unseen(options);
        door.clients()?;
        Ok(door)
    }

    /// Makes the door without a look at proxy and certificates: while they cannot be used, it
    /// stays shut, and says so to whoever wants to leave.
    pub fn unseen(options: DoorOptions) -> Self {
        Self(Arc::new(Inner { options, clients: OnceLock::new() }))
    }

    fn clients(&self) -> Result<&Clients, Failure> {
        if let Some(clients) = self.0.clients.get() {
            return Ok(clients);
        }
        // The system's certificates lie on the disk.
        let clients = waiting(|| Clients::new(&self.0.options))?;
        Ok(self.0.clients.get_or_init(|| clients))
    }

    /// The offline lock of this door.
    pub fn lock(&self) -> &Lock {
        &self.0.options.lock
    }

    /// Sends what was decided on, and waits for the head of the answer. Any status is an answer.
    ///
    /// How long to wait is the caller's matter: dropping this, or the answer, ends the departure.
    ///
    /// | what fails | what happens |
    /// |---|---|
    /// | the lock is on, or what was decided on no longer holds | refused, nothing is tried |
    /// | the journal cannot be written | nothing is tried |
    /// | a header cannot be written; proxy or certificates cannot be used | nothing is tried, and nothing is in the journal |
    /// | name, connection, certificate | `Unreachable`, `Untrusted`; the journal says failed |
    /// | the lock goes on meanwhile | `Offline`, now or from the body; the journal says so |
    /// | the cloud is switched off meanwhile | `CloudOff` of what goes there; the journal says stopped |
    /// | no answer begins within `patience` of [`Self::send_within`] | `Silent`; the journal says failed |
    pub async fn send(&self, permit: Permit, headers: Headers) -> Result<Response, Failure> {
        self.sending(permit, headers, None).await
    }

    /// The same, but waits no longer than `patience` for the head of the answer.
    pub async fn send_within(
        &self,
        permit: Permit,
        headers: Headers,
        patience: Duration,
    ) -> Result<Response, Failure> {
        self.sending(permit, headers, Some(patience)).await
    }

    async fn sending(
        &self,
        permit: Permit,
        headers: Headers,
        patience: Option<Duration>,
    ) -> Result<Response, Failure> {
        let Permit { mut departure, consent } = permit;
        let leave = self.lock().leave(&departure.errand);
        if leave.token.is_cancelled() {
            return Err(leave.refusal().into());
        }
        let headers = headers.to_map()?;
        let clients = self.clients()?;
        let DoorOptions { journal, clock, .. } = &self.0.options;
        let body = std::mem::take(&mut departure.body);
        let entry = Entry {
            at: clock(),
            purpose: departure.errand.purpose(),
            origin: departure.origin.to_string(),
            recipient: departure.recipient.clone(),
            why: departure.why.clone(),
            project: departure.project,
            subject: departure.subject,
            bytes: leaving(&departure, &headers, &body),
        };
        // Decided on once more, by what holds in the very step that writes it down.
        let mut decided = None;
        let opened = journal.opening(&entry, departure.charge(), &mut |standing| {
            let reach = still_allowed(&departure, standing, consent.as_ref());
            decided.insert(reach).is_ok()
        });
        let reach = match decided {
            Some(Err(refusal)) => return Err(refusal.into()),
            Some(Ok(reach)) => reach,
            None => {
                return Err(opened.err().unwrap_or_else(|| JournalError("nobody was asked".into())).into());
            }
        };
        let id = opened?;
        let mut open_entry = OpenEntry::new(id, journal.clone(), clock.clone(), entry.bytes);
        tracing::debug!(purpose = ?entry.purpose, origin = %entry.origin, bytes = entry.bytes, "leaving");

        let request = clients
            .reaching(reach)
            .request(departure.method.clone(), departure.url.clone())
            .headers(headers)
            .body(body);
        let answered = tokio::select! {
            biased;
            () = leave.token.cancelled() => {
                return Err(open_entry.cut(&leave));
            }
            answered = request.send() => answered,
            after = over(patience) => return Err(open_entry.silent(departure.origin.host(), after)),
        };
        match answered {
            Ok(response) => Ok(Response::new(response, departure, open_entry, leave)),
            Err(error) => Err(open_entry.failed(departure.origin.host(), error)),
        }
    }
}

/// How much leaves: the message, and where there is none, the question itself with what goes along
/// with it, a key among it.
fn leaving(departure: &Departure, headers: &HeaderMap, body: &[u8]) -> u64 {
    let along = || headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>();
    let question = || departure.url.path().len() + departure.url.query().map_or(0, str::len);
    let bytes = if body.is_empty() { question() + along() } else { body.len() };
    bytes as u64
}

/// Returns when so much time has passed; never, where there is no limit.
async fn over(patience: Option<Duration>) -> Duration {
    match patience {
        Some(patience) => tokio::time::sleep(patience).await,
        None => std::future::pending().await,
    }
    patience.unwrap_or_default()
}

#[cfg(test)]
mod tests;
