use sotto_domain::{
    Conversation, ConversationId, Destination, Leaving, Made, Message, MessageId, MessageState, Picture, Role,
};

use super::*;

fn said(id: i64, parent: Option<i64>, role: Role, text: &str) -> Message {
    let by = Destination::Device { model: "Ministral".into() };
    Message {
        id: MessageId(id),
        conversation: ConversationId(1),
        parent: parent.map(MessageId),
        role,
        text: text.into(),
        pictures: vec![],
        remark: None,
        state: MessageState::Complete,
        made: (role == Role::Assistant).then_some(Made { by, usage: None, cost: None }),
        created_at: id,
    }
}

fn talk(messages: Vec<Message>) -> Talk {
    Talk {
        conversation: Conversation {
            id: ConversationId(1),
            project: None,
            position: None,
            title: "Opening *lines*".into(),
            instructions: "Be brief.".into(),
            draft: String::new(),
            head: messages.last().map(|last| last.id),
            leaving: Leaving::default(),
            left_out: [].into(),
            updated_at: 9,
            trashed_at: None,
        },
        project: Some("The Salt Road".into()),
        messages,
    }
}

fn as_text(talk: &Talk, form: Form) -> String {
    String::from_utf8(talk.write(form)).unwrap()
}

fn two_answers() -> Talk {
    talk(vec![
        said(1, None, Role::User, "How do I begin?"),
        said(2, Some(1), Role::Assistant, "With the sea."),
        said(3, Some(1), Role::Assistant, "With the *road*."),
    ])
}

#[test]
fn markdown_has_the_branch_on_show_and_says_who_spoke() {
    assert_eq!(
        as_text(&two_answers(), Form::Markdown),
        "# Opening \\*lines\\*\n\nProject: The Salt Road\n\n## Instructions\n\nBe brief.\n\n## You\n\n\
         How do I begin?\n\n## Ministral, on this device (2 of 2)\n\nWith the *road*.\n"
    );
}

#[test]
fn json_has_every_branch() {
    let mut talk = two_answers();
    talk.conversation.draft = "And what if".into();
    let whole: serde_json::Value = serde_json::from_str(&as_text(&talk, Form::Json)).unwrap();
    for form in [Form::Markdown, Form::Html] {
        assert!(as_text(&talk, form).contains("And what if"), "what is not sent yet goes along");
    }
    assert_eq!(whole["format"], "sotto-conversation");
    assert_eq!((&whole["head"], &whole["draft"]), (&3.into(), &"And what if".into()));
    let parents: Vec<_> =
        whole["messages"].as_array().unwrap().iter().map(|one| one["parent"].as_i64()).collect();
    assert_eq!(parents, [None, Some(1), Some(1)]);
    assert_eq!(whole["messages"][1]["made"]["by"]["model"], "Ministral");
}

