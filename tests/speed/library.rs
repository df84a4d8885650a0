//! Libraries to measure with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use sotto_store::Store;

use crate::Libraries;
use crate::desk::Desk;
use crate::words::Chance;

/// What the first conversation and the long one are called, and end with.
pub const SHORT: &str = "A short one";
pub const LONG: &str = "The long one";
/// One whose only answer is a single paragraph.
pub const PARAGRAPH: &str = "One paragraph";
pub const PARAGRAPH_LETTERS: usize = 400_000;

pub const LONG_MESSAGES: u32 = 10_000;
pub const CONVERSATIONS: u32 = 10_000;
pub const EACH: u32 = 100;

/// A desk where the first run is done and these conversations are.
pub fn desk() -> Desk {
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done" }));
    let mut chance = Chance::new(1);
    let store = journeys::library(&desk.sotto_home());
    let talk = |title: &str, messages: u32| (title.to_owned(), messages);
    let others = (0..20).map(|_| (chance.text(4), 20)).collect::<Vec<_>>();
    let all = others.into_iter().chain([talk(LONG, LONG_MESSAGES), talk(SHORT, 20)]);
    let all: Vec<_> = all.map(|(title, many)| (title, texts(&mut chance, many))).collect();
    let mut paragraph = chance.text(100_000);
    paragraph.truncate(paragraph.floor_char_boundary(PARAGRAPH_LETTERS));
    store.fill(vec![(PARAGRAPH.to_owned(), vec![chance.message(), paragraph])]).unwrap();
    store.fill(all).unwrap();
    desk
}

/// A desk with a million messages.
pub fn large_desk(libraries: &Libraries) -> Desk {
    let desk = Desk::set();
    desk.prefer(&json!({ "first_run": "done" }));
    let large = large(libraries);
    // Its key lies beside it.
    fs::copy(large.with_file_name("library.key"), desk.sotto_home().join("library.key")).unwrap();
    let linked = Command::new("ln").arg("-s").arg(large).arg(place(&desk)).status().unwrap();
    assert!(linked.success(), "the large library could not be linked to");
    desk
}

/// The library of a million messages, made where it is not there yet.
pub fn large(libraries: &Libraries) -> PathBuf {
    let whole = libraries.folder.join("million.encrypted.db");
    if !whole.is_file() {
        eprintln!("  making a library of {} messages; it is kept", CONVERSATIONS * EACH);
        fs::create_dir_all(&libraries.folder).unwrap();
        let begun = libraries.folder.join("million.unfinished.db");
        let _ = fs::remove_file(&begun);
        write_large(&begun);
        fs::rename(begun, &whole).unwrap();
    }
    // In absolute words: it is linked to from elsewhere.
    whole.canonicalize().unwrap()
}

fn write_large(path: &Path) {
    const AT_ONCE: u32 = 500;
    let store = Store::open(path, &journeys::library_key(path.parent().unwrap())).unwrap();
    let mut chance = Chance::new(2);
    for _ in 0..CONVERSATIONS / AT_ONCE {
        let some: Vec<_> = (0..AT_ONCE).map(|_| (chance.text(5), texts(&mut chance, EACH))).collect();
        store.fill(some).unwrap();
    }
}

fn texts(chance: &mut Chance, many: u32) -> Vec<String> {
    (0..many).map(|_| chance.message()).collect()
}

fn place(desk: &Desk) -> PathBuf {
    desk.sotto_home().join("library.db")
}
