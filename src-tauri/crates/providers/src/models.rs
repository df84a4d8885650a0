//! Which models a provider offers, who serves them and for how much. Every list is shaped
//! differently and nearly all of it is optional: what is missing is unknown, and an entry
//! without a name is passed over.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sotto_domain::{NanoUsd, Secret, Timestamp};

use crate::{
    Limits, Price, Prices, Rate, Route, Tariff,
    foreign::{label, lenient, without},
    money::{dollars, dollars_per_token},
};

/// A model that can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// The provider's name for it.
    pub id: String,
    /// Its name for people, where it has another.
    pub name: Option<String>,
    /// The most tokens it holds in mind, where it is known.
    pub context: Option<u64>,
    /// The most tokens of one answer, where it is known.
    #[serde(default)]
    pub longest_answer: Option<u64>,
    /// Whether it sees pictures, where it is known.
    pub pictures: Option<bool>,
    /// What it costs where the provider serves it itself.
    pub rate: Rate,
    /// Who serves it, where the provider passes questions on.
    pub backends: Vec<Backend>,
}

/// A machine room that serves a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backend {
    /// Its name, as it is pinned.
    pub name: String,
    /// Whether it is in order, by its provider's word.
    pub live: bool,
    /// The most tokens it holds in mind, where it is known.
    pub context: Option<u64>,
    /// What it takes.
    pub rate: Rate,
    /// Milliseconds to the first word, as measured by the provider lately.
    pub first_word_ms: Option<u64>,
    /// Tokens a second, as measured by the provider lately.
    pub tokens_per_second: Option<u64>,
}

impl Model {
    /// What an answer by this route will be worked out with: the rates, at this time, of
    /// all who may serve it.
    pub fn tariff(&self, route: &Route, at: Timestamp) -> Tariff {
        let rate = |backend: &Backend| (Some(backend.name.clone()), backend.rate);
        let rates = match route {
            Route::Itself => vec![(None, self.rate)],
            Route::Pinned(name) => {
                self.backends.iter().filter(|backend| backend.name == *name).map(rate).collect()
            }
            // Also those out of order at the moment: they may be in order when the user sends.
            Route::Fastest | Route::Cheapest | Route::Preferred => self.backends.iter().map(rate).collect(),
        };
        Tariff { at, rates }
    }

    /// What can be asked by this route: of several who may serve it, what all of them take.
    pub fn limits(&self, route: &Route) -> Limits {
        let serves = |backend: &&Backend| route.pins().is_none_or(|name| backend.name == name);
        let there = self.backends.iter().filter(serves).filter_map(|backend| backend.context).min();
        let context = there.or(self.context);
        Limits { context, longest_answer: self.longest_answer, pictures: self.pictures }
    }
}

/// The longest name of a model that anybody is asked by.
const LONGEST_ID: usize = 256;

/// Reads a list; `None` where this is none. Of several of one name the first is taken. The key that was shown for it is in none of its words.
pub(crate) fn read(body: &[u8], prices: Prices, key: Option<&Secret>) -> Option<Vec<Model>> {
    let text = without(&String::from_utf8_lossy(body), key);
    let value = lenient(&text)?;
    let list = value.as_array().or_else(|| {
        let named = value.get("data").or_else(|| value.get("models"))?;
        named.as_array()
    })?;
    let mut names = HashSet::new();
    let models = list.iter().filter_map(|entry| model(entry, prices));
    Some(models.filter(|model| names.insert(model.id.clone())).collect())
}

fn model(entry: &Value, prices: Prices) -> Option<Model> {
    let id = text(entry, "id")?;
    // What could not be asked by its name, or not be shown as it is, is no name.
    if !talks(entry) || id.len() > LONGEST_ID || id.chars().any(char::is_control) {
        return None;
    }
    let backends = entry.get("providers").and_then(Value::as_array);
    Some(Model {
        id: id.to_owned(),
        name: text(entry, "display_name")
            .or_else(|| text(entry, "name"))
            .filter(|name| *name != id)
            .and_then(|name| label(name, None)),
        context: context(entry),
        longest_answer: longest_answer(entry),
        pictures: pictures(entry),
        rate: rate(entry, prices),
        backends: backends
            .into_iter()
            .flatten()
            .filter_map(|entry| {
                Some(Backend {
                    name: label(text(entry, "provider")?, None)?,
                    live: text(entry, "status").is_none_or(|status| status == "live"),
                    context: context(entry),
                    rate: rate(entry, prices),
                    first_word_ms: whole(entry, "first_token_latency_ms"),
                    tokens_per_second: whole(entry, "throughput"),
                })
            })
            .collect(),
    })
}

