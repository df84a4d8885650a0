//! An answer for anyone: the life of a question, from what is to be asked to the last word of what
//! comes. A conversation asks, and so does a page; neither knows how the answer comes about.
//!
//! Read [`Answers::run`] from the top:
//! 1. Where it goes is settled. What is to leave is packed, and without the user's agreement to the
//!    very bytes it ends here, with nothing stored and nothing sent.
//! 2. Whoever asks stores what must be safe, and gives the [`Sink`] that is told what comes.
//! 3. It is answered here, with less to read where it was too long, or elsewhere, by a permit that
//!    is decided on for each attempt, on an entry of the ledger that is settled at the end.
//! 4. The sink is told each step, has every [`SAVE_EVERY`] a moment to store what came, and is told the
//!    end, which always comes.

mod charge;
mod context;
mod error;
mod fingerprint;
mod guide;
mod outbound;
mod sheet;
mod turn;

use std::time::Duration;

use futures_util::StreamExt;
use sotto_domain::{
    Account, AnswerStream, Answering, AnsweringError, CloudChoice, Cost, Delta, Destination, Finish,
    Progress, Request, Rules, Sampling, Served, Step, Turn, Usage,
};
use sotto_egress::decide;
use sotto_secrets::KeyError;
use sotto_store::{NewAgreement, StoreError};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::{cloud::month_of, core::Core, models::Models};

pub(crate) use context::{ContextPart, QuestionContext, turns, without_the_oldest};
pub use error::SendError;
pub use fingerprint::Fingerprint;
pub(crate) use outbound::OutboundRequest;
pub use sheet::{Agreed, AnswerOptions, Sheet, SheetPart};

/// How far what is stored of an answer may lag behind the one on show.
pub(crate) const SAVE_EVERY: Duration = Duration::from_millis(400);

/// What is to be asked, and how.
pub(crate) struct Ask {
    /// What the answer is made from, and what it belongs to.
    pub(crate) context: QuestionContext,
    /// Where it goes; `None`: it stays on this device.
    pub(crate) destination: Option<CloudChoice>,
    /// The model of this device that answers; `None`: the one in use.
    pub(crate) model: Option<String>,
    /// What the user said of this one answer.
    pub(crate) options: AnswerOptions,
    /// How freely it is written.
    pub(crate) sampling: Sampling,
    /// What it must, and what it must not hold.
    pub(crate) rules: Rules,
    /// The longest answer, in tokens; `None`: as long as the model's memory allows.
    pub(crate) max_tokens: Option<u32>,
}

/// Who is told what becomes of an answer.
pub(crate) trait Sink {
    /// How far it is, in order.
    fn progress(&mut self, progress: Progress);

    /// What the model could have written as well, for whoever asked for it.
    fn step(&mut self, _step: Step) {}

    /// Who serves it, as soon as it is known.
    fn served_by(&mut self, served: Served);

    /// Stores what came until now. Where that fails the answer ends.
    fn save(&mut self) -> Result<(), StoreError>;

    /// What is asked in place of `turns`, which took `given` tokens where `limit` fit; `None` where
    /// nothing can be left out.
    fn shorter(&mut self, turns: &[Turn], given: u32, limit: u32) -> Option<Vec<Turn>>;

    /// It is over.
    fn finished(self, outcome: Result<Ending, Trouble>);
}

/// How an answer ended, what it took, and what it cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ending {
    pub(crate) finish: Finish,
    pub(crate) usage: Usage,
    pub(crate) cost: Cost,
}

/// Why an answer did not come to its end. It is written as the sentence for the user.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error(transparent)]
    Model(#[from] AnsweringError),
    #[error(transparent)]
    Library(#[from] StoreError),
}

/// Answers, for anyone who asks.
#[derive(Clone, Copy)]
pub(crate) struct Answers<'a> {
    pub(crate) core: &'a Core,
}

