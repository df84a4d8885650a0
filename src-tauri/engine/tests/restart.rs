//! What was read is kept over a restart: a talk goes on where it was, exactly as if all of it
//! had been read again, and no more lies on the disk than was allowed.

#![allow(clippy::unwrap_used)] // in helpers too

mod app;

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use app::{App, TestDir, ask, assert_alike, turn, user};
use serde_json::{Value, json};
use sotto_engine_protocol::KEPT;

const PLENTY: u64 = 1 << 30;
/// The tokens of a block: what is left over is read again.
const BLOCK: u64 = 32;

/// The first turn and the second of a talk of a few blocks.
fn talk(about: &str) -> (Value, Value) {
    let first = format!("{about} {}", "and so it rained all night. ".repeat(30));
    let reply = turn("assistant", "The lamp was warm and the door was blue.");
    (json!([user(&first)]), json!([user(&first), reply, user("Now longer, and colder.")]))
}

/// An engine that keeps so many bytes in `scratch`.
fn start(scratch: &TestDir, disk_cache_bytes: u64) -> App {
    let mut load = app::load(&app::model(), 2048);
    load["scratch"] = json!(scratch.path());
    load["disk_cache_bytes"] = json!(disk_cache_bytes);
    let mut app = App::greeted();
    assert_eq!(app.last_of(load)["type"], "loaded");
    app
}

fn blocks(scratch: &TestDir) -> Vec<PathBuf> {
    let entries = fs::read_dir(scratch.path().join(KEPT)).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.extension().is_none()).collect()
}

fn names(scratch: &TestDir) -> BTreeSet<OsString> {
    blocks(scratch).iter().filter_map(|block| block.file_name().map(OsString::from)).collect()
}

/// Waits until as many blocks lie there: they are written when nothing else is to be done.
fn wait_for(scratch: &TestDir, count: u64) {
    let begun = Instant::now();
    while blocks(scratch).len() as u64 != count {
        assert!(begun.elapsed() < Duration::from_mins(1), "{} of {count}", blocks(scratch).len());
        thread::sleep(Duration::from_millis(5));
    }
}

/// Has a talk's first turn answered and kept. Gives how many tokens its prompt had.
fn have_kept(scratch: &TestDir, first: &Value) -> u64 {
    let mut app = start(scratch, PLENTY);
    let answer = ask(&mut app, first);
    // The last token was written, and never read.
    wait_for(scratch, (answer.prompt + 23) / BLOCK);
    answer.prompt
}

#[test]
fn a_talk_goes_on_after_a_restart_as_if_it_were_read_again() {
    let scratch = TestDir::new();
    let (first, second) = talk("Draft a scene");
    let prompt = have_kept(&scratch, &first);
    assert!(prompt > 2 * BLOCK, "{prompt}");

    let (mut kept, mut afresh) = (start(&scratch, PLENTY), App::with_model());
    let answer = ask(&mut kept, &second);
    assert_eq!(answer.reused, prompt / BLOCK * BLOCK);
    assert_alike(&answer, &ask(&mut afresh, &second), "after a restart");
    // What was taken up stays in mind like anything that was read.
    assert!(ask(&mut kept, &second).reused > answer.reused);
}

#[test]
fn a_block_that_is_damaged_is_read_again() {
    let scratch = TestDir::new();
    let (first, _) = talk("Draft a scene");
    have_kept(&scratch, &first);
    for block in blocks(&scratch) {
        let mut bytes = fs::read(&block).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&block, bytes).unwrap();
    }
    let (mut kept, mut afresh) = (start(&scratch, PLENTY), App::with_model());
    let answer = ask(&mut kept, &first);
    assert!(answer.reused < BLOCK, "{}", answer.reused);
    assert_alike(&answer, &ask(&mut afresh, &first), "damaged");
    // What was found out is written anew.
    wait_for(&scratch, (answer.prompt + 23) / BLOCK);
    drop(kept);
    assert!(ask(&mut start(&scratch, PLENTY), &first).reused >= BLOCK);
}

#[test]
fn what_another_model_read_is_not_used() {
    let scratch = TestDir::new();
    let (first, _) = talk("Draft a scene");
    have_kept(&scratch, &first);
    let mut load = app::load(&app::file(), 2048);
    load["scratch"] = json!(scratch.path());
    load["disk_cache_bytes"] = json!(PLENTY);
    let mut app = App::greeted();
    assert_eq!(app.last_of(load)["type"], "loaded");
    assert!(ask(&mut app, &first).reused < BLOCK);
}

#[test]
fn no_more_is_kept_than_was_allowed_and_the_oldest_goes_first() {
    let scratch = TestDir::new();
    let talks = ["A scene", "A poem", "A letter"].map(|about| talk(about).0);
    have_kept(&scratch, &talks[0]);
    let length = |block: &PathBuf| block.metadata().map_or(0, |about| about.len());
    let first = blocks(&scratch);
    let most = first.iter().map(length).sum::<u64>() + length(&first[0]);

    // Room for one talk and a block.
    let mut app = start(&scratch, most);
    for talk in &talks[1..] {
        // Blocks are named by what was read, in every folder alike.
        let elsewhere = TestDir::new();
        have_kept(&elsewhere, talk);
        let wanted = names(&elsewhere);
        ask(&mut app, talk);
        let begun = Instant::now();
        while !wanted.is_subset(&names(&scratch)) {
            let there: u64 = blocks(&scratch).iter().map(length).sum();
            assert!(there <= most, "{there} of {most}");
            assert!(begun.elapsed() < Duration::from_mins(1), "nothing is written");
        }
    }
    drop(app);
    let mut app = start(&scratch, PLENTY);
    assert!(ask(&mut app, &talks[0]).reused < BLOCK, "the oldest is gone");
    let latest = ask(&mut app, &talks[2]);
    assert_eq!(latest.reused, (latest.prompt - 1) / BLOCK * BLOCK, "the latest is kept");
}

#[test]
fn where_nothing_may_be_kept_nothing_is() {
    let scratch = TestDir::new();
    let (first, _) = talk("Draft a scene");
    have_kept(&scratch, &first);
    let mut app = start(&scratch, 0);
    assert_eq!(blocks(&scratch).len(), 0, "what was there is gone");
    assert!(ask(&mut app, &first).reused < BLOCK);
    ask(&mut app, &first);
    assert!(!scratch.path().join(KEPT).exists());
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_her_eyes_alone() {
    use std::os::unix::fs::PermissionsExt;

    let scratch = TestDir::new();
    have_kept(&scratch, &talk("Draft a scene").0);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&scratch.path().join(KEPT)), 0o700);
    assert!(blocks(&scratch).iter().all(|block| mode(block) == 0o600));
}
