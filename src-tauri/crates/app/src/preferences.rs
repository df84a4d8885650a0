//! What is set, read and changed. What there is to set, and how it is kept, is [`crate::settings`]'s.

use sotto_store::StoreError;
use tokio::sync::watch;

use crate::{Change, Settings, Unread, core::Core, models::Models};

/// What the user prefers and decided.
#[derive(Clone, Copy)]
pub struct Preferences<'a> {
    pub(crate) core: &'a Core,
}

impl Preferences<'_> {
    /// The preferences as they are.
    pub fn get(self) -> Settings {
        self.core.settings.get()
    }

    /// Changes one of the preferences.
    ///
    /// # Errors
    /// When it cannot be written; it stays as it was then.
    pub fn change(self, change: Change) -> Result<(), StoreError> {
        self.core.settings.decide(&[change.key()], |settings| change.apply(settings))
    }

    /// What of the preferences could not be read, and counts as closed where it was promised.
    pub fn unread(self) -> Option<Unread> {
        self.core.settings.unread()
    }

    /// The user has looked at a field that could not be read: it is from now on what it counts as.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn settle(self, key: &str) -> Result<(), StoreError> {
        self.core.settings.settle(key)?;
        self.follow();
        Ok(())
    }

    /// Takes what is set now for the way out and for models, whoever set it. What cannot be used keeps
    /// the way out shut.
    pub fn follow(self) {
        Models { core: self.core }.follow_settings();
    }

    /// Counts what is written into the library, here and by every other process.
    pub fn changes(self) -> watch::Receiver<u64> {
        self.core.watch.changes()
    }
}
