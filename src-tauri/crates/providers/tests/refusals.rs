//! What is tried again, what never is, and what stops it.

// A test may end here and now; clippy knows that of test functions only.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod stage;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::StreamExt;
use sotto_domain::{AnsweringError, Cost, Delta, Ending, Finish, Progress, Purpose};
use sotto_egress::{Refusal, Rules, decide};
use sotto_providers::{Choice, Endpoint, ProviderError, Route, Timeouts, provider};
use sotto_stage::Nobody;
use stage::{
    Do, KEY, Stage, agreed, answer, cloud_on, ends, hear_from, key, patient, prepare, says, status, stream,
};
use tokio_util::sync::CancellationToken;

fn yes() -> Vec<Do> {
    vec![Do::Say(stream(&[says("Yes."), ends("stop")].concat()))]
}

fn refuse(line: &str, headers: &str, body: &str) -> Vec<Do> {
    vec![Do::Say(status(line, headers, body))]
}

#[tokio::test]
async fn what_is_not_taken_is_left_out_once_and_remembered() {
    for line in ["400 Bad request", "422 Unprocessable"] {
        let no = "{\"detail\":[{\"loc\":[\"body\",\"stream_options\"],\"msg\":\"Extra inputs are not permitted\"}]}";
        let stage = Stage::new(vec![refuse(line, "", no), yes(), yes()]);
        let (cloud, endpoint) = (stage.cloud(patient()), stage.endpoint());
        assert_eq!(hear_from(&cloud, &endpoint).await.text, "Yes.");
        assert_eq!(hear_from(&cloud, &endpoint).await.text, "Yes.");
        let asked: Vec<bool> =
            stage.asked().iter().map(|request| request.contains("stream_options")).collect();
        assert_eq!(asked, [true, false, false], "{line}");
        assert_eq!(stage.journal.entries().len(), 3, "each attempt is written down");
    }
}

#[tokio::test]
async fn a_refusal_that_goes_on_is_not_asked_for_ever() {
    let no = "{\"error\":{\"message\":\"stream_options is not supported\"}}";
    let stage = Stage::new(vec![refuse("400 No", "", no), refuse("400 No", "", no), yes()]);
    let heard = stage.hear().await;
    assert!(heard.sentence().contains("could not take this request"), "{}", heard.sentence());
    assert_eq!(stage.asked().len(), 2);
}

#[tokio::test]
async fn what_did_not_help_is_not_remembered() {
    let no = "{\"error\":{\"message\":\"stream_options is not supported\"}}";
    let stage = Stage::new(vec![refuse("400 No", "", no), refuse("401 No", "", "{}"), yes()]);
    let (cloud, endpoint) = (stage.cloud(patient()), stage.endpoint());
    assert!(hear_from(&cloud, &endpoint).await.error.is_some());
    assert_eq!(hear_from(&cloud, &endpoint).await.text, "Yes.");
    assert!(stage.asked()[2].contains("stream_options"));
}

#[tokio::test]
async fn no_credit_is_never_tried_again_and_leads_to_the_bills() {
    for (line, body) in [
        ("402 Payment", "{\"error\":\"You have exceeded your monthly included credits\"}"),
        ("429 Too many", "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"quota\"}}"),
    ] {
        let stage = Stage::new(vec![refuse(line, "retry-after: 0\r\n", body), yes()]);
        let heard = hear_from(&stage.cloud(patient()), &stage.endpoint_of("huggingface")).await;
        let Some(AnsweringError::Provider { sentence, page: Some(page) }) = heard.error else {
            panic!("{heard:?}")
        };
        assert!(
            sentence.contains("credit") && page.contains("billing") || page.contains("overview"),
            "{page}"
        );
        assert_eq!(stage.asked().len(), 1);
    }
}

#[tokio::test]
async fn a_short_pause_is_granted_twice_at_most() {
    for (line, pause) in
        [("429 Too many", "retry-after: 0\r\n"), ("503 Busy", "RateLimit: \"default\";r=0;t=0\r\n")]
    {
        let no = || refuse(line, pause, "{\"error\":\"slow down\"}");
        let stage = Stage::new(vec![no(), no(), yes()]);
        assert_eq!(stage.hear().await.text, "Yes.", "{line}");

        let stage = Stage::new(vec![no(), no(), no(), yes()]);
        assert!(stage.hear().await.error.is_some());
        assert_eq!(stage.asked().len(), 3, "{line}");
    }
}

