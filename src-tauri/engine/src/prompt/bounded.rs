//! A chat template is a program that came with a file from anywhere. It is run where it
//! can do no harm: on a thread of its own, with so much memory and so much time.
//!
//! Most that go astray are ended by their count of instructions (`template.rs`). What is
//! left are a few instructions that do much each: they are found out by the clock of their thread,
//! which stands still while others have the processor.

use std::{
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use crate::{memory, platform};

/// How long it may compute. A template of thousands of turns takes some hundredths of this.
const LONGEST: Duration = Duration::from_millis(1500);

/// How long it may take where others want the processor too: a good file is not to be refused because
/// the machine is busy.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How long it may take where the system does not tell how long a thread has computed.
const LONGEST_UNTOLD: Duration = Duration::from_secs(5);

/// How often its clock is looked at.
const LOOK: Duration = Duration::from_millis(50);

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
    let Ok(thread) = thread else { return Err(Astray::Panicked) };
    let began = Instant::now();
    loop {
        match told.recv_timeout(LOOK) {
            Ok(outcome) => return Ok(outcome),
            Err(RecvTimeoutError::Disconnected) => return Err(Astray::Panicked),
            Err(RecvTimeoutError::Timeout) => {}
        }
        let over = match platform::computed(&thread) {
            Some(computed) => computed >= LONGEST || began.elapsed() >= LONGEST_WAIT,
            None => began.elapsed() >= LONGEST_UNTOLD,
        };
        if over {
            return Err(Astray::Endless);
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_template_that_others_keep_from_computing_is_not_endless() {
        let waits = || {
            thread::sleep(LONGEST + LOOK);
            7
        };
        assert_eq!(run(waits), Ok(7));
    }

    #[test]
    fn one_that_computes_without_end_is_ended() {
        let computes = || {
            loop {
                std::hint::spin_loop();
            }
        };
        assert_eq!(run::<()>(computes), Err(Astray::Endless));
    }
}
