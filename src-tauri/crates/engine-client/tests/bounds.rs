//! What an engine says, how it ends and how it heeds are bounded, whatever it is: behind the
//! real bar, a script plays one that floods, lies, deafens, clings and starves.

#![allow(clippy::disallowed_types)] // a test may speak to itself
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may panic

mod played;

use std::{fs, io::Write, net::TcpStream, os::unix::ffi::OsStrExt, path::Path, time::Duration};

use played::{ask, hear, model, patient, question, scripted, scripted_with};
use sotto_domain::{Answering, AnsweringError, Delta, Finish, Picture, Progress};
use sotto_engine_client::{Engine, EngineOptions, EngineState, Plan, Timeouts};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn a_log_line_of_any_length_does_not_deafen_the_app() {
    let (engine, _folder) = scripted(
        "hello; load; read -r g; run \"$g\"; printf '%300000s\\n' x >&2; printf '%300000s\\n' y >&2\n\
         delta $r Heard; over $r; rest",
    );
    engine.choose(&model(), Plan::default());
    assert_eq!(ask(&engine).await, ("Heard".into(), Ok(Finish::Complete)));
}

#[tokio::test]
async fn a_line_without_end_ends_the_engine_in_words() {
    let (engine, _folder) = scripted(
        "hello; load; read -r g; run \"$g\"; delta $r Half\n\
         if [ ! -e flooded ]; then > flooded; printf '%3000000s' x; rest; fi; over $r; rest",
    );
    engine.choose(&model(), Plan::default());
    let (text, outcome) = ask(&engine).await;
    assert_eq!(text, "Half", "what it said until then is kept");
    assert!(matches!(&outcome, Err(AnsweringError::Ended(said)) if said.contains("far more")), "{outcome:?}");
    assert_eq!(ask(&engine).await.1, Ok(Finish::Complete), "the next answer works");
}

#[tokio::test]
async fn an_answer_without_end_is_cut_and_kept() {
    let (engine, _folder) = scripted(
        "printf -v page '%60000s' x; hello; load; read -r g; run \"$g\"; while :; do delta $r \"$page\"; done",
    );
    engine.choose(&model(), Plan::default());
    let (text, outcome) = ask(&engine).await;
    assert!(matches!(&outcome, Err(AnsweringError::Ended(said)) if said.contains("far more")), "{outcome:?}");
    assert!(text.len() > 1_000_000 && text.len() <= 4 * 1024 * 1024, "{}", text.len());
}

#[tokio::test]
async fn an_engine_that_does_not_heed_stop_is_ended_and_the_answer_counts_as_stopped() {
    let timeouts = Timeouts { stop: Duration::from_millis(300), ..patient() };
    let (engine, _folder) = scripted_with("hello; load; read -r g; run \"$g\"; delta $r Onc; rest", timeouts);
    engine.choose(&model(), Plan::default());
    let cancel = CancellationToken::new();
    let mut answer = engine.answer(question(), cancel.clone());
    let mut heard = Vec::new();
    while let Some(item) = std::future::poll_fn(|context| answer.as_mut().poll_next(context)).await {
        if let Delta::Progress(Progress::Text { text }) = item.as_ref().expect("no fault") {
            heard.push(text.clone());
            cancel.cancel();
        }
        if let Ok(Delta::Done { finish, .. }) = item {
            assert_eq!(finish, Finish::Stopped);
        }
    }
    assert_eq!(heard, ["Onc"]);
    assert_eq!(engine.process().await, None, "it was ended");
    assert!(matches!(&*engine.states().borrow(), EngineState::Resting { .. }));
}

#[tokio::test]
async fn stop_is_heard_while_the_model_is_loading() {
    let (engine, _folder) = scripted("hello; read -r l; rest");
    engine.choose(&model(), Plan::default());
    let cancel = CancellationToken::new();
    let answer = tokio::spawn({
        let (engine, cancel) = (engine.clone(), cancel.clone());
        async move { hear(&engine, cancel).await }
    });
    engine.states().wait_for(|state| matches!(state, EngineState::Loading { .. })).await.unwrap();
    cancel.cancel();
    assert_eq!(answer.await.unwrap(), (String::new(), Ok(Finish::Stopped)));
    assert_eq!(engine.process().await, None, "its memory is free");
}

#[tokio::test]
async fn how_it_ended_is_said_and_what_trying_again_will_not_mend_is_not_tried() {
    for (end, words) in [
        ("kill -KILL $$", "more memory"),
        ("echo 'memory allocation of 99 bytes failed' >&2; kill -ABRT $$", "more memory"),
        ("kill -ILL $$", "processor lacks"),
        ("kill -BUS $$", "could not be read any more"),
    ] {
        let (engine, folder) = scripted(&format!(
            "echo x >> starts; hello; load; read -r g; run \"$g\"; delta $r Half; {end}; rest"
        ));
        engine.choose(&model(), Plan::default());
        let (text, outcome) = ask(&engine).await;
        assert_eq!(text, "Half");
        let Err(AnsweringError::Ended(said)) = outcome else { panic!("{end}: {outcome:?}") };
        assert!(said.contains(words) && said.contains("Your text is safe"), "{end}: {said}");
        assert_eq!(engine.process().await, None);
        assert!(matches!(&*engine.states().borrow(), EngineState::Resting { .. }));
        assert_eq!(fs::read_to_string(folder.path().join("starts")).unwrap(), "x\n");
    }
}

