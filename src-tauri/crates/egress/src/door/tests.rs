use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sotto_domain::{
    Account, Budget, Charge, ContentKind, ConversationId, Ending, EntryId, Journal, JournalError, NanoUsd,
    Outcome, Promises, Purpose, Secret, Standing, Subject,
};

use super::*;
use crate::testing::{Full, Remembered, door};
use crate::{Consent, Departure, Errand, Lock, Proxy, Refusal, Rules, decide};
use sotto_stage::Server;

mod stream;
mod tls;

/// The head of a request, in lower case.
fn head(request: &str) -> String {
    request.split("\r\n\r\n").next().unwrap_or_default().to_lowercase()
}

fn get(address: &str) -> Permit {
    let departure = Departure::get(Errand::ModelDownload, address, "Example", "A test asks.").unwrap();
    decide(departure, &Rules::default(), None).unwrap()
}

fn remembering() -> (Door, Arc<Remembered>) {
    let journal = Arc::new(Remembered::default());
    (door(journal.clone()).unwrap(), journal)
}

#[tokio::test]
async fn what_leaves_is_what_was_decided_on_and_the_journal_has_it() {
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-id: 7\r\n\r\nhello");
    let (door, journal) = remembering();
    let departure = Departure::post(
        Errand::ModelDetails,
        &server.at("/a?b=c"),
        b"body".to_vec(),
        "Example",
        "A test asks.",
    )
    .unwrap()
    .within(None, Some(Subject::Conversation(ConversationId(4))));
    let permit = decide(departure, &Rules::default(), None).unwrap();
    let headers = Headers::new().bearer(Secret::new("sk-private".into())).plain("accept", "text/plain");
    let response = door.send(permit, headers).await.unwrap();
    assert_eq!((response.status().as_u16(), response.header("X-Id")), (200, Some("7")));
    assert_eq!(response.text(100).await.unwrap(), "hello");

    let request = server.requests().remove(0);
    assert!(request.starts_with("POST /a?b=c HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("authorization: Bearer sk-private\r\n"));
    assert!(request.ends_with("\r\n\r\nbody"));

    let entries = journal.entries();
    let (entry, outcome) = &entries[0];
    assert_eq!(
        (entry.purpose, entry.bytes, entry.subject),
        (Purpose::ModelDetails, 4, Some(Subject::Conversation(ConversationId(4))))
    );
    assert_eq!((entry.origin.as_str(), entry.why.as_str()), (server.address.as_str(), "A test asks."));
    let went = Outcome { at: 0, bytes_out: 4, bytes_in: 5, status: Some(200), ending: Ending::Complete };
    assert_eq!(*outcome, Some(went));
    assert!(!format!("{entries:?}").contains("private"));
}

#[tokio::test]
async fn a_question_without_a_message_is_written_down_with_the_key_that_goes_with_it() {
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let (door, journal) = remembering();
    let headers = Headers::new().bearer(Secret::new("sk-private".into()));
    door.send(get(&server.at("/a?b=c")), headers).await.unwrap();
    let (entry, outcome) = journal.entries().remove(0);
    let said = "/a".len() + "b=c".len() + "authorization".len() + "Bearer sk-private".len();
    assert_eq!((entry.bytes, outcome.unwrap().bytes_out), (said as u64, said as u64));
}

#[tokio::test]
async fn behind_the_lock_no_connection_is_even_tried() {
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let (door, journal) = remembering();
    let permit = get(&server.at("/"));
    door.lock().set(true);
    let refused = door.send(permit, Headers::new()).await.err().unwrap();
    assert!(matches!(refused, Failure::Refused(Refusal::OfflineLock)));
    assert!(refused.nothing_was_sent());
    assert_eq!(journal.entries(), []);

    // The same door opens afterwards, so it was the lock that kept it shut.
    door.lock().set(false);
    door.send(get(&server.at("/")), Headers::new()).await.unwrap();
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn what_holds_when_it_is_written_down_decides_not_what_held_before() {
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let (door, journal) = remembering();
    let permit = get(&server.at("/"));
    // Another process switches the lock on: this door's own has not heard of it yet.
    journal.promises.lock().unwrap().offline_lock = true;
    let refused = door.send(permit, Headers::new()).await.err().unwrap();
    assert!(matches!(refused, Failure::Refused(Refusal::OfflineLock)));
    assert_eq!((journal.entries(), server.connections()), (vec![], 0));
}

/// An answer that can cost this at most, by an agreement that is remembered or not.
fn answer(address: &str, ceiling: Option<u64>, remembered: bool) -> Permit {
    let contents = [ContentKind::Messages, ContentKind::Notes].into();
    let errand = Errand::Answer { provider: "own".into(), model: "m".into(), contents };
    let account =
        Account { agreed_model: remembered.then(|| "m".into()), model: "m".into(), ..Account::default() };
    let departure = Departure::post(errand, address, b"{}".to_vec(), "Example", "A test asks.").unwrap();
    let departure = departure.costing(ceiling.map(NanoUsd)).on_account(account);
    let consent = Consent {
        origin: departure.origin().clone(),
        provider: "own".into(),
        model: "m".into(),
        contents: [ContentKind::Messages, ContentKind::Notes].into(),
    };
    decide(departure, &Rules { cloud: true, ..Rules::default() }, Some(&consent)).unwrap()
}

#[tokio::test]
async fn an_answer_stays_within_the_limit_that_holds_when_it_is_written_down() {
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let (door, journal) = remembering();
    let gone = |spent| Budget { limit: Some(NanoUsd(100)), spent: NanoUsd(spent) };
    for (budget, ceiling, may) in [
        (Budget::default(), None, true),
        (gone(0), None, false),
        (gone(0), Some(100), true),
        (gone(1), Some(100), false),
        (gone(u64::MAX), Some(100), false),
        (gone(u64::MAX), Some(u64::MAX), false),
        (gone(100), Some(0), true),
    ] {
        *journal.budget.lock().unwrap() = budget;
        let before = server.connections();
        let sent = door.send(answer(&server.at("/"), ceiling, false), Headers::new()).await;
        assert_eq!((sent.is_ok(), server.connections() > before), (may, may), "{budget:?} {ceiling:?}");
        if let Err(failure) = sent {
            assert!(failure.nothing_was_sent() && failure.to_string().contains("Nothing was sent"));
        }
    }
}

#[tokio::test]
async fn what_was_taken_back_meanwhile_is_no_agreement() {
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let (door, journal) = remembering();
    for (agreed, remembered, may) in [
        (None, false, true),
        (None, true, false),
        (Some([ContentKind::Messages].into()), true, false),
        (Some([ContentKind::Messages, ContentKind::Notes, ContentKind::Pictures].into()), true, true),
    ] {
        *journal.agreed.lock().unwrap() = agreed.clone();
        let sent = door.send(answer(&server.at("/"), None, remembered), Headers::new()).await;
        assert_eq!(sent.is_ok(), may, "{agreed:?} {remembered}");
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_journal_that_asks_nobody_lets_nothing_out() {
    struct Thoughtless;
    impl Journal for Thoughtless {
        fn opening(
            &self,
            _: &Entry,
            _: Option<&Charge>,
            _: &mut dyn FnMut(&Standing) -> bool,
        ) -> Result<EntryId, JournalError> {
            Ok(EntryId(1))
        }
        fn closed(&self, _: EntryId, _: Outcome) {}
    }
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let refused = door(Arc::new(Thoughtless)).unwrap().send(get(&server.at("/")), Headers::new()).await;
    assert!(matches!(refused.err(), Some(Failure::NotWrittenDown(_))));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_sent() {
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let door = door(Arc::new(Full)).unwrap();
    let refused = door.send(get(&server.at("/")), Headers::new()).await.err().unwrap();
    assert!(matches!(refused, Failure::NotWrittenDown(_)));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn the_entry_stands_before_the_first_connection() {
    /// Looks, while it is written to, whether anybody has connected yet.
    struct Watching {
        connections: Arc<AtomicUsize>,
        seen: AtomicUsize,
    }
    impl Journal for Watching {
        fn opening(
            &self,
            _: &Entry,
            _: Option<&Charge>,
            allows: &mut dyn FnMut(&Standing) -> bool,
        ) -> Result<EntryId, JournalError> {
            let promises = Promises { offline_lock: false, cloud: false, ..Promises::closed() };
            assert!(allows(&Standing { promises, budget: Budget::default(), agreed: None }));
            // Time enough for a connection that should not be there.
            std::thread::sleep(Duration::from_millis(50));
            self.seen.store(self.connections.load(Ordering::SeqCst), Ordering::SeqCst);
            Ok(EntryId(1))
        }
        fn closed(&self, _: EntryId, _: Outcome) {}
    }
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let journal = Arc::new(Watching { connections: server.counter(), seen: AtomicUsize::new(usize::MAX) });
    door(journal.clone()).unwrap().send(get(&server.at("/")), Headers::new()).await.unwrap();
    assert_eq!(journal.seen.load(Ordering::SeqCst), 0);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_keys_stay_with_the_first_server() {
    let second = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhere");
    let to = second.at("/there");
    let first = Server::answering(format!(
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: {to}\r\ncontent-length: 3\r\n\r\nbye"
    ));
    let (door, journal) = remembering();
    let headers = Headers::new().secret("x-api-key", Secret::new("sk-private".into()));
    let response = door.send(get(&first.at("/here")), headers).await.unwrap();
    let next = response.redirect().unwrap().unwrap();
    drop(response);
    assert_eq!(second.connections(), 0);

    let permit = decide(next, &Rules::default(), None).unwrap();
    let there = door.send(permit, Headers::new()).await.unwrap();
    assert!(there.redirect().is_none());
    assert_eq!(there.text(10).await.unwrap(), "here");
    let request = second.requests().remove(0);
    assert!(request.starts_with("GET /there HTTP/1.1\r\n"));
    for kept in ["private", "x-api-key", "referer", "cookie"] {
        assert!(!head(&request).contains(kept), "{request}");
    }
    let origins: Vec<String> = journal.entries().into_iter().map(|(entry, _)| entry.origin).collect();
    assert_eq!(origins, [first.address.clone(), second.address.clone()]);
    assert!(journal.entries().iter().all(|(_, outcome)| outcome.unwrap().ending == Ending::Complete));
}

#[tokio::test]
async fn each_departure_has_a_connection_of_its_own_that_does_not_stay_open() {
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    let (door, _) = remembering();
    for _ in 0..2 {
        door.send(get(&server.at("/")), Headers::new()).await.unwrap().text(10).await.unwrap();
        server.all_closed().await;
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_server_that_is_not_there_got_nothing() {
    let server = Server::answering(b"");
    let address = server.at("/");
    drop(server);
    let (door, journal) = remembering();
    let departure =
        Departure::post(Errand::ModelDetails, &address, vec![0; 9], "Example", "A test asks.").unwrap();
    let failure =
        door.send(decide(departure, &Rules::default(), None).unwrap(), Headers::new()).await.err().unwrap();
    assert!(matches!(&failure, Failure::Unreachable { host, .. } if host == "127.0.0.1"), "{failure:?}");
    assert!(failure.nothing_was_sent());
    let outcome = journal.entries()[0].1.unwrap();
    assert_eq!((outcome.bytes_out, outcome.status, outcome.ending), (0, None, Ending::Failed));
}

#[tokio::test]
async fn a_header_that_cannot_be_written_stops_everything() {
    let server = Server::answering(b"");
    let (door, journal) = remembering();
    let headers = Headers::new().bearer(Secret::new("two\nlines".into()));
    let failure = door.send(get(&server.at("/")), headers).await.err().unwrap();
    assert!(matches!(failure, Failure::BadHeader));
    assert_eq!((server.connections(), journal.entries().len()), (0, 0));
}

#[tokio::test]
async fn a_proxy_carries_what_goes_out_into_the_world_and_nothing_else() {
    let proxy = Server::answering(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    let options = DoorOptions::new(Arc::new(Remembered::default()), Lock::new(false), Arc::new(|| 0));
    let door = Door::new(DoorOptions { proxy: Proxy::At(proxy.address.clone()), ..options }).unwrap();
    assert_eq!(door.send(get(&server.at("/")), Headers::new()).await.unwrap().text(10).await.unwrap(), "ok");
    assert_eq!(proxy.connections(), 0);

    assert!(door.send(get("https://models.example/"), Headers::new()).await.is_err());
    assert!(proxy.requests()[0].starts_with("CONNECT models.example:443 HTTP/1.1\r\n"));
}

/// The environment belongs to the whole process, so the doors are opened in a process of their own.
#[tokio::test]
#[allow(clippy::disallowed_methods)] // this very test, once more
async fn a_proxy_in_the_environment_is_not_used_for_this_device() {
    const TARGET: &str = "SOTTO_TEST_TARGET";
    let system = || {
        let options = DoorOptions::new(Arc::new(Remembered::default()), Lock::new(false), Arc::new(|| 0));
        Door::new(options).unwrap()
    };
    if let Ok(target) = std::env::var(TARGET) {
        assert_eq!(system().send(get(&target), Headers::new()).await.unwrap().text(10).await.unwrap(), "ok");
        assert!(system().send(get("https://models.example/"), Headers::new()).await.is_err());
        return;
    }
    let proxy = Server::answering(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    let mut again = tokio::process::Command::new(std::env::current_exe().unwrap());
    again
        .args(["--exact", "door::tests::a_proxy_in_the_environment_is_not_used_for_this_device"])
        .env(TARGET, server.at("/"))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        again.env(name, proxy.address.clone());
    }
    let output = again.output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(server.connections(), 1);
    let requests = proxy.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert!(requests[0].starts_with("CONNECT models.example:443 "));
}

#[test]
fn a_proxy_that_is_no_address_is_said_at_once() {
    for nonsense in [
        "http://",
        "nonsense",
        "none",
        "ftp://a.example",
        "http://a.example/path",
        "a b:80",
        "a.example:99999",
    ] {
        let options = DoorOptions::new(Arc::new(Remembered::default()), Lock::new(false), Arc::new(|| 0));
        let door = Door::new(DoorOptions { proxy: Proxy::At(nonsense.into()), ..options });
        assert!(matches!(door.err(), Some(Failure::BadProxy)), "{nonsense}");
    }
    for proxy in
        ["http://proxy.example:3128", "127.0.0.1:3128", "socks5h://[::1]:1080", "http://a:b@proxy.example"]
    {
        let options = DoorOptions::new(Arc::new(Remembered::default()), Lock::new(false), Arc::new(|| 0));
        assert!(Door::new(DoorOptions { proxy: Proxy::At(proxy.into()), ..options }).is_ok(), "{proxy}");
    }
}
