use sotto_domain::{Cost, Destination, Usage};

use super::*;
use crate::StoreError;
use crate::key::tests::the_key;
use crate::tests::{answered, empty, message as plain, said, shown};

fn device(usage: Option<Usage>) -> Made {
    Made { by: Destination::Device { model: "Ministral".into() }, usage, cost: usage.map(|_| Cost::Free) }
}

const USAGE: Usage =
    Usage { prompt_tokens: 12, reused_tokens: 5, completion_tokens: 34, reading_ms: 56, writing_ms: 1 << 40 };

#[test]
fn a_message_comes_back_as_it_was_stored() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 1).unwrap().id;
    let asked = store.add_message(plain(talk, None, Role::User, "How do I begin?"), 5).unwrap();
    let answer = store
        .add_message(
            NewMessage {
                conversation: talk,
                parent: Some(asked.id),
                role: Role::Assistant,
                text: "With the".into(),
                state: MessageState::Streaming,
                made: Some(device(None)),
                pictures: vec![],
            },
            6,
        )
        .unwrap();
    assert_eq!((asked.created_at, asked.made.as_ref(), asked.parent), (5, None, None));
    assert_eq!(
        (answer.created_at, answer.made.clone(), answer.parent),
        (6, Some(device(None)), Some(asked.id))
    );
    assert_eq!(store.message(asked.id).unwrap(), asked);
    assert_eq!(store.message(answer.id).unwrap(), answer);
    assert_eq!(store.path_to(answer.id).unwrap(), [asked, answer.clone()]);
    let talk = store.conversation(talk).unwrap();
    assert_eq!((talk.head, talk.updated_at), (Some(answer.id), 6));
}

#[test]
fn an_answer_is_saved_as_it_comes_and_at_its_end() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let asked = said(&store, talk, None, "How do I begin?");
    let begun = NewMessage {
        state: MessageState::Streaming,
        made: Some(device(None)),
        pictures: vec![],
        ..plain(talk, Some(asked), Role::Assistant, "")
    };
    let answer = store.add_message(begun, 0).unwrap().id;

    store.update_answer(answer, "With the", MessageState::Streaming, None, None).unwrap();
    let kept = store.message(answer).unwrap();
    assert_eq!(
        (&*kept.text, kept.state, kept.made),
        ("With the", MessageState::Streaming, Some(device(None)))
    );

    for state in [
        MessageState::Complete,
        MessageState::CutAtLength,
        MessageState::Stopped,
        MessageState::Interrupted,
        MessageState::Streaming,
    ] {
        store.update_answer(answer, "With the sea.", state, Some(&device(Some(USAGE))), None).unwrap();
        let kept = store.message(answer).unwrap();
        assert_eq!((&*kept.text, kept.state, kept.made), ("With the sea.", state, Some(device(Some(USAGE)))));
    }
}

#[test]
fn what_the_person_said_is_never_overwritten() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let asked = said(&store, talk, None, "Mine");
    let outcome = store.update_answer(asked, "Not mine", MessageState::Complete, None, None);
    assert!(matches!(outcome, Err(StoreError::NotFound)));
    assert_eq!(store.message(asked).unwrap().text, "Mine");
}

#[test]
fn a_message_follows_one_of_its_own_conversation_or_is_refused() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let other = store.create_conversation(None, "", 0).unwrap().id;
    let past = store.create_conversation(None, "", 0).unwrap().id;
    let deleted = said(&store, past, None, "deleted");
    let elsewhere = said(&store, other, None, "elsewhere");
    store.trash_conversation(past, 0).unwrap();
    store.empty_trash().unwrap();
    for message in [
        plain(talk, Some(elsewhere), Role::Assistant, "from another conversation"),
        plain(talk, Some(deleted), Role::Assistant, "from nowhere"),
        plain(ConversationId(99), None, Role::User, "to nowhere"),
    ] {
        let outcome = store.add_message(message.clone(), 9);
        assert!(matches!(outcome, Err(StoreError::NotFound)), "{message:?} {outcome:?}");
    }
    for not_yet in [elsewhere.0 + 1, elsewhere.0 + 99] {
        let message = plain(talk, Some(MessageId(not_yet)), Role::Assistant, "from itself, or the future");
        assert!(store.add_message(message, 9).is_err());
    }
    assert_eq!(store.conversation(talk).unwrap().head, None);
    assert_eq!(store.conversation(talk).unwrap().updated_at, 0);
}

