//! How much of a file is read; docs/limits.md says the same in words.

use super::files::zipped;
use crate::{
    ImportError, Imported, TrackedChanges,
    archive::Archive,
    gathering::Gathering,
    import,
    limits::{LONGEST_FILE, LONGEST_PART, LONGEST_PARTS, MOST_ATTRIBUTES, MOST_PAGES, MOST_SENTENCES},
    xml::{Pieces, Xml},
};

#[test]
fn a_file_larger_than_a_book_is_not_read() {
    let length = usize::try_from(LONGEST_FILE).unwrap() + 1;
    assert_eq!(import("a.txt", &vec![0; length], TrackedChanges::Accept), Err(ImportError::TooLarge));
}

#[test]
fn an_archive_unpacks_to_no_more_than_a_book() {
    let part = " ".repeat(usize::try_from(LONGEST_PART).unwrap());
    let file = zipped(&[("a", &part)]);
    let mut archive = Archive::open(&file).unwrap();
    for _ in 0..LONGEST_PARTS / LONGEST_PART {
        assert_eq!(archive.bytes("a").unwrap().unwrap().len(), part.len());
    }
    assert_eq!(archive.bytes("a"), Err(ImportError::TooLarge));
}

#[test]
fn an_element_has_so_many_attributes() {
    let many: Vec<String> = (0..=MOST_ATTRIBUTES).map(|at| format!("a{at}='x'")).collect();
    let Some(Xml::Start(_, attributes)) = Pieces::new(&format!("<x {}/>", many.join(" "))).next() else {
        panic!()
    };
    assert_eq!(attributes.get(&format!("a{}", MOST_ATTRIBUTES - 1)), Some("x"));
    assert_eq!(attributes.get(&format!("a{MOST_ATTRIBUTES}")), None);
}

#[test]
fn a_file_becomes_so_many_pages_and_sentences() {
    let mut gathering =
        Gathering { name: "a", changes: TrackedChanges::Accept, imported: Imported::default() };
    for _ in 0..=MOST_PAGES {
        let mut builder = gathering.builder();
        builder.text("x");
        gathering.page("x", "", builder);
    }
    assert_eq!(gathering.imported.pages.len(), MOST_PAGES);
    assert_eq!(gathering.imported.left_out, [format!("Only the first {MOST_PAGES} pages were taken.")]);
    (0..2 * MOST_SENTENCES).for_each(|at| gathering.say(at.to_string()));
    assert_eq!(gathering.imported.left_out.len(), MOST_SENTENCES);
}
