//! One answer, from the talk to its last token.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use mistralrs::core::{
    Constraint, NormalRequest, Request, RequestMessage, Response, SamplingParams, StopTokens, tokens_kept,
    tokens_reused, watch_reading,
};
use sotto_engine_protocol::{Finish, FromEngine, Rules, RunId, Sampling, Timings, Turn, TurnRole, Usage};

use crate::{
    fault::Fault,
    logits_hook::{Event, LogitsHook},
    model::Model,
    params::GenerateParams,
    pictures::{Shown, Sight},
    turns,
    wire::Answers,
    writer::{Shape, Writer},
};

/// How far reading must get before more is said of it, in tokens or in time.
const STRIDE: usize = 32;
const SILENCE: Duration = Duration::from_millis(500);

/// Answers `params`: says its `Progress` and `Delta`s and returns its `Done`.
///
/// `tell` and `events` are the two ends of the run's own line. A run that is cancelled
/// while the model reads ends before its next layer, one that is cancelled while it
/// writes at its next token. Either way what was read stays in mind.
pub fn generate(
    model: &Model,
    params: &GenerateParams,
    tell: mpsc::Sender<Event>,
    events: &mpsc::Receiver<Event>,
    answers: &Answers,
) -> Result<FromEngine, Fault> {
    let mut writing = Writing::begun();
    if !params.turns.is_empty() && !turns::awaits_answer(&params.turns) {
        return Err(Fault::OutOfTurn);
    }
    if matches!(events.try_recv(), Ok(Event::Cancelled)) {
        return Ok(writing.done(params.run, 0, Finish::Cancelled));
    }
    let prompt = model.language.prompt(&params.turns)?;
    let given = u32::try_from(prompt.len()).unwrap_or(u32::MAX);
    let limit = model.info.context;
    let room = limit.checked_sub(given).filter(|room| *room > 0).ok_or(Fault::TooLong { given, limit })?;
    let longest = params.max_tokens.unwrap_or(room).min(room);
    if longest == 0 {
        return Ok(writing.done(params.run, given, Finish::Length));
    }

    answers.send(&FromEngine::Progress { run: params.run, done: 0, total: given.into() });
    if let Some(mark) = model.vocabulary.begun_thought(&prompt) {
        answers.send(&FromEngine::Delta { run: params.run, text: mark.into(), steps: Vec::new() });
    }
    let shown = model.language.show(&params.turns)?;
    let prompt = shown.name_cells(prompt)?;
    let asked = Asked::of(model, params, prompt, shown, longest, tell)?;
    let finish = asked.listen(params, given, &mut writing, events, answers)?;
    Ok(writing.done(params.run, given, finish))
}

/// Has the model read a word and choose the next. Only so is it known that nothing is
/// missing: the loader leaves a gap where a tensor should be, and goes on.
pub fn try_out(model: &Model) -> Result<(), Fault> {
    let params = GenerateParams {
        run: RunId(0),
        sampling: Sampling::GREEDY,
        rules: Rules::default(),
        max_tokens: Some(1),
        top_logprobs: 0,
        ignore_eos: true,
        turns: vec![Turn::text(TurnRole::User, "Hello.")],
    };
    let mut prompt = model.language.prompt(&params.turns)?;
    // A model that can be shown pictures is shown one.
    let grey = model.language.sight().and_then(Sight::show_grey);
    let (shown, tokens) = grey.unwrap_or_default();
    prompt.extend(tokens);
    let (tell, events) = mpsc::channel();
    let mut asked = Asked::of(model, &params, prompt, shown, 1, tell)?;
    loop {
        match events.recv() {
            Ok(Event::Written(_)) => return Ok(()),
            Ok(Event::Read { .. }) => {}
            Ok(Event::Failed(fault)) => return Err(fault),
            Ok(Event::Over | Event::Cancelled) | Err(_) => return Err(asked.reason()),
        }
    }
}

/// A request that the model works on.
struct Asked {
    responses: tokio::sync::mpsc::Receiver<Response>,
    /// What mistral.rs said was wrong, if it did.
    trouble: Option<String>,
    stopped: Arc<AtomicBool>,
}

impl Asked {
    fn of(
        model: &Model,
        params: &GenerateParams,
        prompt: Vec<u32>,
        shown: Shown,
        longest: u32,
        tell: mpsc::Sender<Event>,
    ) -> Result<Self, Fault> {
        let shape = match &params.rules.schema {
            Some(schema) => Some(Shape::new(model.forms().ok_or(Fault::NoSuchForm)?, schema)?),
            None => None,
        };
        let writer = Writer::new(params, model.vocabulary.clone(), &model.ends, shape, longest);
        let stopped = Arc::new(AtomicBool::new(false));
        watch_reading(Some(Arc::new({
            let (tell, stopped) = (tell.clone(), stopped.clone());
            move |done, total| {
                // A run that is over listens no more.
                let _ = tell.send(Event::Read { done, total });
                !stopped.load(Ordering::Relaxed)
            }
        })));
        let end = model.ends.first().copied().filter(|_| !params.ignore_eos);
        let hook = LogitsHook::new(writer, end, stopped.clone(), tell);
        let (respond, responses) = tokio::sync::mpsc::channel(longest as usize + 8);
        model.ask(request(prompt, shown, hook, respond, end.map(|_| model.ends.clone()), longest))?;
        Ok(Self { responses, trouble: None, stopped })
    }

