//! Whatever version of Sotto wrote it, the user's work opens in this one. `old/` holds a
//! database for each migration, written by `examples/old_database.rs` when it was new.

#![allow(clippy::unwrap_used)] // helpers of tests may panic as tests may

mod key;

use std::fs;
use std::path::{Path, PathBuf};

use key::{opened, the_key};
use sotto_domain::{
    ChatPart, CloudChoice, ContentKind, Cost, Destination, Leaving, Made, MessageState, Mood, NanoUsd,
    Subject, Usage,
};
use sotto_manuscript::Step;
use sotto_store::{Kind, Store, TrashKind, encrypt, kind};
use tempfile::TempDir;

/// A copy of each old database, encrypted as the app does it first, to be opened; the oldest first.
fn old() -> Vec<(TempDir, PathBuf)> {
    let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/old")).unwrap();
    let mut files: Vec<_> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "db"))
        .collect();
    files.sort();
    let copies: Vec<_> = files
        .into_iter()
        .map(|path| {
            let folder = tempfile::tempdir().unwrap();
            let copy = folder.path().join("sotto.db");
            fs::copy(path, &copy).unwrap();
            // Those of before there was a key are in the clear.
            if kind(&copy).unwrap() == Kind::Plain {
                encrypt(&copy, &the_key()).unwrap();
            }
            (folder, copy)
        })
        .collect();
    assert!(!copies.is_empty());
    copies
}

#[test]
fn the_users_work_is_all_there() {
    for (_folder, path) in old() {
        let store = Store::open(&path, &the_key()).unwrap();
        assert_eq!(store.mark_interrupted().unwrap(), 1);

        let talks = store.conversations().unwrap();
        let titles: Vec<_> = talks.iter().map(|talk| &*talk.title).collect();
        assert_eq!(titles, ["Bakery names", "Opening lines"]);
        let (bakery, opening) = (&talks[0], &talks[1]);
        assert_eq!((&*opening.instructions, &*opening.draft), ("Be brief.", "And what if"));
        assert_eq!(opening.updated_at, 1_795_348_800_005);

        let projects = store.projects().unwrap();
        assert_eq!(projects.len(), 1);
        assert_eq!(
            (&*projects[0].name, &*projects[0].notes),
            ("The Salt Road", "Mirela keeps the lighthouse.")
        );
        assert_eq!((opening.project, bakery.project), (Some(projects[0].id), None));

        let branch = store.branch(opening.id).unwrap();
        let shown: Vec<_> =
            branch.iter().map(|placed| (&*placed.message.text, placed.siblings.len())).collect();
        assert_eq!(shown, [("How do I begin?", 2), ("With the café 🌊", 2), ("東京では?", 1)]);
        let usage = Usage {
            prompt_tokens: 12,
            reused_tokens: 0,
            completion_tokens: 34,
            reading_ms: 560,
            writing_ms: 7800,
        };
        let made =
            Made { by: Destination::Device { model: "Ministral".into() }, usage: Some(usage), cost: None };
        assert_eq!(branch[1].message.made, Some(made));
        assert_eq!(branch[1].message.state, MessageState::Stopped);
        assert_eq!(store.branch(bakery.id).unwrap()[1].message.state, MessageState::Interrupted);

        let points: Vec<_> =
            store.starting_points().unwrap().into_iter().map(|point| point.built_in).collect();
        assert_eq!(points, [Some("line-editor".into()), None]);

        for (query, hits) in
            [("opening", 1), ("cafe", 1), ("東京", 1), ("🌊", 1), ("begin", 1), ("nor", 1), ("sea", 1)]
        {
            assert_eq!(store.search(query, 9).unwrap().len(), hits, "{query}");
        }

        let trash: Vec<_> = store.trash().unwrap();
        let titles: Vec<_> = trash.iter().map(|trashed| &*trashed.title).collect();
        assert_eq!(titles, ["An old idea", "A slip of the pen"]);
        let TrashKind::Project(project) = trash[0].kind else { panic!("{trash:?}") };
        store.restore_project(project).unwrap();
        assert_eq!(store.search("sea", 9).unwrap().len(), 2);
    }
}

