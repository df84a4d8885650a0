use std::{io::Write, path::Path};

use proptest::prelude::*;
use sotto_domain::{Rules, Sampling, Turn};

use super::*;
use crate::{Price, Route, provider};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

fn request(turns: Vec<Turn>) -> Request {
    Request {
        turns,
        sampling: Sampling::default(),
        rules: Rules::default(),
        max_tokens: Some(1000),
        alternatives: 0,
    }
}

fn prepare(id: &str, request: Request) -> Result<Prepared, ProviderError> {
    let place = if id == "own" { "http://localhost:1" } else { "eu-central-1" };
    let endpoint = Endpoint::at(provider(id).unwrap(), place).unwrap();
    let route = if endpoint.provider().can.routes { Route::Pinned("novita".into()) } else { Route::Itself };
    let price = Price {
        input: NanoUsd(1_000_000_000),
        cached: None,
        output: NanoUsd(2_000_000_000),
        request: NanoUsd(0),
    };
    let tariff = Tariff { at: 0, rates: vec![(None, Rate::Price(price))] };
    Prepared::new(&endpoint, &Choice { model: "org/m".into(), route }, request, tariff, BTreeSet::new())
}

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn showing(path: &Path, text: &str) -> Turn {
    let picture = Picture { id: None, path: path.to_owned(), width: 1000, height: 750 };
    Turn { role: Role::User, pictures: vec![picture], text: text.into() }
}

