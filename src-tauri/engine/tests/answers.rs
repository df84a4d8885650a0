//! Answers: their words, their limits, and how they stop.

#![allow(clippy::unwrap_used)] // in helpers too

mod app;

use app::{App, TestDir, WRITER, fixture, turn, user};
use serde_json::{Value, json};

#[test]
fn the_words_are_those_of_the_reference_and_whole_characters() {
    let mut app = App::with_model();
    for case in cases() {
        let said = app
            .run(json!({"type": "generate", "turns": case["turns"], "max_tokens": 24, "ignore_eos": true}));
        let text: String = said.iter().filter_map(|m| m["text"].as_str()).collect();
        // The reference shows the beginning of a character that never came to its end.
        let right = case["greedy_text"].as_str().unwrap().trim_end_matches('\u{fffd}');
        assert_eq!(text.trim_end_matches('\u{fffd}'), right, "{}", case["name"]);
        assert!(said.iter().all(|m| m.get("steps").is_none()), "steps only where they are asked for");
    }
}

#[test]
fn half_the_precision_is_near_enough_for_words() {
    let mut app = App::greeted();
    let mut load = app::load(&app::model(), 1024);
    load["exact"] = json!(false);
    assert_eq!(app.last_of(load)["type"], "loaded");
    for case in cases() {
        let order = json!({"type": "generate", "turns": case["turns"], "max_tokens": 1, "top_logprobs": 16});
        let said = app.run(order);
        let step = said.iter().find_map(|m| m["steps"].get(0)).unwrap();
        for right in case["top8"][0].as_array().unwrap() {
            let found = step["top"].as_array().unwrap().iter().find(|top| top["id"] == right[0]);
            let found = found.map_or(f64::NEG_INFINITY, |top| top["logprob"].as_f64().unwrap());
            assert!(
                (found - right[1].as_f64().unwrap()).abs() < 0.05,
                "{}: {right} is {found}",
                case["name"]
            );
        }
    }
}

#[test]
fn an_answer_is_counted_and_ends_at_its_limit() {
    let mut app = App::with_model();
    let count = app.last_of(json!({"type": "count_tokens", "turns": [user(WRITER)], "ids": true}));
    let ids = count["ids"].as_array().unwrap();
    assert_eq!(count["count"], ids.len());
    assert_eq!(ids.iter().filter(|id| **id == 1).count(), 1, "one beginning of text: {ids:?}");

    let said = app.run(json!({"type": "generate", "turns": [user(WRITER)], "max_tokens": 7, "ignore_eos": true, "top_logprobs": 3}));
    let done = said.last().unwrap();
    assert_eq!((&done["type"], &done["finish"]), (&json!("done"), &json!("length")));
    let usage = |key: &str| done["usage"][key].as_u64().unwrap();
    assert_eq!((usage("prompt_tokens"), usage("completion_tokens")), (ids.len() as u64, 7));
    // The last token written is not read any more; the word that the model was tried out
    // with is in mind too.
    let word = usage("cached_tokens") - (usage("prompt_tokens") + 6);
    assert!(word < 20, "{word}");
    let steps: Vec<_> = said.iter().filter_map(|m| m["steps"].as_array()).flatten().collect();
    assert_eq!(steps.len(), 7);
    assert!(
        steps
            .iter()
            .all(|step| step["top"][0]["id"] == step["id"] && step["top"].as_array().unwrap().len() == 3)
    );
    let progress: Vec<_> =
        said.iter().filter(|m| m["type"] == "progress").map(|m| (&m["done"], &m["total"])).collect();
    let total = json!(ids.len());
    assert_eq!((progress[0], progress[progress.len() - 1]), ((&json!(0), &total), (&total, &total)));

    let done = app.last_of(json!({"type": "generate", "turns": [user(WRITER)], "max_tokens": 0}));
    assert_eq!((&done["finish"], &done["usage"]["completion_tokens"]), (&json!("length"), &json!(0)));
}

#[test]
fn an_answer_ends_where_the_context_does() {
    let mut app = App::greeted();
    assert_eq!(app.last_of(app::load(&app::model(), 100))["type"], "loaded");
    let done = app.last_of(
        json!({"type": "generate", "turns": [user(WRITER)], "max_tokens": 5000, "ignore_eos": true}),
    );
    assert_eq!(done["finish"], "length");
    let usage = |key: &str| done["usage"][key].as_u64().unwrap();
    assert_eq!(usage("prompt_tokens") + usage("completion_tokens"), 100);

    let long = "rain ".repeat(200);
    let given =
        app.last_of(json!({"type": "count_tokens", "turns": [user(&long)], "ids": false}))["count"].clone();
    let failed = app.last_of(json!({"type": "generate", "turns": [user(&long)]}));
    assert_eq!(failed["kind"], json!({"too_long": {"given": given, "limit": 100}}));
    assert_eq!(app.answer(WRITER), app.answer(WRITER), "it serves on");
}