#[tokio::test]
async fn a_long_pause_or_none_is_hers_to_decide() {
    for (line, pause, words) in [
        ("429 Too many", "retry-after: 45\r\n", "Try again in 45 seconds."),
        ("429 Too many", "", "Try again in a while."),
        ("429 Too many", "retry-after: Wed, 21 Oct 2026 07:28:00 GMT\r\n", "Try again in a while."),
        ("503 Busy", "", "has trouble"),
        ("500 Oh", "retry-after: 0\r\n", "has trouble"),
    ] {
        let stage = Stage::new(vec![refuse(line, pause, "{}"), yes()]);
        let heard = stage.hear().await;
        assert!(heard.sentence().contains(words), "{}", heard.sentence());
        assert_eq!(stage.asked().len(), 1, "{line} {pause}");
    }
}

#[tokio::test]
async fn nobody_at_home_is_tried_three_times_and_each_is_written_down() {
    let stage = Stage::new(vec![]);
    let nobody = Nobody::here();
    let address = format!("http://{}", nobody.address());
    let endpoint = Endpoint::at(provider("own").unwrap(), &address).unwrap();
    let heard = hear_from(&stage.cloud(patient()), &endpoint).await;
    assert!(heard.sentence().contains("Nothing answers at"), "{}", heard.sentence());
    let entries = stage.journal.entries();
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|(_, outcome)| outcome.unwrap().bytes_out == 0), "{entries:?}");
}

#[tokio::test]
async fn each_attempt_is_decided_anew() {
    let no = refuse("429 Too many", "retry-after: 0\r\n", "{}");
    let stage = Stage::new(vec![no, yes()]);
    let (cloud, endpoint) = (stage.cloud(patient()), stage.endpoint());
    let prepared = prepare(&cloud, &endpoint);
    let mut decide = agreed(&endpoint, prepared.asked());
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let once = move |departure| match counter.fetch_add(1, Ordering::SeqCst) {
        0 => decide(departure),
        _ => Err(Refusal::OfflineLock),
    };
    let steps: Vec<_> =
        cloud.send(prepared, Some(key()), "A test.", once, CancellationToken::new()).collect().await;
    assert!(matches!(steps.as_slice(), [Err(AnsweringError::Offline(_))]), "{steps:?}");
    assert_eq!((asked.load(Ordering::SeqCst), stage.asked().len()), (2, 1));
}

#[tokio::test]
async fn without_the_users_word_nothing_is_sent() {
    let stage = Stage::new(vec![yes()]);
    let (cloud, endpoint) = (stage.cloud(patient()), stage.endpoint());
    for rules in [cloud_on(), Rules::default(), Rules { offline_lock: true, ..cloud_on() }] {
        let prepared = prepare(&cloud, &endpoint);
        let nothing = move |departure| decide(departure, &rules, None);
        let steps: Vec<_> =
            cloud.send(prepared, Some(key()), "A test.", nothing, CancellationToken::new()).collect().await;
        assert!(matches!(steps.as_slice(), [Err(_)]), "{steps:?}");
    }
    assert_eq!((stage.asked().len(), stage.journal.entries().len()), (0, 0));
}

#[tokio::test]
async fn without_a_key_where_one_is_needed_nothing_is_sent() {
    let stage = Stage::new(vec![yes()]);
    let (cloud, endpoint) = (stage.cloud(patient()), stage.endpoint_of("mistral"));
    let prepared = prepare(&cloud, &endpoint);
    let decide = agreed(&endpoint, prepared.asked());
    let steps: Vec<_> =
        cloud.send(prepared, None, "A test.", decide, CancellationToken::new()).collect().await;
    let [Err(AnsweringError::Provider { sentence, page: Some(_) })] = steps.as_slice() else {
        panic!("{steps:?}")
    };
    assert!(sentence.contains("Mistral needs a key"), "{sentence}");
    assert_eq!(stage.asked().len(), 0);
}

#[tokio::test]
async fn the_users_own_server_is_asked_without_a_key_where_there_is_none() {
    let stage = Stage::new(vec![yes()]);
    let (cloud, endpoint) = (stage.cloud(patient()), stage.endpoint());
    let prepared = prepare(&cloud, &endpoint);
    let decide = agreed(&endpoint, prepared.asked());
    let steps: Vec<_> =
        cloud.send(prepared, None, "A test.", decide, CancellationToken::new()).collect().await;
    assert!(matches!(steps.last(), Some(Ok(Delta::Done { finish: Finish::Complete, .. }))), "{steps:?}");
    assert!(!stage.asked()[0].to_ascii_lowercase().contains("authorization"));
}

