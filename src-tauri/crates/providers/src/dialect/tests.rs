use futures_util::{FutureExt, StreamExt, stream};
use proptest::prelude::*;
use serde_json::json;
use sotto_domain::{NanoUsd, Role, Rules, Sampling, Turn};
use sotto_egress::Bytes;

use super::*;
use crate::{TokenLimit, events};

/// What a provider with most of the known habits sends.
const CHAT: &str = concat!(
    "\u{feff}: OPENROUTER PROCESSING\r\n\r\n",
    "event: message\rid: 7\rretry: 10\rdata: {\"provider\":\"Novita\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\r\r",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"Sälz… \",\"reasoning\":\"Sälz… \"}}]}\n\n",
    ":\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Søvn 🌊\"},\ndata: \"finish_reason\":null}]}\n\n",
    "data:{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"nobody's\"}}]}\r\n\r\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"hm\"}]},{\"type\":\"text\",\"text\":\" ende\"}]}}]}\r\n\r\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}],\"usage\":null}\n\n",
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5,\"cost\":0.0001}}\n\n",
    "data: [DONE]\n\n",
);

const MESSAGES: &str = concat!(
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\n",
    "event: ping\ndata: {\"type\":\"ping\"}\n\n",
    "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}\n\n",
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"Überlegung\"}}\n\n",
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"abc\"}}\n\n",
    "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
    "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"Søvn 🌊\"}}\n\n",
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":30}}\n\n",
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
);

/// All events of a transcript that comes in these pieces.
fn read(dialect: Dialect, pieces: Vec<Bytes>) -> Vec<Event> {
    let bytes = stream::iter(pieces.into_iter().map(Ok::<_, std::io::Error>));
    let events: Vec<_> = events(bytes).collect().now_or_never().unwrap();
    let read = |event: Result<sse_stream::Sse, _>| {
        let event = event.unwrap();
        dialect.read(event.event.as_deref(), event.data.as_deref().unwrap_or_default())
    };
    events.into_iter().flat_map(read).collect()
}

fn whole(dialect: Dialect, transcript: &str) -> Vec<Event> {
    read(dialect, vec![Bytes::copy_from_slice(transcript.as_bytes())])
}

/// The transcript cut at these places, wherever they are.
fn cut(transcript: &str, places: &[usize]) -> Vec<Bytes> {
    let mut places: Vec<usize> = places.iter().map(|place| place % (transcript.len() + 1)).collect();
    places.extend([0, transcript.len()]);
    places.sort_unstable();
    let bytes = transcript.as_bytes();
    places.windows(2).map(|pair| Bytes::copy_from_slice(&bytes[pair[0]..pair[1]])).collect()
}

#[test]
fn a_chat_completion_is_read_with_all_its_habits() {
    let spent =
        Spent { prompt: Some(12), completion: Some(5), reported: Some(NanoUsd(100_000)), ..Spent::default() };
    assert_eq!(
        whole(Dialect::OpenAi, CHAT),
        [
            Event::ServedBy("Novita".into()),
            Event::Thinking("Sälz… ".into()),
            Event::Text("Søvn 🌊".into()),
            Event::Thinking("hm".into()),
            Event::Text(" ende".into()),
            Event::Finish(Finish::Length),
            Event::Spent(spent),
            Event::End,
        ]
    );
}

#[test]
fn a_message_is_read_block_by_block() {
    let begun = Spent { prompt: Some(9), completion: Some(1), ..Spent::default() };
    let ended = Spent { completion: Some(30), ..Spent::default() };
    assert_eq!(
        whole(Dialect::Anthropic, MESSAGES),
        [
            Event::Spent(begun),
            Event::Thinking("Überlegung".into()),
            Event::Text("Søvn 🌊".into()),
            Event::Finish(Finish::Complete),
            Event::Spent(ended),
            Event::End,
        ]
    );
}

#[test]
fn every_line_ending_means_the_same() {
    let plain = CHAT.replace("\r\n", "\n").replace('\r', "\n");
    for ending in ["\n", "\r\n", "\r"] {
        assert_eq!(
            whole(Dialect::OpenAi, &plain.replace('\n', ending)),
            whole(Dialect::OpenAi, CHAT),
            "{ending:?}"
        );
    }
}

#[test]
fn one_byte_at_a_time_is_the_same_transcript() {
    for (dialect, transcript) in [(Dialect::OpenAi, CHAT), (Dialect::Anthropic, MESSAGES)] {
        let places: Vec<usize> = (0..transcript.len()).collect();
        assert_eq!(read(dialect, cut(transcript, &places)), whole(dialect, transcript));
    }
}

