//! Lines in, lines out. Every run that the app begins ends with exactly one final
//! message, and nothing is said of it afterwards.

use std::{
    collections::BTreeMap,
    io::{BufRead, Read, Write},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

use sotto_engine_protocol::{FrameError, FromEngine, MAX_FRAME_BYTES, RunId, encode};

use crate::logits_hook::Event;

/// How often a run under way shows that the engine lives.
const PULSE: Duration = Duration::from_secs(1);

/// What the engine says, whichever thread says it.
pub struct Answers {
    state: Mutex<State>,
}

struct State {
    out: Box<dyn Write + Send>,
    /// The runs that have begun and not ended, with the line on which each can be told
    /// to stop.
    open: BTreeMap<RunId, mpsc::Sender<Event>>,
}

impl Answers {
    pub fn new(out: impl Write + Send + 'static) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(State { out: Box::new(out), open: BTreeMap::new() }) })
    }

    /// Begins a run; `stop` hears of it when it is cancelled.
    pub fn begin(&self, run: RunId, stop: mpsc::Sender<Event>) {
        self.state().open.insert(run, stop);
    }

    /// Tells a run to stop. One that is unknown, or over, is no fault.
    pub fn cancel(&self, run: RunId) {
        if let Some(stop) = self.state().open.get(&run) {
            // A run that listens no more is about to end.
            let _ = stop.send(Event::Cancelled);
        }
    }

    /// Says one thing. A final message ends its run.
    pub fn send(&self, message: &FromEngine) {
        let mut state = self.state();
        if let Some(run) = finished(message) {
            state.open.remove(&run);
        }
        state.write(message);
    }

    /// From now on every open run shows once a second that the engine lives. It has a
    /// thread of its own, for those that compute are busy just then.
    pub fn keep_pulse(self: &Arc<Self>) {
        let answers = Arc::downgrade(self);
        thread::spawn(move || {
            loop {
                thread::sleep(PULSE);
                let Some(answers) = answers.upgrade() else { return };
                let mut state = answers.state();
                for run in state.open.keys().copied().collect::<Vec<_>>() {
                    state.write(&FromEngine::Pulse { run });
                }
            }
        });
    }

    /// No code of ours panics while it holds this lock; were it to, the table is still whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn write(&mut self, message: &FromEngine) {
        let written = match encode(message) {
            Ok(line) => self.out.write_all(line.as_bytes()),
            Err(error) => {
                tracing::error!(%error, "a message could not be said");
                return;
            }
        };
        // Nobody reads any more: the end of stdin, which ends the engine, is on its way.
        if let Err(error) = written {
            tracing::debug!(%error, "nobody listens");
        }
    }
}

/// The run that `message` is the last of.
fn finished(message: &FromEngine) -> Option<RunId> {
    match message {
        FromEngine::Loaded { run, .. }
        | FromEngine::Done { run, .. }
        | FromEngine::Counted { run, .. }
        | FromEngine::Unloaded { run } => Some(*run),
        FromEngine::Failed { run, .. } => *run,
        FromEngine::Hello { .. }
        | FromEngine::Pulse { .. }
        | FromEngine::Progress { .. }
        | FromEngine::Delta { .. } => None,
    }
}

/// The app's lines, until it goes away. One that is longer than the protocol allows is
/// passed over without being kept.
pub struct Lines<R> {
    from: R,
}

impl<R: BufRead> Lines<R> {
    pub fn new(from: R) -> Self {
        Self { from }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Vec<u8>, FrameError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        let read = self.from.by_ref().take(MAX_FRAME_BYTES as u64 + 1).read_until(b'\n', &mut line);
        if read.ok()? == 0 {
            return None;
        }
        if line.len() > MAX_FRAME_BYTES && !line.ends_with(b"\n") {
            self.from.skip_until(b'\n').ok()?;
            return Some(Err(FrameError::TooLong(line.len())));
        }
        Some(Ok(line))
    }
}

#[cfg(test)]
mod tests;
