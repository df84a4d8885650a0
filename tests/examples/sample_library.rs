//! Fills a folder with a small library, to look at the window with something in it:
//!
//! `cargo run -p journeys --example sample_library -- DIR`, then
//! `SOTTO_HOME=DIR cargo xtask run`. The answers in it were written by us.
#![allow(clippy::unwrap_used)] // an example may panic

use std::path::Path;

use journeys::open_app;
use sotto_app::App;
use sotto_domain::{ConversationId, Destination, Made, MessageId, MessageState, ProjectId, Role, Usage};

/// A talk: its title, and what was said in turn, the user's first.
type Talk = (&'static str, &'static [&'static str]);

const SALT_ROAD: &[Talk] = &[
    (
        "The keeper’s last night",
        &[
            "The lighthouse is automated tomorrow. I want an opening that does not mention loneliness. \
             Three tries, please, each from a different place in the room.",
            "**From the table.** He had set out two cups, as on every other night, and the second one had gone \
             cold with great patience.\n\n**From the stairs.** A hundred and twelve steps, and he had never once \
             counted them going down; tonight he did, aloud, so that somebody would know the number.\n\n\
             **From the lamp.** *It turned, it had always turned*, and at each turn it found him a little more \
             to the left of where it had left him.\n\nThe third has the strongest picture, though it hands the \
             night to the lamp. Is that where you want us to stand?",
            "Yes, stay with the lamp. What does it notice that he would not say?",
            "That he has polished the brass twice. That the log for tomorrow is already written, in a hand \
             steadier than tonight’s. And that he keeps his coat on, *indoors*, like a guest who has been told \
             that the train is only a little late.",
        ],
    ),
    ("Names for the village", &["Short, old, hard consonants.", "Carrick. Drell. Saltby. Ostvik. Pell."]),
];

const CAFE_NORD: &[Talk] = &[(
    "Speisekartengestaltung und Winteröffnungszeiten",
    &[
        "Five colours for a winter menu. No blue.",
        "| name | value | role |\n|---|---|---|\n| Rye | `#6B4A2F` | headlines |\n| Oat | `#F3EAD8` | paper |\n\
         | Juniper | `#3E4F3A` | prices |\n| Smoke | `#8A8178` | small print |\n| Cloudberry | `#D9822B` | one \
         accent a page |\n\nJuniper on oat is easy to read; cloudberry is not, so it never carries words.",
    ],
)];

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "sample-library".into());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sotto = runtime.block_on(async { open_app(Path::new(&folder)) }).unwrap();
    for (name, notes, talks) in [
        ("Café Nord", "A bakery and café in Kiel, opening in November.", CAFE_NORD),
        (
            "The Salt Road",
            "A novel. The coast of 1911. Present tense in the lighthouse, past tense elsewhere.",
            SALT_ROAD,
        ),
    ] {
        let project = sotto.projects().create(name).unwrap();
        sotto.library.update_project(project.id, name, notes).unwrap();
        talks.iter().rev().for_each(|talk| hold(&sotto, project.id, talk));
    }
}

fn hold(sotto: &App, project: ProjectId, (title, said): &Talk) {
    let point =
        sotto.library.starting_points().unwrap().into_iter().find(|point| point.name == "Story partner");
    let talk = sotto.chats().create(Some(project), point.map(|point| point.id)).unwrap();
    sotto.library.rename_conversation(talk, title).unwrap();
    let mut last = None;
    for (at, text) in said.iter().enumerate() {
        last = Some(say(sotto, talk, last, at % 2 == 1, text));
    }
}

fn say(sotto: &App, talk: ConversationId, after: Option<MessageId>, answers: bool, text: &str) -> MessageId {
    let tokens = u32::try_from(text.split_whitespace().count() * 4 / 3).unwrap();
    let usage = Usage {
        prompt_tokens: 180,
        reused_tokens: 0,
        completion_tokens: tokens,
        reading_ms: 2100,
        writing_ms: u64::from(tokens) * 105,
    };
    let made =
        Made { by: Destination::Device { model: "Ministral 3 3B".into() }, usage: Some(usage), cost: None };
    let message = sotto_store::NewMessage {
        conversation: talk,
        parent: after,
        role: if answers { Role::Assistant } else { Role::User },
        text: text.to_owned(),
        state: MessageState::Complete,
        made: answers.then_some(made),
        pictures: vec![],
    };
    sotto.library.add_message(message, 1_800_000_000_000 + after.map_or(0, |id| id.0)).unwrap().id
}
