//! How a model is loaded.

use std::{num::NonZeroUsize, path::Path, sync::Arc, thread};

use mistralrs::{
    MultimodalLoaderType,
    core::{
        AdapterPaths, DefaultSchedulerMethod, DeviceMapSetting, LocalModelPaths, MistralRsBuilder,
        ModelDType, ModelPaths, MultimodalLoaderBuilder, MultimodalSpecificConfig, SchedulerConfig,
        keep_tokens,
    },
};
use mistralrs_quant::{GivenWeights, give_weights};
use sotto_engine_protocol::{Device, ModelInfo};

use crate::{
    device::Place,
    fault::Fault,
    folder::Folder,
    generate,
    model::{Model, Running},
    prepare::{Prepared, prepare},
    prompt::Language,
    vocabulary::Vocabulary,
};

/// How many talks stay in mind, so that the next turn of one reads only what is new. They
/// share a limit of tokens, so this is a bound on their number alone.
const TALKS_IN_MIND: usize = 4;

/// How a model is to be loaded: what the protocol's `Load` says of it.
#[derive(Debug, Clone, Copy)]
pub struct LoadOptions {
    /// Compute in 32-bit floats.
    pub exact: bool,
    pub context: u32,
    pub prefix_cache_tokens: u32,
    /// The most bytes of what was read to keep on the disk.
    pub disk_cache_bytes: u64,
    pub device: Device,
}

/// Loads the model of `folder` and tries it out, with `weights` in the place of the
/// folder's own where they are given. `scratch` is a folder of the engine's own.
///
/// On what was asked for; where it does not work there, on the processor.
pub fn load(
    folder: &Folder,
    weights: Option<&Arc<dyn GivenWeights>>,
    scratch: &Path,
    options: LoadOptions,
) -> Result<Model, Fault> {
    let (mut place, mut fell_back) = Place::find(options.device);
    if folder.by_our_kernels && place != Place::Processor {
        (place, fell_back) = (Place::Processor, Some(Place::OURS_ALONE.into()));
    }
    let mut loaded = load_on(place, folder, weights, scratch, options);
    if matches!(loaded, Err(Fault::DoesNotLoad(_))) && place != Place::Processor {
        fell_back = Some(Place::NO_ROOM.into());
        loaded = load_on(Place::Processor, folder, weights, scratch, options);
    }
    let mut model = loaded?;
    let otherwise: Vec<_> = fell_back.into_iter().chain(folder.blind.clone()).collect();
    model.info.fell_back = (!otherwise.is_empty()).then(|| otherwise.join(" "));
    Ok(model)
}

fn load_on(
    place: Place,
    folder: &Folder,
    weights: Option<&Arc<dyn GivenWeights>>,
    scratch: &Path,
    options: LoadOptions,
) -> Result<Model, Fault> {
    let prepared = prepare(folder, scratch, options.context)?;
    keep_tokens(options.prefix_cache_tokens as usize);
    give_weights(weights.cloned());
    // On a thread of its own: the loader panics where it could fail, and leaves settings
    // behind in the thread that it runs on. Meanwhile its words are read here.
    let (loaded, words) = thread::scope(|scope| {
        let loading = scope.spawn(|| run(place, folder, &prepared, options));
        let words = words(folder);
        (loading.join(), words)
    });
    give_weights(None);
    let does_not_load = || Fault::DoesNotLoad(folder.name.clone());
    let running = match loaded {
        Ok(Ok(running)) => running,
        Ok(Err(cause)) => {
            tracing::error!("the model could not be loaded: {cause}");
            return Err(does_not_load());
        }
        // What it said went to stderr.
        Err(_) => return Err(does_not_load()),
    };
    let (language, vocabulary) = words?;
    let info = ModelInfo {
        name: folder.name.clone(),
        context: prepared.context,
        bytes: folder.bytes,
        sees: language.sight().is_some(),
        device: place.to_string(),
        fell_back: None,
        token_bytes: prepared.token_numbers * if options.exact { 4 } else { 2 },
        prefix_cache_tokens: options.prefix_cache_tokens,
    };
    let (vocabulary, ends) = (Arc::new(vocabulary), folder.ends.clone());
    let model = Model { info, language, vocabulary, ends, running };
    if let Err(fault) = generate::try_out(&model) {
        tracing::error!(?fault, "the model was loaded and cannot be asked");
        model.unload();
        return Err(does_not_load());
    }
    Ok(model)
}

/// How a model is spoken to, and the bytes behind its tokens.
fn words(folder: &Folder) -> Result<(Language, Vocabulary), Fault> {
    let vocabulary = Vocabulary::read(&folder.tokenizer)
        .ok_or_else(|| Fault::Damaged { model: folder.name.clone(), file: "tokenizer.json".into() })?;
    let language = Language::read(folder)?;
    language.try_out()?;
    Ok((language, vocabulary))
}

fn run(place: Place, folder: &Folder, prepared: &Prepared, options: LoadOptions) -> Result<Running, String> {
    let paths: Box<dyn ModelPaths> = Box::new(LocalModelPaths {
        tokenizer_filename: prepared.tokenizer.clone(),
        config_filename: prepared.config.clone(),
        template_filename: Some(prepared.template.clone()),
        filenames: folder.weights.clone(),
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
        Some(folder.name.clone()),
        None,
    )
    .build(Some(MultimodalLoaderType::Mistral3));
    let dtype = if options.exact { ModelDType::F32 } else { ModelDType::F16 };
    let device = place.device()?;
    let pipeline = loader
        .load_model_from_path(&paths, &dtype, &device, true, DeviceMapSetting::dummy(), None, None)
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
    let forms = pipeline.try_lock().map_err(|error| error.to_string())?.get_metadata().llg_factory.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    let runner = runtime.block_on(build);
    let requests = runner.get_sender(None).map_err(|error| error.to_string())?;
    Ok(Running { forms, runner, requests, pipeline })
}
