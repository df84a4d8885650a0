//! Which model to begin with on a machine, and why, in words.

use serde::Serialize;

use crate::{
    amount::Bytes,
    catalog::{Catalog, Entry},
    fit::{Fit, Memory, Room, Weight, fit, room},
    machine::{Machine, Pace},
};

/// As fast as people read.
const COMFORTABLE: f64 = 4.0;

/// What to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recommendation {
    /// The id of a model in the catalogue; none where no model would run.
    pub model: Option<String>,
    /// Why, in a sentence or two.
    pub why: String,
}

/// Recommends the largest model that this machine runs with ease, and otherwise the
/// smallest, as long as it runs at all.
pub fn recommend(machine: &Machine, pace: &Pace, catalog: &Catalog) -> Recommendation {
    let nothing = |why: String| Recommendation { model: None, why };
    if !machine.lacks.is_empty() {
        return nothing(format!(
            "This computer's processor is too old to run a model: it lacks {}. The Guide needs it too, but \
             writing, searching and the cloud work without.",
            machine.lacks.join(", ")
        ));
    }
    let offered = || catalog.entries.iter().filter(|entry| entry.is_first_of_family());
    let Some(smallest) = offered().next() else { return nothing("No model is on offer.".into()) };

    // Other programs come and go: what counts is what there is in all, half of it.
    let at_ease = |entry: &&Entry| {
        let half = Memory { total: machine.memory.total, available: machine.memory.total / 2 };
        matches!(fit(Weight::of(entry), half), Fit::Well { .. })
            && pace.writes(Weight::of(entry)) >= COMFORTABLE
            && has_room(machine, entry)
    };
    if let Some(entry) = offered().rfind(at_ease) {
        return Recommendation { model: Some(entry.id.clone()), why: praise(entry, smallest, pace) };
    }

    let weight = Weight::of(smallest);
    let why = match fit(weight, machine.memory) {
        fit @ Fit::No { .. } => return nothing(fit.to_string()),
        fit @ Fit::Tight { .. } => fit.to_string(),
        Fit::Well { .. } => format!("It is the lightest, and writes {} here.", speed(pace.writes(weight))),
    };
    match machine.disk_free.map(|free| room(smallest.bytes(), free)) {
        Some(short @ Room::Short { .. }) => {
            Recommendation { model: Some(smallest.id.clone()), why: short.to_string() }
        }
        Some(Room::Enough) | None => Recommendation { model: Some(smallest.id.clone()), why },
    }
}

fn has_room(machine: &Machine, entry: &Entry) -> bool {
    machine.disk_free.is_none_or(|free| room(entry.bytes(), free) == Room::Enough)
}

fn praise(entry: &Entry, smallest: &Entry, pace: &Pace) -> String {
    let speed = speed(pace.writes(Weight::of(entry)));
    if entry.id == smallest.id {
        format!("It fits this computer well, and writes {speed} here.")
    } else {
        format!(
            "This computer has memory and speed to spare: it writes {speed} here, and is worth its {}.",
            Bytes(entry.bytes())
        )
    }
}

/// A speed in words a second, as people say it.
fn speed(words: f64) -> String {
    match words {
        w if w < 0.75 => "less than one word a second".into(),
        w if w < 1.5 => "about one word a second".into(),
        w if w < 10.0 => format!("about {w:.0} words a second"),
        w => format!("about {:.0} words a second", (w / 5.0).round() * 5.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Graphics;

    fn machine(total: u64, available: u64) -> Machine {
        Machine {
            processor: "a processor".into(),
            cores: 4,
            features: vec!["AVX2"],
            lacks: Vec::new(),
            memory: Memory { total: total * 1_000_000_000, available: available * 1_000_000_000 },
            disk_free: Some(100_000_000_000),
            graphics: Graphics::None,
        }
    }

    fn recommended(machine: &Machine, memory: f64) -> (Option<String>, String) {
        let pace = Pace { memory, products: 1e12 };
        let Recommendation { model, why } = recommend(machine, &pace, &Catalog::built_in());
        (model, why)
    }

    #[test]
    fn an_everyday_machine_begins_with_the_smallest() {
        let (model, why) = recommended(&machine(16, 8), 24e9);
        assert_eq!(model.as_deref(), Some("ministral-3-3b"));
        assert_eq!(why, "It fits this computer well, and writes about 6 words a second here.");
    }

    #[test]
    fn a_strong_machine_is_offered_more() {
        assert_eq!(recommended(&machine(64, 50), 200e9).0.as_deref(), Some("ministral-3-14b"));
        assert_eq!(recommended(&machine(16, 12), 200e9).0.as_deref(), Some("ministral-3-8b"));
    }

    #[test]
    fn a_slow_machine_is_told_how_slow() {
        let (model, why) = recommended(&machine(16, 8), 5e9);
        assert_eq!(model.as_deref(), Some("ministral-3-3b"));
        assert!(why.contains("about one word a second"), "{why}");
    }

    #[test]
    fn short_memory_and_short_disks_are_said_first() {
        let (_, why) = recommended(&machine(5, 2), 24e9);
        assert!(why.contains("close something"), "{why}");
        let full = Machine { disk_free: Some(1_000_000_000), ..machine(16, 8) };
        let (_, why) = recommended(&full, 24e9);
        assert!(why.contains("2.6 GB of disk"), "{why}");
    }

    #[test]
    fn a_machine_that_cannot_is_offered_nothing() {
        let old = Machine { lacks: vec!["AVX2", "FMA"], ..machine(16, 8) };
        let (model, why) = recommended(&old, 24e9);
        assert!(model.is_none() && why.contains("AVX2, FMA"), "{why}");
        let (model, why) = recommended(&machine(4, 3), 24e9);
        assert!(model.is_none() && why.contains("4.0 GB"), "{why}");
    }
}
