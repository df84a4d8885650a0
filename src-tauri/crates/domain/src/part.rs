//! The parts of what a model is given, by their names: a part is struck out by its name, and what was
//! struck out is remembered by it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::MessageId;

/// The name of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "specta", derive(specta::Type), specta(type = String))]
pub enum PartKey {
    /// What a model is told of its work on a passage.
    Role,
    /// What is to be done with a passage.
    Task,
    /// The instructions of a conversation.
    Instructions,
    /// The phrases that must not be written.
    Phrases,
    /// The notes of a project.
    Notes,
    /// The title of a page.
    Title,
    /// What stands before a passage.
    Before,
    /// What stands behind it.
    After,
    /// The passage.
    Passage,
    /// The words of a message.
    Message(MessageId),
    /// A picture of a message, by its place there.
    Picture(MessageId, u32),
}

/// What the user can switch off of what a model is given in a conversation; their new message cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum ChatPart {
    /// The instructions of the conversation.
    Instructions,
    /// The notes of its project.
    Notes,
    /// What was said before, words and pictures.
    Earlier,
    /// The pictures of what was said before.
    Pictures,
}

/// This names no part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this names no part of what a model is given")]
pub struct NoPart;

impl PartKey {
    /// The same part, where what had no id yet has this one now.
    #[must_use]
    pub fn stored_as(self, unstored: MessageId, id: MessageId) -> Self {
        match self {
            Self::Message(message) if message == unstored => Self::Message(id),
            Self::Picture(message, number) if message == unstored => Self::Picture(id, number),
            other => other,
        }
    }
}

// The names are part of the schema: they may gain companions, but never change.

const NAMED: [(PartKey, &str); 9] = [
    (PartKey::Role, "role"),
    (PartKey::Task, "task"),
    (PartKey::Instructions, "instructions"),
    (PartKey::Phrases, "phrases"),
    (PartKey::Notes, "notes"),
    (PartKey::Title, "title"),
    (PartKey::Before, "before"),
    (PartKey::After, "after"),
    (PartKey::Passage, "passage"),
];

const SWITCHED: [(ChatPart, &str); 4] = [
    (ChatPart::Instructions, "instructions"),
    (ChatPart::Notes, "notes"),
    (ChatPart::Earlier, "earlier"),
    (ChatPart::Pictures, "pictures"),
];

impl fmt::Display for ChatPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SWITCHED.iter().find(|(part, _)| part == self).map_or("", |(_, name)| name))
    }
}

impl FromStr for ChatPart {
    type Err = NoPart;

    fn from_str(name: &str) -> Result<Self, NoPart> {
        SWITCHED.iter().find(|(_, named)| *named == name).map(|(part, _)| *part).ok_or(NoPart)
    }
}

impl Serialize for PartKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

impl fmt::Display for PartKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(id) => write!(f, "message:{id}"),
            Self::Picture(id, number) => write!(f, "message:{id}/{number}"),
            named => f.write_str(NAMED.iter().find(|(key, _)| key == named).map_or("", |(_, name)| name)),
        }
    }
}

impl FromStr for PartKey {
    type Err = NoPart;

    fn from_str(name: &str) -> Result<Self, NoPart> {
        let Some(message) = name.strip_prefix("message:") else {
            return NAMED.iter().find(|(_, named)| *named == name).map(|(key, _)| *key).ok_or(NoPart);
        };
        let id = |text: &str| text.parse().map(MessageId).map_err(|_| NoPart);
        match message.split_once('/') {
            Some((message, number)) => Ok(Self::Picture(id(message)?, number.parse().map_err(|_| NoPart)?)),
            None => Ok(Self::Message(id(message)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        let message = MessageId(7);
        let numbered = [PartKey::Message(message), PartKey::Picture(message, 2)];
        for key in NAMED.map(|(key, _)| key).into_iter().chain(numbered) {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for (part, _) in SWITCHED {
            assert_eq!(part.to_string().parse(), Ok(part));
        }
        assert_eq!("the question".parse::<ChatPart>(), Err(NoPart));
        for nonsense in
            ["", "message", "message:", "message:x", "message:1/", "message:1/x", "Notes", "notes,"]
        {
            assert_eq!(nonsense.parse::<PartKey>(), Err(NoPart), "{nonsense}");
        }
    }

    #[test]
    fn what_is_stored_has_its_own_id() {
        let (unstored, id) = (MessageId(0), MessageId(7));
        assert_eq!(PartKey::Picture(unstored, 1).stored_as(unstored, id), PartKey::Picture(id, 1));
        // Not "message:0" within "message:05".
        assert_eq!(PartKey::Message(MessageId(5)).stored_as(unstored, id), PartKey::Message(MessageId(5)));
        assert_eq!(PartKey::Notes.stored_as(unstored, id), PartKey::Notes);
    }
}
