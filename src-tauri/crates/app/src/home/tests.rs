#![cfg(unix)]
use std::os::unix::fs::{PermissionsExt, symlink};

use tempfile::TempDir;

use super::*;

fn wide(path: &Path, mode: u32) {
    fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// A home as a careless copy leaves it: open to everybody.
fn open_home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    for folder in ["pictures", "models/hub", "engine"] {
        fs::create_dir_all(home.path().join(folder)).unwrap();
    }
    for file in ["library.db", "library.db.version-1.backup", "lock", "pictures/a.png", "models/hub/m.gguf"] {
        fs::write(home.path().join(file), file).unwrap();
    }
    for entry in ["pictures", "models", "models/hub", "engine", ""] {
        wide(&home.path().join(entry), 0o755);
    }
    home
}

#[test]
fn a_home_that_was_open_to_others_is_closed_with_all_that_is_in_it() {
    let home = open_home();
    make(home.path()).unwrap();
    for folder in ["", "pictures", "models", "models/hub", "engine"] {
        assert_eq!(mode(&home.path().join(folder)), 0o700, "{folder}");
    }
    for file in ["library.db", "library.db.version-1.backup", "lock", "pictures/a.png", "models/hub/m.gguf"] {
        assert_eq!(mode(&home.path().join(file)), 0o600, "{file}");
    }
}

#[test]
fn what_is_not_sottos_stays_as_it_is() {
    let (home, outside) = (open_home(), tempfile::tempdir().unwrap());
    let (theirs, linked, shared) =
        (home.path().join("notes.txt"), outside.path().join("linked"), outside.path().join("shared"));
    for file in [&theirs, &linked, &shared] {
        fs::write(file, "").unwrap();
        wide(file, 0o644);
    }
    symlink(&linked, home.path().join("models/linked.gguf")).unwrap();
    fs::hard_link(&shared, home.path().join("models/shared.gguf")).unwrap();
    make(home.path()).unwrap();
    for file in [&theirs, &linked, &shared] {
        assert_eq!(mode(file), 0o644, "{}", file.display());
    }
    // A folder for everybody is not closed to them.
    wide(outside.path(), 0o1777);
    make(outside.path()).unwrap();
    assert_eq!(mode(outside.path()), 0o1777);
}

#[test]
fn a_home_that_is_made_is_closed_from_the_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let home = make(&folder.path().join("a/b")).unwrap();
    assert_eq!((mode(&home), mode(&folder.path().join("a"))), (0o700, 0o700));
}
