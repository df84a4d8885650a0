//! Every program that our sources start stands in xtask's list, with the package that brings
//! it: what a test starts and nobody installs fails on the first machine that is not ours.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[allow(dead_code)] // the list is xtask's; only its names matter here
#[path = "../xtask/src/programs.rs"]
mod programs;

/// How a program is named where it is started: `Command::new("ip")`, the driver's
/// `desk.program("gnome-keyring-daemon")`, and `exists("sudo")` where one is only looked for.
const CALLS: &[&str] = &["Command::new(\"", ".program(\"", "exists(\""];

#[test]
fn every_program_that_is_started_stands_in_the_list() {
    let listed: BTreeSet<&str> = programs::PROGRAMS.iter().map(|(name, ..)| *name).collect();
    let mut started = BTreeSet::new();
    for (path, text) in sources() {
        for call in CALLS {
            for (at, _) in text.match_indices(call) {
                if text[..at].ends_with("clap::") {
                    continue; // a command of ours, not a program
                }
                let name = text[at + call.len()..].split('"').next().unwrap();
                // Debian's own folders are on every PATH.
                let name = name.strip_prefix("/bin/").unwrap_or(name);
                started.insert((name.to_string(), path.clone()));
            }
        }
    }
    assert!(started.len() > 20, "the rule sees what is started: {started:?}");
    let strangers: Vec<_> = started.iter().filter(|(name, _)| !listed.contains(name.as_str())).collect();
    assert!(strangers.is_empty(), "add to xtask/src/programs.rs, with their packages: {strangers:?}");
}

#[test]
fn every_program_in_the_list_is_started_by_somebody() {
    let all: String = sources().into_iter().map(|(_, text)| text).collect();
    // Compilers are started by cargo and by build scripts, which are not ours to read.
    let by_others = ["cc", "c++", "cmake", "pkg-config", "clang", "cargo"];
    let idle: Vec<_> = programs::PROGRAMS
        .iter()
        .map(|(name, ..)| *name)
        .filter(|name| !by_others.contains(name) && !mentions(&all, name))
        .collect();
    assert!(idle.is_empty(), "nobody starts these any more: {idle:?}");
}

/// Named where it is started, in an argument (`unshare … bash`), or in a shell script.
fn mentions(all: &str, name: &str) -> bool {
    let part_of_a_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    all.match_indices(name).any(|(at, _)| {
        !all[..at].ends_with(part_of_a_word) && !all[at + name.len()..].starts_with(part_of_a_word)
    })
}

/// Every Rust file of ours but the list itself: path from the checkout's root, and text.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    let mut folders: Vec<_> =
        ["src-tauri", "models", "tests", "xtask"].iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path.file_name().is_none_or(|name| name != "target") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|ending| ending == "rs")
                && !path.ends_with("xtask/src/programs.rs")
            {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root).unwrap().to_path_buf(), text));
            }
        }
    }
    found
}
