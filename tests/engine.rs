//! The real engine, killed, frozen, barred, and given what is no model: not a word is
//! lost, and each fault has its sentence.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)] // a test may

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use journeys::{engine_program, open_app, tiny_model};
use sotto_app::{
    AnswerEvent, AnswerOptions, App, Barred, Document, Engine, EngineState, ModelChange, Passage,
    PassageCommand, ProposalEvent, Question,
};
use sotto_domain::{
    Answering, AnsweringError, ConversationId, Delta, MessageState, Progress, Request, Role, Rules, Sampling,
    Turn,
};
use sotto_engine_client::{EngineOptions, Plan, Timeouts};
use sotto_engine_protocol::{KEPT, VERSION};
use sotto_stage::Nobody;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// The tiny model in the form that is computed slowly: there is time to meddle with it.
fn slow_model() -> PathBuf {
    tiny_model().join("hf")
}

fn signal(process: u32, name: &str) {
    assert!(Command::new("kill").args([name, &process.to_string()]).status().unwrap().success());
}

async fn open_with_talk(folder: &TempDir) -> (App, ConversationId) {
    let sotto = open_app(folder.path()).unwrap();
    sotto.models().open(&slow_model()).await.unwrap();
    let talk = sotto.chats().create(None, None).unwrap();
    (sotto, talk)
}

/// What was told of an answer.
#[derive(Default)]
struct Told {
    text: String,
    state: Option<MessageState>,
    trouble: Option<String>,
}

