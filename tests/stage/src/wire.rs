//! What an answer looks like on the wire, and a chat completion in it.

use serde_json::json;

/// The head of an answer of this kind; it ends when the connection does. `more` are headers,
/// each ended.
pub fn head(kind: &str, more: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\n{more}\r\n")
}

/// An answer of a kind, its head and what follows.
pub fn answer(kind: &str, body: &str) -> String {
    head(kind, "") + body
}

/// The same, of events.
pub fn stream(body: &str) -> String {
    answer("text/event-stream; charset=utf-8", body)
}

/// A status with headers (each ended) and a body.
pub fn status(line: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {line}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

/// An event of a chat completion with this text.
pub fn says(text: &str) -> String {
    format!("data: {}\n\n", json!({ "choices": [{ "index": 0, "delta": { "content": text } }] }))
}

/// The event that announces the end.
pub fn ends(why: &str) -> String {
    format!("data: {}\n\n", json!({ "choices": [{ "delta": {}, "finish_reason": why }] }))
}

/// The event that says how many tokens were read and written.
pub fn used(read: u64, written: u64) -> String {
    let usage = json!({ "prompt_tokens": read, "completion_tokens": written });
    format!("data: {}\n\n", json!({ "choices": [], "usage": usage }))
}

/// Nothing follows it.
pub const DONE: &str = "data: [DONE]\n\n";
