//! The whole app without a window. It hands out rooms; each knows one thing, over a core that they share.

use std::{path::Path, sync::Arc};

use sotto_engine_client::Engine;
use sotto_store::{Changed, Store};
use tokio::sync::broadcast;

use crate::{
    backups::Backups, chats::Chats, cloud::Cloud, core::Core, library::Recovery, models::Models,
    pages::Pages, preferences::Preferences, projects::Projects,
};

/// The whole app without a window.
pub struct App {
    /// Conversations, pages, projects and the trash. What only reads or writes a field goes here.
    pub library: Arc<Store>,
    /// What answers on this device.
    pub engine: Engine,
    pub(crate) core: Core,
}

impl App {
    /// Conversations: asking, and all that belongs to them.
    pub fn chats(&self) -> Chats<'_> {
        Chats { core: &self.core }
    }

    /// Pages, and what a model proposes for them.
    pub fn pages(&self) -> Pages<'_> {
        Pages { core: &self.core }
    }

    /// Projects, the trash, and what goes out as files.
    pub fn projects(&self) -> Projects<'_> {
        Projects { core: &self.core }
    }

    /// The models of this machine.
    pub fn models(&self) -> Models<'_> {
        Models { core: &self.core }
    }

    /// Who answers elsewhere, what it costs, and what left.
    pub fn cloud(&self) -> Cloud<'_> {
        Cloud { core: &self.core }
    }

    /// What the user prefers and decided.
    pub fn settings(&self) -> Preferences<'_> {
        Preferences { core: &self.core }
    }

    /// Backups, and the way back.
    pub fn backups(&self) -> Backups<'_> {
        Backups { core: &self.core }
    }

    /// The key that the library is encrypted with.
    pub fn recovery(&self) -> Recovery<'_> {
        Recovery { core: &self.core }
    }

    /// The folder in which everything of the user's lies.
    pub fn home(&self) -> &Path {
        &self.core.home
    }

    /// What each commit changes, here and in every other process. Who lags behind has missed
    /// something: anything may be another then.
    pub fn library_changes(&self) -> broadcast::Receiver<Vec<Changed>> {
        self.core.changed.subscribe()
    }
}
