//! One message on its way: the attempts, and what each refusal leads to.

use std::{collections::BTreeSet, time::Duration};

use serde_json::Value;
use sotto_domain::{Cost, Delta, Finish, Secret, Served, Usage, turned_away};
use sotto_egress::{Departure, Failure, Permit, Refusal, Response};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    Field, Prepared, ProviderError, Said, Spent,
    answer::Answer,
    capability_cache,
    foreign::label,
    limits::room_left,
    money::dollars,
    read::{Reading, cut_short},
    wire::{DeltaSender, MAX_ERROR_BYTES, Wire, headers},
};

/// How often something is tried again without asking the user.
const MOST_RETRIES: u32 = 2;

/// A message on its way.
pub(crate) struct Exchange<D> {
    wire: Wire,
    prepared: Prepared,
    key: Option<Secret>,
    why: String,
    decide: D,
    /// Whether anything may have reached the other side that it can charge for.
    owed: bool,
    /// What was left out on the way; kept once it proves to have been the reason.
    found_out: BTreeSet<Field>,
    /// Whether a shorter answer was asked for than was prepared.
    shortened: bool,
}

/// How an attempt ended that brought no error to give up for.
enum Attempt {
    Answered(Delta),
    /// It was refused; where there is a pause, it may be tried again after it.
    Refused {
        error: ProviderError,
        pause: Option<Duration>,
    },
    /// It was refused for a part that is left out now.
    Changed,
}

