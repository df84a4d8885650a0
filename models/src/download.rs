//! Downloads: one after another, each of them paused, resumed or cancelled at any time,
//! and gone on with after whatever cut it off.
//!
//! What is asked for is a record, a small file in `.downloads`; what has arrived is a
//! part beside it. Both outlive the app. One task does the work and takes orders; a lock
//! in the folder sees to it that no other window or process works at the same time.

mod part;
mod progress;
mod record;
mod transfer;

use std::{
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use futures_util::FutureExt;
use serde::Serialize;
use sotto_domain::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};

use self::transfer::Transferring;
pub(crate) use self::{
    part::try_lock,
    record::{DownloadRecord, DownloadRecords},
};
use crate::{Catalog, ModelsError, hub::Hub};

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// A line that carries less than `least` bytes in this time is given up, and tried anew.
    pub stall: Duration,
    /// How many bytes a line must carry in the time of `stall`.
    pub least: u64,
    /// The first pause before trying again; it doubles each time.
    pub first_pause: Duration,
    /// The longest pause of our own choice.
    pub longest_pause: Duration,
    /// The longest that a server may ask us to wait.
    pub longest_wait: Duration,
    /// How often to try without anything arriving in between.
    pub attempts: u32,
    /// How many bytes are written at a time.
    pub piece: usize,
    /// How often to look whether another process is done.
    pub look: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            stall: Duration::from_secs(30),
            least: 4096,
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_mins(1),
            longest_wait: Duration::from_mins(10),
            attempts: 20,
            piece: 1 << 20,
            look: Duration::from_millis(500),
        }
    }
}

/// Tells what is free on the disk of a folder.
pub type FreeSpace = Arc<dyn Fn(&Path) -> std::io::Result<u64> + Send + Sync>;

/// A file on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transfer {
    /// The model it belongs to: the catalogue's id, or `owner/name:file`.
    pub model: String,
    /// What people call the file.
    pub name: String,
    /// The file's own name, one transfer for each.
    pub file: String,
    /// What is happening to it.
    pub state: TransferState,
    /// How many bytes are here; while they are checked, how many are.
    pub done: u64,
    /// How many there will be, once known.
    pub total: Option<u64>,
    /// Bytes a second, while they come.
    pub speed: Option<u64>,
    /// Seconds left at that speed.
    pub left: Option<u64>,
    #[serde(skip)]
    id: String,
}

/// What is happening to a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// Its turn comes later, here or after another window of Sotto.
    Waiting,
    /// The server is asked what there is.
    Asking,
    /// What is already here is looked through.
    Checking,
    /// Bytes come.
    Downloading,
    /// Something went wrong; it is tried again by itself.
    Retrying {
        /// What went wrong.
        why: String,
        /// In how many seconds.
        seconds: u64,
    },
    /// It waits to be resumed. What is here is kept.
    Paused,
    /// It was given up, and can be resumed.
    Failed {
        /// Why, in a sentence.
        why: String,
    },
    /// It is here, and its bytes are right.
    Done,
}

impl TransferState {
    /// Whether nothing more happens to it by itself.
    pub fn is_at_rest(&self) -> bool {
        match self {
            Self::Paused | Self::Failed { .. } | Self::Done => true,
            Self::Waiting | Self::Asking | Self::Checking | Self::Downloading | Self::Retrying { .. } => {
                false
            }
        }
    }
}

/// What the work is done with.
#[derive(Clone)]
pub(crate) struct Means {
    pub folder: PathBuf,
    pub catalog: Catalog,
    pub hub: Hub,
    pub timeouts: Timeouts,
    pub free: FreeSpace,
    pub clock: fn() -> Timestamp,
}

/// The downloads of one folder. Dropped, whatever is under way ends and is kept.
pub(crate) struct Downloads {
    orders: mpsc::UnboundedSender<Order>,
    transfers: TransferList,
}

enum Order {
    /// Whether the user asked for it just now, or it goes on by itself.
    Go(Vec<String>, bool),
    Pause(String, oneshot::Sender<()>),
    Cancel(String, oneshot::Sender<Result<(), ModelsError>>),
    Ask(Hub),
}

