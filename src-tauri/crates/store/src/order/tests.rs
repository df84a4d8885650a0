use sotto_manuscript::Document;

use super::*;
use crate::tests::empty;

fn named(store: &Store, project: Option<ProjectId>) -> Vec<(i64, String)> {
    let mut all: Vec<_> = store
        .pages()
        .unwrap()
        .into_iter()
        .filter(|page| page.project == project)
        .map(|page| (page.position, format!("{}/{}", page.part, page.title)))
        .collect();
    let talks = store.conversations().unwrap().into_iter().filter(|talk| talk.project == project);
    all.extend(talks.filter_map(|talk| Some((talk.position?, talk.title))));
    all.sort();
    all
}

fn page(store: &Store, project: Option<ProjectId>, title: &str) -> PageId {
    store.create_page(project, title, &Document::default(), 1).unwrap().id
}

#[test]
fn pages_and_conversations_of_a_project_stand_in_one_order() {
    let (_folder, store) = empty();
    let road = Some(store.create_project("Road", 1).unwrap().id);
    let (one, two) = (page(&store, road, "One"), page(&store, road, "Two"));
    let elsewhere = page(&store, None, "Elsewhere");
    let talk = store.create_conversation(road, "", 1).unwrap().id;
    store.rename_conversation(talk, "Talk").unwrap();
    assert_eq!(store.conversation(talk).unwrap().position, None, "nobody placed it");

    let order = [
        Ordered::Page(two, "Part I".into()),
        Ordered::Conversation(talk),
        Ordered::Page(one, String::new()),
        Ordered::Page(elsewhere, "Part I".into()),
    ];
    store.arrange(road, &order).unwrap();
    let is = |expected: &[(i64, &str)]| {
        let expected: Vec<_> = expected.iter().map(|(at, name)| (*at, (*name).to_owned())).collect();
        assert_eq!(named(&store, road), expected);
    };
    is(&[(1, "Part I/Two"), (2, "Talk"), (3, "/One")]);
    assert_eq!(store.page(elsewhere).unwrap().part, "", "of another project");

    // What is made of a page stands right behind it, and what is new behind all.
    store.duplicate_page(two, "Two, variant", 2).unwrap();
    page(&store, road, "Three");
    is(&[(1, "Part I/Two"), (2, "Part I/Two, variant"), (3, "Talk"), (4, "/One"), (5, "/Three")]);

    // Of its place in one project nothing holds in another.
    store.move_conversation(talk, None).unwrap();
    assert_eq!(store.conversation(talk).unwrap().position, None);
}

#[test]
fn an_order_that_is_set_again_tells_nobody() {
    let (_folder, store) = empty();
    let one = page(&store, None, "One");
    let order = [Ordered::Page(one, "Part".into())];
    store.arrange(None, &order).unwrap();
    let (tell, heard) = std::sync::mpsc::channel();
    store.listen(move |changed| tell.send(changed.to_vec()).unwrap());
    store.arrange(None, &order).unwrap();
    assert!(heard.try_recv().is_err());
}
