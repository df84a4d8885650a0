//! Reads whether a spark is asked for, of what kind, how many, and about what.

use super::{Ask, Kind};
use crate::words::{distance, plain, slips};

const KINDS: [(&str, Kind); 27] = [
    ("name", Kind::Names),
    ("names", Kind::Names),
    ("title", Kind::Titles),
    ("titles", Kind::Titles),
    ("headline", Kind::Titles),
    ("headlines", Kind::Titles),
    ("opener", Kind::Lines),
    ("openers", Kind::Lines),
    ("opening", Kind::Lines),
    ("openings", Kind::Lines),
    ("colour", Kind::Colours),
    ("colours", Kind::Colours),
    ("color", Kind::Colours),
    ("colors", Kind::Colours),
    ("palette", Kind::Colours),
    ("palettes", Kind::Colours),
    ("question", Kind::Questions),
    ("questions", Kind::Questions),
    ("prompt", Kind::WhatIfs),
    ("prompts", Kind::WhatIfs),
    ("whatif", Kind::WhatIfs),
    ("idea", Kind::WhatIfs),
    ("ideas", Kind::WhatIfs),
    ("premise", Kind::WhatIfs),
    ("premises", Kind::WhatIfs),
    ("spark", Kind::WhatIfs),
    ("sparks", Kind::WhatIfs),
];

/// Who asks for something says one of these, or how many, or what for.
const WISHES: [&str; 27] = [
    "do", "would", "could", "give", "gimme", "suggest", "need", "want", "find", "invent", "think", "make",
    "come", "write", "propose", "draw", "help", "like", "show", "have", "try", "another", "more", "looking",
    "create", "got", "please",
];

/// Questions about the app have these words; a spark has none of them before its kind.
const NOT_SPARKS: [&str; 31] = [
    "change",
    "rename",
    "where",
    "edit",
    "delete",
    "remove",
    "find",
    "does",
    "why",
    "search",
    "its",
    "the",
    "this",
    "my",
    "your",
    "who",
    "theme",
    "sort",
    "under",
    "where",
    "can",
    "set",
    "put",
    "see",
    "conversation",
    "file",
    "question",
    "same",
    "always",
    "compare",
    "keeps",
];

/// Where nobody wishes, the first words must at least not ask: "what is the name of …".
const ASKS: [&str; 10] = ["what", "how", "is", "are", "do", "when", "whose", "was", "if", "no"];

const ABOUT: [&str; 8] = ["for", "about", "abt", "of", "on", "with", "inspired", "set"];

pub(super) fn read(said: &str) -> Option<Ask> {
    let words = plain(said);
    // "How do I change the name of …" asks for help; "how about a name for …" does not.
    if words.windows(2).any(|pair| pair[0] == "how" && pair[1] != "about") {
        return None;
    }
    let (at, mut kind) =
        words.iter().enumerate().find_map(|(at, word)| Some((at, kind_of(word, &words, at)?)))?;
    let before = &words[..at];
    let counted = before.iter().position(|word| number(word).is_some());
    // "Two models, the same question" counts models.
    let counted = counted.filter(|at| !is_of_the_app(&before[*at..], &[]));
    let number = counted.and_then(|at| number(&before[at]));
    let behind = words.get(at + 1..).unwrap_or_default();
    let about =
        behind.iter().position(|word| ABOUT.contains(&word.as_str()) || word == "that" || word == "which");
    // "Three titles for …", "titles for …", "give me a title": but not "change the title of …".
    let wished = number.is_some()
        || before.iter().any(|word| WISHES.contains(&word.as_str()))
        || (about.is_some() && before.len() <= 3 && !before.iter().any(|word| ASKS.contains(&word.as_str())));
    let forbidden = |word: &String| {
        NOT_SPARKS.contains(&word.as_str()) && !(word == "find" || word == "the" || word == "can")
    };
    if !wished || before.iter().any(forbidden) || (number.is_none() && is_of_the_app(before, behind)) {
        return None;
    }
    // "I want it wilder, with crazy ideas" is a wish for the model; "I have a question" is one's own.
    let has = |word: &str| before.iter().any(|other| other == word);
    if (kind == Kind::WhatIfs && has("it"))
        || (kind == Kind::Questions && number.is_none() && (has("have") || has("got")))
    {
        return None;
    }
    // "Names" of a book are its titles.
    if kind == Kind::Names
        && about.is_some_and(|about| behind[about..].iter().take(4).any(|word| is_a_work(word)))
    {
        kind = Kind::Titles;
    }
    let plural = words[at].ends_with('s') && words[at] != "s";
    let usual = match (kind, plural) {
        (Kind::Colours, _) => 4,
        (_, true) => 3,
        (Kind::Titles, false)
            if number.is_none() && !before.iter().any(|word| word == "a" || word == "one") =>
        {
            3
        }
        (_, false) => 1,
    };
    let count = number.unwrap_or(usual).clamp(1, 12);
    let count =
        if kind == Kind::Colours { count.clamp(if number.is_some() { 1 } else { 4 }, 6) } else { count };
    Some(Ask { kind, count, about: subject(said, &words[at]) })
}

