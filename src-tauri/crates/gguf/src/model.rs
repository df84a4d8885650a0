//! A model in one GGUF file or several, looked through from end to end: what this module
//! gives is what the engine loads, and what it refuses the engine would refuse.

use std::path::{Path, PathBuf};

use crate::{
    family::{Family, VISION},
    figures::{Text, Window},
    header::Header,
    own::Own,
    refused::{Looks, Refused, Why},
    rope::Rope,
    split::{self, File},
    tensors,
    vision::Vision,
    words::Words,
};

/// Gemma 3 says none of these in its files: each sixth layer looks at all of the text, the others
/// turn by this base (Gemma 3 technical report, 2025).
const GEMMA_PATTERN: u32 = 6;
const GEMMA_NEAR_BASE: f64 = 10_000.0;
/// The one Gemma 3 of so many layers divides otherwise (`gemma_pytorch`, `config.py`).
const GEMMA_27B_LAYERS: u32 = 62;

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
        Ok(Some(name)) if name != VISION && Family::of(&name).is_none() => {
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

    /// Whether it has something to see with in its own file.
    pub fn has_sight_within(&self) -> bool {
        Vision::within(&self.header, &self.text).is_some()
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
        let family = match (header.text("general.type"), kind) {
            (Some("adapter"), _) => return Err(Why::Adapter),
            (_, VISION) => return Err(Why::OnlyVision),
            (_, "") => return Err(Why::Damaged("it does not say what it is".into())),
            (_, kind) => Family::of(kind).ok_or_else(|| Why::Architecture(short(kind)))?,
        };
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
        let layers = own.figure("block_count")?;
        let text = Self {
            family,
            layers,
            hidden,
            feed_forward: own.figure("feed_forward_length")?,
            heads,
            kv_heads: own.figure("attention.head_count_kv")?,
            head_size,
            vocabulary,
            longest: longest(own, family)?,
            window: window(own, family)?,
            query_width: match family {
                Family::Gemma3 if layers == GEMMA_27B_LAYERS => hidden / heads,
                _ => head_size,
            },
            epsilon,
            rope: Rope::read(own, family, head_size.into())?,
            scaled: header.tensor(tensors::SCALED).is_some(),
            tied: header.tensor("output.weight").is_none(),
        };
        if text.scaled && (family != Family::Llama || text.rope.yarn.is_some()) {
            return Err(Why::LeftOver(tensors::SCALED.into()));
        }
        if text.scaled && !text.head_size.is_multiple_of(16) {
            return Err(Why::Rope(format!("scaled, for heads of {}", text.head_size)));
        }
        if family.is_ours_alone() && !text.head_size.is_multiple_of(16) {
            return Err(Why::Architecture(format!("{kind} with heads of {}", text.head_size)));
        }
        if !text.heads.is_multiple_of(text.kv_heads)
            || text.head_size < 2
            || !text.head_size.is_multiple_of(2)
        {
            return Err(Why::Damaged(format!("heads that do not add up: {text:?}")));
        }
        Ok(text)
    }
}

/// The longest text: within a window, where each word sees no further back than that, all words
/// see all others, which is what is computed.
fn longest(own: Own<'_>, family: Family) -> Result<u32, Why> {
    let longest = own.figure("context_length")?;
    if family == Family::Gemma3 {
        return Ok(longest);
    }
    Ok(match own.integer("attention.sliding_window")? {
        Some(0) | None => longest,
        Some(_) => longest.min(own.figure("attention.sliding_window")?),
    })
}

/// Gemma 3's layers that see only what is near. What else its kin have is not computed.
fn window(own: Own<'_>, family: Family) -> Result<Option<Window>, Why> {
    if family != Family::Gemma3 {
        return Ok(None);
    }
    for cap in ["attn_logit_softcapping", "final_logit_softcapping"] {
        if own.float(cap)?.is_some_and(|cap| cap.abs() > 0.0) {
            return Err(Why::Architecture(format!("{} with {cap}", family.name())));
        }
    }
    let pattern = match own.integer("attention.sliding_window_pattern")? {
        Some(_) => own.figure("attention.sliding_window_pattern")?,
        None => GEMMA_PATTERN,
    };
    let base = own.float("rope.freq_base_swa")?.unwrap_or(GEMMA_NEAR_BASE);
    if base <= 1.0 {
        return Err(Why::Damaged(format!("a rope of base {base}")));
    }
    Ok(Some(Window { length: own.figure("attention.sliding_window")?, pattern, base }))
}

#[cfg(test)]
mod tests;
