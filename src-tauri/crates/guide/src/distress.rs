//! Whether somebody says that they cannot go on, and what the guide answers then: always the
//! same, short, with a hint to people who can help. What they wrote is a message like any other;
//! it is not marked, counted or kept elsewhere.
//!
//! Someone who writes stories says such things of others, so what is asked for as a text, said
//! of a third person or stands in quotes is left alone.

mod language;

use std::{borrow::Cow, sync::OnceLock};

use crate::words::{distance, is_swapped, plain, stem};
use language::Language;

/// What is said of oneself, by language.
const SAID: &str = include_str!("../distress/said.txt");

/// Words that say, before what is said, that it is to be made up or is of somebody else.
const MADE_UP: &str = " write scene character protagonist antagonist hero heroine villain story novel poem chapter dialogue monologue \
    song lyric script screenplay play game roleplay fanfic film movie title titled entitled called line sentence \
    quote phrase name someone somebody say said saying tell told thought translate detective narrator plot fiction \
    killer schreib schreibe szene figur gedicht geschichte titel roman ecris poeme personnage histoire escribe \
    escena personaje poema scrivi scena personaggio escreva schrijf sagt dit dice ";

/// Behind what is said: that it was no more than a way of speaking, or is a text.
const NOT_MEANT: &str = " title line lyric laughter laughing embarrassment curiosity hunger boredom character translate translated quote \
    say said process draft chapter paragraph sentence scene novel story poem foot game film movie chess card \
    tennis race match french german spanish italian latin ";

/// Whoever is made to speak stands before or behind what they say.
const SPEAKS: &str = " say said whisper whispers whispered cries cried thinks write ask scream shout shouts murmurs sighs sagt dit \
    dice ";

/// Where a sentence speaks of these, what is open was said of them.
const WORK: &str = " book novel story chapter page text word sentence paragraph comma adverb line plot character hero heroine \
    villain narrator protagonist scene dialogue poem draft manuscript title edit editing write writing rewrite \
    model guide app sotto program software font letter key keyboard download file print printer cloud conversation \
    chat message window screen disk computer laptop mac battery memory update version setting button mouse undo \
    backup format formatting layout logo design picture answer spelling name list note footnote heading project \
    folder search password antagonist phone printer button plot save quit deadline pc document company \
    wrote ending machine stuff memoir script essay haiku song movie film game series thesis figur szene gedicht \
    geschichte kapitel personnage histoire chapitre personaje novela cuento escena personaggio romanzo scena \
    personagem cena personage verhaal roman ";

/// Of somebody else, where nothing is said of oneself.
const OTHERS: &str = " he she they his her their him hers theirs himself herself themselves ";

/// Who speaks of oneself.
const ONESELF: &str = " i im ive id ill me my myself ";

/// "I", whatever is joined to it.
const I: &str = " i im ive id ill ";

/// How many words "**" is at most.
const ANY: usize = 7;
/// How many letters of a long text are looked at, at its beginning and at its end.
const ENDS: usize = 6_000;

/// Who speaks of oneself, in the languages whose words are weighed.
const SPEAKER: &str =
    " i im ive id ill my myself ich mich mir mein meine je jai jen moi ma mon yo mi quiero estoy soy tengo ";

/// What a heavy word weighs, and how much is enough; a light one weighs 1.
const HEAVY: usize = 2;
/// Somebody who says more than so many words tells a story.
const MOST_WORDS: usize = 60;

/// What is one to whoever says it: the second stands for the first.
const ONE: [(&str, &str); 26] = [
    ("cannot", "cant"),
    ("can not", "cant"),
    ("could not", "couldnt"),
    ("do not", "dont"),
    ("does not", "doesnt"),
    ("did not", "didnt"),
    ("will not", "wont"),
    ("is not", "isnt"),
    ("i am", "im"),
    ("i have been", "ive been"),
    ("i have", "ive"),
    ("it is", "its"),
    ("what is", "whats"),
    ("there is", "theres"),
    ("should not", "shouldnt"),
    ("any more", "anymore"),
    ("any longer", "anymore"),
    ("no more", "anymore"),
    ("my self", "myself"),
    ("too", "to"),
    ("wanna", "want to"),
    ("gonna", "going to"),
    ("no one", "nobody"),
    ("noone", "nobody"),
    ("everybody", "everyone"),
    ("every day", "everyday"),
];

/// What may be said.
#[derive(Debug)]
struct Pattern {
    /// Word by word, each with what may stand there.
    words: Vec<Vec<&'static str>>,
    language: Language,
    /// Whether it may be meant otherwise.
    is_open: bool,
    /// Whether it can only be said of oneself.
    of_oneself: bool,
}

