//! From pages to what the UI sees of them.

use sotto_app::{
    App, Document, PageCommand, PageHit as Hit, Passage, PassageCommand, PassagePart, Piece,
    ProposalEvent as Event, StoreError, TextChange, Totals, Version, Why,
};
use sotto_domain::{MessageState, Page, PageId};

use crate::views::{
    AskView, ChangeView, CommandView, GivenView, OpenPage, PageCommandView, PageHit, PageRow, PartView,
    PieceView, ProposalEnd, ProposalEvent, TotalsView, VersionView, WhyView,
};

pub fn row(page: Page) -> PageRow {
    PageRow {
        id: page.id.0,
        project: page.project.map(|project| project.0),
        title: page.title,
        part: page.part,
        words: u32::try_from(page.words).unwrap_or(u32::MAX),
        goal: u32::try_from(page.goal).unwrap_or(u32::MAX),
        updated_at: page.updated_at,
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

pub fn hit(hit: Hit) -> PageHit {
    PageHit { page: hit.page.0, title: hit.title, snippet: hit.snippet, updated_at: hit.updated_at }
}

pub fn asked(ask: AskView) -> (PassageCommand, Passage) {
    let AskView { command, words, text, before, after, proposal, without, variant } = ask;
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
    let without = without.into_iter().map(|part| match part {
        PartView::Notes => PassagePart::Notes,
        PartView::Title => PassagePart::Title,
        PartView::Before => PassagePart::Before,
        PartView::After => PassagePart::After,
        PartView::Passage => PassagePart::Passage,
    });
    (command, Passage { text, before, after, proposal, without: without.collect(), variant })
}

pub fn command(command: PageCommand) -> PageCommandView {
    PageCommandView { id: command.id, name: command.name, words: command.words }
}

pub fn event(event: Event) -> ProposalEvent {
    let count = |words: usize| u32::try_from(words).unwrap_or(u32::MAX);
    match event {
        Event::Given(parts) => {
            let parts = parts.into_iter().map(|given| GivenView {
                part: match given.part {
                    PassagePart::Notes => PartView::Notes,
                    PassagePart::Title => PartView::Title,
                    PassagePart::Before => PartView::Before,
                    PassagePart::After => PartView::After,
                    PassagePart::Passage => PartView::Passage,
                },
                words: count(given.words),
                of: count(given.of),
            });
            ProposalEvent::End(Box::new(ProposalEnd::Given { parts: parts.collect() }))
        }
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

pub fn version(version: Version) -> VersionView {
    VersionView {
        id: version.id,
        at: version.at,
        name: version.name,
        why: match version.why {
            Why::Opened => WhyView::Opened,
            Why::Working => WhyView::Working,
            Why::Accepted => WhyView::Accepted,
            Why::Restored => WhyView::Restored,
            Why::Closed => WhyView::Closed,
            Why::Named => WhyView::Named,
        },
        words: u32::try_from(version.words).unwrap_or(u32::MAX),
    }
}

pub fn why(why: WhyView) -> Why {
    match why {
        WhyView::Opened => Why::Opened,
        WhyView::Working => Why::Working,
        WhyView::Accepted => Why::Accepted,
        WhyView::Restored => Why::Restored,
        WhyView::Closed => Why::Closed,
        WhyView::Named => Why::Named,
    }
}

pub fn piece(piece: Piece) -> PieceView {
    let change = match piece.change {
        TextChange::Kept => ChangeView::Kept,
        TextChange::Removed => ChangeView::Removed,
        TextChange::Added => ChangeView::Added,
    };
    PieceView { change, text: piece.text }
}

pub fn totals(totals: Totals) -> TotalsView {
    let count = |words: usize| u32::try_from(words).unwrap_or(u32::MAX);
    TotalsView {
        typed: count(totals.typed),
        pasted: count(totals.pasted),
        imported: count(totals.imported),
        model_here: count(totals.model_here),
        model_elsewhere: count(totals.model_elsewhere),
        edited: count(totals.edited),
    }
}
