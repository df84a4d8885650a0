#![allow(clippy::float_cmp)] // exactly nothing is promised

use super::exp;

#[test]
fn it_is_the_exponential_to_seven_digits() {
    for at in -870_000..880_000 {
        #[allow(clippy::cast_precision_loss)]
        let x = at as f32 / 10_000.0;
        let exact = f64::from(x).exp();
        let off = (f64::from(exp(x)) - exact).abs() / exact;
        assert!(off < 2e-7, "{x}: {} for {exact}", exp(x));
    }
}

#[test]
fn far_below_zero_it_is_nothing() {
    for x in [-87.1, -1e3, -1e30, f32::NEG_INFINITY] {
        assert_eq!(exp(x), 0.0);
    }
    assert_eq!(exp(0.0), 1.0);
}

#[test]
fn what_is_no_number_stays_none() {
    assert!(exp(f32::NAN).is_nan());
}
