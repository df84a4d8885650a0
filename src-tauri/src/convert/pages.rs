//! From pages to what the UI sees of them.

use sotto_app::{App, Document, Ordered, Passage, PassageCommand, ProposalEvent as Event, StoreError};
use sotto_domain::{ConversationId, MessageState, Page, PageId};

use crate::views::{AskView, CommandView, OpenPage, OrderedView, PageRow, ProposalEnd, ProposalEvent};

pub fn row(page: Page) -> PageRow {
    PageRow {
        id: page.id.0,
        project: page.project.map(|project| project.0),
        position: page.position,
        title: page.title,
        part: page.part,
        words: u32::try_from(page.words).unwrap_or(u32::MAX),
        goal: u32::try_from(page.goal).unwrap_or(u32::MAX),
        updated_at: page.updated_at,
    }
}

pub fn ordered(view: OrderedView) -> Ordered {
    match view {
        OrderedView::Page { id, part } => Ordered::Page(PageId(id), part.trim().to_owned()),
        OrderedView::Conversation { id } => Ordered::Conversation(ConversationId(id)),
    }
}

pub fn open(app: &App, id: PageId) -> Result<OpenPage, StoreError> {
    let (page, document) = app.library.open_page(id)?;
    opened(app, page, &document)
}

pub fn opened(app: &App, page: Page, document: &Document) -> Result<OpenPage, StoreError> {
    Ok(OpenPage {
        id: page.id.0,
        project: page.project.map(|project| project.0),
        hands_off: app.library.hands_off(page.project)?,
        title: page.title,
        language: page.language,
        revision: page.revision,
        document: document.to_json(),
    })
}

pub fn asked(ask: AskView) -> (PassageCommand, Passage) {
    let AskView { command, words, passage } = ask;
    let command = match command {
        CommandView::Rewrite => PassageCommand::Rewrite,
        CommandView::Tighten => PassageCommand::Tighten,
        CommandView::Expand => PassageCommand::Expand,
        CommandView::Simpler => PassageCommand::Simpler,
        CommandView::Senses => PassageCommand::Senses,
        CommandView::Tone => PassageCommand::Tone(words),
        CommandView::Grammar => PassageCommand::Grammar,
        CommandView::Translate => PassageCommand::Translate(words),
        CommandView::Own => PassageCommand::Own(words),
        CommandView::Continue => PassageCommand::Continue,
    };
    (command, passage)
}

pub fn event(event: Event) -> ProposalEvent {
    match event {
        Event::Given(parts) => ProposalEvent::End(Box::new(ProposalEnd::Given { parts })),
        Event::Progress(progress) => ProposalEvent::Progress(progress),
        Event::Finished { text, made, state, shortened, trouble, page } => {
            let stopped = state == MessageState::Stopped;
            let made = super::made(made);
            ProposalEvent::End(Box::new(ProposalEnd::Finished {
                text,
                made,
                stopped,
                shortened,
                trouble,
                page,
            }))
        }
    }
}