impl Told {
    fn hear(&mut self, event: AnswerEvent) {
        match event {
            AnswerEvent::Progress(Progress::Text { text: more }) => self.text.push_str(&more),
            AnswerEvent::Finished { state, trouble, .. } => {
                self.state = Some(state);
                self.trouble = trouble;
            }
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_engine_loses_no_text_and_the_next_message_works() {
    let folder = TempDir::new().unwrap();
    let (sotto, talk) = open_with_talk(&folder).await;
    // It writes nonsense, and may have said all before it is killed: then it is asked again.
    let mut asked = 0;
    let (told, process) = loop {
        let process = sotto.engine.process().await.unwrap();
        let (mut told, mut killed) = (Told::default(), false);
        let tell = |event| {
            told.hear(event);
            if !killed && told.text.chars().count() > 20 {
                killed = true;
                signal(process, "-KILL");
            }
        };
        sotto.chats().send(talk, "Write a long scene in the rain.", tell).await.unwrap();
        asked += 1;
        if told.trouble.is_some() || asked == 20 {
            break (told, process);
        }
    };
    assert!(told.trouble.unwrap().contains("Your text is safe"));
    assert_eq!(told.state, Some(MessageState::Interrupted));
    let stored = sotto.library.branch(talk).unwrap().pop().unwrap().message;
    assert_eq!(stored.text, told.text, "all that was shown is stored");
    assert!(told.text.chars().count() > 20);

    let mut told = Told::default();
    sotto.chats().send(talk, "Go on.", |event| told.hear(event)).await.unwrap();
    assert_eq!(told.trouble, None);
    assert!(matches!(told.state, Some(MessageState::Complete | MessageState::CutAtLength)));
    assert_ne!(sotto.engine.process().await, Some(process), "it is another process");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_engine_is_taken_for_dead() {
    let folder = TempDir::new().unwrap();
    let engine = Engine::new(EngineOptions {
        program: engine_program(),
        scratch: folder.path().join("engine"),
        pictures: folder.path().join("pictures"),
        timeouts: Timeouts { pulse: Duration::from_secs(3), ..Timeouts::default() },
    });
    engine.open(&slow_model(), Plan { context: 1024, ..Plan::default() }).await.unwrap();
    let process = engine.process().await.unwrap();
    // It writes nonsense, and may have said all before it is frozen: then it is asked again.
    let mut outcome = Ok(());
    for _ in 0..20 {
        outcome = frozen_while_it_writes(&engine, process).await;
        if outcome.is_err() {
            break;
        }
        signal(process, "-CONT");
    }
    assert_eq!(outcome, Err(AnsweringError::Crashed));
    assert!(!Path::new(&format!("/proc/{process}")).exists(), "it was ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_is_kept_until_the_trash_is_emptied() {
    let folder = TempDir::new().unwrap();
    let kept = folder.path().join("engine").join(KEPT);
    let blocks = || fs::read_dir(&kept).map_or(0, Iterator::count);
    let until = async |so: &dyn Fn(usize) -> bool| {
        let wait = async {
            while !so(blocks()) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), wait).await.unwrap();
    };
    let (sotto, talk) = open_with_talk(&folder).await;
    let long = "The rain came in from the sea, and nobody closed the window. ".repeat(20);
    sotto.chats().send(talk, &long, |_| {}).await.unwrap();
    until(&|blocks| blocks > 2).await;

    // In the trash it can be restored: nothing is forgotten yet.
    sotto.chats().trash(talk).unwrap();
    assert!(blocks() > 2);
    sotto.projects().empty_trash().unwrap();
    until(&|blocks| blocks == 0).await;
    let other = sotto.chats().create(None, None).unwrap();
    let mut told = Told::default();
    sotto.chats().send(other, "Go on.", |event| told.hear(event)).await.unwrap();
    assert_eq!(told.trouble, None);

    // Where the user wants nothing kept, nothing is.
    sotto.models().change(ModelChange::KeepTalks(false)).unwrap();
    sotto.chats().send(other, &long, |_| {}).await.unwrap();
    assert!(!kept.exists());
}

/// What comes of an answer whose engine is stopped at its first words.
async fn frozen_while_it_writes(engine: &Engine, process: u32) -> Result<(), AnsweringError> {
    let mut answer = engine.answer(request("Write."), CancellationToken::new());
    let mut frozen = false;
    loop {
        match std::future::poll_fn(|context| answer.as_mut().poll_next(context)).await.unwrap() {
            Ok(Delta::Progress(Progress::Text { .. })) if !frozen => {
                frozen = true;
                signal(process, "-STOP");
            }
            Ok(Delta::Done { .. }) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(error),
        }
    }
}

fn request(text: &str) -> Request {
    Request {
        turns: vec![Turn::text(Role::User, text)],
        sampling: Sampling::default(),
        rules: Rules::default(),
        max_tokens: None,
        alternatives: 0,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_takes_effect_at_once_and_the_next_answer_is_not_mixed_with_it() {
    let folder = TempDir::new().unwrap();
    let (sotto, talk) = open_with_talk(&folder).await;
    // Some words are on their way already, on a busy machine perhaps all: then it is asked again. The
    // whole answer would be about a thousand.
    let mut asked = 0;
    let (told, after_stop) = loop {
        let (mut told, mut after_stop) = (Told::default(), 0);
        let tell = |event| {
            if told.text.chars().count() > 10 {
                sotto.chats().stop(talk);
                after_stop += 1;
            }
            told.hear(event);
        };
        sotto.chats().send(talk, "Write a long scene in the rain.", tell).await.unwrap();
        asked += 1;
        if told.state == Some(MessageState::Stopped) && after_stop < 400 || asked == 20 {
            break (told, after_stop);
        }
    };
    assert_eq!((told.state, told.trouble), (Some(MessageState::Stopped), None));
    assert!(after_stop < 400, "{after_stop} more events came after Stop");
    let usage = sotto.library.branch(talk).unwrap().pop().unwrap().message.made.unwrap().usage.unwrap();
    assert!(usage.prompt_tokens > 5 && usage.completion_tokens > 0, "{usage:?}");

    let first = sotto.library.branch(talk).unwrap()[0].message.id;
    let mut told = Told::default();
    let edited = Question::Edit { message: first, text: "A short one.".into() };
    sotto.chats().ask(&edited, &AnswerOptions::default(), |event| told.hear(event)).await.unwrap();
    assert_eq!(told.trouble, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_talk_that_outgrows_the_model_goes_on_and_says_what_was_not_read() {
    let folder = TempDir::new().unwrap();
    let (sotto, talk) = open_with_talk(&folder).await;
    let novel = "The door was blue and the lamp was warm. ".repeat(300);
    let mut first = Told::default();
    sotto.chats().send(talk, &novel, |event| first.hear(event)).await.unwrap();
    assert!(first.trouble.unwrap().contains("at once"), "one message is never cut");
    assert_eq!(first.state, Some(MessageState::Interrupted));

    let talk = sotto.chats().create(None, None).unwrap();
    let mut remark = None;
    for _ in 0..30 {
        let mut told = Told::default();
        sotto.chats().send(talk, &novel[..1200], |event| told.hear(event)).await.unwrap();
        assert_eq!(told.trouble, None);
        assert!(matches!(told.state, Some(MessageState::Complete | MessageState::CutAtLength)));
        remark = sotto.library.branch(talk).unwrap().pop().unwrap().message.remark;
        if remark.is_some() {
            break;
        }
    }
    assert!(remark.unwrap().contains("were not read"));
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn the_running_engine_is_barred_from_the_network_by_the_kernel() {
    let folder = TempDir::new().unwrap();
    let (sotto, _) = open_with_talk(&folder).await;
    let state = sotto.engine.states().borrow().clone();
    assert!(matches!(state, EngineState::Ready { barred: Barred::Proven, .. }), "{state:?}");
    let process = sotto.engine.process().await.unwrap();
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    assert!(status.contains("Seccomp:\t2") && status.contains("NoNewPrivs:\t1"), "{status}");
    // Two of the app's, and its own: it executes nothing. What is laid on us, as in a container, is
    // laid on it too.
    let ours = fs::read_to_string("/proc/self/status").unwrap();
    assert_eq!(filters(&status), filters(&ours) + 3, "{status}");
    for task in fs::read_dir(format!("/proc/{process}/task")).unwrap() {
        let status = fs::read_to_string(task.unwrap().path().join("status")).unwrap();
        assert!(status.contains("Seccomp:\t2"), "every thread of it: {status}");
    }
    // A runtime inside it may hold a pair of sockets to itself; none leads anywhere.
    let roads = ["tcp", "tcp6", "udp", "udp6", "raw", "raw6", "packet"]
        .map(|kind| fs::read_to_string(format!("/proc/{process}/net/{kind}")).unwrap_or_default());
    for held in fs::read_dir(format!("/proc/{process}/fd")).unwrap() {
        let held = fs::read_link(held.unwrap().path()).unwrap_or_default().to_string_lossy().into_owned();
        if let Some(inode) = held.strip_prefix("socket:[").and_then(|rest| rest.strip_suffix(']')) {
            assert!(roads.iter().all(|road| !road.split_whitespace().any(|word| word == inode)), "{held}");
        }
    }
}

#[test]
fn an_engine_that_is_not_barred_finds_the_door_open_and_refuses_to_serve() {
    use std::{io::Write, net::TcpListener, process::Stdio};
    let door = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut engine = Command::new(engine_program())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let hello = format!(
        "{{\"type\":\"hello\",\"version\":{VERSION},\"door\":\"{}\",\"nonce\":\"n\"}}\n",
        door.local_addr().unwrap()
    );
    engine.stdin.as_mut().unwrap().write_all(hello.as_bytes()).unwrap();
    let output = engine.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("\"network\":\"open\"") && said.contains("network_open"), "{said}");
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn whatever_log_is_asked_for_spells_none_of_the_users_words() {
    use std::{
        io::{BufRead, BufReader, Read, Write},
        process::Stdio,
    };
    let folder = TempDir::new().unwrap();
    let shut = Nobody::here();
    let mut engine = Command::new(engine_program())
        .envs([("SOTTO_ENGINE_LOG", "trace"), ("RUST_LOG", "trace")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // What it logs is read meanwhile, or it would stand still.
    let mut log = engine.stderr.take().unwrap();
    let log = std::thread::spawn(move || {
        let mut text = String::new();
        log.read_to_string(&mut text).map(|_| text)
    });
    let mut stdin = engine.stdin.take().unwrap();
    for line in [
        format!(r#"{{"type":"hello","version":{VERSION},"door":"{}","nonce":"n"}}"#, shut.address()),
        format!(
            r#"{{"type":"load","run":1,"path":{:?},"scratch":{:?},"exact":false,"context":512,"prefix_cache_tokens":0,"disk_cache_bytes":0,"device":"cpu"}}"#,
            slow_model(),
            folder.path()
        ),
        r#"{"type":"generate","run":2,"turns":[{"role":"user","parts":[{"type":"text","text":"Xyzzy rain"}]}],"sampling":{"temperature":0.5,"top_p":1,"top_k":9},"rules":{"banned":["Plugh"],"stop":["Frobnitz"]},"max_tokens":9,"top_logprobs":0,"ignore_eos":false}"#.into(),
    ] {
        stdin.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
    let mut said = BufReader::new(engine.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(said.any(|line| line.contains(r#""type":"done""#)), "it answered");
    stdin.write_all(b"{\"type\":\"generate\",\"word\":\"Grue\"}\n").unwrap();
    drop(stdin);
    engine.wait().unwrap();
    let log = log.join().unwrap().unwrap();
    assert!(log.contains("the door stayed shut"), "it logs at all: {log}");
    for word in ["Xyzzy", "rain", "Plugh", "Frobnitz", "Grue"] {
        assert!(!log.contains(word), "{word}: {log}");
    }
}

/// How many filters there are on the calls of a process, by its `/proc/…/status`.
#[cfg(target_os = "linux")]
fn filters(status: &str) -> u32 {
    let count = status.lines().find_map(|line| line.strip_prefix("Seccomp_filters:"));
    count.expect("Linux 5.9 or later").trim().parse().unwrap()
}

/// A copy of the tiny model that may be broken.
fn broken(folder: &TempDir, how: impl FnOnce(&Path)) -> PathBuf {
    let copy = folder.path().join("novel-model");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(tiny_model().join("hf")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    how(&copy);
    copy
}

async fn refusal(path: &Path) -> String {
    let folder = TempDir::new().unwrap();
    let sotto = open_app(folder.path()).unwrap();
    let error = sotto.models().open(path).await.unwrap_err();
    assert!(matches!(error, AnsweringError::BadModel(_)), "{error:?}");
    let state = sotto.engine.states().borrow().clone();
    assert!(
        matches!(&state, EngineState::Failed { trouble, .. } if *trouble == error.to_string()),
        "{state:?}"
    );
    sotto.models().open(&slow_model()).await.expect("the app is alive, and a good model opens");
    error.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_thing_that_is_no_model_has_its_own_clear_sentence() {
    let folders: Vec<TempDir> = (0..5).map(|_| TempDir::new().unwrap()).collect();
    let missing = refusal(Path::new("/nowhere/at-all")).await;
    let no_model = refusal(folders[0].path()).await;
    let cut_short = refusal(&broken(&folders[1], |copy| {
        let weights = copy.join("model.safetensors");
        let length = fs::metadata(&weights).unwrap().len();
        fs::File::options().write(true).open(weights).unwrap().set_len(length - 4096).unwrap();
    }))
    .await;
    let other_kind = refusal(&broken(&folders[2], |copy| {
        let config = copy.join("config.json");
        let text = fs::read_to_string(&config).unwrap();
        let text = text.replace("\"Mistral3ForConditionalGeneration\"", "\"PhiForCausalLM\"");
        fs::write(&config, text.replace("\"mistral3\"", "\"llama\"")).unwrap();
    }))
    .await;
    let damaged =
        refusal(&broken(&folders[3], |copy| fs::write(copy.join("config.json"), "{ \"archi").unwrap())).await;

    let mut all = vec![&missing, &no_model, &cut_short, &other_kind, &damaged];
    for sentence in &all {
        assert!(sentence.ends_with('.') && sentence.len() > 20 && sentence.len() < 260, "{sentence}");
        for jargon in ["panic", "unwrap", "Error", "token", "JSON"] {
            assert!(!sentence.contains(jargon), "{sentence}");
        }
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 5, "each its own: {all:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_command_on_a_page_reads_only_what_is_new() {
    let folder = TempDir::new().unwrap();
    let (sotto, _) = open_with_talk(&folder).await;
    let page = sotto.pages().create(None, "The road", &Document::default()).unwrap().id;
    let passage = Passage {
        text: "It was late.".into(),
        before: "The road was white with salt. ".repeat(12),
        after: "She left.".into(),
        proposal: None,
        without: vec![],
        variant: 0,
    };
    let mut read = vec![];
    for command in [PassageCommand::Tighten, PassageCommand::Senses] {
        let heard = |event| {
            if let ProposalEvent::Finished { made, trouble, .. } = event {
                let usage = made.usage.unwrap_or_else(|| panic!("{trouble:?}"));
                read.push((usage.prompt_tokens, usage.reused_tokens));
            }
        };
        sotto.pages().propose(page, &command, &passage, &AnswerOptions::default(), heard).await.unwrap();
    }
    let [(first, _), (second, reused)] = read[..] else { panic!("{read:?}") };
    assert!(first > 100, "{read:?}");
    assert!(second - reused < second / 3, "only what is to be done is new: {read:?}");
}
