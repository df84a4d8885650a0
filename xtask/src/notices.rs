//! The licences of what others made and Sotto ships: their names, their terms and the texts
//! that came with them, in one file that the app carries and About shows.
//!
//! It is made from what cargo and npm have fetched, and from nothing else, so that it says
//! what this very build holds.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tree::{self, Tree};
use crate::{engine, step};

/// Where the page finds it: Vite copies this folder into the app as it is.
const FILE: &str = "public/notices.txt";

/// One package of somebody else's.
struct Package {
    /// Name and version.
    name: String,
    /// An SPDX expression, as its manifest says it.
    terms: String,
    folder: PathBuf,
}

/// Writes the file where it is older than what the app is built from.
pub fn write(tree: &Tree) -> Result<(), String> {
    let ui = tree.ui();
    let file = ui.join(FILE);
    let locks =
        [tree.root.join("Cargo.lock"), tree.engine().join("Cargo.lock"), ui.join("package-lock.json")];
    let mut stamp = String::new();
    for lock in &locks {
        stamp += &fs::read_to_string(lock).map_err(|error| cannot("read", lock, &error))?;
    }
    // The stamp lies where npm's install throws it away with the packages it speaks of.
    let stamp_file = ui.join("node_modules/.sotto-notices");
    if file.is_file() && fs::read_to_string(&stamp_file).is_ok_and(|written| written == stamp) {
        return Ok(());
    }
    let mut app = step::cargo();
    let mut packages = crates(app.arg("tree").current_dir(&tree.root), "sotto", "normal")?;
    packages.extend(crates(&mut engine::cargo(tree, "tree")?, "sotto-engine", "normal")?);
    let mut built = step::cargo();
    packages.extend(built_in(&crates(built.arg("tree").current_dir(&tree.root), "sotto", "normal,build")?)?);
    packages.extend(modules(&ui)?);
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    packages.dedup_by(|a, b| a.name == b.name);
    let text = text(&packages)?;
    fs::create_dir_all(ui.join("public")).map_err(|error| cannot("make", &ui.join("public"), &error))?;
    fs::write(&file, text).map_err(|error| cannot("write", &file, &error))?;
    fs::write(&stamp_file, stamp).map_err(|error| cannot("write", &stamp_file, &error))
}

/// Crates that only carry what others wrote in C, which is compiled into the app: the folder of that
/// in theirs, and its terms.
const BUILT_IN: [(&str, &str, &str); 2] =
    [("openssl-src", "openssl", "Apache-2.0"), ("sqlcipher-src", "sqlcipher", "BSD-3-Clause")];

/// What is in those of them that are among `all`.
fn built_in(all: &[Package]) -> Result<Vec<Package>, String> {
    BUILT_IN
        .iter()
        .map(|(name, inside, terms)| {
            let mut all = all.iter();
            let carrier = all.find(|package| package.name.split(' ').next() == Some(name));
            let carrier = carrier.ok_or_else(|| format!("{name} is no longer among what is built in."))?;
            let folder = carrier.folder.join(inside);
            Ok(Package { name: carrier.name.clone(), terms: (*terms).into(), folder })
        })
        .collect()
}

/// The crates that end up in `package`, on any system, by these edges. `tree` is cargo's own command.
fn crates(tree: &mut Command, package: &str, edges: &str) -> Result<Vec<Package>, String> {
    tree.args(["--package", package, "--edges", edges, "--target", "all"]);
    tree.args(["--prefix", "none", "--format", "{p}\t{l}"]);
    let listed = step::output(tree).ok_or_else(|| format!("This did not succeed: {}", step::line(tree)))?;
    let registry = sources_of_crates()?;
    let mut found = Vec::new();
    for line in listed.lines() {
        let (package, terms) = line.split_once('\t').unwrap_or((line, ""));
        // `name v1.2.3`, then in brackets a path, or `proc-macro`, or that it was shown above.
        let mut words = package.split(' ');
        let (Some(name), Some(version)) = (words.next(), words.next()) else { continue };
        if name.starts_with("sotto") {
            continue;
        }
        let version = version.trim_start_matches('v');
        let folder = format!("{name}-{version}");
        let path = package.split('(').map(|part| part.trim().trim_end_matches(')'));
        let folder = path
            .map(Path::new)
            .find(|path| path.is_absolute())
            .map(Path::to_path_buf)
            .or_else(|| registry.iter().map(|source| source.join(&folder)).find(|folder| folder.is_dir()))
            .ok_or_else(|| format!("cargo did not fetch the sources of {name} {version}."))?;
        // The same crate again is marked, and so the marks go.
        let terms = terms.trim_end_matches("(*)").trim().replace('/', " OR ");
        found.push(Package { name: format!("{name} {version}"), terms, folder });
    }
    Ok(found)
}

