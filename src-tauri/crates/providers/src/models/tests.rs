use proptest::prelude::*;
use serde_json::json;

use super::*;

fn list(value: &Value, prices: Prices) -> Vec<Model> {
    read(value.to_string().as_bytes(), prices, None).unwrap()
}

fn price(input: u64, output: u64) -> Rate {
    Rate::Price(Price { input: NanoUsd(input), cached: None, output: NanoUsd(output), request: NanoUsd(0) })
}

#[test]
fn the_routers_list_says_who_serves_what_for_how_much() {
    let models = list(
        &json!({ "object": "list", "data": [{
            "id": "org/large", "owned_by": "org",
            "architecture": { "input_modalities": ["text", "image"], "output_modalities": ["text"] },
            "providers": [
                { "provider": "novita", "status": "live", "context_length": 131_072,
                  "pricing": { "input": 0.5, "output": 1.5 }, "first_token_latency_ms": 412.7, "throughput": 55.2 },
                { "provider": "groq", "status": "error" },
                { "provider": "nscale", "status": "live", "is_free": true, "pricing": { "input": 0, "output": 0 } },
                { "provider": "scaleway", "pricing": { "input": 0, "output": 0 } },
                { "status": "live" },
            ],
        }] }),
        Prices::PerMillion,
    );
    let [model] = models.as_slice() else { panic!("{models:?}") };
    assert_eq!((model.id.as_str(), model.pictures, model.rate), ("org/large", Some(true), Rate::Unknown));
    let rates: Vec<_> =
        model.backends.iter().map(|backend| (backend.name.as_str(), backend.live, backend.rate)).collect();
    assert_eq!(
        rates,
        [
            ("novita", true, price(500_000_000, 1_500_000_000)),
            ("groq", false, Rate::Unknown),
            ("nscale", true, Rate::Free),
            ("scaleway", true, Rate::Unknown),
        ]
    );
    let novita = &model.backends[0];
    assert_eq!(
        (novita.context, novita.first_word_ms, novita.tokens_per_second),
        (Some(131_072), Some(413), Some(55))
    );
}

#[test]
fn a_route_has_the_rates_of_all_who_may_serve_it() {
    let models = list(
        &json!({ "data": [{ "id": "m", "providers": [
            { "provider": "a", "pricing": { "input": 1, "output": 2 } },
            { "provider": "b", "status": "error" },
        ] }] }),
        Prices::PerMillion,
    );
    let a = (Some("a".to_owned()), price(1_000_000_000, 2_000_000_000));
    let b = (Some("b".to_owned()), Rate::Unknown);
    assert_eq!(models[0].tariff(&Route::Pinned("a".into()), 5), Tariff { at: 5, rates: vec![a.clone()] });
    assert_eq!(models[0].tariff(&Route::Fastest, 5), Tariff { at: 5, rates: vec![a, b] });
    assert_eq!(models[0].tariff(&Route::Pinned("nobody".into()), 5), Tariff::unknown(5));
    assert_eq!(models[0].tariff(&Route::Itself, 5), Tariff { at: 5, rates: vec![(None, Rate::Unknown)] });
}

#[test]
fn a_price_of_one_token_becomes_a_million_times_as_much() {
    let models = list(
        &json!({ "data": [
            { "id": "a/dear", "name": "Dear", "context_length": 200_000, "pricing":
                { "prompt": "0.000003", "completion": "0.000015", "input_cache_read": "0.0000003", "request": "0.01" } },
            { "id": "a/gratis:free", "pricing": { "prompt": "0", "completion": "0" } },
            { "id": "a/auto", "pricing": { "prompt": "-1", "completion": "-1" } },
            { "id": "a/draws", "architecture": { "output_modalities": ["image"] } },
        ] }),
        Prices::PerToken,
    );
    let rates: Vec<_> = models.iter().map(|model| (model.id.as_str(), model.rate)).collect();
    let dear = Price {
        input: NanoUsd(3_000_000_000),
        cached: Some(NanoUsd(300_000_000)),
        output: NanoUsd(15_000_000_000),
        request: NanoUsd(10_000_000),
    };
    assert_eq!(
        rates,
        [("a/dear", Rate::Price(dear)), ("a/gratis:free", Rate::Free), ("a/auto", Rate::Unknown)]
    );
    assert_eq!(models[0].name.as_deref(), Some("Dear"));
}

