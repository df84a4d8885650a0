//! The words of a model: its tokens, how text is cut into them, and how a talk is written
//! for it.

use std::collections::HashSet;

use crate::{
    family::Family,
    header::Header,
    own::is_ollamas,
    refused::Why,
    value::{Items, Value},
};

/// How a talk is written for a Mistral model whose file has no template of its own: Mistral's
/// instruction format, version 7 (docs.mistral.ai, "Tokenization").
pub const FAMILY_TEMPLATE: &str = include_str!("words/family.jinja");

/// The formats that families are trained on, for files without a template of their own: each
/// with the marks that must be words of the model. Llama 3's is in its model card ("Prompt
/// format"), `ChatML` in `OpenAI`'s description of it, and
/// Gemma's in Google's ("Gemma formatting and system instructions").
const TEMPLATES: [(&[&str], &str); 4] = [
    (&["[INST]", "[/INST]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"], FAMILY_TEMPLATE),
    (&["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"], include_str!("words/llama3.jinja")),
    (&["<|im_start|>", "<|im_end|>"], include_str!("words/chatml.jinja")),
    (&["<start_of_turn>", "<end_of_turn>"], include_str!("words/gemma.jinja")),
];

/// Marks by which models end an answer, besides the one that the file names for it. llama.cpp
/// ends at them, too.
const ENDS: [&str; 6] =
    ["<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end_of_text|>", "<|endoftext|>", "<end_of_turn>"];

/// The type of a word that is a mark (`token_type` of GGUF).
const MARK: i64 = 3;

/// What Ollama's converter calls the one way that its Mistral models cut text.
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
    /// How text is cut into them.
    pub cut: Cut<'a>,
    /// The word that begins a text.
    pub begins: Option<u32>,
    /// Whether every text begins with it, whatever the template writes.
    pub always_begins: bool,
    /// The words that end an answer, the usual one first.
    pub ends: Vec<u32>,
    /// How a talk is written for the model.
    pub template: &'a str,
}

/// How text is cut into words.
#[derive(Debug)]
pub enum Cut<'a> {
    /// Into pieces, and of each piece's bytes pairs become one, the first pair first (`gpt2`).
    Pairs {
        /// How it is cut into pieces.
        pre: Pre,
        /// Which two words become one.
        merges: Vec<(&'a str, &'a str)>,
    },
    /// As `SentencePiece` does (`llama`): of all characters, what makes the word of the highest
    /// score becomes one first; what is no word falls back to its bytes.
    Pieces {
        /// Each word's score.
        scores: Vec<f64>,
        /// Whether a space stands before the first word.
        space_before: bool,
    },
}

/// How a text is cut into pieces before pairs are looked for (`tokenizer.ggml.pre`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pre {
    /// Mistral's, since Nemo.
    Tekken,
    /// That of Llama 3.
    Llama3,
    /// That of `SmolLM`.
    SmolLm,
    /// Qwen's, since 2.
    Qwen2,
    /// What llama.cpp does where a converter did not know.
    Default,
}

impl Pre {
    fn read(header: &Header) -> Result<Self, Why> {
        match header.text("tokenizer.ggml.pre") {
            Some("tekken") => Ok(Self::Tekken),
            Some(UNSAID) if is_ollamas(header) => Ok(Self::Tekken),
            // Of Mistral 3 it is known how its words are cut: so a file that says otherwise is wrong.
            Some(other) if is_mistral3(header) => Err(Why::CutsWords(other.into())),
            Some("llama-bpe" | "llama3" | "llama-v3") => Ok(Self::Llama3),
            Some("smollm") => Ok(Self::SmolLm),
            Some("qwen2") => Ok(Self::Qwen2),
            Some(UNSAID) => Ok(Self::Default),
            other => Err(Why::CutsWords(other.unwrap_or("it does not say").into())),
        }
    }
}

