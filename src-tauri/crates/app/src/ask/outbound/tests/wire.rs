//! What a server's list says of its model, and what becomes of odd answers.

use std::time::{Duration, Instant};

use super::*;

impl TestApp {
    fn lists(&self, list: &str) {
        *self.server.says.list.lock().unwrap() = Some(list.into());
    }

    /// How often the list was asked for.
    fn lists_asked(&self) -> usize {
        self.server.stage.requests().iter().filter(|request| request.starts_with("GET")).count()
    }
}

#[tokio::test]
async fn an_answer_without_a_word_says_so_and_how_long_the_question_was() {
    let nothing = r#"data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":4000,"completion_tokens":0}}"#;
    let tools = r#"data: {"choices":[{"delta":{"tool_calls":[{"index":0}]},"finish_reason":"tool_calls"}]}"#;
    let thought = r#"data: {"choices":[{"delta":{"reasoning_content":"Hm."},"finish_reason":"stop"}]}"#;
    for (script, said) in [
        (format!("{nothing}\n\n{DONE}"), "about 3000 words"),
        (format!("{tools}\n\n{DONE}"), "without a word"),
        (format!("{thought}\n\n{DONE}"), "without a word"),
        (DONE.to_owned(), "without a word"),
    ] {
        let test = test(&script);
        let talk = test.talk();
        let question = new(talk, "Hello");
        let way = test.agree(&question, None, &[]).await;
        test.ask(&question, &way).await.unwrap();
        let answer = test.app.library.branch(talk).unwrap().pop().unwrap().message;
        let remark = answer.remark.unwrap();
        assert!(remark.starts_with("large answered without a word.") && remark.contains(said), "{remark}");
        assert_eq!(answer.state, MessageState::Interrupted);
    }
}

#[tokio::test]
async fn why_an_answer_broke_is_stored_with_it() {
    let test =
        test(&format!("{}data: {{\"error\":{{\"message\":\"roles must alternate\"}}}}\n\n", says("Half")));
    let talk = test.talk();
    let question = new(talk, "Hello");
    let way = test.agree(&question, None, &[]).await;
    let events = test.ask(&question, &way).await.unwrap();
    let Some(AnswerEvent::Finished { trouble: Some(trouble), .. }) = events.last() else {
        panic!("{events:?}")
    };
    let answer = test.app.library.branch(talk).unwrap().pop().unwrap().message;
    assert_eq!((answer.text.as_str(), answer.remark.as_ref()), ("Half", Some(trouble)));
    assert!(trouble.contains("roles must alternate"), "{trouble}");
}

#[tokio::test]
async fn a_list_that_stalls_costs_seconds_once_and_not_before_every_message() {
    let test = test(&(says("Yes.") + &over()));
    test.lists("");
    let talk = test.talk();
    let begun = Instant::now();
    for text in ["One", "Two", "Three"] {
        let question = new(talk, text);
        let way = test.agree(&question, None, &[]).await;
        test.ask(&question, &way).await.unwrap();
    }
    assert_eq!((test.lists_asked(), test.server.questions().len()), (1, 3));
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn what_the_models_own_list_says_is_kept_to_and_said() {
    let test = test(&(says("Yes.") + &over()));
    test.lists(r#"{"data":[{"id":"large","max_model_len":4096},{"id":"NaN","max_model_len":NaN}]}"#);
    let talk = test.talk();
    let sheet = test.app.chats().sheet(&new(talk, "Hi"), None, Some(&[])).await.unwrap().unwrap();
    assert!(sheet.here && sheet.remarks.is_empty());
    let asked: serde_json::Value = serde_json::from_str(&sheet.exact).unwrap();
    assert!(asked["max_tokens"].as_u64().unwrap() < 4096, "{asked}");

    // What was agreed to before does not let it pass without a word.
    let question = new(talk, "Hi");
    let way = test.agree(&question, None, &[]).await;
    test.ask(&question, &way).await.unwrap();
    let long = new(talk, &"word ".repeat(20_000));
    let refused = test.ask(&long, &AnswerOptions::default()).await;
    let Err(SendError::NotAgreed(sheet)) = refused else { panic!("{refused:?}") };
    assert!(sheet.remarks[0].contains("large holds about"), "{:?}", sheet.remarks);
}
