//! What an endpoint turned out not to take. Learnt when it refuses a request and names the
//! part (nothing was generated then), and kept for as long as the app runs.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use crate::{Endpoint, Field, Said};

/// Shared by all clones.
#[derive(Debug, Clone, Default)]
pub(crate) struct CapabilityCache(Arc<Mutex<HashMap<String, BTreeSet<Field>>>>);

impl CapabilityCache {
    /// What `model` at `endpoint` is known not to take.
    pub(crate) fn of(&self, endpoint: &Endpoint, model: &str) -> BTreeSet<Field> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let places = [endpoint.base().to_owned(), with_model(endpoint, model)];
        places.iter().filter_map(|place| known.get(place)).flatten().copied().collect()
    }

    /// Keeps what was found out.
    pub(crate) fn keep(&self, endpoint: &Endpoint, model: &str, fields: &BTreeSet<Field>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for field in fields {
            let place = match field {
                // A matter of the server's program.
                Field::StreamOptions => endpoint.base().to_owned(),
                // A matter of each model.
                Field::Temperature | Field::TopP | Field::TokenLimit | Field::System => {
                    with_model(endpoint, model)
                }
            };
            known.entry(place).or_default().insert(*field);
        }
    }
}

fn with_model(endpoint: &Endpoint, model: &str) -> String {
    format!("{} {model}", endpoint.base())
}

/// The part that a refusal names, if it is one that an answer can do without.
pub(crate) fn named(status: u16, said: &Said) -> Option<Field> {
    if !matches!(status, 400 | 422) {
        return None;
    }
    if said.mentions(&["stream_options"]) {
        return Some(Field::StreamOptions);
    }
    // Named, and as something that is not taken at all: a value out of range is the user's to know.
    let unknown = ["not support", "unsupported", "unrecognized", "unknown", "not permitted", "unexpected"];
    if !said.mentions(&unknown) {
        return None;
    }
    let fields = [
        (Field::Temperature, ["temperature", "temperature"]),
        (Field::TopP, ["top_p", "top_p"]),
        (Field::TokenLimit, ["max_tokens", "max_completion_tokens"]),
        (Field::System, ["system role", "role 'system'"]),
    ];
    fields.into_iter().find(|(_, words)| said.mentions(words)).map(|(field, _)| field)
}

#[cfg(test)]
mod tests;
