//! Every variant against the portable one, to the bit, and the portable one against
//! weights written out in full.

#![allow(clippy::float_cmp)] // the same numbers are promised, to the last bit

pub mod full;
mod reference;

use crate::{
    Kind, Matrix, Shape, matmul,
    product::{kept, product},
    rows::PANEL,
    variant::Variant,
};
use full::{block, full};

/// Those whose weights are multiplied as bytes.
const KINDS: [Kind; 22] = [
    Kind::Q4K,
    Kind::Q5K,
    Kind::Q6K,
    Kind::Q8_0,
    Kind::Q4_0,
    Kind::Q4_1,
    Kind::Q5_0,
    Kind::Q5_1,
    Kind::Q2K,
    Kind::Q3K,
    Kind::Tq1_0,
    Kind::Tq2_0,
    Kind::Iq4Nl,
    Kind::Iq4Xs,
    Kind::Mxfp4,
    Kind::Iq1S,
    Kind::Iq1M,
    Kind::Iq2Xxs,
    Kind::Iq2Xs,
    Kind::Iq2S,
    Kind::Iq3Xxs,
    Kind::Iq3S,
];

/// m, k and n: every number of rows up to twice what any variant takes at once and some
/// more, columns that fill no tile, and the model's own widths.
fn shapes() -> impl Iterator<Item = (usize, usize, usize)> {
    let few = (1..=17).map(|rows| (rows, 256, 65));
    few.chain([
        (2, 3072, 33),
        (5, 9216, 30),
        (17, 3072, 70),
        (15, 768, 17),
        (173, 256, 100),
        (1, 512, 1),
        (1, 9216, 70),
    ])
}

#[test]
fn every_variant_gives_the_same_bits() {
    for kind in KINDS {
        for shape in shapes() {
            let (weights, lhs) = (weights(kind, shape, Noise(3)), activations(shape, Noise(4)));
            all_agree(kind, shape, &weights, &lhs);
        }
    }
}

#[test]
fn q8_rows_may_end_within_a_panel() {
    for k in [32, 64, 224, 288, 480] {
        let shape = (5, k, 70);
        let (weights, lhs) = (weights(Kind::Q8_0, shape, Noise(5)), activations(shape, Noise(6)));
        let product = all_agree(Kind::Q8_0, shape, &weights, &lhs);
        assert!(error(&product, &exact(Kind::Q8_0, shape, &weights, &lhs)) < 0.01);
    }
}

#[test]
fn the_error_is_below_one_percent() {
    for kind in KINDS {
        // A handful of numbers is no measure: they may be near zero by chance.
        for shape in shapes().filter(|(m, _, n)| m * n >= 64) {
            let (weights, lhs) = (weights(kind, shape, Noise(1)), activations(shape, Noise(2)));
            let found = error(&portable(kind, shape, &weights, &lhs), &exact(kind, shape, &weights, &lhs));
            assert!(found < 0.01, "{kind:?} {shape:?}: {found}");
        }
    }
}

#[test]
fn the_error_of_a_wide_product_is_about_half_a_percent() {
    for kind in KINDS {
        let shape = (17, 3072, 64);
        let (weights, lhs) = (weights(kind, shape, Noise(8)), activations(shape, Noise(9)));
        let found = error(&portable(kind, shape, &weights, &lhs), &exact(kind, shape, &weights, &lhs));
        // Below, too: rounding to 8 bits cannot be better, so the measure itself would be wrong.
        assert!((0.002..0.007).contains(&found), "{kind:?}: {found}");
    }
}

#[test]
fn numbers_that_need_no_rounding_are_multiplied_exactly() {
    // One 127 in each group makes the scale 1; sums of some thousands of these fit a float.
    let shape = (3, 512, 66);
    let mut lhs = activations(shape, Noise(20));
    for (i, number) in lhs.iter_mut().enumerate() {
        *number = if i % 32 == 5 { 127.0 } else { (*number * 20.0).round().clamp(-127.0, 127.0) };
    }
    for kind in KINDS {
        let weights = full::whole(kind, shape.1 * shape.2, &mut Noise(21));
        let product = all_agree(kind, shape, &weights, &lhs);
        let exact = exact(kind, shape, &weights, &lhs);
        assert!(product.iter().zip(&exact).all(|(a, b)| f64::from(*a) == *b), "{kind:?}");
    }
}

#[test]
fn sums_hold_where_every_byte_is_as_large_as_can_be() {
    let shape = (9, 512, 65);
    for kind in KINDS {
        for byte in [0x00, 0x7f, 0x80, 0xff] {
            let weights = full::filled(kind, shape.1 * shape.2, byte, 0x3c00);
            for lhs in [1.0, -1.0].map(|number| vec![number; shape.0 * shape.1]) {
                let product = all_agree(kind, shape, &weights, &lhs);
                let exact = exact(kind, shape, &weights, &lhs);
                assert!(error(&product, &exact) < 1e-5, "{kind:?} {byte:#x}: {product:?}");
            }
        }
    }
}

