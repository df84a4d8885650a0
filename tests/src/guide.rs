//! What is asked of the built-in Guide, and what its answers must be.

use std::{
    collections::{BTreeSet, HashSet},
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

/// Where the Guide lies, and everything it was made of.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/guide")
}

/// questions.json.
#[derive(Debug, Deserialize)]
pub struct Questions {
    /// What no answer may say: claims that are not so.
    never: Vec<String>,
    /// Questions about Sotto.
    pub help: Vec<Help>,
    /// Requests for a small spark.
    pub sparks: Vec<Spark>,
    /// Anything else.
    pub other: Vec<Other>,
}

/// A question about Sotto.
#[derive(Debug, Deserialize)]
pub struct Help {
    ask: String,
    /// Of each group one must be said.
    needs: Vec<Vec<String>>,
    #[serde(default)]
    never: Vec<String>,
}

/// A request for a small spark.
#[derive(Debug, Deserialize)]
pub struct Spark {
    ask: String,
    form: SparkForm,
    /// Of each group one must be said: the thing that it is about.
    about: Vec<Vec<String>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SparkForm {
    Line,
    Titles,
    Name,
    Palette,
}

/// Something that is left to the full model.
#[derive(Debug, Deserialize)]
pub struct Other {
    ask: String,
}

/// What an answer must be.
#[derive(Debug, Clone, Copy)]
pub enum Form<'a> {
    /// An answer with the right facts.
    Help(&'a Help),
    /// A spark of the right form, about the thing asked.
    Spark(&'a Spark),
    /// One sentence that names the Guide and the full model.
    Other,
}

impl Questions {
    /// Reads them.
    ///
    /// # Errors
    /// A sentence, where the file cannot be read.
    pub fn read() -> Result<Self, String> {
        let text = fs::read_to_string(folder().join("questions.json")).map_err(|error| error.to_string())?;
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }

    /// Everything that is asked.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.asked().map(|(ask, _)| ask)
    }

    /// Everything that is asked, with what the answer must be.
    pub fn asked(&self) -> impl Iterator<Item = (&str, Form<'_>)> {
        let help = self.help.iter().map(|help| (help.ask.as_str(), Form::Help(help)));
        let sparks = self.sparks.iter().map(|spark| (spark.ask.as_str(), Form::Spark(spark)));
        let other = self.other.iter().map(|other| (other.ask.as_str(), Form::Other));
        help.chain(sparks).chain(other)
    }

    /// A claim in this answer that is never so.
    pub fn never_said(&self, answer: &str) -> Option<&str> {
        let answer = answer.to_lowercase();
        self.never.iter().map(String::as_str).find(|claim| answer.contains(claim))
    }
}

impl Form<'_> {
    /// Whether an answer is what it must be.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn verdict(&self, answer: &str) -> Result<(), String> {
        let lower = answer.to_lowercase();
        match self {
            Self::Help(help) => {
                if let Some(claim) = help.never.iter().find(|claim| lower.contains(*claim)) {
                    return Err(format!("it says {claim:?}"));
                }
                says_one_of_each(&lower, &help.needs)
            }
            Self::Spark(spark) => {
                says_one_of_each(&lower, &spark.about)?;
                spark.form.verdict(answer).map_err(Into::into)
            }
            Self::Other => {
                says_one_of_each(&lower, &[vec!["guide".into()], vec!["full model".into()]])?;
                if is_one_sentence(answer) { Ok(()) } else { Err("it is not one sentence".into()) }
            }
        }
    }
}

impl SparkForm {
    fn verdict(self, answer: &str) -> Result<(), &'static str> {
        let lines: Vec<&str> = answer.lines().collect();
        let well_formed = match self {
            Self::Line => lines.len() == 1 && (20..=300).contains(&answer.len()) && ends_well(answer),
            Self::Titles => {
                let titles = (1..).zip(&lines).filter_map(|(n, line)| line.strip_prefix(&format!("{n}. ")));
                let different: HashSet<&str> = titles.filter(|title| title.len() > 2).collect();
                lines.len() == 3 && different.len() == 3
            }
            Self::Name => lines.len() == 1 && answer.len() <= 200 && answer.starts_with(char::is_uppercase),
            Self::Palette => {
                let colours: HashSet<&str> = lines.iter().skip(1).filter_map(|line| colour(line)).collect();
                (4..=7).contains(&lines.len()) && colours.len() == lines.len() - 1
            }
        };
        if well_formed { Ok(()) } else { Err("its form is not right") }
    }
}

fn says_one_of_each(answer: &str, groups: &[Vec<String>]) -> Result<(), String> {
    match groups.iter().find(|group| !group.iter().any(|fact| answer.contains(fact))) {
        Some(group) => Err(format!("it says none of {group:?}")),
        None => Ok(()),
    }
}

fn is_one_sentence(answer: &str) -> bool {
    let inner = &answer[..answer.len().saturating_sub(1)];
    ends_well(answer) && !inner.contains(['.', '!', '?', '\n'])
}

fn ends_well(answer: &str) -> bool {
    answer.ends_with(['.', '!', '?'])
}

/// The hex value in a line such as "- Moss #5E6B3B".
fn colour(line: &str) -> Option<&str> {
    let (name, value) = line.strip_prefix("- ")?.rsplit_once(" #")?;
    let is_value = value.len() == 6 && value.bytes().all(|digit| digit.is_ascii_hexdigit());
    (is_value && !name.is_empty()).then_some(value)
}

/// The mark that `models/guide/hold_out.py` makes of a prompt: FNV-1a, in 32 bits, of its
/// words in lower case, each once, in the order of the alphabet.
pub fn mark(prompt: &str) -> u32 {
    let plain = prompt.to_lowercase().replace('\'', "");
    let words: BTreeSet<&str> = plain
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let words = words.into_iter().collect::<Vec<_>>().join(" ");
    words.bytes().fold(0x811c_9dc5, |mark, byte| (mark ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
