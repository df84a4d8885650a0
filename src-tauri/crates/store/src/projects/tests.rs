use super::*;
use crate::tests::empty;

#[test]
fn a_project_has_a_mood_and_phrases_of_its_own() {
    let (_folder, store) = empty();
    let made = store.create_project("The Salt Road", 1).unwrap();
    assert_eq!((made.mood, &*made.banned), (None, &[] as &[String]));
    let other = store.create_project("Café Nord", 2).unwrap();

    store.set_project_mood(made.id, Some(Mood::Imaginative)).unwrap();
    for phrase in ["a testament to", "delve", "DELVE", " in\nthe end "] {
        store.ban_in_project(made.id, phrase, true).unwrap();
    }
    store.ban_in_project(made.id, "Delve", false).unwrap();
    let kept = store.project(made.id).unwrap();
    assert_eq!(kept.mood, Some(Mood::Imaginative));
    assert_eq!(kept.banned, ["a testament to", "in the end"]);
    assert_eq!(store.project(other.id).unwrap(), other, "the other one stays as it was");

    store.set_project_mood(made.id, None).unwrap();
    assert_eq!(store.project(made.id).unwrap().mood, None);
}

#[test]
fn nothing_is_said_of_a_project_that_is_not_there() {
    let (_folder, store) = empty();
    let nowhere = ProjectId(9);
    assert!(store.set_project_mood(nowhere, Some(Mood::Precise)).is_err());
    assert!(store.ban_in_project(nowhere, "delve", true).is_err());
}
