//! Why a file cannot be used, in sentences for the user: what is the matter, and what to do
//! next. A file is called damaged only if it is.

use std::{error::Error, fmt, io, path::Path};

use crate::packing::Packing;

/// A file that cannot be used. Shown, it is a sentence.
#[derive(Debug)]
pub struct Refused {
    /// What the file is called.
    pub name: String,
    /// Why not.
    pub why: Why,
}

/// Why a file cannot be used.
#[derive(Debug)]
pub enum Why {
    /// Nothing is there.
    Missing,
    /// The system does not give it.
    Disk(io::Error),
    /// It is something else than a GGUF file.
    NotAModel(Looks),
    /// Its numbers stand the other way round.
    BigEndian,
    /// Its format is of a version that is not read here.
    Version(u32),
    /// It ends within its header. There may be more to come, while it is downloaded.
    BreaksOff,
    /// It ends before its last tensor does.
    CutShort {
        /// How many bytes are there.
        there: u64,
        /// How many there should be.
        whole: u64,
    },
    /// It says what cannot be; what that is, is for the log.
    Damaged(String),
    /// It is a model of another architecture.
    Architecture(String),
    /// It is the part of a model that sees, and nothing else.
    OnlyVision,
    /// It is an addition to a model, and nothing else.
    Adapter,
    /// A tensor is packed in a way that the engine does not compute.
    Packed(Packing),
    /// It cuts text into words in a way that is not known.
    CutsWords(String),
    /// Something is left out that every model has.
    Lacks(String),
    /// It has a tensor that nobody would use.
    LeftOver(String),
    /// A tensor has another size than the description says.
    Sized(String),
    /// It has another number of layers than it says.
    Layers {
        /// How many it says.
        said: u64,
        /// How many it has.
        there: u64,
    },
    /// It places words in a text in a way that is not known.
    Rope(String),
    /// A further part is not beside it.
    PartMissing {
        /// What that part is called.
        file: String,
        /// How many parts there are.
        of: u64,
    },
    /// A part is called otherwise than parts are, so the others cannot be found.
    PartRenamed {
        /// Which one it says that it is.
        number: u64,
        /// How many parts there are.
        of: u64,
    },
    /// A file beside it is no part of it.
    PartOfAnother(String),
    /// The part that sees is of another kind.
    AnotherSight(String),
    /// The part that sees was made for another model.
    SightOfAnother,
    /// A model sees in a way that is not computed.
    WordsAlone,
}

/// What a file that is no GGUF file seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// There is nothing in it.
    Empty,
    /// There is nothing in it but zeros.
    Blank,
    /// A note of Git LFS that stands for the file.
    Pointer,
    /// A page of the web.
    Page,
    /// An archive.
    Archive,
    /// The format before GGUF.
    Older,
    /// Weights in the safetensors format.
    Safetensors,
    /// A pipe, a device: no file at all.
    NoFile,
    /// Anything else.
    Something,
}

impl Looks {
    /// What a file that begins so seems to be.
    pub fn of(beginning: &[u8]) -> Self {
        let text = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning).trim_ascii_start();
        let begins = |with: &[u8]| text.get(..with.len()).is_some_and(|own| own.eq_ignore_ascii_case(with));
        let any = |all: &[&[u8]]| all.iter().any(|with| beginning.starts_with(with));
        match beginning {
            [] => Self::Empty,
            _ if beginning.iter().all(|byte| *byte == 0) => Self::Blank,
            _ if begins(b"version https://git-lfs") => Self::Pointer,
            _ if begins(b"<!doctype") || begins(b"<html") || begins(b"<?xml") => Self::Page,
            _ if any(&[b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd", b"BZh"]) => {
                Self::Archive
            }
            // As numbers they stand little endian in these files.
            _ if any(&[b"lmgg", b"tjgg", b"fmgg", b"algg", b"ggml", b"ggjt"]) => Self::Older,
            [_, _, _, _, 0, 0, 0, 0, b'{', ..] => Self::Safetensors,
            _ => Self::Something,
        }
    }
}

impl Why {
    /// Says it of the file at `path`.
    pub fn of(self, path: &Path) -> Refused {
        Refused {
            name: path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(),
            why: self,
        }
    }

