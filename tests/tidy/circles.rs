//! Within a crate no module leads back to itself. Held at every level: among the
//! modules that one file declares, each taken with all that stands below it, what one
//! names must not name it in turn. A module and those below it are one room, and may
//! know each other. Of the window's files Biome holds the same (`noImportCycles`).

use std::collections::{BTreeMap, BTreeSet};

use super::{MAY_USE, files};

/// From the crate's root: `["download", "part"]`; the root itself is empty.
type Module = Vec<String>;

#[test]
fn no_module_leads_back_to_itself() {
    let mut found = Vec::new();
    for (_, folder, _) in MAY_USE {
        let all = files(&[&format!("{folder}/src")], &["rs"]);
        for circle in Crate::read(folder, &all).circles() {
            found.push(format!("{folder}: {}", circle.modules.join(" ↔ ")));
            found.extend(circle.because.iter().map(|because| format!("  {because}")));
        }
    }
    assert!(found.is_empty(), "modules that lead back to themselves:\n{}", found.join("\n"));
}

#[test]
fn a_circle_is_found_through_what_a_parent_passes_on() {
    let all = |c: &str| {
        [
            ("x/src/lib.rs", "mod a; mod b; pub use b::{self, Word};"),
            ("x/src/a.rs", "use crate::Word; fn f() { super::c::go() }"),
            ("x/src/b.rs", "mod below; // crate::a is not named by a comment"),
            ("x/src/b/below.rs", "const NOTE: &str = \"crate::a\";"),
            ("x/src/c.rs", c),
        ]
        .map(|(path, text)| (path.to_string(), text.to_string()))
    };
    let circles = |c: &str| Crate::read("x", &all(c)).circles();
    assert!(circles("#[cfg(test)] mod tests { use crate::a; }").is_empty());
    let found = circles("use crate::{b::{below, Word}, a::f as g};");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].modules, ["a", "c"]);
}

struct Circle {
    modules: Vec<String>,
    /// Which file names what, one for each step.
    because: Vec<String>,
}

/// The modules of one crate, and the paths that each of them names.
struct Crate {
    modules: BTreeMap<Module, Source>,
}

#[derive(Default)]
struct Source {
    file: String,
    /// What it calls by one name of its own: from `use`, by that name.
    passed_on: BTreeMap<String, Vec<String>>,
    /// Every path that begins with `crate`, `super` or `self`.
    named: Vec<Vec<String>>,
}

impl Crate {
    fn read(folder: &str, all: &[(String, String)]) -> Self {
        let mut modules = BTreeMap::new();
        for (path, text) in all {
            let inside = path[folder.len() + "/src/".len()..].trim_end_matches(".rs");
            let mut module: Module = inside.split('/').map(str::to_string).collect();
            if module.len() == 1 && (module[0] == "lib" || module[0] == "main") {
                module.clear();
            }
            if module.last().is_some_and(|last| last == "mod") {
                module.pop();
            }
            // Tests may know everybody; a program of its own is no module.
            if module.iter().any(|part| part == "tests" || part == "testing" || part == "bin") {
                continue;
            }
            let tokens = tokens(text);
            let mut source = Source { file: path.clone(), ..Source::default() };
            for (at, token) in tokens.iter().enumerate() {
                let begins = matches!(token.as_str(), "crate" | "super" | "self")
                    && tokens.get(at + 1).is_some_and(|next| next == "::")
                    && (at == 0 || tokens[at - 1] != "::");
                if begins {
                    each_path(&tokens, at, &mut Vec::new(), &mut |path, _| source.named.push(path.to_vec()));
                }
                if token == "use" {
                    each_path(&tokens, at + 1, &mut Vec::new(), &mut |path, name| {
                        source.passed_on.insert(name.to_string(), path.to_vec());
                    });
                }
            }
            modules.insert(module, source);
        }
        Self { modules }
    }

    fn circles(&self) -> Vec<Circle> {
        // Parent, then from whom to whom, and who says so.
        let mut steps: BTreeMap<Module, BTreeMap<&str, BTreeMap<String, String>>> = BTreeMap::new();
        for (from, source) in &self.modules {
            for path in &source.named {
                let Some(to) = self.resolve(from, path, 0) else { continue };
                let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
                if let (Some(mine), Some(theirs)) = (from.get(shared), to.get(shared)) {
                    let says = format!("{} names {}", source.file, path.join("::"));
                    let level = steps.entry(from[..shared].to_vec()).or_default();
                    level.entry(mine.as_str()).or_default().entry(theirs.clone()).or_insert(says);
                }
            }
        }
        steps.values().flat_map(circles_of).collect()
    }

