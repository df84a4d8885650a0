//! The kinds of nodes and marks there are, and how much of them a page may hold.

use serde::{Deserialize, Serialize};

use crate::picture::Picture;

/// The longest document, in bytes of JSON: about a million words.
const LONGEST: usize = 24 * 1024 * 1024;
/// Quotes and lists within each other. A page that a person writes has three or four.
const DEEPEST: usize = 12;
/// The name of a model, and the address of a link.
const LONGEST_NAME: usize = 200;
const LONGEST_ADDRESS: usize = 2000;
/// A footnote, in bytes.
const LONGEST_NOTE: usize = 32 * 1024;
/// A comment and its sign, in bytes.
const LONGEST_COMMENT: usize = 8 * 1024;
const LONGEST_ID: usize = 40;
/// On the same words: each of our marks, and as many comments.
const MOST_MARKS: usize = 6 + 20;

/// A page's document: at least one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
}

/// What stands for itself on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// Its words.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        content: Vec<Inline>,
    },
    /// A heading.
    Heading {
        /// How high it stands.
        attrs: Level,
        /// Its words.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        content: Vec<Inline>,
    },
    /// What somebody else said.
    Blockquote {
        /// At least one block.
        content: Vec<Block>,
    },
    /// A list with bullets.
    BulletList {
        /// At least one item.
        content: Vec<ListItem>,
    },
    /// A list with numbers.
    OrderedList {
        /// Where it begins to count.
        attrs: Order,
        /// At least one item.
        content: Vec<ListItem>,
    },
    /// Text that is kept as it stands.
    CodeBlock {
        /// Text without marks but its origin and comments.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        content: Vec<Inline>,
    },
    /// The end of a scene.
    SceneBreak {},
    /// A picture that is kept in the library; it counts no words.
    Picture {
        /// Which, and what is said of it.
        attrs: Picture,
    },
}

/// Of a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// 1 to 4; 1 is the largest.
    pub level: u8,
}

/// Of a list with numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The number of its first item.
    pub order: u32,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ListItem {
    /// The only kind there is.
    ListItem {
        /// At least one block, the first a paragraph.
        content: Vec<Block>,
    },
}

/// What stands in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Inline {
    /// Words, all with the same marks.
    Text {
        /// Never empty.
        text: String,
        /// What holds for them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        marks: Vec<Mark>,
    },
    /// What is said at the foot of the page; in the text it stands behind its paragraph.
    Footnote {
        /// What it says.
        attrs: Note,
        /// What holds for its sign.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        marks: Vec<Mark>,
    },
    /// A new line in the same paragraph.
    HardBreak {
        /// What holds for it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        marks: Vec<Mark>,
    },
}

/// Of a footnote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Never empty.
    pub text: String,
}

/// What holds for words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Mark {
    /// Where they came from. Words without it were typed.
    Origin {
        /// The record.
        attrs: Origin,
    },
    /// It leads somewhere.
    Link {
        /// Where to.
        attrs: Address,
    },
    /// Emphasis.
    Em {},
    /// Strong emphasis.
    Strong {},
    /// Struck through.
    Strike {},
    /// Code.
    Code {},
    /// Somebody said something of them; they may carry several.
    Comment {
        /// What was said.
        attrs: Comment,
    },
}

/// What somebody said of a stretch of text. All of it stands on each of its words, so that it goes
/// wherever they go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comment {
    /// Tells it from the others of its page: letters, digits and hyphens.
    pub id: String,
    /// Who said it; `None`: the user.
    pub author: Option<String>,
    /// When, in milliseconds since 1970, UTC; `None` where nobody knows.
    pub at: Option<i64>,
    /// Never empty.
    pub text: String,
    /// It is settled.
    pub resolved: bool,
}

impl Comment {
    fn is_one(&self) -> bool {
        let Self { id, author, text, .. } = self;
        (1..=LONGEST_ID).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && author.as_ref().is_none_or(|author| (1..=LONGEST_NAME).contains(&author.len()))
            && (1..=LONGEST_COMMENT).contains(&text.len())
    }
}

/// Of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// A web page or a letter, never anything that runs.
    pub href: String,
}

/// How words that nobody typed here came onto the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The way.
    pub how: How,
    /// The model, where it was one.
    pub who: Option<String>,
    /// The user has changed the word since.
    pub edited: bool,
}

/// The ways by which words come onto a page without being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// From the clipboard.
    Pasted,
    /// From a file.
    Imported,
    /// Proposed by a model on this device, and accepted.
    ModelHere,
    /// Proposed by a model elsewhere, and accepted.
    ModelElsewhere,
}

/// Why a document is not taken. Nothing of it was kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// It is not of this schema; the text says where, for the log.
    #[error("this is no document of this app: {0}")]
    Unknown(String),
    /// It is longer than a page may be.
    #[error("this is longer than a page can be")]
    TooLong,
    /// Lists or quotes stand within each other too often.
    #[error("lists or quotes are nested too deep")]
    TooDeep,
    /// A step does not fit the document.
    #[error("this change does not fit the page")]
    OutOfPlace,
}

/// How a document stands in JSON.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Whole {
    Doc { content: Vec<Block> },
}

