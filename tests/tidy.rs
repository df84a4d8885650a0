//! The house rules that a compiler does not hold: who may depend on whom, what
//! lives in one home only, and how large a file may grow. ARCHITECTURE.md tells
//! the same in words; here it can fail.

// A test may end here and now; clippy knows that of test functions only.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use toml::Table;

#[path = "tidy/circles.rs"]
mod circles;
#[path = "tidy/map.rs"]
mod map;

/// Who may depend on whom, among our own. A crate's dependencies are what its
/// manifest names for building, testing and every system.
const MAY_USE: &[(&str, &str, &[&str])] = &[
    ("sotto-domain", "src-tauri/crates/domain", &[]),
    ("sotto-engine-protocol", "src-tauri/crates/engine-protocol", &[]),
    ("sotto-gguf", "src-tauri/crates/gguf", &[]),
    (
        "sotto-engine",
        "src-tauri/engine",
        &["sotto-engine-protocol", "sotto-gguf", "sotto-kernels", "sotto-pictures"],
    ),
    ("sotto-kernels", "src-tauri/engine/kernels", &[]),
    ("sotto-manuscript", "src-tauri/crates/manuscript", &[]),
    ("sotto-store", "src-tauri/crates/store", &["sotto-domain", "sotto-manuscript"]),
    ("sotto-egress", "src-tauri/crates/egress", &["sotto-domain", "sotto-stage"]),
    ("sotto-secrets", "src-tauri/crates/secrets", &["sotto-domain"]),
    ("sotto-providers", "src-tauri/crates/providers", &["sotto-domain", "sotto-egress", "sotto-stage"]),
    ("sotto-models", "models", &["sotto-domain", "sotto-egress", "sotto-engine-protocol", "sotto-gguf"]),
    ("sotto-pictures", "src-tauri/crates/pictures", &["sotto-domain"]),
    ("sotto-exchange", "src-tauri/crates/exchange", &["sotto-domain", "sotto-manuscript"]),
    ("sotto-guide", "src-tauri/crates/guide", &["sotto-domain"]),
    ("sotto-engine-client", "src-tauri/crates/engine-client", &["sotto-domain", "sotto-engine-protocol"]),
    (
        "sotto-app",
        "src-tauri/crates/app",
        &[
            "sotto-domain",
            "sotto-store",
            "sotto-egress",
            "sotto-secrets",
            "sotto-providers",
            "sotto-models",
            "sotto-pictures",
            "sotto-engine-client",
            "sotto-exchange",
            "sotto-guide",
            "sotto-manuscript",
            "sotto-stage",
        ],
    ),
    ("sotto", "src-tauri", &["sotto-domain", "sotto-app"]),
    (
        "journeys",
        "tests",
        &[
            "sotto-domain",
            "sotto-store",
            "sotto-egress",
            "sotto-secrets",
            "sotto-providers",
            "sotto-models",
            "sotto-pictures",
            "sotto-gguf",
            "sotto-engine-protocol",
            "sotto-engine-client",
            "sotto-app",
            "sotto-stage",
        ],
    ),
    ("sotto-stage", "tests/stage", &[]),
    ("sotto-bench", "tests/bench", &["sotto-engine-protocol"]),
    ("xtask", "xtask", &[]),
];

/// What lives in one home only, by the beginning of its name. No home means that nobody
/// may use it: what opens connections goes through egress.
const HOMES: &[(&str, Option<&str>)] = &[
    ("tauri", Some("sotto")),
    ("rusqlite", Some("sotto-store")),
    ("libsqlite3", Some("sotto-store")),
    ("mistralrs", Some("sotto-engine")),
    ("candle", Some("sotto-engine")),
    ("seccompiler", Some("sotto-engine-client")),
    ("reqwest", Some("sotto-egress")),
    ("zip", Some("sotto-exchange")),
    ("quick-xml", Some("sotto-exchange")),
    ("html5gum", Some("sotto-exchange")),
    ("krilla", Some("sotto-exchange")),
    ("hyper", None),
    ("ureq", None),
    ("curl", None),
    ("keyring", Some("sotto-secrets")),
    ("apple-native-keyring-store", Some("sotto-secrets")),
    ("windows-native-keyring-store", Some("sotto-secrets")),
    ("zbus-secret-service-keyring-store", Some("sotto-secrets")),
];

