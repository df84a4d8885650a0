//! A model in one GGUF file or several, looked through from end to end: what this module
//! gives is what the engine loads, and what it refuses the engine would refuse.

use std::path::{Path, PathBuf};

use crate::{
    header::{Header, Value},
    refused::{Looks, Refused, Why},
    rope::Rope,
    split::{self, File},
    tensors,
    vision::Vision,
    words::Words,
};

/// Ministral 3, and Mistral Small since 3.1, as GGUF names them.
pub(crate) const MISTRAL3: &str = "mistral3";
/// What GGUF calls all that is built like Llama: Mistral 7B, Nemo, Mistral Small before 3.1,
/// Llama 2 and 3, `SmolLM2`, and their kin.
const LLAMA: &str = "llama";
/// The architectures that Sotto runs.
const ARCHITECTURES: [&str; 2] = [MISTRAL3, LLAMA];
/// What the part of a model that sees calls itself.
pub(crate) const VISION: &str = "clip";

/// A model that the engine takes.
#[derive(Debug)]
pub struct Model {
    /// Its files, in the order of its parts.
    pub files: Vec<PathBuf>,
    /// How many bytes they have together.
    pub bytes: u64,
    /// What they say, as if they were one.
    pub header: Header,
    /// The figures of its layers.
    pub text: Text,
}

/// Looks through one file by itself: a model, a part of one, or the part that sees. Of a part the
/// tensors are not held against the others': that is for when all are there.
///
/// # Errors
/// [`Refused`], which is a sentence.
pub fn check_file(path: &Path) -> Result<(), Refused> {
    let file = File::read(path)?;
    let checked = match (file.part()?, file.header.text("general.architecture")) {
        (Some((1, _)), _) => Text::figures(&file.header).map(|_| ()),
        (Some(_), _) => Ok(()),
        (None, Some(VISION)) => return Vision::open(path).map(|_| ()),
        (None, _) => Text::of(&file.header).map(|_| ()),
    };
    checked.map_err(|why| why.of(path))
}

/// Whether the beginning of a file already shows that it is of no use, and why.
pub fn is_of_no_use(beginning: &[u8]) -> Option<Why> {
    match Header::architecture_of(beginning) {
        Ok(Some(name)) if name != VISION && !ARCHITECTURES.contains(&name.as_str()) => {
            Some(Why::Architecture(short(&name)))
        }
        Err(Why::NotAModel(_)) if beginning.len() >= 4 => Some(Why::NotAModel(Looks::of(beginning))),
        Err(why @ (Why::BigEndian | Why::Version(_))) => Some(why),
        Ok(_) | Err(_) => None,
    }
}

/// A name from a file, as it can stand in a sentence.
fn short(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// The figures of a text model, held against its tensors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Text {
    /// How many layers.
    pub layers: u32,
    /// How many numbers stand for a token.
    pub hidden: u32,
    /// How many between the two halves of a layer's second part.
    pub feed_forward: u32,
    /// How many heads ask.
    pub heads: u32,
    /// How many heads keep a memory of the text.
    pub kv_heads: u32,
    /// How many numbers a head has.
    pub head_size: u32,
    /// How many words.
    pub vocabulary: u32,
    /// The longest text that it was made for, in tokens.
    pub longest: u32,
    /// What norms add before they divide.
    pub epsilon: f64,
    /// How it places words.
    pub rope: Rope,
    /// Whether a tensor of it says by how much each frequency of the rope is divided, as in
    /// Llama 3.1 and later.
    pub scaled: bool,
    /// Whether it writes with the matrix that it reads with.
    pub tied: bool,
}

impl Model {
    /// Looks through the model at `path`: the file, or the parts that it is one of. Reads the
    /// headers, not the weights.
    ///
    /// # Errors
    /// [`Refused`], which is a sentence.
    pub fn open(path: &Path) -> Result<Self, Refused> {
        let files = split::gather(File::read(path)?)?;
        let said = |why: Why| why.of(path);
        let bytes = files.iter().map(|file| file.length).sum();
        let paths = files.iter().map(|file| file.path.clone()).collect();
        let mut headers = files.into_iter().map(|file| file.header);
        let mut header = headers.next().ok_or(Why::Missing).map_err(said)?;
        for (number, other) in headers.enumerate() {
            header.take_in(other, number + 1).map_err(said)?;
        }
        let text = Text::of(&header).map_err(said)?;
        Ok(Self { files: paths, bytes, header, text })
    }

    /// Its words, and how a talk is written for it.
    ///
    /// # Errors
    /// Never for a model that was opened.
    pub fn words(&self) -> Result<Words<'_>, Refused> {
        Words::read(&self.header).map_err(|why| match self.files.first() {
            Some(path) => why.of(path),
            None => Refused { name: String::new(), why },
        })
    }

    /// Whether Ollama's own converter has written it: then the part that sees lies in it too.
    pub fn is_ollamas(&self) -> bool {
        is_ollamas(&self.header)
    }
}

impl Text {
    pub(crate) fn of(header: &Header) -> Result<Self, Why> {
        let text = Self::figures(header)?;
        tensors::check(header, &text)?;
        Ok(text)
    }

