use sotto_domain::{ChatPart, Conversation, MessageState, Mood, Role};
use tempfile::TempDir;

use super::*;
use crate::backup::tests::full;
use crate::key::tests::the_key;
use crate::order::Ordered;
use crate::tests::{answered, empty, message, said, shown};

/// A backup of `store`.
fn backed_up(store: &Store) -> (TempDir, std::path::PathBuf) {
    let away = tempfile::tempdir().unwrap();
    let backup = away.path().join("one.backup");
    store.back_up(&backup).unwrap();
    (away, backup)
}

#[test]
fn of_what_is_all_here_nothing_comes_back() {
    let (_folder, store) = full();
    let (_away, backup) = backed_up(&store);
    let before = store.mark().unwrap();
    assert_eq!(store.merge(&backup, None).unwrap(), Contents::default());
    assert_eq!(store.merge(&backup, None).unwrap(), Contents::default());
    assert_eq!(store.mark().unwrap(), before);
}

#[test]
fn what_was_deleted_for_good_comes_back_whole_and_where_it_was() {
    let (folder, store) = full();
    let project = store.projects().unwrap()[0].id;
    let (talk, written) = (store.conversations().unwrap()[0].id, store.pages().unwrap()[0].id);
    let (away, backup) = backed_up(&store);
    let (before, document) = (shown(&store, talk), store.open_page(written).unwrap().1);
    store.trash_conversation(talk, 9).unwrap();
    store.trash_page(written, 9).unwrap();
    store.empty_trash().unwrap();
    assert!(!store.pictures_folder().join("0123.png").exists());

    let back = store.merge(&backup, None).unwrap();
    assert_eq!(back, Contents { projects: 0, conversations: 1, messages: 2, pages: 1 });
    let (again, paper) = (&store.conversations().unwrap()[0], &store.pages().unwrap()[0]);
    assert_eq!(
        (&*again.title, again.project, &*again.instructions),
        ("Opening lines", Some(project), "Be brief.")
    );
    assert_eq!(shown(&store, again.id), before);
    assert_eq!((&*paper.title, paper.project), ("The lighthouse", Some(project)));
    assert_eq!(store.open_page(paper.id).unwrap().1, document);
    assert_eq!(store.search("sea", 9).unwrap().len(), 1, "its words are found");
    let picture = &store.attached(again.id).unwrap()[0];
    assert_eq!(fs::read_to_string(&picture.path).unwrap(), "a picture");
    assert_eq!(store.merge(&backup, None).unwrap(), Contents::default(), "and no second time");

    let left = |folder: &Path| fs::read_dir(folder).unwrap().count();
    assert_eq!(
        (left(folder.path()), left(away.path())),
        (4, 2),
        "only the library, its log and the pictures"
    );
}

#[test]
fn nothing_that_is_here_is_overwritten() {
    let (_folder, store) = full();
    let talk = store.conversations().unwrap()[0].id;
    let written = store.pages().unwrap()[0].id;
    let (_away, backup) = backed_up(&store);
    store.rename_conversation(talk, "Another title").unwrap();
    store.rename_page(written, "Fog").unwrap();
    store.update_project(store.projects().unwrap()[0].id, "The Sea Road", "notes").unwrap();
    let head = store.branch(talk).unwrap().last().unwrap().message.id;
    said(&store, talk, Some(head), "What came after");
    let (before, after) = (store.conversations().unwrap(), shown(&store, talk));
    assert_eq!(store.merge(&backup, None).unwrap(), Contents::default());
    assert_eq!(store.conversations().unwrap(), before);
    assert_eq!(shown(&store, talk), after);
    assert_eq!(
        (&*store.pages().unwrap()[0].title, &*store.projects().unwrap()[0].name),
        ("Fog", "The Sea Road")
    );
}

#[test]
fn messages_that_another_machine_wrote_come_beside_ours() {
    let (_folder, store) = full();
    let talk = store.conversations().unwrap()[0].id;
    let (away, backup) = backed_up(&store);
    // The same library went on elsewhere.
    let there = Store::open(&backup, &the_key()).unwrap();
    let head = there.branch(talk).unwrap().last().unwrap().message.id;
    let asked = said(&there, talk, Some(head), "And the fog?");
    answered(&there, talk, asked, "It lifts.");
    let second = away.path().join("second.backup");
    there.back_up(&second).unwrap();
    said(&store, talk, Some(head), "And the gulls?");

    assert_eq!(store.merge(&second, None).unwrap().messages, 2);
    let branch = store.branch(talk).unwrap();
    assert_eq!(branch.last().unwrap().message.text, "And the gulls?", "the branch on show stays on show");
    assert_eq!(branch.last().unwrap().siblings.len(), 2);
    assert_eq!(store.all_messages(talk).unwrap().len(), 5);
}