/// Where `unsafe` may stand, and what for.
const UNSAFE: &[(&str, &str)] = &[
    ("src-tauri/crates/engine-client/src/sandbox/linux.rs", "the bar is laid between fork and exec"),
    (
        "src-tauri/crates/engine-client/src/sandbox/linux/landlock.rs",
        "Landlock is spoken to by its own calls",
    ),
    ("src-tauri/crates/engine-client/src/sandbox/windows.rs", "files are opened to the engine's container"),
    ("src-tauri/engine/src/platform.rs", "the engine asks the system to bar it, and keeps stdout to itself"),
    ("src-tauri/engine/src/platform/linux.rs", "the engine refuses to execute anything"),
    ("src-tauri/engine/src/gguf.rs", "a model's file is mapped, not copied"),
    ("src-tauri/engine/src/memory.rs", "an allocator counts what a template takes"),
    ("src-tauri/engine/kernels/src/attention.rs", "attention with vector instructions"),
    ("src-tauri/engine/kernels/src/attention/many.rs", "the same, many queries at a time"),
    ("src-tauri/engine/kernels/src/attention/one.rs", "the same, one query at a time"),
    ("src-tauri/engine/kernels/src/thread_pool.rs", "threads share a job that lies on its caller's stack"),
    ("src-tauri/engine/kernels/src/decoder.rs", "threads write to rows of their own"),
    ("src-tauri/engine/kernels/src/dense.rs", "weights that are not quantised, with vector instructions"),
    ("src-tauri/engine/kernels/src/lanes.rs", "vector instructions, chosen when the program runs"),
    ("src-tauri/engine/kernels/src/lanes/avx2.rs", "AVX2 and AVX-VNNI"),
    ("src-tauri/engine/kernels/src/lanes/avx512.rs", "AVX-512 VNNI"),
    ("src-tauri/engine/kernels/src/lanes/neon.rs", "NEON with dotprod or i8mm"),
    ("src-tauri/engine/kernels/src/lanes/portable.rs", "the same without vector instructions"),
    ("src-tauri/engine/kernels/src/product.rs", "threads write to parts of one result that do not overlap"),
    ("src-tauri/engine/kernels/src/rows.rs", "threads write to rows of their own"),
    ("src-tauri/engine/kernels/src/gemv.rs", "few rows, with vector instructions"),
    ("src-tauri/engine/kernels/src/gemv/avx2.rs", "AVX2, and what sums products four at a time"),
    ("src-tauri/engine/kernels/src/gemv/avx512.rs", "the same with AVX-512 VNNI"),
    ("src-tauri/engine/kernels/src/gemv/neon.rs", "the same with NEON and dotprod"),
    ("src-tauri/engine/kernels/src/gemv/x86.rs", "what both widths of x86 share"),
    ("src-tauri/engine/kernels/src/gemm.rs", "a tile of products is computed with vector instructions"),
    (
        "src-tauri/engine/kernels/src/variant.rs",
        "what the processor can is asked once, and called accordingly",
    ),
    ("tests/src/bin/hostile.rs", "an engine that was taken over asks the system for everything"),
    ("src-tauri/src/memory.rs", "the app closes its memory to other programs"),
    ("src-tauri/src/main.rs", "a released app forgets the variable that lets anybody drive its window"),
];

/// Files over the limit, and why.
const LONG_FOR_A_REASON: &[(&str, &str)] = &[];

const LONGEST: usize = 500;

