use sotto_domain::{MessageState, Role};

use super::*;
use crate::NewMessage;
use crate::tests::{answered, empty, message, said};

/// What `query` finds among messages of these texts, as their snippets, matches in [brackets].
fn find(texts: &[&str], query: &str) -> Vec<String> {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    for text in texts {
        said(&store, talk, None, text);
    }
    store.search(query, 50).unwrap().iter().map(|hit| bracketed(&hit.snippet)).collect()
}

fn bracketed(snippet: &[String]) -> String {
    let marked =
        |(nth, part): (usize, &String)| if nth % 2 == 1 { format!("[{part}]") } else { part.clone() };
    snippet.iter().enumerate().map(marked).collect()
}

#[test]
fn words_are_found_whatever_their_accents_and_capitals() {
    assert_eq!(find(&["Café au lait"], "cafe"), ["[Café] au lait"]);
    assert_eq!(find(&["a cafe\u{301} nearby"], "CAFÉ"), ["a [cafe\u{301}] nearby"]);
    assert_eq!(find(&["Дорога соли"], "дорога"), ["[Дорога] соли"]);
    assert_eq!(find(&["नमस्ते दुनिया"], "दुनिया").len(), 1);
}

#[test]
fn every_word_must_be_there_and_the_last_may_be_unfinished() {
    let texts = ["the salt road", "the salt lake", "the road home", "a saltern on the road"];
    assert_eq!(find(&texts, "salt road"), ["the [salt] [road]"]);
    assert_eq!(find(&texts, "road sal").len(), 2, "the beginning of the last");
    assert_eq!(find(&texts, "sal road"), [""; 0], "and of no other");
    assert_eq!(find(&texts, "alt"), [""; 0], "the beginning, not the middle");
    assert_eq!(find(&texts, "road s"), [""; 0], "one letter is a word");
    assert_eq!(find(&["plan b", "plan bread"], "plan b"), ["[plan] [b]"]);
}

#[test]
fn what_is_typed_is_plain_text() {
    let text = "she said \"salt AND road\" NOT pepper* (text:near) don’t -- C++ a^b {x}";
    for query in [
        "\"salt AND road\"",
        "\"salt",
        "salt\"",
        "salt AND road",
        "NOT pepper",
        "pepper*",
        "(text:near)",
        "text: near",
        "NEAR",
        "don't",
        "-- salt",
        "salt - road",
        "-pepper",
        "c++",
        "a^b",
        "{x}",
        "''; --salt",
        "sa\0lt salt",
        "salt\troad\n",
        "*",
        "\"",
        "--",
    ] {
        let found = find(&[text], query).len();
        // A NUL parts words, and there is no word "sa".
        assert_eq!(found, usize::from(query != "sa\0lt salt"), "{query:?}");
    }
    for query in ["", " ", "\0", "salt OR cinnamon", "zzz*", "***", "\"\"\"", "text:pepper"] {
        assert_eq!(find(&[text], query), [""; 0], "{query:?}");
    }
}

#[test]
fn ss_finds_the_sharp_s_and_the_other_way_round() {
    let texts = ["Die Straße hinunter", "Die Strasse hinunter", "Stroh"];
    for query in ["Straße", "strasse", "STRASSE", "hinunter Straß"] {
        let found = find(&texts, query).len();
        assert_eq!(found, 2, "{query}");
    }
    assert_eq!(find(&texts, "strass hin"), [""; 0], "no word ends there");
    assert_eq!(find(&["C++ and C", "a chapel"], "C++"), ["[C++] and C"]);
}

#[test]
fn no_query_is_too_long() {
    let long = "salt road ".repeat(20_000);
    assert_eq!(find(&["the salt road", "the salt lake"], &long).len(), 1);
    assert_eq!(find(&["salt"], &"salt".repeat(20_000)).len(), 0);
    assert_eq!(find(&["東京"], &"東京 ".repeat(2_000)).len(), 1);
    // Forty words are enough to find the passage by.
    assert_eq!(find(&["salt"], &format!("{} zebra", "salt ".repeat(40))).len(), 1);
    assert_eq!(find(&["salt"], &format!("{} zebra", "salt ".repeat(39))).len(), 0);
}

