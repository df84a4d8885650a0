//! What comes over the wire, through the real door: every habit and fault that is known.

// A test may end here and now; clippy knows that of test functions only.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod stage;

use std::time::{Duration, Instant};

use serde_json::json;
use sotto_domain::{Cost, Delta, Ending, Finish, NanoUsd, Served};
use sotto_providers::{Base, Endpoint, Provider, Timeouts};
use stage::{Do, KEY, Stage, answer, ends, hear_from, patient, says, status, stream};

/// One connection that is answered with this stream.
async fn streamed(body: &str) -> stage::Heard {
    Stage::new(vec![vec![Do::Say(stream(body))]]).hear().await
}

fn finish(delta: &Delta) -> (Finish, Cost) {
    match delta {
        Delta::Done { finish, cost, .. } => (*finish, *cost),
        other => panic!("{other:?}"),
    }
}

/// What the question costs at most: 5 + 7 and twice 8 tokens at 1, and 1000 at 2 dollars a million.
const CEILING: NanoUsd = NanoUsd(28_000 + 2_000_000);

fn used(prompt: u32, completion: u32) -> String {
    let usage = json!({ "prompt_tokens": prompt, "completion_tokens": completion });
    format!("data: {}\n\n", json!({ "choices": [], "usage": usage }))
}

#[tokio::test]
async fn an_answer_comes_whole_with_who_served_it_and_what_it_cost() {
    let opening = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-inference-provider: novita\r\n\
                x-request-id: req-7\r\nconnection: close\r\n\r\n";
    let body =
        [says("Salt "), says("is old."), ends("stop"), used(100, 50), "data: [DONE]\n\n".into()].concat();
    let stage = Stage::new(vec![vec![Do::Say([opening, &body].concat())]]);
    let heard = stage.hear().await;
    assert_eq!(heard.text, "Salt is old.");
    let served = Served { backend: Some("novita".into()), request: Some("req-7".into()) };
    assert_eq!(heard.others[0], Delta::ServedBy(served));
    assert_eq!(finish(heard.done()), (Finish::Complete, Cost::Computed(NanoUsd(100_000 + 100_000))));
    let Delta::Done { usage, .. } = heard.done() else { unreachable!() };
    assert_eq!((usage.prompt_tokens, usage.completion_tokens), (100, 50));

    let entries = stage.journal.entries();
    let [(entry, Some(outcome))] = entries.as_slice() else { panic!("{entries:?}") };
    assert_eq!(
        (entry.recipient.as_str(), outcome.ending),
        ("Another program on this computer", Ending::Complete)
    );
}

