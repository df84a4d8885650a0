use proptest::prelude::*;

use super::*;

fn text(words: &str, marks: Vec<Mark>) -> Inline {
    Inline::Text { text: words.into(), marks }
}

fn paragraph(words: &str) -> Block {
    Block::Paragraph { content: if words.is_empty() { vec![] } else { vec![text(words, vec![])] } }
}

fn from(how: How, edited: bool) -> Mark {
    let who = (how == How::ModelHere).then(|| "Ministral".to_owned());
    Mark::Origin { attrs: Origin { how, who, edited } }
}

fn list(items: &[&str]) -> Vec<ListItem> {
    items.iter().map(|words| ListItem::ListItem { content: vec![paragraph(words)] }).collect()
}

#[test]
fn a_document_of_the_editor_is_read_and_comes_back_as_it_was() {
    let json = r#"{"type":"doc","content":[
      {"type":"heading","attrs":{"level":2},"content":[{"type":"text","text":"The road"}]},
      {"type":"paragraph"},
      {"type":"paragraph","content":[
        {"type":"text","marks":[{"type":"origin","attrs":{"how":"model_here","who":"Ministral","edited":false}},
          {"type":"em"}],"text":"It was late."},
        {"type":"footnote","attrs":{"text":"See the map."}},
        {"type":"hard_break"},
        {"type":"text","marks":[{"type":"link","attrs":{"href":"https://example.org"}}],"text":"here"},
        {"type":"text","marks":[{"type":"comment","attrs":{"id":"a-1","author":null,"at":1795714800000,"text":"Why?",
          "resolved":false}},{"type":"comment","attrs":{"id":"b","author":"Ann","at":null,"text":"No.","resolved":true}}],
          "text":"there"}]},
      {"type":"blockquote","content":[{"type":"ordered_list","attrs":{"order":3},"content":[
        {"type":"list_item","content":[{"type":"paragraph"}]}]}]},
      {"type":"code_block","content":[{"type":"text","text":"let x;"}]},
      {"type":"scene_break"}]}"#;
    let document = Document::parse(json).unwrap();
    let again: serde_json::Value = serde_json::from_str(&document.to_json()).unwrap();
    assert_eq!(again, serde_json::from_str::<serde_json::Value>(json).unwrap());
}

