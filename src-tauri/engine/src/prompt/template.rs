//! A chat template, with a mark wherever something is said.

use std::{fmt::Write, fs, path::Path};

use minijinja::{Environment, Error, ErrorKind, Value, context};
use minijinja_contrib::pycompat::unknown_method_callback;
use serde_json::json;
use sotto_engine_protocol::{Part, TurnRole};

use crate::talk::Said;

/// A mark is the number of a part between these two: characters for private use, which
/// no template writes.
const BEFORE: char = '\u{f5a0}';
const AFTER: char = '\u{f5a1}';

pub struct Template {
    environment: Environment<'static>,
    begins: String,
    ends: String,
}

impl Template {
    /// Reads a .jinja file, or the `tokenizer_config.json` that holds the template. The
    /// latter names the tokens that begin and end a text either way.
    pub fn read(file: &Path) -> Result<Self, String> {
        let read = |file: &Path| fs::read_to_string(file).map_err(|error| error.to_string());
        let config: serde_json::Value =
            serde_json::from_str(&read(&file.with_file_name("tokenizer_config.json"))?)
                .map_err(|error| error.to_string())?;
        let source = if file.extension().is_some_and(|extension| extension == "jinja") {
            read(file)?
        } else {
            held(&config["chat_template"]).ok_or("tokenizer_config.json holds no template")?
        };
        let mut environment = Environment::new();
        // As transformers sets up Jinja.
        environment.set_trim_blocks(true);
        environment.set_lstrip_blocks(true);
        environment.set_unknown_method_callback(unknown_method_callback);
        environment.add_function("raise_exception", refuse);
        environment.add_function("strftime_now", today);
        environment.add_template_owned("chat", source).map_err(|error| format!("{error:#}"))?;
        Ok(Self { environment, begins: token(&config["bos_token"]), ends: token(&config["eos_token"]) })
    }

    /// Writes the talk, with marks for the parts, numbered through.
    pub fn render(&self, said: &[Said<'_>]) -> Result<String, Error> {
        let mut number = 0;
        let messages: Vec<_> = said
            .iter()
            .map(|said| {
                let first = number;
                number += said.parts.len();
                json!({"role": role(said.role), "content": content(said.parts, first)})
            })
            .collect();
        self.environment.get_template("chat")?.render(context! {
            messages => Value::from_serialize(messages),
            add_generation_prompt => true,
            bos_token => self.begins,
            eos_token => self.ends,
        })
    }
}

/// The first mark of a text: what stands before it, its number, and what stands after.
pub fn first_mark(text: &str) -> Option<(&str, usize, &str)> {
    let (before, rest) = text.split_once(BEFORE)?;
    let (number, rest) = rest.split_once(AFTER)?;
    Some((before, number.parse().ok()?, rest))
}

fn mark(number: usize) -> String {
    format!("{BEFORE}{number}{AFTER}")
}

fn role(role: TurnRole) -> &'static str {
    match role {
        TurnRole::System => "system",
        TurnRole::User => "user",
        TurnRole::Assistant => "assistant",
    }
}

/// Words alone are one string, as templates expect it; only what is shown makes a list.
fn content(parts: &[Part], first: usize) -> serde_json::Value {
    let shows = parts.iter().any(|part| matches!(part, Part::Picture { .. }));
    let blocks = parts.iter().zip(first..).map(|(part, number)| match part {
        // Some templates ask whether anything is said at all.
        Part::Text { text } if text.is_empty() => json!({"type": "text", "text": ""}),
        Part::Text { .. } => json!({"type": "text", "text": mark(number)}),
        Part::Picture { .. } => json!({"type": "image"}),
    });
    if shows {
        return blocks.collect();
    }
    blocks.filter_map(|block| block["text"].as_str().map(str::to_owned)).collect::<String>().into()
}

/// The template itself, or the usual one of several.
fn held(template: &serde_json::Value) -> Option<String> {
    let several = template.as_array().map_or(&[][..], Vec::as_slice);
    let usual = several.iter().find(|one| one["name"] == "default").map(|one| &one["template"]);
    usual.unwrap_or(template).as_str().map(str::to_owned)
}

/// A token by its text, in either of the two forms in which it is written.
fn token(value: &serde_json::Value) -> String {
    value.as_str().or_else(|| value["content"].as_str()).unwrap_or_default().to_owned()
}

/// What a template calls when a talk is not as it wants it.
fn refuse(reason: String) -> Result<String, Error> {
    Err(Error::new(ErrorKind::InvalidOperation, reason))
}

/// The date, for templates that tell the model of it.
fn today(format: &str) -> Result<String, Error> {
    let mut text = String::new();
    write!(text, "{}", chrono::Local::now().format(format))
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, "no such form of a date"))?;
    Ok(text)
}