#[tokio::test]
async fn what_is_sent_is_what_was_prepared() {
    let stage = Stage::new(vec![vec![Do::Say(stream("data: [DONE]\n\n"))]]);
    let prepared = stage::prepare(&stage.cloud(patient()), &stage.endpoint());
    stage.hear().await;
    let request = &stage.asked()[0];
    let (top, body) = request.split_once("\r\n\r\n").unwrap();
    assert_eq!(body.as_bytes(), prepared.body());
    assert!(body.starts_with("{\"model\":\"org/m\","), "{body}");
    assert!(top.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{top}");
    assert!(top.to_ascii_lowercase().contains("\r\naccept: text/event-stream"), "{top}");
    assert!(top.contains("Bearer hf_very_private"), "{top}");
}

#[tokio::test]
async fn a_byte_at_a_time_is_the_same_answer() {
    let body =
        ["\u{feff}: hello\r\n\r\n", &says("Søvn 🌊"), ":\n\n", &ends("stop"), "data: [DONE]\r\r"].concat();
    let stage = Stage::new(vec![vec![Do::Say(stream("")), Do::Spell(body)]]);
    let heard = stage.hear().await;
    assert_eq!((heard.text.as_str(), finish(heard.done()).0), ("Søvn 🌊", Finish::Complete));
}

#[tokio::test]
async fn an_end_that_was_announced_needs_no_farewell() {
    let heard = streamed(&[says("All."), ends("stop")].concat()).await;
    assert_eq!((heard.text.as_str(), finish(heard.done()).0), ("All.", Finish::Complete));
}

#[tokio::test]
async fn a_farewell_alone_is_an_end_too() {
    let heard = streamed(&[says("All."), "data: [DONE]\n\n".into()].concat()).await;
    assert_eq!(
        finish(heard.done()),
        (Finish::Complete, Cost::UpperBound(CEILING)),
        "nobody said what was used"
    );
}

#[tokio::test]
async fn a_connection_that_closes_before_the_end_breaks_the_answer_off() {
    for tail in ["", "data: {\"choices\":[{\"delta\":{\"content\":\"cu"] {
        let heard = streamed(&[says("Half"), tail.into()].concat()).await;
        assert_eq!(heard.text, "Half");
        assert_eq!(finish(heard.done()), (Finish::BrokenOff, Cost::UpperBound(CEILING)), "{tail}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_keeps_what_had_come() {
    let body = says("Half");
    let opening = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\n\r\n",
        body.len() + 100
    );
    let stage = Stage::new(vec![vec![Do::Say([opening, body].concat())]]);
    let heard = stage.hear().await;
    assert_eq!((heard.text.as_str(), finish(heard.done()).0), ("Half", Finish::BrokenOff));
    assert_eq!(stage.asked().len(), 1, "never again after the first byte");
}

#[tokio::test]
async fn an_error_under_200_is_an_error_and_nothing_is_read_after_it() {
    for error in
        [json!({ "error": "no credit left" }), json!({ "error": { "code": 502, "message": "gone" } })]
    {
        let body = [format!("data: {error}\n\n"), says("never")].concat();
        let stage = Stage::new(vec![vec![Do::Say(stream(&body)), Do::Hold]]);
        let heard = stage.hear().await;
        assert_eq!(heard.text, "");
        assert!(heard.sentence().contains("other program on this computer"), "{}", heard.sentence());
        stage.closed().await;
        assert_eq!(stage.asked().len(), 1, "no second try");
    }
}

#[tokio::test]
async fn an_error_in_the_middle_keeps_what_had_come() {
    let error = json!({ "error": { "message": "worker lost" }, "choices": [{ "delta": { "content": "" },
        "finish_reason": "error" }] });
    let heard = streamed(&[says("Half"), format!("data: {error}\n\n"), says("never")].concat()).await;
    assert_eq!(heard.text, "Half");
    assert!(heard.sentence().contains("They say: “worker lost”"), "{}", heard.sentence());
}

#[tokio::test]
async fn usage_without_choices_is_not_the_end() {
    let heard = streamed(&[used(1, 1), says("After."), ends("stop")].concat()).await;
    assert_eq!((heard.text.as_str(), finish(heard.done()).0), ("After.", Finish::Complete));
}

#[tokio::test]
async fn why_it_ended_is_told() {
    for (word, why) in [("length", Finish::Length), ("content_filter", Finish::Filtered)] {
        let heard = streamed(&[says("Half"), ends(word), used(10, 10)].concat()).await;
        assert_eq!(finish(heard.done()), (why, Cost::Computed(NanoUsd(30_000))));
    }
}

#[tokio::test]
async fn thoughts_have_a_channel_of_their_own() {
    let thought = |name: &str| format!("data: {}\n\n", json!({ "choices": [{ "delta": { name: "Hm. " } }] }));
    let heard =
        streamed(&[thought("reasoning"), thought("reasoning_content"), says("Yes."), ends("stop")].concat())
            .await;
    assert_eq!((heard.thoughts.as_str(), heard.text.as_str()), ("Hm. Hm. ", "Yes."));
}

#[tokio::test]
async fn thoughts_that_come_as_text_are_told_apart() {
    for (begin, rest) in [("<thi", "nk>Hm.</think>\n\nYes."), ("[", "THINK]Hm.[/THINK]Yes.")] {
        let heard = streamed(&[says(begin), says(rest), ends("stop")].concat()).await;
        assert_eq!((heard.thoughts.as_str(), heard.text.as_str()), ("Hm.", "Yes."));
    }
    let heard = streamed(&[says("<think>Hm."), ends("length")].concat()).await;
    assert_eq!((heard.thoughts.as_str(), heard.text.as_str()), ("Hm.", ""));
}

#[tokio::test]
async fn whoever_does_not_stream_is_understood_all_the_same() {
    let whole = json!({ "choices": [{ "message": { "content": "All of it." }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 10, "completion_tokens": 10, "cost": 0.5 } });
    let stage =
        Stage::new(vec![vec![Do::Say(answer("Application/JSON; charset=utf-8", &whole.to_string()))]]);
    let heard = stage.hear().await;
    assert_eq!(heard.text, "All of it.");
    assert_eq!(finish(heard.done()), (Finish::Complete, Cost::Reported(NanoUsd(500_000_000))));
}

#[tokio::test]
async fn an_error_in_one_piece_under_200_is_an_error() {
    let stage = Stage::new(vec![vec![Do::Say(answer("application/json", "{\"error\":\"no\"}"))]]);
    assert!(stage.hear().await.sentence().contains("They say: “no”"));
}

#[tokio::test]
async fn a_page_is_not_an_answer() {
    for (kind, body) in
        [("text/html", "<html>Welcome"), ("application/json", "{\"hello\":1}"), ("", "data: hello\n\n")]
    {
        let stage = Stage::new(vec![vec![Do::Say(answer(kind, body))]]);
        let heard = stage.hear().await;
        assert!(heard.sentence().contains("not as a model does"), "{kind}: {}", heard.sentence());
    }
}

#[tokio::test]
async fn signs_of_life_without_an_answer_do_not_count() {
    for sign in
        [": still here\n\n", "data: {\"choices\":[{\"delta\":{\"content\":\"\"}}]}\n\n", "event: ping\n\n"]
    {
        let script = vec![Do::Say(stream("")), Do::Repeat(sign.into(), Duration::from_millis(20))];
        let stage = Stage::new(vec![script]);
        let timeouts = Timeouts { content: Duration::from_millis(700), ..patient() };
        let begun = Instant::now();
        let heard = stage.hear_of_theirs(timeouts).await;
        assert!(begun.elapsed() >= Duration::from_millis(700));
        assert!(heard.sentence().contains("has said nothing for"), "{}", heard.sentence());
        stage.closed().await;
    }
}

#[tokio::test]
async fn an_answer_without_end_is_ended() {
    let script = vec![Do::Say(stream("")), Do::Repeat(says("on and "), Duration::from_millis(10))];
    let stage = Stage::new(vec![script]);
    let heard = stage.hear_of_theirs(Timeouts { overall: Duration::from_secs(1), ..patient() }).await;
    assert!(heard.text.starts_with("on and on and "));
    assert!(heard.sentence().contains("still not done"), "{}", heard.sentence());
    stage.closed().await;
}

#[tokio::test]
async fn a_flood_of_nothing_cannot_outrun_the_timer() {
    let flood = "data:\n\n".repeat(2000);
    let script = vec![Do::Say(stream("")), Do::Repeat(flood, Duration::ZERO)];
    let stage = Stage::new(vec![script]);
    let heard = stage.hear_of_theirs(Timeouts { content: Duration::from_millis(700), ..patient() }).await;
    assert!(heard.sentence().contains("has said nothing for"), "{}", heard.sentence());
    stage.closed().await;
}

#[tokio::test]
async fn an_event_without_end_is_capped() {
    for endless in ["data: aaaaaaaaaaaaaaaa", ": comment ", "unknown"] {
        let script = vec![Do::Say(stream(&says("Half"))), Do::Repeat(endless.repeat(1000), Duration::ZERO)];
        let stage = Stage::new(vec![script]);
        let heard = stage.hear().await;
        assert_eq!(heard.text, "Half");
        assert!(heard.sentence().contains("far more than an answer has"), "{endless}: {}", heard.sentence());
        stage.closed().await;
    }
}

#[tokio::test]
async fn the_body_of_an_error_without_end_is_capped() {
    let opening =
        "HTTP/1.1 500 Oh\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{\"error\":\"";
    let script = vec![Do::Say(opening.into()), Do::Repeat("a".repeat(10_000), Duration::from_millis(5))];
    let stage = Stage::new(vec![script]);
    // The cap ends it, not the timer.
    let heard = stage.hear_with(Timeouts { reply: Duration::from_hours(1), ..patient() }).await;
    assert!(heard.sentence().contains("has trouble of its own"), "{}", heard.sentence());
    stage.closed().await;
}

#[tokio::test]
async fn what_was_used_is_waited_for_but_not_for_long() {
    let script = vec![Do::Say(stream(&[says("All."), ends("stop")].concat())), Do::Hold];
    let stage = Stage::new(vec![script]);
    let heard = stage
        .hear_with(Timeouts {
            tail: Duration::from_millis(100),
            content: Duration::from_hours(1),
            ..patient()
        })
        .await;
    assert_eq!(finish(heard.done()), (Finish::Complete, Cost::UpperBound(CEILING)));
    stage.closed().await;
}

#[tokio::test]
async fn what_is_no_text_breaks_the_answer_off() {
    for (before, text) in [(says("Half"), "Half"), (String::new(), "")] {
        let script =
            vec![Do::Say(stream(&before)), Do::Raw(b"data: \xff\xfe\n\n".to_vec()), Do::Say(says("never"))];
        let heard = Stage::new(vec![script]).hear().await;
        assert_eq!(heard.text, text);
        if text.is_empty() {
            assert!(heard.sentence().contains("not as a model does"), "{}", heard.sentence());
        } else {
            assert_eq!(finish(heard.done()).0, Finish::BrokenOff);
        }
    }
}

#[tokio::test]
async fn a_cost_in_the_headers_is_the_proxys_own_figure() {
    for (figure, cost) in
        [("0.0025", Cost::Reported(NanoUsd(2_500_000))), ("0.0", Cost::Computed(NanoUsd(30_000)))]
    {
        let opening = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-litellm-response-cost: {figure}\r\n\
             connection: close\r\n\r\n"
        );
        let body = [says("Yes."), ends("stop"), used(10, 10)].concat();
        let stage = Stage::new(vec![vec![Do::Say([opening, body].concat())]]);
        assert_eq!(finish(stage.hear().await.done()), (Finish::Complete, cost), "{figure}");
    }
}

#[tokio::test]
async fn an_answer_in_messages_is_read_with_its_own_key_and_version() {
    let body = [
        json!({ "type": "message_start", "message": { "usage": { "input_tokens": 10, "output_tokens": 1 } } }),
        json!({ "type": "ping" }),
        json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "thinking_delta", "thinking": "Hm." } }),
        json!({ "type": "content_block_delta", "index": 1, "delta": { "type": "text_delta", "text": "Yes." } }),
        json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn" }, "usage": { "output_tokens": 20 } }),
        json!({ "type": "message_stop" }),
    ];
    let body = body.map(|event| format!("event: x\ndata: {event}\n\n")).concat();
    let stage = Stage::new(vec![vec![Do::Say(stream(&body)), Do::Hold]]);
    let heard = hear_from(&stage.cloud(patient()), &stage.endpoint_of("anthropic")).await;
    assert_eq!((heard.thoughts.as_str(), heard.text.as_str()), ("Hm.", "Yes."));
    assert_eq!(finish(heard.done()), (Finish::Complete, Cost::Computed(NanoUsd(50_000))));
    let request = stage.asked()[0].clone();
    assert!(request.starts_with("POST /v1/messages "), "{request}");
    assert!(
        request.contains("x-api-key: hf_very_private") && request.contains("anthropic-version: 2023-06-01")
    );
    assert!(!request.to_ascii_lowercase().contains("authorization"), "{request}");
}

