//! The built-in guide, where it is chosen: it answers conversations by itself, from the help, and
//! the engine is not asked. It writes for nobody, so a page gets no proposal of its.

use sotto_domain::{Answering, Subject};
use sotto_guide::Guide;

use super::{Answers, SendError};

impl<'a> Answers<'a> {
    /// What answers on this device for `subject`.
    ///
    /// # Errors
    /// [`SendError::OnlyTheGuide`] for what the guide does not do.
    pub(crate) fn answers_here(self, subject: Subject) -> Result<&'a dyn Answering, SendError> {
        let chosen = self.core.engine.chosen();
        match subject {
            _ if chosen.is_none() || chosen != self.core.guide => Ok(self.core.answering.as_ref()),
            Subject::Conversation(_) => Ok(&Guide),
            Subject::Page(_) | Subject::Project(_) => Err(SendError::OnlyTheGuide),
        }
    }
}

#[cfg(test)]
mod tests;
