//! The program itself, through its stdin and stdout: how it greets, answers, stops,
//! fails and ends.

mod app;

use std::{fs, net::TcpListener};

use app::{App, TestDir, WRITER, fixture, model, user};
use serde_json::{Value, json};
use sotto_engine_protocol::VERSION;

#[test]
fn an_open_door_ends_the_engine() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut app = App::start();
    app.say(
        &json!({"type": "hello", "version": VERSION, "door": listener.local_addr().unwrap().to_string(), "nonce": "n"}),
    );
    assert_eq!(app.hear()["network"], "open");
    let failed = app.hear();
    assert_eq!((&failed["type"], &failed["kind"]), (&json!("failed"), &json!("network_open")));
    assert_eq!(app.end(), Some(3));
}

#[test]
fn an_app_of_another_version_and_a_stranger_are_refused() {
    for first in [
        json!({"type": "hello", "version": 999, "door": app::shut_door(), "nonce": "n"}),
        json!({"type": "hello", "version": VERSION, "door": "nowhere", "nonce": "n"}),
        json!({"type": "unload", "run": 1}),
        json!("GET / HTTP/1.1"),
    ] {
        let mut app = App::start();
        app.say(&first);
        let failed = app.until_end().pop().unwrap();
        assert_eq!((&failed["type"], &failed["run"]), (&json!("failed"), &Value::Null), "{first}");
        assert_eq!(app.end(), Some(2), "{first}");
    }
}

#[test]
fn it_ends_quietly_when_the_app_goes_away() {
    let mut silent = App::start();
    silent.hang_up();
    assert_eq!(silent.end(), Some(0), "before a word was said");

    let mut app = App::with_model();
    let run = app.order(json!({"type": "generate", "turns": [user("Write for long.")], "ignore_eos": true}));
    app.hear_of(run, "delta");
    app.hang_up();
    assert_eq!(app.end(), Some(0), "in the middle of an answer");
}

#[test]
fn what_cannot_be_understood_is_answered_and_the_next_line_heard() {
    let mut app = App::greeted();
    app.say(&json!({"type": "dance", "run": 1}));
    let failed = app.hear();
    assert_eq!((&failed["kind"], &failed["run"]), (&json!("bad_request"), &Value::Null));
    let unloaded = app.last_of(json!({"type": "unload"}));
    assert_eq!(unloaded["type"], "unloaded");
}

#[test]
fn without_a_model_nothing_is_answered_or_counted() {
    let mut app = App::greeted();
    for order in [
        json!({"type": "generate", "turns": [user("Hello?")]}),
        json!({"type": "count_tokens", "turns": [user("Hello?")], "ids": false}),
    ] {
        assert_eq!(app.last_of(order)["kind"], "bad_request");
    }
}

#[test]
fn loading_says_how_far_it_is_and_what_was_loaded() {
    let mut app = App::greeted();
    let said = app.run(app::load(&model(), 700));
    let steps: Vec<_> = said.iter().filter(|m| m["type"] == "progress").map(|m| &m["done"]).collect();
    assert_eq!(steps, [&json!(0), &json!(5_142_360)]);
    let loaded = &said.last().unwrap()["model"];
    assert_eq!(loaded["context"], 700);
    assert_eq!(loaded["bytes"], 5_142_360);
    // In 32 bits a token takes four bytes for each number of a key and a value.
    let config: Value = serde_json::from_slice(&fs::read(model().join("config.json")).unwrap()).unwrap();
    let number = |key: &str| config["text_config"][key].as_u64().unwrap();
    let numbers = 2 * number("num_hidden_layers") * number("num_key_value_heads") * number("head_dim");
    assert_eq!(loaded["token_bytes"], numbers * 4);
    assert!(loaded["device"].as_str().unwrap().starts_with("CPU, "));
    assert_eq!(loaded["fell_back"], Value::Null);
}

#[test]
fn a_file_is_fetched_from_the_disk_with_progress() {
    let mut app = App::greeted();
    let said = app.run(app::load(&app::file(), 700));
    let total = said.last().unwrap()["model"]["bytes"].clone();
    let steps: Vec<_> = said.iter().filter(|m| m["type"] == "progress").collect();
    assert!(steps.iter().all(|step| step["total"] == total));
    assert_eq!((&steps[0]["done"], &steps[steps.len() - 1]["done"]), (&json!(0), &total));
}

#[test]
fn a_device_that_is_not_there_is_the_processor_and_a_sentence() {
    let mut app = App::greeted();
    // No machine has as many cards.
    for device in [json!({"cuda": 4000}), json!("auto")] {
        let mut load = app::load(&model(), 1024);
        load["device"] = device.clone();
        let loaded = app.last_of(load);
        assert_eq!(loaded["type"], "loaded", "{loaded}");
        if device.is_object() {
            assert!(loaded["model"]["device"].as_str().unwrap().starts_with("CPU"));
            assert!(loaded["model"]["fell_back"].as_str().unwrap().contains("runs on the processor"));
        } else {
            assert_eq!(loaded["model"]["fell_back"], Value::Null);
        }
        assert!(!app.answer(WRITER).is_empty());
    }
}

