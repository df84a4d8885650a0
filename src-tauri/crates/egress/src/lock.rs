//! The offline lock: while it is on, nothing leaves; what is under way when it goes on ends.

use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

/// A handle on the one lock; clones switch and see the same.
#[derive(Debug, Clone)]
pub struct Lock(Arc<Mutex<CancellationToken>>);

impl Lock {
    /// A lock that is on or off.
    pub fn new(on: bool) -> Self {
        let lock = Self(Arc::default());
        lock.set(on);
        lock
    }

    /// Switches it. Switching it on ends what is under way, even if it goes off again at once.
    pub fn set(&self, on: bool) {
        let mut token = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if on {
            token.cancel();
        } else if token.is_cancelled() {
            *token = CancellationToken::new();
        }
    }

    /// Whether it is on.
    pub fn is_on(&self) -> bool {
        self.token().is_cancelled()
    }

    /// Returns when the lock is on: at once, or as soon as it goes on. For what waits without a
    /// departure of its own under way, before another attempt, and must not outlast the lock.
    pub async fn shut(&self) {
        self.token().cancelled().await;
    }

    /// Cancelled when the lock is on, or as soon as it goes on.
    pub(crate) fn token(&self) -> CancellationToken {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_under_way_stays_ended_when_the_lock_goes_off_again() {
        let lock = Lock::new(false);
        let before = lock.token();
        lock.set(true);
        lock.set(false);
        assert!(before.is_cancelled());
        assert!(!lock.is_on());
        assert!(!lock.token().is_cancelled());
    }

    #[test]
    fn clones_are_the_same_lock() {
        let lock = Lock::new(false);
        lock.clone().set(true);
        assert!(lock.is_on());
    }
}