#[test]
fn an_answer_that_was_being_written_then_is_not_taken_for_another() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let asked = said(&store, talk, None, "Begin");
    let half = crate::NewMessage {
        state: MessageState::Streaming,
        ..message(talk, Some(asked), Role::Assistant, "With the")
    };
    let answer = store.add_message(half, 5).unwrap().id;
    let (_away, backup) = backed_up(&store);
    store.update_answer(answer, "With the sea.", MessageState::Complete, None, None).unwrap();
    assert_eq!(store.merge(&backup, None).unwrap(), Contents::default());
    // In another library it is what it was: cut off.
    let (_other, other) = empty();
    other.merge(&backup, None).unwrap();
    let talk = other.conversations().unwrap()[0].id;
    assert_eq!(other.branch(talk).unwrap()[1].message.state, MessageState::Interrupted);
}

#[test]
fn a_backup_goes_into_a_library_that_shares_nothing_with_it() {
    let (_folder, store) = full();
    let (_away, backup) = backed_up(&store);
    let (_other, other) = empty();
    let blank = sotto_manuscript::Document::default();
    for nth in 0..5 {
        let talk = other.create_conversation(None, "", 100 + nth).unwrap().id;
        said(&other, talk, None, "Something else");
        other.create_page(None, "Another page", &blank, 100 + nth).unwrap();
    }
    let back = other.merge(&backup, None).unwrap();
    assert_eq!(back, Contents { projects: 1, conversations: 1, messages: 2, pages: 1 });
    assert_eq!((other.conversations().unwrap().len(), other.pages().unwrap().len()), (6, 6));
    let (theirs, ours) = (&store.projects().unwrap()[0], &other.projects().unwrap()[0]);
    assert_eq!((ours.mood, &ours.banned), (theirs.mood, &theirs.banned));
    assert_eq!((ours.mood, &*ours.banned), (Some(Mood::Precise), &["a testament to".to_owned()][..]));
    let left_out = |talk: &Conversation| talk.project.is_some() && talk.left_out == [ChatPart::Notes].into();
    assert!(other.conversations().unwrap().iter().any(left_out), "and what was switched off");
    crate::read_back(&other.path, &the_key()).unwrap();
}

#[test]
fn what_a_crash_left_of_a_merge_is_not_taken_for_the_next_one() {
    let (_folder, store) = full();
    let (_away, backup) = backed_up(&store);
    let (_other, other) = empty();
    let left = beside(&other.path, ".merging.unfinished");
    fs::write(beside(&left, "-wal"), "what was left").unwrap();
    fs::write(&left, "half a copy").unwrap();
    assert_eq!(other.merge(&backup, None).unwrap().messages, 2);
    assert!(!left.exists() && !beside(&left, "-wal").exists());
}

#[test]
fn what_is_no_backup_changes_nothing() {
    let (folder, store) = full();
    let before = store.mark().unwrap();
    let file = folder.path().join("diary.txt");
    fs::write(&file, b"Dear diary, ".repeat(1000)).unwrap();
    assert!(store.merge(&file, None).is_err() && store.merge(folder.path(), None).is_err());
    assert!(store.merge(&folder.path().join("nowhere"), None).is_err());
    assert_eq!(store.mark().unwrap(), before);
}

#[test]
fn what_comes_back_stands_where_it_stood_and_what_was_moved_since_stays_there() {
    let (_folder, store) = empty();
    let project = Some(store.create_project("The Salt Road", 1).unwrap().id);
    let blank = sotto_manuscript::Document::default();
    let page = |title: &str, at| store.create_page(project, title, &blank, at).unwrap().id;
    let [dawn, noon, dusk, night] = [page("Dawn", 2), page("Noon", 3), page("Dusk", 4), page("Night", 5)];
    let talk = store.create_conversation(project, "", 6).unwrap().id;
    store.rename_conversation(talk, "Tides").unwrap();
    said(&store, talk, None, "When is it high?");
    let part = |id| Ordered::Page(id, "Part I".into());
    let alone = |id| Ordered::Page(id, String::new());
    let order = [part(dawn), part(noon), Ordered::Conversation(talk), alone(dusk), alone(night)];
    store.arrange(project, &order).unwrap();
    let (_away, backup) = backed_up(&store);

    for id in [noon, dusk] {
        store.trash_page(id, 9).unwrap();
    }
    store.trash_conversation(talk, 9).unwrap();
    store.empty_trash().unwrap();
    store.arrange(project, &[alone(night), part(dawn)]).unwrap();
    store.merge(&backup, None).unwrap();
    assert_eq!(placed(&store), ["Night", "Part I: Dawn", "Part I: Noon", "Tides", "Dusk"]);

    let (_other, other) = empty();
    other.merge(&backup, None).unwrap();
    assert_eq!(placed(&other), ["Part I: Dawn", "Part I: Noon", "Tides", "Dusk", "Night"]);
}

/// What the user has placed, in order, with its headings.
fn placed(store: &Store) -> Vec<String> {
    let pages = store.pages().unwrap().into_iter().map(|page| {
        let heading = if page.part.is_empty() { String::new() } else { format!("{}: ", page.part) };
        (Some(page.position), heading + &page.title)
    });
    let talks = store.conversations().unwrap().into_iter().map(|talk| (talk.position, talk.title));
    let mut all: Vec<_> = pages.chain(talks).collect();
    all.sort();
    all.into_iter().map(|(_, name)| name).collect()
}
