//! What is for the user's eyes alone, where the system knows such a thing.

use std::io;
use std::path::Path;

/// Takes from everybody but its owner what they may do with a file or a folder. A link stays as
/// it is, and so does what it leads to.
///
/// # Errors
/// What the system says, on a disk that knows no rights too.
pub fn narrow(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let there = std::fs::symlink_metadata(path)?;
        let mode = there.permissions().mode();
        if !there.is_symlink() && mode & 0o077 != 0 {
            std::fs::set_permissions(path, PermissionsExt::from_mode(mode & 0o700))?;
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
