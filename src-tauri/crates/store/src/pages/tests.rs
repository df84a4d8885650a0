use std::sync::Arc;

use sotto_manuscript::{Block, How, Inline, Mark, Origin};

use super::*;
use crate::key::tests::the_key;
use crate::tests::empty;
use crate::{Ordered, TrashKind};

pub(crate) fn paragraph(text: &str) -> Block {
    Block::Paragraph { content: vec![Inline::Text { text: text.into(), marks: vec![] }] }
}

fn by_model(text: &str) -> Block {
    let attrs = Origin { how: How::ModelHere, who: Some("Ministral".into()), edited: false };
    Block::Paragraph {
        content: vec![Inline::Text { text: text.into(), marks: vec![Mark::Origin { attrs }] }],
    }
}

pub(crate) fn page_of(store: &Store, texts: &[&str]) -> PageId {
    let document = Document { blocks: texts.iter().map(|text| paragraph(text)).collect() };
    store.create_page(None, "", &document, 1).unwrap().id
}

fn put(from: usize, delete: usize, insert: Vec<Block>) -> Step {
    Step { from, delete, insert }
}

fn text(store: &Store, id: PageId) -> String {
    store.open_page(id).unwrap().1.text()
}

#[test]
fn a_change_is_there_for_whoever_opens_the_page_next() {
    let (folder, store) = empty();
    let page = page_of(&store, &["One", "Two"]);
    assert_eq!(store.save_page(page, 0, &put(1, 1, vec![paragraph("Three")]), 7).unwrap(), 1);
    // A second process, which may be one after a kill.
    let other = Store::open(&folder.path().join("sotto.db"), &the_key()).unwrap();
    let (read, document) = other.open_page(page).unwrap();
    assert_eq!((read.revision, read.updated_at), (1, 7));
    assert_eq!(document.text(), "One\n\nThree");
}

#[test]
fn nobody_writes_over_what_they_have_not_read() {
    let (folder, store) = empty();
    let other = Store::open(&folder.path().join("sotto.db"), &the_key()).unwrap();
    let page = page_of(&store, &["One"]);
    store.save_page(page, 0, &put(0, 1, vec![paragraph("Mine")]), 2).unwrap();
    let stale = other.save_page(page, 0, &put(0, 1, vec![paragraph("Theirs")]), 3);
    assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
    assert_eq!(text(&store, page), "Mine");
    other.save_page(page, 1, &put(1, 0, vec![paragraph("Theirs")]), 3).unwrap();
    assert_eq!(text(&store, page), "Mine\n\nTheirs");
}