/// An engine that greets when the file `go` is there, and writes down how it was greeted.
const SLOW_TO_GREET: &str = "read -r hello; echo \"$hello\" > greeted.new\n\
     > greeted; until [ -e go ]; do read -t 0.05 -r _; done\n\
     echo '{\"type\":\"hello\",\"version\":'$VERSION',\"network\":\"barred\",\"device\":\"x\"}'; load; rest";

/// What comes of starting it while `at_the_door` is said to the door.
async fn with_a_visitor(
    at_the_door: impl FnOnce(&serde_json::Value) -> Vec<u8>,
) -> Result<(), AnsweringError> {
    let (engine, folder) = scripted(SLOW_TO_GREET);
    let opened = tokio::spawn(async move { engine.open(&model(), Plan::default()).await });
    while !folder.path().join("greeted").exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let greeting = fs::read_to_string(folder.path().join("greeted.new")).unwrap();
    let greeting: serde_json::Value = serde_json::from_str(&greeting).unwrap();
    let mut visitor = TcpStream::connect(greeting["door"].as_str().unwrap()).unwrap();
    visitor.write_all(&at_the_door(&greeting)).unwrap();
    fs::write(folder.path().join("go"), "").unwrap();
    opened.await.unwrap()
}

#[tokio::test]
async fn somebody_else_who_knocks_at_the_door_does_not_stop_the_engine() {
    with_a_visitor(|_| b"GET / HTTP/1.1\r\n\r\n".to_vec()).await.unwrap();
    with_a_visitor(|_| Vec::new()).await.unwrap();
}

#[tokio::test]
async fn an_engine_that_came_through_the_door_never_serves_whatever_it_says() {
    let error = with_a_visitor(|greeting| greeting["nonce"].as_str().unwrap().into()).await.unwrap_err();
    assert!(matches!(&error, AnsweringError::Unsupported(said) if said.contains("network")), "{error}");
}

#[tokio::test]
async fn talk_before_the_greeting_does_not_put_it_off_for_ever() {
    let timeouts = Timeouts { hello: Duration::from_secs(1), ..patient() };
    let (engine, _folder) =
        scripted_with("while :; do echo '{\"type\":\"pulse\",\"run\":1}'; read -t 0.05 -r _; done", timeouts);
    let error = engine.open(&model(), Plan::default()).await.unwrap_err();
    assert!(matches!(&error, AnsweringError::Unsupported(said) if said.contains("could not be started")));
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_to_is_said_as_such() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let engine = Engine::new(EngineOptions {
        program: folder.path().join("engine"),
        scratch: folder.path().join("file/engine"),
        pictures: folder.path().join("pictures"),
        timeouts: Timeouts::default(),
    });
    let error = engine.open(&model(), Plan::default()).await.unwrap_err().to_string();
    assert!(error.contains("cannot write to its own folder") && error.contains("file/engine"), "{error}");
}

#[tokio::test]
async fn what_cannot_be_said_to_the_engine_has_its_own_sentence_and_ends_nothing() {
    let (engine, _folder) = scripted("hello; load; read -r g; run \"$g\"; over $r; rest");
    let broken = Path::new(std::ffi::OsStr::from_bytes(b"/models/qu\xffll")).to_owned();
    let error = engine.open(&broken, Plan::default()).await.unwrap_err();
    assert!(matches!(&error, AnsweringError::BadModel(said) if said.contains("plain names")), "{error}");

    engine.open(&model(), Plan::default()).await.unwrap();
    let process = engine.process().await;
    let ask_with = async |change: &dyn Fn(&mut sotto_domain::Request)| {
        let mut request = question();
        change(&mut request);
        let mut answer = engine.answer(request, CancellationToken::new());
        std::future::poll_fn(|context| answer.as_mut().poll_next(context)).await.unwrap()
    };
    let long = ask_with(&|request| request.turns[0].text = "x".repeat(34_000_000)).await;
    assert!(matches!(&long, Err(AnsweringError::Refused(said)) if said.contains("longer")), "{long:?}");
    let picture = Picture { id: None, path: broken.clone(), width: 1, height: 1 };
    let shown = ask_with(&|request| request.turns[0].pictures = vec![picture.clone()]).await;
    assert!(matches!(&shown, Err(AnsweringError::Refused(said)) if said.contains("picture")), "{shown:?}");
    assert_eq!(engine.process().await, process, "it runs on");
    assert_eq!(ask(&engine).await.1, Ok(Finish::Complete));
}

#[tokio::test]
async fn it_is_given_no_more_of_the_environment_than_it_needs_and_dies_first() {
    let (engine, folder) =
        scripted("export -p > environment; ulimit -c > core; ulimit -d > data; hello; load; rest");
    assert!(std::env::var_os("PATH").is_some(), "there is something to be kept from it");
    engine.open(&model(), Plan { memory: Some(3 << 30), ..Plan::default() }).await.unwrap();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    // What bash itself sets, and what is passed on.
    let known = ["OLDPWD", "PWD", "SHLVL", "_", "TZ", "SOTTO_ENGINE_LOG", "SOTTO_ENGINE_THREADS"];
    for line in read("environment").lines() {
        let name = line.trim_start_matches("declare -x ").split('=').next().unwrap();
        assert!(known.contains(&name), "{line}");
    }
    assert_eq!(read("core").trim(), "0");
    assert_eq!(read("data").trim(), (3 << 20).to_string(), "in kilobytes");
    let process = engine.process().await.unwrap();
    let first = fs::read_to_string(format!("/proc/{process}/oom_score_adj")).unwrap();
    assert_eq!(first.trim(), "1000");
}