#[tokio::test]
async fn a_message_that_never_stops_breaks_off() {
    let begun = json!({ "type": "content_block_delta", "delta": { "type": "text_delta", "text": "Half" } });
    let stage = Stage::new(vec![vec![Do::Say(stream(&format!("data: {begun}\n\n")))]]);
    let heard = hear_from(&stage.cloud(patient()), &stage.endpoint_of("anthropic")).await;
    assert_eq!((heard.text.as_str(), finish(heard.done()).0), ("Half", Finish::BrokenOff));
}

#[tokio::test]
async fn the_router_is_told_who_pays_and_who_is_to_serve() {
    let stage = Stage::new(vec![vec![Do::Say(stream("data: [DONE]\n\n"))]]);
    let endpoint = stage.endpoint_of("huggingface").billed_to("salt-road").unwrap();
    hear_from(&stage.cloud(patient()), &endpoint).await;
    let request = stage.asked()[0].clone();
    assert!(request.to_ascii_lowercase().contains("\r\nx-hf-bill-to: salt-road\r\n"), "{request}");
    assert!(request.contains("\r\n\r\n{\"model\":\"org/m:novita\","), "{request}");
}

#[tokio::test]
async fn one_more_provider_is_one_entry() {
    let stage = Stage::new(vec![vec![Do::Say(stream(&[says("Hello."), ends("stop")].concat()))]]);
    let base: &'static str = format!("{}/api/v3", stage.server.address).leak();
    let salt_road = Provider { words: "A new one.", ..Provider::new("salt-road", "Salt Road", base) };
    assert!(matches!(salt_road.base, Base::Fixed(_)));
    let heard = hear_from(&stage.cloud(patient()), &Endpoint::at(salt_road, "").unwrap()).await;
    assert_eq!(heard.text, "Hello.");
    assert!(stage.asked()[0].starts_with("POST /api/v3/chat/completions "));
}

