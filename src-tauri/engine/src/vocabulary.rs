//! From tokens back to text: the bytes behind each token, and the characters that
//! they make as they come.

use std::{collections::HashMap, path::Path};

use serde::Deserialize;

use crate::small;

/// What a model writes around its thoughts. These are told to the app, which keeps thoughts apart
/// from the answer, even where they are control tokens.
pub const THOUGHT: [&str; 2] = ["[THINK]", "<think>"];
const THOUGHT_ENDS: [&str; 2] = ["[/THINK]", "</think>"];

/// The bytes of each token. Control tokens have none: they are not text.
#[derive(Debug)]
pub struct Vocabulary {
    bytes: Vec<Box<[u8]>>,
    /// Whether a text's first token has a space before it that is none of its own.
    pub space_before: bool,
}

/// What is read of tokenizer.json.
#[derive(Deserialize)]
struct Tokenizer {
    model: Model,
    #[serde(default)]
    added_tokens: Vec<Added>,
    decoder: Decoder,
}

#[derive(Deserialize)]
struct Model {
    vocab: HashMap<String, u32>,
}

#[derive(Deserialize)]
struct Added {
    id: u32,
    content: String,
    special: bool,
}

/// How tokens become text.
#[derive(Deserialize)]
#[serde(tag = "type")]
enum Decoder {
    /// Each character of a token stands for a byte.
    ByteLevel {},
    /// One after another: `SentencePiece`'s way, in which a token is text, or a byte by its
    /// number.
    Sequence { decoders: Vec<Step> },
}

#[derive(Deserialize)]
#[serde(tag = "type")]
enum Step {
    Replace {},
    ByteFallback {},
    Fuse {},
    Strip {},
}

/// How `SentencePiece` writes a space.
const SPACE: char = '\u{2581}';

/// The byte that a token such as `<0x0A>` stands for.
fn byte(token: &str) -> Option<u8> {
    let digits = token.strip_prefix("<0x")?.strip_suffix('>').filter(|digits| digits.len() == 2)?;
    u8::from_str_radix(digits, 16).ok()
}

impl Vocabulary {
    /// Reads a tokenizer.json; `None`, and a line in the log, where it is not of this kind.
    pub fn read(file: &Path) -> Option<Self> {
        let read = small::read(file).map_err(serde_json::Error::io);
        match read.and_then(|bytes| serde_json::from_slice(&bytes)) {
            Ok(tokenizer) => Some(Self::new(tokenizer)),
            Err(error) => {
                tracing::warn!(%error, ?file, "the tokenizer cannot be read");
                None
            }
        }
    }

    fn new(Tokenizer { model, added_tokens, decoder }: Tokenizer) -> Self {
        let ids = model.vocab.values().copied().chain(added_tokens.iter().map(|added| added.id));
        let mut bytes = vec![Box::default(); ids.max().map_or(0, |id| id as usize + 1)];
        let byte_of = byte_of_character();
        for (token, id) in model.vocab {
            bytes[id as usize] = match decoder {
                Decoder::ByteLevel {} => token.chars().filter_map(|one| byte_of.get(&one).copied()).collect(),
                Decoder::Sequence { .. } => match byte(&token) {
                    Some(byte) => [byte].into(),
                    None => token.replace(SPACE, " ").into_bytes().into(),
                },
            };
        }
        for added in added_tokens {
            let is_text =
                !added.special || THOUGHT.iter().chain(&THOUGHT_ENDS).any(|mark| added.content == *mark);
            bytes[added.id as usize] =
                if is_text { added.content.into_bytes().into() } else { Box::default() };
        }
        let strips = |decoders: &[Step]| decoders.iter().any(|step| matches!(step, Step::Strip {}));
        let space_before = matches!(&decoder, Decoder::Sequence { decoders } if strips(decoders));
        Self { bytes, space_before }
    }

    /// One of these tokens, in their order.
    #[cfg(test)]
    pub fn of(bytes: &[&[u8]]) -> Self {
        Self { bytes: bytes.iter().map(|bytes| (*bytes).into()).collect(), space_before: false }
    }

    /// The mark that a prompt ends with, where a template begins the model's thoughts for it. Before
    /// it stands what the template writes between the user's words and it: a control token.
    pub fn begun_thought(&self, prompt: &[u32]) -> Option<&'static str> {
        let tail = prompt.iter().rev().map(|token| self.bytes(*token)).take_while(|bytes| !bytes.is_empty());
        let tail: Vec<&[u8]> = tail.take(16).collect();
        let tail: Vec<u8> = tail.into_iter().rev().flatten().copied().collect();
        THOUGHT.into_iter().find(|mark| tail.trim_ascii_end().ends_with(mark.as_bytes()))
    }

    /// The bytes that `token` stands for; none for a control token or an unknown one.
    pub fn bytes(&self, token: u32) -> &[u8] {
        self.bytes.get(token as usize).map_or(&[], |bytes| bytes)
    }
}

/// Which byte a character stands for, as GPT-2's tokenizer began it: a printable byte
/// of Latin-1 is written as itself, the others by the characters from U+0100 on.
fn byte_of_character() -> HashMap<char, u8> {
    let printable = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let shown = (0..=u8::MAX).filter(printable).map(|byte| (char::from(byte), byte));
    let hidden = ('\u{100}'..).zip((0..=u8::MAX).filter(|byte| !printable(byte)));
    shown.chain(hidden).collect()
}

/// Bytes in, whole characters out.
#[derive(Debug, Default)]
pub struct Characters {
    /// The beginning of a character, whose end is still to come.
    begun: Vec<u8>,
}

impl Characters {
    /// The characters that `bytes` completes. What can never become one is shown as
    /// U+FFFD.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.begun.extend_from_slice(bytes);
        let mut text = String::new();
        let mut begun = 0;
        for chunk in self.begun.utf8_chunks() {
            text.push_str(chunk.valid());
            begun += chunk.valid().len();
            let invalid = chunk.invalid();
            // At the very end it may be a beginning: the chunk's length does not say.
            let rest = &self.begun[begun..];
            if !invalid.is_empty() && invalid.len() == rest.len() && may_go_on(rest) {
                break;
            }
            if !invalid.is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
                begun += invalid.len();
            }
        }
        self.begun.drain(..begun);
        text
    }
}

/// Whether more bytes could make a character of these.
fn may_go_on(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests;
