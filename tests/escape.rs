//! An engine that was taken over, behind the real bar: whatever it tries is refused. Without
//! the bar the same program does all of it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)] // a test may

use std::{
    collections::BTreeMap,
    fs,
    io::{Read, Write},
    net::TcpListener,
    os::unix::net::UnixListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use sotto_engine_client::{Barred, Engine, EngineOptions, EngineState, Plan, TaskLimits, Timeouts};
use tempfile::TempDir;

fn hostile() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_hostile"))
}

/// A home with something to steal, and an ear that somebody could speak to.
fn home() -> (TempDir, UnixListener) {
    let home = TempDir::new().unwrap();
    fs::create_dir(home.path().join("engine")).unwrap();
    fs::write(home.path().join("id_ed25519"), "a secret").unwrap();
    let ear = UnixListener::bind(home.path().join("socket")).unwrap();
    (home, ear)
}

fn report(home: &Path) -> BTreeMap<String, String> {
    read(&fs::read_to_string(home.join("engine/report")).unwrap())
}

fn read(report: &str) -> BTreeMap<String, String> {
    let lines = report.lines().filter_map(|line| line.split_once(": "));
    lines.map(|(what, outcome)| (what.to_owned(), outcome.to_owned())).collect()
}

fn taken_over(home: &TempDir) -> Engine {
    Engine::new(EngineOptions {
        program: hostile(),
        scratch: home.path().join("engine"),
        pictures: home.path().join("pictures"),
        timeouts: Timeouts::default(),
    })
}

/// The one that looks at pictures has less: not even a folder of its own.
#[tokio::test]
async fn a_task_that_was_taken_over_reaches_nothing() {
    let (home, _ear) = home();
    let door = TcpListener::bind("127.0.0.1:0").unwrap();
    let input = format!("{}\n{}\n", home.path().join("engine").display(), door.local_addr().unwrap());
    let limits = TaskLimits { memory: 2 << 30, seconds: 60, answer: 1 << 20 };
    let said = taken_over(&home).do_task("look", input.as_bytes(), limits).await.unwrap();
    let report = read(&String::from_utf8(said).unwrap());
    let escaped: Vec<_> = report.iter().filter(|(_, outcome)| *outcome != "refused").collect();
    assert!(escaped.is_empty() && report.len() >= 20, "{escaped:?} of {}", report.len());
    assert_eq!(fs::read(home.path().join("id_ed25519")).unwrap(), b"a secret");
}

/// What the privacy page shows, by the engine's own program.
#[tokio::test(flavor = "multi_thread")]
async fn the_real_engine_shows_that_each_way_out_is_refused() {
    let home = TempDir::new().unwrap();
    let library = home.path().join("library.db");
    fs::write(&library, "a secret").unwrap();
    let engine = Engine::new(EngineOptions {
        program: journeys::engine_program(),
        scratch: home.path().join("engine"),
        pictures: home.path().join("pictures"),
        timeouts: Timeouts::default(),
    });
    let tried = engine.prove(&library).await.unwrap();
    let escaped: Vec<_> = tried.iter().filter(|one| !one.refused || one.said.is_empty()).collect();
    assert!(escaped.is_empty() && tried.len() >= 6, "{escaped:?} of {}", tried.len());
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "and nothing was left there");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_does_not_try_proves_nothing() {
    let (home, _ear) = home();
    taken_over(&home).prove(&home.path().join("id_ed25519")).await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_was_taken_over_reaches_nothing() {
    let (home, _ear) = home();
    let engine = taken_over(&home);
    let plan = Plan { memory: Some(2 << 30), ..Plan::default() };
    engine.open(&home.path().join("models/m.gguf"), plan).await.unwrap();

    let mut report = report(home.path());
    assert_eq!(report.remove("write its own folder").as_deref(), Some("done"));
    let escaped: Vec<_> = report.iter().filter(|(_, outcome)| *outcome != "refused").collect();
    assert!(escaped.is_empty() && report.len() >= 20, "{escaped:?} of {}", report.len());
    assert_eq!(fs::read(home.path().join("id_ed25519")).unwrap(), b"a secret");
    let state = engine.states().borrow().clone();
    assert!(matches!(state, EngineState::Ready { barred: Barred::Proven, .. }), "{state:?}");
}

#[test]
fn without_the_bar_it_does_all_of_it() {
    let (home, _ear) = home();
    let door = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut engine = Command::new(hostile()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let scratch = home.path().join("engine");
    let said = format!(
        "{{\"door\":\"{}\"}}\n{{\"scratch\":\"{}\"}}\n",
        door.local_addr().unwrap(),
        scratch.display()
    );
    engine.stdin.take().unwrap().write_all(said.as_bytes()).unwrap();
    engine.stdout.take().unwrap().read_to_string(&mut String::new()).unwrap();
    engine.wait().unwrap();

    // Some systems keep processes from debugging each other without any bar.
    let elsewhere = ["read another's memory", "debug another", "copy another's memory"];
    for (what, outcome) in report(home.path()) {
        assert!(outcome == "done" || elsewhere.contains(&what.as_str()), "{what}: {outcome}");
    }
    assert!(!home.path().join("id_ed25519").exists());
}
