//! A chat template, with a mark wherever something is said.
//!
//! Templates are written for transformers, and differ in what they take: what is said as
//! one text or as a list of parts, instructions as a turn of their own or not at all. So
//! a talk is tried in each of these forms, until every mark stands in what comes out.

use std::{collections::BTreeMap, fmt::Write as _, io, path::Path, sync::Arc};

use minijinja::{Environment, Error, ErrorKind, Value, context};
use minijinja_contrib::pycompat::unknown_method_callback;
use serde_json::json;
use sotto_engine_protocol::{Part, TurnRole};

use super::bounded::{self, Astray};
use crate::{small, turns::Said};

/// A mark is the number of a part between these two: characters for private use, which
/// no template writes.
const BEFORE: char = '\u{f5a0}';
const AFTER: char = '\u{f5a1}';

/// Between what one speaker said in several turns.
const BETWEEN: &str = "\n\n";

/// The most instructions: a template that goes through the whole talk for each of a
/// thousand turns takes about as many.
const FUEL: u64 = 4_000_000;
/// The most that a template may write, in bytes. The words that are said are not in it.
const LONGEST: usize = 4 << 20;
/// The longest template.
const LONGEST_SOURCE: usize = 1 << 20;

pub struct Template {
    environment: Arc<Environment<'static>>,
    /// The tokens with a name of their own, such as the one that begins a text.
    special: BTreeMap<String, String>,
}

/// Why a template gives nothing.
#[derive(Debug)]
pub enum Refusal {
    /// It came to no end, and is still at it.
    Endless,
    /// It cannot be read, raises at this talk, or leaves out some of it.
    Unusable(String),
}

impl From<Astray> for Refusal {
    fn from(astray: Astray) -> Self {
        match astray {
            Astray::Endless => Self::Endless,
            Astray::Panicked => Self::Unusable("it panicked".into()),
        }
    }
}

/// In what form a talk is given.
#[derive(Debug, Clone, Copy)]
struct Form {
    /// Whose words are a list of parts, rather than one text.
    lists: Lists,
    /// Instructions stand before the user's first words, rather than by themselves.
    carried: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lists {
    Nobodys,
    Everybodys,
    /// Who alone may show something, too.
    TheUsers,
}

const FORMS: [Form; 6] = [
    Form { lists: Lists::Nobodys, carried: false },
    Form { lists: Lists::Everybodys, carried: false },
    Form { lists: Lists::TheUsers, carried: false },
    Form { lists: Lists::Nobodys, carried: true },
    Form { lists: Lists::Everybodys, carried: true },
    Form { lists: Lists::TheUsers, carried: true },
];

impl Template {
    /// Reads a .jinja file, or the `tokenizer_config.json` that holds the template. The
    /// latter names the tokens that begin and end a text either way.
    pub fn read(file: &Path) -> Result<Self, Refusal> {
        let unusable = |cause: String| Refusal::Unusable(cause);
        let read = |file: &Path| small::text(file).map_err(|error| unusable(error.to_string()));
        let config: serde_json::Value =
            serde_json::from_str(&read(&file.with_file_name("tokenizer_config.json"))?)
                .map_err(|error| unusable(error.to_string()))?;
        let source = if file.extension().is_some_and(|extension| extension == "jinja") {
            read(file)?
        } else {
            let held = held(&config["chat_template"]);
            held.ok_or_else(|| unusable("tokenizer_config.json holds no template".into()))?
        };
        if source.len() > LONGEST_SOURCE {
            return Err(unusable(format!("it is {} bytes long", source.len())));
        }
        // Some are computed when they are read: `'a' * 1000000000`.
        let environment = bounded::run(move || environment(&source))?;
        let environment = environment.map_err(|error| unusable(format!("{error:#}")))?;
        Ok(Self { environment: Arc::new(environment), special: special(&config) })
    }

    /// Writes the talk, with a mark for each part that has words, numbered through.
    pub fn render(&self, said: &[Said<'_>]) -> Result<String, Refusal> {
        let mut refusal = None;
        for form in FORMS {
            if form.carried && said.first().is_none_or(|first| first.role != TurnRole::System) {
                continue;
            }
            let found = match bounded::run(self.work(messages(form, said)))? {
                Ok(text) if holds_all(&text, said) => return Ok(text),
                Ok(_) => "it leaves out some of what was said".into(),
                Err(error) => format!("{error:#}"),
            };
            // The first form is the usual one, and so is what is said of it.
            refusal.get_or_insert(found);
        }
        Err(Refusal::Unusable(refusal.unwrap_or_default()))
    }

    fn work(&self, messages: Vec<serde_json::Value>) -> impl FnOnce() -> Result<String, Error> + 'static {
        let (environment, special) = (self.environment.clone(), self.special.clone());
        move || {
            let mut text = Written(Vec::new());
            // What transformers gives where nobody calls for tools or documents.
            let usual = context! {
                messages => Value::from_serialize(messages),
                tools => (),
                documents => (),
                add_generation_prompt => true,
            };
            let given = context! { ..usual, ..Value::from_serialize(special) };
            environment.get_template("chat")?.render_captured_to(given, &mut text)?;
            String::from_utf8(text.0).map_err(|_| Error::new(ErrorKind::BadSerialization, "not text"))
        }
    }
}

/// As transformers sets up Jinja.
fn environment(source: &str) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_fuel(Some(FUEL));
    environment.set_unknown_method_callback(unknown_method_callback);
    environment.add_function("raise_exception", refuse);
    environment.add_function("strftime_now", today);
    environment.add_template_owned("chat", plain(source))?;
    Ok(environment)
}

