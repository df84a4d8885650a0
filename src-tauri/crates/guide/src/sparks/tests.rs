use super::*;

fn asked(said: &str) -> Ask {
    ask::read(said).unwrap_or_else(|| panic!("no spark: {said}"))
}

fn drawn(said: &str, seed: u64) -> String {
    spark(said, &mut Dice::new(Some(seed)), |_| true).unwrap_or_else(|| panic!("no spark: {said}"))
}

#[test]
fn the_kind_and_the_number_are_those_asked_for() {
    for (said, kind, count, about) in [
        ("Three names for a bakery by the sea", Kind::Names, 3, "a bakery by the sea"),
        ("i need a name for a shop that repairs clocks", Kind::Names, 1, "a shop that repairs clocks"),
        ("Three titles for a book about the sea", Kind::Titles, 3, "the sea"),
        ("3 titels for a poem about moths pls", Kind::Titles, 3, "moths"),
        ("give me an opening line about jealousy", Kind::Lines, 1, "jealousy"),
        ("write a first sentence for a novel about a lighthouse", Kind::Lines, 1, "a lighthouse"),
        ("some names for a book about bees", Kind::Titles, 3, "bees"),
        ("a colour palette for melancholy", Kind::Colours, 4, "melancholy"),
        ("colors for a rainy night", Kind::Colours, 4, "a rainy night"),
        ("five questions about my sister", Kind::Questions, 5, "my sister"),
        ("give me two ideas for a story about trains", Kind::WhatIfs, 2, "trains"),
        ("suggest four names for a woman who mends nets", Kind::Names, 4, "a woman who mends nets"),
    ] {
        let ask = asked(said);
        assert_eq!((ask.kind, ask.count, ask.about.as_str()), (kind, count, about), "{said}");
    }
}

#[test]
fn questions_about_the_app_are_no_sparks() {
    for said in [
        "how do i change the title of a conversation",
        "change the title of this chat",
        "where can i change colours",
        "the colours are too bright",
        "what are names and taglines",
        "how do i rename a page",
        "I have a question about models",
        "where do my words go",
        "what is the opening screen for",
        "does it save the name of my file",
        "no idea how to send this",
        "ask two models the same question",
        "it keeps giving me the same three ideas",
        "make it crazier, i want weird ideas",
        "i have a question about my rent",
    ] {
        assert_eq!(ask::read(said), None, "{said}");
    }
}

#[test]
fn names_of_a_bakery_by_the_sea_are_names_of_one() {
    let ovens =
        ["Crumb", "Loaf", "Crust", "Oven", "Flour", "Rye", "Sourdough", "Brioche", "Bun", "Rolling Pin"];
    for seed in 0..50 {
        let names = drawn("Three names for a bakery by the sea", seed);
        let names: Vec<&str> = names.lines().collect();
        assert_eq!(names.len(), 3);
        for (number, name) in (1..).zip(names) {
            assert!(name.starts_with(&format!("{number}. ")) && name.len() < 40, "{name}");
            assert!(ovens.iter().any(|word| name.contains(word)), "{name}");
        }
    }
}

#[test]
fn every_kind_draws_as_many_different_ones_as_were_asked_for() {
    for seed in 0..20 {
        for (said, count) in [
            ("twelve names for a harbour tavern", 12),
            ("ten names for a villain", 10),
            ("six titles", 6),
            ("8 titles about rust", 8),
            ("five opening lines about snow", 5),
            ("ten questions about the war", 10),
            ("seven what ifs, i need ideas for a story about ash", 7),
            ("5 colours for an autumn morning", 5),
        ] {
            let text = drawn(said, seed);
            let lines: std::collections::HashSet<&str> =
                text.lines().filter(|line| line.contains("- ") || line.contains(". ")).collect();
            assert_eq!(lines.len(), count, "{said}: {text}");
        }
    }
}

#[test]
fn the_same_seed_draws_the_same_and_another_seed_another() {
    let ask = "Three names for a bakery by the sea";
    assert_eq!(drawn(ask, 7), drawn(ask, 7));
    let different: std::collections::HashSet<String> = (0..20).map(|seed| drawn(ask, seed)).collect();
    assert!(different.len() > 15, "{different:#?}");
}

#[test]
fn a_banned_phrase_is_not_drawn() {
    let may = |line: &str| !line.contains("Salt");
    for seed in 0..50 {
        let names = spark("five names for a bakery by the sea", &mut Dice::new(Some(seed)), may).unwrap();
        assert!(!names.contains("Salt"), "{names}");
    }
}