#[test]
fn scales_may_be_zero_negative_subnormal_or_huge() {
    let shape = (5, 512, 33);
    // 0, −1.5, the smallest subnormal, the largest subnormal, the largest number
    for scale in [0x0000, 0xbe00, 0x0001, 0x03ff, 0x7bff] {
        // The scales of `Mxfp4` are powers of two, and none of these.
        for kind in KINDS.into_iter().filter(|kind| *kind != Kind::Mxfp4) {
            let mut weights = weights(kind, shape, Noise(10));
            full::scaled(kind, &mut weights, scale);
            let lhs = activations(shape, Noise(11));
            let product = all_agree(kind, shape, &weights, &lhs);
            let exact = exact(kind, shape, &weights, &lhs);
            assert!(error(&product, &exact) < 0.01, "{kind:?} {scale:#x}");
            assert_eq!(product.iter().all(|number| *number == 0.0), scale == 0, "{kind:?} {scale:#x}");
        }
    }
}

#[test]
fn groups_of_one_row_do_not_share_a_scale() {
    // One huge number must cost its own group its precision, and no other.
    let shape = (1, 512, 64);
    let mut lhs = activations(shape, Noise(12));
    lhs[40] = 1e6;
    let weights = weights(Kind::Q8_0, shape, Noise(13));
    let mut huge = vec![0.0; 512];
    huge[32..64].copy_from_slice(&lhs[32..64]);
    let with = portable(Kind::Q8_0, shape, &weights, &lhs);
    let alone = portable(Kind::Q8_0, shape, &weights, &huge);
    lhs[32..64].fill(0.0);
    let without = exact(Kind::Q8_0, shape, &weights, &lhs);
    let difference = with.iter().zip(&alone).map(|(a, b)| a - b).collect::<Vec<_>>();
    assert!(error(&difference, &without) < 0.02);
}

#[test]
fn what_is_not_a_number_spoils_its_own_row_and_no_other() {
    let shape = (3, 512, 65);
    for kind in KINDS {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let weights = weights(kind, shape, Noise(14));
            let mut lhs = activations(shape, Noise(15));
            let well = lhs.clone();
            lhs[512 + 300] = bad;
            for variant in Variant::available() {
                let good = run(variant, kind, shape, &weights, &well);
                let product = run(variant, kind, shape, &weights, &lhs);
                assert_eq!(product[..65], good[..65]);
                assert!(product[65..130].iter().all(|number| number.is_nan()), "{kind:?} {bad}");
                assert_eq!(product[130..], good[130..]);
            }
        }
    }
}

#[test]
fn numbers_too_small_to_matter_are_zero() {
    let shape = (2, 256, 3);
    let weights = weights(Kind::Q4K, shape, Noise(16));
    for tiny in [0.0, -0.0, f32::from_bits(1), 1e-31] {
        assert_eq!(portable(Kind::Q4K, shape, &weights, &[tiny; 512]), [0.0; 6]);
    }
}

#[test]
fn what_stood_in_the_product_before_does_not_matter() {
    let shape = (130, 256, 65);
    let (weights, lhs) = (weights(Kind::Q6K, shape, Noise(17)), activations(shape, Noise(18)));
    let mut product = vec![f32::NAN; 130 * 65];
    matmul(Kind::Q6K, &weights, shape, &lhs, &mut product).unwrap();
    assert_eq!(product, portable(Kind::Q6K, shape, &weights, &lhs));
}

#[test]
fn a_product_of_nothing_is_zero_or_nothing() {
    matmul(Kind::Q4K, &[], (3, 256, 0), &[1.0; 3 * 256], &mut []).unwrap();
    matmul(Kind::Q4K, &[0; 144], (0, 256, 1), &[], &mut []).unwrap();
    let mut product = [1.0; 6];
    matmul(Kind::Q4K, &[], (2, 0, 3), &[], &mut product).unwrap();
    assert_eq!(product, [0.0; 6]);
}

#[test]
fn lengths_that_do_not_fit_are_said_and_nothing_is_written() {
    let check = |weights: usize, mkn, lhs: usize, dst: usize, wanted: Shape| {
        let mut product = vec![7.0; dst];
        let found = matmul(Kind::Q4K, &vec![0; weights], mkn, &vec![0.0; lhs], &mut product);
        assert_eq!(found, Err(wanted));
        assert!(product.iter().all(|number| *number == 7.0));
    };
    check(144, (1, 255, 1), 255, 1, Shape::Row { length: 255, block: 256 });
    check(143, (1, 256, 1), 256, 1, Shape::Weights { given: 143, wanted: 144 });
    check(288, (1, 256, 1), 256, 1, Shape::Weights { given: 288, wanted: 144 });
    check(144, (2, 256, 1), 256, 2, Shape::Left { given: 256, wanted: 512 });
    check(144, (1, 256, 1), 256, 2, Shape::Product { given: 2, wanted: 1 });
    check(144, (1, 256, usize::MAX), 256, 1, Shape::TooLarge);
    let said = Shape::Weights { given: 143, wanted: 144 }.to_string();
    assert_eq!(said, "the weights take 143 bytes where their shape asks for 144");
}

