use sotto_domain::{ProjectId, Role};

use super::*;
use crate::key::tests::the_key;

fn said(parent: Option<usize>, role: Role, text: &str, at: Timestamp) -> ImportedMessage {
    ImportedMessage { parent, role, text: text.into(), at, made: None, pictures: vec![], remark: None }
}

fn two_answers() -> ImportedConversation {
    let mut answer = said(Some(0), Role::Assistant, "With the road.", 12);
    answer.remark = Some("A file was not in the export.".into());
    ImportedConversation {
        title: "Opening lines".into(),
        updated_at: 90,
        messages: vec![
            said(None, Role::User, "How do I begin?", 10),
            said(Some(0), Role::Assistant, "With the sea.", 11),
            answer,
        ],
        head: Some(1),
    }
}

#[test]
fn a_conversation_of_another_app_comes_in_with_its_branches_and_times() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("library.db"), &the_key()).unwrap();
    let id = store.import_conversation(None, two_answers()).unwrap();
    let conversation = store.conversation(id).unwrap();
    assert_eq!((conversation.title.as_str(), conversation.updated_at), ("Opening lines", 90));
    let branch: Vec<_> = store.branch(id).unwrap();
    let texts: Vec<_> = branch.iter().map(|placed| placed.message.text.as_str()).collect();
    assert_eq!(texts, ["How do I begin?", "With the sea."]);
    assert_eq!(branch[1].siblings.len(), 2);
    let all = store.all_messages(id).unwrap();
    assert_eq!(all.iter().map(|one| one.created_at).collect::<Vec<_>>(), [10, 11, 12]);
    assert_eq!(all[2].remark.as_deref(), Some("A file was not in the export."));
    assert!(store.first_messages().unwrap().contains(&(10, "How do I begin?".to_owned())));
    assert_eq!(store.search("lighthouse", 5).unwrap().len(), 0);
    assert_eq!(store.search("road", 5).unwrap().len(), 1, "the search finds it");
}

#[test]
fn one_that_does_not_hold_together_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("library.db"), &the_key()).unwrap();
    let mut torn = two_answers();
    torn.messages[2].parent = Some(7);
    assert!(store.import_conversation(None, torn).is_err());
    assert!(store.import_conversation(Some(ProjectId(99)), two_answers()).is_err());
    assert_eq!(store.conversations().unwrap(), []);
}