#[tokio::test]
async fn stopping_keeps_what_had_come_and_closes_the_connection() {
    let stage = Stage::new(vec![vec![Do::Say(stream(&says("Half"))), Do::Hold]]);
    let (cloud, endpoint) = (stage.cloud(patient()), stage.endpoint());
    let prepared = prepare(&cloud, &endpoint);
    let (ceiling, decide) = (prepared.ceiling().unwrap(), agreed(&endpoint, prepared.asked()));
    let cancel = CancellationToken::new();
    let mut answer = cloud.send(prepared, Some(key()), "A test.", decide, cancel.clone());
    assert_eq!(answer.next().await.unwrap().unwrap(), Delta::text("Half"));
    cancel.cancel();
    let Some(Ok(Delta::Done { finish, cost, .. })) = answer.next().await else { panic!("no end") };
    assert_eq!((finish, cost), (Finish::Stopped, Cost::UpperBound(ceiling)));
    assert!(answer.next().await.is_none());
    stage.closed().await;
    assert_eq!(stage.journal.entries()[0].1.unwrap().ending, Ending::Stopped);
}

#[tokio::test]
async fn stopping_before_anything_left_costs_nothing() {
    let stage = Stage::new(vec![yes()]);
    let (cloud, endpoint) = (stage.cloud(patient()), stage.endpoint());
    let prepared = prepare(&cloud, &endpoint);
    let decide = agreed(&endpoint, prepared.asked());
    let cancel = CancellationToken::new();
    cancel.cancel();
    let steps: Vec<_> = cloud.send(prepared, Some(key()), "A test.", decide, cancel).collect().await;
    assert!(
        matches!(steps.as_slice(), [Ok(Delta::Done { finish: Finish::Stopped, cost: Cost::Free, .. })]),
        "{steps:?}"
    );
    assert_eq!(stage.asked().len(), 0);
}

#[tokio::test]
async fn dropping_an_answer_closes_its_connection() {
    let stage = Stage::new(vec![vec![Do::Say(stream(&says("Half"))), Do::Hold]]);
    let (cloud, endpoint) = (stage.cloud(patient()), stage.endpoint());
    let prepared = prepare(&cloud, &endpoint);
    let decide = agreed(&endpoint, prepared.asked());
    let mut answer = cloud.send(prepared, Some(key()), "A test.", decide, CancellationToken::new());
    assert!(answer.next().await.is_some());
    drop(answer);
    stage.closed().await;
    assert_eq!(stage.journal.entries()[0].1.unwrap().ending, Ending::Stopped);
}

#[tokio::test]
async fn the_lock_ends_an_answer_under_way() {
    let stage = Stage::new(vec![vec![Do::Say(stream(&says("Half"))), Do::Hold]]);
    let (cloud, endpoint) = (stage.cloud(patient()), stage.endpoint());
    let prepared = prepare(&cloud, &endpoint);
    let decide = agreed(&endpoint, prepared.asked());
    let mut answer = cloud.send(prepared, Some(key()), "A test.", decide, CancellationToken::new());
    assert!(matches!(answer.next().await, Some(Ok(Delta::Progress(Progress::Text { .. })))));
    stage.door.lock().set(true);
    assert!(matches!(answer.next().await, Some(Err(AnsweringError::Offline(_)))));
    assert!(answer.next().await.is_none());
    stage.closed().await;
}

#[tokio::test]
async fn a_provider_that_repeats_the_key_does_not_make_us_repeat_it() {
    let error = format!("{{\"error\":{{\"message\":\"{KEY} may not do this\"}}}}");
    for script in [
        refuse("403 No", "", &error),
        refuse("400 No", "", &error),
        vec![Do::Say(stream(&format!("data: {error}\n\n")))],
    ] {
        let stage = Stage::new(vec![script]);
        let heard = stage.hear().await;
        assert!(heard.sentence().contains("“… may not do this”"), "{}", heard.sentence());
        assert!(!format!("{:?}{:?}", heard.error, stage.journal.entries()).contains(KEY));
    }
}