impl Downloads {
    /// Takes up the records of an earlier time; nothing is sent yet. Must be called within a
    /// Tokio runtime.
    pub fn open(means: Means) -> Self {
        let records = DownloadRecords::of(&means.folder);
        let earlier: Vec<_> = records.all().iter().map(|record| records.at_rest(record)).collect();
        let transfers = TransferList { records, view: Arc::new(watch::Sender::new(earlier)) };
        let (orders, taken) = mpsc::unbounded_channel();
        let scheduler = Scheduler { means, transfers: transfers.clone(), going: Vec::new(), current: None };
        tokio::spawn(scheduler.work(taken));
        Self { orders, transfers }
    }

    /// What is on its way, now and as it changes.
    pub fn watch(&self) -> watch::Receiver<Vec<Transfer>> {
        self.transfers.view.subscribe()
    }

    /// Begins, or goes on with, these files. They are on view when this returns.
    pub fn get(&self, records: &[DownloadRecord]) -> Result<(), ModelsError> {
        for record in records {
            self.transfers.records.add(record)?;
        }
        self.go(records.iter().map(DownloadRecord::id).collect(), true);
        Ok(())
    }

    /// Goes on with whatever was under way when the app ended.
    pub fn carry_on(&self) {
        let records = self.transfers.records.all().into_iter();
        self.go(records.filter(|record| !record.resting).map(|record| record.id()).collect(), false);
    }

    /// Goes on.
    pub fn resume(&self, model: &str) {
        self.go(self.transfers.ids(model), true);
    }

    /// Stops for a while; what is here is kept. It has stopped when this returns.
    pub fn pause(&self, model: &str) -> impl Future<Output = ()> + use<> {
        let (done, is_done) = oneshot::channel();
        self.order(Order::Pause(model.into(), done));
        async { is_done.await.unwrap_or(()) }
    }

    /// Stops for good: when this returns, nothing of it is left.
    pub fn cancel(&self, model: &str) -> impl Future<Output = Result<(), ModelsError>> + use<> {
        let (done, is_done) = oneshot::channel();
        self.order(Order::Cancel(model.into(), done));
        async { is_done.await.unwrap_or(Ok(())) }
    }

    /// Goes out by another way from now on.
    pub fn ask(&self, hub: Hub) {
        self.order(Order::Ask(hub));
    }

    fn go(&self, ids: Vec<String>, asked: bool) {
        for id in &ids {
            self.transfers.put_in_line(id);
        }
        self.order(Order::Go(ids, asked));
    }

    fn order(&self, order: Order) {
        // The scheduler is there as long as we are.
        let _ = self.orders.send(order);
    }
}

/// What everybody sees, and the records beneath it.
#[derive(Clone)]
struct TransferList {
    records: DownloadRecords,
    view: Arc<watch::Sender<Vec<Transfer>>>,
}

impl TransferList {
    /// The transfers of a model, or the one of a file.
    fn ids(&self, model: &str) -> Vec<String> {
        let view = self.view.borrow();
        let of_it = view.iter().filter(|transfer| transfer.model == model || transfer.file == model);
        of_it.map(|transfer| transfer.id.clone()).collect()
    }

    /// Shows a record as waiting, unless it is being worked on. One that is gone was had or
    /// cancelled by another window.
    fn put_in_line(&self, id: &str) {
        let Some(record) = self.records.find(id) else {
            let is_done = |transfer: &Transfer| transfer.state == TransferState::Done;
            self.view.send_modify(|list| list.retain(|other| other.id != id || is_done(other)));
            return;
        };
        let waiting = Transfer { state: TransferState::Waiting, ..self.records.at_rest(&record) };
        self.view.send_modify(|list| match list.iter_mut().find(|other| other.id == id) {
            Some(other) if other.state.is_at_rest() => *other = waiting,
            Some(_) => {}
            None => list.push(waiting),
        });
    }

    /// Shows a record as it lies there. At once, so that nobody sees a state in between.
    fn put_aside(&self, id: &str, state: TransferState) {
        let Some(record) = self.records.find(id) else { return self.take_off(id) };
        let resting = Transfer { state, ..self.records.at_rest(&record) };
        self.view.send_modify(|list| {
            if let Some(other) = list.iter_mut().find(|other| other.id == id) {
                *other = resting;
            }
        });
    }

    fn done(&self, id: &str) {
        self.view.send_modify(|list| {
            if let Some(transfer) = list.iter_mut().find(|transfer| transfer.id == id) {
                transfer.done = transfer.total.unwrap_or(transfer.done);
                (transfer.speed, transfer.left) = (None, None);
                transfer.state = TransferState::Done;
            }
        });
    }

