//! The reading of one answer: as a stream, or in one piece from whoever does not stream.

use std::time::Duration;

use futures_util::{Stream, StreamExt};
use sotto_domain::{Delta, Secret};
use sotto_egress::{Failure, Incoming};
use sse_stream::Sse;
use tokio::time::{Instant, timeout, timeout_at};

use crate::{
    Event, MAX_EVENT_BYTES, Patience, Prepared, ProviderError, Torn,
    ask::Told,
    events,
    read::{Reading, Step},
};

/// How long the connection's own end is waited for once all was said, and through how
/// many events: then the journal can say that it ended by itself.
const FAREWELL: (Duration, usize) = (Duration::from_millis(500), 8);

/// An answer that is being read.
pub(crate) struct Answer<'a> {
    pub(crate) prepared: &'a Prepared,
    pub(crate) key: Option<&'a Secret>,
    pub(crate) patience: Patience,
    pub(crate) told: &'a Told,
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
    pub(crate) async fn read(mut self, incoming: Incoming) -> Result<Delta, ProviderError> {
        if let Some(served) = self.reading.served() {
            self.tell(served).await;
        }
        let kind = incoming.header("content-type").unwrap_or_default().to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        match kind {
            // Said by most; by some, nothing is said at all.
            "text/event-stream" | "" => self.read_stream(incoming).await?,
            json if json.ends_with("json") => self.read_whole(incoming).await?,
            _ => return Err(ProviderError::NotAModel { who: self.who() }),
        }
        Ok(self.reading.done(self.prepared.tariff(), self.prepared.ceiling()))
    }

    async fn read_whole(&mut self, incoming: Incoming) -> Result<(), ProviderError> {
        let after = self.patience.content;
        let body = match timeout(after, incoming.bytes(MAX_EVENT_BYTES)).await {
            Ok(Ok(body)) => body,
            Ok(Err(Failure::TooMuch { .. })) => return Err(ProviderError::Endless { who: self.who() }),
            Ok(Err(failure)) => return Err(ProviderError::failed(failure, &self.prepared.endpoint)),
            Err(_) => return Err(ProviderError::Silent { who: self.who(), after }),
        };
        for event in self.prepared.endpoint.provider().dialect.read_whole(&body) {
            self.take(event).await?;
        }
        Ok(())
    }

    async fn read_stream(&mut self, incoming: Incoming) -> Result<(), ProviderError> {
        let mut events = Box::pin(events(incoming.body()));
        let over_by = Instant::now() + self.patience.overall;
        // Signs of life come as comments and empty events; only an answer moves this on.
        let mut content_by = Instant::now() + self.patience.content;
        loop {
            let until = content_by.min(over_by);
            // Asked for by itself too: what is always ready would never let the timer speak.
            let event = match timeout_at(until, events.next()).await {
                Ok(Some(event)) if Instant::now() < until => event,
                Ok(None) => return Ok(()),
                Ok(Some(_)) | Err(_) if self.reading.finished() => return Ok(()),
                Ok(Some(_)) | Err(_) => return Err(self.too_late(until == over_by)),
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
                content_by = Instant::now() + self.patience.content;
            }
            if self.reading.finished() && !finished {
                content_by = Instant::now() + self.patience.tail;
            }
        }
    }

    /// After the first error nothing more is read.
    async fn take(&mut self, event: Event) -> Result<Then, ProviderError> {
        match self.reading.take(event, Instant::now()) {
            Step::Say(delta) => self.tell(delta).await,
            Step::Noted => {}
            Step::Over => return Ok(Then::Over),
            Step::Failed(said) => {
                let said = said.without(self.key);
                let (endpoint, model) = (&self.prepared.endpoint, self.prepared.model());
                return Err(ProviderError::answered(None, &said, None, endpoint, model));
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
            Torn::Source(Failure::Offline) => Err(Failure::Offline.into()),
            _ if self.reading.begun() => Ok(()),
            Torn::Source(failure) => Err(ProviderError::failed(failure, &self.prepared.endpoint)),
            Torn::NotText => Err(ProviderError::NotAModel { who: self.who() }),
        }
    }

    fn too_late(&self, overall: bool) -> ProviderError {
        let who = self.who();
        if overall {
            ProviderError::TooSlow { who, after: self.patience.overall }
        } else {
            ProviderError::Silent { who, after: self.patience.content }
        }
    }

    async fn tell(&self, delta: Delta) {
        // Whoever hears no more has dropped this future too.
        let _ = self.told.send(Ok(delta)).await;
    }

    fn who(&self) -> &'static str {
        self.prepared.endpoint.provider().name
    }
}

async fn farewell(events: &mut (impl Stream<Item = Result<Sse, Torn<Failure>>> + Unpin)) {
    let (patience, most) = FAREWELL;
    let _ = timeout(patience, events.take(most).for_each(|_| async {})).await;
}
