//! A talk as a model's chat template takes it: instructions first, if any; then the user
//! and the model by turns. Turns of one speaker in a row are one turn: an answer that was
//! stopped before its first word leaves two of the user's side by side, and templates
//! answer those with an exception.

use std::path::Path;

use sotto_engine_protocol::{Part, Turn, TurnRole};

use crate::fault::Fault;

/// What somebody said before somebody else spoke.
#[derive(Debug, Clone)]
pub struct Said<'a> {
    pub role: TurnRole,
    /// The parts of each turn.
    pub turns: Vec<&'a [Part]>,
}

impl<'a> Said<'a> {
    /// All parts, in their order.
    pub fn parts(&self) -> impl Iterator<Item = &'a Part> {
        self.turns.iter().copied().flatten()
    }
}

/// The talk, if it is in turn.
pub fn said(turns: &[Turn]) -> Result<Vec<Said<'_>>, Fault> {
    let mut said: Vec<Said<'_>> = Vec::new();
    for Turn { role, parts } in turns {
        match said.last_mut().filter(|last| last.role == *role) {
            Some(last) => last.turns.push(parts),
            None => said.push(Said { role: *role, turns: vec![parts] }),
        }
    }
    let instructions = usize::from(said.first().is_some_and(|said| said.role == TurnRole::System));
    let talk = &said[instructions..];
    let wanted = [TurnRole::User, TurnRole::Assistant].into_iter().cycle();
    if talk.is_empty() {
        return Err(Fault::NothingSaid);
    }
    if talk.iter().zip(wanted).any(|(said, role)| said.role != role) {
        return Err(Fault::OutOfTurn);
    }
    // Only the user shows pictures.
    let others = turns.iter().filter(|turn| turn.role != TurnRole::User);
    if others.flat_map(|turn| &turn.parts).any(|part| matches!(part, Part::Picture { .. })) {
        return Err(Fault::OutOfTurn);
    }
    Ok(said)
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
