//! What answers elsewhere cost: reserved before they are asked for, in whichever process, and
//! settled as what is known of them.

use futures_util::{StreamExt, stream::FuturesUnordered};
use sotto_domain::{LedgerEntry, Progress};
use sotto_providers::{Price, Rate};

use super::*;

/// A million tokens read cost a dollar, a million written two.
const PRICE: Price = Price {
    input: NanoUsd(1_000_000_000),
    cached: None,
    output: NanoUsd(2_000_000_000),
    request: NanoUsd(0),
};

impl App {
    /// As if the server's list had named this rate.
    fn learns(&self, rate: Rate) {
        let there = endpoint(&self.settings().get(), "own").unwrap();
        let model = sotto_providers::Model {
            id: "large".into(),
            name: None,
            context: None,
            longest_answer: None,
            pictures: None,
            rate,
            backends: Vec::new(),
        };
        self.core.cloud.lists.lock().unwrap().insert(there.base().to_owned(), (0, [model].into()));
    }

    fn entries(&self) -> Vec<LedgerEntry> {
        self.cloud().ledger(self.cloud().this_month()).unwrap()
    }
}

impl TestApp {
    /// An app whose server's prices are known, the question "Hello", a yes to it, and its ceiling.
    async fn priced(script: &str) -> (Self, Question, AnswerOptions, NanoUsd) {
        let test = test(script);
        test.app.learns(Rate::Price(PRICE));
        let question = new(test.talk(), "Hello");
        let way = test.agree(&question, None, &[]).await;
        let sheet = test.app.chats().sheet(&question, None, Some(&[])).await.unwrap().unwrap();
        (test, question, way, sheet.highest_cost.unwrap())
    }

    fn costs(&self) -> Vec<Cost> {
        self.app.entries().into_iter().map(|entry| entry.cost).collect()
    }

    /// What the answer says beside itself.
    fn remark(&self, talk: sotto_domain::ConversationId) -> String {
        self.app.library.branch(talk).unwrap().pop().unwrap().message.remark.unwrap_or_default()
    }
}

fn talk_of(question: &Question) -> sotto_domain::ConversationId {
    let Question::New { conversation, .. } = question else { panic!("{question:?}") };
    *conversation
}

#[tokio::test]
async fn with_room_for_one_of_eight_at_once_one_is_sent() {
    let (test, question, way, ceiling) = TestApp::priced(&(says("Yes.") + &over())).await;
    test.app.cloud().set_monthly_cap(Some(NanoUsd(ceiling.0 * 3 / 2))).unwrap();
    // Another process of the same home.
    let other = open(test.folder.path());
    other.learns(Rate::Price(PRICE));
    let mut talks = vec![talk_of(&question)];
    talks.extend((1..8).map(|_| test.talk()));
    let mut asked = FuturesUnordered::new();
    for (number, talk) in talks.iter().enumerate() {
        let app = if number % 2 == 0 { &test.app } else { &other };
        let (question, way) = (new(*talk, "Hello"), &way);
        asked.push(async move { app.chats().ask(&question, way, |_| {}).await });
    }
    while let Some(outcome) = asked.next().await {
        if let Err(error) = outcome {
            assert!(matches!(error, SendError::Refused(Refusal::OverTheLimit { .. })), "{error:?}");
        }
    }
    assert_eq!(test.server.questions().len(), 1);
    assert_eq!(test.app.entries().len(), 1);
    let refused = talks.iter().filter(|talk| {
        let branch = test.app.library.branch(**talk).unwrap();
        // The limit was known before it was stored, or only when it would have left.
        branch.is_empty() || test.remark(**talk).contains("spent or set aside")
    });
    assert_eq!(refused.count(), 7);
}