#[test]
fn html_shows_what_a_model_wrote_and_runs_and_fetches_nothing() {
    let wrote = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> ![a cat](https://evil.example/c.png) \
                 [here](javascript:alert(1)) [JS](JaVaScript:alert(1)) [data](data:text/html,x) \
                 [fine](https://example.org) `<b>` *kept*\n\n\
                 | a | b |\n|---|---|\n| \"1\" | 2 |\n";
    let mut talk = talk(vec![said(1, None, Role::User, wrote)]);
    talk.conversation.title = "</title><script>alert(1)</script>".into();
    talk.project = Some("<iframe>".into());
    let page = as_text(&talk, Form::Html);
    let lower = page.to_lowercase();
    for barred in ["<script", "<img", "<iframe", "javascript:", "data:text", "src="] {
        let shown = lower.replace("&lt;script", "").replace("&lt;img src=x", "");
        assert!(!shown.contains(barred), "{barred}: {page}");
    }
    assert!(page.contains("<em>kept</em>") && page.contains("<table>"), "{page}");
    assert!(page.contains("href=\"https://example.org\"") && page.contains(">a cat</a>"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)"), "what was written is still to be read: {page}");
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn a_block_of_code_that_was_cut_off_ends_with_its_message() {
    for (wrote, fence) in [("```rust\nfn", "```"), ("~~~~\nx\n~~~", "~~~~"), ("````\n```\n", "````")] {
        let mut cut = said(2, Some(1), Role::Assistant, wrote);
        cut.state = MessageState::Stopped;
        let text = as_text(&talk(vec![said(1, None, Role::User, "Go"), cut]), Form::Markdown);
        assert!(text.ends_with(&format!("\n{fence}\n\n> Stopped.\n")), "{text}");
    }
    for whole in ["```\nx\n```", "`a` and ``` b ```", "no code", "~~struck~~"] {
        let text = as_text(&talk(vec![said(1, None, Role::User, whole)]), Form::Markdown);
        assert!(text.ends_with(&format!("{whole}\n")), "{text}");
    }
}

#[test]
fn what_was_shown_and_how_it_ended_is_said() {
    let mut asked = said(1, None, Role::User, "");
    asked.pictures = vec![Picture { id: None, path: "/home/me/0123.png".into(), width: 640, height: 480 }];
    let mut answer = said(2, Some(1), Role::Assistant, "A cat");
    answer.remark = Some("The connection ended.".into());
    let talk = talk(vec![asked, answer]);
    for form in [Form::Markdown, Form::Html, Form::Json] {
        let text = as_text(&talk, form);
        assert!(text.contains("640") && text.contains("The connection ended."), "{text}");
        assert!(!text.contains("/home/me"), "where it lies is nobody's business: {text}");
    }
}

#[test]
fn a_tree_that_is_no_tree_comes_to_an_end() {
    let talk = talk(vec![said(1, Some(2), Role::User, "a"), said(2, Some(1), Role::User, "b")]);
    assert!(as_text(&talk, Form::Markdown).contains("## You"));
}

#[test]
fn a_title_becomes_a_name_that_every_system_takes_once() {
    let mut names = Names::default();
    let given = [
        "Opening lines",
        "opening LINES",
        "a/b\\c:d",
        "..\\..\\etc",
        "  ",
        "con",
        "COM1.txt",
        "Com10",
        "line\nbreak",
        "ends. ",
        "東京",
        "\u{202e}gpj.exe",
        "AUX .x",
    ]
    .map(|title| names.name(title, "New conversation"));
    assert_eq!(
        given,
        [
            "Opening lines",
            "opening LINES (2)",
            "a b c d",
            "etc",
            "New conversation",
            "con_",
            "COM1.txt_",
            "Com10",
            "line break",
            "ends",
            "東京",
            "gpj.exe",
            "AUX .x_",
        ]
    );
    let long = names.name(&"界".repeat(300), "x");
    assert!(long.len() <= 100 && long.chars().all(|c| c == '界'));
}

mod annotations;
mod chats;
mod comments;
mod files;
mod limits;
mod mutations;
mod pictures;

mod pages {
    use proptest::prelude::*;
    use sotto_manuscript::{Document, Totals, count_words};

    use crate::{Book, Chapter, Form, from_markdown, from_text};

    fn page(title: &str, document: &Document, form: Form) -> String {
        let chapter = Chapter { title: title.into(), document: document.clone(), ..Chapter::default() };
        let book = Book { title: title.into(), chapters: vec![chapter], ..Book::default() };
        String::from_utf8(book.write(form)).unwrap()
    }

    const WRITTEN: &str = "# The road\n\nIt was *late*, and **very** ~~cold~~ ***still***.\\\nA [link](<https://example.org/>) and `code`.\n\n\
         ***\n\n> Said,\n>\n> and said.\n\n- one\n- two\n\n  more\n\n3. three\n4. four\n\n```\nlet x = 1;\n```\n\n\\- no list, 1\\. none";

    #[test]
    fn markdown_comes_in_and_goes_out_the_same() {
        let document = from_markdown(WRITTEN, "a.md");
        assert_eq!(Document::parse(&document.to_json()).as_ref(), Ok(&document), "the store takes it");
        let out = page("", &document, Form::Markdown);
        assert_eq!(from_markdown(&out, "a.md"), document, "{out}");
        let Totals { imported, typed, .. } = document.totals();
        assert!(imported >= 20 && typed <= 4, "all but the marks of lists came by a file");
    }

    #[test]
    fn a_page_of_the_web_runs_nothing_whatever_is_written_on_it() {
        let document = from_markdown(
            "<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![p](https://a.example/p.png)",
            "a.md",
        );
        let out = page("<b>", &document, Form::Html);
        assert!(!out.contains("<script") && !out.contains("javascript:") && !out.contains("<img"), "{out}");
        assert!(out.contains("&lt;script&gt;") && out.contains("<title>&lt;b&gt;"), "{out}");
    }

    #[test]
    fn plain_text_becomes_paragraphs() {
        let text = |from: &str| from_text(from, "a.txt").text();
        assert_eq!(
            text("One\r\nline\r\n\r\nTwo\r\n\r\n***\r\n\r\nThree"),
            "One\nline\n\nTwo\n\n* * *\n\nThree"
        );
        assert_eq!(text("One\nTwo\n"), "One\n\nTwo", "a line each, where no line is empty");
        assert_eq!(from_text("", ""), Document::default());
    }

    #[test]
    fn what_is_nested_too_deep_is_taken_and_fits() {
        for wrote in [">".repeat(300) + " deep", "- ".repeat(300) + "deep"] {
            let document = from_markdown(&wrote, "a.md");
            assert!(Document::parse(&document.to_json()).is_ok(), "{document:?}");
            assert!(document.text().contains("deep"));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_document_that_the_store_takes(text in "[-a#*_`>~!1. \n\\[\\]()<|\\\\東]{0,120}") {
            for document in [from_markdown(&text, "a.md"), from_text(&text, "")] {
                prop_assert_eq!(Document::parse(&document.to_json()), Ok(document));
            }
        }

        #[test]
        fn words_that_are_written_out_come_back(text in "[a-c ,.*_#>`<!&\\\\\\[\\]()東é-]{1,40}") {
            let document = from_text(&text, "");
            let again = from_markdown(&page("", &document, Form::Markdown), "a.md");
            let words = |document: &Document| document.text().split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(words(&again), words(&document));
            prop_assert_eq!(count_words(&again.text()), count_words(&document.text()));
        }
    }
}