    /// What the description says, before it is held against the tensors.
    pub(crate) fn figures(header: &Header) -> Result<Self, Why> {
        let kind = header.text("general.architecture").unwrap_or_default();
        match (header.text("general.type"), kind) {
            (Some("adapter"), _) => return Err(Why::Adapter),
            (_, VISION) => return Err(Why::OnlyVision),
            (_, "") => return Err(Why::Damaged("it does not say what it is".into())),
            (_, kind) if ARCHITECTURES.contains(&kind) => {}
            (_, other) => return Err(Why::Architecture(short(other))),
        }
        let own = Own { header, prefix: kind };
        if own.integer("expert_count")?.is_some_and(|experts| experts > 0) {
            return Err(Why::Architecture(format!("{} with experts", short(kind))));
        }
        let hidden = own.figure("embedding_length")?;
        let heads = own.figure("attention.head_count")?;
        let head_size = match own.integer("attention.key_length")? {
            Some(_) => own.figure("attention.key_length")?,
            None => hidden / heads,
        };
        let words = Words::read(header)?;
        let vocabulary = u32::try_from(words.texts.len()).map_err(|_| own.damaged("vocab_size"))?;
        if own.integer("vocab_size")?.is_some_and(|said| said != u64::from(vocabulary)) {
            return Err(own.damaged("vocab_size"));
        }
        let epsilon = own.float("attention.layer_norm_rms_epsilon")?;
        let epsilon = epsilon.ok_or_else(|| Why::Lacks("its attention.layer_norm_rms_epsilon".into()))?;
        if !(0.0..0.1).contains(&epsilon) {
            return Err(own.damaged("attention.layer_norm_rms_epsilon"));
        }
        let text = Self {
            layers: own.figure("block_count")?,
            hidden,
            feed_forward: own.figure("feed_forward_length")?,
            heads,
            kv_heads: own.figure("attention.head_count_kv")?,
            head_size,
            vocabulary,
            longest: longest(own)?,
            epsilon,
            rope: Rope::read(own, head_size.into())?,
            scaled: header.tensor(tensors::SCALED).is_some(),
            tied: header.tensor("output.weight").is_none(),
        };
        if text.scaled && (kind != LLAMA || text.rope.yarn.is_some()) {
            return Err(Why::LeftOver(tensors::SCALED.into()));
        }
        if text.scaled && !text.head_size.is_multiple_of(16) {
            return Err(Why::Rope(format!("scaled, for heads of {}", text.head_size)));
        }
        if !text.heads.is_multiple_of(text.kv_heads)
            || text.head_size < 2
            || !text.head_size.is_multiple_of(2)
        {
            return Err(Why::Damaged(format!("heads that do not add up: {text:?}")));
        }
        Ok(text)
    }

    /// What the memory of one token takes, in bytes: keys and values, two bytes each.
    pub fn kv_bytes(&self) -> u64 {
        2 * 2 * u64::from(self.layers) * u64::from(self.kv_heads) * u64::from(self.head_size)
    }
}

/// The longest text: within a window, where each word sees no further back than that, all words
/// see all others, which is what is computed.
fn longest(own: Own<'_>) -> Result<u32, Why> {
    let longest = own.figure("context_length")?;
    Ok(match own.integer("attention.sliding_window")? {
        Some(0) | None => longest,
        Some(_) => longest.min(own.figure("attention.sliding_window")?),
    })
}

/// The description's values of one architecture. Each is absent, or of the right type, or the
/// file is damaged.
#[derive(Clone, Copy)]
pub(crate) struct Own<'a> {
    pub header: &'a Header,
    pub prefix: &'a str,
}

/// Far above every model there is.
const LARGEST: u64 = 1 << 24;

impl<'a> Own<'a> {
    /// A number that every model has, not 0.
    pub fn figure(self, key: &str) -> Result<u32, Why> {
        let n = self.integer(key)?.ok_or_else(|| Why::Lacks(format!("its {key}")))?;
        let n = (1..LARGEST).contains(&n).then(|| u32::try_from(n).ok()).flatten();
        n.ok_or_else(|| self.damaged(key))
    }

    pub fn integer(self, key: &str) -> Result<Option<u64>, Why> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Integer(n)) => u64::try_from(*n).map(Some).map_err(|_| self.damaged(key)),
            // Some converters give a figure for each layer; of one that is the same in all it is that.
            Some(Value::List(items)) => match items.as_integers().as_deref() {
                Some([first, others @ ..]) if others.iter().all(|n| n == first) => {
                    u64::try_from(*first).map(Some).map_err(|_| self.damaged(key))
                }
                _ => Err(Why::Lacks(format!("one {key} for all its layers"))),
            },
            Some(_) => Err(self.damaged(key)),
        }
    }

    pub fn float(self, key: &str) -> Result<Option<f64>, Why> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Float(x)) if x.is_finite() => Ok(Some(*x)),
            Some(_) => Err(self.damaged(key)),
        }
    }

    pub fn text(self, key: &str) -> Result<Option<&'a str>, Why> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.damaged(key)),
        }
    }

    fn value(self, key: &str) -> Option<&'a Value> {
        self.header.value(&format!("{}.{key}", self.prefix))
    }

    pub fn damaged(self, key: &str) -> Why {
        Why::Damaged(format!("{}.{key} makes no sense", self.prefix))
    }
}

/// Whether Ollama's own converter has written a file: it names figures as nobody else does.
pub(crate) fn is_ollamas(header: &Header) -> bool {
    let keys = [
        "mistral3.rope.scaling_beta",
        "mistral3.rope.scaling.beta_fast",
        "mistral3.rope.scaling.mscale_all_dim",
        "mistral3.image_token_index",
    ];
    keys.iter().any(|key| header.value(key).is_some()) || header.says_of("mistral3.vision.")
}

#[cfg(test)]
mod tests;
