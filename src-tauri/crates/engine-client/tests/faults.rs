//! The engine misbehaves in every way we know, and the app lives on.
//!
//! Here a script of ours plays the engine, because a real one does not misbehave on
//! command; `journeys` runs the same client against the real one.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may panic

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};

use sotto_domain::{Answering, AnsweringError, Delta, Finish, Request, Role, Rules, Sampling, Turn};
use sotto_engine_client::{Device, Engine, EngineOptions, EngineState, Patience, Plan};
use sotto_engine_protocol::VERSION;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const HELLO: &str =
    r#"read -r _; echo '{"type":"hello","version":'$VERSION',"network":"barred","device":"script"}'"#;
const LOAD: &str = r#"read -r line; echo '{"type":"loaded","run":'"$(run "$line")"',"model":{"name":"m","context":64,"bytes":1,"sees":false,"device":"script","token_bytes":1,"mind":0}}'"#;
const DONE: &str = r#""finish":"complete","usage":{"prompt_tokens":3,"completion_tokens":2},"timings":{"reading_ms":5,"writing_ms":7}}"#;

/// An engine played by `acts`, bash that may call `run LINE` (the run's id), `delta ID
/// TEXT` and `done ID`.
fn scripted(acts: &str) -> (Engine, TempDir) {
    let folder = TempDir::new().unwrap();
    let program = folder.path().join("engine");
    let script = format!(
        "#!/usr/bin/env bash\ncd '{folder}'; VERSION={VERSION}\n\
         run() {{ local r=${{1##*\\\"run\\\":}}; echo \"${{r%%[,\\}}]*}}\"; }}\n\
         delta() {{ echo '{{\"type\":\"delta\",\"run\":'\"$1\"',\"text\":\"'\"$2\"'\"}}'; }}\n\
         over() {{ echo '{{\"type\":\"done\",\"run\":'\"$1\"',{DONE}'; }}\n\
         hello() {{ {HELLO}; }}\nload() {{ {LOAD}; }}\n{acts}\n",
        folder = folder.path().display(),
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let patience = Patience {
        hello: Duration::from_secs(5),
        pulse: Duration::from_millis(400),
        progress: Duration::from_millis(800),
        per_token: Duration::ZERO,
    };
    let options = EngineOptions { program, scratch: folder.path().join("scratch"), patience };
    (Engine::new(options), folder)
}

fn question() -> Request {
    Request {
        turns: vec![Turn::text(Role::User, "Well?")],
        sampling: Sampling::default(),
        rules: Rules::default(),
        max_tokens: None,
    }
}

/// The text of an answer and how it ended.
async fn hear(engine: &Engine, cancel: CancellationToken) -> (String, Result<Finish, AnsweringError>) {
    let mut answer = engine.answer(question(), cancel);
    let mut text = String::new();
    loop {
        let next = std::future::poll_fn(|context| answer.as_mut().poll_next(context)).await;
        match next.expect("a last word") {
            Ok(Delta::Text(more)) => text.push_str(&more),
            Ok(Delta::Done { finish, .. }) => return (text, Ok(finish)),
            Ok(Delta::Loading { .. } | Delta::Reading { .. } | Delta::Thinking(_) | Delta::ServedBy(_)) => {}
            Err(error) => return (text, Err(error)),
        }
    }
}

async fn ask(engine: &Engine) -> (String, Result<Finish, AnsweringError>) {
    hear(engine, CancellationToken::new()).await
}

fn model() -> PathBuf {
    PathBuf::from("/models/quill")
}

#[tokio::test]
async fn without_a_model_it_says_so() {
    let (engine, _folder) = scripted("exit 9");
    assert_eq!(ask(&engine).await, (String::new(), Err(AnsweringError::NoModel)));
    assert_eq!(*engine.states().borrow(), EngineState::Absent);
}

#[tokio::test]
async fn an_answer_comes_whole() {
    let (engine, _folder) =
        scripted("hello; load; read -r g; r=$(run \"$g\"); delta $r Good; delta $r ' evening'; over $r; cat");
    engine.open(&model(), Plan::default()).await.unwrap();
    assert!(matches!(&*engine.states().borrow(), EngineState::Ready { model, .. } if model == "quill"));
    assert_eq!(ask(&engine).await, ("Good evening".into(), Ok(Finish::Complete)));
}

#[tokio::test]
async fn a_crash_keeps_the_text_so_far_and_the_next_answer_works() {
    let (engine, _folder) = scripted(
        "hello; load; read -r g; r=$(run \"$g\"); delta $r Half\n\
         if [ ! -e crashed ]; then touch crashed; exit 134; fi\n\
         over $r; cat",
    );
    engine.choose(&model(), Plan::default());
    assert_eq!(ask(&engine).await, ("Half".into(), Err(AnsweringError::Crashed)));
    assert_eq!(ask(&engine).await, ("Half".into(), Ok(Finish::Complete)));
}

#[tokio::test]
async fn a_crash_at_rest_is_mended_before_anybody_asks() {
    let (engine, _folder) = scripted(
        "hello; load\nif [ ! -e crashed ]; then touch crashed; exit 134; fi\n\
         read -r g; over \"$(run \"$g\")\"; cat",
    );
    let mut states = engine.states();
    let _ = engine.open(&model(), Plan::default()).await;
    states.wait_for(|state| matches!(state, EngineState::Resting { .. })).await.unwrap();
    states.wait_for(|state| matches!(state, EngineState::Ready { .. })).await.unwrap();
}

#[tokio::test]
async fn an_engine_that_never_answers_is_taken_for_dead() {
    let (engine, _folder) = scripted("hello; load; read -r _; sleep 60");
    engine.choose(&model(), Plan::default());
    assert_eq!(ask(&engine).await.1, Err(AnsweringError::Crashed));
}

#[tokio::test]
async fn signs_of_life_without_progress_are_not_enough() {
    let (engine, _folder) = scripted(
        "hello; load; read -r g; r=$(run \"$g\"); while :; do echo '{\"type\":\"pulse\",\"run\":'$r'}'; sleep 0.1; done",
    );
    engine.choose(&model(), Plan::default());
    assert_eq!(ask(&engine).await.1, Err(AnsweringError::Crashed));
}

#[tokio::test]
async fn signs_of_life_keep_a_slow_reader_alive() {
    let (engine, _folder) = scripted(
        "hello; load; read -r g; r=$(run \"$g\")\n\
         for i in 1 2 3 4 5 6; do sleep 0.1; echo '{\"type\":\"pulse\",\"run\":'$r'}'; done; over $r; cat",
    );
    engine.choose(&model(), Plan::default());
    assert_eq!(ask(&engine).await.1, Ok(Finish::Complete));
}

#[tokio::test]
async fn another_version_is_refused_in_words() {
    let (engine, _folder) =
        scripted(r#"read -r _; echo '{"type":"hello","version":999,"network":"barred","device":"x"}'; cat"#);
    let error = engine.open(&model(), Plan::default()).await.unwrap_err();
    assert!(
        matches!(&error, AnsweringError::Unsupported(said) if said.contains("another version")),
        "{error}"
    );
}

#[tokio::test]
async fn an_engine_that_reached_the_network_never_serves() {
    let (engine, _folder) = scripted(
        r#"read -r _; echo '{"type":"hello","version":'$VERSION',"network":"open","device":"x"}'; cat"#,
    );
    let error = engine.open(&model(), Plan::default()).await.unwrap_err();
    assert!(matches!(&error, AnsweringError::Unsupported(said) if said.contains("network")), "{error}");
}

#[tokio::test]
async fn a_line_that_is_not_of_the_protocol_ends_the_engine_not_the_app() {
    let (engine, _folder) = scripted("hello; load; read -r _; echo 'Segmentation fault'; sleep 60");
    engine.choose(&model(), Plan::default());
    assert_eq!(ask(&engine).await.1, Err(AnsweringError::Crashed));
}

#[tokio::test]
async fn a_missing_engine_is_said_not_thrown() {
    let folder = TempDir::new().unwrap();
    let engine = Engine::new(EngineOptions {
        program: folder.path().join("nothing"),
        scratch: folder.path().to_owned(),
        patience: Patience::default(),
    });
    let error = engine.open(&model(), Plan::default()).await.unwrap_err();
    assert!(matches!(&error, AnsweringError::Unsupported(said) if said.contains("Installing")), "{error}");
}

#[tokio::test]
async fn stopping_reaches_the_engine_and_is_an_outcome() {
    let (engine, _folder) = scripted(
        "hello; load; read -r g; r=$(run \"$g\"); delta $r Onc; read -r c\n\
         case $c in *cancel*) echo '{\"type\":\"done\",\"run\":'$r',\"finish\":\"cancelled\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1},\"timings\":{\"reading_ms\":1,\"writing_ms\":0}}';; esac; cat",
    );
    engine.choose(&model(), Plan::default());
    let cancel = CancellationToken::new();
    let mut answer = engine.answer(question(), cancel.clone());
    let mut finish = None;
    while let Some(item) = std::future::poll_fn(|context| answer.as_mut().poll_next(context)).await {
        match item.unwrap() {
            Delta::Text(_) => cancel.cancel(),
            Delta::Done { finish: how, .. } => finish = Some(how),
            _ => {}
        }
    }
    assert_eq!(finish, Some(Finish::Stopped));
}

#[tokio::test]
async fn stopping_an_answer_that_still_waits_its_turn_is_immediate() {
    let (engine, folder) = scripted(
        "hello; load; read -r g; r=$(run \"$g\"); delta $r First\n\
         while [ ! -e go ]; do echo '{\"type\":\"delta\",\"run\":'$r',\"text\":\"\"}'; sleep 0.05; done; over $r; cat",
    );
    engine.choose(&model(), Plan::default());
    let first = tokio::spawn({
        let engine = engine.clone();
        async move { ask(&engine).await }
    });
    engine.states().wait_for(|state| matches!(state, EngineState::Serving { .. })).await.unwrap();
    let cancel = CancellationToken::new();
    cancel.cancel();
    assert_eq!(hear(&engine, cancel).await, (String::new(), Ok(Finish::Stopped)));
    assert!(!first.is_finished(), "the one before it goes on");
    fs::write(folder.path().join("go"), "").unwrap();
    assert_eq!(first.await.unwrap(), ("First".into(), Ok(Finish::Complete)));
}

#[tokio::test]
async fn a_model_that_does_not_load_leaves_the_one_before_chosen() {
    let (engine, _folder) = scripted(
        "hello; load; read -r l; echo '{\"type\":\"failed\",\"run\":'$(run \"$l\")',\"kind\":\"model_damaged\",\"message\":\"This file is cut short.\"}'\n\
         load; read -r g; over $(run \"$g\"); cat",
    );
    engine.open(&model(), Plan::default()).await.unwrap();
    let error = engine.open(&PathBuf::from("/models/broken"), Plan::default()).await.unwrap_err();
    assert_eq!(error, AnsweringError::BadModel("This file is cut short.".into()));
    assert!(
        matches!(engine.destination(), Some(sotto_domain::Destination::Device { model }) if model == "quill")
    );
    assert_eq!(ask(&engine).await.1, Ok(Finish::Complete));
}

#[tokio::test]
async fn a_model_is_loaded_as_planned_and_its_state_says_what_came_of_it() {
    let (engine, folder) = scripted(
        r#"hello; read -r l; echo "$l $SOTTO_ENGINE_THREADS" > load; r=$(run "$l")
        echo '{"type":"progress","run":'$r',"done":3,"total":9}'; until [ -e go ]; do sleep 0.05; echo '{"type":"pulse","run":'$r'}'; done
        echo '{"type":"loaded","run":'$r',"model":{"name":"m","context":700,"bytes":9,"sees":true,"device":"CPU, 3 threads","fell_back":"No card.","token_bytes":5,"mind":50}}'
        read -r g; r=$(run "$g"); echo '{"type":"done","run":'$r',"finish":"complete","usage":{"prompt_tokens":3,"completion_tokens":2,"mind_tokens":41},"timings":{"reading_ms":5,"writing_ms":7}}'; cat"#,
    );
    let mut states = engine.states();
    let plan = Plan { context: 800, mind: 60, keep: 7000, device: Device::Cuda(1), spare_cores: 2 };
    engine.choose(&model(), plan);
    let answer = tokio::spawn({
        let engine = engine.clone();
        async move { ask(&engine).await }
    });
    let loading =
        states.wait_for(|state| matches!(state, EngineState::Loading { total: 9, .. })).await.unwrap();
    assert!(matches!(&*loading, EngineState::Loading { done: 3, .. }), "{loading:?}");
    drop(loading);
    fs::write(folder.path().join("go"), "").unwrap();
    assert_eq!(answer.await.unwrap().1, Ok(Finish::Complete));

    let order = fs::read_to_string(folder.path().join("load")).unwrap();
    for said in [r#""context":800"#, r#""mind":60"#, r#""keep":7000"#, r#""device":{"cuda":1}"#, " -2\n"] {
        assert!(order.contains(said), "{said} is not in {order}");
    }
    let state = states.borrow().clone();
    let EngineState::Ready { info, .. } = state else { panic!("{state:?}") };
    assert_eq!((info.context, info.mind, info.in_mind, info.sees), (700, 50, 41, true));
    assert_eq!((info.device.as_str(), info.fell_back.as_deref()), ("CPU, 3 threads", Some("No card.")));
    assert_eq!((info.bytes, info.token_bytes), (9, 5));
}

#[tokio::test]
async fn another_plan_loads_the_model_anew_and_the_same_does_not() {
    let (engine, folder) = scripted(
        "hello; while read -r l; do echo x >> loads; echo '{\"type\":\"loaded\",\"run\":'$(run \"$l\")',\"model\":{\"name\":\"m\",\"context\":64,\"bytes\":1,\"sees\":false,\"device\":\"x\",\"token_bytes\":1,\"mind\":0}}'; done",
    );
    let process = async || engine.process().await.unwrap();
    let loads = || fs::read_to_string(folder.path().join("loads")).unwrap().lines().count();
    engine.open(&model(), Plan::default()).await.unwrap();
    engine.open(&model(), Plan::default()).await.unwrap();
    assert_eq!(loads(), 1);
    let first = process().await;
    engine.open(&model(), Plan { context: 99, ..Plan::default() }).await.unwrap();
    assert_eq!((loads(), process().await), (2, first));
    engine.open(&model(), Plan { spare_cores: 1, ..Plan::default() }).await.unwrap();
    assert_ne!(process().await, first, "threads are counted when a process starts");
}

#[tokio::test]
async fn an_engine_that_nobody_asks_gives_its_memory_back_and_comes_again() {
    let (engine, _folder) = scripted("hello; load; read -r g; over \"$(run \"$g\")\"; cat");
    let mut states = engine.states();
    engine.open(&model(), Plan::default()).await.unwrap();
    assert!(engine.process().await.is_some(), "it stays where nobody wished otherwise");
    engine.rest_after(Some(Duration::from_millis(50)));
    states.wait_for(|state| matches!(state, EngineState::Resting { .. })).await.unwrap();
    assert_eq!(engine.process().await, None);
    assert_eq!(ask(&engine).await.1, Ok(Finish::Complete));
    states.wait_for(|state| matches!(state, EngineState::Resting { .. })).await.unwrap();
    engine.rest_after(None);
    assert_eq!(ask(&engine).await.1, Ok(Finish::Complete));
    assert!(engine.process().await.is_some());
}

#[tokio::test]
async fn unloading_ends_the_process_and_keeps_the_choice() {
    let (engine, _folder) = scripted("hello; load; read -r g; over \"$(run \"$g\")\"; cat");
    engine.unload().await;
    assert_eq!(*engine.states().borrow(), EngineState::Absent);
    engine.open(&model(), Plan::default()).await.unwrap();
    engine.unload().await;
    assert_eq!(engine.process().await, None);
    assert!(matches!(&*engine.states().borrow(), EngineState::Resting { model } if model == "quill"));
    assert_eq!(ask(&engine).await.1, Ok(Finish::Complete));
}
