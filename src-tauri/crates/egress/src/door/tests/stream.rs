//! What happens while a body comes.

use futures_util::StreamExt;

use sotto_stage::Do;

use super::*;
use crate::Body;

const BEGUN: &[u8] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n";

async fn begun(door: &Door, server: &Server) -> Body {
    let mut body = door.send(get(&server.at("/")), Headers::new()).await.unwrap().body();
    assert_eq!(body.next().await.unwrap().unwrap(), "first");
    body
}

fn ending(journal: &Remembered) -> Option<Ending> {
    journal.entries()[0].1.map(|outcome| outcome.ending)
}

/// Waits until the server has the request, and says nothing yet.
async fn heard(server: &Server) {
    while server.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// What should end by itself, and would otherwise be waited for without end.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(1), what).await.expect("it does not end")
}

#[tokio::test]
async fn switching_the_lock_on_ends_a_body_under_way() {
    let server = Server::answering(BEGUN);
    let (door, journal) = remembering();
    let mut body = begun(&door, &server).await;
    assert_eq!(ending(&journal), None);
    let (next, ()) = tokio::join!(soon(body.next()), async {
        tokio::task::yield_now().await;
        door.lock().set(true);
        // Off again at once: what was cut off stays so.
        door.lock().set(false);
    });
    assert!(matches!(next, Some(Err(Failure::Offline))));
    server.all_closed().await;
    assert!(body.next().await.is_none());
    let outcome = journal.entries()[0].1.unwrap();
    assert_eq!((outcome.ending, outcome.bytes_in), (Ending::Offline, 5));
}

#[tokio::test]
async fn switching_the_lock_on_ends_the_wait_for_an_answer() {
    let server = Server::answering(b"");
    let (door, journal) = remembering();
    let (answer, ()) = tokio::join!(soon(door.send(get(&server.at("/")), Headers::new())), async {
        heard(&server).await;
        door.lock().set(true);
    });
    assert!(matches!(answer.err(), Some(Failure::Offline)));
    server.all_closed().await;
    assert_eq!(ending(&journal), Some(Ending::Offline));
}

#[tokio::test]
async fn dropping_a_body_hangs_up_and_is_written_down_as_stopped() {
    let server = Server::answering(BEGUN);
    let (door, journal) = remembering();
    drop(begun(&door, &server).await);
    server.all_closed().await;
    assert_eq!(ending(&journal), Some(Ending::Stopped));
}

#[tokio::test]
async fn dropping_the_wait_for_an_answer_is_written_down_as_stopped() {
    let server = Server::answering(b"");
    let (door, journal) = remembering();
    tokio::select! {
        _ = door.send(get(&server.at("/")), Headers::new()) => panic!("nobody answered"),
        () = heard(&server) => {}
    }
    server.all_closed().await;
    assert_eq!(ending(&journal), Some(Ending::Stopped));
}

#[tokio::test]
async fn a_silent_server_is_left_after_the_time_that_was_said() {
    let server = Server::answering(BEGUN);
    let (door, journal) = remembering();
    let mut body = begun(&door, &server).await.idle(Duration::from_millis(20));
    let Some(Err(Failure::Silent { after, .. })) = soon(body.next()).await else { panic!("it went on") };
    assert_eq!(after, Duration::from_millis(20));
    assert!(body.next().await.is_none());
    server.all_closed().await;
    assert_eq!(ending(&journal), Some(Ending::Failed));
}

#[tokio::test]
async fn a_server_that_says_nothing_at_all_is_no_stop_of_the_users() {
    let server = Server::answering(b"");
    let (door, journal) = remembering();
    let patience = Duration::from_millis(20);
    let answer = soon(door.send_within(get(&server.at("/")), Headers::new(), patience)).await;
    assert!(matches!(answer.err(), Some(Failure::Silent { after, .. }) if after == patience));
    server.all_closed().await;
    assert_eq!(ending(&journal), Some(Ending::Failed));
}

#[tokio::test]
async fn a_body_that_drips_for_ever_ends_when_the_whole_of_it_is_late() {
    let drips = Do::Repeat("1\r\nx\r\n".into(), Duration::from_millis(1));
    let begins = Do::Say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".into());
    let server = Server::playing(vec![vec![begins, drips]]);
    let (door, journal) = remembering();
    let incoming = door.send(get(&server.at("/")), Headers::new()).await.unwrap();
    let whole = soon(incoming.within(Duration::from_millis(50)).bytes(usize::MAX)).await;
    assert!(matches!(whole, Err(Failure::Silent { .. })), "{whole:?}");
    server.all_closed().await;
    assert_eq!(ending(&journal), Some(Ending::Failed));
}

#[tokio::test]
async fn a_refusal_that_nobody_reads_to_its_end_was_not_stopped() {
    for status in ["302 Found", "404 Not Found", "500 Oh"] {
        let head = format!("HTTP/1.1 {status}\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n");
        let server = Server::answering(head);
        let (door, journal) = remembering();
        drop(door.send(get(&server.at("/")), Headers::new()).await.unwrap());
        server.all_closed().await;
        assert_eq!(ending(&journal), Some(Ending::Complete), "{status}");
    }
}

#[tokio::test]
async fn a_body_without_an_end_is_cut_off_at_the_cap() {
    let chunks = Do::Repeat(format!("400\r\n{}\r\n", "x".repeat(0x400)), Duration::ZERO);
    let begins = Do::Say("HTTP/1.1 500 Oh\r\ntransfer-encoding: chunked\r\n\r\n".into());
    let server = Server::playing(vec![vec![begins, chunks]]);
    let (door, journal) = remembering();
    let response = door.send(get(&server.at("/")), Headers::new()).await.unwrap();
    assert!(matches!(response.text(64 * 1024).await, Err(Failure::TooMuch { cap: 65_536, .. })));
    server.all_closed().await;
    assert_eq!(ending(&journal), Some(Ending::Complete));
}

#[tokio::test]
async fn a_body_of_exactly_the_cap_is_whole() {
    let server = Server::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwhole");
    let (door, _) = remembering();
    let response = door.send(get(&server.at("/")), Headers::new()).await.unwrap();
    assert_eq!(response.text(5).await.unwrap(), "whole");
    let response = door.send(get(&server.at("/")), Headers::new()).await.unwrap();
    assert!(matches!(response.text(4).await, Err(Failure::TooMuch { .. })));
}

#[tokio::test]
async fn a_connection_that_breaks_is_one_error_and_then_the_end() {
    let begins = Do::Say("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfirst".into());
    let server = Server::playing(vec![vec![begins]]);
    let (door, journal) = remembering();
    let mut body = begun(&door, &server).await;
    let Some(Err(broken)) = body.next().await else { panic!("it went on") };
    assert!(matches!(broken, Failure::Broken { .. }), "{broken:?}");
    assert!(!broken.nothing_was_sent());
    assert!(body.next().await.is_none());
    assert_eq!(ending(&journal), Some(Ending::Failed));
}

#[tokio::test]
async fn a_server_that_hangs_up_unanswered_may_have_read_it() {
    let server = Server::playing(vec![vec![]]);
    let (door, journal) = remembering();
    let failure = door.send(get(&server.at("/")), Headers::new()).await.err().unwrap();
    assert!(matches!(failure, Failure::Broken { .. }), "{failure:?}");
    assert_eq!(server.connections(), 1, "and it is not tried again behind our back");
    assert_eq!(ending(&journal), Some(Ending::Failed));
}