#[test]
fn text_without_spaces_is_found_by_any_part_of_it() {
    assert_eq!(find(&["私は東京に住んでいます"], "東京"), ["私は[東京]に住んでいます"]);
    assert_eq!(
        find(&["私は東京に住んでいます", "大阪"], "京"),
        ["私は[東京]に住んでいます".replace("[東京]", "東[京]")]
    );
    assert_eq!(find(&["在海边写作,用AI写作"], "ai写作"), ["在海边写作,用[AI写作]"]);
    assert_eq!(find(&["ฉันรักทะเลมาก"], "ทะเล"), ["ฉันรัก[ทะเล]มาก"]);
    assert_eq!(find(&["서울에서 썼다"], "서울"), ["[서울]에서 썼다"]);
    assert_eq!(find(&["東京の朝", "東京の夜"], "夜　東京"), ["[東京]の[夜]"]);
    assert_eq!(find(&["before\0東京"], "東京"), ["before\0[東京]"]);
    assert_eq!(find(&["100%", "東京_100%"], "東%"), [""; 0], "nothing stands for something else");
}

#[test]
fn signs_are_found_where_there_are_only_signs() {
    assert_eq!(find(&["the sea 🌊 at dusk", "the sea"], "🌊"), ["the sea [🌊] at dusk"]);
    assert_eq!(find(&["a dash — here", "none"], "—"), ["a dash [—] here"]);
}

#[test]
fn a_snippet_shows_the_surroundings_and_is_short_whatever_the_text() {
    let sea = "the sea ".repeat(500);
    let all = find(&[&format!("{sea} a lighthouse {sea}")], "lighthouse").remove(0);
    assert!(all.starts_with('…') && all.contains(" a [lighthouse] the sea") && all.ends_with('…'), "{all}");

    let blob = "x".repeat(100_000);
    let gap = "🌊".repeat(100_000);
    let water = "水".repeat(100_000);
    for (text, query) in [
        (format!("{blob} lighthouse {blob}"), "lighthouse"),
        (format!("{gap} lighthouse {gap}"), "lighthouse"),
        (format!("{gap} lighthouse {gap}"), "🌊"),
        (format!("{water}灯台{water}"), "灯台"),
        (format!("{water}灯台{water}"), "水"),
        (format!("{water}灯台{water}"), &water[..30_000]),
        (blob.clone(), &blob[..20]),
        ("\u{fdd1} lighthouse \u{fdd0} \u{fdd0}\u{fdd0} \u{fdd1}".into(), "lighthouse"),
        ("lighthouse\0 and more".into(), "lighthouse"),
    ] {
        let (_folder, store) = empty();
        let talk = store.create_conversation(None, "", 0).unwrap().id;
        said(&store, talk, None, &text);
        let hits = store.search(query, 9).unwrap();
        let length: usize = hits[0].snippet.iter().map(|part| part.chars().count()).sum();
        assert!(length < 1000 && hits[0].snippet.len() > 2, "{length}");
    }
}

#[test]
fn titles_come_first_then_messages_the_newest_first() {
    let (_folder, store) = empty();
    let old = store.create_conversation(None, "", 1).unwrap().id;
    let new = store.create_conversation(None, "", 2).unwrap().id;
    let first = said(&store, old, None, "lighthouse, lighthouse");
    let second = said(&store, new, None, "the lighthouse");
    let third = said(&store, old, None, "the lighthouse");
    store.rename_conversation(new, "A lighthouse").unwrap();
    let hits = store.search("lighthouse", 9).unwrap();
    assert_eq!(
        hits[0],
        Hit {
            conversation: new,
            message: None,
            title: "A lighthouse".into(),
            snippet: vec!["A ".into(), "lighthouse".into(), String::new()],
            updated_at: 0,
        }
    );
    let messages: Vec<_> = hits[1..].iter().map(|hit| hit.message.unwrap()).collect();
    assert_eq!(messages, [third, second, first]);
    assert_eq!(hits[3].conversation, old);
    for limit in 0..4 {
        assert_eq!(store.search("lighthouse", limit).unwrap(), hits[..limit]);
    }

    store.rename_conversation(old, "灯台").unwrap();
    let first = said(&store, old, None, "灯台、灯台");
    let last = said(&store, new, None, "灯台");
    let hits = store.search("灯台", 9).unwrap();
    assert_eq!(hits.iter().map(|hit| hit.message).collect::<Vec<_>>(), [None, Some(last), Some(first)]);
    assert_eq!(store.search("灯台", 1).unwrap(), hits[..1]);
}

