//! One answer, from the order to its last word.

use sotto_domain::{
    Alternative, AnsweringError, Cost, Delta, Finish, Request, Role, Rules, Sampling, Step, Thoughts, Turn,
    Usage,
};
use sotto_engine_protocol as wire;
use sotto_engine_protocol::{FromEngine, RunId, ToEngine};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Actor, Events, failure, load::Readiness};
use crate::{EngineState, ending::Fault, sandbox};

/// The longest answer that is taken, in bytes: longer than any book.
const MOST_WRITTEN: usize = 4 * 1024 * 1024;

/// So many tokens are waited for at most, whatever the engine says of how many are left.
const MOST_TOKENS: u32 = 1_000_000;

impl Actor {
    /// Answers, and tells `events` everything, the last word included.
    pub(super) async fn answer(&mut self, request: Request, events: Events, cancel: CancellationToken) {
        // Whoever asked stopped listening while this waited its turn.
        if events.is_closed() {
            return;
        }
        let outcome = match self.ready(Some(&events), &cancel).await {
            Ok(Readiness::Ready) => self.run(request, &events, &cancel).await,
            Ok(Readiness::Stopped) => Ok((Finish::Stopped, Usage::default())),
            Err(error) => {
                if self.revive_at.is_none() && error != AnsweringError::NoModel {
                    self.fail(&error);
                }
                Err(error)
            }
        };
        let last = outcome.map(|(finish, usage)| Delta::Done { finish, usage, cost: Cost::Free });
        let _ = events.send(last).await;
    }

    async fn run(
        &mut self,
        request: Request,
        events: &Events,
        cancel: &CancellationToken,
    ) -> Result<(Finish, Usage), AnsweringError> {
        let run = self.new_run();
        self.publish_serving();
        let alternatives = request.alternatives;
        request.turns.iter().flat_map(|turn| &turn.pictures).for_each(|picture| sandbox::show(&picture.path));
        let order = ToEngine::Generate {
            run,
            turns: request.turns.into_iter().map(turn).collect(),
            sampling: sampling(request.sampling),
            rules: rules(request.rules),
            max_tokens: request.max_tokens,
            top_logprobs: alternatives,
            ignore_eos: false,
        };
        if let Err(error) = self.say(&order).await {
            self.publish_ready();
            return Err(error);
        }
        let timeouts = self.options.timeouts;
        let mut deadline = Instant::now() + timeouts.progress;
        let (mut written, mut thoughts) = (0, Thoughts::default());
        let stopped = stopped(cancel, events);
        tokio::pin!(stopped);
        loop {
            let said = tokio::select! {
                said = self.hear(deadline) => said?,
                () = &mut stopped => return self.stop(run).await,
            };
            match said {
                FromEngine::Progress { run: of, done, total } if of == run => {
                    let left = u32::try_from(total.saturating_sub(done)).unwrap_or(u32::MAX);
                    deadline =
                        Instant::now() + timeouts.progress + timeouts.per_token * left.min(MOST_TOKENS);
                    let reading = Delta::reading(clamp(done), clamp(total));
                    let _ = events.send(Ok(reading)).await;
                }
                FromEngine::Delta { run: of, text, steps } if of == run => {
                    deadline = Instant::now() + timeouts.progress;
                    written += text.len();
                    if written > MOST_WRITTEN {
                        return Err(self.crashed(Fault::Flood).await);
                    }
                    for step in steps.into_iter().filter(|_| alternatives > 0) {
                        let _ = events.send(Ok(Delta::Step(told(step, alternatives)))).await;
                    }
                    for delta in thoughts.push(&text) {
                        let _ = events.send(Ok(delta)).await;
                    }
                }
                said => {
                    if let Some(outcome) = self.last_word(run, said) {
                        for delta in thoughts.rest() {
                            let _ = events.send(Ok(delta)).await;
                        }
                        return outcome;
                    }
                }
            }
        }
    }

