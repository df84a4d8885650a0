//! A model in one file: GGUF, the form in which the official quantised models come.
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
mod header;
mod weights;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
};

use memmap2::Mmap;

use self::header::Header;
pub use self::weights::{Weights, is_known};
use crate::{
    fault::{Fault, name},
    folder::Folder,
    prepare,
};

/// A GGUF file, mapped, and what its header says.
pub struct Gguf {
    bytes: Arc<Mmap>,
    header: Header,
}

impl Gguf {
    /// Maps the file and reads its header; every tensor is known to lie within it then.
    #[allow(unsafe_code)]
    fn map(path: &Path) -> Result<Self, Fault> {
        let model = name(path);
        let damaged = || Fault::Damaged { model: model.clone(), file: "The file".into() };
        let file = File::open(path).map_err(|_| Fault::Missing(path.into()))?;
        // SAFETY: a file that is cut short by another program while it is mapped ends
        // this process, as with any mapped file; the app starts it again and loses
        // nothing. Its length is checked below, before anything is read from it.
        let bytes = unsafe { Mmap::map(&file) }.map_err(|_| damaged())?;
        let header = Header::read(&bytes).ok_or_else(|| match bytes.get(..4) {
            Some(b"GGUF") => damaged(),
            _ => Fault::NotAModel(model.clone()),
        })?;
        let (there, whole) = (bytes.len() as u64, header.end().ok_or_else(damaged)?);
        if there < whole {
            return Err(Fault::CutShort { file: "The file".into(), model, there, whole });
        }
        Ok(Self { bytes: Arc::new(bytes), header })
    }
}

/// The GGUF file that `path` names, or the one model in the folder that it names.
pub fn file_at(path: &Path) -> Option<PathBuf> {
    if path.is_file() {
        return is_gguf(path).then(|| path.to_owned());
    }
    if path.join("config.json").is_file() {
        return None;
    }
    let mut models = files_in(path).into_iter().filter(|file| !sees(file));
    models.next().filter(|_| models.next().is_none())
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| is_gguf(path)).collect()
}

fn is_gguf(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gguf"))
}

/// Whether a file is the part of a model that sees: official ones carry `mmproj` in
/// their names.
fn sees(path: &Path) -> bool {
    name(path).to_lowercase().contains("mmproj")
}

/// Opens the model at `path`, with the part that sees where it lies beside it, and
/// writes to `scratch` the small files that a folder would hold.
pub fn open(path: &Path, scratch: &Path) -> Result<(Folder, Arc<Weights>), Fault> {
    let text = Gguf::map(path)?;
    let vision = sight_beside(path).map(|path| Gguf::map(&path)).transpose()?.filter(|vision| {
        // One that was made for another model is of no use to this one.
        vision.header.integer("clip.vision.projection_dim")
            == text.header.integer("mistral3.embedding_length")
    });
    let described = describe::describe(&text, vision.as_ref(), path)?;
    let bytes = text.bytes.len() + vision.as_ref().map_or(0, |vision| vision.bytes.len());

    let write = |file: &str, text: &str| prepare::write(scratch, file, text);
    write("tokenizer_config.json", &described.tokenizer_config.to_string())?;
    let folder = Folder {
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        config: described.config,
        preprocessor: Some(described.preprocessor),
        processor: None,
        tokenizer: write("tokenizer.json", &described.tokenizer.to_string())?,
        template: write("chat_template.jinja", &described.template)?,
        weights: vec![path.into()],
        bytes: bytes as u64,
        ends: described.ends,
        sees: vision.is_some(),
    };
    Ok((folder, Arc::new(Weights::new(text, vision))))
}

/// The file with the part of the model that sees, where one lies beside the model.
fn sight_beside(path: &Path) -> Option<PathBuf> {
    let mut found = files_in(path.parent()?);
    found.retain(|beside| beside != path && sees(beside));
    // Of several, the one whose name begins most like the model's.
    let alike =
        |beside: &PathBuf| name(beside).bytes().zip(name(path).bytes()).take_while(|(a, b)| a == b).count();
    found.sort_by_key(|beside| (std::cmp::Reverse(alike(beside)), beside.clone()));
    found.into_iter().next()
}

#[cfg(test)]
mod tests;
