//! The guide in the box. It answers questions about the app with the help's own paragraphs, word
//! for word; says so where it is not sure, and shows the nearest pages; plays small sparks of the
//! kind that was asked for; and to somebody in distress gives one fixed answer that names people
//! who can help. There is no model in it: the same question has the same answer, at once.

mod distress;
mod find;
mod help;
mod sparks;
mod words;

use futures_util::stream;
use sotto_domain::{AnswerStream, Answering, Cost, Delta, Destination, Finish, Request, Role, Usage};
use tokio_util::sync::CancellationToken;

pub use help::{Page, Paragraph, pages};

/// What the guide is called.
pub const NAME: &str = "Built-in guide";

/// From here on the guide is sure: of ten such answers nine are right.
const SURE: f32 = 0.6;
/// From here on it answers, says that it may be meant otherwise, and how.
const LIKELY: f32 = 0.25;
/// To leave something to a full model the guide must be surer: the help may have it after all.
const BEYOND: f32 = 0.4;
/// Below, nothing in the help is near.
const NEAR: f32 = 0.08;
/// How many pages are shown where the guide is not sure.
const SHOWN: usize = 3;
/// Below, the search of the help leaves it out.
const SEARCHED: f32 = 0.02;
/// How many the search of the help finds.
const FOUND: usize = 12;

/// The guide, as anything that answers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Guide;

/// What the guide answers, and of what kind that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What kind it is.
    pub kind: Kind,
    /// What is said, in Markdown. Links that begin with `help:` name a paragraph.
    pub text: String,
}