/// "A first line", "an opening sentence" are two words.
fn kind_of(word: &str, words: &[String], at: usize) -> Option<Kind> {
    let next = words.get(at + 1).map_or("", String::as_str);
    let before = at.checked_sub(1).and_then(|at| words.get(at)).map_or("", String::as_str);
    if ["line", "lines", "sentence", "sentences"].contains(&word) {
        return ["first", "opening", "1st"].contains(&before).then_some(Kind::Lines);
    }
    if word == "opening" && ["line", "lines", "sentence", "sentences"].contains(&next) {
        return None;
    }
    if word == "if" && before == "what" && at == 1 {
        return None;
    }
    KINDS.iter().find_map(|(known, kind)| {
        let slip = slips(known).min(usize::from(known.chars().count() > 4));
        let alike = word.chars().next() == known.chars().next() && distance(word, known, slip).is_some();
        (alike && !["lines", "quite", "tiles"].contains(&word)).then_some(*kind)
    })
}

/// "The title of a conversation", "the colours of the app", "a question about models".
fn is_of_the_app(before: &[String], behind: &[String]) -> bool {
    const APP: [&str; 16] = [
        "conversation",
        "chat",
        "page",
        "project",
        "app",
        "sotto",
        "window",
        "model",
        "models",
        "guide",
        "file",
        "key",
        "answer",
        "message",
        "cloud",
        "text",
    ];
    behind.iter().chain(before).any(|word| APP.contains(&word.as_str()))
}

fn is_a_work(word: &str) -> bool {
    const WORKS: [&str; 20] = [
        "scene",
        "book",
        "novel",
        "story",
        "poem",
        "essay",
        "memoir",
        "play",
        "song",
        "film",
        "collection",
        "thriller",
        "article",
        "post",
        "exhibition",
        "comic",
        "novella",
        "chapter",
        "series",
        "album",
    ];
    WORKS.contains(&word)
}

fn number(word: &str) -> Option<usize> {
    const NUMBERS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    match word {
        "couple" => Some(2),
        "few" | "some" | "several" => Some(3),
        "dozen" => Some(12),
        "no" => None,
        _ => {
            NUMBERS.iter().position(|number| number == &word).or_else(|| word.parse().ok().filter(|n| *n > 0))
        }
    }
}

/// What stands behind "for" or "about", as it was written.
fn subject(said: &str, kind: &str) -> String {
    let said = said.trim().trim_end_matches(['.', '!', '?', ' ']);
    let lower = said.to_lowercase();
    let Some(from) = lower.find(kind).map(|at| at + kind.len()) else { return String::new() };
    let begins =
        ["about ", "abt ", "inspired by ", "set in ", "for ", "of ", "on ", "with ", "that ", "which "];
    let rest = said.get(from..).unwrap_or_default();
    let mut subject = begins
        .iter()
        .filter_map(|word| rest.to_lowercase().find(&format!(" {word}")).map(|at| (at, word.len())))
        .min()
        .and_then(|(at, length)| rest.get(at + 1 + length..))
        .unwrap_or_default()
        .trim()
        .to_owned();
    // "Titles for a book about the sea" are about the sea.
    if let Some(of_a_work) =
        subject.split_whitespace().take(4).position(|word| is_a_work(&word.to_lowercase()))
    {
        let rest: Vec<&str> = subject.split_whitespace().skip(of_a_work + 1).collect();
        let about = rest.iter().position(|word| {
            ["about", "abt", "on", "with", "of", "in", "inspired"].contains(&word.to_lowercase().as_str())
        });
        subject = about.map_or_else(String::new, |about| rest[about + 1..].join(" "));
    }
    let subject =
        subject.trim_end_matches(" please").trim_end_matches(" pls").trim_start_matches("by ").trim();
    if subject.chars().count() > 80 { String::new() } else { subject.to_owned() }
}