/// Whether it is a model to talk to, by all that the entry says against it.
fn talks(entry: &Value) -> bool {
    let no = |value: Option<&Value>| value.and_then(Value::as_bool) == Some(false);
    let writes = modalities(entry, "output_modalities").is_none_or(|kinds| kinds.contains(&"text"));
    // "chat", "language" and "code" talk; "image", "embedding", "rerank" do not.
    let kind = text(entry, "type").is_none_or(|kind| {
        !["image", "embedding", "rerank", "audio", "moderation", "video", "transcribe"].contains(&kind)
    });
    let can = entry.get("capabilities").and_then(|can| can.get("completion_chat"));
    writes && kind && !no(can) && !no(entry.get("supports_chat")) && !no(entry.get("active"))
}

fn pictures(entry: &Value) -> Option<bool> {
    let seen = modalities(entry, "input_modalities").map(|kinds| kinds.contains(&"image"));
    seen.or_else(|| entry.get("capabilities")?.get("vision")?.as_bool())
        .or_else(|| entry.get("supports_image_input")?.as_bool())
}

fn modalities<'a>(entry: &'a Value, key: &str) -> Option<Vec<&'a str>> {
    let kinds = entry.get("architecture").and_then(|built| built.get(key)).or_else(|| entry.get(key))?;
    Some(kinds.as_array()?.iter().filter_map(Value::as_str).collect())
}

fn context(entry: &Value) -> Option<u64> {
    // How it is loaded comes before what it could hold.
    const KEYS: [&str; 8] = [
        "loaded_context_length",
        "n_ctx",
        "context_length",
        "context_window",
        "max_context_length",
        "max_model_len",
        "max_input_tokens",
        "n_ctx_train",
    ];
    let places = [Some(entry), entry.get("meta"), entry.get("top_provider"), entry.get("limits")];
    let found = KEYS.iter().flat_map(|key| places.iter().flatten().filter_map(|place| whole(place, key)));
    found.into_iter().find(|tokens| *tokens > 0)
}

fn longest_answer(entry: &Value) -> Option<u64> {
    const KEYS: [&str; 3] = ["max_completion_tokens", "max_output_tokens", "max_output_length"];
    let places = [Some(entry), entry.get("top_provider"), entry.get("limits")];
    let found = KEYS.iter().flat_map(|key| places.iter().flatten().filter_map(|place| whole(place, key)));
    found.into_iter().find(|tokens| *tokens > 0)
}

fn rate(entry: &Value, prices: Prices) -> Rate {
    let pricing = entry.get("pricing").unwrap_or(&Value::Null);
    let said = |key| pricing.get(key).filter(|said| !said.is_null());
    let nothing = |said| dollars(said) == Some(NanoUsd(0));
    let free =
        ["input", "output", "prompt", "completion", "request"].into_iter().filter_map(said).all(nothing);
    if free && entry.get("is_free").and_then(Value::as_bool) == Some(true) {
        return Rate::Free;
    }
    let (read, input, output, cached): (fn(&Value) -> Option<NanoUsd>, _, _, _) = match prices {
        Prices::None => return Rate::Unknown,
        Prices::PerMillion => (dollars, "input", "output", "cached_input"),
        Prices::PerToken => (dollars_per_token, "prompt", "completion", "input_cache_read"),
    };
    let price = |key| said(key).and_then(read);
    // A price that varies, or is said to be below nothing, is one that nobody names.
    let request = said("request").map_or(Some(NanoUsd(0)), dollars);
    match (price(input), price(output), request) {
        // A list of prices where some models are named for costing nothing means it.
        (Some(NanoUsd(0)), Some(NanoUsd(0)), Some(NanoUsd(0))) if prices == Prices::PerToken => Rate::Free,
        // Elsewhere nothing is what stands where nothing is known.
        (Some(NanoUsd(0)), Some(NanoUsd(0)), _) => Rate::Unknown,
        (Some(input), Some(output), Some(request)) => {
            Rate::Price(Price { input, cached: price(cached), output, request })
        }
        _ => Rate::Unknown,
    }
}

fn text<'a>(entry: &'a Value, key: &str) -> Option<&'a str> {
    entry.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}

/// A number, whole or rounded to it.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // bounds are looked at first
fn whole(entry: &Value, key: &str) -> Option<u64> {
    let value = entry.get(key)?;
    value
        .as_u64()
        .or_else(|| value.as_f64().filter(|number| (0.0..1e15).contains(number)).map(|n| n.round() as u64))
}

#[cfg(test)]
mod tests;