/// What `distress/said.txt` says.
#[derive(Debug, Default)]
struct Said {
    patterns: Vec<Pattern>,
    /// Ways of speaking that mean nothing by their words.
    idioms: Vec<Pattern>,
    /// Words by which the rest is told, with their weight.
    words: Vec<(&'static str, Language, usize)>,
}

fn learnt() -> &'static Said {
    static LEARNT: OnceLock<Said> = OnceLock::new();
    LEARNT.get_or_init(|| {
        let mut said = Said::default();
        let (mut language, mut kind) = (Language::English, "");
        for line in SAID.lines().filter(|line| !line.starts_with('#')) {
            if let Some(heading) = line.strip_prefix("= ") {
                let (name, of) = heading.split_once(", ").unwrap_or((heading, ""));
                (language, kind) = (Language::named(name), of);
                continue;
            }
            let weight = match kind {
                "heavy" => HEAVY,
                "light" => 1,
                _ => 0,
            };
            if weight > 0 {
                said.words.extend(line.split_whitespace().map(|word| (word, language, weight)));
                continue;
            }
            for pattern in line.split(';').map(str::trim).filter(|pattern| !pattern.is_empty()) {
                let words: Vec<Vec<&str>> =
                    pattern.split(' ').map(|word| word.split('|').collect()).collect();
                let of_oneself = words.iter().any(|word| word.iter().all(|one| holds(ONESELF, one)));
                let pattern = Pattern { words, language, is_open: kind == "open", of_oneself };
                if kind == "idioms" { &mut said.idioms } else { &mut said.patterns }.push(pattern);
            }
        }
        said
    })
}

/// What the guide answers to somebody in distress; `None` where nobody is.
pub(crate) fn answer(said: &str) -> Option<&'static str> {
    let said = without_quotes(&shortened(said)).to_lowercase();
    // A sentence speaks for itself: "I want to die. Give me a title" is both.
    said.split(['.', '!', '?', '\n', ';', '…']).find_map(sentence).map(Language::answer)
}

/// What the guide answers to somebody who may be: who speaks of oneself, in dark words, and of nothing
/// that Sotto is for. Where something in the help is surely meant one of the words must be heavy; elsewhere
/// a false alarm, kindly said, is better than a miss.
pub(crate) fn likely(said: &str, is_sure: bool) -> Option<&'static str> {
    let words = as_one(&plain(&without_quotes(said)));
    let of_oneself = words.iter().any(|word| holds(SPEAKER, word));
    let of_else = words.iter().any(|word| is_one_of(WORK, word) || is_one_of(MADE_UP, word));
    if !of_oneself || of_else || words.len() > MOST_WORDS {
        return None;
    }
    let words = without_idioms(&words);
    let weigh = |language: Language| {
        let of = |word: &String| {
            let mut known = learnt().words.iter().filter(|(_, of, _)| *of == language);
            known.find(|(dark, ..)| is_dark(word, dark)).map_or(0, |(.., weight)| *weight)
        };
        let weights = words.iter().map(of);
        if is_sure { weights.max().unwrap_or_default() } else { weights.sum::<usize>() }
    };
    let mut languages =
        [Language::English, Language::German, Language::French, Language::Spanish].into_iter();
    languages.find(|language| weigh(*language) >= HEAVY).map(Language::answer)
}

/// As `is_said`, but slips count in long words alone: "noise" is no "noose".
fn is_dark(word: &str, dark: &str) -> bool {
    word == dark || stem(word) == stem(dark) || (dark.len() > 5 && is_said(word, dark))
}

fn without_idioms(words: &[String]) -> Vec<String> {
    let mut rest = words;
    let mut left = Vec::new();
    while let Some((first, more)) = rest.split_first() {
        let idiom = learnt().idioms.iter().find_map(|idiom| matched(rest, &idiom.words, false));
        if idiom.is_none() {
            left.push(first.clone());
        }
        rest = idiom.map_or(more, |length| &rest[length..]);
    }
    left
}

/// Of a text that was pasted, its beginning and its end: that is where somebody says what is theirs.
fn shortened(said: &str) -> Cow<'_, str> {
    let letters = said.chars().count();
    if letters <= 2 * ENDS {
        return said.into();
    }
    let beginning: String = said.chars().take(ENDS).collect();
    let end: String = said.chars().skip(letters - ENDS).collect();
    format!("{beginning}\n{end}").into()
}

