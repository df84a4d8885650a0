//! From the words of the app to what the window sees.

pub mod backups;
pub mod cloud;
pub mod pages;
pub mod settings;

use std::collections::HashSet;

use sotto_app::{
    AnswerEvent as Event, App, Barred, Changed, Comparison, EngineState, Placed, StoreError, picture_cost,
    words_held,
};
use sotto_domain::{
    Conversation, ConversationId, Destination, Leaving, Made, MessageId, Picture, Project, ProjectId,
};

use crate::events::LibraryChanged;
use crate::views::{
    Alternatives, AnswerEnd, AnswerEvent, BarredView, ComparedView, ComparisonView, ConversationRow,
    CostView, EngineView, Library, MadeView, MessageView, PictureView, PlaceView, ProjectView, Thread,
};

pub fn library(app: &App) -> Result<Library, StoreError> {
    let store = &app.library;
    let projects = store.projects()?;
    let leaving: HashSet<_> = projects.iter().filter(|one| one.cloud.is_some()).map(|one| one.id).collect();
    let shown = store.with_pictures_waiting()?;
    let hands_off = projects.iter().filter(|one| one.hands_off).map(|one| one.id.0).collect();
    let row = |conversation: Conversation| row(conversation, &leaving, &shown);
    Ok(Library {
        conversations: store.conversations()?.into_iter().map(row).collect(),
        projects: projects.into_iter().map(|one| project(app, one)).collect(),
        hands_off,
        pages: store.pages()?.into_iter().map(pages::row).collect(),
        trash: store.trash()?,
        starting_points: store.starting_points()?,
    })
}

/// Adds to what the window is told.
pub fn changed(told: &mut LibraryChanged, changed: Changed) {
    let add = |ids: &mut Vec<i64>, id: i64| {
        if !ids.contains(&id) {
            ids.push(id);
        }
    };
    told.listing |= !matches!(changed, Changed::Message(_) | Changed::PageText(_));
    match changed {
        Changed::Anything => told.anything = true,
        Changed::Conversation(id) | Changed::Message(id) => add(&mut told.conversations, id.0),
        Changed::Page(id) | Changed::PageText(id) => add(&mut told.pages, id.0),
        Changed::Draft(_) | Changed::Project(_) | Changed::StartingPoint(_) => {}
    }
}

pub fn thread(app: &App, id: ConversationId) -> Result<Thread, StoreError> {
    let Conversation { project, title, instructions, draft, leaving, left_out, .. } =
        app.library.conversation(id)?;
    let (branch, end) = app.chats().read_end(id)?;
    Ok(Thread {
        id: id.0,
        project: project.map(|project| project.0),
        title,
        instructions,
        draft,
        attached: app.library.attached(id)?.iter().map(picture).collect(),
        branch: branch.iter().map(|id| id.0).collect(),
        messages: end.into_iter().map(message).collect(),
        leaving,
        left_out: left_out.into_iter().collect(),
        goes_to: app.chats().goes_to(id)?.map(|choice| app.cloud().goes_to(choice)),
        comparison: branch.last().map(|last| comparison(app, *last)).transpose()?.flatten().map(Box::new),
    })
}

fn comparison(app: &App, answer: MessageId) -> Result<Option<ComparisonView>, StoreError> {
    let Some(found) = app.library.comparison_of(answer)? else { return Ok(None) };
    let Comparison { id, first, second, hidden, swapped } = found;
    let compared = |id| {
        let mut placed = app.library.placed(id)?;
        let usage = placed.message.made.as_ref().and_then(|made| made.usage);
        if hidden {
            placed.message.made = None;
        }
        let took_ms = usage.map(|usage| usage.reading_ms + usage.writing_ms).filter(|took| *took > 0);
        Ok::<_, StoreError>(ComparedView { message: message(placed), took_ms })
    };
    let (left, right) = if swapped { (second, first) } else { (first, second) };
    Ok(Some(ComparisonView { id, left: compared(left)?, right: compared(right)?, hidden }))
}

/// What the UI is told of an event: the thread or the message as it is stored now; `None` for what it
/// never asks for.
pub fn event(app: &App, event: Event) -> Result<Option<AnswerEvent>, StoreError> {
    Ok(Some(match event {
        Event::Stored { answer } => {
            let thread = thread(app, app.library.message(answer)?.conversation)?;
            AnswerEvent::End(Box::new(AnswerEnd::Stored { thread }))
        }
        Event::Progress(progress) => AnswerEvent::Progress(progress),
        Event::Step(_) => return Ok(None),
        Event::Finished { answer, text, state: how, trouble, page } => {
            let placed = app.library.placed(answer)?;
            let title = app.library.conversation(placed.message.conversation)?.title;
            // Where the last words could not be stored, the user sees them all the same.
            let message = MessageView { text, state: how, ..message(placed) };
            AnswerEvent::End(Box::new(AnswerEnd::Finished { message, title, trouble, page }))
        }
    }))
}

