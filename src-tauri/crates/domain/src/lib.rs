//! The words everybody in Sotto shares.
//!
//! Nothing here does anything: it names things. A [`Message`] is a node of a
//! conversation's tree, an [`Answering`] is whatever can answer (the engine on
//! this device today, a cloud tomorrow), and a [`Delta`] is one step of an answer.

mod answering;
mod ids;
mod message;
mod project;

pub use answering::{AnswerStream, Answering, AnsweringError, Delta, Finish, Request, Sampling, Turn, Usage};
pub use ids::{ConversationId, MessageId, ProjectId, StartingPointId};
pub use message::{Destination, Made, Message, MessageState, Role};
pub use project::{Conversation, Project, StartingPoint};

/// Milliseconds since the Unix epoch, UTC. Always passed in, never read here.
pub type Timestamp = i64;
