use super::*;
use crate::Catalog;

fn three_b() -> Weight {
    Weight::of(Catalog::built_in().find("ministral-3-3b").unwrap())
}

fn gb(tenths: u64) -> u64 {
    tenths * 100_000_000
}

#[test]
fn a_model_that_fits_is_said_to_fit() {
    let fit = fit(three_b(), Memory { total: gb(160), available: gb(90) });
    assert_eq!(fit.to_string(), "Needs about 3.1 GB, 9.0 GB are free: it fits.");
}

#[test]
fn short_memory_is_said_before_anything_is_loaded() {
    let fit = fit(three_b(), Memory { total: gb(80), available: gb(22) });
    assert_eq!(
        fit.to_string(),
        "Needs about 3.1 GB, 2.2 GB are free: close something, or take a smaller one."
    );
}

#[test]
fn a_machine_that_is_too_small_is_told_so() {
    let fit = fit(three_b(), Memory { total: gb(40), available: gb(30) });
    assert!(matches!(fit, Fit::No { .. }), "{fit}");
}

#[test]
fn what_fits_never_gets_worse_with_more_memory() {
    let rank = |fit| match fit {
        Fit::No { .. } => 0,
        Fit::Tight { .. } => 1,
        Fit::Well { .. } => 2,
    };
    for entry in Catalog::built_in().entries {
        let (mut last, mut longest) = (0, 0);
        for tenths in 5..400 {
            let fit = fit(Weight::of(&entry), Memory { total: gb(tenths), available: gb(tenths) / 2 });
            let context = context(Weight::of(&entry), gb(tenths) / 2, None);
            assert!(rank(fit) >= last && context >= longest, "{} at {tenths}", entry.id);
            (last, longest) = (rank(fit), context);
        }
        assert_eq!((last, longest), (2, 16_384));
    }
}

#[test]
fn the_length_in_mind_is_what_memory_holds() {
    let weight = three_b();
    assert_eq!(context(weight, 0, None), 2_048);
    assert_eq!(context(weight, weight.with(5_000), None), 4_608);
    assert_eq!(context(weight, gb(300), None), 16_384);
    assert_eq!(context(weight, gb(300), Some(65_536)), 65_536);
    assert_eq!(context(weight, gb(300), Some(8_000)), 7_680);
    assert_eq!(context(weight, u64::MAX, Some(u32::MAX)), 262_144);
}

#[test]
fn a_disk_keeps_a_little_to_itself() {
    assert_eq!(room(gb(21), gb(30)), Room::Enough);
    let short = room(gb(21), gb(22)).to_string();
    assert_eq!(short, "Needs 2.6 GB of disk, 2.2 GB are free: free some space, or choose another disk.");
}
