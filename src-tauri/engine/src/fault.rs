//! What can go wrong with a run, as a sentence for the person: what happened, and
//! what to do next. Technical detail goes to the log.

use std::path::{Path, PathBuf};

use sotto_engine_protocol::FailureKind;
use sotto_gguf::Why;

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error(transparent)]
    Refused(#[from] sotto_gguf::Refused),
    #[error("There is nothing at {} any more. Choose the model again, or open another one.", .0.display())]
    Missing(PathBuf),
    #[error(
        "“{0}” is not a model that Sotto can open. Choose a .gguf file, or the folder that a model was downloaded to."
    )]
    NotAModel(String),
    #[error("“{0}” holds several models. Choose the file of the one to open.")]
    Several(String),
    #[error(
        "“{model}” is a model of another kind ({kind}). Sotto runs models of the Mistral and Llama families, \
         Qwen 3 and Gemma 3: open one of those."
    )]
    AnotherKind { model: String, kind: String },
    #[error(
        "“{0}” is in Mistral's own layout, which Sotto does not open. Take a .gguf file of the same model, or the files that begin with “model”."
    )]
    OwnLayout(String),
    #[error(
        "{file} of “{model}” is only a note that stands for the weights (Git LFS), not the weights. Download the file itself."
    )]
    Pointer { model: String, file: String },
    #[error("“{model}” has no {file}. It may not have been downloaded to the end: download it again.")]
    Incomplete { model: String, file: String },
    #[error(
        "{file} of “{model}” is cut short: {there} of its {whole} bytes are there. Download the model again."
    )]
    CutShort { model: String, file: String, there: u64, whole: u64 },
    #[error("{file} of “{model}” is damaged and cannot be read. Download the model again.")]
    Damaged { model: String, file: String },
    #[error(
        "“{model}” is made in a way that Sotto does not know ({what}), and its answers could be wrong. Take another copy of this model: a .gguf file works."
    )]
    NotUnderstood { model: String, what: String },
    #[error(
        "“{0}” could not be opened: its files do not fit together. Download the model again, or open another one."
    )]
    DoesNotLoad(String),
    #[error(
        "“{0}” cannot be talked to: its chat template, which says how messages are written for it, is none that Sotto can follow. Take another file of this model, or open another model."
    )]
    TemplateUnusable(String),
    #[error(
        "“{0}” cannot be talked to: its chat template, which says how messages are written for it, does not come to an end. Take another file of this model, or open another model."
    )]
    TemplateEndless(String),
    #[error("The engine could not write to its own folder, {}. Your text is safe. Make sure that the disk is not full and that you may write there, then open the model again.", .0.display())]
    Scratch(PathBuf),
    #[error("No model is open yet. Open one, then send again.")]
    NoModel,
    #[error("There was nothing to answer.")]
    NothingSaid,
    #[error("The messages were not in turn, so the model could not read them. Please report this.")]
    OutOfTurn,
    #[error("The form that the answer should have was not understood. Please report this.")]
    NoSuchForm,
    #[error("The rules for this answer leave nothing to write. Take a phrase off the list, then try again.")]
    NothingAllowed,
    #[error(
        "This conversation is longer than the model can hold in mind. Start a new one, or go back to an earlier message and continue from there."
    )]
    TooLong { given: u32, limit: u32 },
    #[error(
        "This model cannot see pictures: the file that it sees with, which has “mmproj” in its name, is not beside it. Put it there and open the model again, or leave the pictures out."
    )]
    Blind,
    #[error("The picture “{0}” is not there any more. Your text is safe. Add the picture again.")]
    PictureMissing(String),
    #[error(
        "The picture “{0}” cannot be read: it is damaged, or of another kind. Your text is safe. Add another copy of it."
    )]
    PictureUnreadable(String),
    #[error("The picture “{0}” is too large to be read. Your text is safe. Add a smaller copy of it.")]
    PictureTooLarge(String),
    #[error("A picture changed while it was being read. Your text is safe. Send again.")]
    PictureChanged,
    #[error("The model could not go on. Your text is safe. Try again.")]
    Stumbled,
    #[error("The model stopped unexpectedly. Your text is safe. Try again.")]
    Broken,
}

impl Fault {
    /// Whether the process is of no more use: only a new one is sound.
    pub fn ends_the_process(&self) -> bool {
        matches!(self, Self::Broken | Self::TemplateEndless(_))
    }

    /// What the app can do about it.
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::Refused(refused) => match &refused.why {
                Why::Missing => FailureKind::ModelMissing,
                why if why.is_damage() => FailureKind::ModelDamaged,
                _ => FailureKind::ModelUnsupported,
            },
            Self::Missing(_) => FailureKind::ModelMissing,
            Self::NotAModel(_)
            | Self::Incomplete { .. }
            | Self::CutShort { .. }
            | Self::Damaged { .. }
            | Self::Pointer { .. }
            | Self::DoesNotLoad(_) => FailureKind::ModelDamaged,
            Self::Several(_)
            | Self::AnotherKind { .. }
            | Self::OwnLayout(_)
            | Self::NotUnderstood { .. }
            | Self::TemplateUnusable(_)
            | Self::TemplateEndless(_) => FailureKind::ModelUnsupported,
            Self::NoModel | Self::NothingSaid | Self::OutOfTurn | Self::NoSuchForm | Self::NothingAllowed => {
                FailureKind::BadRequest
            }
            Self::TooLong { given, limit } => FailureKind::TooLong { given: *given, limit: *limit },
            Self::Blind
            | Self::PictureMissing(_)
            | Self::PictureUnreadable(_)
            | Self::PictureTooLarge(_)
            | Self::PictureChanged => FailureKind::BadPicture,
            Self::Scratch(_) => FailureKind::CacheUnwritable,
            Self::Stumbled | Self::Broken => FailureKind::Internal,
        }
    }
}

/// A file's or folder's own name, for a sentence.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
