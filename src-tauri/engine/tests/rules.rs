//! What an answer must and must not hold, and how its words are drawn.

#![allow(clippy::unwrap_used)] // in helpers too

mod app;

use app::{App, WRITER, user};
use serde_json::{Value, json};

/// An answer of forty tokens, or fewer where the rules end it.
fn order(sampling: &Value, rules: &Value) -> Value {
    json!({
        "type": "generate", "turns": [user(WRITER)], "max_tokens": 40, "ignore_eos": false,
        "sampling": sampling, "rules": rules,
    })
}

fn free(seed: u64) -> Value {
    json!({"temperature": 1.5, "top_p": 1.0, "top_k": 64, "seed": seed})
}

fn greedy() -> Value {
    json!({"temperature": 0.0, "top_p": 1.0, "top_k": 1})
}

/// The text of an answer, and how it ended.
fn answer(app: &mut App, order: Value) -> (String, Value) {
    let said = app.run(order);
    let done = said.last().unwrap();
    assert_eq!(done["type"], "done", "{done}");
    let finish = done["finish"].clone();
    (said.iter().filter_map(|message| message["text"].as_str()).collect(), finish)
}

#[test]
fn the_same_seed_writes_the_same_words() {
    let mut drawn = Vec::new();
    for _ in 0..2 {
        let mut app = App::with_model();
        for seed in [7, 8, 7] {
            drawn.push(answer(&mut app, order(&free(seed), &json!({}))).0);
        }
    }
    assert_eq!(drawn[0], drawn[2], "whatever was said between");
    assert_eq!(drawn[..3], drawn[3..], "and after a new start");
    assert_ne!(drawn[0], drawn[1]);
}

#[test]
fn without_a_seed_words_differ_from_run_to_run_and_from_start_to_start() {
    let mut drawn = Vec::new();
    for _ in 0..2 {
        let mut app = App::with_model();
        for _ in 0..2 {
            let sampling = json!({"temperature": 1.5, "top_p": 1.0, "top_k": 64});
            drawn.push(answer(&mut app, order(&sampling, &json!({}))).0);
        }
    }
    drawn.sort();
    drawn.dedup();
    assert_eq!(drawn.len(), 4, "{drawn:#?}");
}

#[test]
fn a_high_bar_leaves_only_the_likeliest() {
    let mut app = App::with_model();
    let greedy = answer(&mut app, order(&greedy(), &json!({}))).0;
    let sampling = json!({"temperature": 1.5, "top_p": 1.0, "top_k": 64, "min_p": 1.0, "seed": 3});
    assert_eq!(answer(&mut app, order(&sampling, &json!({}))).0, greedy);
}

#[test]
fn what_was_said_is_said_less_often_where_that_costs_something() {
    let mut app = App::with_model();
    let mut different = |sampling: Value| {
        let order = json!({
            "type": "generate", "turns": [user(WRITER)], "max_tokens": 250, "ignore_eos": true,
            "top_logprobs": 1, "sampling": sampling,
        });
        let said = app.run(order);
        let steps = said.iter().filter_map(|message| message["steps"].as_array()).flatten();
        let mut ids: Vec<u64> = steps.map(|step| step["id"].as_u64().unwrap()).collect();
        assert_eq!(ids.len(), 250);
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    };
    let plain = different(greedy());
    let mut penalised = greedy();
    penalised["repetition_penalty"] = json!(3.0);
    assert!(different(penalised) > plain);
}

#[test]
fn what_was_said_before_is_not_repeated_at_length_where_that_costs_something() {
    let mut app = App::with_model();
    // A form in which it can only say one of two words, over and over.
    let schema = json!({"type": "string", "pattern": "^((red|blue) ){40}$"}).to_string();
    let mut order = order(&json!({"temperature": 0.0, "top_p": 1.0, "top_k": 1}), &json!({"schema": schema}));
    order["max_tokens"] = json!(400);
    let (plain, _) = answer(&mut app, order.clone());
    order["sampling"]["dry"] = json!({"multiplier": 30.0, "base": 2.0, "allowed_length": 2});
    let (varied, _) = answer(&mut app, order);
    let different = |text: &str| {
        let words: Vec<&str> = text.trim_matches('"').split_whitespace().collect();
        assert_eq!(words.len(), 40, "{text}");
        words.windows(5).collect::<std::collections::HashSet<_>>().len()
    };
    assert!(different(&varied) > different(&plain), "{plain}\n{varied}");
}

