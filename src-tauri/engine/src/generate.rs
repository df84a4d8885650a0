//! One answer, from the talk to its last token.

use std::{
    sync::{Arc, mpsc},
    time::Instant,
};

use mistralrs::core::{
    Constraint, NormalRequest, Request, RequestMessage, Response, SamplingParams, StopTokens, tokens_reused,
};
use sotto_engine_protocol::{Finish, FromEngine, RunId, Sampling, Timings, Turn, TurnRole, Usage};

use crate::{
    fault::Fault,
    load::Model,
    sampler::{Sampler, fresh_seed},
    steps::{Event, Steps},
    talk,
    vocabulary::Characters,
    wire::Answers,
};

/// What the app asked for: the fields of the protocol's `Generate`.
#[derive(Debug)]
pub struct Wish {
    pub run: RunId,
    pub turns: Vec<Turn>,
    pub sampling: Sampling,
    pub max_tokens: Option<u32>,
    pub top_logprobs: u8,
    pub ignore_eos: bool,
}

/// Answers `wish`: says its `Progress` and `Delta`s and returns its `Done`.
///
/// `tell` and `events` are the two ends of the run's own line. A cancelled run is done
/// at once; if the model is reading just then it reads on to the end, unheard, and the
/// next run waits for it.
#[allow(clippy::needless_pass_by_value)] // that `events` ends here is what ends an abandoned sequence
pub fn generate(
    model: &Model,
    wish: &Wish,
    tell: mpsc::Sender<Event>,
    events: mpsc::Receiver<Event>,
    answers: &Answers,
) -> Result<FromEngine, Fault> {
    let begun = Instant::now();
    if !wish.turns.is_empty() && !talk::awaits_answer(&wish.turns) {
        return Err(Fault::OutOfTurn);
    }
    model.tell_tokens(&wish.turns, tell.clone())?;
    let prompt = match events.recv() {
        Ok(Event::Prompt(prompt)) => prompt?,
        Ok(Event::Cancelled) => return Ok(Writing::begun(begun).done(wish.run, 0, Finish::Cancelled)),
        _ => return Err(Fault::Broken),
    };
    let given = u32::try_from(prompt.len()).unwrap_or(u32::MAX);
    let limit = model.info.context;
    let room = limit.checked_sub(given).filter(|room| *room > 0).ok_or(Fault::TooLong { given, limit })?;
    let longest = wish.max_tokens.unwrap_or(room).min(room);

    let mut writing = Writing::begun(begun);
    if longest == 0 {
        return Ok(writing.done(wish.run, given, Finish::Length));
    }

    answers.send(&FromEngine::Progress { run: wish.run, done: 0, total: given.into() });
    let (respond, mut responses) = tokio::sync::mpsc::channel(longest as usize + 8);
    let end = model.ends.first().copied().filter(|_| !wish.ignore_eos);
    let steps = Steps::new(Sampler::new(wish.sampling, fresh_seed()), wish.top_logprobs, end, tell);
    model.ask(request(prompt, steps, respond, wish, model, longest))?;

    let mut characters = Characters::default();
    loop {
        let step = match events.recv() {
            Ok(Event::Step(step)) => step,
            Ok(Event::Cancelled) => return Ok(writing.done(wish.run, given, Finish::Cancelled)),
            Ok(Event::Over | Event::Prompt(_)) | Err(_) => return Err(reason(&mut responses)),
        };
        if writing.first.is_none() {
            writing.reused = u32::try_from(tokens_reused()).unwrap_or(u32::MAX);
            answers.send(&FromEngine::Progress { run: wish.run, done: given.into(), total: given.into() });
        }
        writing.count();

        let text = characters.push(model.vocabulary.bytes(step.id));
        let ended = !wish.ignore_eos && model.ends.contains(&step.id);
        if !text.is_empty() || wish.top_logprobs > 0 {
            let steps = if wish.top_logprobs > 0 { vec![step] } else { Vec::new() };
            answers.send(&FromEngine::Delta { run: wish.run, text, steps });
        }
        if ended {
            return Ok(writing.done(wish.run, given, Finish::Complete));
        }
        if writing.written == longest {
            return Ok(writing.done(wish.run, given, Finish::Length));
        }
        // What mistral.rs says of each token is not needed; it should not pile up.
        while responses.try_recv().is_ok() {}
    }
}