proptest! {
    #[test]
    fn however_it_is_cut_it_is_the_same_transcript(places in prop::collection::vec(any::<usize>(), 0..40)) {
        for (dialect, transcript) in [(Dialect::OpenAi, CHAT), (Dialect::Anthropic, MESSAGES)] {
            prop_assert_eq!(read(dialect, cut(transcript, &places)), whole(dialect, transcript));
        }
    }

    #[test]
    fn no_event_whatever_makes_it_panic(kind in prop::option::of("[a-z_]{0,12}"), data in ".{0,200}") {
        for dialect in [Dialect::OpenAi, Dialect::Anthropic] {
            let _ = dialect.read(kind.as_deref(), &data);
            let _ = dialect.read_whole(data.as_bytes());
        }
    }
}

#[test]
fn the_last_event_counts_without_the_empty_line_after_it() {
    let transcript = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}";
    assert_eq!(whole(Dialect::OpenAi, transcript), [Event::Finish(Finish::Complete)]);
}

#[test]
fn half_an_event_is_garbled_and_nothing_else() {
    let transcript = "data: {\"choices\":[{\"delta\":{\"content\":\"abc";
    assert_eq!(whole(Dialect::OpenAi, transcript), [Event::Garbled]);
}

#[test]
fn an_error_is_seen_before_any_choices() {
    for event in [
        json!({ "error": "gone", "choices": [{ "delta": { "content": "no" }, "finish_reason": "stop" }] }),
        json!({ "error": { "message": "gone" }, "choices": [] }),
        json!({ "object": "error", "message": "gone" }),
    ] {
        for dialect in [Dialect::OpenAi, Dialect::Anthropic] {
            let events = dialect.read(None, &event.to_string());
            let [Event::Failed(said)] = events.as_slice() else { panic!("{event}: {events:?}") };
            assert_eq!(said.message.as_deref(), Some("gone"));
        }
    }
    let named = Dialect::OpenAi.read(Some("error"), "{\"reason\":1}");
    assert_eq!(named, [Event::Failed(Said::default())], "an event that is called an error is one");
}

#[test]
fn why_it_ended_is_known_by_many_names() {
    for (word, event) in [
        ("stop", Event::Finish(Finish::Complete)),
        ("eos_token", Event::Finish(Finish::Complete)),
        ("tool_calls", Event::Finish(Finish::Complete)),
        ("length", Event::Finish(Finish::Length)),
        ("model_length", Event::Finish(Finish::Length)),
        ("content_filter", Event::Finish(Finish::Filtered)),
        ("abort", Event::Finish(Finish::BrokenOff)),
        ("error", Event::Failed(Said::default())),
    ] {
        let chunk = json!({ "choices": [{ "delta": {}, "finish_reason": word }] });
        assert_eq!(Dialect::OpenAi.read(None, &chunk.to_string()), [event], "{word}");
    }
    for (word, finish) in
        [("end_turn", Finish::Complete), ("max_tokens", Finish::Length), ("refusal", Finish::Filtered)]
    {
        let chunk = json!({ "type": "message_delta", "delta": { "stop_reason": word } });
        assert_eq!(Dialect::Anthropic.read(None, &chunk.to_string()), [Event::Finish(finish)], "{word}");
    }
}

