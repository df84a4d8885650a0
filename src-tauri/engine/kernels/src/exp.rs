//! The exponential function for vectors: without branches, so that the compiler makes
//! vector code of it wherever it is inlined.

/// `e` to the power of `x`, to about seven digits; 0 below −87, where it would be no
/// normal number, and the largest at 88.
///
/// As in the Cephes library (S. L. Moshier, `expf`): a power of two and a polynomial for
/// what is left.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 × 2²³: adding it leaves no room for a fraction
    let bounded = if x > 88.0 { 88.0 } else { x };
    let bounded = if bounded < -87.0 { -87.0 } else { bounded };
    let rounded = bounded.mul_add(std::f32::consts::LOG2_E, ROUND);
    let whole = rounded - ROUND;
    // ln 2 in two parts, of which the first has few enough digits to lose none.
    let rest = whole.mul_add(-0.693_359_4, bounded);
    let rest = whole.mul_add(2.121_944_4e-4, rest);
    let mut series = 1.987_569_1e-4_f32;
    for term in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        series = series.mul_add(rest, term);
    }
    let power = f32::from_bits(rounded.to_bits().wrapping_add(127) << 23);
    let value = series.mul_add(rest * rest, rest + 1.0) * power;
    if x < -87.0 { 0.0 } else { value }
}

#[cfg(test)]
mod tests;
