//! The one task that owns the engine process. It takes orders one after another.
//!
//! What can go wrong, and the answer to it:
//! - the process dies or falls silent: it is killed and started again, after a pause
//!   that doubles with each crash in a row; the run it was serving ends with
//!   [`AnsweringError::Crashed`];
//! - it crashes five times in a row: it is left alone until the next order;
//! - a model cannot be loaded: the model chosen before stays chosen.
//!
//! An engine that nobody asks anything is ended after a while, where that was wished: so
//! all of its memory is free, and nothing is lost.

use std::{sync::PoisonError, time::Duration};

use sotto_domain::{AnsweringError, Delta, Request};
use sotto_engine_protocol::{FailureKind, FromEngine, KEPT, ModelInfo, RunId, ToEngine};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    EngineOptions, EngineState, Loaded, cpu,
    engine::{Choice, Chosen, model_name},
    sandbox,
    session::{Fault, Session, StartFault},
};

mod answer;

/// What the handle asks for.
pub(crate) enum Order {
    Rest,
    Open { choice: Choice, reply: oneshot::Sender<Result<(), AnsweringError>> },
    Answer { request: Request, events: Events, cancel: CancellationToken },
    Process { reply: oneshot::Sender<Option<u32>> },
    Unload { reply: oneshot::Sender<()> },
    Forget,
    RestAfter(Option<Duration>),
}

pub(crate) type Events = mpsc::Sender<Result<Delta, AnsweringError>>;

const CRASHES_IN_A_ROW: u32 = 5;

pub(crate) struct Actor {
    options: EngineOptions,
    orders: mpsc::UnboundedReceiver<Order>,
    state: watch::Sender<EngineState>,
    chosen: Chosen,
    session: Option<Session>,
    loaded: Option<(Choice, Loaded)>,
    last_run: u64,
    crashes: u32,
    revive_at: Option<Instant>,
    /// How long it may sit idle, and since when it does.
    idle: Option<Duration>,
    asked: Instant,
}

impl Actor {
    pub(crate) fn new(
        options: EngineOptions,
        orders: mpsc::UnboundedReceiver<Order>,
        state: watch::Sender<EngineState>,
        chosen: Chosen,
    ) -> Self {
        Self {
            options,
            orders,
            state,
            chosen,
            session: None,
            loaded: None,
            last_run: 0,
            crashes: 0,
            revive_at: None,
            idle: None,
            asked: Instant::now(),
        }
    }

    /// Serves until the last handle is gone.
    pub(crate) async fn live(mut self) {
        loop {
            match self.next().await {
                Next::Order(order) => self.obey(order).await,
                Next::Ended => self.mourn().await,
                Next::Revive => self.revive().await,
                Next::Idle => self.unload().await,
                Next::Over => break,
            }
        }
    }

    async fn next(&mut self) -> Next {
        let idle_at = self.idle.filter(|_| self.session.is_some()).map(|idle| self.asked + idle);
        tokio::select! {
            biased;
            order = self.orders.recv() => order.map_or(Next::Over, Next::Order),
            () = ended(self.session.as_mut()) => Next::Ended,
            () = due(self.revive_at) => Next::Revive,
            () = due(idle_at) => Next::Idle,
        }
    }

    async fn obey(&mut self, order: Order) {
        match order {
            Order::Rest => {
                if !self.is_loaded() {
                    self.rest();
                }
            }
            Order::Open { choice, reply } => {
                let outcome = self.open(choice).await;
                self.asked = Instant::now();
                let _ = reply.send(outcome);
            }
            Order::Answer { request, events, cancel } => {
                self.answer(request, events, cancel).await;
                self.asked = Instant::now();
            }
            Order::Process { reply } => {
                let _ = reply.send(self.session.as_ref().and_then(Session::process));
            }
            Order::Unload { reply } => {
                self.unload().await;
                let _ = reply.send(());
            }
            Order::Forget => self.forget().await,
            Order::RestAfter(idle) => self.idle = idle,
        }
    }

