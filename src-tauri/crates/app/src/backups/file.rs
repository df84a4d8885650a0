//! A backup's file: its name says when it was made and why, so that a folder of them can be read
//! without Sotto.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use serde::Serialize;
use sotto_domain::Timestamp;
use specta::Type;

use crate::cloud::utc;

/// Why a backup was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BackUpWhy {
    /// The day's.
    Daily,
    /// Before files came in.
    Import,
    /// Before something was brought back.
    Restore,
    /// The user asked for it; it is kept until the user deletes it.
    Asked,
}

/// One that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupFile {
    /// Its file.
    pub path: PathBuf,
    /// When it was made.
    pub at: Timestamp,
    /// What it was made for.
    pub why: BackUpWhy,
    /// How large it is, without its pictures.
    pub bytes: u64,
}

const ENDING: &str = ".sotto-backup";
const TIME: &str = "%Y-%m-%d %H.%M.%S";
const WHYS: [(BackUpWhy, &str); 4] = [
    (BackUpWhy::Daily, "daily"),
    (BackUpWhy::Import, "before import"),
    (BackUpWhy::Restore, "before restore"),
    (BackUpWhy::Asked, "asked"),
];

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Up to an age in days, the newest of so many days is kept.
const KEPT: [(i64, i64); 3] = [(14, 1), (60, 7), (400, 30)];
/// So many days nothing is thinned out.
const ALL: i64 = 2;
/// Of what is older still, the newest of so many days.
const OLDEST: i64 = 365;

/// A name that no file has yet.
pub(super) fn free_name(folder: &Path, at: Timestamp, why: BackUpWhy) -> PathBuf {
    let word = WHYS.iter().find(|(one, _)| *one == why).map_or("asked", |(_, word)| word);
    let name = format!("{} {word}", utc(at).strftime(TIME));
    let path = |more: &str| folder.join(format!("{name}{more}{ENDING}"));
    let numbered = (2..).map(|number: u32| path(&format!(" {number}")));
    std::iter::once(path("")).chain(numbered).find(|path| !path.exists()).unwrap_or_else(|| path(""))
}

/// All in a folder, the newest first.
pub(super) fn all(folder: &Path) -> Vec<BackupFile> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<_> = entries.filter_map(|entry| read(&entry.path())).collect();
    all.sort_by(|one, other| (other.at, &other.path).cmp(&(one.at, &one.path)));
    all
}

fn read(path: &Path) -> Option<BackupFile> {
    let name = path.file_name()?.to_str()?.strip_suffix(ENDING)?;
    let (time, why) = name.split_at_checked("2026-11-26 21.40.05".len())?;
    let time = jiff::civil::DateTime::strptime(TIME, time).ok()?;
    let at = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond();
    let why = why.strip_prefix(' ')?;
    let (why, _) = WHYS.into_iter().find(|(_, word)| why == *word || numbered(why, word))?;
    let there = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(BackupFile { path: path.to_owned(), at, why, bytes: there.len() })
}

fn numbered(why: &str, word: &str) -> bool {
    let number = why.strip_prefix(word).and_then(|rest| rest.strip_prefix(' '));
    number.is_some_and(|number| number.parse::<u32>().is_ok())
}

/// Whether a file of that name is one that was not finished.
pub(super) fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.contains(ENDING) && !name.ends_with(ENDING)
}

/// Those that are no longer kept at `now`, and those that are. What the user asked for is kept, the
/// newest always, and so is what comes from a time when the clock went ahead.
pub(super) fn thinned(all: Vec<BackupFile>, now: Timestamp) -> (Vec<BackupFile>, Vec<BackupFile>) {
    let mut seen = HashSet::new();
    let mut newest = true;
    all.into_iter().partition(|backup| {
        let first = std::mem::take(&mut newest);
        let age = now.saturating_sub(backup.at) / DAY;
        if backup.why == BackUpWhy::Asked || first || age < ALL {
            return false;
        }
        let span = KEPT.iter().find(|(until, _)| age < *until).map_or(OLDEST, |(_, span)| *span);
        // The first of a span that is met is its newest.
        !seen.insert((span, backup.at.div_euclid(span * DAY)))
    })
}

#[cfg(test)]
mod tests;
