//! Orders are carried out here, one after another. The desk has a thread of its own,
//! so that whoever reads the app's lines is never kept waiting.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process,
    sync::{Arc, mpsc},
    thread,
};

use mistralrs_quant::GivenWeights;
use sotto_engine_protocol::{FromEngine, RunId, ToEngine, Turn};

use crate::{
    fault::Fault,
    folder::Folder,
    generate::{Wish, generate},
    gguf,
    load::{Model, Terms},
    steps::Event,
    wire::Answers,
};

/// How the process ends when the model broke in a way that cannot be mended inside it.
const BROKEN: i32 = 4;

/// Where orders are put.
pub struct Desk {
    answers: Arc<Answers>,
    orders: mpsc::Sender<Order>,
}

/// A message of the app's, and the line of its run.
struct Order {
    run: RunId,
    work: Work,
    tell: mpsc::Sender<Event>,
    events: mpsc::Receiver<Event>,
}

enum Work {
    Load { path: PathBuf, scratch: PathBuf, terms: Terms },
    Answer(Wish),
    Count { turns: Vec<Turn>, ids: bool },
    Unload,
}

impl Desk {
    pub fn open(answers: Arc<Answers>) -> Self {
        let (orders, taken) = mpsc::channel();
        let desk = Self { answers: answers.clone(), orders };
        thread::spawn(move || {
            let mut clerk = Clerk { answers, model: None };
            for order in taken {
                clerk.carry_out(order);
            }
        });
        desk
    }

    /// Takes an order: it is open from now on, and can be cancelled.
    pub fn take(&self, message: ToEngine) {
        let (run, work) = match message {
            ToEngine::Load { run, path, scratch, exact, context, mind, device } => {
                (run, Work::Load { path, scratch, terms: Terms { exact, context, mind, device } })
            }
            ToEngine::Generate { run, turns, sampling, rules, max_tokens, top_logprobs, ignore_eos } => (
                run,
                Work::Answer(Wish { run, turns, sampling, rules, max_tokens, top_logprobs, ignore_eos }),
            ),
            ToEngine::CountTokens { run, turns, ids } => (run, Work::Count { turns, ids }),
            ToEngine::Unload { run } => (run, Work::Unload),
            ToEngine::Cancel { run } => return self.answers.cancel(run),
            // A second greeting belongs to no run and changes nothing.
            ToEngine::Hello { .. } => return,
        };
        let (tell, events) = mpsc::channel();
        self.answers.begin(run, tell.clone());
        // The desk's thread lives as long as the process.
        let _ = self.orders.send(Order { run, work, tell, events });
    }
}

/// Who carries them out.
struct Clerk {
    answers: Arc<Answers>,
    model: Option<Model>,
}

impl Clerk {
    fn carry_out(&mut self, order: Order) {
        let run = order.run;
        let outcome = catch_unwind(AssertUnwindSafe(|| self.work(order))).unwrap_or(Err(Fault::Broken));
        let fault = match outcome {
            Ok(last) => return self.answers.send(&last),
            Err(fault) => fault,
        };
        tracing::warn!(?run, ?fault, "a run failed");
        self.answers.send(&FromEngine::Failed {
            run: Some(run),
            kind: fault.kind(),
            message: fault.to_string(),
        });
        if matches!(fault, Fault::Broken) {
            // Locks and caches are in an unknown state: only a new process is sound.
            process::exit(BROKEN);
        }
    }

    fn work(&mut self, Order { run, work, tell, events }: Order) -> Result<FromEngine, Fault> {
        match work {
            Work::Load { path, scratch, terms } => {
                self.unload();
                let model = self.load(run, &path, &scratch, terms)?;
                let info = model.info.clone();
                self.model = Some(model);
                Ok(FromEngine::Loaded { run, model: info })
            }
            Work::Answer(wish) => generate(self.model()?, &wish, tell, &events, &self.answers),
            Work::Count { turns, ids } => {
                let tokens = self.model()?.language.prompt(&turns)?;
                let count = u32::try_from(tokens.len()).unwrap_or(u32::MAX);
                Ok(FromEngine::Counted { run, count, ids: if ids { tokens } else { Vec::new() } })
            }
            Work::Unload => {
                self.unload();
                Ok(FromEngine::Unloaded { run })
            }
        }
    }

    fn load(&self, run: RunId, path: &Path, scratch: &Path, terms: Terms) -> Result<Model, Fault> {
        let tell = |done, total| self.answers.send(&FromEngine::Progress { run, done, total });
        let Some(file) = gguf::file_at(path) else {
            let folder = Folder::open(path)?;
            tell(0, folder.bytes);
            let model = Model::load(&folder, None, scratch, terms)?;
            tell(folder.bytes, folder.bytes);
            return Ok(model);
        };
        let (folder, weights) = gguf::open(&file, scratch)?;
        weights.wake(|done| tell(done, folder.bytes));
        let weights: Arc<dyn GivenWeights> = weights;
        Model::load(&folder, Some(&weights), scratch, terms)
    }

    fn model(&self) -> Result<&Model, Fault> {
        self.model.as_ref().ok_or(Fault::NoModel)
    }

    fn unload(&mut self) {
        if let Some(model) = self.model.take() {
            model.unload();
        }
    }
}
