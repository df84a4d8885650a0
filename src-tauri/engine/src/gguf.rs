//! A model in one file: GGUF, the form in which the official quantised models come.
//!
//! The file is mapped, never copied: layers multiply with the very blocks that lie in
//! it, and rows of embeddings are unpacked as they are looked up. Its metadata stands
//! in for the small files of a model's folder. Nothing in the file is trusted: what
//! does not add up is a sentence, not a crash.
//!
//! The format: github.com/ggml-org/ggml, docs/gguf.md.

mod blocks;
mod describe;
mod header;
mod weights;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
};

use memmap2::Mmap;
use mistralrs_quant::GivenWeights;

use self::header::Header;
use crate::{
    fault::{Fault, name},
    folder::Folder,
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
    let of_text = |path: &PathBuf| is_gguf(path) && !name(path).to_lowercase().contains("mmproj");
    if path.is_file() {
        return is_gguf(path).then(|| path.to_owned());
    }
    if path.join("config.json").is_file() {
        return None;
    }
    let mut models = fs::read_dir(path).ok()?.flatten().map(|entry| entry.path()).filter(of_text);
    models.next().filter(|_| models.next().is_none())
}

fn is_gguf(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gguf"))
}

/// Opens the model at `path`, with the part that sees where it lies beside it, and
/// writes to `scratch` the small files that a folder would hold.
pub fn open(path: &Path, scratch: &Path) -> Result<(Folder, Arc<dyn GivenWeights>), Fault> {
    let text = Gguf::map(path)?;
    let width = |header: &Header, key| header.integer(key);
    let vision = sight_beside(path).map(|path| Gguf::map(&path)).transpose()?.filter(|vision| {
        // One that was made for another model is of no use to this one.
        width(&vision.header, "clip.vision.projection_dim")
            == width(&text.header, "mistral3.embedding_length")
    });
    let described = describe::describe(&text, vision.as_ref(), path)?;
    let bytes = text.bytes.len() + vision.as_ref().map_or(0, |vision| vision.bytes.len());

    let unwritable = |error: std::io::Error| {
        tracing::error!(%error, "the engine's own folder cannot be written to");
        Fault::Scratch(scratch.into())
    };
    let write = |file: &str, text: &str| -> Result<PathBuf, Fault> {
        let path = scratch.join(file);
        fs::write(&path, text).map_err(unwritable)?;
        Ok(path)
    };
    fs::create_dir_all(scratch).map_err(unwritable)?;
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
    };
    Ok((folder, Arc::new(weights::Weights::new(text, vision))))
}

/// The file with the part of the model that sees: official ones carry `mmproj` in
/// their names and lie beside the model.
fn sight_beside(path: &Path) -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(path.parent()?)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|beside| is_gguf(beside) && beside != path && name(beside).to_lowercase().contains("mmproj"))
        .collect();
    // Of several, the one whose name begins most like the model's.
    let alike =
        |beside: &PathBuf| name(beside).bytes().zip(name(path).bytes()).take_while(|(a, b)| a == b).count();
    found.sort_by_key(|beside| (std::cmp::Reverse(alike(beside)), beside.clone()));
    found.into_iter().next()
}

#[cfg(test)]
mod tests;
