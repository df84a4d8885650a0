use super::*;

#[test]
fn a_message_survives_the_wire() {
    let said = ToEngine::Generate {
        run: RunId(7),
        turns: vec![Turn::text(TurnRole::User, "a\nline\u{2028}break \u{0}")],
        sampling: Sampling::GREEDY,
        rules: Rules::default(),
        max_tokens: None,
        top_logprobs: 8,
        ignore_eos: false,
    };
    let line = encode(&said).unwrap();
    assert_eq!(line.matches('\n').count(), 1, "one message is one line");
    assert_eq!(decode::<ToEngine>(line.as_bytes()).unwrap(), said);
}

#[test]
fn a_line_of_another_language_is_an_error_not_a_panic() {
    for line in ["", "{}", "[]", "{\"type\":\"dance\"}", "\u{1}", "{\"type\":\"cancel\",\"run\":-1}"] {
        assert!(matches!(decode::<ToEngine>(line.as_bytes()), Err(FrameError::Malformed(_))), "{line:?}");
    }
}

#[test]
fn a_line_over_the_limit_is_refused_on_both_sides() {
    let text = "x".repeat(MAX_FRAME_BYTES);
    let said = FromEngine::Delta { run: RunId(1), text: text.clone(), steps: vec![] };
    assert!(matches!(encode(&said), Err(FrameError::TooLong(_))));
    assert!(matches!(decode::<FromEngine>(format!("\"{text}\"").as_bytes()), Err(FrameError::TooLong(_))));
}

#[test]
fn failures_name_their_kind_and_counts() {
    let said = FromEngine::Failed {
        run: Some(RunId(3)),
        kind: FailureKind::TooLong { given: 2000, limit: 1024 },
        message: "too long".into(),
    };
    let line = encode(&said).unwrap();
    assert!(line.contains(r#""too_long":{"given":2000,"limit":1024}"#), "{line}");
    assert_eq!(decode::<FromEngine>(line.as_bytes()).unwrap(), said);
}
