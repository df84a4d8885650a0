//! What an answer costs: before it is asked at most, and afterwards as exactly as can be
//! known. All in whole billionths of a dollar, rounded up; never nothing for unknown.

use serde::{Deserialize, Serialize};
use sotto_domain::{Cost, NanoUsd, Timestamp};

use crate::Spent;

/// What a million tokens cost, where somebody said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// A million tokens given.
    pub input: NanoUsd,
    /// A million tokens given that are still in mind over there, where it is known.
    pub cached: Option<NanoUsd>,
    /// A million tokens written.
    pub output: NanoUsd,
    /// Each request by itself, on top.
    pub request: NanoUsd,
}

/// What one who serves a model takes for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rate {
    /// So much.
    Price(Price),
    /// Nothing, and they say so.
    Free,
    /// Nobody says.
    Unknown,
}

/// The prices of one model at one time, by who may serve it: what a cost is worked out
/// with is kept, for prices change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tariff {
    /// When they were read.
    pub at: Timestamp,
    /// Each machine room's rate; one without a name where the provider serves by itself.
    pub rates: Vec<(Option<String>, Rate)>,
}

impl Tariff {
    /// Nobody says what it costs.
    pub fn unknown(at: Timestamp) -> Self {
        Self { at, rates: Vec::new() }
    }

    /// The rate of whoever served: `None` where that is not known, which one answers for
    /// only if nobody else could have served.
    pub fn rate(&self, backend: Option<&str>) -> Rate {
        let named = self.rates.iter().find(|(name, _)| name.as_deref() == backend);
        match (named, self.rates.as_slice()) {
            (Some((_, rate)), _) | (None, [(None, rate)]) => *rate,
            (None, [(Some(_), rate)]) if backend.is_none() => *rate,
            _ => Rate::Unknown,
        }
    }

    /// Whether `backend` is among those whose rates these are: of who else served, no rate says
    /// what it can have cost at most.
    pub(crate) fn covers(&self, backend: Option<&str>) -> bool {
        let is_one = |(name, _): &(Option<String>, Rate)| {
            name.as_deref().is_none_or(|name| backend.is_none_or(|served| served == name))
        };
        self.rates.iter().any(is_one)
    }

    /// The most that an answer can cost, whoever serves it: `prompt` tokens given and
    /// `max_tokens` written. `None` where one of them names no price.
    pub fn ceiling(&self, prompt: u64, max_tokens: u32) -> Option<NanoUsd> {
        let amounts = self.rates.iter().map(|(_, rate)| match rate {
            Rate::Price(price) => price.of(prompt, 0, u64::from(max_tokens)),
            Rate::Free => Some(NanoUsd(0)),
            Rate::Unknown => None,
        });
        // One unknown makes the highest unknown.
        amounts.collect::<Option<Vec<_>>>()?.into_iter().max()
    }
}

impl Price {
    /// `(prompt − cached)·input + cached·cached price + written·output`, a token's price
    /// being the millionth part; rounded up once. `None` where the sum is beyond reason.
    fn of(&self, prompt: u64, cached: u64, written: u64) -> Option<NanoUsd> {
        const MILLION: u128 = 1_000_000;
        let cached = cached.min(prompt);
        let parts = [
            (prompt - cached, self.input),
            (cached, self.cached.unwrap_or(self.input)),
            (written, self.output),
        ];
        let sum = parts.into_iter().try_fold(0_u128, |sum, (tokens, price)| {
            sum.checked_add(u128::from(tokens).checked_mul(u128::from(price.0))?)
        })?;
        let sum = sum.div_ceil(MILLION).checked_add(u128::from(self.request.0))?;
        u64::try_from(sum).ok().map(NanoUsd)
    }
}

/// What an answer that came to its end cost, at the rate of who served it.
pub(crate) fn cost(spent: &Spent, rate: Rate) -> Cost {
    if let Some(figure) = spent.reported {
        return Cost::Reported(figure);
    }
    if let Some(figure) = spent.estimated {
        return Cost::EstimatedByProvider(figure);
    }
    let price = match rate {
        Rate::Price(price) => price,
        Rate::Free => return Cost::Free,
        Rate::Unknown => return Cost::Unknown,
    };
    let (Some(prompt), Some(completion)) = (spent.prompt, spent.completion) else { return Cost::Unknown };
    let cached = spent.cached.unwrap_or(0);
    match price.of(prompt, cached, completion) {
        // A price of zero that nobody called free is a price that nobody named.
        None | Some(NanoUsd(0)) => Cost::Unknown,
        // Tokens still in mind usually cost less, but nobody says how much.
        Some(figure) if cached > 0 && price.cached.is_none() => Cost::UpperBound(figure),
        Some(figure) => Cost::Computed(figure),
    }
}

#[cfg(test)]
mod tests;
