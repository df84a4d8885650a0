use std::fs;

use super::*;
use crate::tests::{answered, empty, in_the_clear, said, shown};

fn listed_kinds(store: &Store) -> Vec<TrashKind> {
    store.trash().unwrap().into_iter().map(|trashed| trashed.kind).collect()
}

fn ids(store: &Store) -> Vec<ConversationId> {
    store.conversations().unwrap().into_iter().map(|talk| talk.id).collect()
}

#[test]
fn a_conversation_goes_to_the_trash_and_comes_back_as_it_was() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let asked = said(&store, talk, None, "a name");
    answered(&store, talk, asked, "Nord");
    store.rename_conversation(talk, "Bakery names").unwrap();
    let before = store.conversation(talk).unwrap();

    store.trash_conversation(talk, 8).unwrap();
    store.trash_conversation(talk, 9).unwrap();
    assert_eq!(ids(&store), []);
    let trashed =
        Trashed { kind: TrashKind::Conversation(talk), title: "Bakery names".into(), trashed_at: 8 };
    assert_eq!(store.trash().unwrap(), [trashed]);
    assert_eq!(store.conversation(talk).unwrap().trashed_at, Some(8), "it can still be looked at");

    store.restore_conversation(talk).unwrap();
    assert_eq!(store.trash().unwrap(), []);
    assert_eq!(store.conversations().unwrap(), [before]);
    assert_eq!(shown(&store, talk), ["a name", "Nord"]);
}

#[test]
fn a_project_takes_its_conversations_along_both_ways() {
    let (_folder, store) = empty();
    let project = store.create_project("Café Nord", 0).unwrap().id;
    let inside = store.create_conversation(Some(project), "", 0).unwrap().id;
    let trashed_before = store.create_conversation(Some(project), "", 0).unwrap().id;
    let outside = store.create_conversation(None, "", 0).unwrap().id;
    store.trash_conversation(trashed_before, 1).unwrap();

    store.trash_project(project, 5).unwrap();
    assert_eq!(ids(&store), [outside]);
    assert_eq!(store.projects().unwrap(), []);
    assert_eq!(store.project(project).unwrap().trashed_at, Some(5));
    assert_eq!(
        store.conversation(inside).unwrap().trashed_at,
        Some(5),
        "it is in the trash with its project"
    );
    let trashed = Trashed { kind: TrashKind::Project(project), title: "Café Nord".into(), trashed_at: 5 };
    assert_eq!(store.trash().unwrap(), [trashed]);

    store.restore_project(project).unwrap();
    assert_eq!(ids(&store), [outside, inside]);
    assert_eq!(store.conversation(inside).unwrap().project, Some(project));
    assert_eq!(
        listed_kinds(&store),
        [TrashKind::Conversation(trashed_before)],
        "that was the user's own doing"
    );
}

#[test]
fn a_conversation_brought_back_alone_leaves_its_trashed_project() {
    let (_folder, store) = empty();
    let project = store.create_project("Café Nord", 0).unwrap().id;
    let with_it = store.create_conversation(Some(project), "", 0).unwrap().id;
    let before_it = store.create_conversation(Some(project), "", 0).unwrap().id;
    store.trash_conversation(before_it, 1).unwrap();
    store.trash_project(project, 2).unwrap();
    for talk in [with_it, before_it] {
        store.restore_conversation(talk).unwrap();
        assert_eq!(store.conversation(talk).unwrap().project, None);
        assert_eq!(store.conversation(talk).unwrap().trashed_at, None);
    }
    assert_eq!(listed_kinds(&store), [TrashKind::Project(project)]);

    // And stays in one that is not.
    let other = store.create_project("The Salt Road", 0).unwrap().id;
    store.move_conversation(with_it, Some(other)).unwrap();
    store.trash_conversation(with_it, 3).unwrap();
    store.restore_conversation(with_it).unwrap();
    assert_eq!(store.conversation(with_it).unwrap().project, Some(other));
}

#[test]
fn the_newest_in_the_trash_comes_first() {
    let (_folder, store) = empty();
    let project = store.create_project("Café Nord", 0).unwrap().id;
    let first = store.create_conversation(None, "", 0).unwrap().id;
    let last = store.create_conversation(None, "", 0).unwrap().id;
    store.trash_conversation(first, 1).unwrap();
    store.trash_project(project, 2).unwrap();
    store.trash_conversation(last, 3).unwrap();
    assert_eq!(
        listed_kinds(&store),
        [TrashKind::Conversation(last), TrashKind::Project(project), TrashKind::Conversation(first)]
    );
}

#[test]
fn emptying_deletes_what_is_listed_and_nothing_else() {
    let (_folder, store) = empty();
    let project = store.create_project("Café Nord", 0).unwrap().id;
    let inside = store.create_conversation(Some(project), "", 0).unwrap().id;
    let alone = store.create_conversation(None, "", 0).unwrap().id;
    let kept = store.create_conversation(None, "", 0).unwrap().id;
    let mut deleted = vec![];
    for talk in [inside, alone, kept] {
        let asked = said(&store, talk, None, "asked");
        deleted.push(answered(&store, talk, asked, "answered"));
    }
    let kept_answer = deleted.pop().unwrap();
    store.trash_project(project, 1).unwrap();
    store.trash_conversation(alone, 1).unwrap();

    assert_eq!(store.empty_trash().unwrap(), 2);
    assert_eq!(store.trash().unwrap(), []);
    assert!(store.conversation(inside).is_err() && store.conversation(alone).is_err());
    assert!(store.project(project).is_err());
    assert!(deleted.into_iter().all(|id| store.message(id).is_err()));
    assert_eq!(ids(&store), [kept]);
    assert_eq!(store.message(kept_answer).unwrap().text, "answered");
    assert_eq!(store.search("asked", 9).unwrap().len(), 1);
    assert_eq!(store.empty_trash().unwrap(), 0);
}

#[test]
fn what_is_deleted_for_good_is_gone_from_the_disk() {
    let (folder, store) = in_the_clear();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    store.rename_conversation(talk, "Xanthippe").unwrap();
    let long = "a chapter about Quetzalcoatl ".repeat(2000);
    let mut last = None;
    for nth in 0..20 {
        last = Some(said(&store, talk, last, &format!("{long} {nth}")));
    }
    let on_disk = |word: &str| {
        let files = fs::read_dir(folder.path()).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
        // The index keeps words in small letters.
        files.into_iter().any(|bytes| String::from_utf8_lossy(&bytes).to_lowercase().contains(word))
    };
    assert!(on_disk("xanthippe") && on_disk("quetzalcoatl"));
    store.trash_conversation(talk, 0).unwrap();
    store.empty_trash().unwrap();
    assert!(!on_disk("xanthippe"));
    assert!(!on_disk("quetzalcoatl"));
}
