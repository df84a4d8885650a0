//! The one task that owns the engine process. It takes orders one after another.
//!
//! What can go wrong, and the answer to it:
//! - the process dies, falls silent, or says what it cannot have to say: it is killed and
//!   started again, after a pause that doubles with each crash in a row; the run it was
//!   serving ends with a sentence that says why, as far as that is known;
//! - it crashes five times in a row, or of something that trying again will not mend: it is
//!   left alone until the next order;
//! - it does not heed that an answer is to stop: it is ended;
//! - a model cannot be loaded: the model chosen before stays chosen.
//!
//! An engine that nobody asks anything is ended after a while, where that was wished: so
//! all of its memory is free, and nothing is lost.

use std::{sync::PoisonError, time::Duration};

use sotto_domain::{AnsweringError, Delta, Request};
use sotto_engine_protocol::{FailureKind, FrameError, FromEngine, KEPT, RunId, ToEngine};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use crate::{
    EngineOptions, EngineState, Loaded,
    ending::{End, Fault},
    plan::{Choice, Chosen, model_name},
    session::{Session, Unsaid},
};

mod answer;
mod load;

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

/// The engine is started again by itself until it crashed so often without an answer in between.
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
                Next::Ended(fault) => self.mourn(fault).await,
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
            fault = ended(self.session.as_mut()) => Next::Ended(fault),
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
        let outcome = self.ready(None, &CancellationToken::new()).await;
        match (&outcome, before) {
            (Err(_), Some(before)) => {
                self.set_chosen(Some(before));
                self.rest();
            }
            // There is nothing to go back to: whoever sends now hears the true reason.
            (Err(error), None) => self.fail(error),
            (Ok(_), _) => {}
        }
        outcome.map(|_| ())
    }

    async fn say(&mut self, message: &ToEngine) -> Result<(), AnsweringError> {
        let outcome = match &mut self.session {
            Some(session) => session.say(message).await,
            None => Err(Unsaid::Fault(Fault::Gone)),
        };
        match outcome {
            Ok(()) => Ok(()),
            Err(Unsaid::Fault(fault)) => Err(self.crashed(fault).await),
            Err(Unsaid::Unwritable(error)) => {
                tracing::warn!(%error, "something could not be said to the engine");
                Err(unwritable(message, &error))
            }
        }
    }

    /// The next line, if it comes before `deadline` and within the pulse.
    async fn hear(&mut self, deadline: Instant) -> Result<FromEngine, AnsweringError> {
        let pulse = Instant::now() + self.options.timeouts.pulse;
        match self.hear_until(deadline.min(pulse)).await {
            Ok(message) => Ok(message),
            Err(fault) => Err(self.crashed(fault).await),
        }
    }

    /// The next line, if it comes before `deadline`.
    async fn hear_until(&mut self, deadline: Instant) -> Result<FromEngine, Fault> {
        match &mut self.session {
            Some(session) => {
                tokio::time::timeout_at(deadline, session.hear()).await.unwrap_or(Err(Fault::Silent))
            }
            None => Err(Fault::Gone),
        }
    }

    /// Buries the process and sets the time of its return.
    async fn crashed(&mut self, fault: Fault) -> AnsweringError {
        self.loaded = None;
        let end = match self.session.take() {
            Some(session) => session.bury(fault).await,
            None => End::Otherwise,
        };
        self.crashes += 1;
        tracing::warn!(%fault, ?end, in_a_row = self.crashes, "the engine crashed");
        let said = end.said(fault);
        if self.crashes >= CRASHES_IN_A_ROW {
            self.fail(&said);
        } else {
            self.revive_at = end.may_mend().then(|| Instant::now() + pause(self.crashes));
            self.rest();
        }
        said
    }

    async fn mourn(&mut self, fault: Fault) {
        self.crashed(fault).await;
    }

    async fn revive(&mut self) {
        if let Err(error) = self.ready(None, &CancellationToken::new()).await {
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
    Ended(Fault),
    Revive,
    Idle,
    Over,
}

async fn ended(session: Option<&mut Session>) -> Fault {
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

/// Half a second after the first crash, then twice as long each time.
fn pause(crashes: u32) -> Duration {
    Duration::from_millis(500) * 2u32.saturating_pow(crashes.saturating_sub(1).min(6))
}

/// What cannot be put into a line of the protocol, as the user hears of it.
fn unwritable(message: &ToEngine, error: &FrameError) -> AnsweringError {
    match (message, error) {
        (ToEngine::Load { .. }, _) => AnsweringError::BadModel(
            "The place of this model has letters in its name that cannot be read here. Give its file and folders \
             plain names, then open it again."
                .into(),
        ),
        (_, FrameError::TooLong(_)) => AnsweringError::Refused(
            "This is longer than the model can be given at once. Nothing is lost: send it in parts.".into(),
        ),
        (_, FrameError::Malformed(_)) => AnsweringError::Refused(
            "The place of a picture has letters in its name that cannot be read here. Your text is safe. Take the \
             picture out and add it again."
                .into(),
        ),
    }
}

/// The engine's failure as the person hears of it.
fn failure(kind: FailureKind, message: &str) -> AnsweringError {
    let message = short(message);
    match kind {
        FailureKind::ModelMissing | FailureKind::ModelDamaged | FailureKind::ModelUnsupported => {
            AnsweringError::BadModel(message)
        }
        FailureKind::TooLong { given, limit } => AnsweringError::TooLong { given, limit },
        FailureKind::BadRequest | FailureKind::BadPicture => AnsweringError::Refused(message),
        FailureKind::NetworkOpen | FailureKind::CacheUnwritable => AnsweringError::Unsupported(message),
        FailureKind::Internal => AnsweringError::Crashed,
    }
}

/// Words of the engine's that are to be shown: no more of them than a person reads.
fn short(words: &str) -> String {
    const MOST: usize = 600;
    words.chars().filter(|letter| !letter.is_control()).take(MOST).collect()
}
