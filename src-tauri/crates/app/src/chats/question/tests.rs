use sotto_domain::{ProjectId, Turn};

use super::*;
use crate::ask::turns;

fn chat(leaving: Leaving, project: Option<CloudChoice>, said: &[(Role, &str)]) -> ChatContext {
    let conversation = Conversation {
        id: ConversationId(1),
        project: None,
        position: None,
        title: String::new(),
        instructions: String::new(),
        draft: String::new(),
        head: None,
        leaving,
        left_out: [].into(),
        updated_at: 0,
        trashed_at: None,
    };
    let project = project.map(|choice| Project {
        id: ProjectId(1),
        name: "The Salt Road".into(),
        notes: String::new(),
        cloud: Some(choice),
        monthly_cap: None,
        hands_off: false,
        mood: None,
        banned: vec![],
        trashed_at: None,
    });
    let mut before: Vec<Message> =
        (1..).zip(said).map(|(id, (role, text))| message(id, *role, text)).collect();
    let asked = before.pop().unwrap();
    ChatContext { conversation, project, before, asked }
}

fn message(id: i64, role: Role, text: &str) -> Message {
    Message {
        id: MessageId(id),
        conversation: ConversationId(1),
        parent: None,
        role,
        text: text.to_owned(),
        pictures: vec![],
        remark: None,
        state: MessageState::Complete,
        made: None,
        created_at: 0,
    }
}

fn asks(leaving: Leaving, project: Option<CloudChoice>) -> ChatContext {
    chat(leaving, project, &[(Role::User, "Go on.")])
}

fn choice(model: &str) -> CloudChoice {
    CloudChoice { provider: "own".into(), model: model.into() }
}

fn roles(turns: &[Turn]) -> Vec<Role> {
    turns.iter().map(|turn| turn.role).collect()
}

#[test]
fn a_question_stays_here_unless_the_user_said_otherwise() {
    assert_eq!(asks(Leaving::AsItsProject, None).destination(None), None);
    assert_eq!(asks(Leaving::Never, Some(choice("project's"))).destination(None), None);
}

#[test]
fn this_one_goes_before_the_conversation_and_that_before_its_project() {
    let (once, own, projects) = (choice("once"), choice("own"), choice("project's"));
    let both = asks(Leaving::To(own.clone()), Some(projects.clone()));
    assert_eq!(both.destination(Some(&once)), Some(once));
    assert_eq!(both.destination(None), Some(own));
    assert_eq!(asks(Leaving::AsItsProject, Some(projects.clone())).destination(None), Some(projects));
}

#[test]
fn instructions_and_notes_come_first_as_one_turn() {
    let mut chat = asks(Leaving::Never, Some(choice("m")));
    chat.conversation.instructions = " Be brief.\n".into();
    chat.project.as_mut().unwrap().notes = "Set in Lisbon.".into();
    let turns = turns(&chat.parts());
    assert_eq!(roles(&turns), [Role::System, Role::User]);
    assert_eq!(turns[0].text, "Be brief.\n\nNotes on this project:\nSet in Lisbon.");
}

#[test]
fn without_instructions_there_is_no_empty_system_turn() {
    let mut chat = asks(Leaving::Never, Some(choice("m")));
    chat.conversation.instructions = " ".into();
    assert_eq!(roles(&turns(&chat.parts())), [Role::User]);
}

#[test]
fn an_answer_without_a_word_does_not_break_the_alternation() {
    let said = [
        (Role::User, "One"),
        (Role::Assistant, ""),
        (Role::User, "Two"),
        (Role::Assistant, "Half an ans"),
        (Role::User, "Three"),
    ];
    let turns = turns(&chat(Leaving::Never, None, &said).parts());
    assert_eq!(roles(&turns), [Role::User, Role::Assistant, Role::User]);
    assert_eq!(turns[0].text, "One\n\nTwo");
    assert_eq!(turns[1].text, "Half an ans", "what was written before a fault still counts");
}

#[test]
fn only_the_words_of_the_question_cannot_be_struck_out() {
    let parts =
        chat(Leaving::Never, None, &[(Role::User, "One"), (Role::Assistant, "Two"), (Role::User, "Three")]);
    let needed: Vec<_> =
        parts.parts().into_iter().filter(|part| !part.optional).map(|part| part.text).collect();
    assert_eq!(needed, ["Three"]);
}