#[test]
fn memory_is_kept_and_does_not_grow() {
    let call = |m: usize| {
        let shape = (m, 512, 3);
        let (weights, lhs) = (weights(Kind::Q6K, shape, Noise(19)), activations(shape, Noise(20)));
        matmul(Kind::Q6K, &weights, shape, &lhs, &mut vec![0.0; m * 3]).unwrap();
        kept()
    };
    let first = call(512);
    assert_eq!(first, 512 * 512 / PANEL);
    for m in [1, 500, 127, 2000, 512] {
        assert_eq!(call(m), first);
    }
}

#[test]
fn the_fastest_variant_is_one_that_is_there() {
    assert_eq!(Some(Variant::fastest()), Variant::available().next());
    assert_eq!(Variant::available().last().map(Variant::name), Some("portable"));
    assert_eq!(crate::fastest(), Variant::fastest().name());
    assert_eq!(crate::fast(), Variant::available().count() > 1);
}

#[test]
#[cfg(target_arch = "aarch64")]
fn on_arm_the_instructions_that_are_there_are_used() {
    use std::arch::is_aarch64_feature_detected;
    let there = |name| Variant::available().any(|variant| variant.name() == name);
    assert_eq!(there("NEON with dotprod"), is_aarch64_feature_detected!("dotprod"));
    assert_eq!(there("NEON with i8mm"), is_aarch64_feature_detected!("i8mm"));
}

/// The product, which all variants must agree about.
fn all_agree(kind: Kind, shape: (usize, usize, usize), weights: &[u8], lhs: &[f32]) -> Vec<f32> {
    let reference = portable(kind, shape, weights, lhs);
    for variant in Variant::available() {
        let product = run(variant, kind, shape, weights, lhs);
        for (at, (a, b)) in product.iter().zip(&reference).enumerate() {
            let name = variant.name();
            let same = if shape.0 < 4 { near(*a, *b, &reference) } else { a.to_bits() == b.to_bits() };
            assert!(same, "{name}, {kind:?} {shape:?} at {at}: {a} for {b}");
        }
    }
    reference
}

fn portable(kind: Kind, shape: (usize, usize, usize), weights: &[u8], lhs: &[f32]) -> Vec<f32> {
    run(Variant::available().last().unwrap(), kind, shape, weights, lhs)
}

fn run(variant: Variant, kind: Kind, shape: (usize, usize, usize), weights: &[u8], lhs: &[f32]) -> Vec<f32> {
    let (m, k, n) = shape;
    let mut dst = vec![f32::NAN; m * n];
    product(variant, Matrix::new(kind, weights, n, k).unwrap(), lhs, &mut dst);
    dst
}

/// Few rows are summed in another order by each variant.
fn near(a: f32, b: f32, among: &[f32]) -> bool {
    let largest = among.iter().fold(0.0, |largest: f32, number| largest.max(number.abs()));
    (a - b).abs() <= largest * 1e-5
}

/// The product of the weights in full, in 64 bits.
fn exact(kind: Kind, (m, k, n): (usize, usize, usize), weights: &[u8], lhs: &[f32]) -> Vec<f64> {
    let weights = full(kind, weights);
    let mut product = Vec::with_capacity(m * n);
    for row in lhs.chunks_exact(k) {
        for weights in weights.chunks_exact(k) {
            product.push(row.iter().zip(weights).map(|(a, b)| f64::from(*a) * b).sum());
        }
    }
    product
}

/// How large the difference is, beside the exact product: both as root mean squares.
fn error(found: &[f32], exact: &[f64]) -> f64 {
    let square = |numbers: &mut dyn Iterator<Item = f64>| numbers.map(|number| number * number).sum::<f64>();
    let difference = square(&mut found.iter().zip(exact).map(|(a, b)| f64::from(*a) - b));
    let size = square(&mut exact.iter().copied());
    if difference == 0.0 { 0.0 } else { (difference / size).sqrt() }
}

fn weights(kind: Kind, (_, k, n): (usize, usize, usize), mut noise: Noise) -> Vec<u8> {
    block(kind, k * n, &mut noise)
}

/// About normal, as activations are: the sum of twelve even ones, less its mean.
fn activations((m, k, _): (usize, usize, usize), mut noise: Noise) -> Vec<f32> {
    let mut normal = || (0..12).map(|_| f32::from(noise.byte()) / 256.0).sum::<f32>() - 6.0;
    (0..m * k).map(|_| normal()).collect()
}

/// Bytes in no order, the same for the same seed.
pub struct Noise(u64);

impl Noise {
    pub fn from(seed: u64) -> Self {
        Self(seed)
    }

    pub fn byte(&mut self) -> u8 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0.to_be_bytes()[0]
    }
}
