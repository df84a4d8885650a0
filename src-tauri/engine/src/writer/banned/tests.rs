use super::*;

/// What comes of writing `tokens` one after another, leaving out those that are kept
/// from being written.
fn written(phrases: &[&str], tokens: &[&str]) -> String {
    let mut banned = Banned::new(&phrases.iter().map(|phrase| (*phrase).to_owned()).collect::<Vec<_>>());
    let mut text = String::new();
    for token in tokens {
        if !banned.would_be_written_by(token.as_bytes()) {
            banned.read(token.as_bytes());
            text.push_str(token);
        }
    }
    text
}

#[test]
fn a_phrase_is_kept_out_in_any_case_and_however_it_is_cut() {
    for tokens in [
        &["a ", "rich tapestry"][..],
        &["a ", "RICH", " TAPESTRY"],
        &["a r", "ich ta", "pestr", "y"],
        &["a ", "rich\n", " ", "tapestry"],
        &["a ", "Rich", " ", "Tapestry", "!"],
    ] {
        let text = written(&["rich tapestry"], tokens).to_lowercase();
        assert!(!text.contains("tapestry"), "{text:?}");
        assert!(text.starts_with("a "), "{text:?}");
    }
}

#[test]
fn only_whole_words_are_a_phrase() {
    assert_eq!(written(&["art"], &["an", " artist", " starts", " art", "."]), "an artist starts.");
    assert_eq!(written(&["art"], &["p", "art"]), "part", "in the middle of a word");
    assert_eq!(written(&["art"], &["art-", "Art", "art's", " arts"]), " arts");
    assert_eq!(written(&["art 2"], &["art 2", "art 20"]), "art 20");
}

#[test]
fn a_beginning_that_comes_to_nothing_is_left_alone() {
    assert_eq!(
        written(&["in the end"], &["in", " the", " event", " in the", " endless"]),
        "in the event in the endless"
    );
    assert_eq!(written(&["ha ha"], &["ha ", "ha", "ho ", "ha"]), "ha ho ha");
}

#[test]
fn of_a_repeated_beginning_the_last_counts() {
    assert_eq!(written(&["a a b"], &["a ", "a ", "a ", "b"]), "a a a ");
    assert_eq!(written(&["the the end"], &["the ", "the ", "the ", "end"]), "the the the ");
}

#[test]
fn letters_beyond_ascii_have_cases_too() {
    assert!(!written(&["Straße"], &["die ", "STRASSE"]).contains("STRASSE"));
    assert!(!written(&["ΟΔΟΣ"], &["η ", "οδος", "Οδος"]).contains("δος"));
    assert!(!written(&["été"], &["un ", "ÉTÉ"]).contains("ÉTÉ"));
    assert!(!written(&["it's not just"], &["it’s", " not", " just"]).contains("just"));
}

#[test]
fn a_character_cut_in_two_is_still_a_character() {
    let mut banned = Banned::new(&["café".into()]);
    banned.read(b"caf\xc3");
    assert!(banned.would_be_written_by(b"\xa9"));
    assert!(!banned.would_be_written_by(b"\xa8"));
}

#[test]
fn punctuation_may_end_a_phrase_and_empty_phrases_ban_nothing() {
    assert_eq!(written(&["in conclusion,"], &["In conclusion", ", ", ". "]), "In conclusion. ");
    assert_eq!(written(&["", "  "], &["any", "thing"]), "anything");
}
