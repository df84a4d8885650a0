//! The engine misbehaves in every way we know, and the app lives on.
//!
//! Here a script of ours plays the engine, because a real one does not misbehave on
//! command; `journeys` runs the same client against the real one.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may panic

mod played;

use std::{fs, path::PathBuf, time::Duration};

use played::{ask, hear, model, patient, question, scripted, scripted_with};
use sotto_domain::{Answering, AnsweringError, Delta, Finish, Progress};
use sotto_engine_client::{Device, Engine, EngineOptions, EngineState, Plan, Timeouts};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Silence is waited for no longer than a test should take.
fn impatient() -> Timeouts {
    Timeouts { pulse: Duration::from_secs(2), progress: Duration::from_secs(3), ..patient() }
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
        scripted("hello; load; read -r g; run \"$g\"; delta $r Good; delta $r ' evening'; over $r; rest");
    engine.open(&model(), Plan::default()).await.unwrap();
    assert!(matches!(&*engine.states().borrow(), EngineState::Ready { model, .. } if model == "quill"));
    assert_eq!(ask(&engine).await, ("Good evening".into(), Ok(Finish::Complete)));
}

#[tokio::test]
async fn what_the_model_thinks_is_no_part_of_its_answer() {
    let (engine, _folder) = scripted(
        "hello; load; read -r g; run \"$g\"; delta $r '[THI'; delta $r 'NK]Hm.[/THINK]Good'; delta $r ' evening'; \
         over $r; rest",
    );
    engine.open(&model(), Plan::default()).await.unwrap();
    let mut answer = engine.answer(question(), CancellationToken::new());
    let (mut thought, mut said) = (String::new(), String::new());
    while let Some(delta) = std::future::poll_fn(|context| answer.as_mut().poll_next(context)).await {
        match delta.unwrap() {
            Delta::Progress(Progress::Thinking { text: more }) => thought += &more,
            Delta::Progress(Progress::Text { text: more }) => said += &more,
            _ => {}
        }
    }
    assert_eq!((thought.as_str(), said.as_str()), ("Hm.", "Good evening"));
}

#[tokio::test]
async fn a_crash_keeps_the_text_so_far_and_the_next_answer_works() {
    let (engine, _folder) = scripted(
        "hello; load; read -r g; run \"$g\"; delta $r Half\n\
         if [ ! -e crashed ]; then > crashed; exit 134; fi\n\
         over $r; rest",
    );
    engine.choose(&model(), Plan::default());
    assert_eq!(ask(&engine).await, ("Half".into(), Err(AnsweringError::Crashed)));
    assert_eq!(ask(&engine).await, ("Half".into(), Ok(Finish::Complete)));
}

#[tokio::test]
async fn a_crash_at_rest_is_mended_before_anybody_asks() {
    let (engine, _folder) = scripted(
        "hello; load\nif [ ! -e crashed ]; then > crashed; exit 134; fi\n\
         read -r g; run \"$g\"; over $r; rest",
    );
    let mut states = engine.states();
    let _ = engine.open(&model(), Plan::default()).await;
    states.wait_for(|state| matches!(state, EngineState::Resting { .. })).await.unwrap();
    states.wait_for(|state| matches!(state, EngineState::Ready { .. })).await.unwrap();
}

#[tokio::test]
async fn an_engine_that_never_answers_is_taken_for_dead() {
    let (engine, _folder) = scripted_with("hello; load; read -r _; rest", impatient());
    engine.choose(&model(), Plan::default());
    assert_eq!(ask(&engine).await.1, Err(AnsweringError::Crashed));
}

#[tokio::test]
async fn signs_of_life_without_progress_are_not_enough() {
    let (engine, _folder) = scripted_with(
        "hello; load; read -r g; run \"$g\"; while :; do echo '{\"type\":\"pulse\",\"run\":'$r'}'; read -t 0.1 -r _; done",
        impatient(),
    );
    engine.choose(&model(), Plan::default());
    assert_eq!(ask(&engine).await.1, Err(AnsweringError::Crashed));
}

