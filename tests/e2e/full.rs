//! A desk with something of everything on it: long words, wide tables, what left and what it cost.

use serde_json::{Value, json};
use sotto_app::Document;
use sotto_domain::{
    Account, Charge, CloudChoice, ConversationId, Cost, Destination, Ending, Entry, Journal, Leaving, Made,
    MessageId, MessageState, NanoUsd, Outcome, ProjectId, Purpose, Role, Settlement, Subject, Usage,
};
use sotto_store::{NewMessage, Store};

use crate::desk::Desk;

pub const PROJECT: &str = "Speisekartengestaltung und Winteröffnungszeiten";
pub const CONVERSATION: &str = "Donaudampfschifffahrtsgesellschaftskapitänsmütze";
pub const PAGE: &str = "Am Leuchtturm";

const ANSWER: &str = "\
## Two ways\n\n1. *From the table.* He had set out two cups.\n   - one for himself\n   - one that went cold\n\
2. **From the lamp.** It turned.\n\n> It had always turned.\n\n\
| name | value | role |\n|---|---|---|\n| Rye | `#6B4A2F` | Überschriftenhintergrundfarbe |\n\n\
```js\nconst wide = 'a line of code that is longer than a narrow window is wide, by far and on purpose';\n```\n\n\
[A link](https://example.org), and Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz.";

const DOCUMENT: &str = r#"{"type":"doc","content":[
    {"type":"heading","attrs":{"level":1},"content":[{"type":"text","text":"Die Küste"}]},
    {"type":"paragraph","content":[{"type":"text","text":"Es war spät, und die Straßenbeleuchtungsanlage schwieg."}]},
    {"type":"blockquote","content":[{"type":"paragraph","content":[{"type":"text","text":"So still."}]}]}]}"#;

/// `window`: how it was left, as `window.json` holds it.
pub fn desk(window: &Value) -> Desk {
    let desk = Desk::set();
    let own = json!({ "place": "http://127.0.0.1:9" });
    desk.prefer(&json!({
        "first_run": "done", "banned": ["tapestry"], "cloud": { "on": true, "providers": { "own": own } },
    }));
    std::fs::write(desk.sotto_home().join("window.json"), window.to_string()).unwrap();
    fill(&journeys::library(&desk.sotto_home()));
    desk
}

fn fill(store: &Store) {
    let project = store.create_project(PROJECT, 1).unwrap().id;
    store.update_project(project, PROJECT, "## Voice\nDry. Present tense.").unwrap();
    let talk = store.create_conversation(Some(project), "You are brief.", 2).unwrap().id;
    store.rename_conversation(talk, CONVERSATION).unwrap();
    let away = CloudChoice { provider: "own".into(), model: "large".into() };
    store.set_leaving(talk, &Leaving::To(away)).unwrap();
    let asked = say(store, talk, None, "Zwei Anfänge, bitte. ", None);
    let here = Destination::Device { model: "Ministral 3 3B".into() };
    let first = say(store, talk, Some(asked), ANSWER, Some(here.clone()));
    say(store, talk, Some(asked), "Another version.", Some(here));
    store.choose(first).unwrap();
    let again = say(store, talk, Some(first), &"Und noch einmal, aber länger. ".repeat(200), None);
    let there = Destination::Cloud {
        provider: "Hugging Face".into(),
        model: "org/Large".into(),
        backend: Some("novita".into()),
    };
    say(store, talk, Some(again), "Gern.", Some(there));
    store.create_page(Some(project), PAGE, &Document::parse(DOCUMENT).unwrap(), 3).unwrap();
    let thrown = store.create_conversation(None, "", 4).unwrap().id;
    store.rename_conversation(thrown, "An old idea").unwrap();
    store.trash_conversation(thrown, 5).unwrap();
    leave(store, project, talk);
}

fn say(
    store: &Store,
    talk: ConversationId,
    after: Option<MessageId>,
    text: &str,
    by: Option<Destination>,
) -> MessageId {
    let usage = Usage { completion_tokens: 40, writing_ms: 4000, ..Usage::default() };
    let message = NewMessage {
        conversation: talk,
        parent: after,
        role: if by.is_some() { Role::Assistant } else { Role::User },
        text: text.to_owned(),
        state: MessageState::Complete,
        made: by.map(|by| Made { by, usage: Some(usage), cost: Some(Cost::Unknown) }),
        pictures: vec![],
    };
    store.add_message(message, 6).unwrap().id
}

/// What left, and how it went, by each way that there is.
fn leave(store: &Store, project: ProjectId, talk: ConversationId) {
    const NOW: i64 = 1_795_348_800_000;
    for (ending, cost) in [
        (Ending::Complete, Cost::Reported(NanoUsd(20_000_000))),
        (Ending::Failed, Cost::Unknown),
        (Ending::Offline, Cost::Unknown),
    ] {
        let entry = Entry {
            at: NOW,
            purpose: Purpose::Answer,
            origin: "https://router.huggingface.co".into(),
            recipient: "Hugging Face".into(),
            why: "You sent a message.".into(),
            project: Some(project),
            subject: Some(Subject::Conversation(talk)),
            bytes: 1200,
        };
        let account = Account {
            project_name: Some(PROJECT.into()),
            backend: Some("novita".into()),
            model: "org/Large".into(),
            ..Account::default()
        };
        let charge = Charge { ceiling: None, account };
        let id = store.opening(&entry, Some(&charge), &mut |_| true).unwrap();
        store.closed(id, Outcome { at: NOW + 5, bytes_out: 1200, bytes_in: 9, status: Some(200), ending });
        let settlement = Settlement { ended_at: NOW + 9, cost: Some(cost), ..Settlement::default() };
        store.settle(charge.account.entry.id().unwrap(), &settlement).unwrap();
    }
}