    async fn open(&mut self, choice: Choice) -> Result<(), AnsweringError> {
        let before = self.chosen();
        self.set_chosen(Some(choice));
        let outcome = self.ready(None).await;
        match (&outcome, before) {
            (Err(_), Some(before)) => {
                self.set_chosen(Some(before));
                self.rest();
            }
            // There is nothing to go back to: whoever sends now hears the true reason.
            (Err(error), None) => self.fail(error),
            (Ok(()), _) => {}
        }
        outcome
    }

    /// Sees to it that the process runs and has the chosen model in memory. `events`
    /// hears how loading goes.
    async fn ready(&mut self, events: Option<&Events>) -> Result<(), AnsweringError> {
        self.revive_at = None;
        let choice = self.chosen().ok_or(AnsweringError::NoModel)?;
        if self.is_loaded() {
            return Ok(());
        }
        let model = model_name(&choice.path);
        let spare_cores = choice.plan.spare_cores;
        if self.session.as_ref().is_some_and(|session| session.spare_cores != spare_cores) {
            self.end().await;
        }
        if self.session.is_none() {
            cpu::check().map_err(AnsweringError::Unsupported)?;
            self.state.send_replace(EngineState::Starting { model: model.clone() });
            let started =
                Session::start(&self.options.program, spare_cores, self.options.patience.hello).await;
            self.session = Some(started.map_err(|fault| start_error(&fault))?);
        }
        self.load(choice, &model, events).await
    }

    async fn load(
        &mut self,
        choice: Choice,
        model: &str,
        events: Option<&Events>,
    ) -> Result<(), AnsweringError> {
        self.loaded = None;
        let run = self.new_run();
        let order = ToEngine::Load {
            run,
            path: choice.path.clone(),
            scratch: self.options.scratch.clone(),
            exact: false,
            context: choice.plan.context,
            mind: choice.plan.mind,
            keep: choice.plan.keep,
            device: choice.plan.device,
        };
        self.publish_loading(model, 0, 0);
        sandbox::admit(&choice.path, &self.options.scratch);
        self.say(&order).await?;
        let mut deadline = Instant::now() + self.options.patience.progress;
        loop {
            match self.hear(deadline).await? {
                FromEngine::Progress { run: of, done, total } if of == run => {
                    deadline = Instant::now() + self.options.patience.progress;
                    self.publish_loading(model, done, total);
                    if let Some(events) = events {
                        let _ = events.send(Ok(Delta::Loading { done, total })).await;
                    }
                }
                FromEngine::Loaded { run: of, model } if of == run => {
                    self.loaded = Some((choice, loaded(model)));
                    self.publish_ready();
                    return Ok(());
                }
                FromEngine::Failed { run: of, kind, message } if of == Some(run) => {
                    return Err(failure(kind, message));
                }
                _ => {}
            }
        }
    }

    async fn say(&mut self, message: &ToEngine) -> Result<(), AnsweringError> {
        let outcome = match &mut self.session {
            Some(session) => session.say(message).await,
            None => Err(Fault::Gone),
        };
        match outcome {
            Ok(()) => Ok(()),
            Err(fault) => Err(self.crashed(fault).await),
        }
    }

    /// The next line, if it comes before `deadline` and within the pulse.
    async fn hear(&mut self, deadline: Instant) -> Result<FromEngine, AnsweringError> {
        let left = deadline.saturating_duration_since(Instant::now());
        let patience = left.min(self.options.patience.pulse);
        let heard = match &mut self.session {
            Some(session) => session.hear(patience).await,
            None => Err(Fault::Gone),
        };
        match heard {
            Ok(message) => Ok(message),
            Err(fault) => Err(self.crashed(fault).await),
        }
    }

    /// Buries the process and sets the time of its return.
    async fn crashed(&mut self, fault: Fault) -> AnsweringError {
        self.crashes += 1;
        tracing::warn!(%fault, in_a_row = self.crashes, "the engine crashed");
        self.end().await;
        if self.crashes < CRASHES_IN_A_ROW {
            self.revive_at = Some(Instant::now() + pause(self.crashes));
            self.rest();
        } else {
            self.fail(&AnsweringError::Crashed);
        }
        AnsweringError::Crashed
    }

    async fn mourn(&mut self) {
        self.crashed(Fault::Gone).await;
    }

    async fn revive(&mut self) {
        if let Err(error) = self.ready(None).await {
            // A crash has set its own next time; anything else will not mend by itself.
            if self.revive_at.is_none() {
                self.fail(&error);
            }
        }
    }

