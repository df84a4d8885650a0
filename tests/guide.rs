//! The built-in Guide is good enough to keep: questions that were held out of its
//! corpus, answered by the real engine, and judged here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test may, and this one says how it went

use std::{collections::HashSet, fs, future::poll_fn, path::PathBuf};

use journeys::{
    engine_program,
    guide::{Form, Questions, folder, mark},
};
use sotto_domain::{Answering, Delta, Finish, Request, Role, Rules, Sampling, Turn};
use sotto_engine_client::{Engine, EngineOptions, Plan, Timeouts};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// The most that the repository carries.
const LARGEST: u64 = 12_000_000;

/// Longer than any answer that the Guide has learnt.
const LONGEST_ANSWER: u32 = 200;

fn guide() -> PathBuf {
    folder().join("guide.gguf")
}

#[test]
fn the_guide_fits_in_the_box() {
    assert!(fs::metadata(guide()).unwrap().len() <= LARGEST);
}

#[test]
fn there_are_a_hundred_and_twenty_questions_of_three_kinds() {
    let questions = Questions::read().unwrap();
    assert_eq!((questions.help.len(), questions.sparks.len(), questions.other.len()), (80, 30, 10));
    let different: HashSet<_> = questions.all().map(mark).collect();
    assert_eq!(different.len(), 120);
}

/// `hold_out.py` writes a mark for every prompt of the corpus that the Guide has read.
#[test]
fn no_question_was_in_the_corpus_not_even_in_other_order() {
    let marks = fs::read(folder().join("seen.bin")).unwrap();
    let seen: HashSet<u32> =
        marks.chunks_exact(4).map(|mark| u32::from_be_bytes(mark.try_into().unwrap())).collect();
    assert!(seen.len() > 10_000, "a corpus has more than {} prompts", seen.len());
    assert!(seen.contains(&mark("Where is the journal?")), "what is known to be in it is found");

    let questions = Questions::read().unwrap();
    let met: Vec<_> = questions.all().filter(|ask| seen.contains(&mark(ask))).collect();
    assert!(met.is_empty(), "{met:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_helps_plays_its_sparks_and_claims_nothing_that_is_not_so() {
    let questions = Questions::read().unwrap();
    let scratch = TempDir::new().unwrap();
    let engine = Engine::new(EngineOptions {
        program: engine_program(),
        scratch: scratch.path().join("engine"),
        pictures: scratch.path().join("pictures"),
        timeouts: Timeouts::default(),
    });
    engine.open(&guide(), Plan { context: 1024, ..Plan::default() }).await.unwrap();

    let (mut faults, mut claims) = (Vec::new(), Vec::new());
    let (mut helped, mut sparked, mut declined) = (0, 0, 0);
    let (mut written, mut milliseconds) = (0, 0);
    for (ask, form) in questions.asked() {
        let answer = answer(&engine, ask).await;
        written += answer.tokens;
        milliseconds += answer.milliseconds;
        if let Some(claim) = questions.never_said(&answer.text) {
            claims.push(format!("{claim:?} in the answer to {ask:?}: {}", answer.text));
        }
        match (form.verdict(&answer.text), form) {
            (Err(fault), _) => faults.push(format!("{ask:?}: {fault}: {}", answer.text)),
            (Ok(()), Form::Help(_)) => helped += 1,
            (Ok(()), Form::Spark(_)) => sparked += 1,
            (Ok(()), Form::Other) => declined += 1,
        }
    }

    println!("help {helped} of 80, sparks {sparked} of 30, other {declined} of 10");
    println!("{written} tokens in {milliseconds} ms");
    for fault in &faults {
        println!("{fault}");
    }
    assert!(claims.is_empty(), "{claims:#?}");
    assert!(helped * 100 >= 80 * 90, "{helped} of 80: {faults:#?}");
    assert!(sparked * 100 >= 30 * 95, "{sparked} of 30: {faults:#?}");
    assert!(declined >= 9, "{declined} of 10: {faults:#?}");
}

struct Answer {
    text: String,
    tokens: u32,
    milliseconds: u64,
}

/// The Guide's likeliest answer to one message.
async fn answer(engine: &Engine, ask: &str) -> Answer {
    let request = Request {
        turns: vec![Turn::text(Role::User, ask)],
        sampling: Sampling { temperature: 0.0, ..Sampling::default() },
        rules: Rules::default(),
        max_tokens: Some(LONGEST_ANSWER),
    };
    let mut stream = engine.answer(request, CancellationToken::new());
    let mut text = String::new();
    loop {
        match poll_fn(|context| stream.as_mut().poll_next(context)).await.expect("a last word").unwrap() {
            Delta::Text(more) => text.push_str(&more),
            Delta::Done { finish, usage, .. } => {
                assert_eq!(finish, Finish::Complete, "{ask}: {text}");
                return Answer { text, tokens: usage.completion_tokens, milliseconds: usage.writing_ms };
            }
            _ => {}
        }
    }
}

/// The judge is judged: each kind of bad answer fails.
#[test]
fn bad_answers_are_found() {
    let questions = Questions::read().unwrap();
    let form = |start: &str| questions.asked().find(|(ask, _)| ask.starts_with(start)).unwrap().1;

    let help = form("where do my words go");
    assert_eq!(help.verdict("They stay on this computer, in the library."), Ok(()));
    assert!(help.verdict("They stay on this computer.").is_err(), "half of the facts");
    assert!(help.verdict("In the library on this computer, and sent to the cloud.").is_err(), "a false one");

    let line = form("give me an opening line about jealousy");
    assert_eq!(line.verdict("Nobody in Tarn spoke of jealousy."), Ok(()));
    assert!(line.verdict("Nobody in Tarn spoke of envy.").is_err(), "another subject");
    assert!(line.verdict("Nobody spoke of jealousy.\nNobody.").is_err(), "two lines");

    let titles = form("3 titles for a poem about moths");
    assert_eq!(titles.verdict("1. After moths\n2. Moths\n3. Without moths"), Ok(()));
    assert!(titles.verdict("1. After moths\n2. Moths").is_err(), "two titles");
    assert!(titles.verdict("1. Moths\n2. Moths\n3. Moths").is_err(), "the same title");

    let name = form("a name for a brand of smoked tea");
    assert_eq!(name.verdict("Low Ember, for a brand of smoked tea."), Ok(()));
    assert!(name.verdict("for a brand of smoked tea.").is_err(), "no name");

    let palette = form("a colour mood for melancholy");
    let colours = "- Ink #1C2230\n- Fog #C9CED1\n- Plum #5B2F4A";
    assert_eq!(palette.verdict(&format!("Colours for melancholy:\n{colours}")), Ok(()));
    assert!(palette.verdict("Colours for melancholy:\n- Ink\n- Fog\n- Plum").is_err(), "no hex values");
    assert!(palette.verdict(colours).is_err(), "colours of nothing");

    let other = form("who won the election");
    assert_eq!(other.verdict("I am only the small guide, ask the full model."), Ok(()));
    assert!(other.verdict("I am the guide. Ask the full model.").is_err(), "two sentences");
    assert!(questions.never_said("As the full model I know.").is_some());
}