/// The language in which a sentence says it, where it does.
fn sentence(sentence: &str) -> Option<Language> {
    let is_of_work = plain(sentence).iter().any(|word| is_one_of(WORK, word));
    let sentence = sentence.replace(" and i ", ", i ").replace(" but i ", ", i ").replace(" so i ", ", i ");
    let parts: Vec<Vec<String>> = sentence.split([',', ':']).map(|part| as_one(&plain(part))).collect();
    parts.iter().enumerate().find_map(|(at, words)| {
        let before = at.checked_sub(1).and_then(|at| parts.get(at)?.last());
        let behind = parts.get(at + 1).map_or(&[][..], |part| &part[..part.len().min(3)]);
        let spoken = before.into_iter().chain(behind).any(|word| is_one_of(SPEAKS, word));
        if spoken { None } else { part(words, is_of_work) }
    })
}

fn part(words: &[String], is_of_work: bool) -> Option<Language> {
    let is_of_others = words.iter().any(|word| holds(OTHERS, word));
    let may = |pattern: &&Pattern| {
        !(pattern.is_open && is_of_work)
            && (pattern.of_oneself || !is_of_others || pattern.language != Language::English)
    };
    learnt().patterns.iter().filter(may).find_map(|pattern| {
        (0..words.len()).find_map(|from| {
            let to = from + matched(&words[from..], &pattern.words, from == 0)?;
            let made_up = words[..from].iter().any(|word| is_one_of(MADE_UP, word));
            let not_meant = words[to..].iter().any(|word| is_one_of(NOT_MEANT, word));
            (!made_up && !not_meant).then_some(pattern.language)
        })
    })
}

/// The words with one way of writing for each.
fn as_one(words: &[String]) -> Vec<String> {
    let words: Vec<String> = words.iter().map(|word| not_drawn_out(word)).collect();
    let mut said = format!(" {} ", words.join(" "));
    for (other, one) in ONE {
        said = said.replace(&format!(" {other} "), &format!(" {one} "));
    }
    said.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// "dieeee" is "die".
fn not_drawn_out(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let same = |at: usize| at < letters.len() && letters[at] == letters[at - 1];
    let is_extra = |at: usize| at > 0 && same(at) && (at > 1 && same(at - 1) || same(at + 1));
    letters.iter().enumerate().filter(|(at, _)| !is_extra(*at)).map(|(_, letter)| *letter).collect()
}

fn holds(list: &str, word: &str) -> bool {
    list.contains(&format!(" {word} "))
}

/// Whether it is in the list, alone or as "scenes", "hero's".
fn is_one_of(list: &str, word: &str) -> bool {
    holds(list, word) || word.strip_suffix('s').is_some_and(|one| holds(list, one))
}

/// How many words at the beginning of `words` are `pattern`.
fn matched(words: &[String], pattern: &[Vec<&str>], begins: bool) -> Option<usize> {
    let Some((wanted, rest)) = pattern.split_first() else { return Some(0) };
    match (wanted[..].first().copied(), words) {
        (Some("^"), _) => {
            if begins {
                matched(words, rest, false)
            } else {
                None
            }
        }
        (Some("*"), _) => any_words(words, rest, 1),
        (Some("**"), _) => any_words(words, rest, ANY),
        (_, []) => wanted.contains(&"$").then_some(0),
        (_, [word, more @ ..]) => {
            wanted.iter().any(|wanted| is_said(word, wanted)).then_some(())?;
            Some(1 + matched(more, rest, false)?)
        }
    }
}

/// The same, after none or up to `most` words of any kind.
fn any_words(words: &[String], pattern: &[Vec<&str>], most: usize) -> Option<usize> {
    (0..=most.min(words.len()))
        .find_map(|skipped| Some(skipped + matched(&words[skipped..], pattern, false)?))
}

/// Whether a word is the wanted one, in another form or a slip away; a short one would be another word.
fn is_said(word: &str, wanted: &str) -> bool {
    if word == wanted || (wanted == "i" && holds(I, word)) {
        return true;
    }
    // One slip leaves the first letter or the last, which is cheaper to see.
    let ends = |text: &str| (text.chars().next(), text.chars().next_back());
    let ((first, last), (wanted_first, wanted_last)) = (ends(word), ends(wanted));
    let other_ends = first != wanted_first && last != wanted_last && word.len() > 3;
    if other_ends || word.len().abs_diff(wanted.len()) > 4 {
        return false;
    }
    let slip = || distance(word, wanted, 1).is_some();
    match wanted.len() {
        0..=3 => (is_swapped(word, wanted) && slip()) || stem(word) == wanted,
        _ => word.len() > 2 && (slip() || stem(word) == stem(wanted)),
    }
}

fn without_quotes(text: &str) -> String {
    let mut open = false;
    text.chars()
        .filter(|letter| match letter {
            '"' | '“' | '”' | '„' | '«' | '»' => {
                open =
                    if *letter == '"' || *letter == '“' { !open } else { matches!(letter, '„' | '«') };
                false
            }
            _ => !open,
        })
        .collect()
}

#[cfg(test)]
mod tests;