    /// Tells the engine to stop, and hears it to its end. One that does not heed it is
    /// ended: either way the answer was stopped. What it still says comes too late.
    async fn stop(&mut self, run: RunId) -> Result<(Finish, Usage), AnsweringError> {
        let deadline = Instant::now() + self.options.timeouts.stop;
        self.say(&ToEngine::Cancel { run }).await?;
        loop {
            match self.hear_until(deadline).await {
                Ok(said) => {
                    if let Some(outcome) = self.last_word(run, said) {
                        return outcome;
                    }
                }
                Err(Fault::Silent) => {
                    tracing::warn!("the engine did not stop when it was told to, and was ended");
                    self.end().await;
                    self.rest();
                    return Ok((Finish::Stopped, Usage::default()));
                }
                Err(fault) => return Err(self.crashed(fault).await),
            }
        }
    }

    /// What came of the run, where `said` is its last word.
    fn last_word(&mut self, run: RunId, said: FromEngine) -> Option<Result<(Finish, Usage), AnsweringError>> {
        match said {
            FromEngine::Done { run: of, finish, usage, timings } if of == run => {
                self.crashes = 0;
                if let Some((_, info)) = &mut self.loaded {
                    info.cached_tokens = usage.cached_tokens;
                }
                self.publish_ready();
                Some(Ok((ending(finish), spent(usage, timings))))
            }
            FromEngine::Failed { run: of, kind, message } if of == Some(run) => {
                self.publish_ready();
                Some(Err(failure(kind, &message)))
            }
            _ => None,
        }
    }

    fn publish_serving(&self) {
        self.state.send_if_modified(|state| {
            if let EngineState::Ready { model, barred, info } = state.clone() {
                *state = EngineState::Serving { model, barred, info };
                return true;
            }
            false
        });
    }
}

/// Resolves when the person stops the answer, or nobody listens to it any more.
async fn stopped(cancel: &CancellationToken, events: &Events) {
    tokio::select! {
        () = cancel.cancelled() => {}
        () = events.closed() => {}
    }
}

fn turn(turn: Turn) -> wire::Turn {
    let role = match turn.role {
        Role::System => wire::TurnRole::System,
        Role::User => wire::TurnRole::User,
        Role::Assistant => wire::TurnRole::Assistant,
    };
    let shown = turn.pictures.into_iter().map(|picture| wire::Part::Picture { path: picture.path });
    let said = (!turn.text.is_empty()).then_some(wire::Part::Text { text: turn.text });
    wire::Turn { role, parts: shown.chain(said).collect() }
}

fn sampling(sampling: Sampling) -> wire::Sampling {
    let Sampling { temperature, top_p, top_k, min_p, repetition_penalty, dry, seed } = sampling;
    // The base and the length are those of the method's author.
    let dry = (dry > 0.0).then_some(wire::Dry { multiplier: dry, base: 1.75, allowed_length: 2 });
    wire::Sampling { temperature, top_p, top_k, min_p, repetition_penalty, dry, seed }
}

fn rules(rules: Rules) -> wire::Rules {
    let Rules { banned, stop, schema } = rules;
    wire::Rules { banned, stop, schema }
}

/// A step as it is passed on, with no more than was asked for.
fn told(step: wire::Step, alternatives: u8) -> Step {
    let alternative = |token: wire::TokenProbability| Alternative {
        text: token.text,
        probability: f64::from(token.logprob).exp(),
    };
    let top = step.top.into_iter().take(alternatives.into());
    Step { text: step.text, alternatives: top.map(alternative).collect() }
}

fn ending(finish: wire::Finish) -> Finish {
    match finish {
        wire::Finish::Complete => Finish::Complete,
        wire::Finish::Length => Finish::Length,
        wire::Finish::Cancelled => Finish::Stopped,
    }
}

fn spent(usage: wire::Usage, timings: wire::Timings) -> Usage {
    Usage {
        prompt_tokens: usage.prompt_tokens,
        reused_tokens: usage.reused_tokens,
        completion_tokens: usage.completion_tokens,
        reading_ms: timings.reading_ms,
        writing_ms: timings.writing_ms,
    }
}

fn clamp(tokens: u64) -> u32 {
    u32::try_from(tokens).unwrap_or(u32::MAX)
}
