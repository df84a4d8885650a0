//! Word's files: what other writers, editors and agents send and want.

mod comments;
mod drawing;
mod parts;
pub(crate) mod read;
mod styles;
pub(crate) mod write;
