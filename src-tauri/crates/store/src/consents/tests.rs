use sotto_domain::ContentKind::{Messages, Notes};
use sotto_domain::Leaving;

use super::*;
use crate::tests::empty;

const NOW: i64 = 1_795_348_800_000;
const HUB: &str = "https://router.example";

fn agree(
    store: &Store,
    subject: Subject,
    kinds: &[ContentKind],
    left_out: &[&str],
    now: Timestamp,
) -> Result<()> {
    let agreement = NewAgreement {
        subject,
        origin: HUB.into(),
        model: "m".into(),
        kinds: kinds.to_vec(),
        left_out: left_out.iter().map(|key| key.parse().unwrap()).collect(),
    };
    store.agree(&agreement, now)
}

#[test]
fn an_agreement_is_read_back_with_what_was_struck_out() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", NOW).unwrap().id;
    agree(&store, Subject::Conversation(talk), &[Notes, Messages], &["message:3"], NOW).unwrap();
    let agreement = store.agreement(Subject::Conversation(talk), None, HUB, "m").unwrap().unwrap();
    assert_eq!(agreement.kinds, BTreeSet::from([Messages, Notes]));
    assert_eq!(agreement.left_out, [PartKey::Message(sotto_domain::MessageId(3))]);
}

#[test]
fn agreeing_to_one_place_and_model_is_not_agreeing_to_another() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", NOW).unwrap().id;
    agree(&store, Subject::Conversation(talk), &[Messages], &[], NOW).unwrap();
    assert_eq!(
        store.agreement(Subject::Conversation(talk), None, "https://other.example", "m").unwrap(),
        None
    );
    assert_eq!(store.agreement(Subject::Conversation(talk), None, HUB, "m:backend").unwrap(), None);
    let another = store.create_conversation(None, "", NOW).unwrap().id;
    assert_eq!(store.agreement(Subject::Conversation(another), None, HUB, "m").unwrap(), None);
}

#[test]
fn what_is_remembered_for_a_project_holds_for_its_talks_until_it_is_taken_back() {
    let (_folder, store) = empty();
    let project = store.create_project("The Salt Road", NOW).unwrap().id;
    let talk = store.create_conversation(Some(project), "", NOW).unwrap().id;
    agree(&store, Subject::Project(project), &[Messages], &[], NOW).unwrap();
    assert!(store.agreement(Subject::Conversation(talk), Some(project), HUB, "m").unwrap().is_some());
    assert!(
        store.agreement(Subject::Conversation(talk), None, HUB, "m").unwrap().is_none(),
        "it has left the project"
    );
    store.set_project_leaving(project, None, None).unwrap();
    assert!(store.agreement(Subject::Conversation(talk), Some(project), HUB, "m").unwrap().is_none());
}

#[test]
fn what_was_said_of_the_conversation_goes_before_what_was_said_of_its_project() {
    let (_folder, store) = empty();
    let project = store.create_project("The Salt Road", NOW).unwrap().id;
    let talk = store.create_conversation(Some(project), "", NOW).unwrap().id;
    agree(&store, Subject::Conversation(talk), &[Messages], &["notes"], NOW).unwrap();
    agree(&store, Subject::Project(project), &[Messages, Notes], &[], NOW + 1).unwrap();
    let agreement = store.agreement(Subject::Conversation(talk), Some(project), HUB, "m").unwrap().unwrap();
    assert_eq!(agreement.left_out, [PartKey::Notes]);
}

#[test]
fn what_is_deleted_takes_what_was_agreed_for_it_along() {
    let (_folder, store) = empty();
    let project = store.create_project("The Salt Road", NOW).unwrap().id;
    let talk = store.create_conversation(None, "", NOW).unwrap().id;
    for subject in [Subject::Conversation(talk), Subject::Project(project)] {
        agree(&store, subject, &[Messages], &[], NOW).unwrap();
    }
    store.trash_conversation(talk, NOW).unwrap();
    store.trash_project(project, NOW).unwrap();
    store.empty_trash().unwrap();
    let left: i64 = store.lock().query_row("SELECT count(*) FROM consents", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
    let nobodys = agree(&store, Subject::Conversation(talk), &[Messages], &[], NOW);
    assert!(matches!(nobodys, Err(crate::StoreError::NotFound)), "{nobodys:?}");
}

#[test]
fn who_says_that_it_never_leaves_takes_back_what_was_agreed_in_the_same_step() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", NOW).unwrap().id;
    let agreed = || store.agreement(Subject::Conversation(talk), None, HUB, "m").unwrap().is_some();
    agree(&store, Subject::Conversation(talk), &[Messages], &[], NOW).unwrap();
    store.set_leaving(talk, &Leaving::AsItsProject).unwrap();
    assert!(agreed());
    let fails = "CREATE TRIGGER t BEFORE DELETE ON consents BEGIN SELECT RAISE(ABORT, 'full'); END";
    store.lock().execute_batch(fails).unwrap();
    assert!(store.set_leaving(talk, &Leaving::Never).is_err());
    assert_eq!(store.conversation(talk).unwrap().leaving, Leaving::AsItsProject);
    store.lock().execute_batch("DROP TRIGGER t").unwrap();
    store.set_leaving(talk, &Leaving::Never).unwrap();
    assert!(!agreed());
}

#[test]
fn an_agreement_that_leaves_out_what_nobody_knows_is_not_read_as_one_that_leaves_out_less() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", NOW).unwrap().id;
    agree(&store, Subject::Conversation(talk), &[Messages], &["notes"], NOW).unwrap();
    store.lock().execute("UPDATE consents SET left_out = 'notes,of_a_newer_version'", []).unwrap();
    let read = store.agreement(Subject::Conversation(talk), None, HUB, "m");
    assert!(matches!(read, Err(crate::StoreError::Damaged)), "{read:?}");
}