#[test]
fn of_many_who_write_at_once_each_change_is_taken_once_or_refused() {
    let (folder, store) = empty();
    let page = page_of(&store, &["Begin"]);
    let path = Arc::new(folder.path().join("sotto.db"));
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let path = path.clone();
            std::thread::spawn(move || {
                let store = Store::open(&path, &the_key()).unwrap();
                let mut written = 0;
                while written < 25 {
                    let revision = store.page(page).unwrap().revision;
                    let word = format!("{writer}-{written}");
                    match store.save_page(page, revision, &put(0, 0, vec![paragraph(&word)]), 1) {
                        Ok(_) => written += 1,
                        Err(StoreError::Stale) => {}
                        Err(error) => panic!("{error:?}"),
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    let (read, document) = store.open_page(page).unwrap();
    assert_eq!((read.revision, document.blocks.len()), (100, 101));
    for writer in 0..4 {
        for nth in 0..25 {
            assert_eq!(
                document
                    .blocks
                    .iter()
                    .filter(|block| **block == paragraph(&format!("{writer}-{nth}")))
                    .count(),
                1
            );
        }
    }
}

#[test]
fn what_waits_is_folded_and_the_page_stays_the_same() {
    let (_folder, store) = empty();
    let page = page_of(&store, &["Begin"]);
    for nth in 0..200 {
        store.save_page(page, nth, &put(0, 0, vec![paragraph(&format!("word {nth}"))]), 1).unwrap();
    }
    let waiting = |store: &Store| -> i64 {
        store
            .read(|view| Ok(view.query_row("SELECT count(*) FROM page_steps", [], |row| row.get(0))?))
            .unwrap()
    };
    assert!(waiting(&store) < MOST_WAITING);
    let before = store.open_page(page).unwrap().1;
    assert_eq!(before.blocks.len(), 201);
    assert_eq!(store.pages().unwrap()[0].words, 401);
    assert_eq!(waiting(&store), 0);
    assert_eq!(store.open_page(page).unwrap().1, before);
}

#[test]
fn a_step_that_does_not_fit_is_refused_and_changes_nothing() {
    let (_folder, store) = empty();
    let page = page_of(&store, &["One"]);
    for step in [put(2, 0, vec![paragraph("x")]), put(0, 2, vec![]), put(0, 1, vec![])] {
        let refused = store.save_page(page, 0, &step, 1);
        assert!(matches!(refused, Err(StoreError::Document(DocumentError::OutOfPlace))), "{refused:?}");
    }
    assert_eq!((store.page(page).unwrap().revision, text(&store, page)), (0, "One".into()));
}

#[test]
fn a_page_that_is_too_long_takes_no_more_but_can_be_cut() {
    let (_folder, store) = empty();
    let page = page_of(&store, &["One"]);
    let long = paragraph(&"x".repeat(9_000_000));
    store.save_page(page, 0, &put(1, 0, vec![long.clone()]), 1).unwrap();
    let refused = store.save_page(page, 1, &put(2, 0, vec![long.clone()]), 1);
    assert!(matches!(refused, Err(StoreError::Document(DocumentError::TooLong))), "{refused:?}");
    store.save_page(page, 1, &put(1, 1, vec![paragraph("Two")]), 1).unwrap();
    assert_eq!(text(&store, page), "One\n\nTwo");
    let document = Document { blocks: vec![long.clone(), long] };
    assert!(store.create_page(None, "", &document, 1).is_err());
}

#[test]
fn pages_are_found_by_their_words_as_soon_as_they_are_written() {
    let (_folder, store) = empty();
    let page = page_of(&store, &["The keeper"]);
    store.rename_page(page, "Lighthouse").unwrap();
    store.save_page(page, 0, &put(0, 1, vec![paragraph("Søvn and salt, 東京では")]), 5).unwrap();
    let other = page_of(&store, &["salt"]);
    store.trash_page(other, 3).unwrap();
    for query in ["salt", "lighth", "sal", "東京"] {
        let hits = store.search_pages(query, 9).unwrap();
        assert_eq!(hits.iter().map(|hit| hit.page).collect::<Vec<_>>(), [page], "{query}");
        assert_eq!(hits[0].title, "Lighthouse");
    }
    assert_eq!(store.search_pages("salt", 9).unwrap()[0].snippet[1], "salt");
    for gone in ["keeper", "", "nowhere", "\" OR *"] {
        assert_eq!(store.search_pages(gone, 9).unwrap(), [], "{gone}");
    }
}

#[test]
fn pages_stand_in_the_order_that_they_were_put_in() {
    let (_folder, store) = empty();
    let project = store.create_project("The Salt Road", 0).unwrap().id;
    let make = |title: &str| store.create_page(Some(project), title, &Document::default(), 0).unwrap().id;
    let (one, two, three) = (make("One"), make("Two"), make("Three"));
    let titles = || store.pages().unwrap().into_iter().map(|page| page.title).collect::<Vec<_>>();
    assert_eq!(titles(), ["One", "Two", "Three"]);
    let order = |ids: &[PageId]| {
        let order: Vec<_> = ids.iter().map(|id| Ordered::Page(*id, String::new())).collect();
        store.arrange(Some(project), &order).unwrap();
    };
    order(&[three, one, two]);
    assert_eq!(titles(), ["Three", "One", "Two"]);
    order(&[one, two, three]);
    assert_eq!(titles(), ["One", "Two", "Three"]);
    store.move_page(one, None).unwrap();
    store.move_page(one, Some(project)).unwrap();
    assert_eq!(titles(), ["Two", "Three", "One"]);
}

#[test]
fn the_trash_gives_pages_back_and_lets_them_go() {
    let (_folder, store) = empty();
    let project = store.create_project("The Salt Road", 0).unwrap().id;
    let page = store.create_page(Some(project), "One", &Document::default(), 0).unwrap().id;
    let loose = page_of(&store, &["salt"]);
    store.trash_page(loose, 4).unwrap();
    store.trash_project(project, 5).unwrap();
    let kinds: Vec<_> = store.trash().unwrap().into_iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [TrashKind::Project(project), TrashKind::Page(loose)]);
    assert_eq!(store.pages().unwrap(), []);
    store.restore_page(page).unwrap();
    assert_eq!(store.pages().unwrap().len(), 1, "it left the project that is in the trash");
    store.move_page(page, None).unwrap();
    store.trash_page(page, 6).unwrap();
    store.restore_project(project).unwrap();
    store.save_page(loose, 0, &put(0, 0, vec![paragraph("pepper")]), 1).unwrap();
    store.take_version(loose, crate::Why::Opened, None, 1).unwrap();
    assert_eq!(store.empty_trash().unwrap(), 2);
    assert!(matches!(store.open_page(page), Err(StoreError::NotFound)));
    let left: i64 = store
        .read(|view| {
            let sql = "SELECT (SELECT count(*) FROM page_steps) + (SELECT count(*) FROM page_versions)";
            Ok(view.query_row(sql, [], |row| row.get(0))?)
        })
        .unwrap();
    assert_eq!(left, 0);
}

#[test]
fn a_hands_off_project_takes_no_models_text_by_any_way() {
    let (_folder, store) = empty();
    let project = store.create_project("By hand", 0).unwrap().id;
    let page = store.create_page(Some(project), "", &Document::default(), 0).unwrap().id;
    let before = put(0, 0, vec![by_model("It was late")]);
    store.save_page(page, 0, &before, 1).unwrap();
    store.set_hands_off(project, true).unwrap();
    assert!(store.hands_off(Some(project)).unwrap() && !store.hands_off(None).unwrap());

    let refused = |outcome: Result<()>| assert!(matches!(outcome, Err(StoreError::HandsOff)), "{outcome:?}");
    refused(store.save_page(page, 1, &put(0, 0, vec![by_model("Once")]), 1).map(drop));
    refused(store.save_page(page, 1, &put(0, 1, vec![by_model("It was very late")]), 1).map(drop));
    let made = Document { blocks: vec![by_model("New")] };
    refused(store.create_page(Some(project), "", &made, 1).map(drop));
    let elsewhere = store.create_page(None, "", &made, 1).unwrap().id;
    refused(store.move_page(elsewhere, Some(project)));

    // What was there before may go, and come back by an undo.
    store.save_page(page, 1, &put(0, 1, vec![]), 1).unwrap();
    store.save_page(page, 2, &before, 1).unwrap();
    store.save_page(page, 3, &put(0, 0, vec![paragraph("By hand")]), 1).unwrap();
}

#[test]
fn a_page_is_split_and_merged_again_and_the_text_is_the_same() {
    let (_folder, store) = empty();
    let project = store.create_project("Road", 1).unwrap().id;
    let document = Document { blocks: vec![paragraph("One"), by_model("Two"), paragraph("Three")] };
    let page = store.create_page(Some(project), "First", &document, 1).unwrap().id;
    let last = store.create_page(Some(project), "Last", &Document::default(), 1).unwrap().id;
    store.set_page_part(page, "Part one").unwrap();

    let stale = store.split_page(page, 7, 1, "", 2);
    assert!(matches!(stale, Err(StoreError::Stale)), "{stale:?}");
    for nowhere in [0, 3, 9] {
        assert!(matches!(store.split_page(page, 0, nowhere, "", 2), Err(StoreError::Document(_))));
    }
    let second = store.split_page(page, 0, 1, "Second", 2).unwrap();
    assert_eq!((second.part.as_str(), second.words), ("Part one", 2));
    assert_eq!(
        store.pages().unwrap().iter().map(|page| page.id).collect::<Vec<_>>(),
        [page, second.id, last]
    );
    assert_eq!((text(&store, page), text(&store, second.id)), ("One".into(), "Two\n\nThree".into()));
    // Whoever has it open finds another revision.
    let base = store.page(page).unwrap().revision;
    assert_eq!(base, 1);

    assert_eq!(store.merge_page(page, base, 3).unwrap(), 2);
    assert_eq!(store.open_page(page).unwrap().1, document);
    assert_eq!(store.trash().unwrap()[0].kind, TrashKind::Page(second.id));
    store.restore_page(second.id).unwrap();
    assert_eq!(text(&store, second.id), "Two\n\nThree");
    store.trash_page(second.id, 4).unwrap();
    store.merge_page(page, 2, 5).unwrap();
    assert!(matches!(store.merge_page(page, 3, 6), Err(StoreError::NotFound)), "the last has no next");
}

#[test]
fn a_variant_stands_behind_its_page_and_changes_alone() {
    let (_folder, store) = empty();
    let page = page_of(&store, &["One"]);
    let other = page_of(&store, &["Other"]);
    store.save_page(page, 0, &put(1, 0, vec![by_model("Two")]), 2).unwrap();
    let variant = store.duplicate_page(page, "One, again", 3).unwrap().id;
    assert_eq!(store.pages().unwrap().iter().map(|page| page.id).collect::<Vec<_>>(), [page, variant, other]);
    assert_eq!(store.open_page(variant).unwrap().1, store.open_page(page).unwrap().1);
    store.save_page(variant, 0, &put(0, 1, vec![paragraph("Changed")]), 4).unwrap();
    assert_eq!(text(&store, page), "One\n\nTwo");
}

#[test]
fn a_goal_and_own_commands_are_kept() {
    let (_folder, store) = empty();
    let page = page_of(&store, &["One"]);
    store.set_page_goal(page, 800).unwrap();
    assert_eq!(store.page(page).unwrap().goal, 800);
    let project = store.create_project("Road", 1).unwrap().id;
    store.add_page_command(Some(project), "Angrier", "Make her angrier").unwrap();
    store.add_page_command(None, "Dry", "Make it dry").unwrap();
    let names = |of| -> Vec<String> {
        store.page_commands(of).unwrap().into_iter().map(|command| command.name).collect()
    };
    assert_eq!((names(Some(project)), names(None)), (vec!["Angrier".into()], vec!["Dry".into()]));
    let id = store.page_commands(None).unwrap()[0].id;
    store.remove_page_command(id).unwrap();
    assert!(names(None).is_empty());
    store.trash_project(project, 2).unwrap();
    store.empty_trash().unwrap();
    assert!(names(Some(project)).is_empty());
}