#[test]
fn an_answer_ends_before_a_stop_and_shows_nothing_of_it() {
    let mut app = App::with_model();
    let (whole, _) = answer(&mut app, order(&greedy(), &json!({})));
    let middle: Vec<char> = whole.chars().collect();
    let stop: String = middle[middle.len() / 2..middle.len() / 2 + 7].iter().collect();
    let before = &whole[..whole.find(&stop).unwrap()];
    for stops in [json!([stop]), json!(["never written at all", stop, ""])] {
        let (text, finish) = answer(&mut app, order(&greedy(), &json!({"stop": stops})));
        assert_eq!((text.as_str(), finish), (before, json!("complete")));
    }
    // What was held back in vain is shown in the end.
    let (text, _) = answer(&mut app, order(&greedy(), &json!({"stop": [format!("{whole} and more")]})));
    assert_eq!(text, whole);
    // And the talk stays in mind.
    let done = app.last_of(order(&greedy(), &json!({"stop": [stop]})));
    let usage = |key: &str| done["usage"][key].as_u64().unwrap();
    assert_eq!(usage("reused_tokens"), usage("prompt_tokens") - 1);
}

#[test]
fn banned_phrases_are_never_written() {
    let mut app = App::with_model();
    let mut banned: Vec<String> = Vec::new();
    // Whatever it writes is taken away from it, again and again.
    for round in 0..6 {
        for sampling in [greedy(), free(round)] {
            let (text, _) = answer(&mut app, order(&sampling, &json!({"banned": banned})));
            let lower = text.to_lowercase();
            for phrase in &banned {
                let words = lower.split(|character: char| !character.is_alphanumeric());
                assert!(!words.clone().any(|word| word == phrase), "{phrase:?} is in {text:?}");
            }
            let words = lower.split(|character: char| !character.is_alphanumeric());
            let fresh: Vec<_> = words.filter(|word| word.len() > 2).take(5).map(str::to_owned).collect();
            assert!(!fresh.is_empty(), "{text:?}");
            banned.extend(fresh);
        }
    }
    assert!(banned.len() > 20, "{banned:?}");
}

#[test]
fn an_answer_holds_to_its_form() {
    let mut app = App::with_model();
    let schema = json!({
        "type": "object",
        "properties": {
            "names": {"type": "array", "items": {"enum": ["Ada", "Bo", "Çelik"]}, "minItems": 2, "maxItems": 3},
            "warm": {"type": "boolean"},
            "colour": {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
        },
        "required": ["names", "warm", "colour"],
        "additionalProperties": false,
    });
    for sampling in [greedy(), free(1), free(2), free(3)] {
        let mut order = order(&sampling, &json!({"schema": schema.to_string()}));
        order["max_tokens"] = json!(300);
        let (text, finish) = answer(&mut app, order);
        assert_eq!(finish, "complete", "{text}");
        let found: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let names = found["names"].as_array().unwrap();
        assert!((2..=3).contains(&names.len()), "{text}");
        assert!(names.iter().all(|name| ["Ada", "Bo", "Çelik"].contains(&name.as_str().unwrap())), "{text}");
        assert!(found["warm"].is_boolean() && found["colour"].as_str().unwrap().len() == 7, "{text}");
    }
}

#[test]
fn rules_hold_together_and_where_they_leave_nothing_to_write_it_is_said() {
    let mut app = App::with_model();
    let schema = json!({"enum": ["yes", "no"]}).to_string();
    for seed in 0..8 {
        let last = app.last_of(order(&free(seed), &json!({"schema": schema, "banned": ["yes", "no"]})));
        assert_eq!(last["kind"], "bad_request");
        assert!(last["message"].as_str().unwrap().contains("nothing to write"), "{last}");
        let said = app.run(order(&free(seed), &json!({"schema": schema, "banned": ["yes"]})));
        let text: String = said.iter().filter_map(|message| message["text"].as_str()).collect();
        assert!(!text.contains("yes"), "{text}");
    }
    assert!(!app.answer(WRITER).is_empty(), "it serves on");
}

#[test]
fn a_form_that_is_none_is_refused_in_words() {
    let mut app = App::with_model();
    for schema in [
        "",
        "{",
        "7",
        "\"text\"",
        "[]",
        r#"{"type": "poem"}"#,
        r##"{"$ref": "#/nowhere"}"##,
        r#"{"pattern": "("}"#,
    ] {
        let failed = app.last_of(order(&greedy(), &json!({"schema": schema})));
        assert_eq!(failed["kind"], "bad_request", "{schema}: {failed}");
        assert!(failed["message"].as_str().unwrap().contains("form"), "{failed}");
    }
    assert!(!app.answer(WRITER).is_empty(), "it serves on");
}