    /// Whether another copy of the same file may be better.
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            Self::BreaksOff
                | Self::CutShort { .. }
                | Self::Damaged(_)
                | Self::PartMissing { .. }
                | Self::NotAModel(_)
        )
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ANOTHER: &str = "Take another file of the same model.";
        write!(f, "“{}” ", self.name)?;
        match &self.why {
            Why::Missing => {
                f.write_str("is not there any more. If it lies on a disk that is not connected, connect it.")
            }
            Why::Disk(_) => f.write_str("cannot be read. Check the disk, and whether the file is yours."),
            Why::NotAModel(looks) => looks.fmt(f),
            Why::BigEndian => f.write_str(
                "was made for another kind of computer (big-endian). Take the usual file of the same model.",
            ),
            Why::Version(1) => write!(f, "is in a format that is no longer read. {ANOTHER}"),
            Why::Version(version) => {
                write!(f, "is in version {version} of its format, which Sotto does not read. {ANOTHER}")
            }
            Why::CutShort { there, whole } => {
                write!(f, "is cut short: {there} of its {whole} bytes are there. Download it again.")
            }
            Why::BreaksOff => f.write_str("is cut short: it is not all there. Download it again."),
            Why::Damaged(_) => f.write_str("is damaged and cannot be read. Download it again."),
            Why::Architecture(kind) => write!(
                f,
                "is a model of another kind ({kind}). Sotto runs models of the Mistral and Llama families, Qwen 3 and Gemma 3: open one of those."
            ),
            Why::OnlyVision => f.write_str(
                "is only the part of a model that sees. Choose the model itself; this belongs beside it.",
            ),
            Why::Adapter => f.write_str(
                "is an addition to a model (LoRA), not a model. Take a file that holds the whole model.",
            ),
            Why::Packed(packing) => write!(
                f,
                "is packed in a way that Sotto cannot read ({packing}). Take another file of the same model: \
                 one with Q4_K_M in its name works."
            ),
            Why::CutsWords(how) => {
                write!(f, "cuts text into words in a way that Sotto does not know ({how}). {ANOTHER}")
            }
            Why::Lacks(what) => write!(f, "lacks {what}. Whoever made the file left it out. {ANOTHER}"),
            Why::LeftOver(tensor) => write!(
                f,
                "has a part that Sotto does not know ({tensor}), and would write nonsense without it. {ANOTHER}"
            ),
            Why::Sized(tensor) => {
                write!(f, "does not add up: {tensor} is of another size than it says. {ANOTHER}")
            }
            Why::Layers { said, there } => {
                write!(f, "does not add up: it says that it has {said} layers, and has {there}. {ANOTHER}")
            }
            Why::Rope(how) => {
                write!(f, "places words in a text in a way that Sotto does not know ({how}). {ANOTHER}")
            }
            Why::PartMissing { file, of } => {
                write!(
                    f,
                    "is one of {of} parts, and “{file}” is not beside it. Put all parts into one folder."
                )
            }
            Why::PartRenamed { number, of } => write!(
                f,
                "is part {number} of {of}, and its name does not say so. Give all parts the names that they had, \
                 which end in -{number:05}-of-{of:05}.gguf."
            ),
            Why::PartOfAnother(file) => {
                write!(f, "and “{file}” are not parts of the same model. Download all parts again.")
            }
            Why::AnotherSight(kind) => {
                write!(
                    f,
                    "sees in a way that Sotto does not know ({kind}). Take the mmproj file of the same model."
                )
            }
            Why::WordsAlone => {
                f.write_str("sees in a way that Sotto does not compute, so it is used for words alone.")
            }
            Why::SightOfAnother => {
                f.write_str("was made for another model. Take the mmproj file of the same model.")
            }
        }
    }
}

impl fmt::Display for Looks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is empty. Download it again.",
            Self::Blank => "holds nothing yet: its download never came to the end. Download it again.",
            Self::Pointer => {
                "is only a note that stands for the model (Git LFS), not the model. Download the file itself."
            }
            Self::Page => {
                "is a web page under a model's name, often one to sign in on. Open the page, sign in, and download \
                 the file again."
            }
            Self::Archive => "is an archive. Unpack it, and choose the .gguf file in it.",
            Self::Older => "is a model in an older format. Take a .gguf file of the same model.",
            Self::Safetensors => {
                "holds a model's weights in another format. Choose the folder that it was downloaded to."
            }
            Self::NoFile => "is not a file that can be read as a model. Choose a .gguf file.",
            Self::Something => {
                "is not a model that Sotto can open. Choose a .gguf file, or the folder that a model was \
                 downloaded to."
            }
        })
    }
}

impl Error for Refused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.why {
            Why::Disk(cause) => Some(cause),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