#[test]
fn instructions_are_not_a_message() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    assert!(store.add_message(plain(talk, None, Role::System, "Be brief."), 0).is_err());
    assert_eq!(store.branch(talk).unwrap(), []);
}

#[test]
fn alternatives_and_edits_are_siblings_and_the_last_one_is_on_show() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let asked = said(&store, talk, None, "a name");
    let first = answered(&store, talk, asked, "Nord");
    let again = answered(&store, talk, asked, "Süd");
    let next = said(&store, talk, Some(again), "shorter");
    let edited = said(&store, talk, None, "a short name");
    let short = answered(&store, talk, edited, "No");

    assert_eq!(shown(&store, talk), ["a short name", "No"]);
    let siblings =
        |talk| -> Vec<_> { store.branch(talk).unwrap().into_iter().map(|placed| placed.siblings).collect() };
    assert_eq!(siblings(talk), [vec![asked, edited], vec![short]]);

    store.choose(asked).unwrap();
    assert_eq!(shown(&store, talk), ["a name", "Süd", "shorter"]);
    assert_eq!(siblings(talk), [vec![asked, edited], vec![first, again], vec![next]]);
    // A message says the same of itself, on show or not.
    let every = |talk| store.branch(talk).unwrap().into_iter().map(|shown| (shown.message.id, shown));
    assert!(every(talk).all(|(id, shown)| store.placed(id).unwrap() == shown));
    assert_eq!(store.placed(short).unwrap().siblings, [short]);
    assert_eq!(store.placed(first).unwrap().siblings, [first, again]);

    store.choose(first).unwrap();
    assert_eq!(shown(&store, talk), ["a name", "Nord"]);
    store.choose(again).unwrap();
    assert_eq!(shown(&store, talk), ["a name", "Süd", "shorter"]);
    assert_eq!(store.path_to(again).unwrap().len(), 2, "a path ends where it is asked to");
}

#[test]
fn siblings_are_of_one_role_and_one_conversation() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let other = store.create_conversation(None, "", 0).unwrap().id;
    said(&store, other, None, "another root");
    let root = said(&store, talk, None, "root");
    let answer = answered(&store, talk, root, "answer");
    let follow = said(&store, talk, Some(root), "a user message after a user message");
    assert_eq!(store.branch(talk).unwrap()[0].siblings, [root]);
    assert_eq!(store.branch(talk).unwrap()[1].siblings, [follow]);
    assert_eq!(store.placed(follow).unwrap().siblings, [follow]);
    assert_eq!(store.placed(root).unwrap().siblings, [root]);
    store.choose(answer).unwrap();
    assert_eq!(store.branch(talk).unwrap()[1].siblings, [answer]);
}

#[test]
fn choosing_a_message_shows_the_branch_below_it_that_was_written_to_last() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let root = said(&store, talk, None, "root");
    let left = answered(&store, talk, root, "left");
    let right = answered(&store, talk, root, "right");
    let right_leaf = said(&store, talk, Some(right), "right leaf");
    let left_leaf = said(&store, talk, Some(left), "left leaf");
    for (chosen, head) in [(right, right_leaf), (root, left_leaf), (left_leaf, left_leaf)] {
        store.choose(chosen).unwrap();
        assert_eq!(store.conversation(talk).unwrap().head, Some(head));
    }
    assert!(matches!(store.choose(MessageId(99)), Err(StoreError::NotFound)));
    assert!(matches!(store.path_to(MessageId(99)), Err(StoreError::NotFound)));
    assert!(matches!(store.message(MessageId(99)), Err(StoreError::NotFound)));
    assert!(matches!(store.placed(MessageId(99)), Err(StoreError::NotFound)));
}