    async fn unload(&mut self) {
        self.revive_at = None;
        self.end().await;
        self.rest();
    }

    async fn forget(&mut self) {
        let was_loaded = self.is_loaded();
        if self.session.is_some() {
            self.unload().await;
        }
        if let Err(error) = std::fs::remove_dir_all(self.options.scratch.join(KEPT))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "what was read could not be forgotten");
        }
        self.revive_at = was_loaded.then(Instant::now);
    }

    async fn end(&mut self) {
        self.loaded = None;
        if let Some(session) = self.session.take() {
            session.kill().await;
        }
    }

    fn new_run(&mut self) -> RunId {
        self.last_run += 1;
        RunId(self.last_run)
    }

    /// Whether the chosen model is in memory, as it is to be.
    fn is_loaded(&self) -> bool {
        let loaded = self.loaded.as_ref().map(|(choice, _)| choice);
        self.session.is_some() && loaded.is_some() && loaded == self.chosen().as_ref()
    }

    fn chosen(&self) -> Option<Choice> {
        self.chosen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_chosen(&self, choice: Option<Choice>) {
        *self.chosen.lock().unwrap_or_else(PoisonError::into_inner) = choice;
    }

    fn rest(&self) {
        self.state.send_replace(match self.chosen() {
            Some(choice) => EngineState::Resting { model: model_name(&choice.path) },
            None => EngineState::Absent,
        });
    }

    fn fail(&self, error: &AnsweringError) {
        let model = self.chosen().map(|choice| model_name(&choice.path)).unwrap_or_default();
        self.state.send_replace(EngineState::Failed { model, trouble: error.to_string() });
    }

    fn publish_loading(&self, model: &str, done: u64, total: u64) {
        self.state.send_replace(EngineState::Loading { model: model.to_owned(), done, total });
    }

    fn publish_ready(&self) {
        if let (Some(session), Some((choice, info))) = (&self.session, &self.loaded) {
            self.state.send_replace(EngineState::Ready {
                model: model_name(&choice.path),
                barred: session.barred,
                info: info.clone(),
            });
        }
    }
}

enum Next {
    Order(Order),
    Ended,
    Revive,
    Idle,
    Over,
}

async fn ended(session: Option<&mut Session>) {
    match session {
        Some(session) => session.ended().await,
        None => std::future::pending().await,
    }
}

async fn due(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

fn loaded(model: ModelInfo) -> Loaded {
    let ModelInfo { name: _, context, bytes, sees, device, fell_back, token_bytes, mind } = model;
    Loaded { context, sees, device, fell_back, bytes, token_bytes, mind, in_mind: 0 }
}

/// Half a second after the first crash, then twice as long each time.
fn pause(crashes: u32) -> Duration {
    Duration::from_millis(500) * 2u32.saturating_pow(crashes.saturating_sub(1).min(6))
}

fn start_error(fault: &StartFault) -> AnsweringError {
    tracing::error!(%fault, "the engine did not start");
    AnsweringError::Unsupported(match fault {
        StartFault::Spawn(_) | StartFault::Mute => {
            "The part of Sotto that runs the model could not be started. Your text is safe. Installing Sotto again \
             usually mends it."
                .into()
        }
        StartFault::Version(_) => {
            "The part of Sotto that runs the model belongs to another version. Your text is safe. Installing Sotto \
             again mends it."
                .into()
        }
        StartFault::Open => {
            "The model was not started, because this computer would not keep it off the network. Your text is safe \
             and nothing was sent."
                .into()
        }
    })
}

/// The engine's failure as the person hears of it.
fn failure(kind: FailureKind, message: String) -> AnsweringError {
    match kind {
        FailureKind::ModelMissing | FailureKind::ModelDamaged | FailureKind::ModelUnsupported => {
            AnsweringError::BadModel(message)
        }
        FailureKind::TooLong { given, limit } => AnsweringError::TooLong { given, limit },
        FailureKind::BadRequest | FailureKind::BadPicture => AnsweringError::Refused(message),
        FailureKind::NetworkOpen => AnsweringError::Unsupported(message),
        FailureKind::Internal => AnsweringError::Crashed,
    }
}
