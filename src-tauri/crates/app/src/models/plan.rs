//! How a model is loaded: its context, its caches, the device, the threads.

use std::path::Path;

use sotto_domain::AnsweringError;
use sotto_engine_client::{Device, Plan};
use sotto_models::{Fit, Memory, ModelsError, Weight, context, fit, machine};

use super::Models;
use crate::{DeviceChoice, Share};

impl Models<'_> {
    /// How the model at `path` is to be loaded, from the memory that is free.
    ///
    /// # Errors
    /// [`AnsweringError::BadModel`], where this machine is too small for it, in words.
    pub(crate) fn plan(self, path: &Path) -> Result<Plan, AnsweringError> {
        let settings = self.core.settings.get().models;
        let device = match settings.device {
            DeviceChoice::Automatic => Device::Auto,
            DeviceChoice::Processor => Device::Cpu,
            DeviceChoice::Graphics if cfg!(target_os = "macos") => Device::Metal,
            DeviceChoice::Graphics => Device::Cuda(0),
        };
        let machine = machine::look(&self.core.home);
        let disk_cache_bytes = if settings.keep_talks { disk_cache_bytes(machine.disk_free) } else { 0 };
        let usual = Plan { device, spare_cores: self.spare_cores(), disk_cache_bytes, ..Plan::default() };
        let found = match sotto_models::look(path) {
            Ok(found) => found,
            // A path that is no text cannot even be told to the engine.
            Err(error @ ModelsError::NotUtf8 { .. }) => {
                return Err(AnsweringError::BadModel(error.to_string()));
            }
            // What cannot be read is for the engine to say, in the same words.
            Err(_) => return Ok(usual),
        };
        let (weight, memory) = (Weight { files: found.bytes, shape: found.shape }, machine.memory);
        match fit(weight, memory) {
            no @ Fit::No { .. } => Err(AnsweringError::BadModel(no.to_string())),
            Fit::Well { .. } | Fit::Tight { .. } => {
                let context = context(weight, memory.available, None);
                let prefix_cache_tokens = prefix_cache_tokens(weight, memory);
                let memory = Some(most_memory(weight, u64::from(context) + u64::from(prefix_cache_tokens)));
                Ok(Plan { context, prefix_cache_tokens, memory, ..usual })
            }
        }
    }

    /// How many of the processor's cores to leave to others now.
    pub(crate) fn spare_cores(self) -> u32 {
        const SOME: u32 = 2;
        match self.core.settings.get().models.share {
            Share::Less => SOME,
            Share::LessOnBattery if machine::on_battery() => SOME,
            Share::All | Share::LessOnBattery => 0,
        }
    }
}

/// How many tokens of other talks to keep in mind: what an eighth of the free memory holds.
fn prefix_cache_tokens(weight: Weight, memory: Memory) -> u32 {
    const MOST: u64 = 16_384;
    let left = memory.available.saturating_sub(weight.with(0)) / 8;
    u32::try_from((left / weight.shape.kv_bytes().max(1)).min(MOST)).unwrap_or_default()
}

/// The most memory that the model may take with so many tokens in mind: well above what was
/// reckoned, for that is an estimate; and far below what a file that lies about itself asks for.
fn most_memory(weight: Weight, tokens: u64) -> u64 {
    const BESIDES: u64 = 4 << 30;
    weight.with(tokens).saturating_mul(2).saturating_add(BESIDES)
}

/// How many bytes of what was read to keep on a disk with so much room: 1 GB, some 10,000
/// tokens of the 4B model, and never more than a twentieth of what is free.
fn disk_cache_bytes(free: Option<u64>) -> u64 {
    free.map_or(0, |free| (free / 20).min(1 << 30))
}
