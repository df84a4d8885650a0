//! HEIC, the form of a phone's photographs. Its codec is under patents, so only a system
//! that comes with it can read it: macOS does, by the program `sips`.

use std::{fs, path::Path, process::Stdio};

use crate::{LONGEST_EDGE, PictureError, error::Refused, folder::ScratchFile};

/// The picture as JPEG, made by the system. `folder` is the app's own, for the moment.
pub fn to_jpeg(bytes: &[u8], folder: &Path) -> Result<Vec<u8>, PictureError> {
    if !cfg!(target_os = "macos") {
        return Err(Refused::Heic.into());
    }
    let source = ScratchFile::write(folder, bytes, "heic")?;
    let target = ScratchFile::write(folder, b"", "jpg")?;
    // No shell is between: the names are arguments, and of our own making.
    #[allow(clippy::disallowed_methods)] // the system's own reader, at its own place
    let converted = std::process::Command::new("/usr/bin/sips")
        .args(["-s", "format", "jpeg", "--resampleHeightWidthMax", &LONGEST_EDGE.to_string()])
        .arg(source.path())
        .arg("--out")
        .arg(target.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match converted {
        Ok(status) if status.success() => fs::read(target.path()).map_err(PictureError::Folder),
        other => {
            tracing::warn!(?other, "the system could not read a picture");
            Err(Refused::Damaged.into())
        }
    }
}
