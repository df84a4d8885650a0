//! Jobs are done here, one after another, on a thread of its own, so that whoever reads the
//! app's lines is never kept waiting.

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
use sotto_gguf::Layout;

use crate::{
    device::Place,
    fault::Fault,
    folder::{Folder, Tensors},
    generate::generate,
    gguf,
    load::{LoadOptions, load},
    logits_hook::Event,
    model::Model,
    params::GenerateParams,
    prefix_store::PrefixStore,
    prepare,
    wire::Answers,
};

/// How the process ends when the model broke in a way that cannot be mended inside it.
const BROKEN: i32 = 4;

/// Where jobs are handed over.
pub struct Worker {
    answers: Arc<Answers>,
    jobs: mpsc::Sender<Job>,
}

/// A message of the app's, and the line of its run.
struct Job {
    run: RunId,
    task: Task,
    tell: mpsc::Sender<Event>,
    events: mpsc::Receiver<Event>,
}

enum Task {
    Load { path: PathBuf, scratch: PathBuf, options: LoadOptions },
    Answer(GenerateParams),
    Count { turns: Vec<Turn>, ids: bool },
    Unload,
}

impl Worker {
    pub fn start(answers: Arc<Answers>) -> Self {
        let (jobs, taken) = mpsc::channel();
        let worker = Self { answers: answers.clone(), jobs };
        thread::spawn(move || {
            let mut thread = WorkerThread { answers, model: None, store: None };
            while let Some(job) = thread.next(&taken) {
                thread.run(job);
            }
        });
        worker
    }

    /// Takes a job: it is open from now on, and can be cancelled.
    pub fn take(&self, message: ToEngine) {
        let (run, task) = match message {
            ToEngine::Load {
                run,
                path,
                scratch,
                exact,
                context,
                prefix_cache_tokens,
                disk_cache_bytes,
                device,
            } => (
                run,
                Task::Load {
                    path,
                    scratch,
                    options: LoadOptions { exact, context, prefix_cache_tokens, disk_cache_bytes, device },
                },
            ),
            ToEngine::Generate { run, turns, sampling, rules, max_tokens, top_logprobs, ignore_eos } => (
                run,
                Task::Answer(GenerateParams {
                    run,
                    turns,
                    sampling,
                    rules,
                    max_tokens,
                    top_logprobs,
                    ignore_eos,
                }),
            ),
            ToEngine::CountTokens { run, turns, ids } => (run, Task::Count { turns, ids }),
            ToEngine::Unload { run } => (run, Task::Unload),
            ToEngine::Cancel { run } => return self.answers.cancel(run),
            // A second greeting belongs to no run and changes nothing.
            ToEngine::Hello { .. } => return,
        };
        let (tell, events) = mpsc::channel();
        self.answers.begin(run, tell.clone());
        // The thread lives as long as the process.
        let _ = self.jobs.send(Job { run, task, tell, events });
    }
}

/// Does them.
struct WorkerThread {
    answers: Arc<Answers>,
    model: Option<Model>,
    /// Where what was read is kept, if it is.
    store: Option<Arc<PrefixStore>>,
}

impl WorkerThread {
    /// The next job. While there is none, what was read is saved.
    fn next(&self, jobs: &mpsc::Receiver<Job>) -> Option<Job> {
        loop {
            match jobs.try_recv() {
                Ok(job) => return Some(job),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => {}
            }
            if !self.store.as_ref().is_some_and(|store| store.save_one()) {
                return jobs.recv().ok();
            }
        }
    }

    fn run(&mut self, job: Job) {
        let run = job.run;
        let outcome = catch_unwind(AssertUnwindSafe(|| self.work(job))).unwrap_or(Err(Fault::Broken));
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

    fn work(&mut self, Job { run, task, tell, events }: Job) -> Result<FromEngine, Fault> {
        match task {
            Task::Load { path, scratch, options } => {
                self.unload();
                let (folder, model) = self.load(run, &path, &scratch, options)?;
                let info = model.info.clone();
                self.model = Some(model);
                self.keep(&folder, &scratch, options, &info);
                Ok(FromEngine::Loaded { run, model: info })
            }
            Task::Answer(params) => {
                if let Some(store) = &self.store {
                    store.let_go();
                }
                generate(self.model()?, &params, tell, &events, &self.answers)
            }
            Task::Count { turns, ids } => {
                let tokens = self.model()?.language.prompt(&turns)?;
                let count = u32::try_from(tokens.len()).unwrap_or(u32::MAX);
                Ok(FromEngine::Counted { run, count, ids: if ids { tokens } else { Vec::new() } })
            }
            Task::Unload => {
                self.unload();
                Ok(FromEngine::Unloaded { run })
            }
        }
    }

    fn load(
        &self,
        run: RunId,
        path: &Path,
        scratch: &Path,
        options: LoadOptions,
    ) -> Result<(Folder, Model), Fault> {
        let tell = |done, total| self.answers.send(&FromEngine::Progress { run, done, total });
        let Some(file) = gguf::file_at(path) else {
            let folder = Folder::open(path)?;
            let (folder, weights): (_, Arc<dyn GivenWeights>) = match folder.layout {
                Some(layout @ (Layout::Text(_) | Layout::TextOf(_))) => {
                    let (folder, weights) = gguf::plain::open(folder, layout)?;
                    (folder, Arc::new(weights))
                }
                Some(Layout::Whole) | None => {
                    let tensors = Tensors::open(&folder)?;
                    (folder, Arc::new(tensors))
                }
            };
            tell(0, folder.bytes);
            let model = load(&folder, Some(&weights), scratch, options)?;
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
            let model = load(&folder, Some(&given), scratch, options);
            over.store(true, Ordering::Relaxed);
            model
        })?;
        Ok((folder, model))
    }

    /// From now on keeps what is read, and uses what was kept. Not where a graphics card
    /// reads: that is fast enough.
    fn keep(&mut self, folder: &Folder, scratch: &Path, options: LoadOptions, info: &ModelInfo) {
        if options.disk_cache_bytes == 0 {
            return PrefixStore::clear(scratch);
        }
        if info.device != Place::Processor.to_string() {
            return;
        }
        let longest = usize::try_from(prepare::cache_length(info.context)).unwrap_or(usize::MAX);
        match PrefixStore::open(scratch, folder, options.exact, longest, options.disk_cache_bytes) {
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