    /// The module that a path of `from`'s leads into; none where it leaves the crate.
    fn resolve(&self, from: &[String], path: &[String], depth: usize) -> Option<Module> {
        let mut module = from.to_vec();
        for (at, part) in path.iter().enumerate() {
            match part.as_str() {
                "crate" => module.clear(),
                "super" => _ = module.pop(),
                "self" => {}
                name => {
                    module.push(name.to_string());
                    if self.modules.contains_key(&module) {
                        continue;
                    }
                    module.pop();
                    let passed = self.modules.get(&module).and_then(|source| source.passed_on.get(name));
                    let Some(passed) = passed.filter(|passed| depth < 8 && passed.as_slice() != path) else {
                        // An item of this module's own. What begins elsewhere is another crate's.
                        return (at > 0).then_some(module);
                    };
                    let further = [passed.as_slice(), &path[at + 1..]].concat();
                    return self.resolve(&module, &further, depth + 1);
                }
            }
        }
        Some(module)
    }
}

/// The circles among one parent's modules: those that lead to each other.
fn circles_of(steps: &BTreeMap<&str, BTreeMap<String, String>>) -> Vec<Circle> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        steps.keys().map(|&start| (start, reached_from(steps, start))).collect();
    let mut circles = Vec::new();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for (&start, there) in &reached {
        if !there.contains(start) || told.contains(start) {
            continue;
        }
        let back = |&module: &&str| reached.get(module).is_some_and(|there| there.contains(start));
        let modules: Vec<&str> = there.iter().copied().filter(|module| back(module)).collect();
        told.extend(&modules);
        let because = modules.iter().flat_map(|module| &steps[module]);
        let because = because.filter(|(to, _)| modules.contains(&to.as_str()));
        circles.push(Circle {
            because: because.map(|(_, says)| says.clone()).collect(),
            modules: modules.iter().map(ToString::to_string).collect(),
        });
    }
    circles
}

fn reached_from<'a>(
    steps: &'a BTreeMap<&str, BTreeMap<String, String>>,
    start: &'a str,
) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![start];
    while let Some(module) = open.pop() {
        for next in steps.get(module).into_iter().flat_map(BTreeMap::keys) {
            if reached.insert(next.as_str()) {
                open.push(next);
            }
        }
    }
    reached
}

/// Each path of a tree like `crate::{a, b::{c as d}}`, with the name that it is called by.
/// Returns where the tree ends.
fn each_path(
    tokens: &[String],
    mut at: usize,
    path: &mut Vec<String>,
    found: &mut impl FnMut(&[String], &str),
) -> usize {
    let depth = path.len();
    let mut grouped = false;
    while let Some(token) = tokens.get(at) {
        if token == "{" {
            grouped = true;
            at += 1;
            while tokens.get(at).is_some_and(|token| token != "}") {
                at = each_path(tokens, at, path, found).max(at + 1);
                if tokens.get(at).is_some_and(|token| token == ",") {
                    at += 1;
                }
            }
            at += 1;
            break;
        }
        if !is_word(token) {
            break;
        }
        // `b::{self}` is `b`.
        if token != "self" || path.is_empty() {
            path.push(token.clone());
        }
        at += 1;
        if tokens.get(at).is_none_or(|next| next != "::") {
            break;
        }
        at += 1;
    }
    let alias = tokens.get(at).is_some_and(|token| token == "as").then(|| tokens.get(at + 1)).flatten();
    if alias.is_some() {
        at += 2;
    }
    if !grouped && let Some(name) = alias.or(path.last()).cloned() {
        found(path, &name);
    }
    path.truncate(depth);
    at
}

fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphanumeric() || first == '_')
}

const TESTS: &str = "#[cfg(test)]";

/// Words, `::` and signs; no comments, no quoted text, and nothing of a module of tests.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(raw) = rest.strip_prefix("r#\"") {
            raw.find("\"#").map_or(rest.len(), |end| end + 5)
        } else if first == '"' {
            quoted(rest)
        } else if rest.starts_with("'\"'") {
            3
        } else if let Some(below) =
            rest.strip_prefix(TESTS).filter(|below| below.trim_start().starts_with("mod "))
        {
            // Written out, it stands at the end of its file.
            let end = below.find(['{', ';']).filter(|&end| below[end..].starts_with(';'));
            end.map_or(rest.len(), |end| TESTS.len() + end)
        } else {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let length = if word > 0 {
                word
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            if !first.is_whitespace() {
                tokens.push(rest[..length].to_string());
            }
            length
        };
        rest = &rest[length..];
    }
    tokens
}

fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return at + 1,
            _ => escaped = false,
        }
    }
    text.len()
}
