use sotto_domain::{ContentKind, Destination, Picture, Subject};

use super::*;
use crate::tests::{empty, message};

fn made() -> Made {
    Made { by: Destination::Device { model: "Ministral".into() }, usage: None, cost: None }
}

fn agreement(subject: Subject) -> NewAgreement {
    NewAgreement {
        subject,
        origin: "https://a.example".into(),
        model: "m".into(),
        kinds: vec![ContentKind::Messages],
        left_out: vec![],
    }
}

/// A conversation with words and a picture in its draft.
fn with_draft(store: &Store) -> ConversationId {
    let talk = store.create_conversation(None, "", 1).unwrap().id;
    store.save_draft(talk, "How do I begin?").unwrap();
    let path = store.pictures_folder().join("0123.png");
    std::fs::create_dir_all(store.pictures_folder()).unwrap();
    std::fs::write(&path, "a picture").unwrap();
    store.attach(talk, &Picture { id: None, path, width: 8, height: 8 }).unwrap();
    talk
}

#[test]
fn a_question_with_all_that_belongs_to_it_is_stored_in_one_step() {
    let (_folder, store) = empty();
    let talk = with_draft(&store);
    let pictures = store.attached(talk).unwrap();
    let message = NewMessage { pictures, ..message(talk, None, Role::User, "How do I begin?") };
    let asked = Asked::New { message: Box::new(message), title: "How".into(), was_draft: true };
    let mut question = None;
    let agreed = |id| {
        question = Some(id);
        Some(agreement(Subject::Conversation(talk)))
    };
    let answer = store.begin_answer(asked, made(), agreed, 7).unwrap();
    let branch = store.branch(talk).unwrap();
    assert_eq!((branch[0].message.id, branch[1].message.id), (question.unwrap(), answer));
    assert_eq!((branch[0].message.pictures.len(), branch[1].message.state), (1, MessageState::Streaming));
    let stored = store.conversation(talk).unwrap();
    assert_eq!((&*stored.title, &*stored.draft), ("How", ""));
    assert_eq!(store.attached(talk).unwrap(), []);
    assert!(store.agreement(Subject::Conversation(talk), None, "https://a.example", "m").unwrap().is_some());

    // An answer again, and a question in a conversation that has a title and another draft.
    store.save_draft(talk, "Something else").unwrap();
    let message = branch[0].message.id;
    let again = Asked::Stored { message, conversation: talk, beside: None };
    let second = store.begin_answer(again, made(), |_| None, 8).unwrap();
    assert_eq!(store.placed(second).unwrap().siblings, [answer, second]);
    let edited = crate::tests::message(talk, None, Role::User, "How do I end?");
    let edited = Asked::New { message: Box::new(edited), title: "Another".into(), was_draft: false };
    store.begin_answer(edited, made(), |_| None, 9).unwrap();
    let stored = store.conversation(talk).unwrap();
    assert_eq!((&*stored.title, &*stored.draft), ("How", "Something else"));
}

#[test]
fn where_one_part_cannot_be_stored_nothing_is() {
    let (_folder, store) = empty();
    for trigger in [
        "BEFORE INSERT ON messages WHEN new.role = 'assistant'",
        "BEFORE INSERT ON consents",
        "BEFORE UPDATE OF title ON conversations",
        "BEFORE UPDATE OF draft ON conversations WHEN new.draft = ''",
        "BEFORE DELETE ON pictures",
    ] {
        let talk = with_draft(&store);
        let fails = format!("CREATE TRIGGER t {trigger} BEGIN SELECT RAISE(ABORT, 'full'); END");
        store.lock().execute_batch(&fails).unwrap();
        let message = message(talk, None, Role::User, "How do I begin?");
        let asked = Asked::New { message: Box::new(message), title: "How".into(), was_draft: true };
        let agreed = |_| Some(agreement(Subject::Conversation(talk)));
        assert!(store.begin_answer(asked, made(), agreed, 7).is_err(), "{trigger}");
        store.lock().execute_batch("DROP TRIGGER t").unwrap();
        assert_eq!(store.branch(talk).unwrap(), [], "{trigger}");
        let stored = store.conversation(talk).unwrap();
        assert_eq!((&*stored.title, &*stored.draft), ("", "How do I begin?"), "{trigger}");
        assert_eq!(store.attached(talk).unwrap().len(), 1, "{trigger}");
    }
}
