//! Small things done to files with care: what is written is whole or not there.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use serde::{Serialize, de::DeserializeOwned};
use sotto_domain::Timestamp;
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

use crate::{Digest, digest::Digesting};

/// Writes a small file so that a crash leaves the old one or the new one, never half of one.
pub(crate) fn write_json(path: &Path, what: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_vec_pretty(what).map_err(io::Error::other)?;
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    // A name of its own: two may write at once, and one of them wins whole.
    let mut aside = NamedTempFile::new_in(folder)?;
    aside.write_all(&text)?;
    aside.as_file().sync_all()?;
    aside.persist(path)?;
    sync_folder_of(path);
    Ok(())
}

/// Reads a small file, whoever made it; `None` where it is not there, makes no sense, has no end, or
/// is no regular file: a pipe would be waited for, and a device has no end.
pub(crate) fn read_small<T: DeserializeOwned>(path: &Path) -> Option<T> {
    if !path.exists() {
        return None;
    }
    let read = small(path).and_then(|text| {
        // Some editors put a mark before the text.
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
        serde_json::from_slice(text).map_err(io::Error::other)
    });
    read.inspect_err(|error| tracing::warn!(?path, %error, "a small file makes no sense")).ok()
}

/// The first line of a small file of text; `None` where there is none.
pub(crate) fn read_line(path: &Path) -> Option<String> {
    let text = String::from_utf8(small(path).ok()?).ok()?;
    text.lines().next().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned)
}

/// The bytes of a small file. The longest are indexes of weights: some megabytes.
fn small(path: &Path) -> io::Result<Vec<u8>> {
    const LONGEST: u64 = 32 << 20;
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut text = Vec::new();
    File::open(path)?.take(LONGEST + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LONGEST { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(text) }
}

/// Copies the bytes of a file and keeps its time; the digest is of what was read.
pub(crate) fn copy_bytes(
    from: &Path,
    to: &Path,
    stop: &CancellationToken,
    done: &mut dyn FnMut(u64),
) -> io::Result<Digest> {
    let (mut source, mut target) = (File::open(from)?, File::create(to)?);
    let (mut digesting, mut total) = (Digesting::default(), 0);
    let mut piece = vec![0; 1 << 20];
    loop {
        if stop.is_cancelled() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let count = source.read(&mut piece)?;
        if count == 0 {
            break;
        }
        target.write_all(&piece[..count])?;
        digesting.feed(&piece[..count]);
        total += count as u64;
        done(total);
    }
    target.set_modified(source.metadata()?.modified()?)?;
    target.sync_all()?;
    Ok(digesting.finish())
}

/// Makes a rename last through a power cut, where the system has a way to.
pub(crate) fn sync_folder_of(path: &Path) {
    if cfg!(unix)
        && let Some(folder) = path.parent()
        && let Ok(folder) = File::open(folder)
    {
        // The name may be lost; the bytes are not.
        let _ = folder.sync_all();
    }
}

/// What lies in a folder, in order of name, without what begins with a dot.
pub(crate) fn visible(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<_> = entries.filter(|path| !file_name(path).starts_with('.')).collect();
    paths.sort();
    paths
}

/// The name of a file or folder as text.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether a file's name ends as those of models do.
pub(crate) fn is_gguf(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gguf"))
}

/// How long a file is and when it was last changed, in milliseconds since the epoch.
pub(crate) fn stamp(path: &Path) -> Option<(u64, Timestamp)> {
    let about = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let changed = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some((about.len(), i64::try_from(changed.as_millis()).ok()?))
}

/// The same of all files of a model together: their length, and the last change; `None` where one
/// of them is missing.
pub(crate) fn stamp_all(files: &[PathBuf]) -> Option<(u64, Timestamp)> {
    files.iter().try_fold((0_u64, 0), |(bytes, changed), file| {
        let (more, later) = stamp(file)?;
        Some((bytes.saturating_add(more), changed.max(later)))
    })
}

/// Removes a file; that it is not there is as good.
pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