#[test]
fn a_price_that_varies_is_unknown_and_never_nothing() {
    for (prices, pricing) in [
        (Prices::PerToken, json!({ "prompt": "0", "completion": "0", "request": "varies" })),
        (Prices::PerToken, json!({ "prompt": "0", "completion": "0", "request": "-1" })),
        (Prices::PerToken, json!({ "prompt": "0", "completion": "0", "request": -1 })),
        (Prices::PerToken, json!({ "prompt": "0.000001", "completion": "0.000002", "request": "varies" })),
        (Prices::PerToken, json!({ "prompt": "-1", "completion": "0.000002" })),
        (Prices::PerToken, json!({ "prompt": "0", "completion": "1e40" })),
        (Prices::PerToken, json!({ "prompt": "0", "completion": "NaN" })),
        (Prices::PerToken, json!({ "prompt": "0", "completion": [] })),
        (Prices::PerMillion, json!({ "input": 1, "output": 2, "request": "varies" })),
        (Prices::PerMillion, json!({ "input": 1e300, "output": 2 })),
        (Prices::PerMillion, json!({ "input": -0.5, "output": 2 })),
    ] {
        for free in [false, true] {
            let entry = json!([{ "id": "m", "is_free": free, "pricing": pricing }]);
            assert_eq!(list(&entry, prices)[0].rate, Rate::Unknown, "{entry}");
        }
    }
    let known = json!([{ "id": "m", "pricing": { "prompt": "0", "completion": "0", "request": null } }]);
    assert_eq!(list(&known, Prices::PerToken)[0].rate, Rate::Free);
    let only_requests =
        json!([{ "id": "m", "pricing": { "prompt": "0", "completion": "0", "request": "0.01" } }]);
    assert_eq!(list(&only_requests, Prices::PerToken)[0].rate, Rate::Unknown);
}

#[test]
fn who_is_called_free_and_names_a_price_is_not_free() {
    let entry = json!([{ "id": "m", "is_free": true, "pricing": { "input": 1, "output": 2 } }]);
    assert_eq!(list(&entry, Prices::PerMillion)[0].rate, price(1_000_000_000, 2_000_000_000));
    let entry = json!([{ "id": "m", "is_free": true }]);
    assert_eq!(list(&entry, Prices::PerMillion)[0].rate, Rate::Free);
}

#[test]
fn a_bare_list_and_a_list_by_another_name_are_lists() {
    for shape in [
        json!([{ "id": "m", "type": "chat" }, { "id": "e", "type": "embedding" }]),
        json!({ "data": [{ "id": "m" }] }),
        json!({ "models": [{ "id": "m" }, { "id": "" }, { "id": 7 }, {}, null] }),
    ] {
        let ids: Vec<_> = list(&shape, Prices::None).into_iter().map(|model| model.id).collect();
        assert_eq!(ids, ["m"], "{shape}");
    }
    for shape in [json!({ "hello": 1 }), json!("m"), json!({ "data": "m" })] {
        assert_eq!(read(shape.to_string().as_bytes(), Prices::None, None), None, "{shape}");
    }
    assert_eq!(read(b"<html>", Prices::None, None), None);
}

#[test]
fn what_a_model_holds_and_sees_is_known_by_many_names() {
    for (entry, context, pictures) in [
        (json!({ "id": "m", "context_window": 8192, "active": true }), Some(8192), None),
        (json!({ "id": "m", "max_model_len": 4096 }), Some(4096), None),
        (json!({ "id": "m", "meta": { "n_ctx_train": 32_768 } }), Some(32_768), None),
        (
            json!({ "id": "m", "max_context_length": 128_000,
                "capabilities": { "completion_chat": true, "vision": true } }),
            Some(128_000),
            Some(true),
        ),
        (json!({ "id": "m", "supports_chat": true, "supports_image_input": false }), None, Some(false)),
        (json!({ "id": "m" }), None, None),
    ] {
        let model = &list(&json!([entry]), Prices::None)[0];
        assert_eq!((model.context, model.pictures), (context, pictures), "{entry}");
    }
}

