use super::*;

#[test]
fn the_likeliest_come_first_and_are_natural_logarithms_over_all() {
    // Probabilities 1/2, 1/4, 1/8, 1/8, whatever is added to all the logits.
    for shift in [0.0f32, 50.0, -80.0] {
        let logits: Vec<f32> = [0.125f32, 0.5, 0.125, 0.25].iter().map(|p| p.ln() + shift).collect();
        let top = top(&logits, 3, |id| id.to_string());
        assert_eq!(top.iter().map(|t| t.id).collect::<Vec<_>>(), [1, 3, 0]);
        for (found, right) in top.iter().zip([0.5f32, 0.25, 0.125]) {
            assert!((found.logprob - right.ln()).abs() < 1e-5, "{found:?}");
        }
    }
}

#[test]
fn none_are_reported_where_none_are_asked_for() {
    assert_eq!(top(&[1.0, 2.0], 0, |id| id.to_string()), []);
    assert_eq!(top(&[1.0, 2.0], 9, |id| id.to_string()).len(), 2, "and no more than there are");
}

#[test]
fn what_is_impossible_or_no_number_is_never_among_the_largest() {
    let logits = [f32::NAN, 1.0, f32::NEG_INFINITY, 3.0];
    assert_eq!(largest(&logits, 4), [3, 1]);
    assert!(top(&logits, 4, |id| id.to_string()).iter().all(|t| t.logprob.is_finite()));
}

#[test]
fn choosing_the_largest_agrees_with_sorting_all() {
    // Scattered, and with many equals.
    let logits: Vec<f32> =
        (0..5000u32).map(|i| f32::from(u16::try_from(i * 40_503 % 997).unwrap())).collect();
    let mut sorted: Vec<u32> = (0..5000).collect();
    sorted.sort_by(|a, b| logits[*b as usize].total_cmp(&logits[*a as usize]).then(a.cmp(b)));
    for count in [1, 2, 64, 4999, 5000] {
        assert_eq!(largest(&logits, count), sorted[..count]);
    }
}
