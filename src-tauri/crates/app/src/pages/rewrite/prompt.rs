//! What a small model is told, so that its answer is the passage and nothing else.

use sotto_domain::{ContentKind, PartKey, Project, Role};
use sotto_manuscript::count_words;

use super::{Command, Given, Passage, PassagePart};
use crate::ask::ContextPart;

/// As many letters of the text around a passage are given at most: more before it than behind.
pub(crate) const AROUND: usize = 6000;

/// About as many letters make a token; fewer, to be on the side of more room.
const LETTERS_A_TOKEN: usize = 3;

/// Where the text before begins moves on by as much at a time, so that a second command a little
/// further on the page finds the same beginning, which need not be read again.
const STRIDE: usize = 2000;

const ROLE: &str = "You are the quiet assistant of a writer. You are given a part of their text and what to do with \
it. Answer with the new text alone: no introduction, no explanation, no quotation marks around it, no headings that \
were not there. Write in the language of the text. Keep its tense, its point of view, its names and its marks such \
as *emphasis* and ***.";

/// What the model reads, and how much of each part that is.
pub(crate) fn parts(
    command: &Command,
    passage: &Passage,
    title: &str,
    project: Option<&Project>,
    around: usize,
) -> (Vec<ContextPart>, Vec<Given>) {
    let goes_on = *command == Command::Continue;
    let behind = if goes_on { around / 8 } else { around / 4 };
    let before = last(&passage.before, around - behind);
    let after = first(&passage.after, behind);
    let text = passage.proposal.as_deref().unwrap_or(&passage.text);
    let page = |key, heading, text: &str| ContextPart {
        heading,
        ..ContextPart::words(key, ContentKind::Page, text.trim()).by(Role::User)
    };

    // What stays the same between two commands stands first: the model need not read it again.
    let mut parts = vec![ContextPart::words(PartKey::Role, ContentKind::Instructions, ROLE).needed()];
    let mut given = Vec::new();
    let mut put = |kind: PassagePart, part: ContextPart, all: &str| {
        let left_out = kind != PassagePart::Passage && passage.without.contains(&kind);
        let words = if left_out { 0 } else { count_words(&part.text) };
        let of = count_words(all);
        if of > 0 {
            given.push(Given { part: kind, words, of });
        }
        if words > 0 {
            parts.push(part);
        }
    };
    if let Some(project) = project {
        put(PassagePart::Notes, ContextPart::notes(project), &project.notes);
    }
    put(PassagePart::Title, page(PartKey::Title, "The title: ", title), title);
    let part = page(PartKey::Before, "The text before:\n", before);
    put(PassagePart::Before, if goes_on { part.needed() } else { part }, &passage.before);
    put(PassagePart::After, page(PartKey::After, "The text behind:\n", after), &passage.after);
    put(PassagePart::Passage, page(PartKey::Passage, "The passage:\n", text).needed(), text);
    let task = ContextPart::words(PartKey::Task, ContentKind::Instructions, instruction(command));
    parts.push(task.by(Role::User).needed());
    (parts, given)
}

fn instruction(command: &Command) -> String {
    match command {
        Command::Rewrite => "Say the passage in other words, at about the same length.".into(),
        Command::Tighten => "Make the passage shorter: cut what does not carry it, and keep what it says.".into(),
        Command::Expand => "Make the passage longer: stay with what happens there, and say more of it.".into(),
        Command::Simpler => "Say the passage in plainer words and shorter sentences.".into(),
        Command::Senses => {
            "Say the passage again with what can be seen, heard, smelt, tasted and touched there. Add no new events."
                .into()
        }
        Command::Tone(tone) => {
            format!("Say the passage in another tone: {}. What happens stays the same.", tone.trim())
        }
        Command::Grammar => {
            "Correct spelling, grammar and punctuation in the passage. Change nothing else. Where nothing is wrong, \
             repeat it as it is."
                .into()
        }
        Command::Translate(language) => {
            format!("Translate the passage into {}. Add nothing and leave nothing out.", language.trim())
        }
        Command::Own(words) => format!("Change the passage like this: {}", words.trim()),
        Command::Continue => "Write what comes next: one or two paragraphs in the same voice, going on right from \
                              the end of the text before. Repeat nothing of what is there already."
            .into(),
    }
}

/// The longest proposal, in tokens: enough for what was asked, and no endless one.
pub(crate) fn longest(command: &Command, passage: &Passage) -> u32 {
    let tokens = passage.text.len() / LETTERS_A_TOKEN;
    let tokens = match command {
        Command::Rewrite | Command::Simpler | Command::Grammar | Command::Tone(_) => tokens * 3 / 2 + 64,
        Command::Tighten => tokens + 64,
        Command::Expand | Command::Senses => tokens * 4 + 160,
        // Between two scripts a text may take several times as many.
        Command::Own(_) | Command::Translate(_) => tokens * 3 + 256,
        Command::Continue => 400,
    };
    u32::try_from(tokens).unwrap_or(u32::MAX).min(6000)
}

/// The end of a text, from the beginning of a sentence where there is one.
fn last(text: &str, most: usize) -> &str {
    let text = text.trim();
    if text.len() <= most {
        return text;
    }
    let wanted = (text.len() - most).next_multiple_of(STRIDE).min(text.len() - most / 2);
    let cut = (wanted..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let rest = &text[cut..];
    ends_of_sentences(rest).next().map_or(rest, |at| &rest[at..]).trim_start()
}

/// The beginning of a text, to the end of a sentence where there is one.
fn first(text: &str, most: usize) -> &str {
    let text = text.trim();
    if text.len() <= most {
        return text;
    }
    let cut = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let rest = &text[..cut];
    ends_of_sentences(rest).last().map_or(rest, |at| &rest[..at]).trim_end()
}

fn ends_of_sentences(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().filter_map(move |(at, c)| {
        let end = at + c.len_utf8();
        let closes = match c {
            '.' | '!' | '?' => text[end..].starts_with([' ', '\n']),
            '。' | '！' | '？' | '\n' => true,
            _ => false,
        };
        (closes && end < text.len()).then_some(end)
    })
}