    /// Hears the run to its end, which is when the model has let go of it.
    fn listen(
        mut self,
        params: &GenerateParams,
        given: u32,
        writing: &mut Writing,
        events: &mpsc::Receiver<Event>,
        answers: &Answers,
    ) -> Result<Finish, Fault> {
        let run = params.run;
        let mut reading = Reading { said: 0, at: Instant::now() };
        let mut end = None;
        loop {
            match events.recv() {
                Ok(Event::Read { done, total }) if end.is_none() => {
                    if reading.is_news(done) {
                        answers.send(&FromEngine::Progress { run, done: done as u64, total: total as u64 });
                    }
                }
                Ok(Event::Written(written)) if end.is_none() => {
                    if writing.first.is_none() {
                        writing.reused = u32::try_from(tokens_reused()).unwrap_or(u32::MAX);
                        let total = given.into();
                        answers.send(&FromEngine::Progress { run, done: total, total });
                    }
                    writing.count();
                    if !written.text.is_empty() || params.top_logprobs > 0 {
                        let steps = if params.top_logprobs > 0 { vec![written.step] } else { Vec::new() };
                        answers.send(&FromEngine::Delta { run, text: written.text, steps });
                    }
                    end = written.end.map(Ok);
                }
                Ok(Event::Failed(fault)) if end.is_none() => end = Some(Err(fault)),
                Ok(Event::Cancelled) => {
                    self.stopped.store(true, Ordering::Relaxed);
                    end = end.or(Some(Ok(Finish::Cancelled)));
                }
                // What comes when the run has its end already is of no use to anybody.
                Ok(Event::Read { .. } | Event::Written(_) | Event::Failed(_)) => {}
                Ok(Event::Over) | Err(_) => return end.unwrap_or_else(|| Err(self.reason())),
            }
            while let Ok(response) = self.responses.try_recv() {
                self.note(response);
            }
        }
    }

    /// Why there are no more steps. A sequence that ends without a word was torn down by
    /// a panic.
    fn reason(&mut self) -> Fault {
        while let Some(response) = self.responses.blocking_recv() {
            self.note(response);
        }
        match &self.trouble {
            Some(cause) => {
                tracing::error!("the model could not go on: {cause}");
                Fault::Stumbled
            }
            None => Fault::Broken,
        }
    }

    /// What mistral.rs says of each token is not needed, and should not pile up.
    fn note(&mut self, response: Response) {
        match response {
            Response::InternalError(cause) | Response::ValidationError(cause) => {
                self.trouble = Some(cause.to_string());
            }
            Response::ModelError(cause, _) | Response::CompletionModelError(cause, _) => {
                self.trouble = Some(cause);
            }
            _ => {}
        }
    }
}

/// What was said of how far reading has got.
struct Reading {
    said: usize,
    at: Instant,
}

impl Reading {
    fn is_news(&mut self, done: usize) -> bool {
        let news = done >= self.said + STRIDE || done > self.said && self.at.elapsed() > SILENCE;
        if news {
            *self = Self { said: done, at: Instant::now() };
        }
        news
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
    fn begun() -> Self {
        let begun = Instant::now();
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
            usage: Usage {
                prompt_tokens,
                reused_tokens: self.reused,
                completion_tokens: self.written,
                cached_tokens: u32::try_from(tokens_kept()).unwrap_or(u32::MAX),
            },
            timings: Timings {
                reading_ms: milliseconds(self.begun, first),
                writing_ms: milliseconds(first, last),
            },
        }
    }
}

fn request(
    prompt: Vec<u32>,
    shown: Shown,
    hook: LogitsHook,
    response: tokio::sync::mpsc::Sender<Response>,
    ends: Option<Vec<u32>>,
    longest: u32,
) -> Request {
    Request::Normal(Box::new(NormalRequest {
        // The tokens that were counted are the tokens that are read.
        messages: RequestMessage::CompletionTokens(prompt),
        sampling_params: SamplingParams {
            // Greedy: the hook leaves one choice.
            temperature: Some(0.0),
            stop_toks: ends.map(StopTokens::Ids),
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
        logits_processors: Some(vec![Arc::new(hook), Arc::new(shown)]),
        return_raw_logits: false,
        web_search_options: None,
        model_id: None,
        truncate_sequence: false,
    }))
}

fn milliseconds(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.saturating_duration_since(from).as_millis()).unwrap_or(u64::MAX)
}
