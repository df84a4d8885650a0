use serde_json::json;

use super::*;
use crate::{Endpoint, Said, provider};

fn answered(id: &str, status: Option<u16>, body: &serde_json::Value) -> ProviderError {
    let place = if id == "own" { "http://localhost:1" } else { "" };
    let endpoint = Endpoint::at(provider(id).unwrap(), place).unwrap();
    ProviderError::answered(status, &Said::from_value(body), None, &endpoint, "org/m", true)
}

#[test]
fn a_status_means_what_it_says() {
    let nothing = json!({});
    let status = |status| answered("huggingface", Some(status), &nothing);
    assert!(matches!(status(401), ProviderError::KeyRefused { page: Some(_), .. }));
    assert!(matches!(status(402), ProviderError::NoCredit { page: Some(_), .. }));
    assert!(matches!(status(403), ProviderError::NotAllowed { .. }));
    assert!(matches!(status(404), ProviderError::NoSuchModel { .. }));
    assert!(matches!(status(413), ProviderError::TooLong { .. }));
    assert!(matches!(status(422), ProviderError::NotTaken { .. }));
    assert!(matches!(status(429), ProviderError::TooMany { .. }));
    assert!(matches!(status(308), ProviderError::Moved { .. }));
    for busy in [408, 500, 502, 503, 504, 529] {
        assert!(matches!(status(busy), ProviderError::Busy { .. }), "{busy}");
    }
}

#[test]
fn what_is_named_says_more_than_the_status() {
    for (status, body, expected) in [
        (400, json!({ "error": { "code": "model_not_supported", "message": "no" } }), "does not offer org/m"),
        (429, json!({ "error": { "code": "insufficient_quota", "message": "quota" } }), "credit"),
        (
            400,
            json!({ "type": "error", "error": { "type": "invalid_request_error",
            "message": "Your credit balance is too low" } }),
            "credit",
        ),
        (400, json!({ "error": { "code": "context_length_exceeded" } }), "more than org/m can hold"),
        (400, json!({ "error": { "code": "content_filter" } }), "rules forbid"),
    ] {
        let sentence = answered("openai", Some(status), &body).to_string();
        assert!(sentence.contains(expected), "{sentence}");
    }
}

#[test]
fn an_error_in_the_middle_is_known_by_its_name_or_number() {
    let named = |kind| answered("anthropic", None, &json!({ "type": "error", "error": { "type": kind } }));
    assert!(matches!(named("overloaded_error"), ProviderError::Busy { .. }));
    assert!(matches!(named("rate_limit_error"), ProviderError::TooMany { .. }));
    assert!(matches!(named("something_new"), ProviderError::GaveUp { .. }));
    let numbered = answered("openrouter", None, &json!({ "error": { "code": 402, "message": "no" } }));
    assert!(matches!(numbered, ProviderError::NoCredit { .. }));
}

#[test]
fn a_page_that_is_missing_at_the_users_own_server_is_a_wrong_address() {
    let page = answered("own", Some(404), &json!({ "detail": "Not Found" }));
    assert!(matches!(page, ProviderError::NotAModel { .. }));
    let model = answered("own", Some(404), &json!({ "error": "model 'org/m' not found" }));
    assert!(matches!(model, ProviderError::NoSuchModel { .. }));
}

#[test]
fn every_sentence_says_what_is_safe_and_none_shouts() {
    let who = "Hugging Face";
    let errors = [
        ProviderError::NoKey { who, page: None },
        ProviderError::NotRunning { place: "http://localhost:1".into(), here: true },
        ProviderError::KeyWanted { who, page: None },
        ProviderError::KeyRefused { who, page: None },
        ProviderError::NotAllowed { who, page: None, said: Some("no".into()) },
        ProviderError::NoCredit { who, page: None },
        ProviderError::NoSuchModel { who, model: "m".into() },
        ProviderError::TooLong { model: "m".into(), said: None },
        ProviderError::TooMany { who, wait: Some(Duration::from_mins(5)) },
        ProviderError::Busy { who, said: None },
        ProviderError::HeldBack { who },
        ProviderError::NotTaken { who, said: None },
        ProviderError::GaveUp { who, said: None },
        ProviderError::NotAModel { who },
        ProviderError::Silent { who, after: Duration::from_mins(2) },
        ProviderError::TooSlow { who, after: Duration::from_mins(30) },
        ProviderError::Endless { who },
    ];
    for error in errors {
        let sentence = error.to_string();
        let safe = ["is safe", "is lost", "is kept", "had arrived", "nothing was sent", "Nothing was sent"];
        assert!(safe.iter().any(|words| sentence.contains(words)), "{sentence}");
        assert!(!sentence.contains('!') && !sentence.contains("token"), "{sentence}");
        assert!(sentence.ends_with(['.', '”']), "{sentence}");
    }
}

#[test]
fn a_pause_is_told_in_units_that_people_use() {
    let told = |seconds| later(Some(Duration::from_secs(seconds)));
    assert_eq!(told(0), "Try again in a second.");
    assert_eq!(told(40), "Try again in 40 seconds.");
    assert_eq!(told(121), "Try again in 3 minutes.");
    assert_eq!(later(None), "Try again in a while.");
}

#[test]
fn being_offline_is_told_apart_from_a_provider_in_trouble() {
    assert!(matches!(Refusal::OfflineLock.into(), ProviderError::Refusal(_)));
    let offline: AnsweringError = ProviderError::Refusal(Refusal::OfflineLock).into();
    assert!(matches!(offline, AnsweringError::Offline(_)));
    let page = "https://example.org";
    let credit: AnsweringError = ProviderError::NoCredit { who: "X", page: Some(page) }.into();
    assert!(matches!(credit, AnsweringError::Provider { page: Some(there), .. } if there == page));
}

#[test]
fn a_server_that_says_why_it_failed_is_quoted() {
    let jinja =
        json!({ "error": { "code": 500, "message": "Conversation roles must alternate user/assistant" } });
    for status in [Some(500), None] {
        let sentence = answered("own", status, &jinja).to_string();
        assert!(sentence.contains("“Conversation roles must alternate user/assistant”"), "{sentence}");
    }
}

#[test]
fn where_no_key_was_given_none_is_blamed() {
    let endpoint = Endpoint::at(provider("own").unwrap(), "localhost:1").unwrap();
    let wanted = ProviderError::answered(Some(401), &Said::default(), None, &endpoint, "m", false);
    assert!(matches!(wanted, ProviderError::KeyWanted { .. }));
    assert!(wanted.to_string().starts_with("The other program on this computer wants a key"), "{wanted}");
}