#[test]
fn the_models_own_end_of_an_answer_is_obeyed_unless_it_is_told_not_to() {
    // A model that is told that its seventh word ends an answer.
    let case = &cases()[0];
    let end = &case["greedy_ids"][6];
    let folder = TestDir::new();
    app::copy(&app::model(), folder.path());
    app::change(folder.path(), "generation_config.json", |config| config["eos_token_id"] = json!([2, end]));
    let mut app = App::greeted();
    assert_eq!(app.last_of(app::load(folder.path(), 1024))["type"], "loaded");

    let mut order = json!({"type": "generate", "turns": case["turns"], "max_tokens": 24});
    let done = app.last_of(order.clone());
    assert_eq!((&done["finish"], &done["usage"]["completion_tokens"]), (&json!("complete"), &json!(7)));
    order["ignore_eos"] = json!(true);
    let done = app.last_of(order);
    assert_eq!((&done["finish"], &done["usage"]["completion_tokens"]), (&json!("length"), &json!(24)));
}

#[test]
fn an_answer_of_one_word_leaves_nothing_behind() {
    let mut app = App::with_model();
    let whole = app.answer(WRITER);
    for _ in 0..20 {
        app.last_of(
            json!({"type": "generate", "turns": [user("One word.")], "max_tokens": 1, "ignore_eos": true}),
        );
        assert_eq!(app.answer(WRITER), whole);
    }
}

#[test]
fn talks_out_of_turn_are_refused() {
    let mut app = App::with_model();
    let says = |role: &str| turn(role, "said");
    for turns in [
        json!([]),
        json!([says("assistant")]),
        json!([says("user"), says("system")]),
        json!([says("user"), says("assistant")]),
    ] {
        let failed = app.last_of(json!({"type": "generate", "turns": turns}));
        assert_eq!(failed["kind"], "bad_request", "{turns}");
    }
    let twice = json!([says("user"), says("user"), says("assistant"), says("assistant"), says("user")]);
    let done = app.last_of(json!({"type": "generate", "turns": twice, "max_tokens": 2}));
    assert_eq!(done["type"], "done", "what one speaker says in several turns is one");
}

#[test]
fn words_that_mean_something_to_a_library_are_only_words() {
    let mut app = App::with_model();
    for text in ["<placeholder>", "", " ", "{{ bos_token }} {% raw %}", "\u{0}\u{202e}"] {
        let done = app
            .last_of(json!({"type": "generate", "turns": [user(text)], "max_tokens": 2, "ignore_eos": true}));
        assert_eq!(done["type"], "done", "{text:?}");
    }
}

#[test]
fn stopping_while_it_writes_ends_the_run_and_the_next_is_not_mixed_with_it() {
    let mut app = App::with_model();
    let whole = app.answer(WRITER);
    for _ in 0..5 {
        let run = app
            .order(json!({"type": "generate", "turns": [user("Write for very long.")], "ignore_eos": true}));
        app.hear_of(run, "delta");
        app.say(&json!({"type": "cancel", "run": run}));
        let done = app.hear_of(run, "done");
        assert_eq!(done["finish"], "cancelled");
        assert!(done["usage"]["completion_tokens"].as_u64().unwrap() > 0);
        assert!(done["usage"]["prompt_tokens"].as_u64().unwrap() > 3);
        assert_eq!(app.answer(WRITER), whole);
    }
}

#[test]
fn a_run_that_waits_its_turn_can_be_stopped_and_others_are_left_alone() {
    let mut app = App::with_model();
    let order = json!({"type": "generate", "turns": [user("Write for long.")], "ignore_eos": true});
    let first = app.order(order.clone());
    let second = app.order(order);
    app.say(&json!({"type": "cancel", "run": second}));
    app.say(&json!({"type": "cancel", "run": 4000}));
    let done = app.hear_of(first, "done");
    assert_eq!(done["finish"], "length");
    let done = app.hear_of(second, "done");
    assert_eq!((&done["finish"], &done["usage"]["completion_tokens"]), (&json!("cancelled"), &json!(0)));
    // A run that is over cannot be stopped any more.
    app.say(&json!({"type": "cancel", "run": second}));
    assert!(!app.answer(WRITER).is_empty());
}

/// The reference's cases of text alone, with their talk as turns.
fn cases() -> Vec<Value> {
    let file = std::fs::read(fixture().join("expected.json")).unwrap();
    let expected: Value = serde_json::from_slice(&file).unwrap();
    let texts = expected["cases"].as_array().unwrap().iter().filter(|case| case["images"] == json!([]));
    let cases: Vec<_> = texts
        .map(|case| {
            let said = |message: &Value| {
                turn(message["role"].as_str().unwrap(), message["content"].as_str().unwrap())
            };
            let mut case = case.clone();
            case["turns"] = case["messages"].as_array().unwrap().iter().map(said).collect();
            case
        })
        .collect();
    assert_eq!(cases.len(), 5);
    cases
}