#[test]
fn what_is_not_of_the_schema_is_refused() {
    let block = |block: &str| format!(r#"{{"type":"doc","content":[{block}]}}"#);
    let marked = |mark: &str| {
        block(&format!(r#"{{"type":"paragraph","content":[{{"type":"text","text":"a","marks":[{mark}]}}]}}"#))
    };
    let said = |attrs: &str| {
        format!(r#"{{"type":"comment","attrs":{{"author":null,"at":null,"resolved":false,{attrs}}}}}"#)
    };
    let refused = [
        String::new(),
        "null".into(),
        r#"{"type":"doc","content":[]}"#.into(),
        block(r#"{"type":"script"}"#),
        block(r#"{"type":"paragraph","onclick":"x"}"#),
        block(r#"{"type":"scene_break","attrs":{"x":1}}"#),
        block(r#"{"type":"paragraph","content":[{"type":"text","text":""}]}"#),
        block(r#"{"type":"paragraph","content":[{"type":"paragraph"}]}"#),
        block(r#"{"type":"heading","attrs":{"level":7}}"#),
        block(r#"{"type":"heading"}"#),
        block(r#"{"type":"paragraph","content":[{"type":"footnote","attrs":{"text":""}}]}"#),
        block(r#"{"type":"paragraph","content":[{"type":"footnote"}]}"#),
        block(&format!(
            r#"{{"type":"paragraph","content":[{{"type":"footnote","attrs":{{"text":"{}"}}}}]}}"#,
            "a".repeat(32 * 1024 + 1)
        )),
        block(r#"{"type":"code_block","content":[{"type":"footnote","attrs":{"text":"a"}}]}"#),
        block(r#"{"type":"blockquote","content":[]}"#),
        block(
            r#"{"type":"bullet_list","content":[{"type":"list_item","content":[{"type":"scene_break"}]}]}"#,
        ),
        block(r#"{"type":"bullet_list","content":[{"type":"paragraph"}]}"#),
        block(r#"{"type":"code_block","content":[{"type":"text","text":"a","marks":[{"type":"em"}]}]}"#),
        marked(r#"{"type":"link","attrs":{"href":"javascript:alert(1)"}}"#),
        marked(r#"{"type":"link","attrs":{"href":"https://a.example","onclick":"x"}}"#),
        marked(r#"{"type":"em"},{"type":"em"}"#),
        marked(r#"{"type":"origin","attrs":{"how":"dreamt","who":null,"edited":false}}"#),
        marked(&said(r#""id":"a","text":"""#)),
        marked(&said(r#""id":"","text":"x""#)),
        marked(&said(r#""id":"a b","text":"x""#)),
        marked(&said(&format!(r#""id":"a","text":"{}""#, "x".repeat(8 * 1024 + 1)))),
        marked(&format!("{0},{0}", said(r#""id":"a","text":"x""#))),
        marked(&(0..27).map(|id| said(&format!(r#""id":"{id}","text":"x""#))).collect::<Vec<_>>().join(",")),
        marked(r#"{"type":"blink"}"#),
        marked(&format!(
            r#"{{"type":"origin","attrs":{{"how":"pasted","who":"{}","edited":false}}}}"#,
            "x".repeat(999)
        )),
    ];
    for json in refused {
        assert!(matches!(Document::parse(&json), Err(DocumentError::Unknown(_))), "{json}");
    }
}

#[test]
fn what_is_nested_too_deep_or_too_long_is_refused_and_costs_little() {
    let nested = |times: usize| {
        let open = r#"{"type":"blockquote","content":["#.repeat(times);
        format!(r#"{{"type":"doc","content":[{open}{{"type":"paragraph"}}{}]}}"#, "]}".repeat(times))
    };
    assert!(Document::parse(&nested(12)).is_ok());
    assert_eq!(Document::parse(&nested(13)), Err(DocumentError::TooDeep));
    assert!(matches!(Document::parse(&nested(100_000)), Err(DocumentError::Unknown(_))));
    assert_eq!(Document::parse(&" ".repeat(30_000_000)), Err(DocumentError::TooLong));
}

#[test]
fn the_text_of_a_page_reads_as_it_looks() {
    let nested = ListItem::ListItem {
        content: vec![
            paragraph("two"),
            Block::OrderedList { attrs: Order { order: 7 }, content: list(&["in", "it"]) },
        ],
    };
    let mut items = list(&["one"]);
    items.push(nested);
    let document = Document {
        blocks: vec![
            Block::Heading { attrs: Level { level: 1 }, content: vec![text("Road", vec![])] },
            Block::Paragraph {
                content: vec![
                    text("It ", vec![]),
                    text("was", vec![Mark::Em {}]),
                    Inline::HardBreak { marks: vec![] },
                    text("late.", vec![]),
                ],
            },
            Block::SceneBreak {},
            Block::BulletList { content: items },
            paragraph(""),
            Block::Blockquote { content: vec![paragraph("said"), paragraph("she")] },
        ],
    };
    assert_eq!(
        document.text(),
        "Road\n\nIt was\nlate.\n\n* * *\n\n- one\n- two\n7. in\n8. it\n\n\n\nsaid\n\nshe"
    );
}

fn note(says: &str, marks: Vec<Mark>) -> Inline {
    Inline::Footnote { attrs: Note { text: says.into() }, marks }
}

#[test]
fn what_footnotes_say_is_text_of_the_page_and_tears_no_sentence() {
    let content = vec![
        text("It was la", vec![]),
        note("By the clock.", vec![from(How::Pasted, false)]),
        text("te", vec![]),
        note("So did he", vec![]),
    ];
    let items = vec![ListItem::ListItem { content: vec![Block::Paragraph { content: content.clone() }] }];
    let document = Document {
        blocks: vec![
            Block::Paragraph { content },
            Block::BulletList { content: items },
            paragraph("She left."),
        ],
    };
    assert_eq!(
        document.text(),
        "It was late\n† By the clock.\n† So did he\n\n- It was late\n† By the clock.\n† So did he\n\nShe left."
    );
    assert_eq!(document.words(), 20);
    assert_eq!(document.totals(), Totals { typed: 14, pasted: 6, ..Totals::default() });
    let one = |says: &str| Document { blocks: vec![Block::Paragraph { content: vec![note(says, vec![])] }] };
    let told = changes(&one("See the map.").text(), &one("See the chart.").text());
    assert_eq!(
        told.iter()
            .filter(|piece| piece.change == Change::Added)
            .map(|piece| &*piece.text)
            .collect::<String>(),
        "chart"
    );
    let by_model = |how| Document {
        blocks: vec![Block::Paragraph { content: vec![note("abc", vec![from(how, false)])] }],
    };
    assert_eq!((by_model(How::ModelHere).model_letters(), by_model(How::Pasted).model_letters()), (3, 0));
}

#[test]
fn words_are_counted_as_their_writers_count_them() {
    let cases = include_str!("../../../../tests/fixtures/words.json");
    let cases: Vec<(String, usize)> = serde_json::from_str(cases).unwrap();
    for (words, count) in cases {
        assert_eq!(count_words(&words), count, "{words}");
    }
}

#[test]
fn words_are_told_apart_by_how_they_came() {
    let content = vec![
        text("I typed ", vec![]),
        text("and pasted three ", vec![from(How::Pasted, false)]),
        text("the model", vec![from(How::ModelHere, false)]),
        text(" wro", vec![from(How::ModelHere, true)]),
        text("te", vec![]),
    ];
    let document = Document { blocks: vec![Block::Paragraph { content }, paragraph("mine")] };
    let totals = Totals { typed: 3, pasted: 3, model_here: 3, edited: 1, ..Totals::default() };
    assert_eq!(document.totals(), totals);
}

#[test]
fn a_step_that_does_not_fit_changes_nothing() {
    let mut document = Document { blocks: vec![paragraph("a"), paragraph("b")] };
    let before = document.clone();
    for (from, delete) in [(3, 0), (0, 3), (2, 1), (usize::MAX, 1), (1, usize::MAX), (0, 2)] {
        let step = Step { from, delete, insert: vec![] };
        assert_eq!(step.apply(&mut document), Err(DocumentError::OutOfPlace), "{from} {delete}");
        assert_eq!(document, before);
    }
    Step::parse(1, 1, r#"[{"type":"scene_break"},{"type":"paragraph"}]"#)
        .unwrap()
        .apply(&mut document)
        .unwrap();
    assert_eq!(document.blocks, [paragraph("a"), Block::SceneBreak {}, paragraph("")]);
    assert!(Step::parse(0, 0, r#"[{"type":"script"}]"#).is_err());
}

#[test]
fn changes_are_told_by_words() {
    let told: Vec<_> =
        changes("It was a late evening.\n\nShe left.\n", "It was an evening.\n\nShe left.\n\nAlone.\n")
            .into_iter()
            .map(|Piece { change, text }| match change {
                Change::Kept => text,
                Change::Removed => format!("[-{text}]"),
                Change::Added => format!("[+{text}]"),
            })
            .collect();
    assert_eq!(told.concat(), "It was [-a late][+an] evening.\n\nShe left.\n[+\nAlone.\n]");
}

fn said(id: &str, words: &str) -> Mark {
    Mark::Comment {
        attrs: Comment { id: id.into(), author: None, at: Some(1), text: words.into(), resolved: false },
    }
}

#[test]
fn comments_are_told_once_in_their_order_and_are_no_text() {
    let content = vec![
        text("It ", vec![said("b", "When?")]),
        text("was ", vec![said("a", "Why?"), said("b", "When?")]),
        text("late", vec![]),
    ];
    let document = Document {
        blocks: vec![Block::Paragraph { content: content.clone() }, Block::CodeBlock { content }],
    };
    assert_eq!(Document::parse(&document.to_json()), Ok(document.clone()));
    let words =
        |document: &Document| document.comments().iter().map(|one| one.text.clone()).collect::<Vec<_>>();
    assert_eq!(words(&document), ["When?", "Why?"]);
    assert_eq!((document.words(), document.text()), (6, "It was late\n\nIt was late".into()));
    let bare = document.without_comments();
    assert_eq!(bare.blocks[0], paragraph("It was late"));
}

#[test]
fn two_pages_that_become_one_keep_their_comments_apart() {
    let page = |id: &str, words: &str| Document {
        blocks: vec![Block::Paragraph { content: vec![text("x", vec![said(id, words)])] }],
    };
    let (first, mut second) = (page("a", "Mine"), page("a", "Theirs"));
    second.tell_comments_apart(&first);
    let both = Document { blocks: [first.blocks, second.blocks].concat() };
    let ids: Vec<_> = both.comments().iter().map(|one| (&*one.id, &*one.text)).collect();
    assert_eq!(ids, [("a", "Mine"), ("2-a", "Theirs")]);
    let mut other = page("b", "Else");
    other.tell_comments_apart(&both);
    assert_eq!(other, page("b", "Else"));
}

fn origins() -> impl Strategy<Value = Vec<Mark>> {
    prop_oneof![
        Just(vec![]),
        Just(vec![Mark::Strong {}]),
        Just(vec![from(How::Pasted, false)]),
        Just(vec![from(How::ModelHere, true), Mark::Em {}]),
        Just(vec![Mark::Link { attrs: Address { href: "https://a.example".into() } }]),
        Just(vec![said("a", "Why?")]),
        Just(vec![from(How::Pasted, false), said("a", "Why?"), said("b", "So what?")]),
    ]
}

fn inlines() -> impl Strategy<Value = Vec<Inline>> {
    let inline = prop_oneof![
        4 => ("[a-c 東\u{301}é🌊\n]{1,9}", origins()).prop_map(|(words, marks)| text(&words, marks)),
        1 => origins().prop_map(|marks| Inline::HardBreak { marks }),
        1 => ("[a-c 東\n]{0,6}", origins()).prop_map(|(says, marks)| note(&format!("See {says}"), marks)),
    ];
    prop::collection::vec(inline, 0..5)
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let plain = prop_oneof![
        inlines().prop_map(|content| Block::Paragraph { content }),
        inlines().prop_map(|content| Block::Heading { attrs: Level { level: 2 }, content }),
        Just(Block::SceneBreak {}),
        ("[a-c 東]{0,6}", "[a-c \n]{0,6}", any::<bool>()).prop_map(|(alt, caption, half)| {
            let fit = if half { Fit::Half } else { Fit::Text };
            let file = format!("{}.png", "0f".repeat(32));
            Block::Picture {
                attrs: Picture { file, width: 640, height: 480, alt, caption, fit, cover: half },
            }
        }),
    ];
    let block = plain.prop_recursive(3, 24, 4, |inner| {
        let some = prop::collection::vec(inner, 1..4).boxed();
        let items = prop::collection::vec((inlines(), some.clone()), 1..4).prop_map(|items| {
            let item = |(content, more): (Vec<Inline>, Vec<Block>)| ListItem::ListItem {
                content: [vec![Block::Paragraph { content }], more].concat(),
            };
            items.into_iter().map(item).collect::<Vec<_>>()
        });
        prop_oneof![
            some.prop_map(|content| Block::Blockquote { content }),
            (items, any::<bool>()).prop_map(|(content, bullets)| if bullets {
                Block::BulletList { content }
            } else {
                Block::OrderedList { attrs: Order { order: 1 }, content }
            }),
        ]
    });
    prop::collection::vec(block, 1..5)
}

/// Every byte of the text is of one stretch, and every word came in one way.
fn covered(document: &Document) -> Result<(), TestCaseError> {
    let (text, spans) = (document.text(), document.spans());
    let mut end = 0;
    for span in &spans {
        prop_assert_eq!(span.range.start, end);
        prop_assert!(span.range.end > span.range.start && text.is_char_boundary(span.range.end));
        end = span.range.end;
    }
    prop_assert_eq!(end, text.len());
    let Totals { typed, pasted, imported, model_here, model_elsewhere, .. } = document.totals();
    prop_assert_eq!(typed + pasted + imported + model_here + model_elsewhere, document.words());
    Ok(())
}

proptest! {
    #[test]
    fn every_document_comes_back_from_json(blocks in blocks()) {
        let document = Document { blocks };
        prop_assert_eq!(Document::parse(&document.to_json()).unwrap(), document);
    }

    #[test]
    fn comments_are_on_top_of_a_text_and_never_of_it(blocks in blocks()) {
        let document = Document { blocks };
        let bare = document.without_comments();
        prop_assert_eq!(bare.comments().len(), 0);
        prop_assert_eq!((bare.text(), bare.totals()), (document.text(), document.totals()));
        let mut other = document.clone();
        other.tell_comments_apart(&document);
        let both = Document { blocks: [document.blocks.clone(), other.blocks].concat() };
        prop_assert_eq!(both.comments().len(), 2 * document.comments().len());
    }

    #[test]
    fn spans_cover_the_text_exactly_and_never_overlap(blocks in blocks()) {
        covered(&Document { blocks })?;
    }

    #[test]
    fn spans_cover_it_through_any_history_undone_and_done_again(
        first in blocks(), changes in prop::collection::vec((any::<usize>(), 0..4_usize, blocks()), 0..6)
    ) {
        let mut document = Document { blocks: first };
        let mut history = vec![];
        for (from, delete, insert) in changes {
            let from = from % (document.blocks.len() + 1);
            let delete = delete.min(document.blocks.len() - from);
            let back = Step { from, delete: insert.len(), insert: document.blocks[from..from + delete].to_vec() };
            let (step, before) = (Step { from, delete, insert }, document.clone());
            step.clone().apply(&mut document).unwrap();
            covered(&document)?;
            history.push((step, back, before, document.clone()));
        }
        for (_, back, before, _) in history.iter().rev() {
            back.clone().apply(&mut document).unwrap();
            prop_assert_eq!(&document, before);
        }
        for (step, _, _, after) in history {
            step.apply(&mut document).unwrap();
            prop_assert_eq!(&document, &after);
        }
    }

    #[test]
    fn what_a_step_did_the_step_back_undoes(before in blocks(), insert in blocks(), at in 0usize..6, delete in 0usize..6) {
        let mut document = Document { blocks: before.clone() };
        let step = Step { from: at, delete, insert: insert.clone() };
        let fits = step.blocks_after(before.len()).is_ok();
        prop_assert_eq!(step.apply(&mut document).is_ok(), fits);
        if fits {
            let back = Step { from: at, delete: insert.len(), insert: before[at..at + delete].to_vec() };
            back.apply(&mut document).unwrap();
        }
        prop_assert_eq!(document.blocks, before);
    }

    #[test]
    fn kept_and_removed_are_the_old_text_kept_and_added_the_new(old in "[ab \n.東]{0,40}", new in "[ab \n.東]{0,40}") {
        let pieces = changes(&old, &new);
        let of = |leave: Change| -> String {
            pieces.iter().filter(|piece| piece.change != leave).map(|piece| piece.text.as_str()).collect()
        };
        prop_assert_eq!(of(Change::Added), old);
        prop_assert_eq!(of(Change::Removed), new);
        prop_assert!(pieces.windows(2).all(|two| two[0].change != two[1].change));
    }
}
