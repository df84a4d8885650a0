//! One file, from the first question to its place in the library.
//!
//! | what happens | answer |
//! |---|---|
//! | the line is cut, stalls, or drips | tried again from where it was, after a pause that grows |
//! | 429, 5xx | tried again when the server says, or after such a pause |
//! | the server ignores the range and sends all of it | what is here is passed over |
//! | a page in the file's place, 416, another part or length than was asked for | tried again; what is here stays: the hash will decide |
//! | such things three times in a row, of a file that is not pinned | the hub is asked anew: where it has another file now, it is begun anew |
//! | another version by its mark (`ETag`) | nothing: each machine of a server has a mark of its own |
//! | the digest does not match | begun anew; three times at most |
//! | nobody answers at all | given up after a few tries, where somebody waits for it |
//! | the disk is full | given up; what is here is kept |
//! | a file of another kind | given up, as soon as its beginning shows it |
//! | the record is gone | cancelled elsewhere: the part is removed |

use std::{fs::File, path::PathBuf, sync::Arc, time::Duration};

use futures_util::StreamExt;
use sotto_egress::{Body, Response};
use sotto_gguf::Refused;
use tokio::{
    sync::watch,
    task::spawn_blocking,
    time::{Instant, sleep, timeout_at},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{
    DownloadRecord, DownloadRecords, Means, Transfer, TransferState, part::Part, progress::Progress, try_lock,
};
use crate::{
    Library, ModelsError,
    digest::digest_file,
    error::SPARE,
    hub::{Details, Trouble},
};

/// How often a file is begun anew before it is given up.
const MOST_STARTS: u32 = 3;
/// How often to try, where the user asked for it just now: as long as nobody has answered at all,
/// and from then on without anything arriving in between.
const TRIES: (u32, u32) = (4, 8);
/// How often the disk is looked at, in bytes.
const LOOK_AT_DISK: u64 = 64 << 20;
/// How long the end of a connection is waited for once all of a file is here.
const FAREWELL: Duration = Duration::from_millis(500);
/// What shows of which kind a file is.
const BEGINNING: u64 = 64 << 10;

/// A file while it is being had.
pub(super) struct Transferring {
    means: Means,
    records: DownloadRecords,
    record: DownloadRecord,
    id: String,
    part: Option<Part>,
    progress: Progress,
    /// Whether the user asked for it just now, and waits.
    asked: bool,
    /// Whether anybody answered yet.
    reached: bool,
}

impl Transferring {
    pub fn new(
        means: Means,
        record: DownloadRecord,
        asked: bool,
        view: Arc<watch::Sender<Vec<Transfer>>>,
    ) -> Self {
        let records = DownloadRecords::of(&means.folder);
        let id = record.id();
        let progress = Progress::new(view, id.clone());
        Self { means, records, record, id, part: None, progress, asked, reached: false }
    }

    /// Does it. Dropped at any point, it has done no harm: what has arrived is kept.
    pub async fn run(mut self) -> Result<(), ModelsError> {
        let lock = self.our_turn().await?;
        let (mut attempts, mut starts, mut odd) = (0, 0, 0);
        loop {
            let before = self.part.as_ref().map_or(0, Part::length);
            let trouble = match self.attempt(&lock).await {
                Ok(()) => return Ok(()),
                Err(trouble) => trouble,
            };
            if self.part.as_ref().map_or(0, Part::length) > before {
                (attempts, odd) = (0, 0);
            }
            let (error, after) = match trouble {
                Trouble::Final(error) => {
                    if matches!(error, ModelsError::Stopped)
                        && let Some(part) = self.part.take()
                    {
                        // Nobody waits for it: at worst an unused file is left.
                        let _ = blocking(move || part.remove()).await;
                    }
                    return Err(error);
                }
                Trouble::FromTheStart(error) => {
                    starts += 1;
                    // Given up or not, what is here is worth nothing.
                    self.begin_anew().await?;
                    if starts >= MOST_STARTS {
                        return Err(error);
                    }
                    tracing::info!(id = %self.id, %error, "begun anew");
                    continue;
                }
                Trouble::Odd(error) => {
                    odd += 1;
                    if odd >= MOST_STARTS {
                        if starts + 1 >= MOST_STARTS || !self.has_changed().await? {
                            return Err(error);
                        }
                        (starts, odd) = (starts + 1, 0);
                    }
                    (error, None)
                }
                Trouble::Again { error, after } => (error, after),
            };
            attempts += 1;
            self.pause(attempts, error, after).await?;
        }
    }

    /// Waits before it is tried again, and says why; or gives up.
    async fn pause(
        &self,
        attempts: u32,
        error: ModelsError,
        after: Option<Duration>,
    ) -> Result<(), ModelsError> {
        let timeouts = &self.means.timeouts;
        let most = match (self.asked, self.reached) {
            (true, false) => TRIES.0.min(timeouts.attempts),
            (true, true) => TRIES.1.min(timeouts.attempts),
            (false, _) => timeouts.attempts,
        };
        let growing = timeouts.first_pause.saturating_mul(1 << (attempts - 1).min(16));
        let pause = after.unwrap_or(growing.min(timeouts.longest_pause));
        if attempts >= most || pause > timeouts.longest_wait {
            return Err(match error {
                // Once is a mishap; again and again is something to know.
                ModelsError::Network(sotto_egress::Failure::Broken { .. }) if self.reached => {
                    ModelsError::KeepsBreaking
                }
                other => other,
            });
        }
        tracing::info!(id = %self.id, %error, ?pause, "tried again");
        self.progress.state(TransferState::Retrying { why: error.to_string(), seconds: pause.as_secs() });
        self.wait(pause).await
    }

    /// Waits, but not for what would be refused then.
    async fn wait(&self, pause: Duration) -> Result<(), ModelsError> {
        tokio::select! {
            biased;
            cut = self.means.hub.shut() => Err(ModelsError::Network(cut)),
            () = sleep(pause) => Ok(()),
        }
    }

    /// Whether the hub has another file now than what was begun; then it is begun anew. Of a file
    /// that is pinned there is no other.
    async fn has_changed(&mut self) -> Result<bool, ModelsError> {
        let Ok(now) = self.means.hub.details(&self.record.source, &self.record.name).await else {
            return Ok(false);
        };
        if self.record.details.as_ref().is_some_and(|before| before.digest == now.digest) {
            return Ok(false);
        }
        self.begin_anew().await?;
        Ok(true)
    }

    /// Waits until no other window or process downloads to this folder.
    async fn our_turn(&self) -> Result<Arc<File>, ModelsError> {
        loop {
            let lock = self.records.lock();
            match try_lock(&lock).map_err(ModelsError::disk(&lock))? {
                Some(lock) => return Ok(lock),
                None => self.wait(self.means.timeouts.look).await?,
            }
        }
    }

    async fn attempt(&mut self, lock: &Arc<File>) -> Result<(), Trouble> {
        let details = self.details().await?;
        if self.part.is_none() {
            if self.is_here_already(&details).await? {
                return Ok(());
            }
            self.part = Some(self.open_part(&details, lock.clone()).await?);
        }
        let here = self.part.as_ref().map_or(0, Part::length);
        if here < details.bytes {
            self.look_at_disk(details.bytes - here)?;
            self.progress.state(TransferState::Downloading);
            self.progress.bytes(here, details.bytes);
            let source = &self.record.source;
            let response = self.means.hub.bytes(source, &details.revision, here, &self.record.name).await?;
            self.reached = true;
            let skip = agree(&response, &details, here)?;
            self.receive(response.body(), &details, skip).await?;
        }
        self.finish(&details).await
    }

    /// What is known of the file: asked once, and kept with the record.
    async fn details(&mut self) -> Result<Details, Trouble> {
        if let Some(details) = &self.record.details {
            return Ok(details.clone());
        }
        self.progress.state(TransferState::Asking);
        let details = self.means.hub.details(&self.record.source, &self.record.name).await?;
        self.reached = true;
        self.record.details = Some(details.clone());
        self.note()?;
        Ok(details)
    }

    /// Writes the record, unless it was taken away.
    fn note(&self) -> Result<(), ModelsError> {
        match self.records.find(&self.id) {
            Some(_) => self.records.write(&self.record).map_err(ModelsError::disk(&self.means.folder)),
            None => Err(ModelsError::Stopped),
        }
    }

    /// Whether the very file lies at its place: another process was faster, or the app ended
    /// between the last two steps.
    async fn is_here_already(&mut self, details: &Details) -> Result<bool, Trouble> {
        let path = self.place();
        if !path.is_file() {
            return match self.records.find(&self.id) {
                Some(_) => Ok(false),
                None => Err(ModelsError::Stopped.into()),
            };
        }
        self.progress.state(TransferState::Checking);
        let (stop, _guard) = stopping();
        let (read, progress, total) = (path.clone(), self.progress.clone(), details.bytes);
        let digest =
            blocking(move || digest_file(&read, &stop, |done| progress.clone().bytes(done, total))).await;
        if digest.map_err(ModelsError::disk(&path))? != details.digest {
            return Ok(false);
        }
        self.arrived(details)?;
        let part = self.records.part(&self.id);
        let _ = crate::files::remove_if_there(&part);
        Ok(true)
    }

    async fn open_part(&self, details: &Details, lock: Arc<File>) -> Result<Part, Trouble> {
        self.progress.state(TransferState::Checking);
        let path = self.records.part(&self.id);
        let (stop, _guard) = stopping();
        let (open, progress, total) = (path.clone(), self.progress.clone(), details.bytes);
        let part = blocking(move || {
            Part::open(open, total, lock, &stop, |done| progress.clone().bytes(done, total))
        })
        .await;
        Ok(part.map_err(ModelsError::disk(&path))?)
    }

    /// Takes in what comes, until it is all there or the line is no good.
    async fn receive(&mut self, mut body: Body, details: &Details, mut skip: u64) -> Result<(), Trouble> {
        let timeouts = self.means.timeouts;
        let mut waiting: Vec<u8> = Vec::new();
        let (mut until, mut came) = (Instant::now() + timeouts.stall, 0_u64);
        let ended = loop {
            let here = self.part.as_ref().map_or(0, Part::length) + waiting.len() as u64;
            self.progress.bytes(here, details.bytes);
            match timeout_at(until, body.next()).await {
                Ok(Some(Ok(bytes))) => {
                    came += bytes.len() as u64;
                    let passed = usize::try_from(skip).unwrap_or(usize::MAX).min(bytes.len());
                    skip -= passed as u64;
                    // What is more than there should be belongs to nothing.
                    let room = usize::try_from(details.bytes - here).unwrap_or(usize::MAX);
                    let fitting = &bytes[passed..];
                    waiting.extend_from_slice(&fitting[..fitting.len().min(room)]);
                }
                Ok(Some(Err(failure))) => break Err(failure.into()),
                Ok(None) => break Ok(()),
                Err(_) if came < timeouts.least => {
                    break Err(Trouble::Again { error: ModelsError::Stalled, after: None });
                }
                Err(_) => (until, came) = (Instant::now() + timeouts.stall, 0),
            }
            if self.part.as_ref().map_or(0, Part::length) + waiting.len() as u64 == details.bytes {
                // The connection's own end, for the journal; more than there should be is not read.
                let _ = tokio::time::timeout(FAREWELL, body.next()).await;
                break Ok(());
            }
            if waiting.len() >= timeouts.piece {
                self.write(std::mem::take(&mut waiting), details).await?;
            }
        };
        // Whatever cut it off, what came before is worth keeping.
        if !waiting.is_empty() {
            self.write(waiting, details).await?;
        }
        ended?;
        match self.part.as_ref().map_or(0, Part::length) {
            here if here == details.bytes => Ok(()),
            _ => Err(Trouble::Again { error: ModelsError::KeepsBreaking, after: None }),
        }
    }

    async fn write(&mut self, bytes: Vec<u8>, details: &Details) -> Result<(), Trouble> {
        let Some(mut part) = self.part.take() else { return Ok(()) };
        let before = part.length();
        let (part, written) = blocking(move || {
            let written = part.write(&bytes);
            (part, written)
        })
        .await;
        let here = part.length();
        self.part = Some(part);
        if let Err(error) = written {
            let full = error.kind() == std::io::ErrorKind::StorageFull;
            let free = || (self.means.free)(&self.means.folder).unwrap_or(0);
            return Err(Trouble::Final(if full {
                ModelsError::DiskFull { needed: details.bytes - here, free: free() }
            } else {
                ModelsError::disk(&self.records.part(&self.id))(error)
            }));
        }
        if self.records.find(&self.id).is_none() {
            return Err(ModelsError::Stopped.into());
        }
        if before / LOOK_AT_DISK != here / LOOK_AT_DISK {
            self.look_at_disk(details.bytes - here)?;
        }
        let shows = BEGINNING.min(details.bytes);
        if before < shows && here >= shows {
            self.look_at_beginning()?;
        }
        Ok(())
    }

    /// A page to sign in on, or a model of another kind, need not come whole to be known.
    fn look_at_beginning(&self) -> Result<(), Trouble> {
        let Some(part) = &self.part else { return Ok(()) };
        let beginning = part.beginning(BEGINNING).map_err(ModelsError::disk(&self.means.folder))?;
        match sotto_gguf::is_of_no_use(&beginning) {
            Some(why) => Err(Trouble::FromTheStart(ModelsError::from(why.of(self.record.file.as_ref())))),
            None => Ok(()),
        }
    }

    fn look_at_disk(&self, needed: u64) -> Result<(), ModelsError> {
        let free = (self.means.free)(&self.means.folder).map_err(ModelsError::disk(&self.means.folder))?;
        if needed.saturating_add(SPARE) > free {
            return Err(ModelsError::DiskFull { needed, free });
        }
        Ok(())
    }

    /// All is here: is it the right thing?
    async fn finish(&mut self, details: &Details) -> Result<(), Trouble> {
        let Some(part) = self.part.take() else { return Ok(()) };
        if part.digest() != details.digest {
            self.part = Some(part);
            return Err(Trouble::FromTheStart(ModelsError::WrongBytes));
        }
        let (path, at, name) = (self.records.part(&self.id), self.place(), self.record.file.clone());
        let placed = blocking(move || {
            if let Err(refused) = sotto_gguf::check_file(&path) {
                // The right bytes of something that is no use: they need not be kept.
                let _ = part.remove();
                return Err(ModelsError::from(Refused { name, ..refused }));
            }
            part.place(&at).map_err(ModelsError::disk(&at))?;
            crate::files::sync_folder_of(&at);
            Ok(())
        });
        placed.await?;
        self.arrived(details)?;
        Ok(())
    }

    /// It is at its place. The record goes last: if anything ends before, the next start finds
    /// the file there.
    fn arrived(&self, details: &Details) -> Result<(), ModelsError> {
        let library = Library::new(self.means.folder.clone(), self.means.catalog.clone());
        library.arrived(&self.place(), details.digest, (self.means.clock)())?;
        self.records.done(&self.id).map_err(ModelsError::disk(&self.means.folder))
    }

    /// Throws away what is here. A file that the catalogue does not pin may have changed on
    /// the hub: it is asked again.
    async fn begin_anew(&mut self) -> Result<(), ModelsError> {
        if let Some(mut part) = self.part.take() {
            let path = self.records.part(&self.id);
            let (part, cleared) = blocking(move || {
                let cleared = part.clear();
                (part, cleared)
            })
            .await;
            cleared.map_err(ModelsError::disk(&path))?;
            self.part = Some(part);
        }
        self.record.details = None;
        self.note()
    }

    fn place(&self) -> PathBuf {
        self.means.folder.join(&self.record.family).join(&self.record.file)
    }
}

/// Holds an answer against what was asked. Gives how many bytes to pass over. Nothing of this is
/// proof that what is here is wrong, nor that what comes is right: the hash will tell.
fn agree(response: &Response, details: &Details, here: u64) -> Result<u64, Trouble> {
    let odd = |what: &str| Trouble::Odd(ModelsError::Nonsense { what: what.into() });
    let is_page =
        response.header("content-type").is_some_and(|kind| kind.trim_start().starts_with("text/html"));
    if is_page {
        return Err(odd("a page instead of the file; this network may want you to sign in first"));
    }
    let length = response.header("content-length").and_then(|text| text.trim().parse::<u64>().ok());
    let (from, whole) = match response.status().as_u16() {
        206 => match response.header("content-range").and_then(content_range) {
            Some((from, whole)) => (from, whole),
            // Nobody says which part it is: all of it, by its length, or else what was asked for.
            None if length == Some(details.bytes) => (0, None),
            None => (here, None),
        },
        // It knows nothing of ranges: all of it comes, and what is here is passed over.
        200 => (0, length),
        _ => return Err(odd("it has less than it says")),
    };
    if whole.is_some_and(|whole| whole != details.bytes) {
        return Err(Trouble::Odd(ModelsError::NotTheSame));
    }
    here.checked_sub(from).ok_or_else(|| odd("another part than was asked for"))
}

/// Does what blocks where it may.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match spawn_blocking(work).await {
        Ok(done) => done,
        // Only a panic ends it; ours to pass on.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// A token for reading that takes long; it is cancelled when the guard is dropped.
fn stopping() -> (CancellationToken, DropGuard) {
    let stop = CancellationToken::new();
    (stop.clone(), stop.drop_guard())
}

/// Reads `bytes 5-9/10`: where it begins, and how long the whole is unless that is a star.
fn content_range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, whole) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (from, _) = range.split_once('-')?;
    let whole = match whole {
        "*" => None,
        whole => Some(whole.parse().ok()?),
    };
    Some((from.parse().ok()?, whole))
}

#[cfg(test)]
mod tests {
    use super::content_range;

    #[test]
    fn a_parts_place_is_read_or_refused() {
        assert_eq!(content_range("bytes 5-9/10"), Some((5, Some(10))));
        assert_eq!(content_range("bytes 0-9/*"), Some((0, None)));
        for text in ["", "bytes */10", "5-9/10", "bytes -9/10", "bytes 5-9", "bytes 5-9/x", "bytes 9"] {
            assert_eq!(content_range(text), None, "{text}");
        }
    }
}