#[tokio::test]
async fn another_address_is_not_followed() {
    let other = Stage::new(vec![yes()]);
    let headers = format!("location: {}/v1/chat/completions\r\n", other.server.address);
    let stage = Stage::new(vec![refuse("307 Elsewhere", &headers, "")]);
    let heard = stage.hear().await;
    assert!(heard.sentence().contains("another address"), "{}", heard.sentence());
    assert_eq!(other.asked().len(), 0);
}

#[tokio::test]
async fn silence_before_the_first_word_has_an_end() {
    let stage = Stage::new(vec![vec![Do::Hold]]);
    let heard = stage.hear_of_theirs(Timeouts { content: Duration::from_millis(500), ..patient() }).await;
    assert!(heard.sentence().contains("has said nothing"), "{}", heard.sentence());
    stage.closed().await;
    assert_eq!(stage.asked().len(), 1, "it may have been read: never twice");
}

#[tokio::test]
async fn models_are_listed_for_whoever_may_ask() {
    let list = "{\"data\":[{\"id\":\"org/m\",\"providers\":[{\"provider\":\"novita\",\"pricing\":{\"input\":1,\"output\":2}}]}]}";
    let stage = Stage::new(vec![vec![Do::Say(answer("application/json", list))]]);
    let (cloud, endpoint) = (stage.cloud(patient()), stage.endpoint_of("huggingface"));
    let allow = |departure| decide(departure, &cloud_on(), None);
    let models = cloud.models(&endpoint, Some(&key()), allow).await.unwrap();
    assert_eq!(models[0].backends[0].name, "novita");
    assert!(stage.asked()[0].starts_with("GET /v1/models "));
    assert_eq!(stage.journal.entries()[0].0.purpose, Purpose::ProviderModels);

    let off = |departure| decide(departure, &Rules::default(), None);
    let refused = cloud.models(&endpoint, Some(&key()), off).await;
    assert!(matches!(refused, Err(ProviderError::Refusal(Refusal::CloudOff))));
}

#[tokio::test]
async fn a_key_is_tried_and_what_is_wrong_is_said() {
    for (script, expected) in [
        (vec![Do::Say(answer("application/json", "{\"data\":[]}"))], None),
        (refuse("401 No", "", "{\"error\":\"Invalid\"}"), Some("does not accept this key")),
        (refuse("403 No", "", "{}"), Some("does not let it")),
        (refuse("500 Oh", "", ""), Some("has trouble")),
        (vec![Do::Say(answer("application/json", "{\"error\":\"Invalid\"}"))], Some("They say: “Invalid”")),
        (vec![Do::Say(answer("text/html", "<html>"))], Some("not as a model does")),
    ] {
        let stage = Stage::new(vec![script]);
        let allow = |departure| decide(departure, &cloud_on(), None);
        let (cloud, endpoint) = (stage.cloud(patient()), stage.endpoint_of("mistral"));
        let tried = cloud.test_key(&endpoint, Some(&key()), &Choice::of("m"), allow).await;
        let sentence = tried.err().map(|error| error.to_string());
        match expected {
            None => assert_eq!(sentence, None),
            Some(words) => assert!(sentence.as_ref().unwrap().contains(words), "{sentence:?}"),
        }
        assert_eq!(stage.journal.entries()[0].0.purpose, Purpose::KeyTest);
    }
}

#[tokio::test]
async fn where_nothing_proves_a_key_a_word_is_said_to_a_model() {
    for (script, works) in [
        (vec![Do::Say(stream(&says("Hello"))), Do::Hold], true),
        (vec![Do::Say(stream(&ends("length")))], true),
        (refuse("401 No", "", "{}"), false),
        (refuse("402 No", "", "{}"), false),
    ] {
        let stage = Stage::new(vec![script]);
        let choice = Choice { model: "org/m".into(), route: Route::Pinned("novita".into()) };
        let allow = |departure| decide(departure, &cloud_on(), None);
        let tried = stage
            .cloud(patient())
            .test_key(&stage.endpoint_of("huggingface"), Some(&key()), &choice, allow)
            .await;
        assert_eq!(tried.is_ok(), works, "{tried:?}");
        assert!(stage.asked()[0].contains("\"content\":\"Hi\""), "nothing of the user's");
        assert_eq!(stage.journal.entries()[0].0.purpose, Purpose::KeyTest);
    }
}
