//! What the world sees of a transfer: its state, how far it is, how fast it goes.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, time::Instant};

use super::{Transfer, TransferState};

/// How often a change is shown.
const EVERY: Duration = Duration::from_millis(100);

/// The view of one transfer. Clones change the same.
#[derive(Clone)]
pub(super) struct Progress {
    view: Arc<watch::Sender<Vec<Transfer>>>,
    id: String,
    shown: Option<Instant>,
    /// When the speed was last reckoned, at how many bytes, and what it was.
    since: Option<(Instant, u64, Option<u64>)>,
}

impl Progress {
    pub fn new(view: Arc<watch::Sender<Vec<Transfer>>>, id: String) -> Self {
        Self { view, id, shown: None, since: None }
    }

    /// Something else happens now.
    pub fn state(&self, state: TransferState) {
        self.change(|transfer| {
            (transfer.speed, transfer.left) = (None, None);
            transfer.state = state;
        });
    }

    /// So many bytes are done. Not every change is shown: nobody could see them all.
    pub fn bytes(&mut self, done: u64, total: u64) {
        let now = Instant::now();
        if self.shown.is_some_and(|shown| now - shown < EVERY) && done < total {
            return;
        }
        self.shown = Some(now);
        let speed = self.speed(now, done);
        self.change(|transfer| {
            (transfer.done, transfer.total) = (done, Some(total));
            if transfer.state == TransferState::Downloading {
                transfer.speed = speed;
                transfer.left =
                    speed.filter(|speed| *speed > 0).map(|speed| (total - done.min(total)) / speed);
            }
        });
    }

    /// Bytes a second, over the last seconds more than over those before.
    fn speed(&mut self, now: Instant, done: u64) -> Option<u64> {
        let Some((since, before, speed)) = self.since else {
            self.since = Some((now, done, None));
            return None;
        };
        let passed = u64::try_from((now - since).as_millis()).unwrap_or(u64::MAX);
        if passed < 1000 {
            return speed;
        }
        let latest = done.saturating_sub(before).saturating_mul(1000) / passed;
        let speed = speed.map_or(latest, |speed| (speed.saturating_mul(2) + latest) / 3);
        self.since = Some((now, done, Some(speed)));
        Some(speed)
    }

    fn change(&self, change: impl FnOnce(&mut Transfer)) {
        self.view.send_modify(|list| {
            if let Some(transfer) = list.iter_mut().find(|transfer| transfer.id == self.id) {
                change(transfer);
            }
        });
    }
}
