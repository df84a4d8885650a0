//! Conversations that were had in other apps, from the files those give out. They are read one
//! after another, so that an export of many gigabytes takes no more memory than its longest
//! conversation.

mod archive;
mod formats;
mod tree;

use std::{
    cell::Cell,
    fmt,
    io::{self, BufReader, Read},
    rc::Rc,
};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use sotto_domain::{Role, Timestamp};

pub use archive::ChatArchive;
pub use formats::read_jan;

/// The longest conversation, in bytes of JSON.
const LONGEST_CHAT: u64 = 64_000_000;

/// A conversation of another app.
#[derive(Debug, Clone, PartialEq)]
pub struct Chat {
    /// Its title; empty for none.
    pub title: String,
    /// When it was written to last.
    pub updated_at: Timestamp,
    /// Its messages; each stands behind the one that it follows.
    pub messages: Vec<Said>,
    /// The last message of the branch on show.
    pub head: Option<usize>,
}

/// One message of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The message that it follows.
    pub parent: Option<usize>,
    /// [`Role::User`] or [`Role::Assistant`].
    pub role: Role,
    /// In Markdown.
    pub text: String,
    /// When it was said.
    pub at: Timestamp,
    /// The app, and the model where it is named.
    pub by: By,
    /// The names of its pictures, or how they begin.
    pub pictures: Vec<String>,
    /// What of it could not be taken: files, sounds.
    pub left_out: usize,
}

/// Who answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct By {
    /// `ChatGPT`, Claude, LM Studio…
    pub app: &'static str,
    /// The model answered elsewhere.
    pub in_cloud: bool,
    /// The model, where it is named.
    pub model: Option<String>,
}

/// How a file of chats ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatsEnd {
    /// At its end.
    Whole,
    /// Whoever took them said that it is enough.
    Stopped,
    /// It is damaged, or holds one that is too long; what came before was given.
    Broken,
    /// There are no conversations in it that anybody here knows.
    Unknown,
}

/// What is found in a file.
#[derive(Debug)]
pub enum Found {
    /// A conversation.
    Chat(Chat),
    /// One that could not be understood, by its title.
    Unread(String),
}

/// Reads conversations and gives each to `take`, which says whether to go on.
pub fn read_chats(from: impl Read, take: &mut dyn FnMut(Found) -> bool) -> ChatsEnd {
    let left = Rc::new(Cell::new(LONGEST_CHAT));
    let limited = Limited { from, left: Rc::clone(&left) };
    let mut state = State { take, left, found: 0, stopped: false };
    let mut reader = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, limited));
    let outcome = Seed(&mut state).deserialize(&mut reader);
    match (outcome, state) {
        (_, State { stopped: true, .. }) => ChatsEnd::Stopped,
        (Ok(()), State { found: 0, .. }) => ChatsEnd::Unknown,
        (Ok(()), _) => ChatsEnd::Whole,
        (Err(_), _) => ChatsEnd::Broken,
    }
}

/// Ends what takes more bytes than a conversation has.
struct Limited<R> {
    from: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(into)?;
        let left = self.left.get().checked_sub(count as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        self.left.set(left);
        Ok(count)
    }
}

struct State<'t> {
    take: &'t mut dyn FnMut(Found) -> bool,
    left: Rc<Cell<u64>>,
    found: usize,
    stopped: bool,
}

impl State<'_> {
    /// Whether to go on.
    fn give(&mut self, value: &Value) -> bool {
        self.left.set(LONGEST_CHAT);
        let Some(found) = formats::read(value) else { return true };
        self.found += 1;
        self.stopped = !(self.take)(found);
        !self.stopped
    }
}

/// A list of conversations, or one alone, or a list below a name.
struct Seed<'s, 't>(&'s mut State<'t>);

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("conversations")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(value) = list.next_element::<Value>()? {
            if !self.0.give(&value) {
                // Whoever takes them wants no more: what follows is not read.
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut whole = serde_json::Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == "conversations" || name == "chats" {
                map.next_value_seed(Seed(&mut *self.0))?;
            } else if self.0.found > 0 {
                map.next_value::<IgnoredAny>()?;
            } else {
                whole.insert(name, map.next_value()?);
            }
        }
        if self.0.found == 0 {
            self.0.give(&Value::Object(whole));
        }
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}