impl<D> Exchange<D>
where
    D: FnMut(Departure) -> Result<Permit, Refusal> + Send,
{
    pub(crate) fn new(wire: Wire, prepared: Prepared, key: Option<Secret>, why: String, decide: D) -> Self {
        Self { wire, prepared, key, why, decide, owed: false, found_out: BTreeSet::new(), shortened: false }
    }

    /// Asks, and tells the answer to its last word.
    pub(crate) async fn talk(mut self, deltas: DeltaSender, cancel: CancellationToken) {
        let last = tokio::select! {
            biased;
            () = cancel.cancelled() => None,
            last = self.ask(&deltas) => Some(last),
        };
        let last = last.unwrap_or_else(|| Ok(self.stopped()));
        // Whoever hears no more has dropped this future too.
        let _ = deltas.send(last).await;
    }

    async fn ask(&mut self, deltas: &DeltaSender) -> Result<Delta, ProviderError> {
        let mut retries = 0;
        loop {
            match self.attempt(deltas).await? {
                Attempt::Answered(last) => return Ok(last),
                Attempt::Refused { pause: Some(pause), .. } if retries < MOST_RETRIES => {
                    retries += 1;
                    tracing::debug!(retries, ?pause, origin = %self.prepared.recipient(), "asking again after a pause");
                    // What would not be tried again is not waited for.
                    tokio::select! {
                        biased;
                        cut = self.wire.door.lock().cloud_shut() => return Err(cut.into()),
                        () = sleep(pause) => {}
                    }
                }
                Attempt::Refused { error, .. } => return Err(error),
                // Each part is left out once, so this ends.
                Attempt::Changed => {}
            }
        }
    }

    async fn attempt(&mut self, deltas: &DeltaSender) -> Result<Attempt, ProviderError> {
        let timeouts = self.wire.timeouts;
        let endpoint = &self.prepared.endpoint;
        let headers = headers(endpoint, self.key.as_ref())?
            .plain("content-type", "application/json")
            .plain("accept", "text/event-stream");
        let permit = (self.decide)(self.prepared.departure(&self.why)?)?;
        let asked_at = Instant::now();
        self.owed = true;
        let (silence, _) = timeouts.with(endpoint);
        let response = match self.wire.door.send_within(permit, headers, silence).await {
            Ok(response) => response,
            Err(failure) => {
                self.owed = !failure.nothing_was_sent();
                let pause = matches!(failure, Failure::Unreachable { .. }).then_some(timeouts.again);
                return Ok(Attempt::Refused { error: ProviderError::failed(failure, endpoint), pause });
            }
        };
        if !response.status().is_success() {
            return self.refused(response).await;
        }
        self.wire.capabilities.keep(endpoint, self.prepared.model(), &self.found_out);
        let reading = Reading::new(
            served(&response, self.key.as_ref()),
            reported(&response),
            asked_at,
            self.key.as_ref(),
        );
        let answer = Answer { prepared: &self.prepared, key: self.key.as_ref(), timeouts, deltas, reading };
        answer.read(response).await.map(Attempt::Answered)
    }

    /// What a status that is no success leads to.
    async fn refused(&mut self, response: Response) -> Result<Attempt, ProviderError> {
        let timeouts = self.wire.timeouts;
        let status = response.status().as_u16();
        self.owed = !turned_away(status);
        let wait = pause_asked_for(&response);
        // The status alone says enough where the body is endless or does not come.
        let said = match response.within(timeouts.reply).text(MAX_ERROR_BYTES).await {
            Ok(body) => Said::from_body(&body).without(self.key.as_ref()),
            Err(cut @ (Failure::Offline | Failure::CloudOff)) => return Err(cut.into()),
            Err(_) => Said::default(),
        };
        if let Some(field) = capability_cache::named(status, &said)
            && self.prepared.leave_out(field)?
        {
            tracing::debug!(?field, origin = %self.prepared.recipient(), "asking again without it");
            self.found_out.insert(field);
            return Ok(Attempt::Changed);
        }
        // A model with little room, of whose list nothing was known: the answer asked for was too long.
        let (asked, given) = (self.prepared.max_tokens(), self.prepared.tokens());
        if let Some(room) = said.message.as_deref().and_then(|message| room_left(message, asked, given))
            && matches!(status, 400 | 413 | 422 | 500)
            && !std::mem::replace(&mut self.shortened, true)
        {
            tracing::debug!(room, origin = %self.prepared.recipient(), "asking again for a shorter answer");
            self.prepared.shorten(room)?;
            return Ok(Attempt::Changed);
        }
        let endpoint = &self.prepared.endpoint;
        let (model, key) = (self.prepared.model(), self.key.is_some());
        let error = ProviderError::answered(Some(status), &said, wait, endpoint, model, key);
        // Lack of credit comes as 429 from some; no pause mends that.
        let passing = match error {
            ProviderError::TooMany { .. } => true,
            ProviderError::Busy { .. } => status == 503,
            _ => false,
        };
        let pause = wait.filter(|wait| passing && *wait <= timeouts.pause);
        Ok(Attempt::Refused { error, pause })
    }

    /// The last step of an answer that the user stopped.
    fn stopped(&self) -> Delta {
        let prepared = &self.prepared;
        let cost = if self.owed { cut_short(prepared.only_rate(), prepared.ceiling()) } else { Cost::Free };
        Delta::Done { finish: Finish::Stopped, usage: Usage::default(), cost }
    }
}

/// Who served it, by the headers.
fn served(response: &Response, key: Option<&Secret>) -> Served {
    let header = |name: &&str| response.header(name).and_then(|value| label(value, key));
    let first = |names: &[&str]| names.iter().find_map(header);
    Served {
        backend: first(&["x-inference-provider"]),
        request: first(&["x-request-id", "request-id", "x-amzn-trace-id", "x-amz-cf-id"]),
    }
}

/// What a proxy of the user's says of the cost. Nothing is what it says where it does not know.
fn reported(response: &Response) -> Spent {
    let cost = response.header("x-litellm-response-cost");
    let cost = cost.and_then(|cost| dollars(&Value::String(cost.into()))).filter(|cost| cost.0 > 0);
    Spent { reported: cost, ..Spent::default() }
}

/// How long it asks us to wait: `Retry-After` in seconds, or `t=` in `RateLimit`.
fn pause_asked_for(response: &Response) -> Option<Duration> {
    let seconds = |text: &str| {
        let seconds: f64 = text.trim().parse().ok()?;
        Duration::try_from_secs_f64(seconds).ok()
    };
    let after = response.header("retry-after").and_then(seconds);
    after.or_else(|| {
        let mut parts = response.header("ratelimit")?.split([';', ',']);
        parts.find_map(|part| part.trim().strip_prefix("t=")).and_then(seconds)
    })
}
