//! Conversations of other apps come in.

use std::collections::HashSet;

use sotto_domain::{Destination, Made, ProjectId, Role, Timestamp};
use sotto_exchange::{By, Chat, Found, Said};
use sotto_store::{ImportedConversation, ImportedMessage, StoreError};

use super::Chats;
use crate::core::Core;
use crate::pictures::{PictureSource, ready};

/// Titles of conversations that could not be understood, as many as are named.
const MOST_TITLES: usize = 5;

/// Conversations of other apps that come in, one after another.
pub struct ChatsImport<'s> {
    core: &'s Core,
    project: Option<ProjectId>,
    /// The first messages of those that are here.
    known: HashSet<(Timestamp, String)>,
    /// How many came in.
    pub taken: u32,
    /// How many were here.
    pub already: u32,
    unread: Vec<String>,
    unread_count: usize,
    missing: usize,
}

impl<'a> Chats<'a> {
    /// Conversations of other apps come in, into a project or into none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn import(self, project: Option<ProjectId>) -> Result<ChatsImport<'a>, StoreError> {
        let known = self.core.library.first_messages()?;
        let (taken, already, unread, unread_count, missing) = (0, 0, vec![], 0, 0);
        Ok(ChatsImport { core: self.core, project, known, taken, already, unread, unread_count, missing })
    }
}

impl ChatsImport<'_> {
    /// Stores one, unless it is here. `picture` gives the bytes of a picture by its name. Must be
    /// called where blocking is allowed.
    ///
    /// # Errors
    /// [`StoreError`]: this one was not stored.
    pub fn take(
        &mut self,
        found: Found,
        picture: &mut dyn FnMut(&str) -> Option<Vec<u8>>,
    ) -> Result<(), StoreError> {
        let Chat { title, updated_at, messages, head } = match found {
            Found::Chat(chat) => chat,
            Found::Unread(title) => {
                self.unread_count += 1;
                if self.unread.len() < MOST_TITLES && !title.is_empty() {
                    self.unread.push(title);
                }
                return Ok(());
            }
        };
        let first = messages.first().map(|first| (first.at, first.text.clone()));
        if first.as_ref().is_some_and(|first| self.known.contains(first)) {
            self.already += 1;
            return Ok(());
        }
        let messages = messages.into_iter().map(|said| self.message(said, picture)).collect();
        self.core
            .library
            .import_conversation(self.project, ImportedConversation { title, updated_at, messages, head })?;
        self.known.extend(first);
        self.taken += 1;
        Ok(())
    }

    fn message(&mut self, said: Said, picture: &mut dyn FnMut(&str) -> Option<Vec<u8>>) -> ImportedMessage {
        let Said { parent, role, text, at, by, pictures: names, left_out } = said;
        let mut pictures = Vec::new();
        for name in &names {
            pictures.extend(picture(name).and_then(|bytes| self.ready(bytes)));
        }
        let missing = names.len() - pictures.len() + left_out;
        self.missing += missing;
        let remark = match missing {
            0 => None,
            1 => Some("A file that belonged to this was not imported.".to_owned()),
            _ => Some(format!("{missing} files that belonged to this were not imported.")),
        };
        let made = (role == Role::Assistant).then(|| Made { by: made_by(by), usage: None, cost: None });
        ImportedMessage { parent, role, text, at, made, pictures, remark }
    }

    /// A picture as it is kept; `None` for what is none.
    fn ready(&self, bytes: Vec<u8>) -> Option<sotto_domain::Picture> {
        ready(self.core, &PictureSource::Bytes(bytes)).ok()
    }

    /// What could not be taken, in sentences.
    pub fn left_out(&self) -> Vec<String> {
        let mut said = Vec::new();
        if self.unread_count > 0 {
            let named: Vec<String> = self.unread.iter().map(|title| format!("“{title}”")).collect();
            let named = if named.is_empty() { String::new() } else { format!(": {}", named.join(", ")) };
            let more = if self.unread_count > self.unread.len() && !self.unread.is_empty() {
                " and more"
            } else {
                ""
            };
            said.push(match self.unread_count {
                1 => format!("A conversation had nothing in it that could be read{named}."),
                count => {
                    format!("{count} conversations had nothing in them that could be read{named}{more}.")
                }
            });
        }
        match self.missing {
            0 => {}
            1 => said.push("A file was left out. The message that it belonged to says so.".into()),
            count => {
                said.push(format!("{count} files were left out. The messages that they belonged to say so."));
            }
        }
        said
    }
}

fn made_by(By { app, in_cloud, model }: By) -> Destination {
    let model = model.unwrap_or_else(|| app.to_owned());
    if in_cloud {
        Destination::Cloud { provider: app.to_owned(), model, backend: None }
    } else {
        Destination::Device { model }
    }
}