impl Answers<'_> {
    /// Asks; returns when the answer is over. `store` is called when all that could refuse the
    /// question has let it pass, before the model or a provider hears of it: with who will answer, and
    /// what is to be remembered of the user's agreement.
    pub(crate) async fn run<S: Sink>(
        self,
        ask: Ask,
        cancel: &CancellationToken,
        store: impl FnOnce(Destination, Option<NewAgreement>) -> Result<S, StoreError>,
    ) -> Result<(), SendError> {
        if let Some(outbound) = self.outbound(&ask).await? {
            let sink = store(outbound.destination(), outbound.agreement())?;
            self.run_elsewhere(&ask, outbound, cancel, sink).await;
        } else {
            let _turn = self.turn(ask.model.as_deref()).await?;
            let answering = self.answers_here(ask.context.subject)?;
            let sink = store(self.here()?, None)?;
            self.run_here(answering, ask, cancel, sink).await;
        }
        Ok(())
    }

    /// The model on this device, as people call it.
    fn here(self) -> Result<Destination, SendError> {
        let by = self.core.answering.destination().ok_or(SendError::NoModel)?;
        Ok(match (by, Models { core: self.core }.name_of_chosen()) {
            (Destination::Device { .. }, Some(model)) => Destination::Device { model },
            (by, _) => by,
        })
    }

    async fn run_here(
        self,
        answering: &dyn Answering,
        ask: Ask,
        cancel: &CancellationToken,
        mut sink: impl Sink,
    ) {
        // The plug may have been pulled, or put in, since the last answer.
        self.core.engine.spare(Models { core: self.core }.spare_cores());
        let Ask { context, sampling, rules, max_tokens, options, .. } = ask;
        let alternatives = options.alternatives;
        let mut request =
            Request { turns: turns(context.given()), sampling, rules, max_tokens, alternatives };
        let outcome = loop {
            let deltas = answering.answer(request.clone(), cancel.clone());
            let outcome = follow(deltas, &mut sink, &mut Served::default()).await;
            let Err(Trouble::Model(AnsweringError::TooLong { given, limit })) = &outcome else {
                break outcome;
            };
            match sink.shorter(&request.turns, *given, *limit) {
                Some(turns) => request.turns = turns,
                None => break outcome,
            }
        };
        sink.finished(outcome);
    }

    async fn run_elsewhere(
        self,
        ask: &Ask,
        outbound: OutboundRequest,
        cancel: &CancellationToken,
        mut sink: impl Sink,
    ) {
        let account = self.account_for(ask.context.project.as_ref(), &outbound);
        let (entry, mut served) = (account.entry.clone(), Served::default());
        let outcome = match self.depart(&ask.context, outbound, account, cancel).await {
            Ok(deltas) => follow(deltas, &mut sink, &mut served).await,
            Err(error) => Err(AnsweringError::Refused(error.to_string()).into()),
        };
        if let Err(error) = self.settle(&entry, &served, outcome.as_ref().ok().copied()) {
            // The entry stands at the most that it can have cost.
            tracing::error!(%error, "what an answer cost could not be written down");
        }
        sink.finished(outcome);
    }

    async fn depart(
        self,
        context: &QuestionContext,
        outbound: OutboundRequest,
        account: Account,
        cancel: &CancellationToken,
    ) -> Result<AnswerStream, KeyError> {
        let key = self.core.cloud.key(&outbound.endpoint).await?;
        let why = format!("You sent {} to {}.", context.what, outbound.endpoint.in_sentence());
        let (settings, consent, clock) = (self.core.settings.clone(), outbound.consent, self.core.clock);
        let (project, subject) = (context.project.as_ref().map(|project| project.id), context.subject);
        let decide = move |departure: sotto_egress::Departure| {
            // A further attempt may fall into another month.
            let account = Account { month: month_of(clock()).begin(), ..account.clone() };
            let departure = departure.within(project, Some(subject)).on_account(account);
            decide(departure, &settings.rules(), Some(&consent))
        };
        Ok(self.core.cloud.cloud().send(outbound.prepared, key, why, decide, cancel.clone()))
    }
}

/// Tells the sink what comes, to its end.
async fn follow(
    mut deltas: AnswerStream,
    sink: &mut impl Sink,
    served: &mut Served,
) -> Result<Ending, Trouble> {
    let mut save = interval(SAVE_EVERY);
    save.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            delta = deltas.next() => match delta {
                Some(Ok(Delta::Done { finish, usage, cost })) => return Ok(Ending { finish, usage, cost }),
                Some(Ok(Delta::ServedBy(by))) => {
                    served.clone_from(&by);
                    sink.served_by(by);
                }
                Some(Ok(Delta::Progress(progress))) => sink.progress(progress),
                Some(Ok(Delta::Step(step))) => sink.step(step),
                Some(Err(error)) => return Err(error.into()),
                None => return Err(AnsweringError::Crashed.into()),
            },
            // Going on would show words that are not safe.
            _ = save.tick() => sink.save()?,
        }
    }
}
