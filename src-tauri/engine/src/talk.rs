//! A talk as the model's chat template takes it: at most one system turn, first; then
//! the person and the model by turns. The template itself answers anything else with
//! an exception.

use either::Either;
use indexmap::IndexMap;
use mistralrs::core::MessageContent;
use sotto_engine_protocol::{Turn, TurnRole};

use crate::fault::Fault;

/// The talk as messages, if it is in turn.
pub fn messages(turns: &[Turn]) -> Result<Vec<IndexMap<String, MessageContent>>, Fault> {
    let instructions = usize::from(turns.first().is_some_and(|turn| turn.role == TurnRole::System));
    let talk = &turns[instructions..];
    let wanted = [TurnRole::User, TurnRole::Assistant].into_iter().cycle();
    if talk.is_empty() {
        return Err(Fault::NothingSaid);
    }
    if talk.iter().zip(wanted).any(|(turn, role)| turn.role != role) {
        return Err(Fault::OutOfTurn);
    }
    Ok(turns.iter().map(message).collect())
}

/// Whether it is the model's turn to speak.
pub fn awaits_answer(turns: &[Turn]) -> bool {
    turns.last().is_some_and(|turn| turn.role == TurnRole::User)
}

fn message(turn: &Turn) -> IndexMap<String, MessageContent> {
    let role = match turn.role {
        TurnRole::System => "system",
        TurnRole::User => "user",
        TurnRole::Assistant => "assistant",
    };
    IndexMap::from([
        ("role".into(), Either::Left(role.into())),
        ("content".into(), Either::Left(turn.text.clone())),
    ])
}

#[cfg(test)]
mod tests;
