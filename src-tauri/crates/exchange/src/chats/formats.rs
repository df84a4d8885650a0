//! What the files of each app look like. None of them is promised by anybody: what is missing is
//! done without, and what is strange is left out and counted.

use std::collections::HashMap;

use serde_json::Value;
use sotto_domain::{Role, Timestamp};

use super::{
    By, Chat, Found, Said,
    tree::{Node, Saying, ordered},
};
use crate::dates;

/// A conversation, by what it has; `None` where it is none.
pub(super) fn read(value: &Value) -> Option<Found> {
    let title = || text_of(value, "title").or_else(|| text_of(value, "name")).unwrap_or_default().to_owned();
    let chat = if value["mapping"].is_object() {
        chatgpt(value)
    } else if value["chat_messages"].is_array() {
        claude(value)
    } else if value["chat"]["history"]["messages"].is_object() {
        open_webui(value)
    } else if value["messages"].as_array().is_some_and(|all| all.iter().all(|one| one["versions"].is_array()))
    {
        lm_studio(value)
    } else {
        return None;
    };
    Some(match chat {
        Some(mut chat) if !chat.messages.is_empty() => {
            chat.title =
                chat.title.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect();
            Found::Chat(chat)
        }
        _ => Found::Unread(title()),
    })
}

fn text_of<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value[name].as_str()
}

fn name_of(text: Option<&str>) -> Option<String> {
    text.map(|text| text.trim().chars().take(100).collect::<String>()).filter(|text| !text.is_empty())
}

/// A moment: seconds since 1970 as `OpenAI` and Open `WebUI` have them, milliseconds as others do, or
/// `2025-03-04T05:06:07.89Z`.
fn moment(value: &Value) -> Option<Timestamp> {
    #[allow(clippy::cast_possible_truncation)] // it is looked at first
    let ms = match value {
        Value::Number(number) => {
            let number = number.as_f64()?;
            let ms = if number.abs() < 1e11 { number * 1000.0 } else { number };
            if !(0.0..1e14).contains(&ms) {
                return None;
            }
            ms as i64
        }
        Value::String(text) => dates::parse(text)?,
        _ => return None,
    };
    Some(ms)
}

fn chat(
    value: &Value,
    title: &str,
    begun: Timestamp,
    updated: Option<Timestamp>,
    tree: (Vec<Said>, Option<usize>),
) -> Chat {
    let (messages, head) = tree;
    let title = text_of(value, title).unwrap_or_default().to_owned();
    let last = messages.iter().map(|one| one.at).max();
    Chat { title, updated_at: updated.or(last).unwrap_or(begun), messages, head }
}

fn chatgpt(value: &Value) -> Option<Chat> {
    let mapping = value["mapping"].as_object()?;
    let begun = moment(&value["create_time"]).unwrap_or_default();
    let usual = text_of(value, "default_model_slug");
    let (mut nodes, mut order) = (HashMap::new(), Vec::new());
    for (id, node) in mapping {
        let names = |value: &Value| -> Vec<String> {
            value.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
        };
        let said = chatgpt_message(&node["message"], usual);
        let parent = node["parent"].as_str().map(str::to_owned);
        order.push((moment(&node["message"]["create_time"]), id.clone()));
        nodes.insert(id.clone(), Node { parent, children: names(&node["children"]), said });
    }
    // Versions of an answer stand in the order in which they were written.
    order.sort_by_key(|(at, _)| *at);
    let order: Vec<String> = order.into_iter().map(|(_, id)| id).collect();
    let tree = ordered(nodes, &order, text_of(value, "current_node"), begun);
    Some(chat(value, "title", begun, moment(&value["update_time"]), tree))
}

