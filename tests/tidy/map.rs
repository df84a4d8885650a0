//! "To change X, open Y" is complete only while every Y is there.

use std::{fs, path::Path};

use super::{read, root};

#[test]
fn whatever_the_map_names_is_there() {
    let mut all = Vec::new();
    names(&root(), "", &mut all);
    let document = read("ARCHITECTURE.md");
    let (_, table) = document.split_once("## To change X, open Y").unwrap();
    let (table, _) = table.split_once("\n## ").unwrap();
    let mut named = 0;
    let mut lost = Vec::new();
    for row in table.lines().filter(|line| line.starts_with("| ")) {
        let (_, to_open) = row.trim_end_matches('|').rsplit_once(" | ").unwrap();
        for name in to_open.split('`').skip(1).step_by(2) {
            let path = name.trim_end_matches('…');
            let is_file = path.rsplit_once('.').is_some_and(|(_, ending)| ending.len() <= 5);
            if !is_file && !path.ends_with('/') {
                continue; // something within a file
            }
            named += 1;
            let wanted = format!("/{path}");
            let found =
                all.iter().any(|file| if is_file { file.ends_with(&wanted) } else { file.contains(&wanted) });
            if !found && path != "window.json" {
                lost.push(format!("{path}: {row}"));
            }
        }
    }
    assert!(named > 50, "the table was not read");
    assert!(lost.is_empty(), "the map names what is not there:\n{}", lost.join("\n"));
}

/// Every file that is ours, from the checkout's root.
fn names(folder: &Path, so_far: &str, all: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{so_far}/{name}");
        if !entry.file_type().unwrap().is_dir() {
            all.push(path);
        } else if !name.starts_with('.') && !["node_modules", "target", "dist"].contains(&name.as_str()) {
            names(&entry.path(), &path, all);
        }
    }
}
