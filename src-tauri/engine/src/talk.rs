//! A talk as the model's chat template takes it: at most one system turn, first; then
//! the person and the model by turns. The template itself answers anything else with
//! an exception.

use std::path::Path;

use sotto_engine_protocol::{Part, Turn, TurnRole};

use crate::fault::Fault;

/// What somebody said.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    pub role: TurnRole,
    pub parts: &'a [Part],
}

/// The talk, if it is in turn.
pub fn said(turns: &[Turn]) -> Result<Vec<Said<'_>>, Fault> {
    let instructions = usize::from(turns.first().is_some_and(|turn| turn.role == TurnRole::System));
    let talk = &turns[instructions..];
    let wanted = [TurnRole::User, TurnRole::Assistant].into_iter().cycle();
    if talk.is_empty() {
        return Err(Fault::NothingSaid);
    }
    if talk.iter().zip(wanted).any(|(turn, role)| turn.role != role) {
        return Err(Fault::OutOfTurn);
    }
    // Only the person shows pictures.
    let others = turns.iter().filter(|turn| turn.role != TurnRole::User);
    if others.flat_map(|turn| &turn.parts).any(|part| matches!(part, Part::Picture { .. })) {
        return Err(Fault::OutOfTurn);
    }
    Ok(turns.iter().map(|Turn { role, parts }| Said { role: *role, parts }).collect())
}

/// The pictures of a talk, in their order.
pub fn pictures(turns: &[Turn]) -> impl Iterator<Item = &Path> {
    turns.iter().flat_map(|turn| &turn.parts).filter_map(|part| match part {
        Part::Text { .. } => None,
        Part::Picture { path } => Some(path.as_path()),
    })
}

/// Whether it is the model's turn to speak.
pub fn awaits_answer(turns: &[Turn]) -> bool {
    turns.last().is_some_and(|turn| turn.role == TurnRole::User)
}

#[cfg(test)]
mod tests;
