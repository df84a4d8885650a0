use std::fs;

use sotto_manuscript::{Block, Document, Fit, Inline, Step};

use super::*;
use crate::Why;
use crate::tests::empty;

/// A picture that lies in the folder, and its block.
fn picture(store: &Store, digit: &str) -> (Picture, Block) {
    fs::create_dir_all(store.pictures_folder()).unwrap();
    let file = format!("{}.png", digit.repeat(64));
    let path = store.pictures_folder().join(&file);
    fs::write(&path, digit).unwrap();
    let attrs = sotto_manuscript::Picture {
        file,
        width: 640,
        height: 480,
        alt: "A lamp".into(),
        caption: String::new(),
        fit: Fit::Text,
        cover: false,
    };
    (Picture { id: None, path, width: 640, height: 480 }, Block::Picture { attrs })
}

fn words(text: &str) -> Block {
    Block::Paragraph { content: vec![Inline::Text { text: text.into(), marks: vec![] }] }
}

fn put(store: &Store, page: PageId, from: usize, delete: usize, insert: Vec<Block>) {
    let revision = store.page(page).unwrap().revision;
    store.save_page(page, revision, &Step { from, delete, insert }, 1).unwrap();
}

fn page(store: &Store, blocks: Vec<Block>) -> PageId {
    store.create_page(None, "", &Document { blocks }, 1).unwrap().id
}

fn delete(store: &Store, page: PageId) {
    store.trash_page(page, 2).unwrap();
    store.empty_trash().unwrap();
}

#[test]
fn a_picture_goes_with_the_last_page_that_holds_it() {
    let (_folder, store) = empty();
    let (file, block) = picture(&store, "a");
    let one = page(&store, vec![words("One")]);
    store.keep_picture(one, &file).unwrap();
    put(&store, one, 1, 0, vec![block]);
    let copy = store.duplicate_page(one, "", 2).unwrap().id;
    delete(&store, one);
    assert!(file.path.exists(), "the copy shows it");
    delete(&store, copy);
    assert!(!file.path.exists());
}

#[test]
fn what_is_pasted_or_split_off_or_merged_is_held_by_the_page_it_came_to() {
    let (_folder, store) = empty();
    let (file, block) = picture(&store, "a");
    let one = page(&store, vec![words("One"), block.clone()]);
    let two = page(&store, vec![words("Two")]);
    put(&store, two, 1, 0, vec![block]);
    let revision = store.page(one).unwrap().revision;
    let split = store.split_page(one, revision, 1, "", 2).unwrap().id;
    delete(&store, one);
    delete(&store, two);
    assert!(file.path.exists(), "what was split off shows it");
    let first = page(&store, vec![words("First")]);
    let ordered = [first, split].map(|id| crate::Ordered::Page(id, String::new()));
    store.arrange(None, &ordered).unwrap();
    let revision = store.page(first).unwrap().revision;
    store.merge_page(first, revision, 3).unwrap();
    store.empty_trash().unwrap();
    assert!(file.path.exists(), "the page that it was merged into shows it");
    delete(&store, first);
    assert!(!file.path.exists());
}

#[test]
fn a_picture_that_was_taken_out_stays_while_a_version_shows_it() {
    let (_folder, store) = empty();
    let ((kept, shown), (gone, once)) = (picture(&store, "a"), picture(&store, "b"));
    let id = page(&store, vec![words("One"), shown]);
    store.take_version(id, Why::Named, Some("With it"), 2).unwrap();
    put(&store, id, 1, 1, vec![once]);
    put(&store, id, 1, 1, vec![words("Two")]);
    store.take_version(id, Why::Closed, None, 3).unwrap();
    // What waits beside the page names it still.
    store.let_go_of_pictures().unwrap();
    assert!(kept.path.exists() && gone.path.exists());
    store.pages().unwrap();
    store.let_go_of_pictures().unwrap();
    assert!(kept.path.exists(), "a version shows it");
    assert!(!gone.path.exists(), "nothing shows it any more");
    let versions = store.versions(id).unwrap();
    assert_eq!(store.version(versions[1].id).unwrap().1.pictures().len(), 1);
}

#[test]
fn the_pictures_of_pages_lie_with_no_draft() {
    let (_folder, store) = empty();
    let (file, block) = picture(&store, "a");
    let id = page(&store, vec![block]);
    store.keep_picture(id, &file).unwrap();
    assert_eq!(store.with_pictures_waiting().unwrap().len(), 0);
    fs::remove_file(&file.path).unwrap();
    assert!(matches!(store.keep_picture(id, &file), Err(StoreError::NotFound)));
    assert_eq!(store.picture_file("../sotto.db"), None);
}

#[test]
fn a_page_comes_back_out_of_a_backup_with_its_pictures() {
    let (_folder, store) = empty();
    let (file, block) = picture(&store, "a");
    let id = page(&store, vec![words("One"), block]);
    let away = tempfile::tempdir().unwrap();
    let backup = away.path().join("one.backup");
    store.back_up(&backup).unwrap();
    delete(&store, id);
    assert!(!file.path.exists());
    store.merge(&backup, None).unwrap();
    assert_eq!(fs::read_to_string(&file.path).unwrap(), "a");
    let again = store.pages().unwrap()[0].id;
    store.let_go_of_pictures().unwrap();
    assert!(file.path.exists(), "the page that came back holds it");
    delete(&store, again);
    assert!(!file.path.exists());
}
