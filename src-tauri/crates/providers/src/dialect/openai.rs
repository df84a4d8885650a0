//! Chat completions. Everybody speaks them a little differently, so they are read
//! leniently: what is missing or of another type is passed over, never an error.

use serde::Serialize;
use serde_json::{Value, json};
use sotto_domain::{Finish, Role};

use super::{Ask, Encoded, Event, text};
use crate::{Field, Said, Spent, TokenLimit, foreign};

pub(super) fn read(kind: Option<&str>, data: &str) -> Vec<Event> {
    let data = data.trim();
    if data.is_empty() {
        return Vec::new();
    }
    if data == "[DONE]" {
        return vec![Event::End];
    }
    let Some(value) = foreign::lenient(data) else { return vec![Event::Garbled] };
    // Before anything else: an error may come with choices that look like an answer.
    if let Some(said) = Said::error(&value) {
        return vec![Event::Failed(said)];
    }
    if kind == Some("error") {
        return vec![Event::Failed(Said::from_value(&value))];
    }
    let mut events = Vec::new();
    if let Some(backend) = text(&value, "provider") {
        events.push(Event::ServedBy(backend.to_owned()));
    }
    if let Some(choice) = first_choice(&value) {
        say(choice.get("delta").unwrap_or(&Value::Null), &mut events);
        finish(choice, &mut events);
    }
    // Usage comes with `choices: []`, with the last choice, or with every one.
    events.extend(Spent::of_openai(&value).map(Event::Spent));
    events
}

pub(super) fn read_whole(value: &Value) -> Vec<Event> {
    if let Some(said) = Said::error(value) {
        return vec![Event::Failed(said)];
    }
    let Some(choice) = first_choice(value) else { return vec![Event::Garbled] };
    let mut events: Vec<Event> =
        text(value, "provider").map(|backend| Event::ServedBy(backend.to_owned())).into_iter().collect();
    say(choice.get("message").unwrap_or(&Value::Null), &mut events);
    finish(choice, &mut events);
    events.extend(Spent::of_openai(value).map(Event::Spent));
    events.push(Event::End);
    events
}

/// One answer was asked for; others are nobody's.
fn first_choice(value: &Value) -> Option<&Value> {
    let choices = value.get("choices")?.as_array()?;
    choices.iter().find(|choice| choice.get("index").and_then(Value::as_u64).unwrap_or(0) == 0)
}

fn say(delta: &Value, events: &mut Vec<Event>) {
    // Some send the same thought under both names.
    let thought = text(delta, "reasoning_content").or_else(|| text(delta, "reasoning"));
    events.extend(thought.map(|thought| Event::Thinking(thought.to_owned())));
    match delta.get("content") {
        Some(Value::String(said)) if !said.is_empty() => events.push(Event::Text(said.clone())),
        Some(Value::Array(parts)) => {
            for part in parts {
                say_part(part, events);
            }
        }
        _ => {}
    }
    // What it says instead of an answer is what the user should read.
    events.extend(text(delta, "refusal").map(|said| Event::Text(said.to_owned())));
}

/// Mistral's models that think send parts, and their thoughts are parts of parts.
fn say_part(part: &Value, events: &mut Vec<Event>) {
    if let Some(said) = text(part, "text") {
        events.push(Event::Text(said.to_owned()));
    }
    match part.get("thinking") {
        Some(Value::String(thought)) if !thought.is_empty() => events.push(Event::Thinking(thought.clone())),
        Some(Value::Array(thoughts)) => events.extend(
            thoughts
                .iter()
                .filter_map(|thought| text(thought, "text"))
                .map(|thought| Event::Thinking(thought.to_owned())),
        ),
        _ => {}
    }
}

fn finish(choice: &Value, events: &mut Vec<Event>) {
    let event = match text(choice, "finish_reason") {
        None => return,
        Some("length" | "max_tokens" | "model_length") => Event::Finish(Finish::Length),
        Some("content_filter" | "safety" | "refusal") => Event::Finish(Finish::Filtered),
        Some("error") => Event::Failed(Said::default()),
        Some("abort" | "cancelled") => Event::Finish(Finish::BrokenOff),
        // The other words all mean that the model had said all it would: there are many.
        Some(_) => Event::Finish(Finish::Complete),
    };
    events.push(event);
}

/// `model` stands first: Hugging Face's router reads it from the beginning of the body.
#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Value>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f64>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    stop: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Value>,
}

pub(super) fn body(ask: &Ask<'_>) -> serde_json::Result<Vec<u8>> {
    let takes = |field: Field| !ask.without.contains(&field);
    let usual = ask.can.token_limit == TokenLimit::MaxTokens;
    // Who does not take the one name takes the other: without a limit there is no highest cost.
    let old_name = usual == takes(Field::TokenLimit);
    serde_json::to_vec(&Body {
        model: ask.model,
        messages: messages(ask),
        stream: true,
        stream_options: (ask.can.stream_options && takes(Field::StreamOptions))
            .then(|| json!({ "include_usage": true })),
        max_tokens: old_name.then_some(ask.max_tokens),
        max_completion_tokens: (!old_name).then_some(ask.max_tokens),
        temperature: takes(Field::Temperature).then_some(ask.request.sampling.temperature),
        top_p: takes(Field::TopP).then_some(ask.request.sampling.top_p),
        stop: &ask.request.rules.stop,
        response_format: ask.schema.map(|schema| {
            let named = json!({ "name": "answer", "strict": true, "schema": schema });
            json!({ "type": "json_schema", "json_schema": named })
        }),
    })
}

fn messages(ask: &Ask<'_>) -> Vec<Value> {
    let mut messages = Vec::new();
    // Instructions on their way into the user's first message, where nobody else may give them.
    let mut carried = String::new();
    for (turn, pictures) in ask.request.turns.iter().zip(ask.pictures) {
        let role = match turn.role {
            Role::System if ask.without.contains(&Field::System) => {
                carried = format!("{}\n\n", turn.text);
                continue;
            }
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
        };
        let text = std::mem::take(&mut carried) + &turn.text;
        messages.push(json!({ "role": role, "content": content(text, pictures) }));
    }
    messages
}

fn content(text: String, pictures: &[Encoded]) -> Value {
    if pictures.is_empty() {
        return Value::String(text);
    }
    let url = |picture: &Encoded| format!("data:{};base64,{}", picture.mime, picture.base64);
    let shown =
        pictures.iter().map(|picture| json!({ "type": "image_url", "image_url": { "url": url(picture) } }));
    let said = (!text.is_empty()).then(|| json!({ "type": "text", "text": text }));
    shown.chain(said).collect()
}
