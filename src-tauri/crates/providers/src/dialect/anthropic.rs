//! Messages. An answer is a list of blocks, each begun, continued and ended by events of
//! their own; the end is `message_stop`, and there is no `[DONE]`.

use serde::Serialize;
use serde_json::{Value, json};
use sotto_domain::{Finish, Role};

use super::{Ask, Event, text};
use crate::{Field, Said, Spent, foreign};

pub(super) fn read(kind: Option<&str>, data: &str) -> Vec<Event> {
    let data = data.trim();
    if data.is_empty() {
        return Vec::new();
    }
    let Some(value) = foreign::lenient(data) else { return vec![Event::Garbled] };
    if let Some(said) = Said::error(&value) {
        return vec![Event::Failed(said)];
    }
    // The type is said twice; a proxy may lose either.
    let Some(kind) = text(&value, "type").or(kind) else { return Vec::new() };
    let mut events = Vec::new();
    match kind {
        "message_start" => {
            let usage = value.get("message").and_then(|message| message.get("usage"));
            events.extend(usage.and_then(Spent::of_anthropic).map(Event::Spent));
        }
        "content_block_start" => say(value.get("content_block").unwrap_or(&Value::Null), &mut events),
        "content_block_delta" => say(value.get("delta").unwrap_or(&Value::Null), &mut events),
        "message_delta" => {
            events.extend(value.get("delta").and_then(finish));
            events.extend(value.get("usage").and_then(Spent::of_anthropic).map(Event::Spent));
        }
        "message_stop" => events.push(Event::End),
        "error" => events.push(Event::Failed(Said::from_value(&value))),
        // `ping`, `content_block_stop`, and what is still to be invented.
        _ => {}
    }
    events
}

pub(super) fn read_whole(value: &Value) -> Vec<Event> {
    if let Some(said) = Said::error(value) {
        return vec![Event::Failed(said)];
    }
    let Some(blocks) = value.get("content").and_then(Value::as_array) else { return vec![Event::Garbled] };
    let mut events = Vec::new();
    for block in blocks {
        say(block, &mut events);
    }
    events.extend(finish(value));
    events.extend(value.get("usage").and_then(Spent::of_anthropic).map(Event::Spent));
    events.push(Event::End);
    events
}

/// A block and a piece of one use the same names.
fn say(part: &Value, events: &mut Vec<Event>) {
    events.extend(text(part, "thinking").map(|thought| Event::Thinking(thought.to_owned())));
    events.extend(text(part, "text").map(|said| Event::Text(said.to_owned())));
}

fn finish(message: &Value) -> Option<Event> {
    let finish = match text(message, "stop_reason")? {
        "max_tokens" | "model_context_window_exceeded" => Finish::Length,
        "refusal" => Finish::Filtered,
        _ => Finish::Complete,
    };
    Some(Event::Finish(finish))
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<String>,
    messages: Vec<Value>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    stop_sequences: &'a [String],
}

pub(super) fn body(ask: &Ask<'_>) -> serde_json::Result<Vec<u8>> {
    let (system, talk): (Vec<_>, Vec<_>) =
        ask.request.turns.iter().zip(ask.pictures).partition(|(turn, _)| turn.role == Role::System);
    let system: Vec<&str> = system.iter().map(|(turn, _)| turn.text.as_str()).collect();
    let messages = talk
        .iter()
        .map(|(turn, pictures)| {
            let role = if turn.role == Role::Assistant { "assistant" } else { "user" };
            if pictures.is_empty() {
                return json!({ "role": role, "content": turn.text });
            }
            let mut blocks: Vec<Value> = pictures
                .iter()
                .map(|picture| {
                    let (kind, data) = (picture.mime, &picture.base64);
                    json!({ "type": "image", "source": { "type": "base64", "media_type": kind, "data": data } })
                })
                .collect();
            if !turn.text.is_empty() {
                blocks.push(json!({ "type": "text", "text": turn.text }));
            }
            json!({ "role": role, "content": blocks })
        })
        .collect();
    serde_json::to_vec(&Body {
        model: ask.model,
        max_tokens: ask.max_tokens,
        system: (!system.is_empty()).then(|| system.join("\n\n")),
        messages,
        stream: true,
        // Of its two ways to write more freely, newer models take one; here it ends at 1.
        temperature: (!ask.without.contains(&Field::Temperature))
            .then(|| ask.request.sampling.temperature.clamp(0.0, 1.0)),
        stop_sequences: &ask.request.rules.stop,
    })
}
