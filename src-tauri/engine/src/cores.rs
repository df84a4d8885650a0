//! How many threads compute: one for each core that is fast, and no more than we may use.
//!
//! Two threads of one core share what it computes with, and take each other's cache. And
//! as work is handed out in equal pieces, slow cores hold up fast ones: where there are
//! both, only the fast ones compute, and the others are left to the rest of the machine.

use std::{collections::BTreeSet, fs, path::Path, thread};

use crate::platform;

/// Where Linux says what its processors are.
const SYSTEM: &str = "/sys/devices";

/// Where the app says how many it wants.
const THREADS: &str = "SOTTO_ENGINE_THREADS";

/// Threads to compute with: as many as the app asks for, or as the machine has fast cores,
/// or, where the app asks for a number below 0, so many fewer than that.
pub fn threads() -> usize {
    let asked = std::env::var(THREADS).ok();
    let fast = fast(Path::new(SYSTEM)).or_else(platform::fast_cores);
    let cores = fast.unwrap_or_else(num_cpus::get_physical);
    let allowed = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    as_asked(asked.as_deref(), cores).clamp(1, allowed)
}

fn as_asked(asked: Option<&str>, cores: usize) -> usize {
    match asked.and_then(|asked| asked.parse::<isize>().ok()) {
        Some(fewer @ ..=-1) => cores.saturating_add_signed(fewer),
        Some(some @ 1..) => some.unsigned_abs(),
        Some(0) | None => cores,
    }
}

/// The fast cores of a Linux machine; `None` where it does not say.
fn fast(system: &Path) -> Option<usize> {
    let cpus = system.join("system/cpu");
    let mut there = list(&fs::read_to_string(cpus.join("online")).ok()?)?;
    // Intel's mixed processors name their fast ones.
    if let Some(fast) = fs::read_to_string(system.join("cpu_core/cpus")).ok().and_then(|text| list(&text)) {
        there.retain(|cpu| fast.contains(cpu));
    }
    let of = |cpu: &usize, what: &str| fs::read_to_string(cpus.join(format!("cpu{cpu}")).join(what)).ok();
    // ARM's say how much each can do, beside 1024 of the fastest.
    let capacity = |cpu: &usize| of(cpu, "cpu_capacity").and_then(|text| text.trim().parse::<u32>().ok());
    let most = there.iter().filter_map(capacity).max().unwrap_or(0);
    there.retain(|cpu| capacity(cpu).is_none_or(|capacity| capacity >= most - most / 4));
    // Threads of one core name the same siblings.
    let cores: Option<BTreeSet<String>> =
        there.iter().map(|cpu| of(cpu, "topology/thread_siblings_list")).collect();
    cores.map(|cores| cores.len()).filter(|count| *count > 0)
}

/// Numbers as Linux lists them: `0-3,8`.
fn list(text: &str) -> Option<BTreeSet<usize>> {
    let mut all = BTreeSet::new();
    for part in text.trim().split(',').filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        all.extend(first.parse::<usize>().ok()?..=last.parse().ok()?);
    }
    Some(all)
}

#[cfg(test)]
mod tests;
