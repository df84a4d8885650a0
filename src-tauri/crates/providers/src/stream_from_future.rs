//! A stream whose items a future says one after another. Whoever drops the stream drops
//! the future with all it holds: nothing goes on behind anybody's back.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::Stream;
use tokio::sync::mpsc;

/// The stream of what `talk` says into the channel that it is given.
pub(crate) fn stream_from_future<T, F>(talk: impl FnOnce(mpsc::Sender<T>) -> F) -> StreamFromFuture<T>
where
    F: Future<Output = ()> + Send + 'static,
{
    // A small buffer: a reader that is slow slows the connection, not the memory.
    let (said, heard) = mpsc::channel(16);
    StreamFromFuture { talk: Some(Box::pin(talk(said))), heard }
}

pub(crate) struct StreamFromFuture<T> {
    talk: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    heard: mpsc::Receiver<T>,
}

impl<T> Stream for StreamFromFuture<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        if let Some(talk) = &mut self.talk
            && talk.as_mut().poll(context).is_ready()
        {
            self.talk = None;
        }
        // The channel ends when the future is gone, after what it said.
        self.heard.poll_recv(context)
    }
}
