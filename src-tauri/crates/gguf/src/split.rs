//! Files, and models that come in several: `name-00001-of-00003.gguf` and so on, as
//! `gguf-split` of llama.cpp names them. Whichever part is opened, the model is all of them.

use std::{
    fs,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use crate::{
    header::Header,
    refused::{Looks, Refused, Why},
};

/// Nobody splits a model into more.
const MOST_PARTS: u64 = 1_000;

/// A file whose header was read, and whose tensors all lie in it.
#[derive(Debug)]
pub(crate) struct File {
    pub path: PathBuf,
    pub length: u64,
    pub header: Header,
}

/// What the name of a part says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What stands before the numbers.
    pub stem: String,
    /// Which part it is; the first is 1.
    pub number: u64,
    /// How many there are.
    pub of: u64,
    /// How the name ends: ".gguf".
    ending: String,
}

/// What the name of a file says of the part that it is; `None` for a model in one file.
pub fn part_of(name: &str) -> Option<Part> {
    let at = name.len().checked_sub(".gguf".len()).filter(|at| name.is_char_boundary(*at))?;
    let (name, ending) = name.split_at(at);
    let (rest, of) = name.rsplit_once("-of-")?;
    let (stem, number) = rest.rsplit_once('-')?;
    let number_of = |digits: &str| {
        let plain = digits.len() == 5 && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<u64>().ok()).flatten()
    };
    let (number, of) = (number_of(number)?, number_of(of)?);
    let makes_sense = ending.eq_ignore_ascii_case(".gguf") && (1..=of).contains(&number) && of <= MOST_PARTS;
    makes_sense.then(|| Part { stem: stem.into(), number, of, ending: ending.into() })
}

impl Part {
    /// What the `number`th part is called.
    pub fn called(&self, number: u64) -> String {
        format!("{}-{number:05}-of-{:05}{}", self.stem, self.of, self.ending)
    }

    /// What all parts are called.
    pub fn all(&self) -> impl Iterator<Item = String> + '_ {
        (1..=self.of).map(|number| self.called(number))
    }
}

impl File {
    /// Reads the header of the file at `path`, which must be a regular file, or lead to one.
    pub fn read(path: &Path) -> Result<Self, Refused> {
        Self::open(path).map_err(|why| {
            let why = match why {
                Why::NotAModel(Looks::Something) => Why::NotAModel(looks(path)),
                why => why,
            };
            why.of(path)
        })
    }

    fn open(path: &Path) -> Result<Self, Why> {
        let missing = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => Why::Missing,
            _ => Why::Disk(error),
        };
        // Asked before it is opened: to open a pipe is to wait for whoever writes to it.
        let about = fs::metadata(path).map_err(missing)?;
        if !about.is_file() {
            return Err(Why::NotAModel(Looks::NoFile));
        }
        let file = fs::File::open(path).map_err(missing)?;
        let length = file.metadata().map_err(Why::Disk)?.len();
        let header = match Header::read(BufReader::with_capacity(1 << 16, file)) {
            Err(Why::NotAModel(_)) => return Err(Why::NotAModel(Looks::Something)),
            header => header?,
        };
        let whole = header.whole();
        if length < whole {
            return Err(Why::CutShort { there: length, whole });
        }
        Ok(Self { path: path.into(), length, header })
    }

    /// Which part it says that it is, from 1 on, and of how many; `None` for a model in one file.
    pub fn part(&self) -> Result<Option<(u64, u64)>, Refused> {
        let says = |key: &str| self.header.integer(&format!("split.{key}"));
        let damaged = || Why::Damaged("its parts do not add up".into()).of(&self.path);
        match says("count") {
            None | Some(0 | 1) => Ok(None),
            Some(of) => {
                let number = says("no").and_then(|number| number.checked_add(1));
                let number = number.filter(|number| *number <= of && of <= MOST_PARTS);
                Ok(Some((number.ok_or_else(damaged)?, of)))
            }
        }
    }
}

/// What a file that is no GGUF file seems to be.
fn looks(path: &Path) -> Looks {
    let mut beginning = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(512).read_to_end(&mut beginning));
    if read.is_err() {
        return Looks::Something;
    }
    Looks::of(&beginning)
}

/// All parts of the model that `file` is one of, in their order.
pub(crate) fn gather(file: File) -> Result<Vec<File>, Refused> {
    let Some((number, of)) = file.part()? else { return Ok(vec![file]) };
    let name = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let named = part_of(&name).filter(|part| part.number == number && part.of == of);
    let named = named.ok_or_else(|| Why::PartRenamed { number, of }.of(&file.path))?;
    let (path, mut opened) = (file.path.clone(), Some(file));
    let mut files = Vec::new();
    for part in 1..=of {
        let called = named.called(part);
        let next = match opened.take_if(|_| part == number) {
            Some(file) => file,
            None => File::read(&path.with_file_name(&called)).map_err(|refused| match refused.why {
                Why::Missing => Why::PartMissing { file: called.clone(), of }.of(&path),
                _ => refused,
            })?,
        };
        if next.part()? != Some((part, of)) {
            return Err(Why::PartOfAnother(called).of(&path));
        }
        files.push(next);
    }
    let first = files.first().and_then(|first| first.header.integer("split.tensors.count"));
    let there: usize = files.iter().map(|file| file.header.tensors().count()).sum();
    match first {
        Some(said) if said != there as u64 => {
            Err(Why::Damaged(format!("{there} of {said} tensors in its parts")).of(&path))
        }
        _ => Ok(files),
    }
}

/// Whether the file at `path` is one whose tensors all lie in it.
pub fn is_whole(path: &Path) -> bool {
    File::read(path).is_ok()
}

/// All files of the model that the file at `path` is, or is a part of: as its name says it.
/// They need not be there.
pub fn files_of(path: &Path) -> Vec<PathBuf> {
    match path.file_name().and_then(|name| part_of(name.to_str()?)) {
        Some(part) => part.all().map(|name| path.with_file_name(name)).collect(),
        None => vec![path.into()],
    }
}

/// What people call the model at `path`: its file's name without its ending, and without the
/// number of a part.
pub fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    part_of(&name)
        .map_or_else(|| path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), |part| part.stem)
}

/// What the file at `path` calls its architecture, without reading more than it must.
pub fn architecture_at(path: &Path) -> Option<String> {
    /// It is among the first values of every file.
    const FIRST: u64 = 64 << 10;
    fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let file = fs::File::open(path).ok()?;
    let mut beginning = Vec::new();
    file.take(FIRST).read_to_end(&mut beginning).ok()?;
    Header::architecture_of(&beginning).ok().flatten()
}

#[cfg(test)]
mod tests;
