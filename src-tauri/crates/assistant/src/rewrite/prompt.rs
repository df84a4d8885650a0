//! What a small model is told, so that its answer is the passage and nothing else.

use sotto_domain::{ContentKind, Project, Role};

use super::{Command, Passage};
use crate::ask::ContextPart;

/// As many letters of the text around a passage are given at most: more before it than behind.
pub(crate) const AROUND: usize = 6000;

/// About as many letters make a token; fewer, to be on the side of more room.
const LETTERS_A_TOKEN: usize = 3;

const ROLE: &str = "You are the quiet assistant of a writer. You are given a passage of their text and what to do with \
it. Answer with the new passage alone: no introduction, no explanation, no quotation marks around it, no headings that \
were not there. Write in the language of the passage. Keep its tense, its point of view, its names and its marks such \
as *emphasis* and ***.";

const GOES_ON: &str = "You are the quiet assistant of a writer. You are given their text, and you write what comes next: \
one or two paragraphs in the same language, tense, voice and point of view. Answer with the new text alone: no \
introduction, no explanation, and nothing of what is there already.";

/// What the model reads, and whether something of what stands around was left out.
pub(crate) fn parts(
    command: &Command,
    passage: &Passage,
    title: &str,
    project: Option<&Project>,
    around: usize,
) -> (Vec<ContextPart>, bool) {
    let goes_on = *command == Command::Continue;
    let behind = if goes_on { around / 8 } else { around / 4 };
    let before = last(&passage.before, around - behind);
    let after = first(&passage.after, behind);
    let shortened = before.len() < passage.before.trim().len() || after.len() < passage.after.trim().len();

    // What stays the same between two commands stands first: the model need not read it again.
    let role = if goes_on { GOES_ON } else { ROLE };
    let mut parts = vec![ContextPart::words("role", ContentKind::Instructions, role).needed()];
    parts.extend(project.filter(|project| !project.notes.trim().is_empty()).map(ContextPart::notes));
    let page = |key, heading, text: &str| ContextPart {
        heading,
        ..ContextPart::words(key, ContentKind::Page, text.trim()).by(Role::User)
    };
    let title = page("title", "The title: ", title);
    let before = page("before", "The text before:\n", before);
    let after = page("after", "The text behind:\n", after);
    let before = if goes_on { before.needed() } else { before };
    parts.extend([title, before, after].into_iter().filter(|part| !part.text.is_empty()));
    if !goes_on {
        let text = passage.proposal.as_deref().unwrap_or(&passage.text);
        parts.push(page("passage", "The passage:\n", text).needed());
    }
    let task = ContextPart::words("task", ContentKind::Instructions, instruction(command));
    parts.push(task.by(Role::User).needed());
    (parts, shortened)
}

fn instruction(command: &Command) -> String {
    match command {
        Command::Rewrite => "Say the passage in other words, at about the same length.".into(),
        Command::Tighten => "Make the passage shorter: cut what does not carry it, and keep what it says.".into(),
        Command::Expand => "Make the passage longer, with what can be seen, heard and felt there.".into(),
        Command::Simpler => "Say the passage in plainer words and shorter sentences.".into(),
        Command::Grammar => {
            "Correct spelling, grammar and punctuation in the passage. Change nothing else. Where nothing is wrong, \
             repeat it as it is."
                .into()
        }
        Command::Own(words) => format!("Change the passage like this: {}", words.trim()),
        Command::Continue => "Go on from the end of the text before.".into(),
    }
}

/// The longest proposal, in tokens: enough for what was asked, and no endless one.
pub(crate) fn longest(command: &Command, passage: &Passage) -> u32 {
    let tokens = passage.text.len() / LETTERS_A_TOKEN;
    let tokens = match command {
        Command::Rewrite | Command::Simpler | Command::Grammar => tokens * 3 / 2 + 64,
        Command::Tighten => tokens + 64,
        Command::Expand => tokens * 4 + 160,
        Command::Own(_) => tokens * 3 + 256,
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
    let cut = (text.len() - most..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
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
