use std::{path::Path, sync::Arc};

use crate::{
    AnswerEvent, AnswerOptions, Document, Passage, PassageCommand, SendError,
    send::tests::{House, house, says},
};
use sotto_domain::{Destination, MessageState};

/// A house in which the guide is chosen, and an engine that would be heard if it were asked.
fn with_the_guide() -> House {
    let mut house = house(says(vec![]));
    let guide = Path::new("/the/guide.gguf");
    let sotto = Arc::get_mut(&mut house.sotto).unwrap();
    sotto.guide = Some(guide.to_owned());
    sotto.choose_model(guide);
    house
}

#[tokio::test]
async fn the_guide_answers_from_the_help_and_no_model_is_asked() {
    let house = with_the_guide();
    let conversation = house.sotto.create_conversation(None, None).unwrap();
    let mut events = vec![];
    house.sotto.send(conversation, "where do my words go?", |event| events.push(event)).await.unwrap();

    let Some(AnswerEvent::Finished { text, state, trouble, .. }) = events.last() else { panic!("no end") };
    assert!(text.contains("stay on this computer") && text.contains("help:where-words"), "{text}");
    assert_eq!((*state, trouble), (MessageState::Complete, &None));
    assert!(events.iter().filter(|event| matches!(event, AnswerEvent::Text(_))).count() > 1, "all at once");
    assert!(house.model.asked.lock().unwrap().is_empty());

    let answer = house.sotto.library.branch(conversation).unwrap().pop().unwrap().message;
    let by = answer.made.unwrap().by;
    assert_eq!(by, Destination::Device { model: "Built-in guide".into() });
}

#[tokio::test]
async fn what_was_said_to_it_in_distress_is_a_message_like_any_other() {
    let house = with_the_guide();
    let conversation = house.sotto.create_conversation(None, None).unwrap();
    house.sotto.send(conversation, "i want to die", |_| {}).await.unwrap();
    let branch = house.sotto.library.branch(conversation).unwrap();
    let answer = &branch[1].message;
    assert!(answer.text.contains("findahelpline.com"), "{}", answer.text);
    assert_eq!((branch.len(), &answer.remark), (2, &None));
}

#[tokio::test]
async fn the_guide_writes_for_no_page() {
    let house = with_the_guide();
    let page = house.sotto.library.create_page(None, "Chapter", &Document::default(), 1).unwrap().id;
    let passage = Passage {
        text: "It rained.".into(),
        before: String::new(),
        after: String::new(),
        proposal: None,
        without: vec![],
        variant: 0,
    };
    let asked = house
        .sotto
        .propose(page, &PassageCommand::Rewrite, &passage, &AnswerOptions::default(), |_| {})
        .await;
    assert!(matches!(asked, Err(SendError::OnlyTheGuide)), "{asked:?}");
}
