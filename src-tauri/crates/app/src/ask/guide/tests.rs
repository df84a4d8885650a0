use std::{path::Path, sync::Arc};

use crate::{
    AnswerEvent, AnswerOptions, Document, Passage, PassageCommand, SendError,
    chats::tests::{TestApp, says, test},
};
use sotto_domain::{Destination, MessageState, Progress};

/// An app in which the guide is chosen, and an engine that would be heard if it were asked.
fn with_the_guide() -> TestApp {
    let mut test = test(says(vec![]));
    let guide = Path::new("/the/guide.gguf");
    let app = Arc::get_mut(&mut test.app).unwrap();
    app.core.guide = Some(guide.to_owned());
    app.models().choose(guide);
    test
}

#[tokio::test]
async fn the_guide_answers_from_the_help_and_no_model_is_asked() {
    let test = with_the_guide();
    let conversation = test.app.chats().create(None, None).unwrap();
    let mut events = vec![];
    test.app.chats().send(conversation, "where do my words go?", |event| events.push(event)).await.unwrap();

    let Some(AnswerEvent::Finished { text, state, trouble, .. }) = events.last() else { panic!("no end") };
    assert!(text.contains("stay on this computer") && text.contains("help:where-words"), "{text}");
    assert_eq!((*state, trouble), (MessageState::Complete, &None));
    assert!(
        events.iter().filter(|event| matches!(event, AnswerEvent::Progress(Progress::Text { .. }))).count()
            > 1,
        "all at once"
    );
    assert!(test.model.asked.lock().unwrap().is_empty());

    let answer = test.app.library.branch(conversation).unwrap().pop().unwrap().message;
    let by = answer.made.unwrap().by;
    assert_eq!(by, Destination::Device { model: "Built-in guide".into() });
}

#[tokio::test]
async fn what_was_said_to_it_in_distress_is_a_message_like_any_other() {
    let test = with_the_guide();
    let conversation = test.app.chats().create(None, None).unwrap();
    test.app.chats().send(conversation, "i want to die", |_| {}).await.unwrap();
    let branch = test.app.library.branch(conversation).unwrap();
    let answer = &branch[1].message;
    assert!(answer.text.contains("findahelpline.com"), "{}", answer.text);
    assert_eq!((branch.len(), &answer.remark), (2, &None));
}

#[tokio::test]
async fn the_guide_writes_for_no_page() {
    let test = with_the_guide();
    let page = test.app.library.create_page(None, "Chapter", &Document::default(), 1).unwrap().id;
    let passage = Passage {
        text: "It rained.".into(),
        before: String::new(),
        after: String::new(),
        proposal: None,
        without: vec![],
        variant: 0,
    };
    let asked = test
        .app
        .pages()
        .propose(page, &PassageCommand::Rewrite, &passage, &AnswerOptions::default(), |_| {})
        .await;
    assert!(matches!(asked, Err(SendError::OnlyTheGuide)), "{asked:?}");
}
