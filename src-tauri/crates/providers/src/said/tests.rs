use serde_json::json;

use super::*;

fn message(value: &Value) -> Option<String> {
    Said::error(value).and_then(|said| said.message)
}

#[test]
fn every_known_shape_is_understood() {
    for shape in [
        json!({ "error": "no credit" }),
        json!({ "error": { "message": "no credit" } }),
        json!({ "error": { "message": { "detail": "no credit" } } }),
        json!({ "detail": "no credit" }),
        json!({ "message": "no credit" }),
        json!({ "object": "error", "message": "no credit", "code": 402 }),
        json!({ "type": "error", "error": { "type": "billing_error", "message": "no credit" } }),
        json!({ "error": "payment", "message": "no credit" }),
    ] {
        assert_eq!(message(&shape).as_deref(), Some("no credit"), "{shape}");
    }
}

#[test]
fn a_list_of_faults_names_the_field() {
    let shape = json!({ "detail": [{ "type": "extra_forbidden", "loc": ["body", "stream_options"],
        "msg": "Extra inputs are not permitted" }] });
    assert!(Said::error(&shape).unwrap().mentions(&["stream_options"]));
}

#[test]
fn an_error_stands_even_beside_choices() {
    let shape = json!({ "error": { "code": 502, "message": "gone" },
        "choices": [{ "delta": { "content": "" }, "finish_reason": "error" }] });
    let said = Said::error(&shape).unwrap();
    assert_eq!(said.status(), Some(502));
}

#[test]
fn a_piece_of_an_answer_is_no_error() {
    for piece in [
        json!({ "choices": [] }),
        json!({ "choices": [{ "delta": { "content": "the error was mine" } }], "error": null }),
        json!({ "choices": [], "error": false, "message": "hello" }),
        json!({ "type": "message_start", "message": { "id": "m" } }),
        json!({ "type": "ping" }),
        json!({ "usage": { "prompt_tokens": 1 } }),
    ] {
        assert_eq!(Said::error(&piece), None, "{piece}");
    }
}

#[test]
fn an_empty_error_is_an_error_all_the_same() {
    assert_eq!(Said::error(&json!({ "error": {} })), Some(Said::default()));
    assert_eq!(Said::from_body("<html>Bad gateway</html>"), Said::default());
}

#[test]
fn a_quotation_is_one_short_line() {
    let said = Said { code: None, message: Some(format!("one\n\ttwo\u{202e} {}", "x".repeat(500))) };
    let line = said.quotation().unwrap();
    assert!(line.starts_with("one two x"), "{line}");
    assert!(line.chars().count() <= 201 && line.ends_with('…'));
    assert_eq!(Said { code: None, message: Some(" \n ".into()) }.quotation(), None);
}
