//! What can go wrong with models, in sentences for the person: what happened, what is
//! safe, what to do next.

use std::io;

use sotto_egress::{Failure, Refusal};
use sotto_gguf::Refused;

use crate::amount::{Bytes, about};

/// So much is left free on the disk.
pub(crate) const SPARE: u64 = 64 << 20;

/// Why something with a model did not work. What was there before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    /// No model is called that.
    #[error("There is no model called {name}.")]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// What a person wrote does not name a file on the hub.
    #[error(
        "\"{name}\" does not name a model's file. Write owner/name:file.gguf, or paste the address of the \
         file's page."
    )]
    NotAHubName {
        /// What was written.
        name: String,
    },
    /// The server's address is none, or one that nothing may be sent to.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The network, or what stands in its way.
    #[error(transparent)]
    Network(Failure),
    /// The line is cut again and again.
    #[error(
        "The connection keeps breaking off. What has arrived is kept: try again when the network is \
         steadier."
    )]
    KeepsBreaking,
    /// Nothing, or next to nothing, arrives.
    #[error("Nothing arrives any more. What has arrived is kept: try again in a while.")]
    Stalled,
    /// The server asks for patience, more than we have.
    #[error("The server is busy and asks to wait {}. What has arrived is kept.", about(*wait))]
    Busy {
        /// How long it asks to wait.
        wait: std::time::Duration,
    },
    /// The server does not have the file.
    #[error("The server has no such file. It may have been moved or renamed.")]
    NotThere,
    /// The server wants to know who asks.
    #[error(
        "The server gives this file only to people it knows. Add an access token of Hugging Face in the \
         settings, and accept the model's terms on its page."
    )]
    NotAllowed,
    /// The server answers in a way that makes no sense.
    #[error(
        "The server gave an answer that makes no sense ({what}). What has arrived is kept. Try again later, or \
         use another server."
    )]
    Nonsense {
        /// What it did.
        what: String,
    },
    /// The file on the server is not the one that was to be had.
    #[error(
        "The file on the server is not the one that Sotto knows. What has arrived is kept. Try again later, or \
         use another server."
    )]
    NotTheSame,
    /// What arrived is not what the server has, again and again.
    #[error(
        "What arrived is not what it should be, again and again, so it was not kept. Try again later, or use \
         another server."
    )]
    WrongBytes,
    /// The address of the server that was set is none.
    #[error(
        "The address that models come from cannot be used, so nothing is downloaded. Set it anew in the \
         settings, or leave it empty for Hugging Face."
    )]
    NoServer,
    /// The disk has no room.
    #[error(
        "There is not enough space on the disk: {} are still to come, {} must stay free besides, and {} are free. \
         What has arrived is kept: free some space, then go on.",
        Bytes(*needed), Bytes(SPARE), Bytes(*free)
    )]
    DiskFull {
        /// What is still to be written.
        needed: u64,
        /// What is free.
        free: u64,
    },
    /// A file that the engine would not take.
    #[error(transparent)]
    Unfit(#[from] Refused),
    /// It is not a model at all.
    #[error(
        "“{name}” is not a model that Sotto can open. Choose a .gguf file, or the folder that a model was \
         downloaded to."
    )]
    NotAModel {
        /// The file or folder.
        name: String,
    },
    /// The folder holds several models.
    #[error("“{name}” holds several models. Choose the file of the one to open.")]
    Several {
        /// The folder.
        name: String,
    },
    /// The folder is a model of another architecture.
    #[error(
        "“{name}” is a model of another kind ({kind}). Sotto runs models of the Mistral and Llama families, \
         Qwen 3 and Gemma 3: open one of those."
    )]
    AnotherKind {
        /// The folder.
        name: String,
        /// What it calls itself.
        kind: String,
    },
    /// The folder is in the layout that Mistral uses itself.
    #[error(
        "“{name}” is in Mistral's own layout, which Sotto does not open. Take a .gguf file of the same model, or the \
         files that begin with “model”."
    )]
    OwnLayout {
        /// The folder.
        name: String,
    },
    /// A file of the folder is not there.
    #[error("“{name}” has no {file}. It may not have been downloaded to the end: download it again.")]
    Incomplete {
        /// The folder.
        name: String,
        /// The file.
        file: String,
    },
    /// A file of the folder is a note of Git LFS.
    #[error(
        "{file} of “{name}” is only a note that stands for the weights (Git LFS), not the weights. Download the file \
         itself."
    )]
    Pointer {
        /// The folder.
        name: String,
        /// The file.
        file: String,
    },
    /// A file of the folder ends too early.
    #[error(
        "{file} of “{name}” is cut short: {there} of its {whole} bytes are there. Download the model again."
    )]
    CutShort {
        /// The folder.
        name: String,
        /// The file.
        file: String,
        /// How many bytes are there.
        there: u64,
        /// How many there should be.
        whole: u64,
    },
    /// A file of the folder does not add up.
    #[error("{file} of “{name}” is damaged and cannot be read. Download the model again.")]
    DamagedFile {
        /// The folder.
        name: String,
        /// The file.
        file: String,
    },
    /// Its name cannot be kept.
    #[error(
        "“{name}” has letters in its name or its folder's that Sotto cannot read. Rename it, then open it again."
    )]
    NotUtf8 {
        /// The file or folder, as far as its name can be read.
        name: String,
    },
    /// The file ends too early, or does not add up.
    #[error("{name} is damaged or not whole. Get it again, then add it.")]
    Damaged {
        /// The file.
        name: String,
    },
    /// It is not here any more.
    #[error("{name} is not here any more. If it lies on a disk that is not connected, connect it.")]
    Gone {
        /// What is gone.
        name: String,
    },
    /// It is here already.
    #[error("{name} is here already.")]
    Already {
        /// The model's name.
        name: String,
    },
    /// Something else is being done with the same files.
    #[error("A download is under way. Pause it, or wait until it is done, then try again.")]
    InUse,
    /// The folder to move to will not do.
    #[error("Models cannot be moved there: choose an empty folder outside of where they are now.")]
    NotAPlace,
    /// A fault of our own.
    #[error(
        "Sotto made a mistake with this download, so it was stopped. What has arrived is kept. Try again; if it \
         happens again, please report it."
    )]
    Fault,
    /// It was stopped on purpose.
    #[error("Stopped.")]
    Stopped,
    /// The disk refuses.
    #[error("{name} cannot be read or written. Check the disk, and whether the folder is yours.")]
    Disk {
        /// What could not be reached.
        name: String,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
}

impl ModelsError {
    /// What the disk refused, about the file or folder at `path`.
    pub(crate) fn disk(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        move |cause| match cause.kind() {
            io::ErrorKind::NotFound => Self::Gone { name },
            io::ErrorKind::Interrupted => Self::Stopped,
            _ => Self::Disk { name, cause },
        }
    }
}
