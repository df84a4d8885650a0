//! One window for each home. The first holds a lock of the system's, which ends with its process
//! however that ends. Whoever starts later lays a note with its arguments beside the lock, and
//! ends when the first has taken it: no socket is opened for that.

use std::{
    collections::{BTreeSet, hash_map::RandomState},
    ffi::OsString,
    fs::{self, File, TryLockError},
    hash::BuildHasher,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
    time::Duration,
};

use serde::{Deserialize, Serialize};

/// The file that the first has locked, and the folder for the notes of the others.
const LOCK: &str = "window.lock";
const NOTES: &str = "window.notes";

/// A note is written under the first of these endings, is there under the second, and was taken
/// under the third.
const NEW: &str = "new";
const LAID: &str = "laid";
const TAKEN: &str = "taken";

/// What a note may be long.
const LONGEST: u64 = 64 * 1024;

/// How often both sides look.
const EVERY: Duration = Duration::from_millis(200);

/// How often a start looks for its answer: for about six seconds, longer on a machine that is busy.
const LOOKS: u32 = 30;

/// What a start asks of the window.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Use this model: the whole path.
    #[serde(default)]
    pub model: Option<OsString>,
    /// By what the desktop lets this start put a window in front.
    #[serde(default)]
    pub activation: Option<String>,
}

/// What a start came to.
#[derive(Debug)]
pub enum Start {
    /// This is the one window of its home.
    First(First),
    /// Another has it, and has taken the wish.
    HandedOver,
}

/// Why the window of this home could not be told.
#[derive(Debug, thiserror::Error)]
pub enum NotTold {
    #[error(
        "Sotto is open already, but does not answer. Nothing was changed. Wait a little and try again, \
         or end it and start it anew."
    )]
    NoAnswer,
    #[error("Sotto is open already, but could not be told to come to the front: {0}. Nothing was changed.")]
    NoNote(io::Error),
    #[error(transparent)]
    Folder(io::Error),
}

impl Wish {
    /// What this start asks, with what the desktop gave it along.
    pub fn of_this_start(model: Option<PathBuf>) -> Self {
        let activation = ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"].map(std::env::var);
        let activation = activation.into_iter().flatten().find(|token| !token.is_empty());
        Self { model: model.map(Into::into), activation }
    }

    /// Whether nobody reads what is written to a terminal, as far as can be told.
    pub fn is_the_desktops(&self) -> bool {
        self.activation.is_some() || cfg!(windows)
    }
}

/// Holds the home's window for as long as it lives.
#[derive(Debug)]
pub struct First {
    lock: File,
    notes: PathBuf,
}

/// Becomes the first at `home`, or hands `wish` to whoever is.
pub fn start(home: &Path, wish: &Wish) -> Result<Start, NotTold> {
    fs::create_dir_all(home).map_err(NotTold::Folder)?;
    let lock = File::options().create(true).truncate(false).write(true).open(home.join(LOCK));
    let lock = lock.map_err(NotTold::Folder)?;
    let note = Note::named_anew(&home.join(NOTES));
    let mut looks = 0;
    loop {
        match lock.try_lock() {
            Ok(()) => return First::new(lock, home.join(NOTES)).map(Start::First).map_err(NotTold::Folder),
            Err(TryLockError::Error(error)) => return Err(NotTold::Folder(error)),
            Err(TryLockError::WouldBlock) => {}
        }
        // The first clears the folder when it begins: what it did not take is laid again.
        if !note.is_laid() && !note.was_taken() {
            note.lay(wish).map_err(NotTold::NoNote)?;
        }
        if note.was_taken() {
            note.put_away(TAKEN);
            return Ok(Start::HandedOver);
        }
        // Either the note is taken back, or it was taken just now.
        if looks >= LOOKS && note.put_away(LAID) {
            return Err(NotTold::NoAnswer);
        }
        looks += 1;
        thread::sleep(EVERY);
    }
}

impl First {
    fn new(lock: File, notes: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&notes)?;
        // They were for another, which ended; whoever still waits lays theirs again.
        for entry in fs::read_dir(&notes)?.flatten() {
            drop(fs::remove_file(entry.path()));
        }
        Ok(Self { lock, notes })
    }

    /// Calls `visit` with each note as it is laid, on a thread of its own, until the outcome is
    /// dropped.
    pub fn listen(self, visit: impl Fn(Note) + Send + 'static) -> io::Result<Listening> {
        let (stop, stopped) = mpsc::channel::<()>();
        let work = move || {
            let held = self;
            let mut seen = BTreeSet::new();
            while stopped.recv_timeout(EVERY) == Err(mpsc::RecvTimeoutError::Timeout) {
                let laid = held.laid();
                for note in laid.difference(&seen) {
                    visit(Note(note.clone()));
                }
                seen = laid;
            }
            drop(held.lock);
        };
        let thread = thread::Builder::new().name("starts".into()).spawn(work)?;
        Ok(Listening { stop: Some(stop), thread: Some(thread) })
    }

    fn laid(&self) -> BTreeSet<PathBuf> {
        let entries = fs::read_dir(&self.notes).into_iter().flatten().flatten();
        let laid =
            entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|is| is == LAID));
        laid.map(|path| path.with_extension("")).collect()
    }
}

/// The first, while it hears of other starts. Dropped, it is the first no more.
#[derive(Debug)]
pub struct Listening {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // A panic of its own was said when it happened.
            drop(thread.join());
        }
    }
}

/// What another start left for the first, by its path without an ending.
#[derive(Debug, Clone)]
pub struct Note(PathBuf);

impl Note {
    /// A name that nobody else has, in whichever container they run.
    fn named_anew(notes: &Path) -> Self {
        let chance = RandomState::new().hash_one(std::process::id());
        Self(notes.join(format!("{}-{chance:016x}", std::process::id())))
    }

    /// Takes the note: its wish is to be met then. `None` where whoever laid it has taken it back,
    /// or wrote what nobody can read.
    pub fn take(&self) -> Option<Wish> {
        let wish = read(&self.at(LAID));
        fs::rename(self.at(LAID), self.at(TAKEN)).ok()?;
        wish.inspect_err(|error| tracing::warn!(%error, "what another start wanted could not be read")).ok()
    }

    fn lay(&self, wish: &Wish) -> io::Result<()> {
        if let Some(notes) = self.0.parent() {
            fs::create_dir_all(notes)?;
        }
        fs::write(self.at(NEW), serde_json::to_string(wish)?)?;
        match fs::rename(self.at(NEW), self.at(LAID)) {
            // Whoever became the first meanwhile cleared the folder; the next round lays it again.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            laid => laid,
        }
    }

    fn is_laid(&self) -> bool {
        self.at(LAID).exists()
    }

    fn was_taken(&self) -> bool {
        self.at(TAKEN).exists()
    }

    fn put_away(&self, ending: &str) -> bool {
        fs::remove_file(self.at(ending)).is_ok()
    }

    fn at(&self, ending: &str) -> PathBuf {
        self.0.with_extension(ending)
    }
}

/// A note is a small file; whatever else lies under its name is nobody's.
fn read(path: &Path) -> io::Result<Wish> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut text = String::new();
    File::open(path)?.take(LONGEST).read_to_string(&mut text)?;
    Ok(serde_json::from_str(&text)?)
}

#[cfg(test)]
mod tests;
