//! What this machine is good for, in words.

use serde::Serialize;
use sotto_models::{
    Bytes, Entry, Machine, Pace, Weight,
    machine::{Card, Graphics},
};
use specta::Type;

/// What this machine has, for people. Sizes are in bytes.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MachineSummary {
    /// The processor, by its maker's name.
    pub processor: String,
    /// Its cores.
    pub cores: usize,
    /// What matters for speed, by the names on the box: "AVX2", "AVX-512".
    pub features: Vec<&'static str>,
    /// All of its memory.
    pub memory_bytes: u64,
    /// What is free of that.
    pub memory_free_bytes: u64,
    /// What is free on the disk of the models; 0 where that is not known.
    pub disk_free_bytes: u64,
    /// The graphics card and its memory, in words; `None` where there is none to compute on.
    pub graphics: Option<String>,
    /// One or two sentences: what this machine is good for, and what stands in the way.
    pub summary: String,
}

impl MachineSummary {
    /// Of a machine as it was found.
    pub(super) fn of(machine: &Machine) -> Self {
        Self {
            processor: machine.processor.clone(),
            cores: machine.cores,
            features: machine.features.clone(),
            memory_bytes: machine.memory.total,
            memory_free_bytes: machine.memory.available,
            disk_free_bytes: machine.disk_free.unwrap_or_default(),
            graphics: graphics(&machine.graphics),
            summary: summary(machine),
        }
    }
}

fn graphics(found: &Graphics) -> Option<String> {
    let Graphics::Found(cards) = found else { return None };
    let words = |card: &Card| match card.memory {
        Some(memory) => format!("{} with {}", card.name, Bytes(memory)),
        None => card.name.clone(),
    };
    Some(cards.iter().map(words).collect::<Vec<_>>().join(", "))
}

fn summary(machine: &Machine) -> String {
    if !machine.lacks.is_empty() {
        let lacks = machine.lacks.join(", ");
        return format!(
            "This processor is too old to run a model here: it lacks {lacks}. The rest of Sotto works."
        );
    }
    let memory = Bytes(machine.memory.available);
    match machine.disk_free {
        Some(disk) => format!("There are {memory} of memory free now, and {} on the disk.", Bytes(disk)),
        None => format!("There are {memory} of memory free now."),
    }
}

/// What is left of the speed while other programs work too.
const BESIDE_OTHERS: f64 = 0.7;

/// How fast a machine of this pace is with the model that it is to begin with.
pub(super) fn speed(entry: &Entry, pace: Pace) -> String {
    let weight = Weight::of(entry);
    let minute = |words: f64| rounded(words * 60.0);
    format!(
        "With {}, this computer should read about {} words a minute and write between {} and {}: \
         fewer while other programs work.",
        entry.name,
        minute(pace.reads(weight)),
        minute(pace.writes(weight) * BESIDE_OTHERS),
        minute(pace.writes(weight))
    )
}

/// Two figures are as much as an estimate is worth.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a speed is small and above 0
pub(super) fn rounded(number: f64) -> u32 {
    let step = if number < 100.0 { 5.0 } else { 10f64.powf(number.log10().floor() - 1.0) };
    ((number / step).round() * step) as u32
}

/// About how many words of English so many tokens are: three for four.
pub fn words_held(tokens: u32) -> u64 {
    u64::from(tokens) * 3 / 4 / 100 * 100
}
