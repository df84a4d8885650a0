use super::*;

const LOGITS: [f32; 5] = [1.0, 3.0, 2.0, -4.0, 2.5];

#[test]
fn a_temperature_of_zero_is_greedy() {
    for temperature in [0.0, -1.0, f64::NAN] {
        let mut sampler = Sampler::new(Sampling { temperature, top_p: 1.0, top_k: 64 }, 7);
        assert!((0..50).all(|_| sampler.choose(&LOGITS) == Some(1)), "{temperature}");
    }
}

#[test]
fn words_are_drawn_as_often_as_they_are_likely() {
    let drawn = draw(Sampling { temperature: 0.5, top_p: 1.0, top_k: 64 }, 100_000);
    let weights: Vec<f64> = LOGITS.iter().map(|x| (f64::from(*x) / 0.5).exp()).collect();
    for (count, weight) in drawn.iter().zip(&weights) {
        let (found, right) = (f64::from(*count) / 1e5, weight / weights.iter().sum::<f64>());
        assert!((found - right).abs() < 0.01, "{drawn:?}");
    }
}

#[test]
fn top_k_and_top_p_leave_the_rest_undrawn() {
    let drawn = draw(Sampling { temperature: 5.0, top_p: 1.0, top_k: 2 }, 1000);
    assert!(drawn[1] > 0 && drawn[4] > 0 && drawn[0] + drawn[2] + drawn[3] == 0, "{drawn:?}");
    // At temperature 1 the first has 0.47 and the second 0.28: together they reach 0.7.
    let drawn = draw(Sampling { temperature: 1.0, top_p: 0.7, top_k: 64 }, 1000);
    assert!(drawn[1] > 0 && drawn[4] > 0 && drawn[0] + drawn[2] + drawn[3] == 0, "{drawn:?}");
    // And the first alone reaches 0.4.
    let drawn = draw(Sampling { temperature: 1.0, top_p: 0.4, top_k: 64 }, 1000);
    assert_eq!(drawn, [0, 1000, 0, 0, 0]);
}

#[test]
fn the_same_seed_draws_the_same_words_and_another_others() {
    let words = |seed| {
        let mut sampler = Sampler::new(Sampling { temperature: 2.0, top_p: 1.0, top_k: 64 }, seed);
        (0..64).map(|_| sampler.choose(&LOGITS).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(words(5), words(5));
    assert_ne!(words(5), words(6));
    assert_ne!(fresh_seed(), fresh_seed());
}

#[test]
fn without_a_number_there_is_no_word() {
    let mut sampler = Sampler::new(Sampling { temperature: 1.0, top_p: 1.0, top_k: 64 }, 1);
    assert_eq!(sampler.choose(&[f32::NAN; 3]), None);
    assert_eq!(sampler.choose(&[]), None);
    assert_eq!(sampler.choose(&[f32::NAN, 0.5]), Some(1));
}

fn draw(sampling: Sampling, times: u32) -> [u32; 5] {
    let mut sampler = Sampler::new(sampling, 42);
    let mut drawn = [0; 5];
    for _ in 0..times {
        drawn[sampler.choose(&LOGITS).unwrap() as usize] += 1;
    }
    drawn
}
