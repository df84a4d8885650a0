//! `settings.json`, in which earlier versions kept the settings: read once, field by field, and
//! kept beside under another name. What it promised and cannot be read is closed.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use serde_json::Value;
use sotto_store::{Store, StoreError, Values};

use super::values::{PROMISED, leaves};

/// Says what became of the file: absent where there never was one.
const FILE: &str = "settings_file";
const TO_BE_READ: &str = "\"to be read\"";
const READ: &str = "\"read\"";

/// The value of a promise that could not be read, until the user has looked.
const UNREADABLE: &str = "\"could not be read\"";

/// More than this is no file of settings.
const LONGEST: u64 = 1 << 20;

/// Reads the file if that has not been done. `lost`: the database that knew what was set is gone.
pub(super) fn read_once(store: &Store, home: &Path, lost: bool) -> Result<(), StoreError> {
    if store.values()?.get(FILE).is_some_and(|read| read == READ) {
        return Ok(());
    }
    let path = home.join("settings.json");
    let file = read(&path);
    store.change_values(|values| {
        let before = values.get(FILE).map(String::as_str);
        if before == Some(READ) {
            // Another process was faster, and knows more than the file by now.
            return Ok(BTreeMap::new());
        }
        let mut fields = match &file {
            Ok(Value::Object(fields)) => of_file(fields),
            Ok(_) => nothing_read(),
            Err(error) if error.kind() != io::ErrorKind::NotFound => nothing_read(),
            // There was one, or its database: what was promised is not known.
            Err(_) if lost || before == Some(TO_BE_READ) => nothing_read(),
            Err(_) => Values::new(),
        };
        fields.insert(FILE.into(), READ.into());
        Ok(fields.into_iter().map(|(key, value)| (key, Some(value))).collect())
    })?;
    set_aside(&path);
    Ok(())
}

fn read(path: &Path) -> io::Result<Value> {
    let mut text = Vec::new();
    let file = File::options().read(true).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    file.take(LONGEST).read_to_end(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}

fn of_file(fields: &serde_json::Map<String, Value>) -> Values {
    let mut values = Values::new();
    leaves("", &Value::Object(fields.clone()), &mut values);
    // Where there should have been fields, and was something else, none of them was read.
    let lost: Vec<_> = PROMISED
        .into_iter()
        .filter(|key| key.match_indices('.').any(|(end, _)| values.contains_key(&key[..end])))
        .collect();
    values.extend(lost.into_iter().map(|key| (key.to_owned(), UNREADABLE.to_owned())));
    values
}

fn nothing_read() -> Values {
    PROMISED.iter().map(|key| ((*key).to_owned(), UNREADABLE.to_owned())).collect()
}

/// Keeps the file beside under another name, in place of none.
fn set_aside(path: &Path) {
    let names = (1..).map(|number: u32| match number {
        1 => path.with_extension("json.earlier"),
        number => path.with_extension(format!("json.earlier-{number}")),
    });
    let free = names.take(100).find(|name: &PathBuf| fs::symlink_metadata(name).is_err());
    if let Some(name) = free
        && let Err(error) = fs::rename(path, name)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "the earlier settings file stays where it is");
    }
}
