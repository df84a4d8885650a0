//! The reading of one answer: as a stream, or in one piece from whoever does not stream.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::{Stream, StreamExt};
use sotto_domain::{Delta, Secret};
use sotto_egress::{Failure, Response};
use sse_stream::Sse;
use tokio::time::{Instant, timeout, timeout_at};

use crate::{
    Event, MAX_EVENT_BYTES, Prepared, ProviderError, Timeouts, Torn, events,
    read::{Reading, Step},
    wire::DeltaSender,
};

/// How long the connection's own end is waited for once all was said, and through how
/// many events: then the journal can say that it ended by itself.
const FAREWELL: (Duration, usize) = (Duration::from_millis(500), 8);

/// An answer that is being read.
pub(crate) struct Answer<'a> {
    pub(crate) prepared: &'a Prepared,
    pub(crate) key: Option<&'a Secret>,
    pub(crate) timeouts: Timeouts,
    pub(crate) deltas: &'a DeltaSender,
    pub(crate) reading: Reading,
}

/// Whether there is more to read.
enum Then {
    GoOn,
    Over,
    BrokenOff,
}

impl Answer<'_> {
    /// Reads it to its end, and gives the last step.
    pub(crate) async fn read(mut self, response: Response) -> Result<Delta, ProviderError> {
        if let Some(served) = self.reading.served() {
            self.tell(served).await;
        }
        let kind = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let read = match kind {
            // Said by most; by some, nothing is said at all.
            "text/event-stream" | "" => self.read_stream(response).await,
            json if json.ends_with("json") => self.read_whole(response).await,
            _ => Err(ProviderError::NotAModel { who: self.who() }),
        };
        for delta in self.reading.rest() {
            self.tell(delta).await;
        }
        read?;
        Ok(self.reading.done(self.prepared.tariff(), self.prepared.ceiling()))
    }

    async fn read_whole(&mut self, response: Response) -> Result<(), ProviderError> {
        let (after, _) = self.timeouts.with(&self.prepared.endpoint);
        let body = match response.within(after).bytes(MAX_EVENT_BYTES).await {
            Ok(body) => body,
            Err(Failure::TooMuch { .. }) => return Err(ProviderError::Endless { who: self.who() }),
            Err(failure) => return Err(ProviderError::failed(failure, &self.prepared.endpoint)),
        };
        for event in self.prepared.endpoint.provider().dialect.read_whole(&body) {
            self.take(event).await?;
        }
        Ok(())
    }

    async fn read_stream(&mut self, response: Response) -> Result<(), ProviderError> {
        let (silence, overall) = self.timeouts.with(&self.prepared.endpoint);
        let alive = Arc::new(AtomicBool::new(false));
        let sign = alive.clone();
        let body = response.body().inspect(move |_| sign.store(true, Ordering::Relaxed));
        let mut events = Box::pin(events(body));
        let over_by = Instant::now() + overall;
        // Signs of life come as comments and empty events. Only an answer moves this on, or, at a
        // server of the user's own, anything at all: it costs nobody anything to wait there.
        let mut content_by = Instant::now() + silence;
        loop {
            let until = content_by.min(over_by);
            // Asked for by itself too: what is always ready would never let the timer speak.
            let came = timeout_at(until, events.next()).await;
            // Asked for by itself too: what is always ready would never let the timer speak.
            let late = came.is_err() || Instant::now() >= until;
            if late && !matches!(came, Ok(None)) {
                let is_alive = || self.is_own() && alive.swap(false, Ordering::Relaxed);
                match () {
                    () if self.reading.finished() => return Ok(()),
                    () if until < over_by && is_alive() => content_by = Instant::now() + silence,
                    () => return Err(self.too_late(until == over_by)),
                }
            }
            let event = match came {
                Ok(Some(event)) => event,
                Ok(None) => return Ok(()),
                Err(_) => continue,
            };
            let event = match event {
                Ok(event) => event,
                Err(torn) => return self.torn(torn),
            };
            let (written, finished) = (self.reading.bytes(), self.reading.finished());
            let data = event.data.as_deref().unwrap_or_default();
            for event in self.prepared.endpoint.provider().dialect.read(event.event.as_deref(), data) {
                match self.take(event).await? {
                    Then::GoOn => {}
                    Then::BrokenOff => return Ok(()),
                    Then::Over => {
                        farewell(&mut events).await;
                        return Ok(());
                    }
                }
            }
            if self.reading.bytes() > written {
                content_by = Instant::now() + silence;
            }
            if self.reading.finished() && !finished {
                content_by = Instant::now() + self.timeouts.tail;
            }
        }
    }

    /// After the first error nothing more is read.
    async fn take(&mut self, event: Event) -> Result<Then, ProviderError> {
        match self.reading.take(event, Instant::now()) {
            Step::Say(deltas) => {
                for delta in deltas {
                    self.tell(delta).await;
                }
            }
            Step::Noted => {}
            Step::Over => return Ok(Then::Over),
            Step::Failed(said) => {
                let said = said.without(self.key);
                let (endpoint, model) = (&self.prepared.endpoint, self.prepared.model());
                let key = self.key.is_some();
                return Err(ProviderError::answered(None, &said, None, endpoint, model, key));
            }
            Step::Garbled if self.reading.begun() || self.reading.finished() => return Ok(Then::BrokenOff),
            Step::Garbled => return Err(ProviderError::NotAModel { who: self.who() }),
            Step::Endless => return Err(ProviderError::Endless { who: self.who() }),
        }
        Ok(Then::GoOn)
    }

    /// What a stream that broke leads to: once the end was announced nothing is missing, and
    /// what was written before is kept.
    fn torn(&self, torn: Torn<Failure>) -> Result<(), ProviderError> {
        match torn {
            Torn::Endless => Err(ProviderError::Endless { who: self.who() }),
            _ if self.reading.finished() => Ok(()),
            Torn::Source(cut @ (Failure::Offline | Failure::CloudOff)) => Err(cut.into()),
            _ if self.reading.begun() => Ok(()),
            Torn::Source(failure) => Err(ProviderError::failed(failure, &self.prepared.endpoint)),
            Torn::NotText => Err(ProviderError::NotAModel { who: self.who() }),
        }
    }

    fn too_late(&self, overall: bool) -> ProviderError {
        let who = self.who();
        let (silence, longest) = self.timeouts.with(&self.prepared.endpoint);
        if overall {
            ProviderError::TooSlow { who, after: longest }
        } else {
            ProviderError::Silent { who, after: silence }
        }
    }

    async fn tell(&self, delta: Delta) {
        // Whoever hears no more has dropped this future too.
        let _ = self.deltas.send(Ok(delta)).await;
    }

    fn is_own(&self) -> bool {
        self.prepared.endpoint.is_own()
    }

    fn who(&self) -> &'static str {
        self.prepared.endpoint.who()
    }
}

async fn farewell(events: &mut (impl Stream<Item = Result<Sse, Torn<Failure>>> + Unpin)) {
    let (wait, most) = FAREWELL;
    let _ = timeout(wait, events.take(most).for_each(|_| async {})).await;
}
