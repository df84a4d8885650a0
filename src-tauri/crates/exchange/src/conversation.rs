//! A conversation, and what of it is shown where there is room for one branch alone.

use std::collections::HashMap;

use sotto_domain::{Conversation, Destination, Message, MessageId, MessageState, Role};
use sotto_manuscript::{Document, How, Origin};

use crate::{
    builder::{Builder, Line},
    read,
};

/// A conversation with everything that was said in it.
#[derive(Debug, Clone)]
pub struct Talk {
    /// The conversation.
    pub conversation: Conversation,
    /// The name of its project, if it has one.
    pub project: Option<String>,
    /// Every message of every branch, from the oldest to the newest.
    pub messages: Vec<Message>,
}

/// A conversation that nobody named.
pub(crate) const UNTITLED: &str = "New conversation";

impl Talk {
    /// The branch on show as a page: who spoke stands above what they said, and each stretch knows
    /// where it came from.
    pub fn to_document(&self) -> Document {
        let mut builder = Builder::new(None);
        for (message, _) in self.branch() {
            builder.set_origin(None);
            builder.begin_line(Line::Heading(2));
            builder.text(&speaker(message));
            builder.end_line();
            builder.set_origin(origin(message));
            read::markdown(&message.text, &mut builder);
            builder.close_to(0);
        }
        builder.finish()
    }

    /// Its title, in words where it has none.
    pub fn title(&self) -> &str {
        let title = self.conversation.title.trim();
        if title.is_empty() { UNTITLED } else { title }
    }

    /// The branch on show, from its first message to its last; "2 of 3" beside a message that has
    /// others in its place.
    pub(crate) fn branch(&self) -> Vec<(&Message, Option<String>)> {
        let mut by_id: HashMap<MessageId, &Message> = HashMap::new();
        let mut versions: HashMap<(Option<MessageId>, Role), Vec<MessageId>> = HashMap::new();
        for message in &self.messages {
            by_id.insert(message.id, message);
            versions.entry((message.parent, message.role)).or_default().push(message.id);
        }
        let version = |of: &Message| {
            let all = versions.get(&(of.parent, of.role)).filter(|all| all.len() > 1)?;
            let at = all.iter().position(|id| *id == of.id)?;
            Some(format!("{} of {}", at + 1, all.len()))
        };
        let mut branch = Vec::new();
        let mut next = self.conversation.head;
        // A parent is older than its child: whatever was read, this comes to an end.
        while let Some(message) = next.and_then(|id| by_id.get(&id)) {
            branch.push((*message, version(message)));
            next = message.parent.filter(|parent| *parent < message.id);
        }
        branch.reverse();
        branch
    }
}

/// How a message's words came: the user typed theirs.
fn origin(message: &Message) -> Option<Origin> {
    if message.role != Role::Assistant {
        return None;
    }
    let (how, who) = match message.made.as_ref().map(|made| &made.by) {
        Some(Destination::Cloud { model, .. }) => (How::ModelElsewhere, Some(model)),
        Some(Destination::Device { model }) => (How::ModelHere, Some(model)),
        None => (How::ModelHere, None),
    };
    Some(Origin { how, who: who.map(|who| who.chars().take(48).collect()), edited: false })
}

/// Who said it, and where that was.
pub(crate) fn speaker(message: &Message) -> String {
    if message.role != Role::Assistant {
        return "You".into();
    }
    match message.made.as_ref().map(|made| &made.by) {
        Some(Destination::Device { model }) => format!("{model}, on this device"),
        Some(Destination::Cloud { provider, model, backend: None }) => format!("{model}, by {provider}"),
        Some(Destination::Cloud { provider, model, backend: Some(backend) }) => {
            format!("{model}, by {provider} ({backend})")
        }
        None => "The model".into(),
    }
}

/// What a reader should know of how a message ended.
pub(crate) fn ending(message: &Message) -> Option<&'static str> {
    match message.state {
        MessageState::Complete => None,
        MessageState::Streaming => Some("Still being written."),
        MessageState::CutAtLength => Some("Cut at the longest allowed answer."),
        MessageState::Stopped => Some("Stopped."),
        MessageState::Interrupted => Some("Interrupted."),
    }
}

/// What was shown with a message, in words.
pub(crate) fn pictures(message: &Message) -> Vec<String> {
    let words =
        |picture: &sotto_domain::Picture| format!("A picture, {} × {} pixels", picture.width, picture.height);
    message.pictures.iter().map(words).collect()
}
