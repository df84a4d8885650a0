//! How the window was left: how large, where, and what it says of itself. It is a convenience:
//! whatever cannot be read or kept is as it was made.

use std::{fs, io::Write, path::PathBuf, sync::Mutex};

use serde::{Deserialize, Serialize};
use tauri::{LogicalPosition, LogicalSize, Monitor, WebviewWindow};

const FILE: &str = "window.json";
/// What the page may say of itself.
const LONGEST: usize = 64 * 1024;

/// In the units in which windows are placed, whatever the screen's density.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    #[serde(default)]
    pub maximized: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    frame: Option<Frame>,
    page: String,
}

/// The file in the user's folder, and what is in it.
#[derive(Debug)]
pub struct Remembered {
    file: PathBuf,
    kept: Mutex<Kept>,
}

impl Remembered {
    pub fn open(home: &std::path::Path) -> Self {
        let file = home.join(FILE);
        let kept = fs::read_to_string(&file).ok().and_then(|text| serde_json::from_str(&text).ok());
        Self { file, kept: Mutex::new(kept.unwrap_or_default()) }
    }

    /// As the page last said; empty where it never did.
    pub fn page(&self) -> String {
        self.with(|kept| kept.page.clone())
    }

    pub fn frame(&self) -> Option<Frame> {
        self.with(|kept| kept.frame)
    }

    pub fn keep_page(&self, page: String) {
        if page.len() <= LONGEST {
            self.change(|kept| kept.page = page);
        }
    }

    /// Where the window is and how large, while it stands by itself: what fills the screen
    /// keeps the measures it had before.
    pub fn keep_frame_of(&self, window: &WebviewWindow) {
        let Ok(frame) = measure(window) else { return };
        let whole = window.is_fullscreen().unwrap_or(false) || window.is_minimized().unwrap_or(false);
        if whole {
            return;
        }
        self.change(|kept| match &mut kept.frame {
            Some(before) if frame.maximized => before.maximized = true,
            _ => kept.frame = Some(frame),
        });
    }

    fn with<T>(&self, look: impl FnOnce(&mut Kept) -> T) -> T {
        look(&mut self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    fn change(&self, change: impl FnOnce(&mut Kept)) {
        let fresh = self.with(|kept| {
            let before = kept.clone();
            change(kept);
            (*kept != before).then(|| kept.clone())
        });
        let written = fresh.map_or(Ok(()), |kept| self.write(&kept));
        if let Err(error) = written {
            tracing::debug!(%error, "how the window was left could not be kept");
        }
    }

    /// Beside it and then in its place: another window never reads half of it.
    fn write(&self, kept: &Kept) -> std::io::Result<()> {
        let folder = self.file.parent().ok_or(std::io::ErrorKind::InvalidInput)?;
        // Made for the user's eyes alone.
        let mut beside = tempfile::NamedTempFile::new_in(folder)?;
        beside.write_all(serde_json::to_string(kept)?.as_bytes())?;
        beside.persist(&self.file)?;
        Ok(())
    }
}

fn measure(window: &WebviewWindow) -> tauri::Result<Frame> {
    let scale = window.scale_factor()?;
    let LogicalPosition { x, y } = window.outer_position()?.to_logical(scale);
    let LogicalSize { width, height } = window.inner_size()?.to_logical(scale);
    Ok(Frame { x, y, width, height, maximized: window.is_maximized()? })
}

/// Whether enough of it is on one of these screens to be taken hold of: a screen may be gone.
pub fn is_in_reach(frame: &Frame, screens: &[Monitor]) -> bool {
    screens.iter().any(|screen| {
        let scale = screen.scale_factor();
        let LogicalPosition { x, y } = screen.position().to_logical::<f64>(scale);
        let LogicalSize { width, height } = screen.size().to_logical::<f64>(scale);
        frame.x + frame.width > x + 80.0
            && frame.x < x + width - 80.0
            && frame.y >= y - 8.0
            && frame.y < y + height - 40.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_said_is_there_again() {
        let home = tempfile::tempdir().unwrap();
        Remembered::open(home.path()).keep_page("{\"told\":true}".into());
        assert_eq!(Remembered::open(home.path()).page(), "{\"told\":true}");
    }

    #[test]
    fn what_is_damaged_or_too_long_is_as_it_was_made() {
        let home = tempfile::tempdir().unwrap();
        for damage in ["", "[]", "{\"page\":7}", "{\"page\":"] {
            fs::write(home.path().join(FILE), damage).unwrap();
            assert_eq!(Remembered::open(home.path()).page(), "", "{damage}");
        }
        let remembered = Remembered::open(home.path());
        remembered.keep_page("x".repeat(LONGEST + 1));
        assert_eq!(remembered.page(), "");
    }

    #[cfg(unix)]
    #[test]
    fn it_is_for_the_users_eyes_alone() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        Remembered::open(home.path()).keep_page("x".into());
        let mode = fs::metadata(home.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
