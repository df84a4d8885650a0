//! Amounts as providers write them, read without going through binary fractions.

use serde_json::Value;
use sotto_domain::NanoUsd;

/// A billion dollars. Nothing that is asked for here costs more, and sums stay far from where
/// the database's numbers end.
const MOST: u64 = 1_000_000_000_000_000_000;

/// US dollars, as a number or in quotes. `None` for what is no amount, below nothing
/// (some write -1 where a price varies), or beyond reason.
pub(crate) fn dollars(value: &Value) -> Option<NanoUsd> {
    scaled(value, 9)
}

/// A price of one token in US dollars, as that of a million tokens.
pub(crate) fn dollars_per_token(value: &Value) -> Option<NanoUsd> {
    scaled(value, 9 + 6)
}

/// The amount times ten to the power of `places`, rounded up: a little is never nothing.
fn scaled(value: &Value, places: i32) -> Option<NanoUsd> {
    let written = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let (mantissa, exponent) = match written.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (written.as_str(), 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    if digits.is_empty() || digits.len() > 30 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let amount: u128 = digits.parse().ok()?;
    let shift = exponent.checked_add(places)?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let power = 10_u128.checked_pow(shift.unsigned_abs());
    let amount = match (power, shift >= 0) {
        (_, _) if amount == 0 => 0,
        (Some(power), true) => amount.checked_mul(power)?,
        (Some(power), false) => amount.div_ceil(power),
        (None, true) => return None,
        (None, false) => 1,
    };
    u64::try_from(amount).ok().filter(|amount| *amount <= MOST).map(NanoUsd)
}

#[cfg(test)]
mod tests;
