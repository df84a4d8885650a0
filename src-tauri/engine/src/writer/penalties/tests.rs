#![allow(clippy::float_cmp)] // what is left alone is left alone to the bit

use super::*;
use crate::vocabulary::Vocabulary;

const QUIET: Dry = Dry { multiplier: 0.8, base: 1.75, allowed_length: 2 };

/// Token 0 is a control token, 1 a new line, the others are words.
fn vocabulary() -> Vocabulary {
    Vocabulary::of(&[b"", b"\n", b"a", b"b", b"c", b"d", b"e"])
}

fn weighed(sampling: Sampling, logits: [f32; 7], before: &[u32]) -> [f32; 7] {
    let mut weighed = logits;
    Penalties::new(sampling).weigh(&mut weighed, before, &vocabulary());
    weighed
}

#[test]
fn what_was_said_lately_is_made_less_likely() {
    let sampling = Sampling { repetition_penalty: 2.0, ..Sampling::GREEDY };
    let found = weighed(sampling, [4.0, 4.0, 4.0, -4.0, 0.5, 4.0, 4.0], &[0, 2, 3, 4, 4]);
    assert_eq!(found, [4.0, 4.0, 2.0, -8.0, 0.25, 4.0, 4.0], "and control tokens are left alone");
    let long_ago: Vec<u32> = std::iter::once(5).chain(std::iter::repeat_n(2, LATELY)).collect();
    assert_eq!(weighed(sampling, [4.0; 7], &long_ago)[5], 4.0);
}

#[test]
fn going_on_with_what_was_said_before_costs_more_the_longer_it_was() {
    let sampling = Sampling { dry: Some(QUIET), ..Sampling::GREEDY };
    // "a b c d", then "a b c" again: a d would make four in a row, after three.
    let found = weighed(sampling, [0.0; 7], &[2, 3, 4, 5, 6, 2, 3, 4]);
    assert_eq!(found[5], -0.8 * 1.75);
    assert!(found.iter().enumerate().all(|(id, logit)| id == 5 || *logit == 0.0), "{found:?}");
    // After two, it costs the multiplier alone; after one, nothing.
    assert_eq!(weighed(sampling, [0.0; 7], &[6, 3, 4, 5, 2, 3, 4])[5], -0.8);
    assert_eq!(weighed(sampling, [0.0; 7], &[4, 5, 6, 4]), [0.0; 7]);
}

#[test]
fn a_sequence_does_not_go_on_beyond_a_break() {
    let sampling = Sampling { dry: Some(QUIET), ..Sampling::GREEDY };
    assert_eq!(weighed(sampling, [0.0; 7], &[2, 1, 4, 5, 6, 2, 1, 4]), [0.0; 7]);
    assert_eq!(
        weighed(sampling, [0.0; 7], &[2, 3, 1, 6, 2, 3]),
        [0.0; 7],
        "and a break is never made unlikely"
    );
}

#[test]
fn what_makes_no_sense_changes_nothing() {
    let before = [2, 3, 4, 5, 6, 2, 3, 4];
    for number in [f64::NAN, f64::INFINITY, -3.0, 0.0] {
        let dry = Dry { multiplier: number, ..QUIET };
        let sampling = Sampling { repetition_penalty: number, dry: Some(dry), ..Sampling::GREEDY };
        assert_eq!(weighed(sampling, [1.0; 7], &before), [1.0; 7], "{number}");
    }
    assert_eq!(weighed(Sampling { dry: Some(QUIET), ..Sampling::GREEDY }, [1.0; 7], &[]), [1.0; 7]);
}
