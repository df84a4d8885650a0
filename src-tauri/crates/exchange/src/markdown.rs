//! Markdown as people write it by hand.

use std::fmt::Write;

use crate::conversation::{Talk, ending, pictures, speaker};

/// The branch on show. What was said is Markdown already and stays as it is.
pub(crate) fn conversation(talk: &Talk) -> String {
    let mut out = format!("# {}\n", line(talk.title()));
    if let Some(project) = &talk.project {
        let _ = write!(out, "\nProject: {}\n", line(project));
    }
    if !talk.conversation.instructions.trim().is_empty() {
        let _ = write!(out, "\n## Instructions\n\n{}\n", closed(talk.conversation.instructions.trim()));
    }
    for (message, version) in talk.branch() {
        let version = version.map_or(String::new(), |version| format!(" ({version})"));
        let _ = write!(out, "\n## {}{version}\n", line(&speaker(message)));
        for picture in pictures(message) {
            let _ = write!(out, "\n({picture})\n");
        }
        if !message.text.trim().is_empty() {
            let _ = write!(out, "\n{}\n", closed(message.text.trim_matches('\n')));
        }
        for note in message.remark.as_deref().into_iter().chain(ending(message)) {
            let _ = write!(out, "\n> {}\n", note.replace('\n', "\n> "));
        }
    }
    if !talk.conversation.draft.trim().is_empty() {
        let _ = write!(out, "\n## Not sent yet\n\n{}\n", closed(talk.conversation.draft.trim()));
    }
    out
}

/// Words of one line that mean nothing to Markdown.
pub(crate) fn line(text: &str) -> String {
    within_line(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The same with its spaces.
pub(crate) fn within_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A text that was cut off within a block of code would take all that follows into it.
fn closed(text: &str) -> String {
    let mut open: Option<(char, usize)> = None;
    for line in text.lines() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let line = line.trim_start_matches(' ');
        let Some(sign) = line.chars().next().filter(|c| matches!(c, '`' | '~')) else { continue };
        let length = line.chars().take_while(|c| *c == sign).count();
        if length < 3 || indent > 3 {
            continue;
        }
        let rest = &line[length..];
        open = match open {
            Some((of, fence)) if of == sign && length >= fence && rest.trim().is_empty() => None,
            Some(fence) => Some(fence),
            // A fence of backticks has none behind it.
            None if sign == '`' && rest.contains('`') => None,
            None => Some((sign, length)),
        };
    }
    match open {
        Some((sign, length)) => format!("{text}\n{}", String::from(sign).repeat(length)),
        None => text.to_owned(),
    }
}