#[test]
fn what_the_second_version_brought_is_there_too() {
    for (_folder, path) in &old()[1..] {
        whats_elsewhere(&Store::open(path, &the_key()).unwrap());
    }
}

fn whats_elsewhere(store: &Store) {
    let project = &store.projects().unwrap()[0];
    let talk = &store.conversations().unwrap()[0];
    let choice = CloudChoice { provider: "huggingface".into(), model: "org/model:novita".into() };
    assert_eq!(project.cloud.as_ref(), Some(&choice));
    assert_eq!(talk.leaving, Leaving::To(choice));
    assert_eq!(project.monthly_cap, Some(NanoUsd(5_000_000_000)));
    let subject = Subject::Conversation(talk.id);
    let agreement = store.agreement(subject, Some(project.id), "https://a.example", "m").unwrap().unwrap();
    assert_eq!(agreement.kinds, [ContentKind::Messages].into());
    let attached = &store.attached(talk.id).unwrap()[0];
    assert_eq!((attached.path.file_name().unwrap().to_str(), attached.width), (Some("0123.png"), 640));
    let entry = &store.ledger(0, i64::MAX).unwrap()[0];
    assert_eq!((entry.subject, entry.cost), (Some(subject), Cost::Computed(NanoUsd(123_000))));
    assert!(entry.ended_at.is_some());
    let line = &store.journal(None, 9).unwrap()[0].entry;
    assert_eq!((&*line.recipient, line.subject), ("A provider", Some(subject)));
}

#[test]
fn what_the_fourth_version_brought_is_there_too() {
    let copies = old();
    let (_folder, path) = &copies[3];
    let store = Store::open(path, &the_key()).unwrap();
    assert!(store.promises().unwrap().offline_lock);
    let values = store.values().unwrap();
    assert_eq!((&*values["theme"], &*values["candle_light"]), ("\"dark\"", "true"));
}

#[test]
fn what_the_fifth_version_left_open_costs_its_ceiling() {
    let copies = old();
    let (_folder, path) = &copies[4];
    let store = Store::open(path, &the_key()).unwrap();
    let project = store.projects().unwrap()[0].id;
    let entries = store.ledger(0, i64::MAX).unwrap();
    assert_eq!((entries[1].ended_at, entries[1].cost), (None, Cost::UpperBound(NanoUsd(200_000))));
    let budget = store.budget(Some(project), 0).unwrap();
    assert_eq!((budget.limit, budget.spent), (Some(NanoUsd(5_000_000_000)), NanoUsd(323_000)));
}

#[test]
fn pages_come_with_their_words_comments_and_versions() {
    for (_folder, path) in &old()[6..] {
        let store = Store::open(path, &the_key()).unwrap();
        let road = store.projects().unwrap()[0].id;
        let pages = store.pages().unwrap();
        let titles: Vec<_> = pages.iter().map(|page| (&*page.title, page.project, &*page.part)).collect();
        assert_eq!(
            titles,
            [("", None, ""), ("The lamp", Some(road), "Part I"), ("The road", Some(road), "")]
        );
        let (lamp, document) = store.open_page(pages[1].id).unwrap();
        assert_eq!((lamp.revision, lamp.words, lamp.goal), (1, 8, 500));
        assert_eq!(document.text(), "The lamp was out.\n\n東京 🌊\n\nMirela climbed.");
        assert_eq!(document.comments()[0].text, "Why?");
        let versions = store.versions(lamp.id).unwrap();
        assert_eq!((versions.len(), versions[0].name.as_deref()), (1, Some("First draft")));
        assert_eq!(store.version(versions[0].id).unwrap().1.text(), "The lamp was out.\n\n東京 🌊");
        for (query, hits) in [("climbed", 1), ("東京", 1), ("lamp", 1), ("brief", 1), ("the", 2)] {
            assert_eq!(store.search_pages(query, 9).unwrap().len(), hits, "{query}");
        }

        // And it is written on as a new one is.
        let step = Step { from: 0, delete: 2, insert: vec![] };
        store.save_page(lamp.id, 1, &step, 1_795_348_900_000).unwrap();
        store.rename_page(lamp.id, "Ladder").unwrap();
        assert!(store.search_pages("lamp", 9).unwrap().is_empty());
        let found = store.search_pages("ladder climbed", 9).unwrap();
        assert_eq!(found.iter().map(|hit| hit.page).collect::<Vec<_>>(), [lamp.id]);
        whole_is_the_index_of_pages(path);
        store.trash_page(lamp.id, 1_795_348_900_001).unwrap();
        store.empty_trash().unwrap();
        assert!(store.search_pages("climbed", 9).unwrap().is_empty());
        whole_is_the_index_of_pages(path);
    }
}

