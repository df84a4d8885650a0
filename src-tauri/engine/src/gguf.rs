//! A model in one file, or in the parts of one: GGUF, the form in which the official quantised models come.
//!
//! The file is mapped, never copied: layers multiply with the very blocks that lie in
//! it, and rows of embeddings are unpacked as they are looked up. Its metadata stands
//! in for the small files of a model's folder. Nothing in the file is trusted: what
//! does not add up is a sentence, not a crash.
//!
//! The format: github.com/ggml-org/ggml, docs/gguf.md.

mod blocks;
mod decoder;
mod describe;
mod place;
pub mod plain;
mod tokenizer;
mod weights;

use std::{
    collections::HashMap,
    fs::{self, File},
    path::{Path, PathBuf},
    slice,
    sync::Arc,
};

use memmap2::Mmap;
use sotto_gguf::{Header, Model, Sight, Tensor, Vision, is_named_as_vision, part_of, sight_of};

use self::place::Place;
pub use self::weights::Weights;
use crate::{
    fault::{Fault, name},
    folder::Folder,
    prepare,
};

/// A GGUF file or the parts of one, mapped, and where its tensors lie.
pub struct Gguf {
    files: Arc<[Arc<Mmap>]>,
    places: HashMap<String, Place>,
    origin: Origin,
    /// By how much each frequency of the rope is divided, where no tensor says so.
    divisors: Option<Vec<f32>>,
    /// How many heads the part that sees has, where this is one whose queries and keys lie in pairs.
    sight_heads: Option<usize>,
}

/// Who has written a file, and so how what is learnt lies in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// As llama.cpp's converter puts it.
    Gguf,
    /// As transformers has it: in queries and keys numbers that turn together lie half a head apart,
    /// and Gemma's norms are counted from 1.
    Transformers,
}

impl Gguf {
    /// Maps the files of a model that was looked through.
    fn map(files: &[PathBuf], header: &Header) -> Result<Self, Fault> {
        Ok(Self::lying(files.iter().map(|path| map(path)).collect::<Result<_, Fault>>()?, header))
    }

    /// Tensors where they lie in files that are mapped.
    fn lying(files: Arc<[Arc<Mmap>]>, header: &Header) -> Self {
        let place = |(name, tensor): (&str, &Tensor)| Some((name.to_owned(), Place::of(tensor)?));
        let places = header.tensors().filter_map(place).collect();
        Self { files, places, origin: Origin::Gguf, divisors: None, sight_heads: None }
    }

    /// The part that sees: in a file of its own, or in those of the model, `text`.
    fn seeing(vision: &Vision, text: &Self) -> Result<Self, Fault> {
        let seeing = match &vision.path {
            Some(path) => Self::map(slice::from_ref(path), &vision.header)?,
            None => Self::lying(text.files.clone(), &vision.header),
        };
        let sight_heads = usize::try_from(vision.heads).ok().filter(|_| vision.in_pairs);
        Ok(Self { sight_heads, ..seeing })
    }
}

#[allow(unsafe_code)]
fn map(path: &Path) -> Result<Arc<Mmap>, Fault> {
    let file = File::open(path).map_err(|_| Fault::Missing(path.into()))?;
    // SAFETY: a file that is cut short by another program while it is mapped ends this process, as
    // with any mapped file; the app starts it again and loses nothing. Where tensors lie is held
    // against the map's own length before any of it is read.
    let bytes = unsafe { Mmap::map(&file) };
    let bytes = bytes.map_err(|_| Fault::Damaged { model: name(path), file: "The file".into() })?;
    Ok(Arc::new(bytes))
}

/// The GGUF file that `path` names, or the one model in the folder that it names.
pub fn file_at(path: &Path) -> Option<PathBuf> {
    if path.is_file() {
        return is_gguf(path).then(|| path.to_owned());
    }
    if path.join("config.json").is_file() {
        return None;
    }
    let is_model = |file: &PathBuf| {
        let name = name(file);
        !is_named_as_vision(&name) && part_of(&name).is_none_or(|part| part.number == 1)
    };
    let mut models = files_in(path).into_iter().filter(is_model);
    models.next().filter(|_| models.next().is_none())
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| is_gguf(path)).collect()
}

fn is_gguf(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gguf"))
}

/// Opens the model at `path`, with the part that sees where it lies in it or beside it, and
/// writes to `scratch` the small files that a folder would hold.
pub fn open(path: &Path, scratch: &Path) -> Result<(Folder, Arc<Weights>), Fault> {
    let model = Model::open(path)?;
    let first = model.files.first().cloned().unwrap_or_else(|| path.to_owned());
    let Sight { vision, trouble } = sight_of(&model);
    if let Some(trouble) = &trouble {
        tracing::warn!(?trouble, "what the model has to see with is of no use");
    }
    let described = describe::describe(&model, vision.as_ref())?;
    let bytes = model.bytes + vision.as_ref().map_or(0, |vision| vision.bytes);

    let write = |file: &str, text: &str| prepare::write(scratch, file, text);
    write("tokenizer_config.json", &described.tokenizer_config.to_string())?;
    let folder = Folder {
        name: sotto_gguf::name_of(&first),
        config: described.config,
        preprocessor: Some(described.preprocessor),
        processor: None,
        tokenizer: write("tokenizer.json", &described.tokenizer.to_string())?,
        template: write("chat_template.jinja", &described.template)?,
        weights: vec![first],
        bytes,
        layout: None,
        ends: described.ends,
        begins: described.begins,
        // mistral.rs's own layers know nothing of what such a tensor says, and nothing of these families.
        by_our_kernels: model.text.scaled || model.text.family.is_ours_alone(),
        sees: vision.is_some(),
        blind: trouble.map(|refused| refused.to_string()),
    };
    let text = Gguf::map(&model.files, &model.header)?;
    let vision = vision.map(|vision| Gguf::seeing(&vision, &text)).transpose()?;
    Ok((folder, Arc::new(Weights::new(text, model.text, vision))))
}

#[cfg(test)]
mod tests;