/// The template in Jinja's own words. Jinja takes every end of a line for the same, and
/// `generation`, by which transformers learns what a model wrote, changes nothing of what
/// is written.
fn plain(source: &str) -> String {
    let source = source.replace("\r\n", "\n").replace('\r', "\n");
    let mut plain = String::with_capacity(source.len());
    let mut rest = source.as_str();
    while let Some(at) = rest.find("{%") {
        let (before, tag) = rest.split_at(at);
        plain.push_str(before);
        let Some(end) = tag[2..].find("%}").map(|end| end + 2) else { break };
        let (tag, after) = tag.split_at(end + 2);
        let word = tag[2..end].trim_matches(['-', '+']).trim();
        plain.push_str(&match word {
            "generation" => tag.replace(word, "if true"),
            "endgeneration" => tag.replace(word, "endif"),
            _ => tag.to_owned(),
        });
        rest = after;
    }
    plain.push_str(rest);
    plain
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

/// Whether each part that has words stands in `text` once, and nothing else that looks like
/// a mark does.
fn holds_all(mut text: &str, said: &[Said<'_>]) -> bool {
    let has_words = |part: &Part| matches!(part, Part::Text { text } if !text.is_empty());
    let mut wanted: Vec<bool> = said.iter().flat_map(Said::parts).map(has_words).collect();
    while let Some((_, number, rest)) = first_mark(text) {
        match wanted.get_mut(number) {
            Some(wanted) if *wanted => *wanted = false,
            _ => return false,
        }
        text = rest;
    }
    !wanted.contains(&true) && !text.contains([BEFORE, AFTER])
}

/// The talk as a template takes it, with marks in the place of words.
fn messages(form: Form, said: &[Said<'_>]) -> Vec<serde_json::Value> {
    let mut number = 0;
    let mut messages = Vec::new();
    let mut carried = Vec::new();
    for said in said {
        let mut blocks = std::mem::take(&mut carried);
        for turn in &said.turns {
            let mut begins = true;
            for part in *turn {
                blocks.push(match part {
                    Part::Text { text } => Block::Words {
                        // Some templates ask whether anything is said at all.
                        mark: if text.is_empty() { String::new() } else { mark(number) },
                        begins: std::mem::take(&mut begins),
                    },
                    Part::Picture { .. } => Block::Picture,
                });
                number += 1;
            }
        }
        if form.carried && said.role == TurnRole::System {
            carried = blocks;
            continue;
        }
        let listed = match form.lists {
            Lists::Nobodys => false,
            Lists::Everybodys => true,
            Lists::TheUsers => said.role == TurnRole::User,
        };
        messages.push(json!({"role": role(said.role), "content": content(listed, blocks)}));
    }
    messages
}

/// A part as a template takes it.
enum Block {
    /// A mark; whether a turn's words begin with it.
    Words {
        mark: String,
        begins: bool,
    },
    Picture,
}

/// Words alone are one text, as most templates expect it; what is shown makes a list.
fn content(listed: bool, blocks: Vec<Block>) -> serde_json::Value {
    let shows = blocks.iter().any(|block| matches!(block, Block::Picture));
    let mut list = Vec::new();
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Words { mark, begins } => {
                if begins && !text.is_empty() && !mark.is_empty() {
                    text.push_str(BETWEEN);
                }
                text.push_str(&mark);
            }
            Block::Picture => {
                if !text.is_empty() {
                    list.push(json!({"type": "text", "text": std::mem::take(&mut text)}));
                }
                list.push(json!({"type": "image"}));
            }
        }
    }
    if !shows && !listed {
        return text.into();
    }
    if !text.is_empty() || list.is_empty() {
        list.push(json!({"type": "text", "text": text}));
    }
    list.into()
}

fn role(role: TurnRole) -> &'static str {
    match role {
        TurnRole::System => "system",
        TurnRole::User => "user",
        TurnRole::Assistant => "assistant",
    }
}

/// The template itself, or the usual one of several.
fn held(template: &serde_json::Value) -> Option<String> {
    let several = template.as_array().map_or(&[][..], Vec::as_slice);
    let usual = several.iter().find(|one| one["name"] == "default").map(|one| &one["template"]);
    usual.unwrap_or(template).as_str().map(str::to_owned)
}

/// The tokens that `tokenizer_config.json` names, each in either of the two forms in which
/// they are written. Those that begin and end a text are always there.
fn special(config: &serde_json::Value) -> BTreeMap<String, String> {
    let token = |value: &serde_json::Value| {
        value.as_str().or_else(|| value["content"].as_str()).unwrap_or_default().to_owned()
    };
    let named = config.as_object().into_iter().flatten();
    let named =
        named.filter(|(key, value)| key.ends_with("_token") && (value.is_string() || value.is_object()));
    let always = ["bos_token", "eos_token"].map(|key| (key.to_owned(), token(&config[key])));
    named.map(|(key, value)| (key.clone(), token(value))).chain(always).collect()
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

/// What a template wrote, up to the most that it may.
struct Written(Vec<u8>);

impl io::Write for Written {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if self.0.len() + more.len() > LONGEST {
            return Err(io::Error::other("it writes without end"));
        }
        self.0.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
