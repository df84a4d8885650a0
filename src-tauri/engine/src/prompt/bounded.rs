//! A chat template is a program that came with a file from anywhere. It is run where it
//! can do no harm: on a thread of its own, with so much memory and so much time.
//!
//! Most that go astray are ended by their count of instructions (`template.rs`). What is
//! left are a few instructions that do much each: they are found out by the clock.

use std::{
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use crate::memory;

/// A template of thousands of turns takes some hundredths of this.
const LONGEST: Duration = Duration::from_millis(1500);

/// What was said is not in it: the words take their places only afterwards.
const MEMORY: usize = 128 << 20;

/// Each call of a macro takes some of it.
const STACK: usize = 16 << 20;

/// Why there is no outcome.
#[derive(Debug, PartialEq, Eq)]
pub enum Astray {
    /// It came to no end, or wanted more memory than there is for it. Its thread is still
    /// there, so the process should end.
    Endless,
    /// It panicked.
    Panicked,
}

/// What comes of `work`.
pub fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Astray> {
    let (tell, told) = mpsc::channel();
    let thread = thread::Builder::new().name("template".into()).stack_size(STACK).spawn(move || {
        memory::hold_to(MEMORY);
        // Nobody listens any more to one that took too long.
        let _ = tell.send(work());
    });
    if thread.is_err() {
        return Err(Astray::Panicked);
    }
    told.recv_timeout(LONGEST).map_err(|error| match error {
        RecvTimeoutError::Timeout => Astray::Endless,
        RecvTimeoutError::Disconnected => Astray::Panicked,
    })
}