impl Default for Document {
    /// An empty page: one paragraph without words.
    fn default() -> Self {
        Self { blocks: vec![Block::Paragraph { content: vec![] }] }
    }
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// [`DocumentError`]: what is not of this schema is refused whole.
    pub fn parse(json: &str) -> Result<Self, DocumentError> {
        if json.len() > LONGEST {
            return Err(DocumentError::TooLong);
        }
        let Whole::Doc { content: blocks } =
            serde_json::from_str(json).map_err(|error| DocumentError::Unknown(error.to_string()))?;
        let document = Self { blocks };
        document.check()?;
        Ok(document)
    }

    /// The document as JSON.
    pub fn to_json(&self) -> String {
        // Maps with text as keys alone: this cannot fail.
        serde_json::to_string(&Whole::Doc { content: self.blocks.clone() }).unwrap_or_default()
    }

    /// Whether it is what the schema says beyond the names of things.
    pub(crate) fn check(&self) -> Result<(), DocumentError> {
        some(&self.blocks, "a document without a block")?;
        check(&self.blocks, 0)
    }
}

/// Reads blocks, as a step brings them.
pub(crate) fn parse_blocks(json: &str) -> Result<Vec<Block>, DocumentError> {
    if json.len() > LONGEST {
        return Err(DocumentError::TooLong);
    }
    let blocks: Vec<Block> =
        serde_json::from_str(json).map_err(|error| DocumentError::Unknown(error.to_string()))?;
    check(&blocks, 0)?;
    Ok(blocks)
}

fn check(blocks: &[Block], depth: usize) -> Result<(), DocumentError> {
    if depth > DEEPEST {
        return Err(DocumentError::TooDeep);
    }
    for block in blocks {
        match block {
            Block::Paragraph { content } => line(content, false)?,
            Block::Heading { attrs, content } => {
                if !(1..=4).contains(&attrs.level) {
                    return Err(unknown("a heading of no level"));
                }
                line(content, false)?;
            }
            Block::CodeBlock { content } => line(content, true)?,
            Block::SceneBreak {} => {}
            Block::Picture { attrs } => {
                if !attrs.is_one() {
                    return Err(unknown("a picture that is none"));
                }
            }
            Block::Blockquote { content } => {
                some(content, "a quote without a block")?;
                check(content, depth + 1)?;
            }
            Block::BulletList { content } | Block::OrderedList { content, .. } => {
                some(content, "a list without an item")?;
                for ListItem::ListItem { content } in content {
                    if !matches!(content.first(), Some(Block::Paragraph { .. })) {
                        return Err(unknown("an item without a paragraph"));
                    }
                    check(content, depth + 1)?;
                }
            }
        }
    }
    Ok(())
}

fn line(content: &[Inline], code: bool) -> Result<(), DocumentError> {
    for inline in content {
        let marks = match inline {
            Inline::Text { text, .. } if text.is_empty() => return Err(unknown("a text without a letter")),
            Inline::Footnote { .. } if code => return Err(unknown("a footnote in code")),
            Inline::Footnote { attrs, .. } if !(1..=LONGEST_NOTE).contains(&attrs.text.len()) => {
                return Err(unknown("a footnote that says nothing, or too much"));
            }
            Inline::HardBreak { .. } if code => return Err(unknown("a line break in code")),
            Inline::Text { marks, .. } | Inline::Footnote { marks, .. } | Inline::HardBreak { marks } => {
                marks
            }
        };
        if marks.len() > MOST_MARKS {
            return Err(unknown("more marks than there can be"));
        }
        for (at, mark) in marks.iter().enumerate() {
            let twice = marks[..at].iter().any(|other| match (other, mark) {
                (Mark::Comment { attrs: one }, Mark::Comment { attrs: other }) => one.id == other.id,
                _ => std::mem::discriminant(other) == std::mem::discriminant(mark),
            });
            if twice {
                return Err(unknown("a mark that is there twice"));
            }
            match mark {
                Mark::Origin { attrs } => {
                    if attrs.who.as_ref().is_some_and(|who| who.len() > LONGEST_NAME) {
                        return Err(unknown("a name that is none"));
                    }
                }
                Mark::Comment { attrs } => {
                    if !attrs.is_one() {
                        return Err(unknown("a comment that is none"));
                    }
                }
                _ if code => return Err(unknown("a mark in code")),
                Mark::Link { attrs } => {
                    if attrs.href.len() > LONGEST_ADDRESS || !leads_somewhere(&attrs.href) {
                        return Err(unknown("a link that leads nowhere"));
                    }
                }
                Mark::Em {} | Mark::Strong {} | Mark::Strike {} | Mark::Code {} => {}
            }
        }
    }
    Ok(())
}

fn leads_somewhere(address: &str) -> bool {
    let start: String = address.chars().take(8).collect::<String>().to_ascii_lowercase();
    ["https://", "http://", "mailto:"].iter().any(|scheme| start.starts_with(scheme))
}

fn some<T>(content: &[T], what: &str) -> Result<(), DocumentError> {
    if content.is_empty() { Err(unknown(what)) } else { Ok(()) }
}

fn unknown(what: &str) -> DocumentError {
    DocumentError::Unknown(what.to_owned())
}
