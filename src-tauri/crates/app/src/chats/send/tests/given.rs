//! What the model is given of a conversation, and what it is held to.

use sotto_domain::{ChatPart, Mood, Picture};

use super::*;
use crate::Change;

/// A conversation in a project with notes, with instructions, and with an exchange that shows a picture.
async fn talk_of(test: &TestApp) -> ConversationId {
    let project = test.app.projects().create("The Salt Road").unwrap().id;
    test.app.library.update_project(project, "The Salt Road", "No magic.").unwrap();
    let talk = test.app.chats().create(Some(project), None).unwrap();
    test.app.library.set_instructions(talk, "Be terse.").unwrap();
    let path = test.app.library.pictures_folder().join("a.png");
    std::fs::create_dir_all(test.app.library.pictures_folder()).unwrap();
    std::fs::write(&path, "a picture").unwrap();
    test.app.library.attach(talk, &Picture { id: None, path, width: 8, height: 8 }).unwrap();
    test.send(talk, "How does it begin?").await;
    talk
}

/// What the model was given last: of each turn who says it, what, and how many pictures.
fn given(test: &TestApp) -> Vec<(Role, String, usize)> {
    let asked = test.model.asked.lock().unwrap().last().unwrap().clone();
    asked.into_iter().map(|turn| (turn.role, turn.text, turn.pictures.len())).collect()
}

fn turn(role: Role, text: &str, pictures: usize) -> (Role, String, usize) {
    (role, text.to_owned(), pictures)
}

#[tokio::test]
async fn what_is_switched_off_is_not_given_and_what_is_asked_always_is() {
    let test = test(says(vec![text("With salt."), done(Finish::Complete)]));
    let talk = talk_of(&test).await;
    let all = [ChatPart::Instructions, ChatPart::Notes, ChatPart::Earlier, ChatPart::Pictures];
    let switch = |parts: &[ChatPart], out| {
        for part in parts {
            test.app.library.leave_out(talk, *part, out).unwrap();
        }
    };
    switch(&[ChatPart::Pictures, ChatPart::Notes], true);
    test.send(talk, "And then?").await;
    let told = turn(Role::System, "Be terse.", 0);
    let said = [turn(Role::User, "How does it begin?", 0), turn(Role::Assistant, "With salt.", 0)];
    let [first, second] = said;
    assert_eq!(given(&test), [told, first, second, turn(Role::User, "And then?", 0)]);

    switch(&all, true);
    test.send(talk, "And at the end?").await;
    assert_eq!(given(&test), [turn(Role::User, "And at the end?", 0)]);
    let answer = test.last(talk).id;
    test.app.chats().ask(&Question::Again { answer }, &AnswerOptions::default(), |_| {}).await.unwrap();
    assert_eq!(given(&test), [turn(Role::User, "And at the end?", 0)], "another version is asked the same");

    switch(&all, false);
    test.send(talk, "And now?").await;
    let given = given(&test);
    assert_eq!(given[0].1, "Be terse.\n\nNotes on this project:\nNo magic.");
    assert_eq!((given.len(), given[1].2), (8, 1), "all of it is back, the picture too");
}

#[tokio::test]
async fn a_picture_of_what_is_asked_now_is_given_whatever_is_switched_off() {
    let test = test(says(vec![text("Fog."), done(Finish::Complete)]));
    let talk = test.conversation();
    for part in [ChatPart::Earlier, ChatPart::Pictures] {
        test.app.library.leave_out(talk, part, true).unwrap();
    }
    let path = test.app.library.pictures_folder().join("a.png");
    std::fs::create_dir_all(test.app.library.pictures_folder()).unwrap();
    std::fs::write(&path, "a picture").unwrap();
    test.app.library.attach(talk, &Picture { id: None, path, width: 8, height: 8 }).unwrap();
    test.send(talk, "What is this?").await;
    assert_eq!(given(&test), [turn(Role::User, "What is this?", 1)]);
    test.send(talk, "And what else?").await;
    assert_eq!(given(&test), [turn(Role::User, "And what else?", 0)], "by now it was said before");
}

#[tokio::test]
async fn the_mood_the_user_chose_rules_the_next_answer() {
    let test = test(says(vec![done(Finish::Complete)]));
    let talk = test.conversation();
    for mood in [Mood::Precise, Mood::Balanced, Mood::Imaginative] {
        test.app.settings().change(Change::Mood(mood)).unwrap();
        test.send(talk, "A line about rain").await;
    }
    let held_to = test.model.held_to.lock().unwrap().clone();
    assert!(held_to[0].0 < 0.1 && held_to[0].0 < held_to[1].0 && held_to[1].0 < held_to[2].0);
}

#[tokio::test]
async fn a_project_has_a_mood_of_its_own_and_phrases_beside_those_of_the_settings() {
    let test = test(says(vec![done(Finish::Complete)]));
    for phrase in ["delve", "tapestry"] {
        test.app.settings().change(Change::Ban(phrase.into())).unwrap();
    }
    let project = test.app.projects().create("The Salt Road").unwrap().id;
    for phrase in ["Tapestry", "a testament to"] {
        test.app.library.ban_in_project(project, phrase, true).unwrap();
    }
    test.app.library.set_project_mood(project, Some(Mood::Precise)).unwrap();
    let within = test.app.chats().create(Some(project), None).unwrap();
    test.send(within, "A line about rain").await;
    test.send(test.conversation(), "A line about rain").await;
    test.app.library.set_project_mood(project, None).unwrap();
    test.send(within, "And another").await;

    let held_to = test.model.held_to.lock().unwrap().clone();
    let temperature = |mood: Mood| mood.sampling().temperature;
    let (set, own) = (["delve", "tapestry"].as_slice(), ["delve", "tapestry", "a testament to"].as_slice());
    let expected = [(Mood::Precise, own), (Mood::Balanced, set), (Mood::Balanced, own)];
    for ((held, banned), (mood, phrases)) in held_to.iter().zip(expected) {
        assert!((held - temperature(mood)).abs() < f64::EPSILON, "{held} for {mood:?}");
        assert_eq!(banned, phrases);
    }
}
