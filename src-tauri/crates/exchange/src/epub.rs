//! EPUB, which book readers open.

pub(crate) mod read;
pub(crate) mod write;
