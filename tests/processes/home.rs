//! Where it lies, and who may look.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::{Path, PathBuf},
};

use journeys::tiny_model;
use tempfile::TempDir;

use super::{ok, run, sotto, text};

/// Everything at home, with the rights that others than the user have to it.
fn open_to_others(home: &Path) -> Vec<(PathBuf, u32)> {
    let mut found = Vec::new();
    let mut left = vec![home.to_owned()];
    while let Some(path) = left.pop() {
        let there = fs::symlink_metadata(&path).unwrap();
        if there.is_dir() {
            left.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        let mode = there.permissions().mode() & 0o777;
        if !there.is_symlink() && mode & 0o077 != 0 {
            found.push((path, mode));
        }
    }
    found
}

#[test]
fn whatever_is_written_at_home_is_for_the_users_eyes_alone() {
    let folder = TempDir::new().unwrap();
    let home = folder.path().join("home");
    fs::create_dir(&home).unwrap();
    fs::set_permissions(&home, PermissionsExt::from_mode(0o755)).unwrap();
    let model = tiny_model().join("tiny-f16.gguf");
    let model = model.to_str().unwrap();
    ok(&home, &["lock", "on"]);
    ok(&home, &["models", "import", "--copy", model]);
    ok(&home, &["ask", "Hello", "--model", model]);
    assert_eq!(open_to_others(&home), []);

    // As a careless copy, or an earlier version, leaves it.
    for entry in ["library.db", "lock", "models", "engine", ""] {
        fs::set_permissions(home.join(entry), PermissionsExt::from_mode(0o755)).unwrap();
    }
    ok(&home, &["lock"]);
    assert_eq!(open_to_others(&home), []);
}

#[test]
fn an_empty_name_for_the_home_is_none() {
    let (here, data) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let output = sotto("", &["lock", "on"])
        .env("XDG_DATA_HOME", data.path())
        .env("HOME", data.path())
        .current_dir(here.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(fs::read_dir(here.path()).unwrap().count(), 0, "nothing is written where it was started");
    assert!(data.path().join("sotto/library.db").is_file());
}

#[test]
fn a_home_whose_name_is_no_text_is_used_or_named() {
    let folder = TempDir::new().unwrap();
    for name in [&b"na\xefve"[..], b"\xff\xfe", b"a b\n\xc3"] {
        let home = folder.path().join(OsStr::from_bytes(name));
        let model = tiny_model().join("tiny-f16.gguf");
        ok(&home, &["lock", "on"]);
        ok(&home, &["models", "import", "--copy", model.to_str().unwrap()]);
        assert!(ok(&home, &["models", "list"]).contains("tiny-f16"));
        // The engine is told of its folder in a line of text: where that cannot be, it is said.
        let asked = run(&home, &["ask", "Hello", "--model", model.to_str().unwrap()]);
        assert!(!asked.status.success());
        assert!(
            text(&asked.stderr).contains("letters in its name that cannot be read"),
            "{}",
            text(&asked.stderr)
        );
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "each by its own name");
}