#[test]
fn what_does_not_talk_is_passed_over() {
    for entry in [
        json!({ "id": "m", "active": false }),
        json!({ "id": "m", "supports_chat": false }),
        json!({ "id": "m", "capabilities": { "completion_chat": false } }),
        json!({ "id": "m", "type": "image" }),
    ] {
        assert_eq!(list(&json!([entry]), Prices::None), [], "{entry}");
    }
}

#[test]
fn prices_are_not_believed_where_nobody_vouches_for_their_unit() {
    let entry = json!([{ "id": "m", "pricing": { "input": 1, "output": 2, "prompt": 1, "completion": 2 } }]);
    assert_eq!(list(&entry, Prices::None)[0].rate, Rate::Unknown);
}

proptest! {
    #[test]
    fn no_list_whatever_makes_it_panic(text in ".{0,200}", number in any::<f64>()) {
        let _ = read(text.as_bytes(), Prices::PerToken, None);
        let entry = json!([{ "id": text, "context_length": number, "pricing": { "prompt": number, "completion": text } }]);
        let _ = read(entry.to_string().as_bytes(), Prices::PerToken, None);
    }
}

#[test]
fn one_number_that_is_none_costs_no_other_model() {
    let list = br#"{"data":[{"id":"a","context_length":NaN},{"id":"b","context_length":4096}]}"#;
    let models = read(list, Prices::None, None).unwrap();
    assert_eq!(models.iter().map(|model| model.context).collect::<Vec<_>>(), [None, Some(4096)]);
}

#[test]
fn numbers_beyond_reason_and_names_said_twice_cost_no_model() {
    let list = br#"{"data":[{"id":"a","context_length":1e999},{"id":"b","context_length":4096},{"id":"a"}]}"#;
    let models = read(list, Prices::None, None).unwrap();
    assert_eq!(models.iter().map(|model| model.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(models[1].context, Some(4096));
}

#[test]
fn names_in_a_list_are_short_plain_and_without_the_key() {
    let key = Secret::new("sk-secret-1234".into());
    let long = "x".repeat(100_000);
    let list = format!(
        r#"{{"data":[{{"id":"a","display_name":"\u001b[31mred sk-secret-1234","providers":[{{"provider":"{long}"}}]}},
        {{"id":"{long}"}},{{"id":"b\u0007"}}]}}"#
    );
    let models = read(list.as_bytes(), Prices::PerMillion, Some(&key)).unwrap();
    assert_eq!(models.len(), 1);
    assert_eq!(models[0].name.as_deref(), Some("[31mred …"));
    assert_eq!(models[0].backends[0].name.len(), 120);
}

#[test]
fn how_a_model_is_loaded_counts_more_than_what_it_could_hold() {
    for (entry, context, answer) in [
        (r#"{"id":"a","max_context_length":131072,"loaded_context_length":4096}"#, Some(4096), None),
        (r#"{"id":"a","meta":{"n_ctx_train":131072,"n_ctx":8192}}"#, Some(8192), None),
        (r#"{"id":"a","max_model_len":4096}"#, Some(4096), None),
        (
            r#"{"id":"a","context_length":200000,"top_provider":{"context_length":100000,"max_completion_tokens":4096}}"#,
            Some(200_000),
            Some(4096),
        ),
        (r#"{"id":"a","context_length":0}"#, None, None),
    ] {
        let model = &read(format!("[{entry}]").as_bytes(), Prices::None, None).unwrap()[0];
        let limits = model.limits(&Route::Itself);
        assert_eq!((limits.context, limits.longest_answer), (context, answer), "{entry}");
    }
}
