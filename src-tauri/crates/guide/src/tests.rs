#![allow(clippy::print_stdout)] // the scores are to be read

use sotto_domain::{Rules, Sampling, Turn};

use super::*;

const DEV: &str = include_str!("../tests/fixtures/dev.txt");
const BEYOND: &str = include_str!("../tests/fixtures/beyond.txt");

pub(super) fn asked(said: &[&str]) -> Request {
    let turn = |(at, text): (usize, &&str)| {
        Turn::text(if at % 2 == 0 { Role::User } else { Role::Assistant }, *text)
    };
    Request {
        turns: said.iter().enumerate().map(turn).collect(),
        sampling: Sampling { seed: Some(1), ..Sampling::default() },
        rules: Rules::default(),
        max_tokens: None,
        alternatives: 0,
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

struct Score {
    asked: usize,
    right: usize,
    shown: usize,
    faults: Vec<String>,
}

/// How many questions are answered with one of the paragraphs that answer them, and how many more
/// are not answered, but shown the way to one.
fn score(questions: &'static str) -> Score {
    let mut score = Score { asked: 0, right: 0, shown: 0, faults: Vec::new() };
    for line in lines(questions) {
        let (ask, wanted) = line.rsplit_once(" | ").unwrap();
        let wanted: Vec<&str> = wanted.split(' ').collect();
        let reply = reply(&asked(&[ask]));
        score.asked += 1;
        match &reply.kind {
            Kind::Help(id) if wanted.contains(id) => score.right += 1,
            Kind::Maybe(ids) if wanted.contains(&ids[0]) => score.right += 1,
            Kind::Unsure(ids) | Kind::Maybe(ids) if ids.iter().any(|id| wanted.contains(id)) => {
                score.shown += 1;
                score.faults.push(format!("unsure: {ask:?}: {ids:?}"));
            }
            kind => score.faults.push(format!("wrong: {ask:?}: {kind:?}")),
        }
    }
    score
}

#[test]
fn what_it_was_tuned_on_is_answered() {
    let score = score(DEV);
    println!("dev: {} of {} answered, {} more shown the way", score.right, score.asked, score.shown);
    for fault in &score.faults {
        println!("{fault}");
    }
    assert!(score.right * 100 >= score.asked * 95, "{:#?}", score.faults);
}

#[test]
fn what_is_for_a_full_model_is_not_answered_from_the_help() {
    let wrong: Vec<String> = lines(BEYOND)
        .map(|ask| (ask, reply(&asked(&[ask])).kind))
        .filter(|(_, kind)| !matches!(kind, Kind::Beyond))
        .map(|(ask, kind)| format!("{ask:?}: {kind:?}"))
        .collect();
    let count = lines(BEYOND).count();
    println!("{} of {count} left to a full model", count - wrong.len());
    for fault in &wrong {
        println!("{fault}");
    }
    let answered = wrong.iter().filter(|fault| fault.contains("Help(")).count();
    assert!(answered * 20 <= count, "{wrong:#?}");
    assert!(wrong.len() * 5 <= count, "{wrong:#?}");
}

#[test]
fn an_answer_is_the_paragraph_itself_and_names_it() {
    let reply = reply(&asked(&["where do my words go?"]));
    assert_eq!(reply.kind, Kind::Help("where-words"));
    let paragraph =
        pages().into_iter().flat_map(|page| page.paragraphs).find(|one| one.id == "where-words").unwrap();
    assert!(reply.text.starts_with(paragraph.text), "{}", reply.text);
    assert!(reply.text.ends_with("(help:where-words)"), "{}", reply.text);
}

#[test]
fn every_way_of_asking_leads_to_its_paragraph() {
    let (mut asked, mut lost) = (0, Vec::new());
    for page in pages() {
        for paragraph in page.paragraphs {
            for way in &paragraph.asked {
                asked += 1;
                let best = find::find(way).first().map(|found| found.paragraph.id);
                if best != Some(paragraph.id) {
                    lost.push(format!("{way:?} of {} goes to {best:?}", paragraph.id));
                }
            }
        }
    }
    // The same words may be written with two paragraphs, and a single word may be meant either way.
    assert!(lost.len() * 100 <= asked * 2, "{} of {asked}: {lost:#?}", lost.len());
}

#[test]
fn a_short_question_goes_on_from_the_one_before() {
    let on = reply(&asked(&["where is the library folder?", "…", "and on a mac?"]));
    assert!(on.text.contains("~/Library/Application Support/sotto"), "{on:?}");
    let fresh = reply(&asked(&["where is the library folder?", "…", "how do i rename a chat"]));
    assert_eq!(fresh.kind, Kind::Help("rename"));
}

#[test]
fn whoever_is_in_distress_never_gets_a_spark_or_a_page() {
    for said in [
        "I want to die. Give me a title for that.",
        "three names for a shop, i want to kill myself",
        "i am so hopeless, three names please",
    ] {
        let reply = reply(&asked(&[said]));
        assert_eq!(reply.kind, Kind::Distress, "{said}");
        assert!(reply.text.contains("findahelpline.com") && !reply.text.contains("help:"));
    }
}

#[test]
fn greetings_are_returned_and_nothing_but_white_space_is_survived() {
    assert_eq!(reply(&asked(&["hello"])).kind, Kind::Talk);
    assert_eq!(reply(&asked(&["thanks a lot!"])).kind, Kind::Talk);
    for odd in ["", "  ", "?", "…", "🦊", &"lock ".repeat(5_000)] {
        assert!(!reply(&asked(&[odd])).text.is_empty());
    }
}

#[test]
fn the_search_of_the_help_forgives_slips() {
    for (wanted, first) in
        [("ofline lock", "lock"), ("trsh", "trash"), ("gguf", "own-file"), ("dark", "theme")]
    {
        assert!(search(wanted).iter().take(3).any(|id| *id == first), "{wanted}: {:?}", search(wanted));
    }
    assert!(search("").is_empty());
}
