//! Orders are carried out here, one after another. The desk has a thread of its own,
//! so that whoever reads the app's lines is never kept waiting.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, TryRecvError},
    },
    thread,
};

use mistralrs::core::recollect;
use mistralrs_quant::GivenWeights;
use sotto_engine_protocol::{FromEngine, ModelInfo, RunId, ToEngine, Turn};

use crate::{
    device::Place,
    fault::Fault,
    folder::{Folder, Tensors},
    generate::{Wish, generate},
    gguf,
    load::{Model, Terms},
    prefix_store::PrefixStore,
    prepare,
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
            let mut clerk = Clerk { answers, model: None, store: None };
            while let Some(order) = clerk.next(&taken) {
                clerk.carry_out(order);
            }
        });
        desk
    }

    /// Takes an order: it is open from now on, and can be cancelled.
    pub fn take(&self, message: ToEngine) {
        let (run, work) = match message {
            ToEngine::Load { run, path, scratch, exact, context, mind, keep, device } => {
                (run, Work::Load { path, scratch, terms: Terms { exact, context, mind, keep, device } })
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
    /// Where what was read is kept, if it is.
    store: Option<Arc<PrefixStore>>,
}

impl Clerk {
    /// The next order. While there is none, what was read is saved.
    fn next(&self, orders: &mpsc::Receiver<Order>) -> Option<Order> {
        loop {
            match orders.try_recv() {
                Ok(order) => return Some(order),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => {}
            }
            if !self.store.as_ref().is_some_and(|store| store.save_one()) {
                return orders.recv().ok();
            }
        }
    }

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
        if fault.ends_the_process() {
            process::exit(BROKEN);
        }
    }

    fn work(&mut self, Order { run, work, tell, events }: Order) -> Result<FromEngine, Fault> {
        match work {
            Work::Load { path, scratch, terms } => {
                self.unload();
                let (folder, model) = self.load(run, &path, &scratch, terms)?;
                let info = model.info.clone();
                self.model = Some(model);
                self.keep(&folder, &scratch, terms, &info);
                Ok(FromEngine::Loaded { run, model: info })
            }
            Work::Answer(wish) => {
                if let Some(store) = &self.store {
                    store.let_go();
                }
                generate(self.model()?, &wish, tell, &events, &self.answers)
            }
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

    fn load(&self, run: RunId, path: &Path, scratch: &Path, terms: Terms) -> Result<(Folder, Model), Fault> {
        let tell = |done, total| self.answers.send(&FromEngine::Progress { run, done, total });
        let Some(file) = gguf::file_at(path) else {
            let folder = Folder::open(path)?;
            let weights: Arc<dyn GivenWeights> = Arc::new(Tensors::open(&folder)?);
            tell(0, folder.bytes);
            let model = Model::load(&folder, Some(&weights), scratch, terms)?;
            tell(folder.bytes, folder.bytes);
            return Ok((folder, model));
        };
        let (folder, weights) = gguf::open(&file, scratch)?;
        let given: Arc<dyn GivenWeights> = weights.clone();
        // The file is fetched while the rest is read: what is looked at before it is there is
        // fetched then.
        let over = AtomicBool::new(false);
        let model = thread::scope(|scope| {
            scope.spawn(|| {
                weights.wake(|done| {
                    tell(done, folder.bytes);
                    !over.load(Ordering::Relaxed)
                });
            });
            let model = Model::load(&folder, Some(&given), scratch, terms);
            over.store(true, Ordering::Relaxed);
            model
        })?;
        Ok((folder, model))
    }

    /// From now on keeps what is read, and uses what was kept. Not where a graphics card
    /// reads: that is fast enough.
    fn keep(&mut self, folder: &Folder, scratch: &Path, terms: Terms, info: &ModelInfo) {
        if terms.keep == 0 {
            return PrefixStore::clear(scratch);
        }
        if info.device != Place::Processor.to_string() {
            return;
        }
        let longest = usize::try_from(prepare::cache_length(info.context)).unwrap_or(usize::MAX);
        match PrefixStore::open(scratch, folder, terms.exact, longest, terms.keep) {
            Ok(store) => self.store = Some(Arc::new(store)),
            Err(error) => tracing::warn!(%error, "what is read cannot be kept"),
        }
        recollect(self.store.clone().map(|store| store as _));
    }

    fn model(&self) -> Result<&Model, Fault> {
        self.model.as_ref().ok_or(Fault::NoModel)
    }

    fn unload(&mut self) {
        recollect(None);
        self.store = None;
        if let Some(model) = self.model.take() {
            model.unload();
        }
    }
}