#[tokio::test]
async fn a_status_that_is_no_success_is_never_an_answer() {
    for line in ["307 Elsewhere", "404 Not found", "418 Teapot"] {
        let script = vec![Do::Say(status(line, "location: http://127.0.0.1:9/\r\n", &says("never")))];
        let stage = Stage::new(vec![script]);
        let heard = stage.hear().await;
        assert!(heard.error.is_some() && heard.text.is_empty(), "{line}: {heard:?}");
        assert_eq!(stage.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_server_of_ones_own_has_time_while_it_gives_signs_of_life() {
    // On a machine that stood still for longer than was given, all of it is tried at half the pace.
    let mut pause = Duration::from_millis(100);
    let (stage, heard) = loop {
        let mut script = vec![Do::Say(stream(""))];
        for _ in 0..12 {
            script.extend([Do::Say(": keep-alive\n\n".into()), Do::Wait(pause)]);
        }
        script.push(Do::Say([says("At last."), ends("stop")].concat()));
        let stage = Stage::new(vec![script]);
        // Each pause is short beside this, and all of them together are long.
        let heard = stage.hear_with(Timeouts { own: pause * 6, ..patient() }).await;
        if heard.error.is_none() || pause > Duration::from_secs(3) {
            break (stage, heard);
        }
        pause *= 2;
    };
    assert_eq!((heard.text.as_str(), finish(heard.done()).0), ("At last.", Finish::Complete));
    assert_eq!(stage.asked().len(), 1);
}

#[tokio::test]
async fn a_server_of_ones_own_that_falls_silent_is_given_up() {
    let stage = Stage::new(vec![vec![Do::Say(stream(": here\n\n")), Do::Hold]]);
    let heard = stage.hear_with(Timeouts { own: Duration::from_millis(300), ..patient() }).await;
    assert!(heard.sentence().contains("has said nothing for"), "{}", heard.sentence());
    stage.closed().await;
}

#[tokio::test]
async fn an_emoji_in_two_halves_is_one_letter() {
    let half = |unit: &str| format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{unit}\"}}}}]}}\n\n");
    let body = [half("a \\ud83d"), half("\\ude00 b"), ends("stop")].concat();
    let heard = streamed(&body).await;
    assert_eq!((heard.text.as_str(), finish(heard.done()).0), ("a 😀 b", Finish::Complete));
}

#[tokio::test]
async fn the_key_is_in_nothing_that_comes_back() {
    let opening = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-inference-provider: at-{KEY}\r\n\
         x-request-id: {KEY}{}\r\nconnection: close\r\n\r\n",
        "x".repeat(3000)
    );
    let provider = json!({ "provider": format!("{KEY}{}", "y".repeat(3_000_000)), "choices": [] });
    let (one, two) = KEY.split_at(5);
    let body = [format!("data: {provider}\n\n"), says(one), says(two), says("!"), ends("stop")].concat();
    let heard = Stage::new(vec![vec![Do::Say([opening, body].concat())]]).hear().await;
    assert_eq!(heard.text, "…!");
    let kept = format!("{:?}", heard.others);
    assert!(!kept.contains(KEY) && kept.len() < 2000, "{kept}");
}

#[tokio::test]
async fn a_server_with_little_room_is_asked_for_a_shorter_answer() {
    let refusal = json!({ "error": { "message": "This model's maximum context length is 512 tokens. However, you \
        requested 1018 tokens (18 in the messages, 1000 in the completion)." } });
    let refused = status("400 Bad", "content-type: application/json\r\n", &refusal.to_string());
    let answered = stream(&[says("Salt."), ends("stop")].concat());
    let stage = Stage::new(vec![vec![Do::Say(refused)], vec![Do::Say(answered)]]);
    assert_eq!(stage.hear().await.text, "Salt.");
    let asked = stage.asked();
    assert!(asked[0].contains("\"max_tokens\":1000") && asked[1].contains("\"max_tokens\":4"), "{asked:?}");
}
