//! Sparks: names, titles, opening lines, colours, questions and what-ifs, drawn from lists. What
//! was asked for is what comes: three names are three names, and of a bakery if it was one.

mod ask;
mod draw;

pub(crate) use draw::Dice;

/// What kind of spark is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Names,
    Titles,
    Lines,
    Colours,
    Questions,
    WhatIfs,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) kind: Kind,
    pub(crate) count: usize,
    /// What it is for or about, as it was written; empty where that was not said.
    pub(crate) about: String,
}

/// The spark that was asked for; `None` where none was.
pub(crate) fn spark(said: &str, dice: &mut Dice, may: impl Fn(&str) -> bool) -> Option<String> {
    let ask = ask::read(said)?;
    let lines: Vec<String> = draw::lines(&ask, dice, may);
    Some(match (ask.kind, &lines[..]) {
        (_, [only]) => only.clone(),
        (Kind::Colours, _) if ask.about.is_empty() => bullets(&lines),
        (Kind::Colours, _) => format!("Colours for {}:\n\n{}", ask.about, bullets(&lines)),
        _ => numbered(&lines),
    })
}

fn bullets(lines: &[String]) -> String {
    lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n")
}

fn numbered(lines: &[String]) -> String {
    (1..).zip(lines).map(|(number, line)| format!("{number}. {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
