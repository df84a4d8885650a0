use super::Thoughts;
use crate::{Delta, Progress};

/// What was thought and what was said of a text that comes in these pieces.
fn told<'a>(pieces: impl IntoIterator<Item = &'a str>) -> (String, String) {
    let (mut thoughts, mut thought, mut said) = (Thoughts::default(), String::new(), String::new());
    let mut take = |deltas: Vec<Delta>| {
        for delta in deltas {
            match delta {
                Delta::Progress(Progress::Thinking { text: more }) => thought += &more,
                Delta::Progress(Progress::Text { text: more }) => said += &more,
                other => panic!("{other:?}"),
            }
        }
    };
    for piece in pieces {
        take(thoughts.push(piece));
    }
    take(thoughts.rest());
    (thought, said)
}

/// Whole, and letter by letter.
fn is_told(text: &str, thought: &str, said: &str) {
    let wanted = (thought.to_owned(), said.to_owned());
    assert_eq!(told([text]), wanted, "{text:?}");
    let letters: Vec<String> = text.chars().map(String::from).collect();
    assert_eq!(told(letters.iter().map(String::as_str)), wanted, "{text:?}, letter by letter");
}

#[test]
fn thoughts_are_no_part_of_the_answer() {
    is_told("[THINK]Hm.[/THINK]Yes.", "Hm.", "Yes.");
    is_told("<think>\nHm.\n</think>\n\nYes.", "\nHm.\n", "Yes.");
    is_told("\n <think>Hm.</think>Yes.", "Hm.", "Yes.");
    is_told("<think>\n\n</think>\n\nYes.", "\n\n", "Yes.");
    is_told("[THINK]One.[/THINK]\n[THINK]Two.[/THINK]Yes.", "One.Two.", "Yes.");
}

#[test]
fn an_answer_without_thoughts_is_as_it_was() {
    for text in ["Yes.", "", "  Yes.", "\n", "[TH", "<", "<thinking>Hm.</thinking>", "[1] Yes.", "< 5"] {
        is_told(text, "", text);
    }
}

#[test]
fn within_an_answer_a_mark_is_a_word() {
    let about = "It writes `<think>` first:\n```\n[THINK]x[/THINK]\n```\n<think>so</think>";
    is_told(about, "", about);
    is_told(&format!("<think>Hm.</think>{about}"), "Hm.", about);
    is_told("</think>Yes.", "", "</think>Yes.");
}

#[test]
fn a_thought_ends_with_its_own_mark() {
    is_told("[THINK]a </think> b [/THIN [/THINK]Yes.", "a </think> b [/THIN ", "Yes.");
    is_told("<think>a [/THINK] <think> b</think>Yes.", "a [/THINK] <think> b", "Yes.");
}

#[test]
fn a_thought_without_an_end_is_one_all_the_same() {
    is_told("<think>Hm", "Hm", "");
    is_told("<think>Hm.</thin", "Hm.</thin", "");
    is_told("[THINK]", "", "");
}

#[test]
fn what_is_clear_is_said_at_once() {
    let mut thoughts = Thoughts::default();
    assert_eq!(thoughts.push("<thi"), []);
    assert_eq!(thoughts.push("nk>Hm"), [Delta::thinking("Hm")]);
    assert_eq!(thoughts.push(".</"), [Delta::thinking(".")]);
    assert_eq!(thoughts.push("think> Yes"), [Delta::text("Yes")]);
    assert_eq!(thoughts.push(" <"), [Delta::text(" <")]);
}