fn chatgpt_message(message: &Value, usual: Option<&str>) -> Option<Saying> {
    let role = match text_of(&message["author"], "role")? {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        _ => return None,
    };
    let (metadata, content) = (&message["metadata"], &message["content"]);
    if metadata["is_visually_hidden_from_conversation"] == true {
        return None;
    }
    // What is meant for a tool is no word to the user.
    if role == Role::Assistant && text_of(message, "recipient").is_some_and(|to| to != "all") {
        return None;
    }
    let (mut texts, mut pictures, mut left_out) = (Vec::new(), Vec::new(), 0);
    match text_of(content, "content_type").unwrap_or("text") {
        "text" | "multimodal_text" => {
            for part in content["parts"].as_array().into_iter().flatten() {
                match (part, text_of(part, "content_type")) {
                    (Value::String(text), _) => texts.push(text.clone()),
                    (_, Some("image_asset_pointer")) => {
                        let pointer = text_of(part, "asset_pointer").unwrap_or_default();
                        pictures.push(pointer.rsplit('/').next().unwrap_or_default().to_owned());
                    }
                    (_, Some("audio_transcription")) => {
                        texts.extend(text_of(part, "text").map(str::to_owned));
                    }
                    _ => left_out += 1,
                }
            }
        }
        "code" => {
            let code = text_of(content, "text").unwrap_or_default();
            texts.push(format!("```\n{}\n```", code.trim_end()));
        }
        _ => return None,
    }
    left_out += metadata["attachments"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|one| !text_of(one, "mime_type").unwrap_or_default().starts_with("image/"))
        .count();
    let text = texts.join("\n\n").trim().to_owned();
    if text.is_empty() && pictures.is_empty() && left_out == 0 {
        return None;
    }
    let model = name_of(text_of(metadata, "model_slug").or(usual));
    let by = By { app: "ChatGPT", in_cloud: true, model };
    Some(Saying { role, text, at: moment(&message["create_time"]), by, pictures, left_out })
}

fn claude(value: &Value) -> Option<Chat> {
    let begun = moment(&value["created_at"]).unwrap_or_default();
    let messages = value["chat_messages"].as_array()?;
    let linked = messages.iter().any(|one| one["parent_message_uuid"].is_string());
    let (mut nodes, mut order, mut last) = (HashMap::new(), Vec::new(), None::<String>);
    for (at, message) in messages.iter().enumerate() {
        let id = text_of(message, "uuid").map_or_else(|| at.to_string(), str::to_owned);
        let parent = if linked { text_of(message, "parent_message_uuid").map(str::to_owned) } else { last };
        let said = claude_message(message, text_of(value, "model"));
        nodes.insert(id.clone(), Node { parent, children: vec![], said });
        order.push(id.clone());
        last = Some(id);
    }
    let head = text_of(value, "current_leaf_message_uuid").map(str::to_owned).or(last);
    let tree = ordered(nodes, &order, head.as_deref(), begun);
    Some(chat(value, "name", begun, moment(&value["updated_at"]), tree))
}

fn claude_message(message: &Value, model: Option<&str>) -> Option<Saying> {
    let role = match text_of(message, "sender")? {
        "human" => Role::User,
        "assistant" => Role::Assistant,
        _ => return None,
    };
    let parts = message["content"].as_array().into_iter().flatten();
    let mut texts: Vec<&str> =
        parts.filter(|part| part["type"] == "text").filter_map(|part| text_of(part, "text")).collect();
    if texts.iter().all(|text| text.trim().is_empty()) {
        texts = text_of(message, "text").into_iter().collect();
    }
    let mut text = texts.join("\n\n").trim().to_owned();
    for attachment in message["attachments"].as_array().into_iter().flatten() {
        // What was pasted as a file is given with its words.
        if let Some(words) = text_of(attachment, "extracted_content") {
            let name = text_of(attachment, "file_name").unwrap_or_default();
            text = [text.as_str(), name, words].join("\n\n");
        }
    }
    let (text, left_out) = (text.trim().to_owned(), message["files"].as_array().map_or(0, Vec::len));
    if text.is_empty() && left_out == 0 {
        return None;
    }
    let by = By { app: "Claude", in_cloud: true, model: name_of(model) };
    Some(Saying { role, text, at: moment(&message["created_at"]), by, pictures: vec![], left_out })
}

fn plain_role(role: &str) -> Option<Role> {
    match role {
        "user" => Some(Role::User),
        "assistant" => Some(Role::Assistant),
        _ => None,
    }
}

