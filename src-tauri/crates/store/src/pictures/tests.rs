use sotto_domain::{MessageState, Role};

use super::*;
use crate::NewMessage;
use crate::tests::empty;

const NOW: i64 = 1_795_348_800_000;

fn picture(store: &Store, name: &str) -> Picture {
    fs::create_dir_all(store.pictures_folder()).unwrap();
    let path = store.pictures_folder().join(name);
    fs::write(&path, name).unwrap();
    Picture { id: None, path, width: 640, height: 480 }
}

fn paths(pictures: &[Picture]) -> Vec<&PathBuf> {
    pictures.iter().map(|picture| &picture.path).collect()
}

fn message(conversation: ConversationId, pictures: Vec<Picture>) -> NewMessage {
    NewMessage {
        conversation,
        parent: None,
        role: Role::User,
        text: "Look".into(),
        state: MessageState::Complete,
        made: None,
        pictures,
    }
}

#[test]
fn what_lies_with_a_draft_stays_until_it_is_taken_away() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", NOW).unwrap().id;
    let (one, two) = (picture(&store, "1.png"), picture(&store, "2.png"));
    let first = store.attach(talk, &one).unwrap();
    store.attach(talk, &two).unwrap();
    store.detach(talk, first.id.unwrap()).unwrap();
    let left = store.attached(talk).unwrap();
    assert_eq!(paths(&left), [&two.path]);
    assert_eq!(store.one_picture(left[0].id.unwrap()).unwrap(), left[0]);
    store.detach_all(talk).unwrap();
    assert_eq!(store.attached(talk).unwrap(), []);
}

#[test]
fn a_message_shows_its_pictures_in_order_wherever_it_is_read() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", NOW).unwrap().id;
    let pictures = vec![picture(&store, "b.png"), picture(&store, "a.png")];
    let id = store.add_message(message(talk, pictures.clone()), NOW).unwrap().id;
    let shown = store.message(id).unwrap().pictures;
    assert_eq!(paths(&shown), paths(&pictures));
    assert_eq!(store.branch(talk).unwrap()[0].message.pictures, shown);
    assert_eq!(store.path_to(id).unwrap()[0].pictures, shown);
}

#[test]
fn a_file_goes_when_the_last_message_that_shows_it_is_gone() {
    let (_folder, store) = empty();
    let (kept, shared) = (picture(&store, "kept.png"), picture(&store, "shared.png"));
    let one = store.create_conversation(None, "", NOW).unwrap().id;
    let two = store.create_conversation(None, "", NOW).unwrap().id;
    store.add_message(message(one, vec![kept.clone(), shared.clone()]), NOW).unwrap();
    store.add_message(message(two, vec![shared.clone()]), NOW).unwrap();
    store.trash_conversation(one, NOW).unwrap();
    store.empty_trash().unwrap();
    assert!(!kept.path.exists(), "nothing shows it any more");
    assert!(shared.path.exists());
    store.trash_conversation(two, NOW).unwrap();
    store.empty_trash().unwrap();
    assert!(!shared.path.exists());
}
