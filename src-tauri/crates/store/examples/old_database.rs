//! Writes a small database of today's version, of the kind that lies in `tests/old/`:
//!
//! ```sh
//! cargo run -p sotto-store --example old_database -- src-tauri/crates/store/tests/old/0001.db
//! ```
//!
//! Run it once for each migration, when that has its last form: it refuses to replace a file.

use std::error::Error;
use std::path::Path;

use sotto_domain::{
    Account, Charge, ChatPart, CloudChoice, ContentKind, ConversationId, Cost, Destination, Ending, Entry,
    Journal, Leaving, LibraryKey, Made, MessageId, MessageState, Mood, NanoUsd, Outcome, PageId, Picture,
    ProjectId, Purpose, Role, Settlement, Subject, Usage,
};
use sotto_manuscript::{Block, Comment, Document, Inline, Mark, Step};
use sotto_store::{BuiltIn, NewAgreement, NewMessage, Ordered, Store, Why};

const NOON: i64 = 1_795_348_800_000;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("say where to write it")?;
    if Path::new(&path).exists() {
        return Err("there is a file already".into());
    }
    let store = Store::open(Path::new(&path), &LibraryKey::new([7; LibraryKey::LENGTH]))?;

    store.seed_starting_points(&[BuiltIn {
        key: "line-editor",
        name: "Line editor",
        description: "Tightens prose",
        instructions: "Cut what does not work.",
    }])?;
    store.create_starting_point("Mine", "For me", "Write as I do.")?;

    let road = store.create_project("The Salt Road", NOON)?.id;
    store.update_project(road, "The Salt Road", "Mirela keeps the lighthouse.")?;
    let gone = store.create_project("An old idea", NOON)?.id;

    let opening = store.create_conversation(Some(road), "Be brief.", NOON + 1)?.id;
    store.rename_conversation(opening, "Opening lines")?;
    store.save_draft(opening, "And what if")?;
    let asked = say(&store, opening, None, Role::User, "How do I begin?", MessageState::Complete)?;
    say(&store, opening, Some(asked), Role::Assistant, "With the sea.", MessageState::Complete)?;
    let again =
        say(&store, opening, Some(asked), Role::Assistant, "With the café 🌊", MessageState::Stopped)?;
    say(&store, opening, Some(again), Role::User, "東京では?", MessageState::Complete)?;
    say(&store, opening, None, Role::User, "How do I end?", MessageState::Complete)?;
    store.choose(again)?;

    let bakery = store.create_conversation(None, "", NOON + 2)?.id;
    store.rename_conversation(bakery, "Bakery names")?;
    let asked = say(&store, bakery, None, Role::User, "A name", MessageState::Complete)?;
    say(&store, bakery, Some(asked), Role::Assistant, "Nor", MessageState::Streaming)?;

    let with_it = store.create_conversation(Some(gone), "", NOON + 3)?.id;
    say(&store, with_it, None, Role::User, "Never mind the sea", MessageState::Complete)?;
    store.trash_project(gone, NOON + 9)?;
    let alone = store.create_conversation(None, "", NOON + 4)?.id;
    store.rename_conversation(alone, "A slip of the pen")?;
    store.trash_conversation(alone, NOON + 8)?;
    elsewhere(&store, road, bakery)?;
    let (lamp, way) = pages(&store, road)?;
    // What the eighth version brought.
    let page = |id, part: &str| Ordered::Page(id, part.into());
    let order = [page(lamp, "Part I"), Ordered::Conversation(opening), page(way, "")];
    store.arrange(Some(road), &order)?;
    // What the ninth version brought.
    store.leave_out(opening, ChatPart::Notes, true)?;
    store.leave_out(opening, ChatPart::Earlier, true)?;
    store.set_project_mood(road, Some(Mood::Imaginative))?;
    store.ban_in_project(road, "a testament to", true)?;
    store.ban_in_project(road, "delve", true)?;
    // What the fourth version brought.
    let set = [("offline_lock", "true"), ("theme", "\"dark\""), ("candle_light", "true")];
    store.change_values(|_| Ok(set.map(|(key, value)| (key.to_owned(), Some(value.to_owned()))).into()))?;
    Ok(())
}