/// Has the model read a word and choose the next. Only so is it known that nothing is
/// missing: the loader leaves a gap where a tensor should be, and goes on.
pub fn try_out(model: &Model) -> Result<(), Fault> {
    let word = Turn { role: TurnRole::User, text: "Hello.".into() };
    let wish = Wish {
        run: RunId(0),
        sampling: Sampling { temperature: 0.0, top_p: 1.0, top_k: 1 },
        max_tokens: Some(1),
        top_logprobs: 0,
        ignore_eos: true,
        turns: vec![word],
    };
    let prompt = model.tokens(&wish.turns)?;
    let (tell, events) = mpsc::channel();
    let (respond, mut responses) = tokio::sync::mpsc::channel(8);
    let steps = Steps::new(Sampler::new(wish.sampling, 0), 0, None, tell);
    model.ask(request(prompt, steps, respond, &wish, model, 1))?;
    match events.recv() {
        Ok(Event::Step(_)) => Ok(()),
        _ => Err(reason(&mut responses)),
    }
}

/// How far the writing has got.
struct Writing {
    begun: Instant,
    reused: u32,
    written: u32,
    first: Option<Instant>,
    last: Instant,
}

impl Writing {
    fn begun(begun: Instant) -> Self {
        Self { begun, reused: 0, written: 0, first: None, last: begun }
    }

    fn count(&mut self) {
        self.written += 1;
        self.last = Instant::now();
        self.first.get_or_insert(self.last);
    }

    /// The last message of the run. Where nothing was written, all its time was reading.
    fn done(&self, run: RunId, prompt_tokens: u32, finish: Finish) -> FromEngine {
        let (first, last) =
            self.first.map_or_else(|| (Instant::now(), Instant::now()), |first| (first, self.last));
        FromEngine::Done {
            run,
            finish,
            usage: Usage { prompt_tokens, reused_tokens: self.reused, completion_tokens: self.written },
            timings: Timings {
                reading_ms: milliseconds(self.begun, first),
                writing_ms: milliseconds(first, last),
            },
        }
    }
}

fn request(
    prompt: Vec<u32>,
    steps: Steps,
    response: tokio::sync::mpsc::Sender<Response>,
    wish: &Wish,
    model: &Model,
    longest: u32,
) -> Request {
    let stop_toks = (!wish.ignore_eos && !model.ends.is_empty()).then(|| StopTokens::Ids(model.ends.clone()));
    Request::Normal(Box::new(NormalRequest {
        // The tokens that were counted are the tokens that are read.
        messages: RequestMessage::CompletionTokens(prompt),
        sampling_params: SamplingParams {
            // Greedy: `steps` leaves one choice.
            temperature: Some(0.0),
            stop_toks,
            max_len: Some(longest as usize),
            ..SamplingParams::neutral()
        },
        response,
        return_logprobs: false,
        // What is not streamed panics where nobody waits for it any more.
        is_streaming: true,
        id: 0,
        constraint: Constraint::None,
        suffix: None,
        tools: None,
        tool_choice: None,
        logits_processors: Some(vec![Arc::new(steps)]),
        return_raw_logits: false,
        web_search_options: None,
        model_id: None,
        truncate_sequence: false,
    }))
}

/// Why there are no more steps. A sequence that ends without a word was torn down by
/// a panic.
fn reason(responses: &mut tokio::sync::mpsc::Receiver<Response>) -> Fault {
    while let Some(response) = responses.blocking_recv() {
        let cause = match response {
            Response::InternalError(cause) | Response::ValidationError(cause) => cause.to_string(),
            Response::ModelError(cause, _) | Response::CompletionModelError(cause, _) => cause,
            _ => continue,
        };
        tracing::error!("the model could not go on: {cause}");
        return Fault::Stumbled;
    }
    Fault::Broken
}

fn milliseconds(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.saturating_duration_since(from).as_millis()).unwrap_or(u64::MAX)
}