/// The kinds of answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The paragraph of the help that answers.
    Help(&'static str),
    /// The first of these paragraphs, which may be meant; the others are the next.
    Maybe(Vec<&'static str>),
    /// Not sure: these paragraphs are the nearest.
    Unsure(Vec<&'static str>),
    /// Made up from lists, of the kind that was asked for.
    Spark,
    /// A greeting, thanks.
    Talk,
    /// Something for a full model.
    Beyond,
    /// Somebody is in distress.
    Distress,
}

impl Answering for Guide {
    fn destination(&self) -> Option<Destination> {
        Some(Destination::Device { model: NAME.into() })
    }

    fn answer(&self, request: Request, cancel: CancellationToken) -> AnswerStream {
        let finish = if cancel.is_cancelled() { Finish::Stopped } else { Finish::Complete };
        let done = Delta::Done { finish, usage: Usage::default(), cost: Cost::Free };
        let text = if finish == Finish::Complete { reply(&request).text } else { String::new() };
        let words: Vec<Delta> = text.split_inclusive(' ').map(Delta::text).collect();
        Box::pin(stream::iter(words.into_iter().chain([done]).map(Ok)))
    }
}

/// What the guide says to the last message of `request`.
pub fn reply(request: &Request) -> Reply {
    let mut said =
        request.turns.iter().rev().filter(|turn| turn.role == Role::User).map(|turn| turn.text.as_str());
    let last = said.next().unwrap_or_default();
    if let Some(answer) = distress::answer(last).or_else(|| distress::likely(last, true)) {
        return Reply { kind: Kind::Distress, text: answer.into() };
    }
    let banned = &request.rules.banned;
    let may = |line: &str| !banned.iter().any(|phrase| line.to_lowercase().contains(&phrase.to_lowercase()));
    if let Some(text) = sparks::spark(last, &mut sparks::Dice::new(request.sampling.seed), may) {
        return Reply { kind: Kind::Spark, text };
    }
    let reply = helped(last);
    if !matches!(reply.kind, Kind::Help(_) | Kind::Talk)
        && let Some(answer) = distress::likely(last, false)
    {
        return Reply { kind: Kind::Distress, text: answer.into() };
    }
    // "And on a Mac?" asks on.
    match (&reply.kind, said.next()) {
        (Kind::Help(_) | Kind::Maybe(_) | Kind::Unsure(_) | Kind::Beyond, Some(before)) if asks_on(last) => {
            let both = continued(before, last);
            if matches!(both.kind, Kind::Help(_) | Kind::Maybe(_)) { both } else { reply }
        }
        _ => reply,
    }
}

/// The paragraphs that are nearest to what somebody looks for in the help: those that have all of
/// its words, then those that are likely meant.
pub fn search(wanted: &str) -> Vec<&'static str> {
    let found: Vec<find::Found> = find::find(wanted).into_iter().filter(|found| found.is_help).collect();
    let looked_for = words::plain(wanted);
    let has_all = |found: &&find::Found| {
        let text = words::plain(&format!("{} {}", found.paragraph.title, found.paragraph.text));
        looked_for.iter().all(|word| text.iter().any(|other| other.starts_with(word)))
    };
    let (named, others): (Vec<&find::Found>, Vec<&find::Found>) = found.iter().partition(has_all);
    let likely = others.into_iter().filter(|found| found.score > SEARCHED);
    named.into_iter().chain(likely).take(FOUND).map(|found| found.paragraph.id).collect()
}

fn helped(said: &str) -> Reply {
    let found = find::find(said);
    let Some(best) = found.first() else { return beyond() };
    let paragraph = best.paragraph;
    let near: Vec<&Paragraph> =
        found.iter().filter(|found| found.is_help).take(SHOWN).map(|found| found.paragraph).collect();
    let ids = || near.iter().map(|paragraph| paragraph.id).collect();
    match (best.is_help, best.score) {
        (_, score) if score < NEAR => beyond(),
        (false, score) if paragraph.id == "beyond" && score >= BEYOND => beyond(),
        (false, score) if paragraph.id != "beyond" && score >= LIKELY => {
            Reply { kind: Kind::Talk, text: paragraph.text.into() }
        }
        (true, score) if score >= SURE => Reply {
            kind: Kind::Help(paragraph.id),
            text: format!("{}\n\nIn the help: {}", paragraph.text, link(paragraph)),
        },
        (true, score) if score >= LIKELY => Reply {
            kind: Kind::Maybe(ids()),
            text: format!(
                "You may mean this:\n\n{}\n\nIn the help: {}\n\nIf not, look here:\n\n{}",
                paragraph.text,
                link(paragraph),
                links(&near[1..])
            ),
        },
        _ => Reply {
            kind: Kind::Unsure(ids()),
            text: format!(
                "I am not sure what you mean. These pages of the help may have it:\n\n{}\n\nIf it is not about Sotto, \
                 it is for a full model.",
                links(&near)
            ),
        },
    }
}

fn beyond() -> Reply {
    let text = "That is beyond me. I am the small guide that comes with Sotto: I know this app and play small sparks. \
                A full model on this computer can do it: [Getting a model](help:get-model)";
    Reply { kind: Kind::Beyond, text: text.into() }
}

fn link(paragraph: &Paragraph) -> String {
    format!("[{}](help:{})", paragraph.title, paragraph.id)
}

fn links(paragraphs: &[&Paragraph]) -> String {
    paragraphs.iter().map(|paragraph| format!("- {}", link(paragraph))).collect::<Vec<_>>().join("\n")
}

/// What answers a question that goes on from the one before: the same paragraph, where it speaks of
/// what is new in the question; else whatever answers both together.
fn continued(before: &str, said: &str) -> Reply {
    let first = helped(before);
    let speaks_of_it = words::plain(&first.text)
        .iter()
        .any(|word| words::strength(word) >= 1.0 && words::plain(said).contains(word));
    match first.kind {
        Kind::Help(_) | Kind::Maybe(_) if speaks_of_it => first,
        _ => helped(&format!("{before} {said}")),
    }
}

/// Whether a message is short and goes on from the one before.
fn asks_on(said: &str) -> bool {
    let words = words::plain(said);
    let begins: Vec<&str> = words.iter().take(2).map(String::as_str).collect();
    words.len() <= 6 && matches!(begins[..], ["and" | "but" | "or" | "also", ..] | ["what" | "how", "about"])
}

#[cfg(test)]
mod fresh;
#[cfg(test)]
mod tests;