#[test]
fn an_answer_in_one_piece_is_read_too() {
    let chat = json!({ "choices": [{ "message": { "content": "All of it." }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 1, "completion_tokens": 3 } });
    let events = Dialect::OpenAi.read_whole(chat.to_string().as_bytes());
    assert_eq!(events[..2], [Event::Text("All of it.".into()), Event::Finish(Finish::Complete)]);
    assert!(matches!(events[2..], [Event::Spent(_), Event::End]));

    let message = json!({ "content": [{ "type": "text", "text": "All of it." }], "stop_reason": "max_tokens",
        "usage": { "input_tokens": 1, "output_tokens": 3 } });
    let events = Dialect::Anthropic.read_whole(message.to_string().as_bytes());
    assert_eq!(events[..2], [Event::Text("All of it.".into()), Event::Finish(Finish::Length)]);

    for dialect in [Dialect::OpenAi, Dialect::Anthropic] {
        assert_eq!(dialect.read_whole(b"<html>"), [Event::Garbled]);
        assert_eq!(dialect.read_whole(b"{\"hello\":1}"), [Event::Garbled]);
        let error = dialect.read_whole(b"{\"error\":\"no\"}");
        assert!(matches!(error.as_slice(), [Event::Failed(_)]), "{error:?}");
    }
}

fn request() -> Request {
    Request {
        turns: vec![
            Turn::text(Role::System, "Be brief."),
            Turn::text(Role::User, "Hello"),
            Turn::text(Role::Assistant, "Hi."),
            Turn::text(Role::User, "A \"line\"\nabout salt"),
        ],
        sampling: Sampling { temperature: 1.3, top_p: 0.9, ..Sampling::default() },
        rules: Rules { stop: vec!["THE END".into()], ..Rules::default() },
        max_tokens: Some(100),
        alternatives: 0,
    }
}

fn body(dialect: Dialect, can: Can, without: &[Field]) -> (String, Value) {
    let request = request();
    let pictures =
        vec![Vec::new(), vec![Encoded { mime: "image/png", base64: "QUJD".into() }], Vec::new(), Vec::new()];
    let without = without.iter().copied().collect();
    let ask = Ask {
        model: "org/model:novita",
        request: &request,
        schema: None,
        pictures: &pictures,
        max_tokens: 100,
        can,
        without: &without,
    };
    let text = String::from_utf8(dialect.body(&ask).unwrap()).unwrap();
    let value = serde_json::from_str(&text).unwrap();
    (text, value)
}

#[test]
fn a_chat_body_names_the_model_first_and_holds_the_talk() {
    let (text, value) = body(Dialect::OpenAi, Can::USUAL, &[]);
    assert!(text.starts_with("{\"model\":\"org/model:novita\","), "{text}");
    assert_eq!(
        value,
        json!({
            "model": "org/model:novita",
            "messages": [
                { "role": "system", "content": "Be brief." },
                { "role": "user", "content": [
                    { "type": "image_url", "image_url": { "url": "data:image/png;base64,QUJD" } },
                    { "type": "text", "text": "Hello" },
                ] },
                { "role": "assistant", "content": "Hi." },
                { "role": "user", "content": "A \"line\"\nabout salt" },
            ],
            "stream": true,
            "stream_options": { "include_usage": true },
            "max_tokens": 100,
            "temperature": 1.3,
            "top_p": 0.9,
            "stop": ["THE END"],
        })
    );
}

#[test]
fn what_an_endpoint_does_not_take_is_left_out() {
    let (_, value) =
        body(Dialect::OpenAi, Can::USUAL, &[Field::StreamOptions, Field::Temperature, Field::TopP]);
    for left_out in ["stream_options", "temperature", "top_p"] {
        assert_eq!(value.get(left_out), None);
    }
    let (_, value) = body(Dialect::OpenAi, Can { stream_options: false, ..Can::USUAL }, &[]);
    assert_eq!(value.get("stream_options"), None);
}

#[test]
fn the_longest_answer_is_always_said_under_one_name_or_the_other() {
    let new = Can { token_limit: TokenLimit::MaxCompletionTokens, ..Can::USUAL };
    for (can, without, said) in [
        (Can::USUAL, vec![], "max_tokens"),
        (Can::USUAL, vec![Field::TokenLimit], "max_completion_tokens"),
        (new, vec![], "max_completion_tokens"),
        (new, vec![Field::TokenLimit], "max_tokens"),
    ] {
        let (_, value) = body(Dialect::OpenAi, can, &without);
        let limits: Vec<_> =
            value.as_object().unwrap().keys().filter(|key| key.starts_with("max_")).collect();
        assert_eq!(limits, [said]);
        assert_eq!(value[said], 100);
    }
}

#[test]
fn instructions_go_before_the_users_first_message_where_nobody_else_may_give_them() {
    let (_, value) = body(Dialect::OpenAi, Can::USUAL, &[Field::System]);
    assert_eq!(value["messages"].as_array().unwrap().len(), 3);
    assert_eq!(value["messages"][0]["content"][1]["text"], "Be brief.\n\nHello");
}

#[test]
fn a_message_body_has_its_instructions_apart_and_one_way_of_writing_freely() {
    let (text, value) = body(Dialect::Anthropic, Can::USUAL, &[]);
    assert!(text.starts_with("{\"model\":"), "{text}");
    assert_eq!(
        value,
        json!({
            "model": "org/model:novita",
            "max_tokens": 100,
            "system": "Be brief.",
            "messages": [
                { "role": "user", "content": [
                    { "type": "image",
                      "source": { "type": "base64", "media_type": "image/png", "data": "QUJD" } },
                    { "type": "text", "text": "Hello" },
                ] },
                { "role": "assistant", "content": "Hi." },
                { "role": "user", "content": "A \"line\"\nabout salt" },
            ],
            "stream": true,
            "temperature": 1.0,
            "stop_sequences": ["THE END"],
        })
    );
}

#[test]
fn an_answer_in_a_shape_is_asked_for_strictly() {
    let (request, schema) = (request(), json!({ "type": "object" }));
    let ask = Ask {
        model: "m",
        request: &request,
        schema: Some(&schema),
        pictures: &[Vec::new(), Vec::new(), Vec::new(), Vec::new()],
        max_tokens: 1,
        can: Can::USUAL,
        without: &BTreeSet::new(),
    };
    let value: Value = serde_json::from_slice(&Dialect::OpenAi.body(&ask).unwrap()).unwrap();
    assert_eq!(value["response_format"]["json_schema"]["schema"], schema);
    assert_eq!(value["response_format"]["json_schema"]["strict"], true);
}
