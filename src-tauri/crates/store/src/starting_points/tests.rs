use super::*;
use crate::tests::empty;

const EDITOR: BuiltIn =
    BuiltIn { key: "line-editor", name: "Line editor", description: "Tightens prose", instructions: "Cut." };
const NAMES: BuiltIn =
    BuiltIn { key: "names", name: "Names", description: "Finds names", instructions: "List names." };

fn names(store: &Store) -> Vec<String> {
    store.starting_points().unwrap().into_iter().map(|point| point.name).collect()
}

#[test]
fn built_in_ones_come_first_in_their_order_then_the_users_own() {
    let (_folder, store) = empty();
    store.seed_starting_points(&[EDITOR]).unwrap();
    store.create_starting_point("Mine", "For me", "Be me.").unwrap();
    // A later version brings one more.
    store.seed_starting_points(&[EDITOR, NAMES]).unwrap();
    assert_eq!(names(&store), ["Line editor", "Names", "Mine"]);
    let keys: Vec<_> = store.starting_points().unwrap().into_iter().map(|point| point.built_in).collect();
    assert_eq!(keys, [Some("line-editor".into()), Some("names".into()), None]);
}

#[test]
fn the_users_edits_of_a_built_in_one_stay() {
    let (_folder, store) = empty();
    store.seed_starting_points(&[EDITOR, NAMES]).unwrap();
    let editor = store.starting_points().unwrap().remove(0);
    store.update_starting_point(editor.id, "Stern editor", "Cuts", "Cut more.").unwrap();
    store.seed_starting_points(&[EDITOR, NAMES]).unwrap();
    let kept = store.starting_points().unwrap().remove(0);
    assert_eq!(
        (&*kept.name, &*kept.description, &*kept.instructions, kept.built_in.as_deref()),
        ("Stern editor", "Cuts", "Cut more.", Some("line-editor"))
    );
    assert_eq!(names(&store).len(), 2);
}

#[test]
fn the_users_own_can_be_deleted_and_a_built_in_one_cannot() {
    let (_folder, store) = empty();
    store.seed_starting_points(&[EDITOR]).unwrap();
    let editor = store.starting_points().unwrap().remove(0).id;
    let mine = store.create_starting_point("Mine", "For me", "Be me.").unwrap();
    assert_eq!(store.starting_points().unwrap()[1], mine);
    assert!(matches!(store.delete_starting_point(editor), Err(StoreError::BuiltIn)));
    store.delete_starting_point(mine.id).unwrap();
    assert_eq!(names(&store), ["Line editor"]);
    assert!(matches!(store.delete_starting_point(mine.id), Err(StoreError::NotFound)));
    assert!(matches!(store.update_starting_point(mine.id, "", "", ""), Err(StoreError::NotFound)));
}