#[test]
fn what_was_being_written_at_a_crash_is_marked_and_kept() {
    let (folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let asked = said(&store, talk, None, "go on");
    let whole = answered(&store, talk, asked, "whole");
    let begun =
        NewMessage { state: MessageState::Streaming, ..plain(talk, Some(asked), Role::Assistant, "half") };
    let half = store.add_message(begun, 0).unwrap().id;
    drop(store);

    let store = Store::open(&folder.path().join("sotto.db"), &the_key()).unwrap();
    assert_eq!(store.mark_interrupted().unwrap(), 1);
    let kept = store.message(half).unwrap();
    assert_eq!((&*kept.text, kept.state), ("half", MessageState::Interrupted));
    assert_eq!(store.message(whole).unwrap().state, MessageState::Complete);
    assert_eq!(store.search("half", 9).unwrap().len(), 1);
    assert_eq!(store.mark_interrupted().unwrap(), 0);
}

#[test]
fn a_conversation_of_ten_thousand_messages_opens_whole_and_goes_whole() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    store
        .write(|store| {
            store.execute(
                "WITH RECURSIVE nth (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM nth WHERE n < 10000)
                 INSERT INTO messages (id, conversation, parent, role, text, state, created_at)
                 SELECT n, ?1, nullif(n - 1, 0), iif(n % 2, 'user', 'assistant'),
                        'what was said ' || n || hex(zeroblob(250)), 'complete', n FROM nth",
                [talk.0],
            )?;
            Ok(store.execute("UPDATE conversations SET head = 10000 WHERE id = ?1", [talk.0])?)
        })
        .unwrap();
    // How quick that is, the bench says (tests/speed/open.rs); that it is not quadratic shows
    // here by its ending at all.
    store.choose(MessageId(1)).unwrap();
    let branch = store.branch(talk).unwrap();
    assert_eq!(branch.len(), 10_000);
    assert!(branch.iter().zip(1..).all(|(placed, id)| placed.siblings == [MessageId(id)]));
    // And it can be deleted as one, however deep it is.
    store.trash_conversation(talk, 0).unwrap();
    assert_eq!(store.empty_trash().unwrap(), 1);
    assert!(matches!(store.message(MessageId(10_000)), Err(StoreError::NotFound)));
}

#[test]
fn all_that_was_said_can_be_read_at_once_whatever_branch_it_is_on() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 1).unwrap().id;
    let other = store.create_conversation(None, "", 1).unwrap().id;
    let asked = said(&store, talk, None, "How do I begin?");
    said(&store, other, None, "Elsewhere");
    let first = answered(&store, talk, asked, "With the sea.");
    let second = answered(&store, talk, asked, "With the road.");
    let path = store.pictures_folder().join("0123.png");
    let shown = NewMessage {
        pictures: vec![sotto_domain::Picture { id: None, path, width: 640, height: 480 }],
        ..plain(talk, Some(first), Role::User, "Like this")
    };
    let last = store.add_message(shown, 0).unwrap().id;
    let all = store.all_messages(talk).unwrap();
    assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [asked, first, second, last]);
    for one in all {
        assert_eq!(store.message(one.id).unwrap(), one);
    }
}

#[test]
fn a_branch_can_be_read_piece_by_piece() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 1).unwrap().id;
    assert_eq!(store.branch_ids(talk).unwrap(), []);
    let asked = said(&store, talk, None, "How do I begin?");
    answered(&store, talk, asked, "With the sea.");
    let answer = answered(&store, talk, asked, "With the road.");
    let last = said(&store, talk, Some(answer), "Why?");
    assert_eq!(store.branch_ids(talk).unwrap(), [asked, answer, last]);
    assert_eq!(store.all_placed(&[asked, answer, last]).unwrap(), store.branch(talk).unwrap());
    assert!(matches!(store.all_placed(&[asked, MessageId(99)]), Err(StoreError::NotFound)));
}