fn whole_is_the_index_of_pages(path: &Path) {
    let check = "INSERT INTO page_words (page_words, rank) VALUES ('integrity-check', 1)";
    opened(path).execute(check, []).unwrap();
}

#[test]
fn what_the_user_put_in_order_stays_so() {
    let copies = old();
    let position = |copy: &(TempDir, PathBuf)| {
        let store = Store::open(&copy.1, &the_key()).unwrap();
        let mut held: Vec<_> = store
            .pages()
            .unwrap()
            .into_iter()
            .filter(|page| page.project.is_some())
            .map(|page| (Some(page.position), page.title))
            .collect();
        let talks = store.conversations().unwrap().into_iter().filter(|talk| talk.project.is_some());
        held.extend(talks.map(|talk| (talk.position, talk.title)));
        held.sort();
        held.into_iter().map(|(at, title)| (at.is_some(), title)).collect::<Vec<_>>()
    };
    let named = |names: [(bool, &str); 3]| names.map(|(placed, name)| (placed, name.to_owned())).to_vec();
    assert_eq!(
        position(&copies[6]),
        named([(false, "Opening lines"), (true, "The lamp"), (true, "The road")])
    );
    assert_eq!(
        position(&copies[7]),
        named([(true, "The lamp"), (true, "Opening lines"), (true, "The road")])
    );
}

#[test]
fn what_was_switched_off_and_how_a_project_is_written_stays_so() {
    for (nth, (_folder, path)) in old().iter().enumerate() {
        let store = Store::open(path, &the_key()).unwrap();
        let (talk, project) = (&store.conversations().unwrap()[1], &store.projects().unwrap()[0]);
        let kept = (talk.left_out.iter().copied().collect::<Vec<_>>(), project.mood, &*project.banned);
        if nth < 8 {
            assert_eq!(kept, (vec![], None, &[] as &[String]), "nobody had said anything");
        } else {
            let banned = ["a testament to".to_owned(), "delve".to_owned()];
            let left_out = vec![ChatPart::Notes, ChatPart::Earlier];
            assert_eq!(kept, (left_out, Some(Mood::Imaginative), &banned[..]));
        }
    }
}

#[test]
fn what_an_earlier_version_promised_has_still_to_be_read() {
    for (_folder, path) in &old()[..3] {
        let values = Store::open(path, &the_key()).unwrap().values().unwrap();
        assert_eq!(values.get("settings_file").map(|value| &**value), Some("\"to be read\""));
    }
}

#[test]
fn the_index_of_words_holds_each_message_once() {
    for (_folder, path) in old() {
        let store = Store::open(&path, &the_key()).unwrap();
        // What was being written has no words in the index before.
        store.mark_interrupted().unwrap();
        drop(store);
        let connection = opened(&path);
        let check = "INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)";
        connection.execute(check, []).unwrap();
    }
}

/// This also notices an edit of a migration that has shipped.
#[test]
fn an_old_database_becomes_what_a_new_one_is() {
    let schema = |path: &Path| -> Vec<(String, Option<String>)> {
        drop(Store::open(path, &the_key()).unwrap());
        let connection = opened(path);
        let mut statement = connection.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let new = schema(&folder.path().join("sotto.db"));
    for (_folder, path) in old() {
        assert_eq!(schema(&path), new);
    }
}
