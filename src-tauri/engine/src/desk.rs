//! Orders are carried out here, one after another. The desk has a thread of its own,
//! so that whoever reads the app's lines is never kept waiting.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    process,
    sync::{Arc, mpsc},
    thread,
};

use sotto_engine_protocol::{FromEngine, RunId, ToEngine, Turn};

use crate::{
    fault::Fault,
    folder::Folder,
    generate::{Wish, generate, try_out},
    gguf,
    load::Model,
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
    Load { path: PathBuf, scratch: PathBuf, exact: bool, context: u32 },
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
            ToEngine::Load { run, path, scratch, exact, context } => {
                (run, Work::Load { path, scratch, exact, context })
            }
            ToEngine::Generate { run, turns, sampling, max_tokens, top_logprobs, ignore_eos } => {
                (run, Work::Answer(Wish { run, turns, sampling, max_tokens, top_logprobs, ignore_eos }))
            }
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
            Work::Load { path, scratch, exact, context } => {
                self.unload();
                let (folder, weights) = match gguf::file_at(&path) {
                    Some(file) => {
                        gguf::open(&file, &scratch).map(|(folder, weights)| (folder, Some(weights)))?
                    }
                    None => (Folder::open(&path)?, None),
                };
                let total = folder.bytes;
                self.answers.send(&FromEngine::Progress { run, done: 0, total });
                let model = Model::load(folder, weights, &scratch, context, exact)?;
                if let Err(fault) = try_out(&model) {
                    tracing::error!(?fault, "the model was loaded and cannot be asked");
                    let name = model.info.name.clone();
                    model.unload();
                    return Err(Fault::DoesNotLoad(name));
                }
                self.answers.send(&FromEngine::Progress { run, done: total, total });
                let info = model.info.clone();
                self.model = Some(model);
                Ok(FromEngine::Loaded { run, model: info })
            }
            Work::Answer(wish) => generate(self.model()?, &wish, tell, events, &self.answers),
            Work::Count { turns, ids } => {
                let tokens = self.model()?.tokens(&turns)?;
                let count = u32::try_from(tokens.len()).unwrap_or(u32::MAX);
                Ok(FromEngine::Counted { run, count, ids: if ids { tokens } else { Vec::new() } })
            }
            Work::Unload => {
                self.unload();
                Ok(FromEngine::Unloaded { run })
            }
        }
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
