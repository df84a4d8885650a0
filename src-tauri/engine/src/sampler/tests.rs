use super::*;

const LOGITS: [f32; 5] = [1.0, 3.0, 2.0, -4.0, 2.5];

#[test]
fn a_temperature_of_zero_is_greedy() {
    for temperature in [0.0, -1.0, f64::NAN] {
        let mut sampler =
            Sampler::new(Sampling { temperature, top_p: 1.0, top_k: 64, ..Sampling::GREEDY }, 7);
        assert!((0..50).all(|_| choose(&mut sampler, &LOGITS) == Some(1)), "{temperature}");
    }
}

#[test]
fn words_are_drawn_as_often_as_they_are_likely() {
    let drawn = draw(Sampling { temperature: 0.5, top_p: 1.0, top_k: 64, ..Sampling::GREEDY }, 100_000);
    let weights: Vec<f64> = LOGITS.iter().map(|x| (f64::from(*x) / 0.5).exp()).collect();
    for (count, weight) in drawn.iter().zip(&weights) {
        let (found, right) = (f64::from(*count) / 1e5, weight / weights.iter().sum::<f64>());
        assert!((found - right).abs() < 0.01, "{drawn:?}");
    }
}

#[test]
fn top_k_and_top_p_leave_the_rest_undrawn() {
    let drawn = draw(Sampling { temperature: 5.0, top_p: 1.0, top_k: 2, ..Sampling::GREEDY }, 1000);
    assert!(drawn[1] > 0 && drawn[4] > 0 && drawn[0] + drawn[2] + drawn[3] == 0, "{drawn:?}");
    // At temperature 1 the first has 0.47 and the second 0.28: together they reach 0.7.
    let drawn = draw(Sampling { temperature: 1.0, top_p: 0.7, top_k: 64, ..Sampling::GREEDY }, 1000);
    assert!(drawn[1] > 0 && drawn[4] > 0 && drawn[0] + drawn[2] + drawn[3] == 0, "{drawn:?}");
    // And the first alone reaches 0.4.
    let drawn = draw(Sampling { temperature: 1.0, top_p: 0.4, top_k: 64, ..Sampling::GREEDY }, 1000);
    assert_eq!(drawn, [0, 1000, 0, 0, 0]);
}

#[test]
fn the_same_seed_draws_the_same_words_and_another_others() {
    let words = |seed| {
        let mut sampler =
            Sampler::new(Sampling { temperature: 2.0, top_p: 1.0, top_k: 64, ..Sampling::GREEDY }, seed);
        (0..64).map(|_| choose(&mut sampler, &LOGITS).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(words(5), words(5));
    assert_ne!(words(5), words(6));
    assert_ne!(fresh_seed(), fresh_seed());
}

#[test]
fn what_is_far_less_likely_than_the_first_is_left_out() {
    // At temperature 1 the second is 0.61 as likely as the first, and the third 0.37.
    let drawn = draw(Sampling { temperature: 1.0, top_k: 64, min_p: 0.5, ..Sampling::GREEDY }, 1000);
    assert!(drawn[1] > 0 && drawn[4] > 0 && drawn[0] + drawn[2] + drawn[3] == 0, "{drawn:?}");
    for nonsense in [f64::NAN, -1.0] {
        let drawn = draw(Sampling { temperature: 5.0, top_k: 64, min_p: nonsense, ..Sampling::GREEDY }, 1000);
        assert!(drawn.iter().all(|count| *count > 0), "{drawn:?}");
    }
    assert_eq!(
        draw(Sampling { temperature: 5.0, top_k: 64, min_p: 7.0, ..Sampling::GREEDY }, 100),
        [0, 100, 0, 0, 0]
    );
}

#[test]
fn what_is_not_allowed_makes_room_for_the_next() {
    for temperature in [0.0, 1.0] {
        let mut sampler = Sampler::new(Sampling { temperature, top_k: 2, ..Sampling::GREEDY }, 3);
        for _ in 0..50 {
            let chosen = sampler.choose(&mut LOGITS.to_vec(), |id| id != 1 && id != 4);
            assert!(matches!(chosen, Some(2 | 0)), "{chosen:?}");
        }
        assert_eq!(sampler.choose(&mut LOGITS.to_vec(), |_| false), None);
    }
}

#[test]
fn without_a_number_there_is_no_word() {
    let mut sampler =
        Sampler::new(Sampling { temperature: 1.0, top_p: 1.0, top_k: 64, ..Sampling::GREEDY }, 1);
    assert_eq!(choose(&mut sampler, &[f32::NAN; 3]), None);
    assert_eq!(choose(&mut sampler, &[]), None);
    assert_eq!(choose(&mut sampler, &[f32::NAN, 0.5]), Some(1));
}

fn draw(sampling: Sampling, times: u32) -> [u32; 5] {
    let mut sampler = Sampler::new(sampling, 42);
    let mut drawn = [0; 5];
    for _ in 0..times {
        drawn[choose(&mut sampler, &LOGITS).unwrap() as usize] += 1;
    }
    drawn
}

fn choose(sampler: &mut Sampler, logits: &[f32]) -> Option<u32> {
    sampler.choose(&mut logits.to_vec(), |_| true)
}
