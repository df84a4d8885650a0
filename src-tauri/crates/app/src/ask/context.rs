//! What the model is given: parts, each of one kind of content, so that the user can look at each
//! and strike it out before it leaves. Where they do not fit, whole exchanges of a talk are left out,
//! oldest first, and never in silence.

use sotto_domain::{ContentKind, PartKey, Picture, Project, Role, Subject, Turn};

/// All that an answer could be made from, and what it belongs to.
pub(crate) struct QuestionContext {
    /// What it belongs to.
    pub(crate) subject: Subject,
    /// The project that lies in, if any.
    pub(crate) project: Option<Project>,
    /// What the journal calls it: "a message".
    pub(crate) what: &'static str,
    /// In the order in which the model reads them.
    pub(crate) parts: Vec<ContextPart>,
}

/// A part of what the model is given.
#[derive(Debug, Clone)]
pub(crate) struct ContextPart {
    /// Its name for striking it out.
    pub(crate) key: PartKey,
    /// What kind of content it is.
    pub(crate) kind: ContentKind,
    /// Who says it; `None` for what nobody said, which instructs the model.
    pub(crate) role: Option<Role>,
    /// What the model is told that it is, right before its words.
    pub(crate) heading: &'static str,
    /// Its words.
    pub(crate) text: String,
    /// The picture, where it is one.
    pub(crate) picture: Option<Picture>,
    /// Whether it can be struck out: the question itself cannot.
    pub(crate) optional: bool,
    /// The user switched it off for the whole conversation: no model is given it.
    pub(crate) off: bool,
}

impl QuestionContext {
    /// The parts that a model is given.
    pub(crate) fn given(&self) -> impl Iterator<Item = &ContextPart> {
        self.parts.iter().filter(|part| !part.off)
    }
}

impl ContextPart {
    /// Words alone, that can be struck out.
    pub(crate) fn words(key: PartKey, kind: ContentKind, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { key, kind, role: None, heading: "", text, picture: None, optional: true, off: false }
    }

    /// The notes of a project.
    pub(crate) fn notes(project: &Project) -> Self {
        let heading = "Notes on this project:\n";
        Self { heading, ..Self::words(PartKey::Notes, ContentKind::Notes, project.notes.trim()) }
    }

    /// The same, said by somebody.
    pub(crate) fn by(self, role: Role) -> Self {
        Self { role: Some(role), ..self }
    }

    /// The same, switched off or not.
    pub(crate) fn switched(self, off: bool) -> Self {
        Self { off, ..self }
    }

    /// The same, which cannot be struck out.
    pub(crate) fn needed(self) -> Self {
        Self { optional: false, ..self }
    }
}

/// The turns for these parts.
///
/// The model's template wants user and assistant in strict alternation, so what stands one after
/// another in one role becomes one turn.
pub(crate) fn turns<'a>(parts: impl IntoIterator<Item = &'a ContextPart>) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for part in parts {
        let role = part.role.unwrap_or(Role::System);
        let words = part.heading.to_owned() + &part.text;
        match turns.last_mut().filter(|last| last.role == role) {
            Some(last) => {
                last.pictures.extend(part.picture.clone());
                if !last.text.is_empty() && !words.is_empty() {
                    last.text.push_str("\n\n");
                }
                last.text.push_str(&words);
            }
            None => turns.push(Turn { role, pictures: part.picture.iter().cloned().collect(), text: words }),
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
    // An exchange is the user's and the answer to it; the last turn is the user's and unanswered.
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

#[cfg(test)]
mod tests {
    use super::*;

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
        let roles: Vec<Role> = fitting.iter().map(|turn| turn.role).collect();
        assert_eq!(roles, [Role::System, Role::User]);
    }
}
