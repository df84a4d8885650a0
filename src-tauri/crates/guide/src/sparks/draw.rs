//! Draws what was asked for.

use std::{
    collections::{HashMap, HashSet, hash_map::RandomState},
    hash::BuildHasher,
    sync::OnceLock,
};

use super::{Ask, Kind};
use crate::words::plain;

const LISTS: &str = include_str!("../../sparks/lists.txt");

/// `{c}` is the subject without its article.
const TITLES: [&str; 21] = [
    "The Last {c}",
    "After {s}",
    "A Map of {s}",
    "Notes on {s}",
    "The House of {s}",
    "Letters to {s}",
    "Under {s}",
    "A Short History of {s}",
    "Towards {s}",
    "Without {s}",
    "Almost {s}",
    "In Praise of {s}",
    "Remembering {s}",
    "The Year of {s}",
    "Seven Ways of Looking at {s}",
    "The Secret Life of {s}",
    "How We Lost {s}",
    "Salt and {s}",
    "Smoke and {s}",
    "The Postman and {s}",
    "What {s} Knew",
];
const BARE_TITLES: [&str; 12] = [
    "The Salt Road",
    "A Lamp in the Wrong Window",
    "What the River Kept",
    "Seven Keys",
    "The Quiet Season",
    "Nobody’s Orchard",
    "The Understudy’s Coat",
    "Low Water",
    "A Room for the Weather",
    "The Second Letter",
    "Before the Ferry",
    "Small Hours",
];
const LINES: [&str; 20] = [
    "Nobody in Alder Bay spoke of {s} until the winter the river froze.",
    "It began with {s}, on a grey Monday in March.",
    "There are three ways to tell the story of {s}, and my aunt only ever told me one.",
    "Long before the flood, there was {s}.",
    "My grandfather left me seven keys and a letter about {s}.",
    "That spring, everything we knew about {s} turned out to be a lie.",
    "What I remember first is {s}, and then the smell of salt.",
    "On the wet morning of the wedding, I was thinking of {s}.",
    "The postman kept eleven secrets, and the last of them was {s}.",
    "They say that our village has forgotten everything but {s}.",
    "In the attic above the bakery, on a cold Thursday, I first heard of {s}.",
    "If the midwife had not been late that Sunday, we would never have known about {s}.",
    "Every summer, when the lake rose, the talk in Tarn came back to {s}.",
    "The letter from Hollin was about {s}, and it had been opened twice.",
    "I had promised my mother never to write about {s}.",
    "Nothing prepared the ferryman for {s}.",
    "It took me forty years to understand {s}.",
    "When the librarian asked what I was afraid of, I said: {s}.",
    "The first photograph shows a foggy street, a bookshop, and {s}.",
    "All that winter the river smelled of smoke, and all I could think of was {s}.",
];
const QUESTIONS: [&str; 12] = [
    "Who would be glad if {s} were gone tomorrow?",
    "What did everybody know about {s} that nobody said?",
    "What does {s} smell of at six in the morning?",
    "Who saw {s} first, and whom did they tell?",
    "What would {s} cost, if one had to pay for it with something that is not money?",
    "Which lie is told about {s} in every family?",
    "What is the smallest thing that would change if {s} had never been?",
    "Who is not allowed to speak of {s}?",
    "What does {s} look like to a child of seven?",
    "What would you ask {s}, if it could answer once?",
    "Where does {s} end?",
    "What has to happen before {s} can begin?",
];
const WHAT_IFS: [&str; 10] = [
    "What if {s} were the only thing that nobody could remember?",
    "What if {s} arrived forty years late?",
    "What if two people had each been told a different half of {s}?",
    "What if {s} could be borrowed, for one day, against a signature?",
    "What if the only witness of {s} was a child who liked to lie?",
    "What if {s} was found in the pocket of a second-hand coat?",
    "What if everybody agreed never to mention {s} again, and one person forgot to?",
    "What if {s} was a secret that had to be handed on before midnight?",
    "What if the letter about {s} was delivered to the wrong house?",
    "What if {s} was the easier of the two choices?",
];

/// Chance, or the same every time.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self(seed.unwrap_or_else(|| RandomState::new().hash_one(0)))
    }

    /// A number below `end`; splitmix64.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or_default()
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.below(from.len())).copied().unwrap_or_default()
    }
}

/// As many as were asked for, none twice, and none that `may` forbids, as far as the lists reach.
pub(super) fn lines(ask: &Ask, dice: &mut Dice, may: impl Fn(&str) -> bool) -> Vec<String> {
    const TRIES: usize = 400;
    let mut drawn: Vec<String> = Vec::new();
    for _ in 0..TRIES {
        if drawn.len() == ask.count {
            break;
        }
        let line = line(ask, dice);
        if !drawn.contains(&line) && may(&line) {
            drawn.push(line);
        }
    }
    drawn
}

