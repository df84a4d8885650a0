//! The words of a model: its tokens, how text is cut into them, and how a talk is written
//! for it.

use std::collections::HashSet;

use crate::{
    header::{Header, Items},
    model::is_ollamas,
    refused::Why,
};

/// How a talk is written for a model of this family whose file has no template of its own:
/// Mistral's instruction format, version 7 (docs.mistral.ai, "Tokenization").
pub const FAMILY_TEMPLATE: &str = include_str!("words/family.jinja");

/// The marks that the family's template needs to be words of the model.
const MARKS: [&str; 4] = ["[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"];

/// The one way of cutting text that the engine knows.
const TEKKEN: &str = "tekken";
/// What Ollama's converter calls it, since it does not say.
const UNSAID: &str = "default";

/// Nobody has more words.
const MOST: usize = 1 << 20;

/// The words of a model, checked.
#[derive(Debug)]
pub struct Words<'a> {
    /// Each word's text, by its number.
    pub texts: Vec<&'a str>,
    /// Each word's type: 1 is plain, 3 is a mark, and so on (`token_type` of GGUF).
    pub kinds: Vec<i64>,
    /// Which two words become one, the first pair first.
    pub merges: Vec<(&'a str, &'a str)>,
    /// The word that begins a text.
    pub begins: Option<u32>,
    /// The word that ends an answer.
    pub ends: Option<u32>,
    /// How a talk is written for the model.
    pub template: &'a str,
}

impl<'a> Words<'a> {
    pub(crate) fn read(header: &'a Header) -> Result<Self, Why> {
        match header.text("tokenizer.ggml.model") {
            Some("gpt2") => {}
            Some(other) => return Err(Why::CutsWords(other.into())),
            None => return Err(Why::Lacks("its words".into())),
        }
        match header.text("tokenizer.ggml.pre") {
            Some(TEKKEN) => {}
            Some(UNSAID) if is_ollamas(header) => {}
            other => return Err(Why::CutsWords(other.unwrap_or("it does not say").into())),
        }
        let list = |key: &str, what: &str| {
            let list = header.list(&format!("tokenizer.ggml.{key}"));
            list.filter(|list| !list.is_empty()).ok_or_else(|| Why::Lacks(what.into()))
        };
        let damaged = |what: &str| Why::Damaged(what.into());
        let texts = list("tokens", "its words")?.as_texts().ok_or_else(|| damaged("a word is no text"))?;
        let kinds = list("token_type", "the kinds of its words")?;
        let kinds = kinds.as_integers().ok_or_else(|| damaged("a word's kind is no number"))?;
        if texts.len() != kinds.len() || texts.len() > MOST || !Items::are_different(&texts) {
            return Err(damaged("its lists of words do not agree"));
        }
        let merges = list("merges", "the list of what its words are made of")?;
        let merges = merges.as_texts().ok_or_else(|| damaged("a merge is no text"))?;
        let merges = pairs(&merges, &texts).ok_or_else(|| damaged("a merge makes no word"))?;
        Ok(Self {
            begins: named(header, "bos", texts.len())?,
            ends: named(header, "eos", texts.len())?,
            template: template(header, &texts)?,
            texts,
            kinds,
            merges,
        })
    }
}

/// The pairs of words, where each of them and what becomes of them are words.
fn pairs<'a>(merges: &[&'a str], texts: &[&str]) -> Option<Vec<(&'a str, &'a str)>> {
    let words: HashSet<&str> = texts.iter().copied().collect();
    let mut both = String::new();
    let mut pair = |merge: &&'a str| {
        let (left, right) = merge.split_once(' ')?;
        both.clear();
        both.push_str(left);
        both.push_str(right);
        [left, right, &both].iter().all(|word| words.contains(word)).then_some((left, right))
    };
    merges.iter().map(&mut pair).collect()
}

/// The word that has this part, where the file names one.
fn named(header: &Header, part: &str, words: usize) -> Result<Option<u32>, Why> {
    let key = format!("tokenizer.ggml.{part}_token_id");
    if header.value(&key).is_none() {
        return Ok(None);
    }
    let id = header.integer(&key).and_then(|id| u32::try_from(id).ok());
    let is_word = |id: &u32| (*id as usize) < words;
    id.filter(is_word).map(Some).ok_or_else(|| Why::Damaged(format!("{key} is no word")))
}

/// The file's own template, or the family's where it has none and knows the family's marks.
fn template<'a>(header: &'a Header, texts: &[&str]) -> Result<&'a str, Why> {
    let own = header.text("tokenizer.chat_template").filter(|text| !text.trim().is_empty());
    let family = || MARKS.iter().all(|mark| texts.contains(mark)).then_some(FAMILY_TEMPLATE);
    own.or_else(family).ok_or_else(|| Why::Lacks("a chat template".into()))
}