#[tokio::test]
async fn signs_of_life_keep_a_slow_reader_alive() {
    // On a machine that stood still for longer than was given, all of it is tried at half the pace.
    let mut pause = Duration::from_millis(250);
    let outcome = loop {
        let acts = format!(
            "hello; load; read -r g; run \"$g\"\n\
             for i in 1 2 3 4 5 6; do read -t {} -r _; echo '{{\"type\":\"pulse\",\"run\":'$r'}}'; done; over $r; rest",
            pause.as_secs_f64()
        );
        // Each pause is short beside this, and all of them together are long.
        let (engine, _folder) = scripted_with(&acts, Timeouts { pulse: pause * 4, ..patient() });
        engine.choose(&model(), Plan::default());
        let outcome = ask(&engine).await.1;
        if outcome.is_ok() || pause > Duration::from_secs(5) {
            break outcome;
        }
        pause *= 2;
    };
    assert_eq!(outcome, Ok(Finish::Complete));
}

#[tokio::test]
async fn another_version_is_refused_in_words() {
    let (engine, _folder) =
        scripted(r#"read -r _; echo '{"type":"hello","version":999,"network":"barred","device":"x"}'; rest"#);
    let error = engine.open(&model(), Plan::default()).await.unwrap_err();
    assert!(
        matches!(&error, AnsweringError::Unsupported(said) if said.contains("another version")),
        "{error}"
    );
}

#[tokio::test]
async fn an_engine_that_reached_the_network_never_serves() {
    let (engine, _folder) = scripted(
        r#"read -r _; echo '{"type":"hello","version":'$VERSION',"network":"open","device":"x"}'; rest"#,
    );
    let error = engine.open(&model(), Plan::default()).await.unwrap_err();
    assert!(matches!(&error, AnsweringError::Unsupported(said) if said.contains("network")), "{error}");
}

#[tokio::test]
async fn a_line_that_is_not_of_the_protocol_ends_the_engine_not_the_app() {
    let (engine, _folder) = scripted("hello; load; read -r _; echo 'Segmentation fault'; rest");
    engine.choose(&model(), Plan::default());
    assert_eq!(ask(&engine).await.1, Err(AnsweringError::Crashed));
}

#[tokio::test]
async fn a_missing_engine_is_said_not_thrown() {
    let folder = TempDir::new().unwrap();
    let engine = Engine::new(EngineOptions {
        program: folder.path().join("nothing"),
        scratch: folder.path().to_owned(),
        pictures: folder.path().to_owned(),
        timeouts: Timeouts::default(),
    });
    let error = engine.open(&model(), Plan::default()).await.unwrap_err();
    assert!(matches!(&error, AnsweringError::Unsupported(said) if said.contains("Installing")), "{error}");
}

#[tokio::test]
async fn stopping_reaches_the_engine_and_is_an_outcome() {
    let (engine, _folder) = scripted(
        "hello; load; read -r g; run \"$g\"; delta $r Onc; read -r c\n\
         case $c in *cancel*) echo '{\"type\":\"done\",\"run\":'$r',\"finish\":\"cancelled\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1},\"timings\":{\"reading_ms\":1,\"writing_ms\":0}}';; esac; rest",
    );
    engine.choose(&model(), Plan::default());
    let cancel = CancellationToken::new();
    let mut answer = engine.answer(question(), cancel.clone());
    let mut finish = None;
    while let Some(item) = std::future::poll_fn(|context| answer.as_mut().poll_next(context)).await {
        match item.unwrap() {
            Delta::Progress(Progress::Text { .. }) => cancel.cancel(),
            Delta::Done { finish: how, .. } => finish = Some(how),
            _ => {}
        }
    }
    assert_eq!(finish, Some(Finish::Stopped));
}

#[tokio::test]
async fn stopping_an_answer_that_still_waits_its_turn_is_immediate() {
    let (engine, folder) = scripted(
        "hello; load; read -r g; run \"$g\"; delta $r First\n\
         while [ ! -e go ]; do echo '{\"type\":\"delta\",\"run\":'$r',\"text\":\"\"}'; read -t 0.05 -r _; done; over $r; rest",
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
        "hello; if [ -e opened ] && [ ! -e failed ]; then > failed; read -r l; run \"$l\"; echo '{\"type\":\"failed\",\"run\":'$r',\"kind\":\"model_damaged\",\"message\":\"This file is cut short.\"}'; rest; fi\n\
         > opened; load; read -r g; run \"$g\"; over $r; rest",
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
        r#"hello; read -r l; echo "$l $SOTTO_ENGINE_THREADS" > load; run "$l"
        echo '{"type":"progress","run":'$r',"done":3,"total":9}'; until [ -e go ]; do read -t 0.05 -r _; echo '{"type":"pulse","run":'$r'}'; done
        echo '{"type":"loaded","run":'$r',"model":{"name":"m","context":700,"bytes":9,"sees":true,"device":"CPU, 3 threads","fell_back":"No card.","token_bytes":5,"prefix_cache_tokens":50}}'
        read -r g; run "$g"; echo '{"type":"done","run":'$r',"finish":"complete","usage":{"prompt_tokens":3,"completion_tokens":2,"cached_tokens":41},"timings":{"reading_ms":5,"writing_ms":7}}'; rest"#,
    );
    let mut states = engine.states();
    let plan = Plan {
        context: 800,
        prefix_cache_tokens: 60,
        disk_cache_bytes: 7000,
        device: Device::Cuda(1),
        spare_cores: 2,
        memory: None,
    };
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
    for said in [
        r#""context":800"#,
        r#""prefix_cache_tokens":60"#,
        r#""disk_cache_bytes":7000"#,
        r#""device":{"cuda":1}"#,
        " -2\n",
    ] {
        assert!(order.contains(said), "{said} is not in {order}");
    }
    let state = states.borrow().clone();
    let EngineState::Ready { info, .. } = state else { panic!("{state:?}") };
    assert_eq!((info.context, info.prefix_cache_tokens, info.cached_tokens, info.sees), (700, 50, 41, true));
    assert_eq!((info.device.as_str(), info.fell_back.as_deref()), ("CPU, 3 threads", Some("No card.")));
    assert_eq!((info.bytes, info.token_bytes), (9, 5));
}

#[tokio::test]
async fn another_plan_loads_the_model_in_a_process_of_its_own_and_the_same_does_not() {
    let (engine, folder) = scripted("echo x >> starts; hello; load; rest");
    let process = async || engine.process().await.unwrap();
    let starts = || fs::read_to_string(folder.path().join("starts")).unwrap().lines().count();
    engine.open(&model(), Plan::default()).await.unwrap();
    let first = process().await;
    engine.open(&model(), Plan::default()).await.unwrap();
    assert_eq!((starts(), process().await), (1, first));
    engine.open(&model(), Plan { context: 99, ..Plan::default() }).await.unwrap();
    assert_eq!(starts(), 2);
    engine.open(&PathBuf::from("/models/another"), Plan::default()).await.unwrap();
    assert_eq!(starts(), 3, "it may see the files of one model alone");
}

#[tokio::test]
async fn an_engine_that_nobody_asks_gives_its_memory_back_and_comes_again() {
    let (engine, _folder) = scripted("hello; load; read -r g; run \"$g\"; over $r; rest");
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
    let (engine, _folder) = scripted("hello; load; read -r g; run \"$g\"; over $r; rest");
    engine.unload().await;
    assert_eq!(*engine.states().borrow(), EngineState::Absent);
    engine.open(&model(), Plan::default()).await.unwrap();
    engine.unload().await;
    assert_eq!(engine.process().await, None);
    assert!(matches!(&*engine.states().borrow(), EngineState::Resting { model } if model == "quill"));
    assert_eq!(ask(&engine).await.1, Ok(Finish::Complete));
}
