//! How the process ended, and the sentence for it.

use std::process::ExitStatus;

use sotto_domain::AnsweringError;

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("the engine ended")]
    Gone,
    #[error("the engine fell silent")]
    Silent,
    #[error("the engine said something that is not of the protocol")]
    Garbled,
    #[error("the engine said more than it could have to say")]
    Flood,
}

/// How the process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It had no memory left: its own limit, or the system's.
    OutOfMemory,
    /// It met an instruction that the processor does not have.
    Instruction,
    /// A file that it had mapped could not be read any more.
    Unreadable,
    /// It took us for another app, or another version of it (its code 2).
    Stranger,
    /// It could not be barred, or could reach the network (its code 3).
    Open,
    /// It broke while it computed, said so, and ended (its code 4).
    Broken,
    /// Anything else, an end by us included.
    Otherwise,
}

impl End {
    /// How it ended by itself. `starved`: it said that memory was refused to it.
    pub(crate) fn of(status: ExitStatus, starved: bool) -> Self {
        #[cfg(unix)]
        {
            /// Signals, as POSIX names them; the numbers are the same on Linux and macOS
            /// but for the last.
            const ILLEGAL: i32 = 4;
            const KILLED: i32 = 9;
            const BUS: i32 = if cfg!(target_os = "macos") { 10 } else { 7 };
            match std::os::unix::process::ExitStatusExt::signal(&status) {
                // Nobody but the system ends it so, and for this reason.
                Some(KILLED) => return Self::OutOfMemory,
                Some(ILLEGAL) => return Self::Instruction,
                Some(BUS) => return Self::Unreadable,
                _ => {}
            }
        }
        #[cfg(windows)]
        {
            // STATUS_ILLEGAL_INSTRUCTION, STATUS_IN_PAGE_ERROR, STATUS_NO_MEMORY.
            match status.code().map(i32::cast_unsigned) {
                Some(0xc000_001d) => return Self::Instruction,
                Some(0xc000_0006) => return Self::Unreadable,
                Some(0xc000_0017) => return Self::OutOfMemory,
                _ => {}
            }
        }
        match status.code() {
            _ if starved && !status.success() => Self::OutOfMemory,
            Some(2) => Self::Stranger,
            Some(3) => Self::Open,
            Some(4) => Self::Broken,
            _ => Self::Otherwise,
        }
    }

    /// Whether starting it again by itself may mend it.
    pub(crate) fn may_mend(self) -> bool {
        matches!(self, Self::Otherwise | Self::Broken)
    }

    /// What the user hears of it.
    pub(crate) fn said(self, fault: Fault) -> AnsweringError {
        let sentence = match (self, fault) {
            (Self::OutOfMemory, _) => {
                "The model needed more memory than this computer could give it, and was ended. Your text is safe. \
                 Close other programs or choose a smaller model, then try again."
            }
            (Self::Instruction, _) => {
                "The model was ended, because this computer's processor lacks something that it needs. Your text is \
                 safe. Installing the version of Sotto that is made for this computer may help."
            }
            (Self::Unreadable, _) => {
                "The model's file could not be read any more, so the model was ended. Your text is safe. Make sure \
                 that the drive is connected and the file is whole, then try again."
            }
            (Self::Stranger, _) => {
                "Sotto and the part of it that runs models are of different versions, so no model was opened. Your \
                 text is safe. Install Sotto again."
            }
            (Self::Open, _) => {
                "The model could not be kept from the network on this computer, so it was not opened. Nothing was \
                 sent, and your text is safe. Please report this."
            }
            (Self::Broken, _) => {
                "The model came upon something that it could not compute, and was ended. Your text is safe. Try \
                 again; if it happens again, choose another model."
            }
            (Self::Otherwise, Fault::Flood) => {
                "The model was ended, because it wrote far more than it was asked for. Your text is safe, and so is \
                 what it wrote until then. Try again, or choose another model."
            }
            (Self::Otherwise, Fault::Gone | Fault::Silent | Fault::Garbled) => {
                return AnsweringError::Crashed;
            }
        };
        AnsweringError::Ended(sentence.into())
    }
}

#[cfg(test)]
mod tests;