pub fn message(placed: Placed) -> MessageView {
    let Placed { message, siblings } = placed;
    MessageView {
        id: message.id.0,
        role: message.role,
        text: message.text,
        pictures: message.pictures.iter().map(picture).collect(),
        remark: message.remark,
        state: message.state,
        made: message.made.map(made),
        alternatives: alternatives(message.id, &siblings),
    }
}

fn alternatives(id: MessageId, siblings: &[MessageId]) -> Alternatives {
    let at = siblings.iter().position(|sibling| *sibling == id).unwrap_or_default();
    let neighbour = |at: Option<usize>| at.and_then(|at| siblings.get(at)).map(|id| id.0);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Alternatives {
        position: count(at + 1),
        count: count(siblings.len().max(1)),
        previous: neighbour(at.checked_sub(1)),
        next: neighbour(Some(at + 1)),
    }
}

pub fn made(made: Made) -> MadeView {
    let (place, provider, model, backend) = match made.by {
        Destination::Device { model } => (PlaceView::Device, None, model, None),
        Destination::Cloud { provider, model, backend } => (PlaceView::Cloud, Some(provider), model, backend),
    };
    MadeView {
        place,
        provider,
        model,
        backend,
        cost: made.cost.filter(|_| place == PlaceView::Cloud).map(CostView::from),
        tokens: made.usage.map(|usage| usage.completion_tokens),
        tokens_per_second: made.usage.and_then(|usage| usage.tokens_per_second()),
    }
}

pub fn picture(picture: &Picture) -> PictureView {
    PictureView {
        id: picture.id.map(|id| id.0).unwrap_or_default(),
        width: picture.width,
        height: picture.height,
        words_cost: Some(picture_cost(picture)),
    }
}

pub fn project(app: &App, project: Project) -> ProjectView {
    ProjectView {
        id: project.id.0,
        name: project.name,
        notes: project.notes,
        goes_to: project.cloud.clone().map(|choice| app.cloud().goes_to(choice)),
        leaving: project.cloud,
        cap: project.monthly_cap.map(|cap| cap.0),
        mood: project.mood,
        banned_phrases: project.banned,
    }
}

/// `leaving`: the projects whose conversations leave; `shown`: where pictures lie with the draft.
fn row(
    conversation: Conversation,
    leaving: &HashSet<ProjectId>,
    shown: &HashSet<ConversationId>,
) -> ConversationRow {
    ConversationRow {
        untouched: conversation.head.is_none()
            && conversation.title.is_empty()
            && conversation.draft.is_empty()
            && conversation.instructions.is_empty()
            && conversation.leaving == Leaving::default()
            && conversation.left_out.is_empty()
            && !shown.contains(&conversation.id),
        leaves: match &conversation.leaving {
            Leaving::To(_) => true,
            Leaving::AsItsProject => conversation.project.is_some_and(|id| leaving.contains(&id)),
            Leaving::Never => false,
        },
        id: conversation.id.0,
        project: conversation.project.map(|project| project.0),
        position: conversation.position,
        title: conversation.title,
        updated_at: conversation.updated_at,
        has_draft: !conversation.draft.is_empty(),
    }
}

pub fn engine(app: &App) -> EngineView {
    let state = app.engine.states().borrow().clone();
    // The engine knows a path alone; what people call the model is the app's to say.
    let named = |model: String| app.models().name_of_chosen().unwrap_or(model);
    let barred = |barred: Barred| match barred {
        Barred::Proven => BarredView::Proven,
        Barred::NetworkAlone => BarredView::NetworkAlone,
        Barred::Unproven => BarredView::Unproven,
    };
    match state {
        EngineState::Absent => EngineView::NoModel,
        EngineState::Resting { model } => EngineView::Resting { model: named(model) },
        EngineState::Starting { model } => EngineView::Loading { model: named(model), done: 0, total: 0 },
        EngineState::Loading { model, done, total } => {
            EngineView::Loading { model: named(model), done, total }
        }
        EngineState::Ready { model, info, barred: by } | EngineState::Serving { model, info, barred: by } => {
            let holds = words_held(info.context);
            EngineView::Ready { model: named(model), device: info.device, barred: barred(by), holds }
        }
        EngineState::Failed { model, trouble } => EngineView::Failed { model: named(model), trouble },
    }
}