impl<'a> Words<'a> {
    pub(crate) fn read(header: &'a Header) -> Result<Self, Why> {
        let list = |key: &str, what: &str| {
            let list = header.list(&format!("tokenizer.ggml.{key}"));
            list.filter(|list| !list.is_empty()).ok_or_else(|| Why::Lacks(what.into()))
        };
        let damaged = |what: &str| Why::Damaged(what.into());
        let in_pairs = match header.text("tokenizer.ggml.model") {
            Some("gpt2") => true,
            Some("llama") if !is_mistral3(header) => false,
            Some(other) => return Err(Why::CutsWords(other.into())),
            None => return Err(Why::Lacks("its words".into())),
        };
        let pre = if in_pairs { Some(Pre::read(header)?) } else { None };
        let texts = list("tokens", "its words")?.as_texts().ok_or_else(|| damaged("a word is no text"))?;
        let kinds = list("token_type", "the kinds of its words")?;
        let kinds = kinds.as_integers().ok_or_else(|| damaged("a word's kind is no number"))?;
        if texts.len() != kinds.len() || texts.len() > MOST || !Items::are_different(&texts) {
            return Err(damaged("its lists of words do not agree"));
        }
        let cut = if let Some(pre) = pre {
            let merges = list("merges", "the list of what its words are made of")?;
            let merges = merges.as_texts().ok_or_else(|| damaged("a merge is no text"))?;
            let merges = pairs(&merges, &texts).ok_or_else(|| damaged("a merge makes no word"))?;
            Cut::Pairs { pre, merges }
        } else {
            let scores = list("scores", "the scores of its words")?;
            let scores = scores.as_floats().ok_or_else(|| damaged("a word's score is no number"))?;
            if scores.len() != texts.len() {
                return Err(damaged("its lists of words do not agree"));
            }
            // What is no word falls back to bytes: without them it would be lost.
            let words: HashSet<&str> = texts.iter().copied().collect();
            if !(0..=u8::MAX).all(|byte| words.contains(format!("<0x{byte:02X}>").as_str())) {
                return Err(Why::Lacks("the bytes among its words".into()));
            }
            let space_before = said(header, "add_space_prefix")?.unwrap_or(true);
            if said(header, "remove_extra_whitespaces")?.unwrap_or(false) {
                return Err(Why::CutsWords("without extra spaces".into()));
            }
            Cut::Pieces { scores, space_before }
        };
        let begins = named(header, "bos", texts.len())?;
        // As llama.cpp has it, where a file does not say.
        let usual =
            !matches!(cut, Cut::Pairs { pre: Pre::Tekken | Pre::SmolLm | Pre::Qwen2 | Pre::Default, .. });
        Ok(Self {
            begins,
            always_begins: begins.is_some() && said(header, "add_bos_token")?.unwrap_or(usual),
            ends: ends(header, &texts, &kinds)?,
            template: template(header, &texts)?,
            texts,
            kinds,
            cut,
        })
    }
}

fn is_mistral3(header: &Header) -> bool {
    header.text("general.architecture") == Some(Family::Mistral3.name())
}

/// What the file says of a yes or no, if anything.
fn said(header: &Header, key: &str) -> Result<Option<bool>, Why> {
    match header.value(&format!("tokenizer.ggml.{key}")) {
        None => Ok(None),
        Some(Value::Bool(is)) => Ok(Some(*is)),
        Some(_) => Err(Why::Damaged(format!("tokenizer.ggml.{key} makes no sense"))),
    }
}

/// The words that end an answer: those that the file names for it, and marks that are known to.
fn ends(header: &Header, texts: &[&str], kinds: &[i64]) -> Result<Vec<u32>, Why> {
    let mut ends = Vec::new();
    for part in ["eos", "eot", "eom"] {
        ends.extend(named(header, part, texts.len())?);
    }
    let marks =
        (0..).zip(texts.iter().zip(kinds)).filter(|(_, (text, kind))| **kind == MARK && ENDS.contains(text));
    ends.extend(marks.map(|(id, _): (u32, _)| id));
    let mut seen = HashSet::new();
    ends.retain(|id| seen.insert(*id));
    Ok(ends)
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

/// The file's own template, or that of a family whose marks it knows.
fn template<'a>(header: &'a Header, texts: &[&str]) -> Result<&'a str, Why> {
    let own = header.text("tokenizer.chat_template").map(|text| text.trim_start_matches('\u{feff}'));
    let own = own.filter(|text| !text.trim().is_empty());
    let family = || {
        let known = |marks: &[&str]| marks.iter().all(|mark| texts.contains(mark));
        TEMPLATES.iter().find(|(marks, _)| known(marks)).map(|(_, template)| *template)
    };
    own.or_else(family).ok_or_else(|| Why::Lacks("a chat template".into()))
}
