//! Settings as fields, each by its own key, and back. What one field holds that cannot be
//! understood costs that field alone; of what is promised, it closes it.

use std::{collections::BTreeMap, path::PathBuf};

use serde_json::{Map, Value};
use sotto_domain::{NanoUsd, Promises};
use sotto_egress::{Origin, typed};
use sotto_store::{CLOUD, CONFIRMED, MONTHLY_CAP, OFFLINE_LOCK, Values};

pub(super) use sotto_store::PROMISED;

use super::{
    ProviderSettings, Settings,
    change::{CA_FILE, MIRROR, PROXY},
};

/// The settings that `values` are, and the keys of what could not be understood.
pub(super) fn gather(values: &Values) -> (Settings, Vec<String>) {
    let mut unread: Vec<String> =
        PROMISED.iter().filter(|key| !values.contains_key(**key)).map(|key| (*key).to_owned()).collect();
    let mut tree = tree(&Settings::default());
    let mut settings = Settings::default();
    for (key, value) in values {
        let mut with = tree.clone();
        match put(&mut with, key, value) {
            Put::Done => {}
            // A newer version's, which it finds again as it left it.
            Put::Unknown => continue,
            Put::Nonsense => {
                unread.push(key.clone());
                continue;
            }
        }
        match serde_json::from_value(with.clone()) {
            Ok(understood) => (settings, tree) = (understood, with),
            Err(_) => unread.push(key.clone()),
        }
    }
    close(&mut settings, &unread);
    // What is no address leads nowhere, and must not lead anywhere else.
    let is_usable = |mirror: &String| Origin::of(&typed(mirror)).is_ok();
    if !settings.models.mirror.as_ref().is_none_or(is_usable) && !unread.iter().any(|key| key == MIRROR) {
        unread.push(MIRROR.to_owned());
    }
    (settings, unread)
}

/// All fields of `settings`.
pub(super) fn spread(settings: &Settings) -> Values {
    let mut values = Values::new();
    leaves("", &tree(settings), &mut values);
    values
}

/// What has to be written so that `before` becomes `after`.
pub(super) fn difference(before: &Values, after: &Values) -> BTreeMap<String, Option<String>> {
    let gone = before.keys().filter(|key| !after.contains_key(*key)).map(|key| (key.clone(), None));
    let new = after.iter().filter(|(key, value)| before.get(*key) != Some(value));
    gone.chain(new.map(|(key, value)| (key.clone(), Some(value.clone())))).collect()
}

/// Takes an object apart into its fields.
pub(super) fn leaves(key: &str, value: &Value, into: &mut Values) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                leaves(&key, value, into);
            }
        }
        value => drop(into.insert(key.to_owned(), value.to_string())),
    }
}

/// Closes what is promised and was not understood.
fn close(settings: &mut Settings, unread: &[String]) {
    let closed = Promises::closed();
    for key in unread {
        match key.as_str() {
            OFFLINE_LOCK => settings.offline_lock = closed.offline_lock,
            CLOUD => settings.cloud.on = closed.cloud,
            CONFIRMED => settings.cloud.confirmed.clone_from(&closed.confirmed),
            MONTHLY_CAP => settings.cloud.monthly_cap = Some(NanoUsd(0)),
            // A way round what the user wanted is no way: these are none that could be taken.
            PROXY => settings.network.proxy = Some(String::new()),
            CA_FILE => settings.network.ca_file = Some(PathBuf::new()),
            MIRROR => settings.models.mirror = Some(String::new()),
            key => {
                if let Some(provider) = provider_of(key) {
                    let nowhere =
                        ProviderSettings { place: NOWHERE.into(), bill_to: NOWHERE.into(), free: false };
                    settings.cloud.providers.insert(provider.to_owned(), nowhere);
                }
            }
        }
    }
}

/// What is no place, and nobody's bill.
const NOWHERE: &str = "?";

/// The provider that is not asked where this is not understood: how it is reached, or who pays. That
/// its answers are free is no such thing: not understood, they are not.
pub(super) fn provider_of(key: &str) -> Option<&str> {
    key.strip_prefix("cloud.providers.")?.split('.').next().filter(|_| !key.ends_with(FREE))
}

/// How the key of a server of the user's own that costs nothing ends.
pub(super) const FREE: &str = ".free";

enum Put {
    Done,
    Unknown,
    Nonsense,
}

/// Puts a field where it belongs.
fn put(tree: &mut Value, key: &str, value: &str) -> Put {
    let Ok(value) = serde_json::from_str::<Value>(value) else { return Put::Nonsense };
    let mut at = tree;
    let mut names = key.split('.').peekable();
    while let Some(name) = names.next() {
        let Value::Object(fields) = at else { return Put::Unknown };
        if names.peek().is_none() {
            // Where fields are to be, anything else would be taken for all of them.
            if fields.get(name).is_some_and(Value::is_object) {
                return Put::Nonsense;
            }
            fields.insert(name.to_owned(), value);
            return Put::Done;
        }
        at = fields.entry(name).or_insert_with(|| Value::Object(Map::new()));
    }
    Put::Unknown
}

fn tree(settings: &Settings) -> Value {
    // Nothing in it can refuse to be written: numbers, text, lists, and maps with text for keys.
    serde_json::to_value(settings).unwrap_or_default()
}

#[cfg(test)]
mod tests;
