use sotto_domain::Conversation;

use super::*;

fn draft(leaving: Leaving, project: Option<CloudChoice>) -> Draft {
    let conversation = Conversation {
        id: ConversationId(1),
        project: None,
        title: String::new(),
        instructions: String::new(),
        draft: String::new(),
        head: None,
        leaving,
        updated_at: 0,
        trashed_at: None,
    };
    let project = project.map(|choice| Project {
        id: sotto_domain::ProjectId(1),
        name: "The Salt Road".into(),
        notes: String::new(),
        cloud: Some(choice),
        monthly_cap: None,
        hands_off: false,
        trashed_at: None,
    });
    Draft { conversation, project, branch: vec![] }
}

fn choice(model: &str) -> CloudChoice {
    CloudChoice { provider: "own".into(), model: model.into() }
}

#[test]
fn a_question_stays_here_unless_she_said_otherwise() {
    assert_eq!(destination(&draft(Leaving::AsItsProject, None), None), None);
    assert_eq!(destination(&draft(Leaving::Never, Some(choice("project's"))), None), None);
}

#[test]
fn this_one_goes_before_the_conversation_and_that_before_its_project() {
    let (once, own, projects) = (choice("once"), choice("own"), choice("project's"));
    let both = draft(Leaving::To(own.clone()), Some(projects.clone()));
    assert_eq!(destination(&both, Some(&once)), Some(once));
    assert_eq!(destination(&both, None), Some(own));
    assert_eq!(destination(&draft(Leaving::AsItsProject, Some(projects.clone())), None), Some(projects));
}
