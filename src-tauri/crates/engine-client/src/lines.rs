//! What a process that is not trusted writes, line by line: never more than so much of it
//! in memory, and never faster than so fast.

use std::{
    io,
    time::{Duration, Instant},
};

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// A line as it came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// All of it, without its end.
    Whole(Vec<u8>),
    /// It was longer than is taken, and is gone.
    TooLong,
}

/// Lines, of each of which no more than so many bytes are kept.
pub(crate) struct Lines<R> {
    from: R,
    most: usize,
    /// The rest of the line is nobody's business.
    skipping: bool,
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    pub(crate) fn new(from: R, most: usize) -> Self {
        Self { from, most, skipping: false }
    }

    /// The next line; `None` at the end. That one is too long is said as soon as it is
    /// known. Whoever drops this before it is ready loses what was read of the line.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Line>> {
        let (mut line, mut any) = (Vec::new(), false);
        loop {
            let there = self.from.fill_buf().await?;
            if there.is_empty() {
                return Ok(any.then_some(Line::Whole(line)));
            }
            let end = there.iter().position(|byte| *byte == b'\n');
            let part = &there[..end.unwrap_or(there.len())];
            let taken = end.map_or(there.len(), |end| end + 1);
            let (skipped, long) = (self.skipping, line.len() + part.len() > self.most);
            if !skipped && !long {
                line.extend_from_slice(part);
                any = true;
            }
            self.from.consume(taken);
            self.skipping = end.is_none() && (skipped || long);
            if !skipped && long {
                return Ok(Some(Line::TooLong));
            }
            if !skipped && end.is_some() {
                return Ok(Some(Line::Whole(line)));
            }
        }
    }
}

/// How much may be said within a second.
#[derive(Debug)]
pub(crate) struct Pace {
    lines: u32,
    bytes: usize,
    since: Instant,
}

impl Pace {
    /// A fast model writes a few hundred pieces a second, a few bytes each.
    const MOST_LINES: u32 = 10_000;
    const MOST_BYTES: usize = 8 * 1024 * 1024;

    pub(crate) fn new() -> Self {
        Self { lines: 0, bytes: 0, since: Instant::now() }
    }

    /// Whether a line of so many bytes is still within bounds.
    pub(crate) fn allows(&mut self, bytes: usize) -> bool {
        if self.since.elapsed() >= Duration::from_secs(1) {
            *self = Self::new();
        }
        self.lines += 1;
        self.bytes = self.bytes.saturating_add(bytes);
        self.lines <= Self::MOST_LINES && self.bytes <= Self::MOST_BYTES
    }
}

#[cfg(test)]
mod tests;
