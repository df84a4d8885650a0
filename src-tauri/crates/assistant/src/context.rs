//! What the model is given: the instructions and notes, then the branch on show, or as
//! much of its end as fits. What does not fit is left out by whole exchanges, oldest
//! first, and never in silence.

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
        turns.push(Turn::text(Role::System, system));
    }
    let says = |message: &&Message| !message.text.trim().is_empty() || !message.pictures.is_empty();
    for message in branch.iter().filter(says) {
        match turns.last_mut().filter(|last| last.role == message.role) {
            Some(last) => {
                last.pictures.extend_from_slice(&message.pictures);
                last.text.push_str("\n\n");
                last.text.push_str(&message.text);
            }
            None => turns.push(Turn {
                role: message.role,
                pictures: message.pictures.clone(),
                text: message.text.clone(),
            }),
        }
    }
    turns
}

/// The instruction that asks a model for what the engine holds it to: never to write these.
pub(crate) fn never_write(phrases: &[String]) -> String {
    if phrases.is_empty() {
        String::new()
    } else {
        format!("Never write these phrases: {}.", phrases.join("; "))
    }
}

/// The same talk with its oldest exchanges left out, given that it took `given` tokens
/// where `limit` fit. `None` where there is nothing that may be left out: the
/// instructions and the message to answer always stay.
///
/// Half of what fits is filled, so that there is room for the answer and for the next
/// turns; and the cut moves by several exchanges at a time, so that between two cuts the
/// beginning stays the same and need not be read again.
pub(crate) fn without_the_oldest(turns: &[Turn], given: u32, limit: u32) -> Option<Vec<Turn>> {
    const EXCHANGES_AT_A_TIME: usize = 4;
    let first = usize::from(turns.first().is_some_and(|turn| turn.role == Role::System));
    let talk = turns.get(first..)?;
    // An exchange is hers and the answer to it; the last turn is hers and unanswered.
    let exchanges = talk.len().saturating_sub(1) / 2;
    if exchanges == 0 {
        return None;
    }
    // Tokens are counted by the engine for the whole; parts are judged by their length.
    let length = |turns: &[Turn]| turns.iter().map(length).sum::<usize>() as u64;
    let wanted = length(turns) * u64::from(limit) / 2 / u64::from(given.max(1));
    let fixed = length(&turns[..first]);
    let cut = (1..=exchanges)
        .filter(|cut| cut.is_multiple_of(EXCHANGES_AT_A_TIME) || *cut == exchanges)
        .find(|cut| fixed + length(&talk[cut * 2..]) <= wanted)
        .unwrap_or(exchanges);
    Some(turns[..first].iter().chain(&talk[cut * 2..]).cloned().collect())
}

/// About how much of the model's memory a turn takes, in bytes of text.
fn length(turn: &Turn) -> usize {
    /// A picture takes about as much as a page.
    const PICTURE: usize = 1600;
    turn.text.len() + turn.pictures.len() * PICTURE + 16
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
                pictures: vec![],
                remark: None,
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

    fn exchanges(count: usize) -> Vec<Turn> {
        let turn = |role, text: String| Turn::text(role, text);
        let mut turns = vec![turn(Role::System, "Be brief.".into())];
        for number in 0..count {
            turns.push(turn(Role::User, format!("question {number:04}")));
            turns.push(turn(Role::Assistant, format!("answer {number:04}")));
        }
        turns.push(turn(Role::User, "the last question".into()));
        turns
    }

    #[test]
    fn the_oldest_exchanges_leave_whole_and_the_instructions_stay() {
        let turns = exchanges(40);
        let fitting = without_the_oldest(&turns, 1200, 1000).unwrap();
        assert_eq!(fitting[0], turns[0]);
        assert_eq!(fitting.last(), turns.last());
        let left = turns.len() - fitting.len();
        assert!(left.is_multiple_of(8) && left > 0, "{left} turns left");
        assert_eq!(fitting[1..], turns[1 + left..], "what stays is the end, unbroken");
        assert!(fitting.len() * 2 < turns.len() * 1000 / 1200 + 8, "about half of what fits is filled");
    }

    #[test]
    fn the_cut_stays_where_it_is_for_several_turns() {
        let first_kept = |count| without_the_oldest(&exchanges(count), 1200, 1000).unwrap()[1].text.clone();
        let cuts: std::collections::BTreeSet<String> = (40..44).map(first_kept).collect();
        assert!(cuts.len() <= 2, "{cuts:?}");
    }

    #[test]
    fn a_single_message_that_does_not_fit_is_not_cut() {
        assert_eq!(without_the_oldest(&exchanges(0), 1200, 1000), None);
        let fitting = without_the_oldest(&exchanges(1), 100_000, 1000).unwrap();
        assert_eq!(roles(&fitting), [Role::System, Role::User]);
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
