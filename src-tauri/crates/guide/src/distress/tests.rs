use super::*;

const MEANT: &str = include_str!("../../tests/fixtures/distress.txt");
const FICTION: &str = include_str!("../../tests/fixtures/fiction.txt");

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

fn told(said: &str) -> String {
    crate::reply(&crate::tests::asked(&[said])).text
}

#[test]
fn somebody_in_distress_is_answered_with_people_who_can_help() {
    let missed: Vec<&str> = lines(MEANT).filter(|said| !told(said).contains("findahelpline.com")).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn who_writes_of_others_or_speaks_in_figures_is_not_taken_for_one() {
    let taken: Vec<&str> = lines(FICTION).filter(|said| told(said).contains("findahelpline.com")).collect();
    assert!(taken.is_empty(), "{taken:#?}");
}

/// A pattern in another spelling than the one that all are brought to would never be found.
#[test]
fn every_pattern_is_found_in_its_own_words() {
    let mut lost = Vec::new();
    for pattern in &learnt().patterns {
        let longest = pattern.words.iter().map(Vec::len).max().unwrap_or_default();
        for at in 0..longest {
            let words = pattern.words.iter().map(|word| word[at.min(word.len() - 1)]);
            let words: Vec<&str> = words.filter(|word| !["*", "^", "$"].contains(word)).collect();
            let said = as_one(&plain(&words.join(" ")));
            if matched(&said, &pattern.words, true).is_none() {
                lost.push(words.join(" "));
            }
        }
    }
    assert!(learnt().patterns.len() > 300 && lost.is_empty(), "{lost:#?}");
}

/// What people ask about the app is not taken for it either; "When things are hard" is about it.
#[test]
fn no_question_about_the_app_is_taken_for_distress() {
    let pages = crate::pages();
    let paragraphs = pages.iter().flat_map(|page| &page.paragraphs).filter(|one| one.id != "crisis");
    let ways = paragraphs.flat_map(|one| one.asked.iter().copied().chain([one.text]));
    let taken: Vec<&str> = ways.filter(|way| answer(way).or_else(|| likely(way, true)).is_some()).collect();
    assert!(taken.is_empty(), "{taken:#?}");
}

#[test]
fn it_is_answered_in_the_words_that_were_used() {
    assert!(answer("Ich will nicht mehr leben").unwrap().starts_with("Es tut mir leid"));
    assert!(answer("je veux mourir").unwrap().starts_with("Je suis désolé"));
}