#[test]
fn crates_depend_only_on_those_they_may() {
    let ours: BTreeSet<&str> = MAY_USE.iter().map(|(name, ..)| *name).collect();
    let mut offences = Vec::new();
    for (name, folder, may_use) in MAY_USE {
        let manifest = manifest(folder);
        assert_eq!(manifest["package"]["name"].as_str(), Some(*name), "{folder}/Cargo.toml");
        for used in dependencies(&manifest) {
            if ours.contains(used.as_str()) && !may_use.contains(&used.as_str()) {
                offences.push(format!("{name} uses {used}"));
            }
        }
    }
    assert_eq!(offences, Vec::<String>::new());
}

#[test]
fn the_table_names_every_crate_there_is() {
    let tabled: BTreeSet<String> =
        MAY_USE.iter().map(|(_, folder, _)| format!("{folder}/Cargo.toml")).collect();
    let there: BTreeSet<String> = files(&[""], &["toml"])
        .into_iter()
        .filter(|(path, text)| path.ends_with("/Cargo.toml") && text.contains("[package]"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(there, tabled);
}

#[test]
fn what_has_one_home_is_used_nowhere_else() {
    let mut offences = Vec::new();
    for (name, folder, _) in MAY_USE {
        for used in dependencies(&manifest(folder)) {
            for (what, home) in HOMES {
                if used.starts_with(what) && *home != Some(*name) {
                    offences.push(format!("{name} uses {used}"));
                }
            }
        }
    }
    assert_eq!(offences, Vec::<String>::new());
}

#[test]
fn sockets_belong_to_egress_and_to_tests() {
    // engine-client waits at a port that the engine must fail to reach.
    const MAY: [&str; 2] = ["sotto-egress", "sotto-engine-client"];
    let features = |on: &toml::Value| on.get("features").and_then(|list| list.as_array()).cloned();
    for (name, folder, _) in MAY_USE {
        let manifest = manifest(folder);
        let tokio = manifest.get("dependencies").and_then(|all| all.get("tokio")).and_then(features);
        let net = tokio.is_some_and(|all| all.iter().any(|one| one.as_str() == Some("net")));
        assert!(!net || MAY.contains(name), "{name} has tokio's sockets");
    }
    let workspace: Table = read("Cargo.toml").parse().unwrap();
    assert_eq!(features(&workspace["workspace"]["dependencies"]["tokio"]), None, "each crate names its own");
}

#[test]
fn every_member_has_its_line_on_the_map() {
    let text = read("Cargo.toml");
    let workspace: Table = text.parse().unwrap();
    for member in workspace["workspace"]["members"].as_array().unwrap() {
        let member = format!("\"{}\",", member.as_str().unwrap());
        let mapped = text.lines().any(|line| {
            line.trim()
                .strip_prefix(&member)
                .is_some_and(|rest| rest.trim().strip_prefix('#').is_some_and(|words| words.len() > 10))
        });
        assert!(mapped, "{member} has no line that says what it is");
    }
}

/// Each limit that docs/limits.md names is a constant, and each test that holds one is there.
#[test]
fn the_page_of_limits_speaks_of_what_is_there() {
    let all: String =
        files(&["src-tauri", "models", "tests"], &["rs"]).into_iter().map(|(_, text)| text).collect();
    let mut rows = 0;
    for row in read("docs/limits.md").lines().filter(|line| line.starts_with("| ") && line.contains('`')) {
        rows += 1;
        for word in row.split('`').skip(1).step_by(2).filter(|word| !word.contains(['/', '.'])) {
            let there = [format!("const {word}:"), format!("fn {word}(")];
            assert!(there.iter().any(|there| all.contains(there)), "{word}: {row}");
        }
        for (name, rest) in row.split("` in `").zip(row.split("` in `").skip(1)) {
            let (name, file) = (name.rsplit('`').next().unwrap(), rest.split('`').next().unwrap());
            let home = ["", "src-tauri/", "src-tauri/crates/"].map(|folder| format!("{folder}{file}"));
            let home = home.iter().find(|path| root().join(path).exists());
            let home = home.unwrap_or_else(|| panic!("{file} is not there: {row}"));
            let is_file = root().join(home).is_file();
            assert!(!is_file || read(home).contains(&format!("{name}:")), "{file} has no {name}: {row}");
        }
    }
    assert!(rows > 20, "{rows} rows");
}

#[test]
fn no_file_outgrows_a_reader() {
    let mut long = BTreeSet::new();
    for (path, text) in sources() {
        if text.lines().count() > LONGEST {
            long.insert(path);
        }
    }
    let excused: BTreeSet<String> = LONG_FOR_A_REASON.iter().map(|(path, _)| (*path).to_string()).collect();
    assert_eq!(long, excused, "files over {LONGEST} lines, and those with a reason to be");
}

#[test]
fn unsafe_stands_only_where_it_is_named() {
    // Written so that this file does not accuse itself.
    let permission = concat!("allow(", "unsafe_code");
    let offences: Vec<String> = sources()
        .into_iter()
        .filter(|(path, text)| text.contains(permission) && UNSAFE.iter().all(|(named, _)| path != named))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(offences, Vec::<String>::new());
}

#[test]
fn the_user_is_called_the_user() {
    // In what is said of the program; people in texts and examples are who they are.
    let who = ["she", "her", "hers", "herself"];
    let mut offences = Vec::new();
    for (path, text) in files(&[""], &["rs", "ts", "tsx", "css", "sql", "md"]) {
        // Migrations are frozen once shipped, their comments with them.
        if path.starts_with("models/guide/") || path.starts_with("src-tauri/crates/store/migrations/") {
            continue;
        }
        let is_text = Path::new(&path).extension().is_some_and(|ending| ending == "md");
        for (number, line) in text.lines().enumerate() {
            let said = if is_text { Some(line) } else { comment_in(line) };
            let mut words = said.unwrap_or_default().split(|c: char| !c.is_alphanumeric());
            if words.any(|word| who.contains(&word.to_lowercase().as_str())) {
                offences.push(format!("{path}:{}", number + 1));
            }
        }
    }
    assert_eq!(offences, Vec::<String>::new());
}

/// What a line says to whoever reads the program.
fn comment_in(line: &str) -> Option<&str> {
    let line = line.trim_start();
    if line.starts_with("* ") {
        return Some(line);
    }
    ["// ", "/// ", "//! ", "/* ", "/** ", "-- "].iter().find_map(|mark| {
        line.starts_with(mark).then_some(line).or(line.split_once(&format!(" {mark}")).map(|(_, said)| said))
    })
}

#[test]
fn nothing_is_left_for_later() {
    let marks =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("to", "do!("), concat!("unimple", "mented!(")];
    let mut offences = Vec::new();
    for (path, text) in sources() {
        for (number, line) in text.lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark)) {
                offences.push(format!("{path}:{}", number + 1));
            }
        }
    }
    assert_eq!(offences, Vec::<String>::new());
}

