//! Watches the database for what others write, so that a lock switched on in a terminal or in
//! another window ends what is under way here.

use std::{
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use sotto_store::{Store, StoreError};
use tokio::sync::watch;

use super::StoredSettings;

/// How often to look. A look reads a few bytes of memory that all processes share.
const EVERY: Duration = Duration::from_millis(200);

/// A thread that watches for as long as this lives.
pub(crate) struct Watch {
    /// Dropped first, which ends the thread.
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    changes: watch::Receiver<u64>,
}

impl Watch {
    /// Begins to watch `store`; the lock of `settings` follows what is stored.
    pub(crate) fn begin(store: Arc<Store>, settings: Arc<StoredSettings>) -> Result<Self, StoreError> {
        let mut watcher = store.watcher()?;
        store.look_for_others()?;
        let (stop, stopped) = mpsc::channel::<()>();
        let (tell, changes) = watch::channel(0);
        let work = move || {
            let mut readable = true;
            while stopped.recv_timeout(EVERY) == Err(mpsc::RecvTimeoutError::Timeout) {
                let look = watcher.has_changed();
                // Also when it can be read no more, and when it can again.
                if look.as_ref().is_ok_and(|changed| *changed) || look.is_ok() != readable {
                    readable = look.is_ok();
                    // First by the watcher's own look: the other one waits for what writes here.
                    if let Ok(promises) = watcher.promises() {
                        settings.shut(&promises);
                    }
                    settings.follow();
                    if let Err(error) = store.look_for_others() {
                        tracing::debug!(%error, "what others wrote cannot be told now");
                    }
                    tell.send_modify(|count| *count += 1);
                }
            }
        };
        let thread = thread::Builder::new().name("watch".into()).spawn(work).map_err(StoreError::Io)?;
        Ok(Self { stop: Some(stop), thread: Some(thread), changes })
    }

    /// Counts what was written, by whomever.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.clone()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // It has nothing to say; a panic of its own was said when it happened.
            let _ = thread.join();
        }
    }
}
