use super::*;
use crate::provider;

fn said(message: &str) -> Said {
    Said { code: Some("invalid_request_error".into()), message: Some(message.into()) }
}

#[test]
fn a_refusal_that_names_a_part_says_what_to_do_without() {
    for (message, field) in [
        ("stream_options: Extra inputs are not permitted", Field::StreamOptions),
        ("Unsupported value: 'temperature' does not support 0.7 with this model.", Field::Temperature),
        ("Unsupported parameter: 'top_p' is not supported with this model.", Field::TopP),
        (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            Field::TokenLimit,
        ),
        ("System role not supported", Field::System),
    ] {
        assert_eq!(named(400, &said(message)), Some(field), "{message}");
        assert_eq!(named(500, &said(message)), None, "a fault of theirs is no lesson");
    }
}

#[test]
fn a_value_out_of_range_is_not_a_part_to_leave_out() {
    for message in
        ["max_tokens must be less than or equal to 4096", "temperature: must be at most 1", "no model"]
    {
        assert_eq!(named(400, &said(message)), None, "{message}");
    }
}

#[test]
fn what_the_server_does_not_take_holds_for_all_its_models_and_the_rest_for_one() {
    let endpoint = Endpoint::at(provider("own").unwrap(), "http://localhost:1").unwrap();
    let other = Endpoint::at(provider("own").unwrap(), "http://localhost:2").unwrap();
    let cache = CapabilityCache::default();
    cache.clone().keep(&endpoint, "a", &BTreeSet::from([Field::StreamOptions, Field::TopP]));
    assert_eq!(cache.of(&endpoint, "a"), BTreeSet::from([Field::StreamOptions, Field::TopP]));
    assert_eq!(cache.of(&endpoint, "b"), BTreeSet::from([Field::StreamOptions]));
    assert_eq!(cache.of(&other, "a"), BTreeSet::new());
}
