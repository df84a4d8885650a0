//! A stream of bytes becomes a stream of server-sent events, however the bytes were cut:
//! byte-order marks, any line ending, comments and split characters are `sse-stream`'s to
//! know. Ours are the cap, and the last event of a server that forgets its empty line.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::{Stream, StreamExt, stream};
use sotto_egress::Bytes;
use sse_stream::{Sse, SseByteStream};

/// The most bytes one event may have.
pub(crate) const MAX_EVENT_BYTES: usize = 4 * 1024 * 1024;

/// Why no more events come.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Torn<E: std::error::Error + 'static> {
    /// The bytes ended with a fault of their own.
    #[error("the stream broke off")]
    Source(#[source] E),
    /// An event had no end within [`MAX_EVENT_BYTES`].
    #[error("an event had no end within {MAX_EVENT_BYTES} bytes")]
    Endless,
    /// What came is not text.
    #[error("what came is not text")]
    NotText,
}

/// The events of `bytes`. Ends with the bytes or after the first fault; nothing is read after it.
pub(crate) fn events<E, S>(bytes: S) -> impl Stream<Item = Result<Sse, Torn<E>>> + Send
where
    E: std::error::Error + Send + Sync + 'static,
    S: Stream<Item = Result<Bytes, E>> + Send + 'static,
{
    // Bytes taken since the last whole event; shared by the two ends of the decoder.
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = taken.clone();
    let capped = bytes.map(move |chunk| {
        let chunk = chunk.map_err(Torn::Source)?;
        if counter.fetch_add(chunk.len(), Ordering::Relaxed) > MAX_EVENT_BYTES {
            return Err(Torn::Endless);
        }
        Ok(chunk)
    });
    // An event without the empty line after it is dropped by the letter of the standard;
    // here it may be the one that says how the answer ended.
    let closed = capped.chain(stream::once(async { Ok(Bytes::from_static(b"\n\n")) }));
    let decoded: Pin<Box<dyn Stream<Item = _> + Send>> = Box::pin(SseByteStream::new(closed));
    decoded.map(move |event| {
        taken.store(0, Ordering::Relaxed);
        event.map_err(|error| match error {
            sse_stream::Error::Body(source) => match source.downcast::<Torn<E>>() {
                Ok(torn) => *torn,
                Err(_) => Torn::NotText,
            },
            _ => Torn::NotText,
        })
    })
}
