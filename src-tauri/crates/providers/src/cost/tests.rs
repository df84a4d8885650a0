use proptest::prelude::*;

use super::*;

const PRICE: Price = Price {
    input: NanoUsd(150_000_000),
    cached: Some(NanoUsd(75_000_000)),
    output: NanoUsd(600_000_000),
    request: NanoUsd(0),
};

fn spent(prompt: u64, cached: u64, completion: u64) -> Spent {
    let known = |tokens| Some(tokens);
    Spent { prompt: known(prompt), cached: known(cached), completion: known(completion), ..Spent::default() }
}

#[test]
fn cached_tokens_are_counted_once_and_at_their_own_price() {
    // 400 at 0.15, 600 at 0.075, 200 at 0.60 dollars a million.
    let expected = NanoUsd(60_000 + 45_000 + 120_000);
    assert_eq!(cost(&spent(1000, 600, 200), Rate::Price(PRICE)), Cost::Computed(expected));
}

#[test]
fn thoughts_are_not_added_to_what_was_written() {
    let thoughtful = Spent { reasoning: Some(150), ..spent(1000, 0, 200) };
    assert_eq!(cost(&thoughtful, Rate::Price(PRICE)), cost(&spent(1000, 0, 200), Rate::Price(PRICE)));
}

#[test]
fn an_unknown_price_of_cached_tokens_makes_a_ceiling() {
    let price = Rate::Price(Price { cached: None, ..PRICE });
    assert_eq!(cost(&spent(1000, 600, 200), price), Cost::UpperBound(NanoUsd(150_000 + 120_000)));
    assert_eq!(cost(&spent(1000, 0, 200), price), Cost::Computed(NanoUsd(150_000 + 120_000)));
}

#[test]
fn the_providers_own_figure_comes_first_and_its_estimate_second() {
    let told = Spent { reported: Some(NanoUsd(5)), estimated: Some(NanoUsd(6)), ..spent(1, 0, 1) };
    assert_eq!(cost(&told, Rate::Price(PRICE)), Cost::Reported(NanoUsd(5)));
    let guessed = Spent { reported: None, ..told };
    assert_eq!(cost(&guessed, Rate::Free), Cost::EstimatedByProvider(NanoUsd(6)));
}

#[test]
fn unknown_is_never_nothing() {
    let gratis = Price { input: NanoUsd(0), cached: None, output: NanoUsd(0), request: NanoUsd(0) };
    assert_eq!(cost(&spent(10, 0, 10), Rate::Unknown), Cost::Unknown);
    assert_eq!(cost(&Spent::default(), Rate::Price(PRICE)), Cost::Unknown);
    assert_eq!(cost(&spent(10, 0, 10), Rate::Price(gratis)), Cost::Unknown);
    assert_eq!(cost(&spent(10, 0, 10), Rate::Free), Cost::Free);
}

#[test]
fn the_price_is_that_of_who_served() {
    let dear = Price { output: NanoUsd(9_000_000_000), ..PRICE };
    let tariff = Tariff {
        at: 0,
        rates: vec![
            (Some("novita".into()), Rate::Price(PRICE)),
            (Some("groq".into()), Rate::Price(dear)),
            (Some("nscale".into()), Rate::Free),
        ],
    };
    assert_eq!(tariff.rate(Some("groq")), Rate::Price(dear));
    assert_eq!(tariff.rate(Some("nscale")), Rate::Free);
    assert_eq!(tariff.rate(Some("elsewhere")), Rate::Unknown);
    assert_eq!(tariff.rate(None), Rate::Unknown, "any of three may have served");
}

#[test]
fn a_single_rate_answers_when_nobody_else_could_have_served() {
    let own = Tariff { at: 0, rates: vec![(None, Rate::Price(PRICE))] };
    assert_eq!(own.rate(None), Rate::Price(PRICE));
    assert_eq!(own.rate(Some("anything")), Rate::Price(PRICE));
    let pinned = Tariff { at: 0, rates: vec![(Some("novita".into()), Rate::Price(PRICE))] };
    assert_eq!(pinned.rate(None), Rate::Price(PRICE));
    assert_eq!(pinned.rate(Some("groq")), Rate::Unknown, "another one than was chosen");
}

#[test]
fn the_ceiling_is_that_of_the_dearest_and_unknown_if_one_is() {
    let dear = Price { output: NanoUsd(9_000_000_000), ..PRICE };
    let mut tariff = Tariff {
        at: 0,
        rates: vec![(Some("a".into()), Rate::Price(PRICE)), (Some("b".into()), Rate::Price(dear))],
    };
    assert_eq!(tariff.ceiling(1000, 1000), Some(NanoUsd(150_000 + 9_000_000)));
    tariff.rates.push((Some("c".into()), Rate::Unknown));
    assert_eq!(tariff.ceiling(1000, 1000), None);
    assert_eq!(Tariff::unknown(0).ceiling(1000, 1000), None);
}

proptest! {
    #[test]
    fn no_answer_within_its_limits_costs_more_than_the_ceiling(
        prompt in 0_u64..1_000_000, cached in 0_u64..1_000_000, written in 0_u32..100_000, more in 0_u32..100_000,
        input in 0_u64..100_000_000_000, output in 0_u64..100_000_000_000, known in any::<bool>(),
    ) {
        let price = Price {
            input: NanoUsd(input),
            cached: known.then_some(NanoUsd(input / 2)),
            output: NanoUsd(output),
            request: NanoUsd(7),
        };
        let tariff = Tariff { at: 0, rates: vec![(None, Rate::Price(price))] };
        let ceiling = tariff.ceiling(prompt, written + more).unwrap();
        let came = cost(&spent(prompt, cached, u64::from(written)), Rate::Price(price));
        prop_assert!(came.amount().unwrap() <= ceiling);
    }

    #[test]
    fn figures_beyond_reason_are_unknown_and_never_panic(tokens in any::<u64>(), price in any::<u64>()) {
        let price = Price { input: NanoUsd(price), cached: None, output: NanoUsd(price), request: NanoUsd(price) };
        let _ = cost(&spent(tokens, tokens, tokens), Rate::Price(price));
        let _ = Tariff { at: 0, rates: vec![(None, Rate::Price(price))] }.ceiling(tokens, u32::MAX);
    }
}