/// Where cargo unpacks what it fetches: one folder a registry.
fn sources_of_crates() -> Result<Vec<PathBuf>, String> {
    let home = tree::folder_named("CARGO_HOME").or_else(|| Some(env::home_dir()?.join(".cargo")));
    let sources = home.ok_or("There is no home folder.")?.join("registry/src");
    let entries = fs::read_dir(&sources).map_err(|error| cannot("read", &sources, &error))?;
    Ok(entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
}

/// The npm packages that end up in the window.
fn modules(ui: &Path) -> Result<Vec<Package>, String> {
    let mut npm = step::npm(ui);
    npm.args(["ls", "--omit=dev", "--all", "--parseable"]);
    let listed = step::output(&mut npm).ok_or("npm does not list its packages (npm ls --omit=dev).")?;
    let mut found = Vec::new();
    for folder in listed.lines().map(PathBuf::from).filter(|folder| folder != ui) {
        let manifest = folder.join("package.json");
        let text = fs::read_to_string(&manifest).map_err(|error| cannot("read", &manifest, &error))?;
        let (Some(name), Some(version)) = (field(&text, "name"), field(&text, "version")) else { continue };
        let terms = field(&text, "license").unwrap_or_default();
        found.push(Package { name: format!("{name} {version}"), terms, folder });
    }
    Ok(found)
}

/// A string field at the top of a package.json. npm writes these on lines of their own.
fn field(manifest: &str, name: &str) -> Option<String> {
    let key = format!("\"{name}\":");
    let line = manifest.lines().map(str::trim).find(|line| line.starts_with(&key))?;
    line[key.len()..].split('"').nth(1).map(String::from)
}

/// All of them as text: a list of names and terms, then every text once, below the names of
/// those who came with it.
fn text(packages: &[Package]) -> Result<String, String> {
    let mut texts: BTreeMap<String, (String, Vec<&str>)> = BTreeMap::new();
    let mut out = String::from(
        "Sotto holds work of many others. Here is all of it, with the terms under which it came.\n\n",
    );
    for package in packages {
        let terms = if package.terms.is_empty() { "see its text below" } else { &package.terms };
        let _ = writeln!(out, "{}: {terms}", package.name);
        for text in licences(package)? {
            // Lines are wrapped here and there: the words make the text.
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            texts.entry(words).or_insert_with(|| (text, Vec::new())).1.push(&package.name);
        }
    }
    for (text, names) in texts.values() {
        let _ = write!(out, "\n{}\n{}\n\n{}\n", "―".repeat(20), names.join(", "), text.trim());
    }
    Ok(out)
}

/// The texts in a package's folder. Of a choice of terms that has Apache-2.0 in it, that one
/// is chosen: it is the same text for all, and Sotto's own.
fn licences(package: &Package) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(&package.folder).map_err(|error| cannot("read", &package.folder, &error))?;
    let mut files: Vec<(String, PathBuf)> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let name = path.file_name()?.to_str()?.to_ascii_uppercase();
            let ours = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT"]
                .iter()
                .any(|start| name.starts_with(start));
            (ours && path.is_file()).then_some((name, path))
        })
        .collect();
    files.sort();
    let choice = package.terms.contains(" OR ") && package.terms.contains("Apache-2.0");
    if choice && files.iter().any(|(name, _)| name.contains("APACHE")) {
        files.retain(|(name, _)| name.contains("APACHE") || name.starts_with("NOTICE"));
    }
    files
        .into_iter()
        .map(|(_, path)| {
            let bytes = fs::read(&path).map_err(|error| cannot("read", &path, &error))?;
            Ok(String::from_utf8_lossy(&bytes).replace('\r', ""))
        })
        .collect()
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> String {
    format!("Cannot {what} {}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_from_the_top_of_a_manifest() {
        let manifest = "{\n  \"name\": \"quill\",\n  \"version\": \"1.2.3\",\n  \"license\": \"MIT\"\n}";
        assert_eq!(field(manifest, "name").as_deref(), Some("quill"));
        assert_eq!(field(manifest, "license").as_deref(), Some("MIT"));
        assert_eq!(field(manifest, "author"), None);
    }

    #[test]
    fn what_a_crate_builds_in_comes_with_the_texts_of_who_wrote_it() {
        let tree = Tree::here().unwrap();
        let mut cargo = step::cargo();
        let all = crates(cargo.args(["tree", "--offline"]).current_dir(&tree.root), "sotto", "normal,build");
        let text = text(&built_in(&all.unwrap()).unwrap()).unwrap();
        for words in ["ZETETIC LLC", "Apache License", "openssl-src ", "sqlcipher-src "] {
            assert!(text.contains(words), "{words}");
        }
    }

    #[test]
    fn one_text_stands_once_below_all_who_came_with_it() {
        let folder = std::env::temp_dir().join(format!("sotto-notices-{}", std::process::id()));
        let package = |name: &str, terms: &str, files: &[(&str, &str)]| {
            let place = folder.join(name);
            fs::create_dir_all(&place).unwrap();
            for (file, text) in files {
                fs::write(place.join(file), text).unwrap();
            }
            Package { name: name.into(), terms: terms.into(), folder: place }
        };
        let choice = [("LICENSE-APACHE", "the\nsame words"), ("LICENSE-MIT", "not chosen")];
        let packages = [
            package("ink 1.0.0", "MIT OR Apache-2.0", &choice),
            package("nib 2.0.0", "Apache-2.0", &[("LICENSE", "the same\nwords")]),
            package("pen 3.0.0", "OFL-1.1", &[("LICENSE.txt", "type is free")]),
        ];
        let text = text(&packages).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert!(text.contains("pen 3.0.0: OFL-1.1"));
        assert!(text.contains("ink 1.0.0, nib 2.0.0\n\nthe\nsame words"), "{text}");
        assert!(text.contains("type is free") && !text.contains("not chosen"));
    }
}
