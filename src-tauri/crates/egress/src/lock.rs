//! The offline lock: while it is on, nothing leaves; what is under way when it goes on ends. The
//! cloud's switch beside it does the same to what goes to the cloud.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::{Errand, Failure, Refusal};

/// A handle on the one lock; clones switch and see the same.
#[derive(Debug, Clone)]
pub struct Lock(Arc<Mutex<Tokens>>);

/// Leave to be under way. It is taken back for good, whatever is switched afterwards.
#[derive(Debug, Clone)]
pub(crate) struct Leave {
    /// Cancelled when it is taken back.
    pub(crate) token: CancellationToken,
    /// Cancelled when it was the lock that took it back.
    all: CancellationToken,
}

impl Leave {
    /// Why what has not left yet may not.
    pub(crate) fn refusal(&self) -> Refusal {
        if self.all.is_cancelled() { Refusal::OfflineLock } else { Refusal::CloudOff }
    }

    /// Why what was under way was cut off.
    pub(crate) fn cut(&self) -> Failure {
        if self.all.is_cancelled() { Failure::Offline } else { Failure::CloudOff }
    }
}

#[derive(Debug)]
struct Tokens {
    /// Cancelled while the lock is on.
    all: CancellationToken,
    /// Cancelled then too, and while the cloud is off.
    cloud: CancellationToken,
}

impl Lock {
    /// A lock that is on or off. The cloud is not known to be off.
    pub fn new(on: bool) -> Self {
        let all = CancellationToken::new();
        let lock = Self(Arc::new(Mutex::new(Tokens { cloud: all.child_token(), all })));
        lock.set(on);
        lock
    }

    /// Switches it. Switching it on ends what is under way, even if it goes off again at once.
    pub fn set(&self, on: bool) {
        let mut tokens = self.tokens();
        if on {
            tokens.all.cancel();
        } else if tokens.all.is_cancelled() {
            let all = CancellationToken::new();
            *tokens = Tokens { cloud: all.child_token(), all };
        }
    }

    /// Says whether the cloud is on. Switching it off ends what goes there, and no downloads.
    pub fn set_cloud(&self, on: bool) {
        let mut tokens = self.tokens();
        if !on {
            tokens.cloud.cancel();
        } else if tokens.cloud.is_cancelled() {
            tokens.cloud = tokens.all.child_token();
        }
    }

    /// Whether it is on.
    pub fn is_on(&self) -> bool {
        self.tokens().all.is_cancelled()
    }

    /// Returns when the lock is on: at once, or as soon as it goes on. For what waits without a
    /// departure of its own under way, before another attempt, and must not outlast the lock.
    pub async fn shut(&self) -> Failure {
        let token = self.tokens().all.clone();
        token.cancelled().await;
        Failure::Offline
    }

    /// The same for what goes to the cloud: also when that is switched off.
    pub async fn cloud_shut(&self) -> Failure {
        let leave = self.leave(&Errand::KeyTest);
        leave.token.cancelled().await;
        leave.cut()
    }

    /// What this errand holds while it is under way.
    pub(crate) fn leave(&self, errand: &Errand) -> Leave {
        let tokens = self.tokens();
        let token = match errand {
            Errand::ModelDownload | Errand::ModelDetails => &tokens.all,
            Errand::ProviderModels | Errand::KeyTest | Errand::Answer { .. } => &tokens.cloud,
        };
        Leave { token: token.clone(), all: tokens.all.clone() }
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_under_way_stays_ended_when_the_lock_goes_off_again() {
        let lock = Lock::new(false);
        for errand in [Errand::ModelDownload, Errand::KeyTest] {
            let before = lock.leave(&errand);
            lock.set(true);
            lock.set(false);
            assert!(before.token.is_cancelled());
            assert!(matches!((before.cut(), before.refusal()), (Failure::Offline, Refusal::OfflineLock)));
            assert!(!lock.is_on());
            assert!(!lock.leave(&errand).token.is_cancelled());
        }
    }

    #[test]
    fn clones_are_the_same_lock() {
        let lock = Lock::new(false);
        lock.clone().set(true);
        assert!(lock.is_on());
    }

    #[test]
    fn the_clouds_switch_ends_what_goes_there_and_no_download() {
        let lock = Lock::new(false);
        let (answer, download) = (lock.leave(&Errand::KeyTest), lock.leave(&Errand::ModelDownload));
        lock.set_cloud(false);
        assert!(answer.token.is_cancelled() && !download.token.is_cancelled());
        assert!(matches!((answer.cut(), answer.refusal()), (Failure::CloudOff, Refusal::CloudOff)));
        lock.set_cloud(true);
        let answer = lock.leave(&Errand::KeyTest);
        assert!(!answer.token.is_cancelled());
        lock.set(true);
        assert!(answer.token.is_cancelled() && download.token.is_cancelled());
        assert!(matches!((answer.cut(), download.refusal()), (Failure::Offline, Refusal::OfflineLock)));
    }
}
