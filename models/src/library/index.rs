//! What took time to find out about files: notes, which can be made again.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};
use sotto_domain::Timestamp;

use crate::{Digest, Shape, files};

pub(super) const INDEX: &str = ".index.json";
/// Counts the changes to what is taken for a model: what was noted by earlier checks is looked up
/// again.
pub(super) const CHECKS: u32 = 2;
/// The list of what is used where it lies. Not a note: nobody could find it again.
const ELSEWHERE: &str = "elsewhere.json";

static CHANGING: Mutex<()> = Mutex::new(());

/// What is known of each file, by its place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Index(BTreeMap<String, Known>);

/// What is known of a file. It holds while length and time of change stay the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    pub bytes: u64,
    pub changed: Timestamp,
    /// The figures of a model; none for anything else.
    pub shape: Option<Shape>,
    pub is_vision: bool,
    /// How many numbers stand for a token in a model, or are given to one by the part that sees.
    #[serde(default)]
    pub width: u32,
    /// Whether what a model has in its own file to see with is of use; `None` where it has nothing.
    #[serde(default)]
    pub own_sight: Option<bool>,
    /// By which checks this was found out.
    #[serde(default)]
    pub checks: u32,
    /// What its hash should be, where that is known.
    pub should_be: Option<Digest>,
    /// When it was last found to be right.
    pub verified: Option<Timestamp>,
    /// When it was last found to be wrong.
    pub wrong: Option<Timestamp>,
}

impl Known {
    /// Whether it still holds of a file of this length and time of change.
    pub fn is_of(&self, bytes: u64, changed: Timestamp) -> bool {
        (self.bytes, self.changed, self.checks) == (bytes, changed, CHECKS)
    }
}

impl Index {
    pub fn read(folder: &Path) -> Self {
        files::read_small(&folder.join(INDEX)).unwrap_or_default()
    }

    /// Changes the notes as they are now; two who change them do not undo each other.
    pub fn change(folder: &Path, change: impl FnOnce(&mut Self)) -> io::Result<()> {
        let _one_at_a_time = CHANGING.lock().unwrap_or_else(PoisonError::into_inner);
        let before = Self::read(folder);
        let mut index = before.clone();
        change(&mut index);
        if index == before { Ok(()) } else { files::write_json(&folder.join(INDEX), &index) }
    }

    /// Takes over what was looked up, where nobody was faster.
    pub fn take_over(&mut self, looked_up: Self) {
        for (key, known) in looked_up.0 {
            let is_news = |noted: &Known| !noted.is_of(known.bytes, known.changed);
            if self.get(&key).is_none_or(is_news) {
                self.set(key, known);
            }
        }
    }

    pub fn get(&self, key: &str) -> Option<&Known> {
        self.0.get(key)
    }

    pub fn set(&mut self, key: String, known: Known) {
        self.0.insert(key, known);
    }
}

/// What is used where it lies.
pub(super) fn elsewhere(folder: &Path) -> Vec<PathBuf> {
    files::read_small(&folder.join(ELSEWHERE)).unwrap_or_default()
}

pub(super) fn set_elsewhere(folder: &Path, paths: &[PathBuf]) -> io::Result<()> {
    files::write_json(&folder.join(ELSEWHERE), &paths)
}
