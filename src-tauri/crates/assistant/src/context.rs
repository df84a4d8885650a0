//! What the model is given: the instructions and notes, then the branch on show.

use sotto_domain::{Message, Role, Turn};

/// The turns for the branch that ends with the message to answer.
///
/// The model's template wants user and assistant in strict alternation, so an answer
/// that never got a word (its run was cut off) is left out, and what she wrote
/// before and after it becomes one turn.
pub(crate) fn turns(instructions: &str, notes: &str, branch: &[Message]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::with_capacity(branch.len() + 1);
    let system = system(instructions, notes);
    if !system.is_empty() {
        turns.push(Turn { role: Role::System, text: system });
    }
    for message in branch.iter().filter(|message| !message.text.trim().is_empty()) {
        match turns.last_mut().filter(|last| last.role == message.role) {
            Some(last) => {
                last.text.push_str("\n\n");
                last.text.push_str(&message.text);
            }
            None => turns.push(Turn { role: message.role, text: message.text.clone() }),
        }
    }
    turns
}

fn system(instructions: &str, notes: &str) -> String {
    let (instructions, notes) = (instructions.trim(), notes.trim());
    match (instructions.is_empty(), notes.is_empty()) {
        (_, true) => instructions.to_owned(),
        (true, false) => format!("Notes on this project:\n{notes}"),
        (false, false) => format!("{instructions}\n\nNotes on this project:\n{notes}"),
    }
}

#[cfg(test)]
mod tests {
    use sotto_domain::{ConversationId, MessageId, MessageState};

    use super::*;

    fn branch(said: &[(Role, &str)]) -> Vec<Message> {
        (1..)
            .zip(said)
            .map(|(id, (role, text))| Message {
                id: MessageId(id),
                conversation: ConversationId(1),
                parent: None,
                role: *role,
                text: (*text).to_owned(),
                state: MessageState::Complete,
                made: None,
                created_at: 0,
            })
            .collect()
    }

    fn roles(turns: &[Turn]) -> Vec<Role> {
        turns.iter().map(|turn| turn.role).collect()
    }

    #[test]
    fn instructions_and_notes_come_first_as_one_turn() {
        let turns = turns("Be brief.", "Set in Lisbon.", &branch(&[(Role::User, "Go on.")]));
        assert_eq!(roles(&turns), [Role::System, Role::User]);
        assert_eq!(turns[0].text, "Be brief.\n\nNotes on this project:\nSet in Lisbon.");
    }

    #[test]
    fn without_instructions_there_is_no_empty_system_turn() {
        assert_eq!(roles(&turns(" ", "", &branch(&[(Role::User, "Go on.")]))), [Role::User]);
    }

    #[test]
    fn an_answer_without_a_word_does_not_break_the_alternation() {
        let talk = branch(&[
            (Role::User, "One"),
            (Role::Assistant, ""),
            (Role::User, "Two"),
            (Role::Assistant, "Half an ans"),
            (Role::User, "Three"),
        ]);
        let turns = turns("", "", &talk);
        assert_eq!(roles(&turns), [Role::User, Role::Assistant, Role::User]);
        assert_eq!(turns[0].text, "One\n\nTwo");
        assert_eq!(turns[1].text, "Half an ans", "what was written before a fault still counts");
    }
}