/// All words in a JSON value that are not names of the wire.
fn words(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|value| words(value, found)),
        Value::Object(map) => map.values().for_each(|value| words(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn what_is_shown_is_what_is_sent() {
    let png = file(PNG);
    let talk = vec![
        Turn::text(Role::System, "Be brief."),
        showing(png.path(), "What is this?"),
        Turn::text(Role::Assistant, "A picture."),
        Turn::text(Role::User, "Go on."),
    ];
    let rules = Rules { stop: vec!["THE END".into()], ..Rules::default() };
    for known in crate::PROVIDERS {
        let asked = Request { rules: rules.clone(), ..request(talk.clone()) };
        let prepared = prepare(known.id, asked).unwrap();
        let mut sent = Vec::new();
        words(&serde_json::from_slice(prepared.body()).unwrap(), &mut sent);
        let encoded = BASE64_STANDARD.encode(PNG);
        for part in prepared.parts() {
            let shown = match part {
                Part::Text { text, .. } | Part::Rule { text } => text,
                Part::Picture { bytes, .. } => {
                    assert_eq!(*bytes, PNG.len() as u64);
                    &encoded
                }
            };
            let at = sent.iter().position(|word| word.contains(shown.as_str())).unwrap();
            sent.remove(at);
        }
        // What is left are words of the wire.
        let wire = [
            "org/m",
            "org/m:novita",
            "system",
            "user",
            "assistant",
            "text",
            "image",
            "image_url",
            "base64",
            "image/png",
        ];
        assert_eq!(sent.iter().find(|word| !wire.contains(&word.as_str())), None, "{}", known.id);
    }
}

#[test]
fn the_parts_say_whose_words_they_are_and_in_which_turn() {
    let png = file(PNG);
    let prepared =
        prepare("groq", request(vec![Turn::text(Role::System, "Be brief."), showing(png.path(), "")]))
            .unwrap();
    let [Part::Text { turn: 0, role: Role::System, text }, Part::Picture { turn: 1, .. }] = prepared.parts()
    else {
        panic!("{:?}", prepared.parts())
    };
    assert_eq!(text, "Be brief.");
    assert_eq!(prepared.contents(), BTreeSet::from([Content::Instructions, Content::Pictures]));
    assert!(prepared.also(Content::Notes).contents().contains(&Content::Notes));
}

#[test]
fn the_departure_is_the_body_that_was_shown() {
    let prepared = prepare("huggingface", request(vec![Turn::text(Role::User, "Hello")])).unwrap();
    let departure = prepared.departure("You sent a message.").unwrap();
    assert_eq!(departure.body(), prepared.body());
    assert_eq!(departure.origin(), prepared.recipient());
    assert_eq!(prepared.asked(), "org/m:novita");
}

#[test]
fn a_jpeg_is_known_by_its_first_bytes_and_anything_else_is_no_picture() {
    let jpeg = file(b"\xff\xd8\xff\xe0rest");
    let prepared = prepare("groq", request(vec![showing(jpeg.path(), "x")])).unwrap();
    assert!(String::from_utf8_lossy(prepared.body()).contains("data:image/jpeg;base64,"));
    let text = file(b"<svg>");
    for path in [text.path(), Path::new("/nowhere/at/all.png")] {
        let refused = prepare("groq", request(vec![showing(path, "x")]));
        assert!(matches!(refused, Err(ProviderError::Picture { .. })), "{}", path.display());
    }
}

#[test]
fn a_rule_that_cannot_be_held_to_is_said_and_not_left_out() {
    let ban = Rules { banned: vec!["very".into()], ..Rules::default() };
    let shape = Rules { schema: Some("{\"type\":\"object\"}".into()), ..Rules::default() };
    let talk = || request(vec![Turn::text(Role::User, "Hello")]);
    let refused = prepare("openai", Request { rules: ban, ..talk() });
    assert!(matches!(refused, Err(ProviderError::NoBans { .. })));
    let refused = prepare("anthropic", Request { rules: shape.clone(), ..talk() });
    assert!(matches!(refused, Err(ProviderError::NoSchema { .. })));
    let prepared = prepare("openai", Request { rules: shape, ..talk() }).unwrap();
    assert!(String::from_utf8_lossy(prepared.body()).contains("\"json_schema\""));
}

#[test]
fn the_ceiling_holds_the_longest_answer_and_more_tokens_than_the_estimate() {
    let prepared = prepare("groq", request(vec![Turn::text(Role::User, "x".repeat(700))])).unwrap();
    assert_eq!(prepared.tokens(), 200 + 8);
    // 358 tokens at 1 and 1000 at 2 dollars a million.
    assert_eq!(prepared.ceiling(), Some(NanoUsd(358_000 + 2_000_000)));
}

#[test]
fn an_answer_without_a_limit_gets_one_so_that_there_is_a_highest_cost() {
    let talk = Request { max_tokens: None, ..request(vec![Turn::text(Role::User, "Hello")]) };
    let prepared = prepare("groq", talk).unwrap();
    let value: Value = serde_json::from_slice(prepared.body()).unwrap();
    assert_eq!(value["max_tokens"], prepared.max_tokens());
}

#[test]
fn a_picture_counts_by_its_size_on_screen_not_on_disk() {
    let small = file(PNG);
    let mut bytes = PNG.to_vec();
    bytes.resize(1_000_000, 7);
    let large = file(&bytes);
    let of = |path| prepare("groq", request(vec![showing(path, "x")])).unwrap();
    assert_eq!(of(small.path()).tokens(), of(large.path()).tokens());
    assert!(
        of(small.path()).ceiling()
            > prepare("groq", request(vec![Turn::text(Role::User, "x")])).unwrap().ceiling()
    );
}

proptest! {
    #[test]
    fn any_words_arrive_as_they_are(text in "\\PC{1,80}", role_first in any::<bool>()) {
        let mut turns = vec![Turn::text(Role::User, text.clone())];
        if role_first {
            turns.insert(0, Turn::text(Role::System, text.clone()));
        }
        for id in ["groq", "anthropic"] {
            let prepared = prepare(id, request(turns.clone())).unwrap();
            let value: Value = serde_json::from_slice(prepared.body()).unwrap();
            let last = value["messages"].as_array().unwrap().last().unwrap();
            prop_assert_eq!(last["content"].as_str(), Some(text.as_str()));
        }
    }
}

#[test]
fn what_is_shown_as_exact_hides_no_word_of_the_users() {
    let png = file(PNG);
    let words = format!("x;base64,{} and “quotes”\n", "A".repeat(200));
    for known in crate::PROVIDERS {
        let prepared = prepare(known.id, request(vec![showing(png.path(), &words)])).unwrap();
        let encoded = BASE64_STANDARD.encode(PNG);
        let stand_in = format!("… {} letters of a picture …", encoded.len());
        let body = String::from_utf8(prepared.body().to_vec()).unwrap();
        assert_eq!(prepared.readable(), body.replace(&encoded, &stand_in), "{}", known.id);
        assert!(prepared.readable().contains(&"A".repeat(200)));
    }
}

#[test]
fn an_answer_is_asked_for_as_long_as_the_models_own_list_allows() {
    let small = Limits { context: Some(4096), ..Limits::default() };
    let asked = |limits: &Limits| {
        let request = Request { max_tokens: None, ..request(vec![Turn::text(Role::User, "Hi")]) };
        let prepared = prepare("own", request).unwrap().within(limits).unwrap();
        let body: Value = serde_json::from_slice(prepared.body()).unwrap();
        assert_eq!(body["max_tokens"], prepared.max_tokens());
        prepared.max_tokens()
    };
    assert_eq!(asked(&Limits::default()), LONGEST_ANSWER);
    assert!((3000..4096).contains(&asked(&small)), "{}", asked(&small));
    assert_eq!(asked(&Limits { longest_answer: Some(500), ..small }), 500);
}

#[test]
fn what_a_model_does_not_take_is_said_before_anything_leaves() {
    let png = file(PNG);
    let blind = Limits { context: Some(4096), pictures: Some(false), ..Limits::default() };
    let shown = prepare("own", request(vec![showing(png.path(), "What is this?")])).unwrap();
    assert!(shown.beyond(&blind)[0].contains("does not take pictures"));
    let long = prepare("own", request(vec![Turn::text(Role::User, "word ".repeat(20_000))])).unwrap();
    assert!(long.beyond(&blind)[0].contains("words"), "{:?}", long.beyond(&blind));
    assert!(long.beyond(&Limits::default()).is_empty());
    assert!(prepare("own", request(vec![Turn::text(Role::User, "Hi")])).unwrap().beyond(&blind).is_empty());
}
