use serde_json::json;

use super::*;

#[test]
fn the_usual_shape_is_read() {
    let event = json!({ "choices": [], "usage": {
        "prompt_tokens": 100, "completion_tokens": 40, "total_tokens": 140,
        "prompt_tokens_details": { "cached_tokens": 60 },
        "completion_tokens_details": { "reasoning_tokens": 30 },
    }});
    let spent = Spent::of_openai(&event).unwrap();
    assert_eq!((spent.prompt, spent.cached), (Some(100), Some(60)));
    assert_eq!(
        (spent.completion, spent.reasoning),
        (Some(40), Some(30)),
        "thoughts are among what was written"
    );
}

#[test]
fn groq_says_it_in_a_place_of_its_own() {
    let event = json!({ "x_groq": { "id": "r", "usage": { "prompt_tokens": 7, "completion_tokens": 3 } } });
    let spent = Spent::of_openai(&event).unwrap();
    assert_eq!((spent.prompt, spent.completion), (Some(7), Some(3)));
    assert_eq!(Spent::of_openai(&json!({ "x_groq": { "id": "r" } })), None);
}

#[test]
fn no_usage_is_not_a_usage_of_nothing() {
    assert_eq!(Spent::of_openai(&json!({ "usage": null })), None);
    assert_eq!(Spent::of_openai(&json!({ "usage": "none" })), None);
    assert_eq!(Spent::of_openai(&json!({})), None);
    assert_eq!(Spent::of_anthropic(&json!({})), None);
}

#[test]
fn the_providers_figures_are_kept_apart() {
    let reported = Spent::of_openai(&json!({ "usage": { "cost": 0.0012 } })).unwrap();
    assert_eq!((reported.reported, reported.estimated), (Some(NanoUsd(1_200_000)), None));
    let estimated = Spent::of_openai(&json!({ "usage": { "estimated_cost": 0.0012 } })).unwrap();
    assert_eq!((estimated.reported, estimated.estimated), (None, Some(NanoUsd(1_200_000))));
}

#[test]
fn a_cost_of_nothing_is_not_believed() {
    let spent = Spent::of_openai(&json!({ "usage": { "cost": 0, "estimated_cost": 0.0 } })).unwrap();
    assert_eq!((spent.reported, spent.estimated), (None, None));
}

#[test]
fn with_a_key_of_the_users_own_behind_the_provider_both_bills_count() {
    let own = json!({ "usage": { "cost": 0.001, "is_byok": true,
        "cost_details": { "upstream_inference_cost": 0.02 } } });
    assert_eq!(Spent::of_openai(&own).unwrap().reported, Some(NanoUsd(21_000_000)));
    let half = json!({ "usage": { "cost": 0.001, "is_byok": true } });
    assert_eq!(Spent::of_openai(&half).unwrap().reported, None, "the fee alone is not the cost");
}

#[test]
fn what_is_left_out_is_worked_out() {
    let event = json!({ "usage": { "prompt_tokens": 10, "total_tokens": 16 } });
    assert_eq!(Spent::of_openai(&event).unwrap().completion, Some(6));
}

#[test]
fn anthropic_counts_what_was_in_mind_apart() {
    let usage =
        json!({ "input_tokens": 5, "cache_read_input_tokens": 90, "cache_creation_input_tokens": 20 });
    let spent = Spent::of_anthropic(&usage).unwrap();
    assert_eq!((spent.prompt, spent.cached), (Some(115), Some(90)));
}

#[test]
fn the_latest_word_counts_and_silence_changes_nothing() {
    let begun = Spent { prompt: Some(12), completion: Some(1), ..Spent::default() };
    let ended = Spent { completion: Some(30), ..Spent::default() };
    let both = begun.and(ended);
    assert_eq!((both.prompt, both.completion), (Some(12), Some(30)));
}
