//! From nothing to a model in memory.

use sotto_domain::{AnsweringError, Delta};
use sotto_engine_protocol::{FromEngine, ModelInfo, ToEngine};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{Actor, Events, failure, short};
use crate::{
    EngineState, Loaded, cpu,
    ending::{End, Fault},
    plan::{Choice, model_name},
    sandbox,
    session::{Session, StartFault},
};

/// What came of making the model ready.
pub(super) enum Readiness {
    Ready,
    /// Nobody wants it any more.
    Stopped,
}

impl Actor {
    /// Sees to it that the process runs and has the chosen model in memory. `events`
    /// hears how loading goes. Each model has a process of its own, so that the bar lets
    /// none see the files of another.
    pub(super) async fn ready(
        &mut self,
        events: Option<&Events>,
        cancel: &CancellationToken,
    ) -> Result<Readiness, AnsweringError> {
        self.revive_at = None;
        let choice = self.chosen().ok_or(AnsweringError::NoModel)?;
        if self.is_loaded() {
            return Ok(Readiness::Ready);
        }
        self.end().await;
        cpu::check().map_err(AnsweringError::Unsupported)?;
        let model = model_name(&choice.path);
        self.state.send_replace(EngineState::Starting { model: model.clone() });
        let started = Session::start(&self.options, &choice).await;
        self.session = Some(started.map_err(|fault| start_error(&fault))?);
        let loading = tokio::select! {
            loading = self.load(choice, &model, events) => Some(loading),
            () = cancel.cancelled() => None,
        };
        match loading {
            Some(Ok(())) => Ok(Readiness::Ready),
            Some(Err(error)) => {
                self.end().await;
                Err(error)
            }
            // Half a model is of no use: the memory is free again at once.
            None => {
                self.end().await;
                self.rest();
                Ok(Readiness::Stopped)
            }
        }
    }

    async fn load(
        &mut self,
        choice: Choice,
        model: &str,
        events: Option<&Events>,
    ) -> Result<(), AnsweringError> {
        let run = self.new_run();
        let order = ToEngine::Load {
            run,
            path: choice.path.clone(),
            scratch: self.options.scratch.clone(),
            exact: false,
            context: choice.plan.context,
            prefix_cache_tokens: choice.plan.prefix_cache_tokens,
            disk_cache_bytes: choice.plan.disk_cache_bytes,
            device: choice.plan.device,
        };
        self.publish_loading(model, 0, 0);
        sandbox::admit(&choice.path, &self.options.scratch);
        self.say(&order).await?;
        let mut deadline = Instant::now() + self.options.timeouts.progress;
        loop {
            match self.hear(deadline).await? {
                FromEngine::Progress { run: of, done, total } if of == run => {
                    deadline = Instant::now() + self.options.timeouts.progress;
                    self.publish_loading(model, done, total);
                    if let Some(events) = events {
                        let _ = events.send(Ok(Delta::loading(done, total))).await;
                    }
                }
                FromEngine::Loaded { run: of, model } if of == run => {
                    self.loaded = Some((choice, loaded(&model)));
                    self.publish_ready();
                    return Ok(());
                }
                FromEngine::Failed { run: of, kind, message } if of == Some(run) => {
                    return Err(failure(kind, &message));
                }
                _ => {}
            }
        }
    }
}

fn loaded(model: &ModelInfo) -> Loaded {
    Loaded {
        context: model.context,
        sees: model.sees,
        device: short(&model.device),
        fell_back: model.fell_back.as_deref().map(short),
        bytes: model.bytes,
        token_bytes: model.token_bytes,
        prefix_cache_tokens: model.prefix_cache_tokens,
        cached_tokens: 0,
    }
}

fn start_error(fault: &StartFault) -> AnsweringError {
    tracing::error!(%fault, "the engine did not start");
    let sentence = match fault {
        StartFault::Ended(end) if *end != End::Otherwise => return end.said(Fault::Gone),
        StartFault::Folder(folder, _) => {
            return AnsweringError::Unsupported(format!(
                "The model was not started, because Sotto cannot write to its own folder, {}. Your text is safe. Make \
                 sure that the disk is not full and that you may write there, then try again.",
                folder.display()
            ));
        }
        StartFault::Spawn(_) | StartFault::Mute | StartFault::Ended(_) => {
            "The part of Sotto that runs the model could not be started. Your text is safe. Installing Sotto again \
             usually mends it."
        }
        StartFault::Version(_) => {
            "The part of Sotto that runs the model belongs to another version. Your text is safe. Installing Sotto \
             again mends it."
        }
        StartFault::Open => {
            "The model was not started, because this computer would not keep it off the network. Your text is safe \
             and nothing was sent."
        }
    };
    AnsweringError::Unsupported(sentence.into())
}
