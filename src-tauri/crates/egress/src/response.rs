//! What comes back: a head, and a body that is read as far as the caller wants it.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, LOCATION};
use sotto_domain::{Ending, EntryId, Journal, Outcome};
use tokio::time::{Instant, Sleep};
use tokio_util::sync::WaitForCancellationFutureOwned;

use crate::lock::Leave;
use crate::{Clock, Departure, Failure, Origin, Refusal};

/// An answer: its head is here, its body still comes. Dropping it ends the departure.
pub struct Response {
    status: StatusCode,
    headers: HeaderMap,
    departure: Departure,
    body: Body,
}

impl Response {
    pub(crate) fn new(
        response: reqwest::Response,
        departure: Departure,
        mut open_entry: OpenEntry,
        leave: Leave,
    ) -> Self {
        open_entry.answered(response.status());
        if response.content_length() == Some(0) {
            open_entry.close(Ending::Complete);
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let body = Body {
            bytes: Box::pin(response.bytes_stream()),
            host: departure.origin.host().into(),
            open_entry: Some(open_entry),
            taken_back: Box::pin(leave.token.clone().cancelled_owned()),
            leave,
            idle: None,
        };
        Self { status, headers, departure, body }
    }

    /// What the other side says happened.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// A header, where there is one and it is text. The name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Who answered.
    pub fn origin(&self) -> &Origin {
        &self.departure.origin
    }

    /// Where the other side sends us on to: a departure of its own, to be decided on with the same
    /// [`decide`](crate::decide) and headers of its own. Only downloads and their details may go
    /// on; never from a public host to this device or network, and never out of encryption.
    pub fn redirect(&self) -> Option<Result<Departure, Refusal>> {
        let moved = matches!(self.status.as_u16(), 301 | 302 | 303 | 307 | 308);
        let location = self.headers.get(LOCATION).filter(|_| moved)?;
        Some(location.to_str().map_or_else(|_| Err(self.departure.sent_on()), |to| self.departure.onward(to)))
    }

    /// The whole of it ends with [`Failure::Silent`] where it has not come within this long.
    #[must_use]
    pub fn within(mut self, after: Duration) -> Self {
        self.body.idle = Some(Idle { of_all: true, ..Idle::after(after) });
        self
    }

    /// The body as it comes, without an end of its own: the caller caps it.
    pub fn body(self) -> Body {
        self.body
    }

    /// The whole body, if it is at most `cap` bytes.
    pub async fn bytes(self, cap: usize) -> Result<Vec<u8>, Failure> {
        let mut body = self.body;
        let mut whole = Vec::new();
        while let Some(piece) = body.next().await {
            let piece = piece?;
            if whole.len() + piece.len() > cap {
                return Err(Failure::TooMuch { host: body.host.clone(), cap });
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
    }

    /// The whole body as text, if it is at most `cap` bytes. What is not UTF-8 is replaced.
    pub async fn text(self, cap: usize) -> Result<String, Failure> {
        Ok(String::from_utf8_lossy(&self.bytes(cap).await?).into_owned())
    }
}

/// A body as it comes. It ends after the first error; dropping it ends the departure.
pub struct Body {
    bytes: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    host: String,
    /// `None` once it is over.
    open_entry: Option<OpenEntry>,
    taken_back: Pin<Box<WaitForCancellationFutureOwned>>,
    leave: Leave,
    idle: Option<Idle>,
}

struct Idle {
    after: Duration,
    /// Whether it is for the whole body, and not for each silence in it.
    of_all: bool,
    timer: Pin<Box<Sleep>>,
}

impl Idle {
    fn after(after: Duration) -> Self {
        Self { after, of_all: false, timer: Box::pin(tokio::time::sleep(after)) }
    }
}

impl Body {
    /// Ends with [`Failure::Silent`] when nothing comes for this long.
    #[must_use]
    pub fn idle(mut self, after: Duration) -> Self {
        self.idle = Some(Idle::after(after));
        self
    }
}

impl Stream for Body {
    type Item = Result<Bytes, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(open_entry) = &mut this.open_entry else { return Poll::Ready(None) };
        let end = if this.taken_back.as_mut().poll(context).is_ready() {
            Some(Err(open_entry.cut(&this.leave)))
        } else {
            match this.bytes.as_mut().poll_next(context) {
                Poll::Ready(Some(Ok(piece))) => {
                    open_entry.received(piece.len());
                    if let Some(idle) = this.idle.as_mut().filter(|idle| !idle.of_all) {
                        idle.timer.as_mut().reset(Instant::now() + idle.after);
                    }
                    return Poll::Ready(Some(Ok(piece)));
                }
                Poll::Ready(Some(Err(error))) => Some(Err(open_entry.failed(&this.host, error))),
                Poll::Ready(None) => {
                    open_entry.close(Ending::Complete);
                    None
                }
                Poll::Pending => {
                    let Some(idle) = &mut this.idle else { return Poll::Pending };
                    ready!(idle.timer.as_mut().poll(context));
                    Some(Err(open_entry.silent(&this.host, idle.after)))
                }
            }
        };
        this.open_entry = None;
        // The connection goes now, not when the caller drops what is left.
        this.bytes = Box::pin(futures_util::stream::empty());
        Poll::Ready(end)
    }
}

/// An open entry in the journal. However it ends, it is closed, once.
pub(crate) struct OpenEntry {
    id: EntryId,
    journal: Arc<dyn Journal>,
    clock: Clock,
    /// How it went so far; its ending is the one it has if nobody reads on.
    outcome: Outcome,
    open: bool,
}

impl OpenEntry {
    pub(crate) fn new(id: EntryId, journal: Arc<dyn Journal>, clock: Clock, bytes_out: u64) -> Self {
        let outcome = Outcome { at: 0, bytes_out, bytes_in: 0, status: None, ending: Ending::Stopped };
        Self { id, journal, clock, outcome, open: true }
    }

    /// Closes it as what was cut off by the lock, or by the cloud's switch.
    pub(crate) fn cut(&mut self, leave: &Leave) -> Failure {
        let cut = leave.cut();
        self.close(if matches!(cut, Failure::Offline) { Ending::Offline } else { Ending::Stopped });
        cut
    }

    /// Closes it as what was waited for in vain.
    pub(crate) fn silent(&mut self, host: &str, after: Duration) -> Failure {
        self.close(Ending::Failed);
        Failure::Silent { host: host.into(), after }
    }

    pub(crate) fn failed(&mut self, host: &str, error: reqwest::Error) -> Failure {
        // The address may hold what nobody else should read.
        let error = error.without_url();
        let host = host.to_string();
        let failure = if error.is_connect() {
            self.outcome.bytes_out = 0;
            if is_distrust(&error) {
                Failure::Untrusted { host, cause: error.into() }
            } else {
                Failure::Unreachable { host, cause: error.into() }
            }
        } else {
            Failure::Broken { host, cause: error.into() }
        };
        self.close(Ending::Failed);
        failure
    }

    fn answered(&mut self, status: StatusCode) {
        self.outcome.status = Some(status.as_u16());
        if !status.is_success() {
            // The head says it all; whoever reads the page that comes with it may stop anywhere.
            self.outcome.ending = Ending::Complete;
        }
    }

    fn received(&mut self, bytes: usize) {
        self.outcome.bytes_in += bytes as u64;
    }

    fn close(&mut self, ending: Ending) {
        if std::mem::take(&mut self.open) {
            self.outcome.at = (self.clock)();
            self.outcome.ending = ending;
            self.journal.closed(self.id, self.outcome);
        }
    }
}

impl Drop for OpenEntry {
    fn drop(&mut self) {
        self.close(self.outcome.ending);
    }
}

/// Whether a certificate was the reason. rustls says so in words alone, down the chain of causes.
fn is_distrust(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(this) = cause {
        if this.to_string().contains("invalid peer certificate") {
            return true;
        }
        cause = this.source();
    }
    false
}