    fn take_off(&self, id: &str) {
        self.view.send_modify(|list| list.retain(|transfer| transfer.id != id));
    }
}

type Running = Pin<Box<dyn Future<Output = Result<(), ModelsError>> + Send>>;

/// The one place where it is decided what is done next.
struct Scheduler {
    means: Means,
    transfers: TransferList,
    /// The ids of what is to be done, in order, and whether the user waits for it.
    going: Vec<(String, bool)>,
    current: Option<(String, bool, Running)>,
}

impl Scheduler {
    async fn work(mut self, mut orders: mpsc::UnboundedReceiver<Order>) {
        loop {
            if self.current.is_none() {
                self.next();
            }
            let ended = async {
                match &mut self.current {
                    Some((_, _, running)) => running.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                order = orders.recv() => match order {
                    Some(order) => self.take(order).await,
                    None => return,
                },
                outcome = ended => self.ended(outcome),
            }
        }
    }

    fn next(&mut self) {
        while !self.going.is_empty() {
            let (id, asked) = self.going.remove(0);
            if let Some(record) = self.transfers.records.find(&id) {
                self.current = Some((id, asked, self.begin(record, asked)));
                return;
            }
            self.transfers.take_off(&id);
        }
    }

    /// The work on a record. A fault of ours ends this one, and none of the others.
    fn begin(&self, record: DownloadRecord, asked: bool) -> Running {
        let mut means = self.means.clone();
        match record.endpoint.as_deref().map(|endpoint| means.hub.at(endpoint)).transpose() {
            Ok(hub) => means.hub = hub.unwrap_or(means.hub),
            Err(error) => return Box::pin(std::future::ready(Err(error))),
        }
        let running = Transferring::new(means, record, asked, self.transfers.view.clone()).run();
        let running = AssertUnwindSafe(running).catch_unwind();
        Box::pin(running.map(|ended| ended.unwrap_or(Err(ModelsError::Fault))))
    }

    fn ended(&mut self, outcome: Result<(), ModelsError>) {
        let Some((id, _, _)) = self.current.take() else { return };
        match outcome {
            Ok(()) => self.transfers.done(&id),
            // Another window cancelled it.
            Err(ModelsError::Stopped) => self.transfers.take_off(&id),
            Err(error) => {
                tracing::info!(%id, error = ?error, "a download was given up");
                self.transfers.records.rest(&id);
                self.transfers.put_aside(&id, TransferState::Failed { why: error.to_string() });
            }
        }
    }

    async fn take(&mut self, order: Order) {
        match order {
            Order::Go(ids, asked) => {
                for id in ids {
                    // Here and not by whoever asked: nobody else writes records meanwhile.
                    self.transfers.records.wake(&id);
                    let is_current = self.current.as_ref().is_some_and(|(current, ..)| *current == id);
                    if !is_current && !self.going.iter().any(|(other, _)| *other == id) {
                        self.transfers.put_in_line(&id);
                        self.going.push((id, asked));
                    }
                }
            }
            Order::Pause(model, done) => {
                for id in self.transfers.ids(&model) {
                    if self.stop(&id) {
                        self.transfers.records.rest(&id);
                        self.transfers.put_aside(&id, TransferState::Paused);
                    }
                }
                let _ = done.send(());
            }
            Order::Cancel(model, done) => {
                let mut outcome = Ok(());
                for id in self.transfers.ids(&model) {
                    self.stop(&id);
                    let removed = self.transfers.records.cancel(&id, self.means.timeouts.look).await;
                    outcome = outcome.and(removed);
                    self.transfers.take_off(&id);
                }
                let _ = done.send(outcome);
            }
            Order::Ask(hub) => {
                self.means.hub = hub;
                // What is under way goes on from where it is, by the new way.
                if let Some((id, asked, _)) = self.current.take() {
                    self.going.insert(0, (id, asked));
                }
            }
        }
    }

    /// Stops what is under way or in line; says whether it was.
    fn stop(&mut self, id: &str) -> bool {
        let waited = self.going.len();
        self.going.retain(|(other, _)| other != id);
        if self.current.as_ref().is_some_and(|(current, ..)| current == id) {
            self.current = None;
            return true;
        }
        self.going.len() < waited
    }
}
