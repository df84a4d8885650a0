//! What was read stays in mind: the next turn of a talk reads only what is new, and is
//! answered exactly as if all of it had been read again.

#![allow(clippy::unwrap_used)] // in helpers too

mod app;

use app::{Answer, App, WRITER, ask, assert_alike, turn, user};
use serde_json::{Value, json};

/// The first turn and the second of a talk.
fn talk(first: &str, second: &str) -> (Value, Value) {
    let reply = turn("assistant", "The lamp was warm and the door was blue.");
    (json!([user(first)]), json!([user(first), reply, user(second)]))
}

/// The same, of an engine that has read nothing before.
fn ask_afresh(turns: &Value) -> Answer {
    let mut app = App::with_model();
    let answer = ask(&mut app, turns);
    // What was tried out when the model was loaded may share the first token or two.
    assert!(answer.reused < 4, "{}", answer.reused);
    answer
}

#[test]
fn a_second_turn_reads_only_what_is_new() {
    let mut app = App::with_model();
    let (first, second) = talk("Draft a scene.", "Now longer, and colder.");
    let one = ask(&mut app, &first);
    let two = ask(&mut app, &second);
    assert_eq!(two.reused, one.prompt, "all of the first prompt is known");
    assert!(two.prompt > two.reused);
    assert_alike(&two, &ask_afresh(&second), "the second turn");
}

#[test]
fn asking_again_computes_one_token() {
    let mut app = App::with_model();
    let (_, turns) = talk("Draft a scene.", "Now longer, and colder.");
    let first = ask(&mut app, &turns);
    let again = ask(&mut app, &turns);
    assert_eq!(again.reused, again.prompt - 1);
    assert_alike(&again, &first, "again");
}

#[test]
fn an_edited_message_reuses_what_stands_before_it() {
    let mut app = App::with_model();
    let (_, turns) = talk("Draft a scene.", "Now longer, and colder.");
    let (_, edited) = talk("Draft a scene.", "Now shorter.");
    let before = ask(&mut app, &turns);
    let after = ask(&mut app, &edited);
    assert!(after.reused > before.prompt / 2, "{} of {}", after.reused, after.prompt);
    assert_alike(&after, &ask_afresh(&edited), "the edited one");
    // The edited branch wrote nothing over the one it left.
    assert_alike(&ask(&mut app, &turns), &before, "the first one, again");
}

#[test]
fn a_talk_that_was_left_and_taken_up_again_is_answered_as_if_for_the_first_time() {
    let mut app = App::with_model();
    let talks = [
        talk("Draft a scene.", "Now longer, and colder."),
        talk(WRITER, "Now in French."),
        talk("Draft a poem about winter rain, please.", "Without the rain."),
    ];
    let first_turns: Vec<Answer> = talks.iter().map(|(first, _)| ask(&mut app, first)).collect();
    for ((_, second), first) in talks.iter().zip(first_turns) {
        let answer = ask(&mut app, second);
        assert_eq!(answer.reused, first.prompt, "all of the first prompt is known");
        assert_alike(&answer, &ask_afresh(second), "a talk taken up again");
    }
}

#[test]
fn a_talk_that_was_stopped_stays_in_mind() {
    let mut app = App::with_model();
    let (turns, _) = talk("Write a long scene in the rain.", "");
    let run = app.order(json!({"type": "generate", "turns": turns, "max_tokens": null}));
    app.hear_of(run, "delta");
    app.say(&json!({"type": "cancel", "run": run}));
    app.hear_of(run, "done");
    let again = ask(&mut app, &turns);
    assert_eq!(again.reused, again.prompt - 1);
}

#[test]
fn the_mind_is_bounded_and_the_oldest_talk_goes_first() {
    let mut app = App::with_model();
    let of = |number: usize| json!([user(&format!("{number} {WRITER}"))]);
    let first = ask(&mut app, &of(100));
    for number in 101..=104 {
        ask(&mut app, &of(number));
    }
    let latest = ask(&mut app, &of(104));
    assert_eq!(latest.reused, latest.prompt - 1, "the latest is kept");
    let again = ask(&mut app, &of(100));
    assert!(again.reused < again.prompt - 1, "the first of five is forgotten");
    assert_alike(&again, &first, "read again");
}

#[test]
fn no_more_is_kept_in_mind_than_was_allowed() {
    let with = |tokens: u32| {
        let mut app = App::greeted();
        let mut load = app::load(&app::model(), 4096);
        load["prefix_cache_tokens"] = json!(tokens);
        let loaded = app.last_of(load);
        assert_eq!(
            (&loaded["type"], &loaded["model"]["prefix_cache_tokens"]),
            (&json!("loaded"), &json!(tokens))
        );
        app
    };
    let of = |word: &str| json!([user(&format!("{word} {}", "and so it rained. ".repeat(60)))]);
    let talks = [of("Monday"), of("Tuesday"), of("Wednesday")];

    // Room for one beside the latest: of three the first is gone.
    let mut app = with(600);
    let first: Vec<Answer> = talks.iter().map(|talk| ask(&mut app, talk)).collect();
    let [one, two, three] = [0, 1, 2].map(|talk: usize| first[talk].prompt + 23);
    assert!((300..600).contains(&one), "{one}");
    // The word that it was tried out with is there too, at first.
    let word = first[0].cached - one;
    assert!(word < 20, "{word}");
    assert_eq!((first[1].cached, first[2].cached), (word + one + two, two + three));
    let again = ask(&mut app, &talks[1]);
    assert_eq!(again.reused, again.prompt - 1, "one of two is known");
    assert_alike(&again, &first[1], "taken up again");
    assert!(ask(&mut app, &talks[0]).reused < 20, "and the third is not");

    // No room: only the talk under way is known, and it is answered the same.
    let mut app = with(0);
    assert_eq!(ask(&mut app, &talks[0]).cached, one);
    assert_eq!(ask(&mut app, &talks[1]).cached, two);
    let again = ask(&mut app, &talks[1]);
    assert_eq!((again.reused, again.cached), (again.prompt - 1, two));
    assert_alike(&again, &first[1], "with no room");
    assert!(ask(&mut app, &talks[0]).reused < 20);
}

#[test]
fn every_turn_of_a_long_talk_reads_only_what_is_new() {
    let mut app = App::with_model();
    let mut turns = vec![user("Draft a scene.")];
    let mut known = 0;
    for number in 0..6 {
        let answer = ask(&mut app, &json!(turns));
        if number > 0 {
            assert!(answer.reused >= known, "turn {number}: {} of {}", answer.reused, answer.prompt);
            assert!(answer.prompt - answer.reused < 60, "turn {number} reads only itself");
        }
        known = answer.prompt;
        turns.push(turn("assistant", "The lamp was warm."));
        turns.push(user(&format!("Go on with part {number}.")));
    }
    let last = ask(&mut app, &json!(turns));
    assert_alike(&last, &ask_afresh(&json!(turns)), "the last turn");
}
