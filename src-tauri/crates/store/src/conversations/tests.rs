use sotto_domain::CloudChoice;

use super::*;
use crate::tests::{empty, said};

fn ids(store: &Store) -> Vec<ConversationId> {
    store.conversations().unwrap().into_iter().map(|talk| talk.id).collect()
}

#[test]
fn a_new_conversation_is_empty_and_knows_its_instructions() {
    let (_folder, store) = empty();
    let project = store.create_project("The Salt Road", 1).unwrap().id;
    let talk = store.create_conversation(Some(project), "Be brief.", 7).unwrap();
    assert_eq!(
        talk,
        Conversation {
            id: talk.id,
            project: Some(project),
            position: None,
            title: String::new(),
            instructions: "Be brief.".into(),
            draft: String::new(),
            head: None,
            updated_at: 7,
            trashed_at: None,
            leaving: Leaving::AsItsProject,
            left_out: BTreeSet::new(),
        }
    );
    assert_eq!(store.conversation(talk.id).unwrap(), talk);
    assert_eq!(store.branch(talk.id).unwrap(), []);
}

#[test]
fn the_one_written_to_last_comes_first() {
    let (_folder, store) = empty();
    let older = store.create_conversation(None, "", 1).unwrap().id;
    let newer = store.create_conversation(None, "", 2).unwrap().id;
    let same_time = store.create_conversation(None, "", 2).unwrap().id;
    assert_eq!(ids(&store), [same_time, newer, older]);

    let message = crate::tests::message(older, None, sotto_domain::Role::User, "and another thing");
    store.add_message(message, 3).unwrap();
    assert_eq!(ids(&store), [older, same_time, newer]);

    // Arranging is not writing.
    store.rename_conversation(newer, "Opening lines").unwrap();
    store.save_draft(newer, "It was").unwrap();
    store.set_instructions(newer, "Be kind.").unwrap();
    store.move_conversation(newer, None).unwrap();
    assert_eq!(ids(&store), [older, same_time, newer]);
}

#[test]
fn a_conversation_keeps_what_it_is_given() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let project = store.create_project("Café Nord", 0).unwrap().id;
    store.rename_conversation(talk, "Bakery names").unwrap();
    store.save_draft(talk, "What about").unwrap();
    store.set_instructions(talk, "Be kind.").unwrap();
    store.move_conversation(talk, Some(project)).unwrap();
    let kept = store.conversation(talk).unwrap();
    assert_eq!(
        (&*kept.title, &*kept.draft, &*kept.instructions, kept.project),
        ("Bakery names", "What about", "Be kind.", Some(project))
    );
    store.move_conversation(talk, None).unwrap();
    assert_eq!(store.conversation(talk).unwrap().project, None);
}

#[test]
fn what_is_not_there_is_not_found() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let gone = ConversationId(talk.0 + 1);
    let nowhere = Some(ProjectId(1));
    for outcome in [
        store.conversation(gone).map(drop),
        store.branch(gone).map(drop),
        store.rename_conversation(gone, ""),
        store.save_draft(gone, ""),
        store.set_instructions(gone, ""),
        store.move_conversation(gone, None),
        store.move_conversation(talk, nowhere),
        store.create_conversation(nowhere, "", 0).map(drop),
        store.trash_conversation(gone, 0),
        store.restore_conversation(gone),
        store.project(ProjectId(1)).map(drop),
        store.update_project(ProjectId(1), "", ""),
        store.trash_project(ProjectId(1), 0),
        store.restore_project(ProjectId(1)),
    ] {
        assert!(matches!(outcome, Err(StoreError::NotFound)), "{outcome:?}");
    }
    assert_eq!(ids(&store), [talk]);
}

#[test]
fn nothing_can_be_put_into_a_project_in_the_trash() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let project = store.create_project("The Salt Road", 0).unwrap().id;
    store.trash_project(project, 0).unwrap();
    assert!(matches!(store.move_conversation(talk, Some(project)), Err(StoreError::NotFound)));
    assert!(matches!(store.create_conversation(Some(project), "", 0), Err(StoreError::NotFound)));
    assert_eq!(ids(&store), [talk]);
}

#[test]
fn projects_come_in_the_order_they_were_made() {
    let (_folder, store) = empty();
    let road = store.create_project("The Salt Road", 2).unwrap();
    let cafe = store.create_project("Café Nord", 1).unwrap();
    assert_eq!((&*road.name, &*road.notes, road.trashed_at), ("The Salt Road", "", None));
    store.update_project(cafe.id, "Café Süd", "A café in the south.").unwrap();
    let kept = store.project(cafe.id).unwrap();
    assert_eq!((&*kept.name, &*kept.notes), ("Café Süd", "A café in the south."));
    assert_eq!(store.projects().unwrap(), [road, kept]);
}

#[test]
fn the_id_of_something_deleted_is_never_given_again() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let said_before = said(&store, talk, None, "hello");
    store.trash_conversation(talk, 0).unwrap();
    store.empty_trash().unwrap();
    let next = store.create_conversation(None, "", 0).unwrap().id;
    assert_ne!(next, talk);
    assert_ne!(said(&store, next, None, "hello"), said_before);
}

#[test]
fn a_conversation_can_stay_where_its_project_leaves() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 1).unwrap().id;
    let choice = CloudChoice { provider: "own".into(), model: "large".into() };
    for leaving in [Leaving::Never, Leaving::To(choice), Leaving::AsItsProject] {
        store.set_leaving(talk, &leaving).unwrap();
        assert_eq!(store.conversation(talk).unwrap().leaving, leaving);
    }
}

#[test]
fn what_is_switched_off_in_a_conversation_stays_off_there_alone() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 1).unwrap().id;
    let other = store.create_conversation(None, "", 1).unwrap().id;
    for (part, out) in [
        (ChatPart::Earlier, true),
        (ChatPart::Notes, true),
        (ChatPart::Notes, true),
        (ChatPart::Pictures, false),
        (ChatPart::Earlier, false),
        (ChatPart::Instructions, true),
    ] {
        store.leave_out(talk, part, out).unwrap();
    }
    let kept = store.conversation(talk).unwrap();
    assert_eq!(kept.left_out, [ChatPart::Instructions, ChatPart::Notes].into());
    assert_eq!(kept.updated_at, 1, "that is not writing");
    assert_eq!(store.conversation(other).unwrap().left_out, BTreeSet::new());
    assert!(store.leave_out(ConversationId(99), ChatPart::Notes, true).is_err());
}

#[test]
fn only_a_conversation_in_which_nothing_was_said_is_forgotten() {
    let (_folder, store) = empty();
    let silent = store.create_conversation(None, "", 1).unwrap().id;
    let talk = store.create_conversation(None, "", 1).unwrap().id;
    said(&store, talk, None, "Hello");
    store.forget_if_empty(silent).unwrap();
    store.forget_if_empty(talk).unwrap();
    assert_eq!(ids(&store), [talk]);
}
