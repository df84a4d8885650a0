//! What this machine has, looked at and measured, for the one question that matters:
//! which model will run well here.

mod graphics;
mod measure;
mod power;

use std::path::Path;

use serde::Serialize;
use sotto_engine_protocol::processor::{helpful, needed};
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

pub use self::{
    graphics::{Card, Graphics},
    measure::{Pace, measure},
    power::on_battery,
};
use crate::fit::Memory;

/// What a machine has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// What the processor calls itself.
    pub processor: String,
    /// Its cores, without those that only seem to be.
    pub cores: usize,
    /// What it can that makes models fast, by the names that makers print.
    pub features: Vec<&'static str>,
    /// What it lacks of what the engine needs: empty where the engine runs.
    pub lacks: Vec<&'static str>,
    /// Memory.
    pub memory: Memory,
    /// What is free on the disk that the models lie on, where the system says it.
    pub disk_free: Option<u64>,
    /// Graphics cards.
    pub graphics: Graphics,
}

/// Looks. `models` is the folder of the models, or where it will be.
pub fn look(models: &Path) -> Machine {
    let kinds = RefreshKind::nothing()
        .with_cpu(CpuRefreshKind::nothing())
        .with_memory(MemoryRefreshKind::nothing().with_ram());
    let system = System::new_with_specifics(kinds);
    let processor = system.cpus().first().map_or("", sysinfo::Cpu::brand).trim();
    let (needed, helpful) = (needed(), helpful());
    let named = |have: bool| {
        let of = needed.iter().filter(move |(_, there)| *there == have);
        of.map(|(name, _)| *name).collect::<Vec<_>>()
    };
    let mut features = named(true);
    features.extend(helpful.iter().filter(|(_, there)| *there).map(|(name, _)| *name));
    Machine {
        processor: if processor.is_empty() { "an unnamed processor".into() } else { processor.into() },
        cores: cores(),
        features,
        lacks: named(false),
        memory: Memory { total: system.total_memory(), available: system.available_memory() },
        disk_free: free_at(models).ok(),
        graphics: graphics::look(),
    }
}

/// The cores that work at the same time.
fn cores() -> usize {
    let there = std::thread::available_parallelism().map_or(1, usize::from);
    // A container may be given fewer than the machine has.
    System::physical_core_count().map_or(there, |cores| cores.min(there)).max(1)
}

/// What is free on the disk at `path`, or at the nearest folder above it that exists.
pub(crate) fn free_at(path: &Path) -> std::io::Result<u64> {
    let there = path.ancestors().find(|folder| folder.exists()).unwrap_or(path);
    fs4::available_space(there)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_finds_what_every_machine_has() {
        let machine = look(Path::new("/no/such/folder/yet"));
        assert!(machine.cores >= 1 && !machine.processor.is_empty());
        assert!(machine.memory.total >= machine.memory.available && machine.memory.available > 0);
        assert!(machine.disk_free.is_some_and(|free| free > 0));
    }
}