fn open_webui(value: &Value) -> Option<Chat> {
    let history = &value["chat"]["history"];
    let messages = history["messages"].as_object()?;
    let begun = moment(&value["created_at"]).unwrap_or_default();
    let (mut nodes, mut order) = (HashMap::new(), Vec::new());
    for (id, message) in messages {
        let said = plain_role(text_of(message, "role").unwrap_or_default()).and_then(|role| {
            let text = text_of(message, "content").unwrap_or_default().trim().to_owned();
            let left_out = message["files"].as_array().map_or(0, Vec::len);
            let by = By { app: "Open WebUI", in_cloud: false, model: name_of(text_of(message, "model")) };
            let said =
                Saying { role, text, at: moment(&message["timestamp"]), by, pictures: vec![], left_out };
            (!said.text.is_empty() || left_out > 0).then_some(said)
        });
        order.push((moment(&message["timestamp"]), id.clone()));
        let parent = text_of(message, "parentId").map(str::to_owned);
        nodes.insert(id.clone(), Node { parent, children: vec![], said });
    }
    order.sort_by_key(|(at, _)| *at);
    let order: Vec<String> = order.into_iter().map(|(_, id)| id).collect();
    let tree = ordered(nodes, &order, text_of(history, "currentId"), begun);
    Some(chat(value, "title", begun, moment(&value["updated_at"]), tree))
}

fn lm_studio(value: &Value) -> Option<Chat> {
    let begun = moment(&value["createdAt"]).unwrap_or_default();
    let mut messages: Vec<Said> = Vec::new();
    let mut parent = None;
    for message in value["messages"].as_array()? {
        let versions = message["versions"].as_array()?;
        let chosen =
            usize::try_from(message["currentlySelected"].as_u64().unwrap_or_default()).unwrap_or_default();
        let before = parent;
        for (at, version) in versions.iter().enumerate() {
            let Some(role) = plain_role(text_of(version, "role").unwrap_or_default()) else { continue };
            let steps = version["steps"].as_array().into_iter().flatten();
            let parts = version["content"].as_array().into_iter().flatten();
            let parts = parts.chain(steps.flat_map(|step| step["content"].as_array().into_iter().flatten()));
            let (mut texts, mut left_out) = (Vec::new(), 0);
            for part in parts {
                match text_of(part, "type") {
                    Some("text") => texts.extend(text_of(part, "text")),
                    Some("file") => left_out += 1,
                    _ => {}
                }
            }
            let text = texts.join("\n\n").trim().to_owned();
            if text.is_empty() && left_out == 0 {
                continue;
            }
            let model = name_of(text_of(&version["senderInfo"], "senderName"));
            let by = By { app: "LM Studio", in_cloud: false, model };
            // It writes down no moments but the first.
            let moment = begun + i64::try_from(messages.len()).unwrap_or_default();
            messages.push(Said { parent: before, role, text, at: moment, by, pictures: vec![], left_out });
            if at == chosen || parent == before {
                parent = Some(messages.len() - 1);
            }
        }
    }
    Some(chat(value, "name", begun, None, (messages, parent)))
}

/// A thread of Jan's: its `thread.json`, and its `messages.jsonl`.
pub fn read_jan(thread: &str, lines: &str) -> Option<Found> {
    let thread: Value = serde_json::from_str(thread).ok()?;
    let title = text_of(&thread, "title").unwrap_or_default().to_owned();
    let mut begun = moment(&thread["created"]).unwrap_or_default();
    let usual = text_of(&thread["assistants"][0]["model"], "id");
    let mut messages: Vec<Said> = Vec::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        let Some(role) = plain_role(text_of(&message, "role").unwrap_or_default()) else { continue };
        let (mut texts, mut left_out) = (Vec::new(), 0);
        for part in message["content"].as_array().into_iter().flatten() {
            match text_of(part, "type") {
                Some("text") => texts.extend(text_of(&part["text"], "value")),
                _ => left_out += 1,
            }
        }
        let at = moment(&message["created_at"]).unwrap_or(begun + 1).max(begun);
        begun = at;
        let by = By { app: "Jan", in_cloud: false, model: name_of(usual) };
        let (text, parent) = (texts.join("\n\n").trim().to_owned(), messages.len().checked_sub(1));
        messages.push(Said { parent, role, text, at, by, pictures: vec![], left_out });
    }
    if messages.is_empty() {
        return Some(Found::Unread(title));
    }
    let (head, updated_at) = (messages.len().checked_sub(1), begun);
    Some(Found::Chat(Chat { title, updated_at, messages, head }))
}
