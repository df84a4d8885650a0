//! The words everybody in Sotto shares.
//!
//! Nothing here does anything, but for [`waiting`]: it names things. A [`Message`] is a node of a
//! conversation's tree, an [`Answering`] is what answers on this device, and a [`Delta`] is one
//! step of an answer, wherever it is made.

mod answering;
mod charge;
mod cloud;
mod cost;
mod departures;
mod ids;
mod library_key;
mod message;
mod page;
mod part;
mod picture;
mod project;
mod promises;
mod secret;
mod subject;
mod thoughts;
mod usage;
mod waiting;
mod writing;

pub use answering::{
    Alternative, AnswerStream, Answering, AnsweringError, Delta, Finish, Progress, Request, Rules, Sampling,
    Step, Turn,
};
pub use charge::{Account, Budget, Charge, LedgerId, OpenedEntry, Settlement, Standing};
pub use cloud::{CloudChoice, ContentKind, Leaving, LedgerEntry};
pub use cost::{Cost, NanoUsd};
pub use departures::{Ending, Entry, EntryId, Journal, JournalError, Outcome, Purpose, turned_away};
pub use ids::{ConversationId, MessageId, PageId, PictureId, ProjectId, StartingPointId};
pub use library_key::LibraryKey;
pub use message::{Destination, Made, Message, MessageState, Role};
pub use page::Page;
pub use part::{ChatPart, NoPart, PartKey};
pub use picture::Picture;
pub use project::{Conversation, Project, StartingPoint};
pub use promises::Promises;
pub use secret::Secret;
pub use subject::Subject;
pub use thoughts::Thoughts;
pub use usage::{Served, Usage};
pub use waiting::waiting;
pub use writing::{Mood, allow, ban};

/// Milliseconds since the Unix epoch, UTC. Always passed in, never read here.
pub type Timestamp = i64;