fn line(ask: &Ask, dice: &mut Dice) -> String {
    let about = ask.about.as_str();
    let filled =
        |pattern: &str, bare: &str| pattern.replace("{s}", if about.is_empty() { bare } else { about });
    match ask.kind {
        Kind::Names => name(about, dice),
        Kind::Titles if about.is_empty() => dice.pick(&BARE_TITLES).to_owned(),
        Kind::Titles => {
            dice.pick(&TITLES).replace("{s}", &titled(about)).replace("{c}", &titled(without_article(about)))
        }
        Kind::Lines => filled(dice.pick(&LINES), "the house at the end of the lane"),
        Kind::Colours => {
            dice.pick(lists().found("mood", about).unwrap_or(lists().named("colours"))).to_owned()
        }
        Kind::Questions => filled(dice.pick(&QUESTIONS), "the silence in this story"),
        Kind::WhatIfs => filled(dice.pick(&WHAT_IFS), "the last letter"),
    }
}

fn name(about: &str, dice: &mut Dice) -> String {
    let lists = lists();
    let trade = lists.found("trade", about);
    let words = plain(about);
    let is_person = words.iter().any(|word| {
        [
            "character",
            "person",
            "detective",
            "villain",
            "protagonist",
            "doctor",
            "teacher",
            "child",
            "narrator",
        ]
        .contains(&word.as_str())
    });
    let person = lists.found("person", about).and_then(|list| list.first());
    match (trade, person) {
        (None, Some(kind @ &("pet" | "village"))) => dice.pick(lists.named(kind)).to_owned(),
        (None, Some(kind)) => {
            format!("{} {}", dice.pick(lists.named(kind)), dice.pick(lists.named("surname")))
        }
        (None, None) if is_person => {
            let kind = if dice.below(2) == 0 { "woman" } else { "man" };
            format!("{} {}", dice.pick(lists.named(kind)), dice.pick(lists.named("surname")))
        }
        (trade, _) => of_a_business(trade, lists.found("place", about), dice),
    }
}

fn of_a_business(trade: Option<&[&'static str]>, place: Option<&[&'static str]>, dice: &mut Dice) -> String {
    let lists = lists();
    let quiet = lists.named("quiet");
    let (trade_word, place_word) = (dice.pick(trade.unwrap_or(quiet)), dice.pick(place.unwrap_or(quiet)));
    let adjective = dice.pick(lists.named("adjective"));
    match dice.below(if trade.is_some() { 6 } else { 4 }) {
        _ if trade_word == place_word => format!("The {adjective} {trade_word}"),
        0 => format!("{place_word} & {trade_word}"),
        1 => format!("The {adjective} {trade_word}"),
        2 => format!("{place_word} and {trade_word}"),
        3 if trade.is_none() => place_word.to_owned(),
        4 => format!("{trade_word} & Company"),
        5 => format!("{}’s {trade_word}", dice.pick(lists.named("surname"))),
        _ => format!("The {place_word} {trade_word}"),
    }
}

/// As a title is written in English, in its middle; what is told of the subject is left out.
fn titled(about: &str) -> String {
    const SMALL: [&str; 15] =
        ["a", "an", "the", "of", "in", "on", "and", "or", "to", "at", "by", "for", "with", "from", "my"];
    let told =
        [" who ", " where ", " that ", " which ", " when "].iter().filter_map(|word| about.find(word)).min();
    let about = told.map_or(about, |end| &about[..end]);
    let capital = |word: &str| {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if !SMALL.contains(&word) => first.to_uppercase().chain(letters).collect(),
            _ => word.to_owned(),
        }
    };
    about.split_whitespace().map(capital).collect::<Vec<String>>().join(" ")
}

fn without_article(about: &str) -> &str {
    ["the ", "a ", "an ", "my ", "The ", "A "].iter().find_map(|the| about.strip_prefix(the)).unwrap_or(about)
}

struct List {
    kind: &'static str,
    /// Where one of them is in the request, the list is used; or its name.
    words: HashSet<&'static str>,
    entries: Vec<&'static str>,
}

struct Lists(Vec<List>, HashMap<&'static str, usize>);

fn lists() -> &'static Lists {
    static READ: OnceLock<Lists> = OnceLock::new();
    READ.get_or_init(|| {
        let lists: Vec<List> = LISTS.lines().filter_map(list).collect();
        let named = |(at, list): (usize, &List)| {
            Some((*list.words.iter().next()?, at)).filter(|_| list.kind == "list")
        };
        let by_name = lists.iter().enumerate().filter_map(named).collect();
        Lists(lists, by_name)
    })
}

fn list(line: &'static str) -> Option<List> {
    let (kind, rest) = line.strip_prefix('@')?.split_once(' ')?;
    let (words, entries) = rest.split_once(": ")?;
    Some(List { kind, words: words.split(' ').collect(), entries: entries.split(", ").collect() })
}

impl Lists {
    fn named(&self, name: &str) -> &[&'static str] {
        self.1.get(name).map_or(&[], |at| &self.0[*at].entries)
    }

    /// The list of that kind that a word of the request belongs to, the first word's first.
    fn found(&self, kind: &str, about: &str) -> Option<&[&'static str]> {
        plain(about).iter().find_map(|word| {
            let list = self.0.iter().find(|list| list.kind == kind && list.words.contains(word.as_str()))?;
            Some(list.entries.as_slice())
        })
    }
}