#[tokio::test]
async fn what_ended_unknown_counts_with_its_ceiling() {
    let no_usage = r#"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"#;
    let null = r#"data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":null}"#;
    let error = r#"data: {"error":{"message":"a fault"}}"#;
    for end in [
        format!("{no_usage}\n\n{DONE}"),
        format!("{null}\n\n{DONE}"),
        format!("{no_usage}\n\n{error}\n\n"),
        String::new(),
    ] {
        let (test, question, way, ceiling) = TestApp::priced(&(says("Yes.") + &end)).await;
        test.app.cloud().set_monthly_cap(Some(NanoUsd(ceiling.0 * 3 / 2))).unwrap();
        test.ask(&question, &way).await.unwrap();
        assert_eq!(test.costs(), [Cost::UpperBound(ceiling)], "{end}");
        assert!(test.app.entries()[0].ended_at.is_some());
        let second = test.ask(&new(talk_of(&question), "Again"), &AnswerOptions::default()).await;
        assert!(matches!(second, Err(SendError::Refused(Refusal::OverTheLimit { .. }))), "{second:?}");
        assert_eq!(test.server.questions().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_that_came_to_its_end_frees_what_it_did_not_cost() {
    let (test, question, way, ceiling) = TestApp::priced(&(says("Yes.") + &over())).await;
    test.app.cloud().set_monthly_cap(Some(NanoUsd(ceiling.0 * 3 / 2))).unwrap();
    for text in ["Hello", "Again"] {
        let question = new(talk_of(&question), text);
        let way = if text == "Hello" { way.clone() } else { AnswerOptions::default() };
        test.ask(&question, &way).await.unwrap();
    }
    // Nine tokens read and four written.
    assert_eq!(test.costs(), [Cost::Computed(NanoUsd(17_000)); 2]);
}

#[tokio::test]
async fn an_answer_that_the_lock_cut_is_in_the_ledger() {
    let (test, question, way, ceiling) = TestApp::priced(&(says("Half") + HOLD)).await;
    let other = open(test.folder.path());
    let mut cut = false;
    let locks = |event: AnswerEvent| {
        if matches!(event, AnswerEvent::Progress(Progress::Text { .. })) {
            let entry = &test.app.entries()[0];
            assert_eq!((entry.cost, entry.ended_at), (Cost::UpperBound(ceiling), None), "while it comes");
            other.cloud().set_offline_lock(true).unwrap();
        }
        cut |= matches!(event, AnswerEvent::Finished { .. });
    };
    test.app.chats().ask(&question, &way, locks).await.unwrap();
    let entry = &test.app.entries()[0];
    assert!(cut && entry.ended_at.is_some());
    assert_eq!(entry.cost, Cost::UpperBound(ceiling));
}

#[tokio::test]
async fn an_answer_that_nobody_waits_for_any_more_is_ended_in_the_ledger() {
    let (test, question, way, ceiling) = TestApp::priced(&(says("Half") + HOLD)).await;
    let begun = Notify::new();
    let asked = test.app.chats().ask(&question, &way, |event| {
        if matches!(event, AnswerEvent::Progress(Progress::Text { .. })) {
            begun.notify_one();
        }
    });
    tokio::select! {
        outcome = asked => panic!("{outcome:?}"),
        () = begun.notified() => {}
    }
    let entry = &test.app.entries()[0];
    assert_eq!((entry.cost, entry.ended_at.is_some()), (Cost::UpperBound(ceiling), true));
}

#[tokio::test]
async fn what_never_left_is_not_in_the_ledger() {
    // Nobody listens; it is somebody else's server; the way is not encrypted.
    for place in ["http://127.0.0.1:9/v1", "http://10.1.2.3/v1", "http://server.example/v1"] {
        let test = test("");
        let set = ProviderSettings { place: place.into(), ..ProviderSettings::default() };
        test.app.cloud().set_account("own", set, false).unwrap();
        test.app.learns(Rate::Price(PRICE));
        let question = new(test.talk(), "Hello");
        let way = test.agree(&question, None, &[]).await;
        let events = test.ask(&question, &way).await.unwrap();
        let Some(AnswerEvent::Finished { trouble: Some(trouble), .. }) = events.last() else {
            panic!("{events:?}")
        };
        assert!(trouble.to_lowercase().contains("nothing was sent"), "{trouble}");
        assert_eq!(test.costs(), [], "{place}");
    }
}

#[tokio::test]
async fn who_is_turned_away_owes_nothing_and_who_is_refused_after_a_look_may() {
    for (status, cost) in [
        ("401 Unauthorized", Some(Cost::Free)),
        ("429 Too Many Requests", Some(Cost::Free)),
        ("307 Temporary Redirect\r\nlocation: http://127.0.0.1:9/", Some(Cost::Free)),
        ("400 Bad Request", None),
        ("500 Internal Server Error", None),
    ] {
        let (test, question, way, ceiling) = TestApp::priced(&format!("HTTP/1.1 {status}")).await;
        test.ask(&question, &way).await.unwrap();
        assert_eq!(test.costs(), [cost.unwrap_or(Cost::UpperBound(ceiling))], "{status}");
    }
}

#[tokio::test]
async fn a_server_of_ones_own_that_costs_nothing_is_not_stopped_by_a_limit() {
    let test = test(&(says("Yes.") + &over()));
    test.app.cloud().set_monthly_cap(Some(NanoUsd(0))).unwrap();
    let question = new(test.talk(), "Hello");
    let refused = test.app.chats().sheet(&question, None, Some(&[])).await;
    assert!(matches!(refused, Err(SendError::Refused(Refusal::PriceUnknown))), "{refused:?}");
    assert!(test.app.cloud().set_free("own", true).unwrap().settings.free);
    let way = test.agree(&question, None, &[]).await;
    test.ask(&question, &way).await.unwrap();
    assert_eq!(test.costs(), [Cost::Free]);

    // The same address again is the same server; another is another.
    let place = test.app.settings().get().cloud.providers["own"].place.clone();
    for (place, free) in [(place.as_str(), true), ("http://127.0.0.1:9", false)] {
        let set = ProviderSettings { place: place.into(), ..ProviderSettings::default() };
        assert_eq!(test.app.cloud().set_account("own", set, false).unwrap().settings.free, free, "{place}");
    }
    // Nobody else can be said to be free.
    for id in ["mistral", "huggingface", "nobody"] {
        assert!(test.app.cloud().set_free(id, true).is_err(), "{id}");
    }
}

/// Asks, is told to wait and to ask again, and meanwhile `change`s something.
async fn asked_again_after(
    change: impl FnOnce(&App, sotto_domain::ConversationId, NanoUsd),
) -> (TestApp, String) {
    let again = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 0";
    let (test, question, way, ceiling) = TestApp::priced(again).await;
    let other = open(test.folder.path());
    let gate = Gate { came: Arc::default(), answer: Arc::new(Barrier::new(2)) };
    *test.server.says.gate.lock().unwrap() = Some(gate.clone());
    let talk = talk_of(&question);
    let meanwhile = async {
        gate.came.notified().await;
        change(&other, talk, ceiling);
        *test.server.says.gate.lock().unwrap() = None;
        *test.server.says.script.lock().unwrap() = says("Yes.") + &over();
        // The answer that is on its way was chosen before: it asks for a pause.
        gate.answer.wait();
    };
    let (asked, ()) = tokio::join!(test.ask(&question, &way), meanwhile);
    asked.unwrap();
    let remark = test.remark(talk);
    (test, remark)
}

#[tokio::test]
async fn what_holds_is_looked_at_again_before_each_further_attempt() {
    let (test, remark) = asked_again_after(|_, _, _| {}).await;
    assert_eq!((test.server.questions().len(), remark.as_str()), (2, ""));
    assert_eq!(test.costs(), [Cost::Computed(NanoUsd(17_000))], "both attempts are one entry");

    let lower = |other: &App, _, ceiling: NanoUsd| {
        other.cloud().set_monthly_cap(Some(NanoUsd(ceiling.0 - 1))).unwrap();
    };
    let (test, remark) = asked_again_after(lower).await;
    assert_eq!(test.server.questions().len(), 1);
    assert!(remark.contains("Raise the limit"), "{remark}");
    assert_eq!(test.costs(), [Cost::Free]);

    let take_back = |other: &App, talk, _| other.chats().set_leaving(talk, &Leaving::Never).unwrap();
    let (test, remark) = asked_again_after(take_back).await;
    assert_eq!(test.server.questions().len(), 1);
    assert!(remark.contains("have not agreed"), "{remark}");
}

#[tokio::test]
async fn a_price_that_changed_since_it_was_shown_is_shown_again() {
    let dear = Price { output: NanoUsd(1_000_000_000_000_000), ..PRICE };
    let rates = [Rate::Unknown, Rate::Price(PRICE), Rate::Price(dear), Rate::Free];
    for (before, after) in rates.into_iter().flat_map(|one| rates.map(|other| (one, other))) {
        let test = test(&(says("Yes.") + &over()));
        test.app.learns(before);
        let question = new(test.talk(), "Hello");
        let way = test.agree(&question, None, &[]).await;
        test.app.learns(after);
        let asked = test.ask(&question, &way).await;
        if before == after {
            asked.unwrap();
            continue;
        }
        let Err(SendError::NotAgreed(sheet)) = asked else { panic!("{before:?} {after:?}: {asked:?}") };
        assert_eq!((test.server.questions().len(), test.costs().len()), (0, 0));
        let agreed = Agreed { fingerprint: sheet.fingerprint, ..Agreed::default() };
        test.ask(&question, &AnswerOptions { agreed: Some(agreed), ..AnswerOptions::default() })
            .await
            .unwrap();
        assert_eq!(test.server.questions().len(), 1);
    }
}
