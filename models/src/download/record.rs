//! What was asked for, on the disk: a small file for each file to be had.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use sotto_domain::Timestamp;

use super::{Transfer, TransferState, part};
use crate::{ModelsError, catalog::Source, files, hub::Details};

/// The folder of downloads within the models' folder.
pub(crate) const DOWNLOADS: &str = ".downloads";

/// One file that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DownloadRecord {
    /// The model it belongs to.
    pub model: String,
    /// What people call the file.
    pub name: String,
    /// The folder it goes to, within the models' folder.
    pub family: String,
    /// What it is called there.
    pub file: String,
    /// Where it comes from.
    pub source: Source,
    /// When it was asked for.
    pub asked: Timestamp,
    /// It was paused or given up, and waits for a word.
    pub resting: bool,
    /// What the hub says of it, once asked: the rest comes from the same commit.
    pub details: Option<Details>,
    /// The server it comes from, where one was named for this file alone.
    #[serde(default)]
    pub endpoint: Option<String>,
}

impl DownloadRecord {
    /// Names the record: one for each place that a file goes to.
    pub fn id(&self) -> String {
        format!("{}--{}", self.family, self.file)
    }
}

/// The records of one models' folder.
#[derive(Debug, Clone)]
pub(crate) struct DownloadRecords {
    folder: PathBuf,
}

impl DownloadRecords {
    pub fn of(models: &Path) -> Self {
        Self { folder: models.join(DOWNLOADS) }
    }

    /// All there are, in the order in which they were asked for.
    pub fn all(&self) -> Vec<DownloadRecord> {
        let paths = files::visible(&self.folder).into_iter();
        let records = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        let mut records: Vec<DownloadRecord> = records.filter_map(|path| files::read_small(&path)).collect();
        records.sort_by(|a, b| (a.asked, &a.file).cmp(&(b.asked, &b.file)));
        records
    }

    pub fn find(&self, id: &str) -> Option<DownloadRecord> {
        files::read_small(&self.path(id))
    }

    /// Adds one; of one that is there already, what is known is kept.
    pub fn add(&self, record: &DownloadRecord) -> Result<(), ModelsError> {
        let record = match self.find(&record.id()) {
            Some(earlier) if earlier.source == record.source => {
                // It stays with the server that it was begun at, unless another is named.
                let endpoint = record.endpoint.clone().or_else(|| earlier.endpoint.clone());
                DownloadRecord { resting: false, endpoint, ..earlier }
            }
            Some(_) | None => record.clone(),
        };
        self.write(&record).map_err(ModelsError::disk(&self.folder))
    }

    pub fn write(&self, record: &DownloadRecord) -> io::Result<()> {
        files::write_json(&self.path(&record.id()), record)
    }

    /// Notes that it waits for a word.
    pub fn rest(&self, id: &str) {
        self.set_resting(id, true);
    }

    /// Notes that it goes on by itself.
    pub fn wake(&self, id: &str) {
        self.set_resting(id, false);
    }

    /// Where the bytes go that have arrived.
    pub fn part(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.part"))
    }

    /// The one lock of the folder.
    pub fn lock(&self) -> PathBuf {
        self.folder.join("lock")
    }

    /// Removes record and part. Whoever works on it sees that the record is gone, and stops.
    pub async fn cancel(&self, id: &str, look: Duration) -> Result<(), ModelsError> {
        let record = self.path(id);
        files::remove_if_there(&record).map_err(ModelsError::disk(&record))?;
        // A write that was under way ends first. If it is another process that writes, it
        // removes the part itself.
        for _ in 0..20 {
            match part::try_lock(&self.lock()).map_err(ModelsError::disk(&self.folder))? {
                Some(_lock) => {
                    let part = self.part(id);
                    return files::remove_if_there(&part).map_err(ModelsError::disk(&part));
                }
                None => tokio::time::sleep(look / 10).await,
            }
        }
        Ok(())
    }

    /// Forgets a record that is done.
    pub fn done(&self, id: &str) -> io::Result<()> {
        files::remove_if_there(&self.path(id))
    }

    /// A record as it is shown while nothing happens to it.
    pub fn at_rest(&self, record: &DownloadRecord) -> Transfer {
        let id = record.id();
        Transfer {
            model: record.model.clone(),
            name: record.name.clone(),
            file: record.file.clone(),
            state: TransferState::Paused,
            done: fs::metadata(self.part(&id)).map_or(0, |about| about.len()),
            total: record.details.as_ref().map(|details| details.bytes).or(record.source.bytes),
            speed: None,
            left: None,
            id,
        }
    }

    fn set_resting(&self, id: &str, resting: bool) {
        if let Some(record) = self.find(id)
            && record.resting != resting
            && let Err(error) = self.write(&DownloadRecord { resting, ..record })
        {
            tracing::warn!(%error, "a download's state could not be noted");
        }
    }

    fn path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.json"))
    }
}