/// What the second version brought.
fn elsewhere(store: &Store, project: ProjectId, talk: ConversationId) -> Result<(), Box<dyn Error>> {
    let choice = CloudChoice { provider: "huggingface".into(), model: "org/model:novita".into() };
    store.set_project_leaving(project, Some(&choice), Some(NanoUsd(5_000_000_000)))?;
    store.set_leaving(talk, &Leaving::To(choice))?;
    let agreement = NewAgreement {
        subject: Subject::Project(project),
        origin: "https://a.example".into(),
        model: "m".into(),
        kinds: vec![ContentKind::Messages],
        left_out: vec![],
    };
    store.agree(&agreement, NOON + 10)?;
    // Its file has to be there when it is put in, and only then.
    std::fs::create_dir_all(store.pictures_folder())?;
    let path = store.pictures_folder().join("0123.png");
    std::fs::write(&path, "")?;
    store.attach(talk, &Picture { id: None, path: path.clone(), width: 640, height: 480 })?;
    std::fs::remove_file(&path)?;
    std::fs::remove_dir(store.pictures_folder())?;
    answers(store, project, talk)
}

/// Two answers made elsewhere: one that was settled, and one, of the fifth version, in the middle
/// of which the app ended.
fn answers(store: &Store, project: ProjectId, talk: ConversationId) -> Result<(), Box<dyn Error>> {
    let line = Entry {
        at: NOON + 11,
        purpose: Purpose::Answer,
        origin: "https://a.example".into(),
        recipient: "Hugging Face".into(),
        why: "You sent a message.".into(),
        project: Some(project),
        subject: Some(Subject::Conversation(talk)),
        bytes: 1200,
    };
    let account = || Account {
        project_name: Some("The Salt Road".into()),
        backend: Some("novita".into()),
        model: "org/model".into(),
        ..Account::default()
    };
    let charge = Charge { ceiling: Some(NanoUsd(200_000)), account: account() };
    let id = store.opening(&line, Some(&charge), &mut |_| true)?;
    let outcome = Outcome {
        at: NOON + 12,
        bytes_out: 1200,
        bytes_in: 900,
        status: Some(200),
        ending: Ending::Complete,
    };
    store.closed(id, outcome);
    let settlement = Settlement {
        ended_at: NOON + 12,
        prompt_tokens: Some(300),
        completion_tokens: Some(40),
        cost: Some(Cost::Computed(NanoUsd(123_000))),
        ..Settlement::default()
    };
    store.settle(charge.account.entry.id().ok_or("it was opened")?, &settlement)?;

    let line = Entry { at: NOON + 13, recipient: "A provider".into(), ..line };
    let charge = Charge { ceiling: Some(NanoUsd(200_000)), account: account() };
    store.opening(&line, Some(&charge), &mut |_| true)?;
    Ok(())
}

/// What the sixth version brought: a page with a comment, whose last words wait beside its document, and
/// with a version that has a name; and one without a project.
fn pages(store: &Store, project: ProjectId) -> Result<(PageId, PageId), Box<dyn Error>> {
    let why = Comment { id: "a".into(), author: None, at: Some(NOON), text: "Why?".into(), resolved: false };
    let document = Document {
        blocks: vec![
            paragraph("The lamp was out.", vec![Mark::Comment { attrs: why }]),
            paragraph("東京 🌊", vec![]),
        ],
    };
    let lamp = store.create_page(Some(project), "The lamp", &document, NOON + 20)?.id;
    store.set_page_part(lamp, "Part I")?;
    store.set_page_goal(lamp, 500)?;
    store.take_version(lamp, Why::Named, Some("First draft"), NOON + 21)?;
    let step = Step { from: 2, delete: 0, insert: vec![paragraph("Mirela climbed.", vec![])] };
    store.save_page(lamp, 0, &step, NOON + 22)?;
    let brief = Document { blocks: vec![paragraph("A brief.", vec![])] };
    store.create_page(None, "", &brief, NOON + 23)?;
    let road = store.create_page(Some(project), "The road", &Document::default(), NOON + 24)?;
    Ok((lamp, road.id))
}

fn paragraph(text: &str, marks: Vec<Mark>) -> Block {
    Block::Paragraph { content: vec![Inline::Text { text: text.into(), marks }] }
}

fn say(
    store: &Store,
    conversation: ConversationId,
    parent: Option<MessageId>,
    role: Role,
    text: &str,
    state: MessageState,
) -> Result<MessageId, Box<dyn Error>> {
    let usage = Usage {
        prompt_tokens: 12,
        reused_tokens: 0,
        completion_tokens: 34,
        reading_ms: 560,
        writing_ms: 7800,
    };
    let made = (role == Role::Assistant).then(|| Made {
        by: Destination::Device { model: "Ministral".into() },
        usage: (state != MessageState::Streaming).then_some(usage),
        cost: None,
    });
    let message = NewMessage { conversation, parent, role, text: text.into(), state, made, pictures: vec![] };
    Ok(store.add_message(message, NOON + 5)?.id)
}
