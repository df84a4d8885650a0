//! The document of a page, as the editor and the database hold it, and what can be said of it:
//! its text, its words, where each stretch came from, and what changed between two of them.
//!
//! A document is `ProseMirror`'s JSON of one schema, which `ui/src/editor/schema.ts` has too. What
//! comes from outside is checked before it is believed: [`Document::parse`] knows each kind of
//! node and mark, and refuses what it does not know, what is nested too deep, and what is too long.

mod changes;
mod comments;
mod picture;
mod pictures;
mod schema;
mod spans;
mod step;
mod text;
mod words;

pub use changes::{Change, Piece, changes};
pub use picture::{Fit, Picture};
pub use schema::{
    Address, Block, Comment, Document, DocumentError, How, Inline, Level, ListItem, Mark, Note, Order, Origin,
};
pub use spans::{Span, Totals};
pub use step::Step;
pub use words::count_words;

#[cfg(test)]
mod tests;
