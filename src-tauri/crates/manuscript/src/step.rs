//! One change of a document, small enough to be stored with each key: some of its blocks make
//! way for others.

use crate::schema::{Block, Document, DocumentError, parse_blocks};

/// `delete` blocks from `from` on make way for `insert`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where, counted in blocks of the document.
    pub from: usize,
    /// How many go.
    pub delete: usize,
    /// What comes.
    pub insert: Vec<Block>,
}

impl Step {
    /// Reads a step whose blocks stand in JSON.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn parse(from: usize, delete: usize, blocks: &str) -> Result<Self, DocumentError> {
        Ok(Self { from, delete, insert: parse_blocks(blocks)? })
    }

    /// The blocks that come, as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.insert).unwrap_or_default()
    }

    /// How many blocks a document of `before` has afterwards.
    ///
    /// # Errors
    /// [`DocumentError::OutOfPlace`], where the step speaks of blocks that are not there, or
    /// would leave none.
    pub fn blocks_after(&self, before: usize) -> Result<usize, DocumentError> {
        let end = self.from.checked_add(self.delete).filter(|end| *end <= before);
        let after = end.map(|_| before - self.delete + self.insert.len());
        after.filter(|after| *after > 0).ok_or(DocumentError::OutOfPlace)
    }

    /// Makes the change.
    ///
    /// # Errors
    /// [`DocumentError::OutOfPlace`]; the document is as it was.
    pub fn apply(self, document: &mut Document) -> Result<(), DocumentError> {
        self.blocks_after(document.blocks.len())?;
        document.blocks.splice(self.from..self.from + self.delete, self.insert);
        Ok(())
    }
}
