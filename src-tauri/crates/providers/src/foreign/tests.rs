use super::*;

fn key() -> Secret {
    Secret::new("sk-secret-1234".into())
}

fn said(pieces: &[&str], key: Option<&Secret>) -> String {
    let mut joiner = Joiner::new(key);
    let mut said: String = pieces.iter().map(|piece| joiner.push(piece)).collect();
    said.push_str(&joiner.rest());
    said
}

fn text(json: &str) -> String {
    lenient(json).unwrap()["t"].as_str().unwrap().to_owned()
}

#[test]
fn two_halves_of_an_emoji_are_one_letter() {
    let (high, low) = (text(r#"{"t":"a \ud83d"}"#), text(r#"{"t":"\ude00 b"}"#));
    assert_eq!(said(&[&high, &low], None), "a 😀 b");
    assert_eq!(text(r#"{"t":"\ud83d\ude00 \\ud83d \"q\" é"}"#), "😀 \\ud83d \"q\" é");
}

#[test]
fn half_a_letter_alone_costs_that_letter() {
    let high = text(r#"{"t":"a\ud83d"}"#);
    assert_eq!(said(&[&high], None), "a\u{fffd}");
    assert_eq!(said(&[&high, "b"], None), "a\u{fffd}b");
    assert_eq!(said(&[&high, &high], None), "a\u{fffd}a\u{fffd}");
    assert_eq!(said(&[&text(r#"{"t":"\ude00b"}"#)], None), "\u{fffd}b");
    assert_eq!(said(&[&text(r#"{"t":"\ud83d\ud83d\ude00"}"#)], None), "\u{fffd}😀");
}

#[test]
fn letters_of_the_private_planes_are_left_alone() {
    assert_eq!(said(&["\u{100000}\u{10f8ff}"], None), "\u{100000}\u{10f8ff}");
}

#[test]
fn a_number_that_is_none_is_nothing_and_words_are_left_alone() {
    let read = lenient(r#"{"a": NaN, "b": [-Infinity, 1, Infinity], "c": "NaN \" NaN"}"#).unwrap();
    assert_eq!(read, serde_json::json!({ "a": null, "b": [null, 1, null], "c": "NaN \" NaN" }));
    let read = lenient(r#"{"a": 1e999, "b": [-1e400, 1e3, -2.5], "c": "1e999", "d": true}"#).unwrap();
    assert_eq!(read, serde_json::json!({ "a": null, "b": [null, 1e3, -2.5], "c": "1e999", "d": true }));
    assert_eq!(lenient("\u{feff}[1]"), Some(serde_json::json!([1])));
    assert_eq!(lenient("nonsense"), None);
}

#[test]
fn the_key_is_struck_out_however_it_is_cut() {
    let whole = "You are sk-secret-1234, and sk-secret-12, sk-";
    for cut in 1..whole.len() {
        let (one, two) = whole.split_at(cut);
        assert_eq!(said(&[one, two], Some(&key())), "You are …, and sk-secret-12, sk-", "{cut}");
    }
    let letters: Vec<String> = whole.chars().map(String::from).collect();
    let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
    assert_eq!(said(&letters, Some(&key())), "You are …, and sk-secret-12, sk-");
}

#[test]
fn a_key_that_is_a_word_strikes_nothing_out() {
    assert_eq!(said(&["a llama"], Some(&Secret::new("a".into()))), "a llama");
}

#[test]
fn a_name_is_short_on_one_line_and_without_the_key() {
    assert_eq!(label("novita", None).as_deref(), Some("novita"));
    assert_eq!(label("a\u{1b}[31m\r\nb\u{202e}c", None).as_deref(), Some("a[31mbc"));
    assert_eq!(label("req-sk-secret-1234", Some(&key())).as_deref(), Some("req-…"));
    assert_eq!(label(&"x".repeat(3_000_000), None).unwrap().len(), LONGEST_LABEL);
    assert_eq!(label(" \u{7} ", None), None);
}
