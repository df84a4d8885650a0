use super::*;

/// What was shown, piece by piece, and whether it ended.
fn shown(stops: &[&str], pieces: &[&str]) -> (Vec<String>, bool) {
    let mut stops = Stops::new(&stops.iter().map(|stop| (*stop).to_owned()).collect::<Vec<_>>());
    let mut shown = Vec::new();
    for piece in pieces {
        let (text, ended) = stops.read(piece);
        shown.push(text);
        if ended {
            return (shown, true);
        }
    }
    shown.push(stops.rest());
    (shown, false)
}

#[test]
fn nothing_of_a_stop_is_ever_shown() {
    assert_eq!(
        shown(&["THE END"], &["It was TH", "E E", "ND of it"]),
        (vec!["It was ".into(), String::new(), String::new()], true)
    );
    assert_eq!(shown(&["\n\n", "###"], &["One.\n", "\nTwo"]), (vec!["One.".into(), String::new()], true));
    assert_eq!(shown(&["é"], &["caf", "é"]), (vec!["caf".into(), String::new()], true));
}

#[test]
fn what_only_looked_like_one_is_shown_after_all() {
    assert_eq!(
        shown(&["THE END"], &["TH", "E ENVELOPE"]),
        (vec![String::new(), "THE ENVELOPE".into(), String::new()], false)
    );
    assert_eq!(shown(&["aab"], &["a", "a", "a", "a"]).0.concat(), "aaaa");
    assert_eq!(shown(&["aab"], &["aaa", "b"]), (vec!["a".into(), String::new()], true));
    assert_eq!(shown(&["stop"], &["never st"]), (vec!["never ".into(), "st".into()], false));
}

#[test]
fn the_first_of_several_counts_and_empty_ones_do_not() {
    assert_eq!(shown(&["two", "one"], &["zero one two"]), (vec!["zero ".into()], true));
    assert_eq!(shown(&[""], &["all", " of it"]).0.concat(), "all of it");
}
