use super::*;
use crate::provider;

fn asked(id: &str, model: &str, route: Route) -> Result<String, ProviderError> {
    let endpoint = Endpoint::at(provider(id).unwrap(), "").unwrap();
    Choice { model: model.into(), route }.asked(&endpoint)
}

#[test]
fn a_pinned_machine_room_and_the_policies_follow_the_name() {
    let model = "mistralai/Mistral-Large";
    for (route, expected) in [
        (Route::Pinned("novita".into()), "mistralai/Mistral-Large:novita"),
        (Route::Fastest, "mistralai/Mistral-Large:fastest"),
        (Route::Cheapest, "mistralai/Mistral-Large:cheapest"),
        (Route::Preferred, "mistralai/Mistral-Large:preferred"),
    ] {
        assert_eq!(asked("huggingface", model, route).unwrap(), expected);
    }
}

#[test]
fn whoever_serves_itself_is_asked_by_the_name_alone() {
    assert_eq!(asked("openrouter", "meta/llama:free", Route::Itself).unwrap(), "meta/llama:free");
    assert!(asked("openai", "gpt", Route::Fastest).is_err());
}

#[test]
fn the_router_is_never_asked_without_saying_who_is_to_serve() {
    let refused = asked("huggingface", "org/model", Route::Itself).unwrap_err().to_string();
    assert!(refused.contains("org/model:fastest"), "{refused}");
}

#[test]
fn a_name_cannot_carry_a_second_route_or_anything_else() {
    assert!(asked("huggingface", "org/model:groq", Route::Pinned("novita".into())).is_err());
    assert!(asked("huggingface", "org/model", Route::Pinned("novita:groq".into())).is_err());
    for bad in ["", "  ", "a\nb"] {
        assert!(asked("openai", bad, Route::Itself).is_err(), "{bad:?}");
    }
}