#[test]
fn only_the_backend_folder_knows_tauri() {
    let offences: Vec<String> = files(&["ui/src"], &["ts", "tsx"])
        .into_iter()
        .filter(|(path, text)| !path.starts_with("ui/src/backend/") && text.contains("@tauri-apps"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(offences, Vec::<String>::new());
}

#[test]
fn no_feature_imports_another() {
    const FEATURES: &str = "ui/src/features/";
    let mut offences = Vec::new();
    for (path, text) in files(&[FEATURES], &["ts", "tsx", "css"]) {
        let own = path[FEATURES.len()..].split('/').next().unwrap_or_default();
        for import in imports(&text) {
            let target = resolved(&path, import);
            let Some(rest) = target.strip_prefix(FEATURES) else { continue };
            if rest.split('/').next() != Some(own) {
                offences.push(format!("{path} imports {import}"));
            }
        }
    }
    assert_eq!(offences, Vec::<String>::new());
}

#[test]
fn the_web_view_can_reach_no_remote_origin() {
    let config: serde_json::Value = serde_json::from_str(&read("src-tauri/tauri.conf.json")).unwrap();
    let policy = config["app"]["security"]["csp"].as_str().expect("a content security policy");
    let directives: BTreeMap<&str, Vec<&str>> = policy
        .split(';')
        .filter_map(|directive| {
            let mut words = directive.split_whitespace();
            Some((words.next()?, words.collect()))
        })
        .collect();
    // What is not named falls back to this one.
    assert_eq!(directives["default-src"], ["'none'"]);
    // These do not fall back, so they must be named.
    for named in ["base-uri", "form-action", "frame-ancestors"] {
        assert_eq!(directives.get(named), Some(&vec!["'none'"]), "{named}");
    }
    // Tauri's own channel to our commands: on some systems it looks like a host, and
    // is served by the app itself.
    let ours = ["'none'", "'self'", "data:", "blob:", "ipc:", "http://ipc.localhost"];
    for (directive, allowed) in &directives {
        for source in allowed {
            // Styles alone may stand in the page: they cannot run.
            let fine = ours.contains(source) || (*directive == "style-src" && *source == "'unsafe-inline'");
            assert!(fine, "{directive} allows {source}");
        }
    }
}

#[test]
fn the_window_is_granted_nothing_from_afar() {
    for (path, text) in files(&["src-tauri/capabilities"], &["json"]) {
        let capability: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(capability.get("remote"), None, "{path} lets remote pages in");
        for permission in capability["permissions"].as_array().unwrap() {
            let name = permission.as_str().or_else(|| permission["identifier"].as_str()).unwrap();
            for barred in ["http:", "shell:", "fs:", "opener:", "websocket:", "upload:"] {
                assert!(!name.starts_with(barred), "{path} grants {name}");
            }
        }
    }
}

/// Everything that a manifest names as a dependency, by the package's own name.
fn dependencies(manifest: &Table) -> BTreeSet<String> {
    let mut tables = vec![manifest];
    if let Some(systems) = manifest.get("target").and_then(|target| target.as_table()) {
        tables.extend(systems.values().filter_map(|system| system.as_table()));
    }
    let mut names = BTreeSet::new();
    for table in tables {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (name, value) in table.get(kind).and_then(|kind| kind.as_table()).into_iter().flatten() {
                let renamed = value.get("package").and_then(|package| package.as_str());
                names.insert(renamed.unwrap_or(name).to_string());
            }
        }
    }
    names
}

/// The quoted words that follow `from`, `import` or `@import`.
fn imports(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for keyword in ["from ", "import ", "import("] {
        for (at, _) in text.match_indices(keyword) {
            let rest = &text[at + keyword.len()..];
            let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else { continue };
            found.extend(rest[1..].split(quote).next());
        }
    }
    found
}

/// Where an import leads, from the checkout's root.
fn resolved(importer: &str, import: &str) -> String {
    if !import.starts_with('.') {
        return match import.split_once("features/") {
            Some((_, rest)) => format!("ui/src/features/{rest}"),
            None => import.to_string(),
        };
    }
    let mut path = Path::new(importer).parent().unwrap().to_path_buf();
    for part in Path::new(import).components() {
        match part {
            Component::ParentDir => _ = path.pop(),
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    path.to_str().unwrap().to_string()
}

/// All that we write by hand, program text and styles.
fn sources() -> Vec<(String, String)> {
    let written = files(&[""], &["rs", "ts", "tsx", "css", "sql"]);
    written.into_iter().filter(|(path, _)| !path.ends_with(".gen.ts")).collect()
}

/// Files below these folders with one of these endings: path from the checkout's
/// root, with slashes, and text.
fn files(folders: &[&str], endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in folders {
        gather(&root().join(folder), endings, &mut found);
    }
    assert!(!found.is_empty(), "{folders:?} hold no {endings:?}: the rule looks at nothing");
    found
}

fn gather(folder: &Path, endings: &[&str], found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            if !name.starts_with('.')
                && !["node_modules", "target", "dist", "gen", "binaries"].contains(&name)
            {
                gather(&path, endings, found);
            }
        } else if path
            .extension()
            .and_then(|ending| ending.to_str())
            .is_some_and(|ending| endings.contains(&ending))
        {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

fn manifest(folder: &str) -> Table {
    read(&format!("{folder}/Cargo.toml")).parse().unwrap()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}
