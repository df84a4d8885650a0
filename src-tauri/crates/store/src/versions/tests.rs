use super::*;
use crate::pages::tests::{page_of, paragraph};
use crate::tests::empty;

fn write(store: &Store, page: PageId, from: usize, text: &str) {
    let revision = store.page(page).unwrap().revision;
    let step = Step { from, delete: 0, insert: vec![paragraph(text)] };
    store.save_page(page, revision, &step, 1).unwrap();
}

#[test]
fn every_version_comes_back_as_it_was() {
    let (_folder, store) = empty();
    let page = page_of(&store, &["Begin"]);
    let mut documents = vec![];
    for nth in 0..80_u32 {
        write(&store, page, nth as usize % 3, &format!("word {nth}"));
        store.take_version(page, Why::Working, None, nth.into()).unwrap();
        documents.push(store.open_page(page).unwrap().1);
    }
    let versions = store.versions(page).unwrap();
    assert_eq!(versions.len(), 80);
    for (version, document) in versions.iter().rev().zip(documents) {
        assert_eq!(store.version(version.id).unwrap(), (page, document));
    }
}

#[test]
fn what_did_not_change_is_no_new_version_but_can_be_named() {
    let (_folder, store) = empty();
    let page = page_of(&store, &["Begin"]);
    store.take_version(page, Why::Opened, None, 1).unwrap();
    store.take_version(page, Why::Closed, None, 2).unwrap();
    assert_eq!(store.versions(page).unwrap().len(), 1);
    store.take_version(page, Why::Named, Some("First draft"), 3).unwrap();
    let versions = store.versions(page).unwrap();
    assert_eq!(
        (versions.len(), versions[0].name.as_deref(), versions[0].why),
        (1, Some("First draft"), Why::Named)
    );
}

#[test]
fn versions_thin_out_with_age_and_what_stays_is_whole() {
    let (_folder, store) = empty();
    let page = page_of(&store, &["Begin"]);
    let mut documents = std::collections::HashMap::new();
    // Four an hour for ten days.
    for nth in 0..10 * 24 * 4_i64 {
        let at = nth * HOUR / 4;
        write(&store, page, usize::try_from(nth % 2).unwrap(), &format!("word {nth}"));
        let name = (nth == 17).then_some("Kept");
        store.take_version(page, Why::Working, name, at).unwrap();
        documents.insert(at, store.open_page(page).unwrap().1);
    }
    let versions = store.versions(page).unwrap();
    let now = versions[0].at;
    let young = |days: i64| versions.iter().filter(|one| now - one.at < days * DAY).count();
    assert_eq!(young(1), 96);
    assert!((96 + 6 * 24..=96 + 6 * 24 + 2).contains(&young(7)), "{}", young(7));
    assert!((3..=6).contains(&(versions.len() - young(7))), "{}", versions.len() - young(7));
    assert!(versions.iter().any(|one| one.name.as_deref() == Some("Kept")));
    for version in &versions {
        assert_eq!(store.version(version.id).unwrap().1, documents[&version.at]);
    }
}

#[test]
fn five_hundred_versions_of_a_long_page_take_less_than_twenty_times_its_text() {
    let (_folder, store) = empty();
    let sentence = "It was late, and the road was long and white with salt. ".repeat(8);
    let texts: Vec<&str> = (0..520).map(|_| sentence.as_str()).collect();
    let page = page_of(&store, &texts);
    let mut versions = 0;
    for nth in 0..500_usize {
        write(&store, page, (nth * 7) % 500, "A word more.");
        store.take_version(page, Why::Working, None, 1).unwrap();
        versions += 1;
    }
    assert_eq!((store.versions(page).unwrap().len(), versions), (500, 500));
    let (kept, text): (i64, i64) = store
        .read(|view| {
            let sql =
                "SELECT (SELECT sum(length(blocks)) FROM page_versions), (SELECT length(text) FROM page_documents)";
            Ok(view.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
        })
        .unwrap();
    assert!(kept < text * 20, "{kept} bytes for {text} letters: {} times", kept / text);
}
