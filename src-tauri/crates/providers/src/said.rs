//! What a provider says when something goes wrong, in whichever shape it says it.

use serde_json::Value;
use sotto_domain::Secret;

use crate::foreign;

/// The parts of a provider's complaint. They come from outside: shown at most as a short
/// quotation, and never followed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// The name or number of what went wrong: `model_not_found`, `429`.
    pub(crate) code: Option<String>,
    /// A sentence for people, as they wrote it.
    pub(crate) message: Option<String>,
}

impl Said {
    /// The complaint in `value`, if it is one rather than a piece of an answer.
    pub(crate) fn error(value: &Value) -> Option<Self> {
        let named = match value.get("error") {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::String(text)) => !text.is_empty(),
            Some(_) => true,
        };
        let kind = |key| value.get(key).and_then(Value::as_str);
        let marked = kind("object") == Some("error") || kind("type") == Some("error");
        // Without choices, a bare sentence is no piece of an answer either.
        let bare = value.get("choices").is_none()
            && value.get("type").is_none()
            && value.get("content").is_none()
            && (value.get("detail").is_some() || kind("message").is_some());
        (named || marked || bare).then(|| Self::from_value(value))
    }

    /// The complaint in the body of an answer whose status says that there is one.
    pub(crate) fn from_body(body: &str) -> Self {
        match foreign::lenient(body) {
            Some(value) => Self::from_value(&value),
            // A page of a proxy's, or nothing: no words for people.
            None => Self::default(),
        }
    }

    pub(crate) fn from_value(value: &Value) -> Self {
        // Azure and some routers answer with a list of one.
        let value = value.as_array().and_then(|list| list.first()).unwrap_or(value);
        let inner = value.get("error").filter(|error| !error.is_null()).unwrap_or(value);
        if let Some(text) = inner.as_str() {
            let code = value.get("code").or_else(|| value.get("error_type")).and_then(name);
            let longer = value.get("message").and_then(Value::as_str);
            return Self { code, message: Some(longer.unwrap_or(text).to_owned()) };
        }
        let code = ["code", "type"].into_iter().filter_map(|key| inner.get(key)).find_map(|code| {
            // A number says what the status said already; a name says more.
            name(code).filter(|code| code != "error")
        });
        let message = ["message", "detail", "msg"]
            .into_iter()
            .filter_map(|key| inner.get(key).or_else(|| value.get(key)))
            .find_map(sentence);
        Self { code, message }
    }

    /// The same without the key: some repeat it to whoever they complain to.
    pub(crate) fn without(mut self, key: Option<&Secret>) -> Self {
        for text in [&mut self.code, &mut self.message].into_iter().flatten() {
            *text = foreign::without(text, key);
        }
        self
    }

    /// Whether any of `words` stands in the code or the message.
    pub(crate) fn mentions(&self, words: &[&str]) -> bool {
        let texts = [self.code.as_deref(), self.message.as_deref()];
        texts.into_iter().flatten().any(|text| {
            let text = text.to_ascii_lowercase();
            words.iter().any(|word| text.contains(word))
        })
    }

    /// The status that an error under 200 stands for, where its code is one.
    pub(crate) fn status(&self) -> Option<u16> {
        let status = self.code.as_deref()?.parse().ok()?;
        (400..600).contains(&status).then_some(status)
    }

    /// Their sentence, short and on one line, to be quoted.
    pub(crate) fn quotation(&self) -> Option<String> {
        const LONGEST: usize = 200;
        let message = self.message.as_deref()?;
        let line = message.split(|letter: char| letter.is_control() || letter.is_whitespace());
        let line = line.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        // What turns text around has no place in a quotation.
        let line: String = line.chars().filter(|letter| !foreign::turns(*letter)).collect();
        match line.char_indices().nth(LONGEST) {
            _ if line.is_empty() => None,
            None => Some(line),
            Some((end, _)) => Some(format!("{}…", line[..end].trim_end())),
        }
    }
}

fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A sentence, or the first of a list of them (`[{"loc": …, "msg": "…"}]`).
fn sentence(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Array(list) => {
            list.first().and_then(|first| sentence(first.get("msg").unwrap_or(&Value::Null))).map(|told| {
                let place = list[0].get("loc").and_then(Value::as_array).and_then(|loc| loc.last());
                match place.and_then(Value::as_str) {
                    Some(place) => format!("{place}: {told}"),
                    None => told,
                }
            })
        }
        Value::Object(_) => value.get("message").or_else(|| value.get("detail")).and_then(sentence),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
