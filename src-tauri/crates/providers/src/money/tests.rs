use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn amounts_are_read_as_they_are_written() {
    for (written, nano) in [
        (json!(0.15), 150_000_000),
        (json!("0.15"), 150_000_000),
        (json!(3), 3_000_000_000),
        (json!(1e-7), 100),
        (json!("1.5E-06"), 1_500),
        (json!("2e3"), 2_000_000_000_000),
        (json!(0), 0),
        (json!("0.0"), 0),
    ] {
        assert_eq!(dollars(&written), Some(NanoUsd(nano)), "{written}");
    }
}

#[test]
fn a_price_of_one_token_becomes_that_of_a_million() {
    assert_eq!(dollars_per_token(&json!("0.0000015")), Some(NanoUsd(1_500_000_000)));
    assert_eq!(dollars_per_token(&json!("0.00000000000001")), Some(NanoUsd(10)));
}

#[test]
fn a_little_is_never_nothing() {
    assert_eq!(dollars(&json!("0.0000000001")), Some(NanoUsd(1)));
    assert_eq!(dollars(&json!("1e-300")), Some(NanoUsd(1)));
}

#[test]
fn what_is_no_amount_is_unknown() {
    for written in [
        json!(-1),
        json!("-1"),
        json!(""),
        json!("."),
        json!("free"),
        json!(null),
        json!("1e99"),
        json!("NaN"),
        json!(1e10),
        json!("1e2147483647"),
        json!("99999999999999999999"),
        json!([0.1]),
    ] {
        assert_eq!(dollars(&written), None, "{written}");
    }
}

proptest! {
    #[test]
    fn no_text_whatever_makes_it_panic(text in ".{0,40}") {
        let _ = dollars(&Value::String(text.clone()));
        let _ = dollars_per_token(&Value::String(text));
    }

    #[test]
    fn whole_billionths_come_back_exactly(nano in 0_u64..10_000_000_000_000) {
        let written = format!("{}.{:09}", nano / 1_000_000_000, nano % 1_000_000_000);
        prop_assert_eq!(dollars(&Value::String(written)), Some(NanoUsd(nano)));
    }
}
