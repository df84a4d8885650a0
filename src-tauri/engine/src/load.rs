//! A model, loaded.

use std::{
    num::NonZeroUsize,
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use either::Either;
use mistralrs::{
    Device, MultimodalLoaderType,
    core::{
        AdapterPaths, DefaultSchedulerMethod, DeviceMapSetting, LocalModelPaths, MistralRs, MistralRsBuilder,
        ModelDType, ModelPaths, MultimodalLoaderBuilder, MultimodalSpecificConfig, Pipeline, Request,
        SchedulerConfig, TokenizationRequest,
    },
};
use mistralrs_quant::{GivenWeights, give_weights};
use sotto_engine_protocol::{ModelInfo, Turn};
use tokio::sync::mpsc;

use crate::{
    fault::Fault,
    folder::Folder,
    platform,
    prepare::{Prepared, prepare},
    steps::Event,
    talk,
    vocabulary::Vocabulary,
};

/// How long mistral.rs may take to let go of a model before it is said to be gone.
const PARTING: Duration = Duration::from_mins(1);

/// How many talks stay in mind, so that the next turn of one reads only what is new. They
/// share a limit of tokens (patch 0004), so this is a bound on their number alone.
const TALKS_IN_MIND: usize = 4;

/// A model that can be asked.
pub struct Model {
    /// What the app is told of it.
    pub info: ModelInfo,
    /// The bytes behind its tokens.
    pub vocabulary: Vocabulary,
    /// The tokens that end an answer.
    pub ends: Vec<u32>,
    runner: Arc<MistralRs>,
    /// Where requests go. Kept, for the runner starts a broken engine thread again when
    /// it is asked for this, on a cache in an unknown state.
    requests: mpsc::Sender<Request>,
    /// The weights. Held so that it is us who let go of them last.
    pipeline: Arc<tokio::sync::Mutex<dyn Pipeline + Send + Sync>>,
}

/// Where tokens come.
type Tokens = mpsc::Receiver<anyhow::Result<Vec<u32>>>;

impl Model {
    /// Loads the model of `folder`, with `weights` in the place of the folder's own where
    /// they are given. `scratch` and `context` are those of the protocol's `Load`; `exact`
    /// computes in 32-bit floats.
    ///
    /// On a thread of its own: the loader panics where it could fail, and leaves
    /// settings behind in the thread that it runs on.
    pub fn load(
        folder: Folder,
        weights: Option<Arc<dyn GivenWeights>>,
        scratch: &Path,
        context: u32,
        exact: bool,
    ) -> Result<Self, Fault> {
        let prepared = prepare(&folder, scratch, context)?;
        let vocabulary = Vocabulary::read(&folder.tokenizer)
            .ok_or_else(|| Fault::Damaged { model: folder.name.clone(), file: "tokenizer.json".into() })?;
        let name = folder.name.clone();
        give_weights(weights);
        let loaded = thread::spawn(move || load(folder, &prepared, vocabulary, exact)).join();
        give_weights(None);
        match loaded {
            Ok(Ok(model)) => Ok(model),
            Ok(Err(cause)) => {
                tracing::error!("the model could not be loaded: {cause}");
                Err(Fault::DoesNotLoad(name))
            }
            // What it said went to stderr.
            Err(_) => Err(Fault::DoesNotLoad(name)),
        }
    }

    /// Hands a request over. An error means that the engine's thread is no more.
    pub fn ask(&self, request: Request) -> Result<(), Fault> {
        self.requests.blocking_send(request).map_err(|_| Fault::Broken)
    }

    /// The tokens of a talk, as the model's own template writes it.
    pub fn tokens(&self, turns: &[Turn]) -> Result<Vec<u32>, Fault> {
        Self::received(self.tokenize(turns)?)
    }

    /// The same without waiting: they are told to the run. While the model reads on for a
    /// run that was stopped, they are long in coming.
    pub fn tell_tokens(&self, turns: &[Turn], run: std::sync::mpsc::Sender<Event>) -> Result<(), Fault> {
        let tokens = self.tokenize(turns)?;
        thread::spawn(move || {
            // A run that was stopped meanwhile listens no more. But mistral.rs panics
            // where nobody takes the tokens that were asked for.
            let _ = run.send(Event::Prompt(Self::received(tokens)));
        });
        Ok(())
    }

    fn tokenize(&self, turns: &[Turn]) -> Result<Tokens, Fault> {
        let (response, tokens) = mpsc::channel(1);
        self.ask(Request::Tokenize(TokenizationRequest {
            text: Either::Left(talk::messages(turns)?),
            tools: None,
            add_generation_prompt: true,
            // The template begins with the token that begins a text; the tokenizer
            // would put a second one before it.
            add_special_tokens: false,
            enable_thinking: None,
            reasoning_effort: None,
            response,
        }))?;
        Ok(tokens)
    }

    fn received(mut tokens: Tokens) -> Result<Vec<u32>, Fault> {
        match tokens.blocking_recv() {
            Some(Ok(tokens)) => Ok(tokens),
            Some(Err(error)) => {
                tracing::warn!("the template refused the talk: {error:#}");
                Err(Fault::OutOfTurn)
            }
            None => Err(Fault::Broken),
        }
    }

    /// Gives the memory back, and returns when it is free.
    pub fn unload(self) {
        let Self { runner, requests, pipeline, .. } = self;
        drop((runner, requests));
        // The thread that still holds the weights cannot be joined from here. It may be
        // reading to the end for a run that was stopped.
        let begun = Instant::now();
        while Arc::strong_count(&pipeline) > 1 && begun.elapsed() < PARTING {
            thread::sleep(Duration::from_millis(2));
        }
        drop(pipeline);
        platform::give_memory_back();
    }
}

fn load(folder: Folder, prepared: &Prepared, vocabulary: Vocabulary, exact: bool) -> Result<Model, String> {
    let info = ModelInfo { name: folder.name, context: prepared.context, bytes: folder.bytes };
    let paths: Box<dyn ModelPaths> = Box::new(LocalModelPaths {
        tokenizer_filename: folder.tokenizer,
        config_filename: prepared.config.clone(),
        template_filename: Some(folder.template),
        filenames: folder.weights,
        adapter_paths: AdapterPaths::None,
        gen_conf: None,
        preprocessor_config: Some(prepared.preprocessor.clone()),
        processor_config: Some(prepared.processor.clone()),
        chat_template_json_filename: None,
    });
    // The files are named one by one: by the folder's name the loader would look for
    // more, on the hub too.
    let loader = MultimodalLoaderBuilder::new(
        MultimodalSpecificConfig::default(),
        None,
        None,
        Some(info.name.clone()),
        None,
    )
    .build(Some(MultimodalLoaderType::Mistral3));
    let dtype = if exact { ModelDType::F32 } else { ModelDType::F16 };
    let pipeline = loader
        .load_model_from_path(&paths, &dtype, &Device::Cpu, true, DeviceMapSetting::dummy(), None, None)
        .map_err(|error| format!("{error:#}"))?;

    // One sequence at a time: one that is being abandoned is gone before the next begins.
    let scheduler =
        SchedulerConfig::DefaultScheduler { method: DefaultSchedulerMethod::Fixed(NonZeroUsize::MIN) };
    let build = MistralRsBuilder::new(pipeline.clone(), scheduler, false, None)
        .with_no_prefix_cache(false)
        .with_prefix_cache_n(TALKS_IN_MIND)
        // We end answers ourselves, so that a run can be told not to.
        .with_disable_eos_stop(true)
        .build();
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    let runner = runtime.block_on(build);
    let requests = runner.get_sender(None).map_err(|error| error.to_string())?;
    Ok(Model { info, vocabulary, ends: folder.ends, runner, requests, pipeline })
}
