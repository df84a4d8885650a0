//! A script of ours that plays the engine, because a real one does not misbehave on command.
#![allow(dead_code)] // each test file uses a part of it

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};

use sotto_domain::{
    Answering, AnsweringError, Delta, Finish, Progress, Request, Role, Rules, Sampling, Turn,
};
use sotto_engine_client::{Engine, EngineOptions, Timeouts};
use sotto_engine_protocol::VERSION;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const HELLO: &str =
    r#"read -r hello; echo '{"type":"hello","version":'$VERSION',"network":"barred","device":"script"}'"#;
const LOAD: &str = r#"read -r line; run "$line"; echo '{"type":"loaded","run":'$r',"model":{"name":"m","context":64,"bytes":1,"sees":false,"device":"script","token_bytes":1,"prefix_cache_tokens":0}}'"#;
const DONE: &str = r#""finish":"complete","usage":{"prompt_tokens":3,"completion_tokens":2},"timings":{"reading_ms":5,"writing_ms":7}}"#;

/// An engine played by `acts`, bash that may call `run LINE` (which sets `r` to the run's id),
/// `delta ID TEXT`, `over ID`, and `rest` (till the app goes away). It stands behind the real
/// bar, so that it can start neither a program nor another process.
pub fn scripted(acts: &str) -> (Engine, TempDir) {
    scripted_with(acts, patient())
}

/// No machine is so slow that this runs out.
pub fn patient() -> Timeouts {
    let long = Duration::from_mins(2);
    Timeouts { hello: long, pulse: long, progress: long, per_token: Duration::ZERO, stop: long }
}

/// The same, with timeouts of its own.
pub fn scripted_with(acts: &str, timeouts: Timeouts) -> (Engine, TempDir) {
    let folder = TempDir::new().unwrap();
    let program = folder.path().join("engine");
    let script = format!(
        "#!/bin/bash\ncd '{folder}'; VERSION={VERSION}\n\
         run() {{ r=${{1##*\\\"run\\\":}}; r=${{r%%[,\\}}]*}}; }}\n\
         rest() {{ while read -r _; do :; done; }}\n\
         delta() {{ echo '{{\"type\":\"delta\",\"run\":'\"$1\"',\"text\":\"'\"$2\"'\"}}'; }}\n\
         over() {{ echo '{{\"type\":\"done\",\"run\":'\"$1\"',{DONE}'; }}\n\
         hello() {{ {HELLO}; }}\nload() {{ {LOAD}; }}\n{acts}\n",
        folder = folder.path().display(),
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let (scratch, pictures) = (folder.path().to_owned(), folder.path().join("pictures"));
    (Engine::new(EngineOptions { program, scratch, pictures, timeouts }), folder)
}

pub fn question() -> Request {
    Request {
        turns: vec![Turn::text(Role::User, "Well?")],
        sampling: Sampling::default(),
        rules: Rules::default(),
        max_tokens: None,
        alternatives: 0,
    }
}

/// The text of an answer and how it ended.
pub async fn hear(engine: &Engine, cancel: CancellationToken) -> (String, Result<Finish, AnsweringError>) {
    let mut answer = engine.answer(question(), cancel);
    let mut text = String::new();
    loop {
        let next = std::future::poll_fn(|context| answer.as_mut().poll_next(context)).await;
        match next.expect("a last word") {
            Ok(Delta::Progress(Progress::Text { text: more })) => text.push_str(&more),
            Ok(Delta::Done { finish, .. }) => return (text, Ok(finish)),
            Ok(Delta::Progress(_) | Delta::Step(_) | Delta::ServedBy(_)) => {}
            Err(error) => return (text, Err(error)),
        }
    }
}

pub async fn ask(engine: &Engine) -> (String, Result<Finish, AnsweringError>) {
    hear(engine, CancellationToken::new()).await
}

pub fn model() -> PathBuf {
    PathBuf::from("/models/quill")
}
