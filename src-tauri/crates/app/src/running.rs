//! The answers that are being written, so that they can be stopped.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sotto_domain::Subject;
use tokio_util::sync::CancellationToken;

/// An answer is being written there already.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Busy;

/// The answers that are being written. A subject may have several.
#[derive(Default)]
pub(crate) struct Running(Mutex<Runs>);

#[derive(Default)]
struct Runs {
    last: u64,
    by_number: HashMap<u64, (Subject, CancellationToken)>,
}

impl Running {
    /// Begins one where none of this subject is being written.
    pub(crate) fn begin_alone(&self, subject: Subject) -> Result<Run<'_>, Busy> {
        let mut runs = self.runs();
        if runs.by_number.values().any(|(other, _)| *other == subject) {
            return Err(Busy);
        }
        runs.last += 1;
        let (number, cancel) = (runs.last, CancellationToken::new());
        runs.by_number.insert(number, (subject, cancel.clone()));
        Ok(Run { running: self, number, cancel })
    }

    /// Stops all that is being written for a subject.
    pub(crate) fn stop(&self, subject: Subject) {
        for (_, cancel) in self.runs().by_number.values().filter(|(other, _)| *other == subject) {
            cancel.cancel();
        }
    }

    /// How many are being written.
    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.runs().by_number.len()
    }

    fn runs(&self) -> MutexGuard<'_, Runs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One answer that is being written, until this is dropped.
pub(crate) struct Run<'a> {
    running: &'a Running,
    number: u64,
    pub(crate) cancel: CancellationToken,
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        self.running.runs().by_number.remove(&self.number);
    }
}