#[test]
fn what_is_in_the_trash_is_not_found() {
    let (_folder, store) = empty();
    let project = store.create_project("Lighthouse", 0).unwrap().id;
    let inside = store.create_conversation(Some(project), "", 0).unwrap().id;
    let alone = store.create_conversation(None, "", 0).unwrap().id;
    for talk in [inside, alone] {
        store.rename_conversation(talk, "the lighthouse 灯台").unwrap();
        said(&store, talk, None, "a lighthouse 灯台");
    }
    let counts = || ["lighthouse", "灯台"].map(|query| store.search(query, 9).unwrap().len());
    assert_eq!(counts(), [4, 4]);
    store.trash_conversation(alone, 1).unwrap();
    assert_eq!(counts(), [2, 2]);
    store.trash_project(project, 1).unwrap();
    assert_eq!(counts(), [0, 0]);
    store.restore_project(project).unwrap();
    store.restore_conversation(alone).unwrap();
    assert_eq!(counts(), [4, 4]);
}

#[test]
fn the_old_words_of_a_title_are_forgotten() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    store.rename_conversation(talk, "Lighthouse").unwrap();
    store.rename_conversation(talk, "Harbour").unwrap();
    assert_eq!(store.search("lighthouse", 9).unwrap(), []);
    assert_eq!(store.search("harbour", 9).unwrap().len(), 1);
}

#[test]
fn messages_of_every_branch_are_found() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let asked = said(&store, talk, None, "a name");
    let hidden = answered(&store, talk, asked, "Leuchtturm");
    answered(&store, talk, asked, "Hafen");
    assert_eq!(store.search("leuchtturm", 9).unwrap()[0].message, Some(hidden));
}

#[test]
fn an_answer_is_found_once_it_is_whole_and_costs_the_index_nothing_before() {
    let (_folder, store) = empty();
    let talk = store.create_conversation(None, "", 0).unwrap().id;
    let begun =
        NewMessage { state: MessageState::Streaming, ..message(talk, None, Role::Assistant, "A lighthouse") };
    let answer = store.add_message(begun, 0).unwrap().id;
    let index = || -> Vec<u8> {
        let sql = "SELECT coalesce(group_concat(hex(block)), '') FROM message_words_data";
        store.lock().query_row(sql, [], |row| row.get::<_, String>(0)).unwrap().into_bytes()
    };
    let before = index();
    for nth in 0..20 {
        let text = format!("A lighthouse 灯台 {nth}");
        store.update_answer(answer, &text, MessageState::Streaming, None, None).unwrap();
        assert_eq!(store.search("lighthouse", 9).unwrap(), []);
        assert_eq!(store.search("灯台", 9).unwrap(), []);
    }
    assert!(index() == before);
    store.update_answer(answer, "A lighthouse 灯台 at last", MessageState::Stopped, None, None).unwrap();
    assert_eq!(store.search("lighthouse last", 9).unwrap().len(), 1);
    assert_eq!(store.search("灯台", 9).unwrap().len(), 1);
    // Marked anew, as after a fault found late.
    store.update_answer(answer, "A harbour", MessageState::Interrupted, None, None).unwrap();
    assert_eq!(store.search("lighthouse", 9).unwrap(), []);
    assert_eq!(store.search("harbour", 9).unwrap().len(), 1);
}
