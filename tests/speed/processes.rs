//! What the app's processes use, as the kernel tells it (proc(5)).

use std::fs;
use std::path::{Path, PathBuf};

/// The kernel counts time in these, on every Linux there is.
const TICKS_PER_SECOND: f64 = 100.0;

pub struct Process {
    folder: PathBuf,
    pub name: String,
}

/// The process of this number, and all that came of it.
pub fn family(number: &str) -> Vec<Process> {
    let parents: Vec<(String, String)> = fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| {
            let number = entry.file_name().into_string().ok().filter(|name| name.parse::<u32>().is_ok())?;
            let parent = fields(&entry.path())?[1].clone();
            Some((number, parent))
        })
        .collect();
    let mut family = vec![number.to_owned()];
    let mut at = 0;
    while at < family.len() {
        let children = parents.iter().filter(|(_, parent)| *parent == family[at]);
        let children: Vec<_> = children.map(|(number, _)| number.clone()).collect();
        family.extend(children);
        at += 1;
    }
    family
        .into_iter()
        .map(|number| Path::new("/proc").join(number))
        .filter_map(|folder| {
            let name = fs::read_to_string(folder.join("comm")).ok()?.trim().to_owned();
            Some(Process { folder, name })
        })
        .collect()
}

impl Process {
    /// How many seconds its threads have computed.
    pub fn computed(&self) -> f64 {
        computed(&self.folder)
    }

    /// How many its first thread has: of a web view, the one that all of the page
    /// happens on.
    pub fn first_thread_computed(&self) -> f64 {
        let number = self.folder.file_name().unwrap();
        computed(&self.folder.join("task").join(number))
    }

    /// The memory that is its own, and its part of what it shares, in bytes.
    pub fn memory(&self) -> u64 {
        let rollup = fs::read_to_string(self.folder.join("smaps_rollup")).unwrap_or_default();
        let pss = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
        let kib = pss.and_then(|pss| pss.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kib.unwrap_or_default() * 1024
    }
}

fn computed(folder: &Path) -> f64 {
    let Some(fields) = fields(folder) else { return 0.0 };
    let ticks: u32 = fields[11..13].iter().map(|ticks| ticks.parse::<u32>().unwrap()).sum();
    f64::from(ticks) / TICKS_PER_SECOND
}

/// What stands in `stat` after the name, which may hold anything.
fn fields(folder: &Path) -> Option<Vec<String>> {
    let stat = fs::read_to_string(folder.join("stat")).ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    Some(fields.split(' ').map(str::to_owned).collect())
}
