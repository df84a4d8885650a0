//! A model, loaded.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use llguidance::ParserFactory;
use mistralrs::core::{MistralRs, Pipeline, Request};
use sotto_engine_protocol::ModelInfo;
use tokio::sync::mpsc;

use crate::{fault::Fault, platform, prompt::Language, vocabulary::Vocabulary};

/// How long mistral.rs may take to let go of a model before it is said to be gone.
const PARTING: Duration = Duration::from_mins(1);

/// A model that can be asked.
pub struct Model {
    /// What the app is told of it.
    pub info: ModelInfo,
    /// How it is spoken to.
    pub language: Language,
    /// The bytes behind its tokens.
    pub vocabulary: Arc<Vocabulary>,
    /// The tokens that end an answer.
    pub ends: Vec<u32>,
    pub running: Running,
}

/// What mistral.rs holds of a model.
pub struct Running {
    /// What answers of a given form are made by.
    pub forms: Option<Arc<ParserFactory>>,
    pub runner: Arc<MistralRs>,
    /// Where requests go. Kept, for the runner starts a broken engine thread again when
    /// it is asked for this, on a cache in an unknown state.
    pub requests: mpsc::Sender<Request>,
    /// The weights. Held so that it is us who let go of them last.
    pub pipeline: Arc<tokio::sync::Mutex<dyn Pipeline + Send + Sync>>,
}

impl Model {
    /// Hands a request over. An error means that the engine's thread is no more.
    pub fn ask(&self, request: Request) -> Result<(), Fault> {
        self.running.requests.blocking_send(request).map_err(|_| Fault::Broken)
    }

    /// What answers of a given form are made by; `None` where its tokenizer does not allow it.
    pub fn forms(&self) -> Option<&ParserFactory> {
        self.running.forms.as_deref()
    }

    /// Gives the memory back, and returns when it is free.
    pub fn unload(self) {
        let Running { runner, requests, pipeline, forms: _ } = self.running;
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
