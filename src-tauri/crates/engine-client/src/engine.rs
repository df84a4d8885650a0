//! The engine as the app holds it: a handle to the task that owns the process.

use std::{
    io,
    path::{Path, PathBuf},
    sync::PoisonError,
    time::Duration,
};

use futures_core::Stream;
use sotto_domain::{
    AnswerStream, Answering, AnsweringError, Cost, Delta, Destination, Finish, Request, Usage,
};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::{
    EngineOptions, EngineState, Plan, TaskLimits,
    actor::{Actor, Order},
    plan::{Choice, Chosen, model_name},
    task,
};

/// The engine on this device. Cheap to clone; all clones speak to the same process.
#[derive(Clone)]
pub struct Engine {
    orders: mpsc::UnboundedSender<Order>,
    states: watch::Receiver<EngineState>,
    chosen: Chosen,
    program: PathBuf,
}

impl Engine {
    /// The engine's file name, beside the app's own program.
    pub const PROGRAM: &str = if cfg!(windows) { "sotto-engine.exe" } else { "sotto-engine" };

    /// An engine that is not started yet. Must be called within a Tokio runtime.
    pub fn new(options: EngineOptions) -> Self {
        let (orders, receive) = mpsc::unbounded_channel();
        let (state, states) = watch::channel(EngineState::Absent);
        let (chosen, program) = (Chosen::default(), options.program.clone());
        tokio::spawn(Actor::new(options, receive, state, chosen.clone()).live());
        Self { orders, states, chosen, program }
    }

    /// The engine's program where it is installed: beside the app's own, or one
    /// folder up from it (where cargo puts tests).
    pub fn program_beside_us() -> Option<PathBuf> {
        let us = std::env::current_exe().ok()?;
        us.ancestors().skip(1).take(2).map(|folder| folder.join(Self::PROGRAM)).find(|path| path.is_file())
    }

    /// Follows the engine's state.
    pub fn states(&self) -> watch::Receiver<EngineState> {
        self.states.clone()
    }

    /// Chooses the model at `path` without loading it; it loads when it is needed.
    pub fn choose(&self, path: &Path, plan: Plan) {
        let choice = Choice { path: path.to_owned(), plan };
        *self.chosen.lock().unwrap_or_else(PoisonError::into_inner) = Some(choice);
        let _ = self.orders.send(Order::Rest);
    }

    /// From now on leaves so many of the processor's cores to others: a model that is loaded
    /// otherwise is loaded again when it is next needed.
    pub fn spare(&self, cores: u32) {
        if let Some(choice) = self.chosen.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            choice.plan.spare_cores = cores;
        }
    }

    /// Loads the model at `path` now, as `plan` has it. When that fails the model chosen
    /// before stays chosen, and the error says why.
    ///
    /// # Errors
    /// See [`AnsweringError`].
    pub async fn open(&self, path: &Path, plan: Plan) -> Result<(), AnsweringError> {
        let (reply, answer) = oneshot::channel();
        let _ = self.orders.send(Order::Open { choice: Choice { path: path.to_owned(), plan }, reply });
        answer.await.unwrap_or(Err(AnsweringError::Crashed))
    }

    /// Has a process of the engine's own program, apart from the one that answers and behind the
    /// same bar, do a task with `input`, and returns its answer: cut off where it fell, or ran
    /// out of `limits`.
    ///
    /// # Errors
    /// It could not be started behind the bar.
    pub async fn do_task(&self, task: &str, input: &[u8], limits: TaskLimits) -> io::Result<Vec<u8>> {
        task::run(&self.program, task, input, limits).await
    }

    /// Gives all of the engine's memory back, and returns when it is free. The model stays
    /// chosen, and is loaded again when it is needed.
    pub async fn unload(&self) {
        let (reply, done) = oneshot::channel();
        let _ = self.orders.send(Order::Unload { reply });
        let _ = done.await;
    }

    /// Forgets all that was read, in memory and on the disk; a model that was loaded is
    /// loaded again. Not before the answer under way has ended.
    pub fn forget(&self) {
        let _ = self.orders.send(Order::Forget);
    }

    /// From now on, unloads by itself when nobody has asked anything for so long; `None`:
    /// never, as at first.
    pub fn rest_after(&self, idle: Option<Duration>) {
        let _ = self.orders.send(Order::RestAfter(idle));
    }

    /// The process's number, while it runs. For tests and for the page that shows
    /// what runs on this machine.
    pub async fn process(&self) -> Option<u32> {
        let (reply, answer) = oneshot::channel();
        let _ = self.orders.send(Order::Process { reply });
        answer.await.ok().flatten()
    }

    /// The model that is to answer, if any was chosen.
    pub fn chosen(&self) -> Option<PathBuf> {
        let chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        chosen.as_ref().map(|choice| choice.path.clone())
    }
}

impl Answering for Engine {
    fn destination(&self) -> Option<Destination> {
        self.chosen().map(|path| Destination::Device { model: model_name(&path) })
    }

    fn answer(&self, request: Request, cancel: CancellationToken) -> AnswerStream {
        let (events, deltas) = mpsc::channel(32);
        let _ = self.orders.send(Order::Answer { request, events, cancel: cancel.clone() });
        Box::pin(Answer { deltas, waiting: Some(Box::pin(cancel.cancelled_owned())), over: false })
    }
}

/// An answer as it comes. A run that still waits behind another one ends at once
/// when it is cancelled; one that has begun ends as the engine ends it.
struct Answer {
    deltas: mpsc::Receiver<Result<Delta, AnsweringError>>,
    waiting: Option<std::pin::Pin<Box<tokio_util::sync::WaitForCancellationFutureOwned>>>,
    over: bool,
}

impl Stream for Answer {
    type Item = Result<Delta, AnsweringError>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        use std::task::Poll;
        if self.over {
            return Poll::Ready(None);
        }
        match self.deltas.poll_recv(context) {
            Poll::Ready(Some(item)) => {
                self.waiting = None;
                self.over = matches!(item, Ok(Delta::Done { .. }) | Err(_));
                Poll::Ready(Some(item))
            }
            // The actor never drops a run without a last word, unless it is gone itself.
            Poll::Ready(None) => {
                self.over = true;
                Poll::Ready(Some(Err(AnsweringError::Crashed)))
            }
            Poll::Pending => match self.waiting.as_mut().map(|wait| wait.as_mut().poll(context)) {
                Some(Poll::Ready(())) => {
                    self.over = true;
                    let usage = Usage::default();
                    Poll::Ready(Some(Ok(Delta::Done { finish: Finish::Stopped, usage, cost: Cost::Free })))
                }
                _ => Poll::Pending,
            },
        }
    }
}