#[test]
fn a_model_that_was_unloaded_is_gone_until_it_is_loaded_again() {
    let mut app = App::with_model();
    let before = app.answer(WRITER);
    assert_eq!(app.last_of(json!({"type": "unload"}))["type"], "unloaded");
    assert_eq!(app.last_of(json!({"type": "generate", "turns": [user("Hello?")]}))["kind"], "bad_request");
    // Loading over a loaded one unloads that first.
    for _ in 0..2 {
        assert_eq!(app.last_of(app::load(&model(), 1024))["type"], "loaded");
        assert_eq!(app.answer(WRITER), before);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn models_that_come_and_go_leave_no_memory_behind() {
    let mut app = App::greeted();
    let mut kept = Vec::new();
    for _ in 0..12 {
        assert_eq!(app.last_of(app::load(&model(), 1024))["type"], "loaded");
        app.answer(WRITER);
        assert_eq!(app.last_of(json!({"type": "unload"}))["type"], "unloaded");
        let status = fs::read_to_string(format!("/proc/{}/status", app.process())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        kept.push(line.trim().trim_end_matches(" kB").parse::<u64>().unwrap());
    }
    // The model takes more than 10 MB.
    assert!(kept[11] < kept[1] + 20_000, "in kB, after each: {kept:?}");
}

#[test]
fn what_is_no_model_is_said_and_a_good_one_opens_afterwards() {
    let folder = TestDir::new();
    app::copy(&model(), folder.path());
    let weights = folder.path().join("model.safetensors");
    let whole = fs::read(&weights).unwrap();
    let mut app = App::greeted();
    let mut load = |what: &str| {
        let failed = app.last_of(app::load(folder.path(), 1024));
        assert_eq!(failed["type"], "failed", "{what}");
        (failed["kind"].clone(), failed["message"].as_str().unwrap().to_owned())
    };

    fs::write(&weights, &whole[..whole.len() - 1]).unwrap();
    let (kind, message) = load("cut short");
    assert_eq!(kind, "model_damaged");
    assert!(message.contains("cut short"), "{message}");

    // A tensor under another name: the header is sound, and nobody would use it.
    let mut renamed = whole.clone();
    let at = renamed.windows(7).position(|bytes| bytes == b"up_proj").unwrap();
    renamed[at] = b'x';
    fs::write(&weights, &renamed).unwrap();
    let (kind, message) = load("a tensor under another name");
    assert_eq!(kind, "model_unsupported");
    assert!(message.contains("xp_proj"), "{message}");
    fs::write(&weights, &whole).unwrap();

    // Untied, it should have an output layer of its own: the loader does not mind, the
    // first word would.
    app::change(folder.path(), "config.json", |config| {
        config["text_config"]["tie_word_embeddings"] = json!(false);
    });
    assert_eq!(load("no output layer").0, "model_damaged");

    // The loader asserts this one and panics.
    app::change(folder.path(), "config.json", |config| config["vision_feature_layer"] = json!(-2));
    assert_eq!(load("the loader panics").0, "model_damaged");
    app::change(folder.path(), "config.json", |config| config["architectures"] = json!(["GPT2LMHeadModel"]));
    assert_eq!(load("another kind").0, "model_unsupported");

    assert_eq!(app.last_of(app::load(&model(), 1024))["type"], "loaded");
    assert!(!app.answer(WRITER).is_empty());
}

#[test]
fn a_model_that_breaks_while_it_writes_ends_the_process_with_its_own_code() {
    let folder = TestDir::new();
    app::copy(&model(), folder.path());
    // mistral.rs panics over a window of no width, once it writes.
    app::change(folder.path(), "config.json", |config| config["text_config"]["sliding_window"] = json!(0));
    let mut app = App::greeted();
    assert_eq!(app.last_of(app::load(folder.path(), 1024))["type"], "loaded");
    let failed =
        app.last_of(json!({"type": "generate", "turns": [user("Write for long.")], "ignore_eos": true}));
    assert_eq!((&failed["type"], &failed["kind"]), (&json!("failed"), &json!("internal")));
    assert_eq!(app.end(), Some(4));
}

#[test]
fn nothing_but_the_protocol_reaches_stdout() {
    // `hear` fails on any line that is not JSON, and loading is when libraries print.
    let mut app = App::with_model();
    app.answer(WRITER);
    app.hang_up();
    assert!(app.until_end().is_empty());
}

#[test]
fn the_files_it_derives_stay_in_its_own_folder() {
    let folder = TestDir::new();
    app::copy(&model(), folder.path());
    let listing = || {
        let mut names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = listing();
    let mut app = App::greeted();
    assert_eq!(app.last_of(app::load(folder.path(), 1024))["type"], "loaded");
    assert_eq!(listing(), before);
    assert!(fixture().join("hf/config.json").is_file());
}
