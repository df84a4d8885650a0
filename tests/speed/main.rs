//! How fast the real window is, measured in it: a release build, driven as the end-to-end
//! tests drive it, over libraries made up for it. `cargo xtask bench --app` builds and runs it.
//!
//! Arguments: `--folder DIR`, where the large library is kept for the next time, and which
//! parts to measure: start, open, search, stream, pages, idle; all of them where none is named.
//!
//! It runs on Linux alone: only there is the driver that lets us into the window.

// As in the end-to-end tests; and this program's output is what it is for.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr
)]

// What drives the window is the end-to-end tests'; not all of it is wanted here.
#[allow(dead_code)]
#[path = "../e2e/account.rs"]
mod account;
#[allow(dead_code)]
#[path = "../e2e/desk.rs"]
mod desk;
#[allow(dead_code)]
#[path = "../e2e/driver.rs"]
mod driver;
#[allow(dead_code)]
#[path = "../e2e/page.rs"]
mod page;
#[allow(dead_code)]
#[path = "../e2e/window.rs"]
mod window;

mod figures;
mod idle;
mod library;
mod open;
mod pages;
mod processes;
mod search;
mod start;
mod stream;
mod words;

use std::path::PathBuf;

use figures::Table;

type Part = fn(&Libraries, &mut Table);

const PARTS: &[(&str, Part)] = &[
    ("start", start::measure),
    ("open", open::measure),
    ("search", search::measure),
    ("stream", stream::measure),
    ("pages", pages::measure),
    ("idle", idle::measure),
];

/// Where the libraries lie that take long to make.
pub struct Libraries {
    folder: PathBuf,
}

fn main() {
    let mut folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut wanted = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match &*argument {
            "--folder" => folder = arguments.next().expect("--folder names a folder").into(),
            // So that cargo tells a bench from a test.
            "--bench" => {}
            part if PARTS.iter().any(|(name, _)| *name == part) => wanted.push(argument),
            unknown => panic!("There is no part named {unknown}."),
        }
    }
    let libraries = Libraries { folder };
    let mut table = Table::default();
    for (name, measure) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|part| part == name) {
            eprintln!("{name} …");
            measure(&libraries, &mut table);
        }
    }
    println!("{table}");
}
