//! The lock, and the cloud's switch, thrown in one process while another is under way: it ends
//! there, and opens no connection afterwards.

use std::{
    path::Path,
    process::{Child, Output},
};

use sotto_stage::{
    Crowd, Line, Server,
    provider::listing,
    wire::{says, status, stream},
};
use tempfile::TempDir;

use super::{ok, sotto, text};

const QUESTION: [&str; 7] = ["ask", "Hello", "--provider", "own", "--model", "large", "--consent"];

/// A home whose own server is this one.
fn home(server: &Server) -> TempDir {
    let home = TempDir::new().unwrap();
    ok(home.path(), &["cloud", "on"]);
    ok(home.path(), &["cloud", "set", "own", "--place", &server.at("/v1")]);
    home
}

fn begin(home: &Path, words: &[&str]) -> Child {
    sotto(home, words).spawn().unwrap()
}

/// The other process switches it while this one is held by the server, which would wait for ever:
/// that it ends is the switch's doing alone.
fn ends(server: &Server, home: &Path, child: Child, switch: &[&str]) -> Output {
    let before = server.connections();
    ok(home, switch);
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success(), "{switch:?}: {}", text(&output.stdout));
    assert_eq!(server.connections(), before, "{switch:?}: no connection afterwards");
    output
}

const LOCK: [&str; 2] = ["lock", "on"];
const CLOUD: [&str; 2] = ["cloud", "off"];

#[test]
fn an_answer_that_streams_is_cut() {
    for (switch, said) in [(LOCK, "offline lock was switched on"), (CLOUD, "cloud was switched off")] {
        let server = Server::open(listing(|line| {
            line.send(stream(&says("From afar")))?;
            line.hold()
        }));
        let home = home(&server);
        let child = begin(home.path(), &QUESTION);
        server.hear("held");
        let output = ends(&server, home.path(), child, &switch);
        server.hear("gone");
        assert!(text(&output.stdout).contains("From afar"), "what had arrived is kept");
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    }
}

#[test]
fn an_answer_of_which_nothing_came_yet_is_cut() {
    for switch in [LOCK, CLOUD] {
        let server = Server::open(listing(Line::hold));
        let home = home(&server);
        let child = begin(home.path(), &QUESTION);
        server.hear("held");
        ends(&server, home.path(), child, &switch);
        server.hear("gone");
    }
}

#[test]
fn a_pause_that_a_server_asked_for_ends_and_nothing_is_sent_after_it() {
    for (switch, said) in [(LOCK, "offline lock was switched on"), (CLOUD, "cloud was switched off")] {
        let server = Server::open(listing(|line| {
            line.send(status("429 Too Many Requests", "retry-after: 20\r\n", ""))?;
            line.tell("asked to wait");
            Ok(())
        }));
        let home = home(&server);
        let child = begin(home.path(), &QUESTION);
        server.hear("asked to wait");
        let output = ends(&server, home.path(), child, &switch);
        // Refused only after the pause, it would say that nothing was sent.
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
    }
}

#[test]
fn a_list_of_models_is_cut() {
    for switch in [LOCK, CLOUD] {
        let server = Server::open(|_, line| line.hold());
        let home = home(&server);
        let child = begin(home.path(), &["cloud", "models", "own"]);
        server.hear("held");
        ends(&server, home.path(), child, &switch);
        server.hear("gone");
    }
}

#[test]
fn a_download_is_cut_by_the_lock_and_left_alone_by_the_clouds_switch() {
    let server = Server::open(|request, line| {
        if request.path().starts_with("/api/models/") {
            let (sha, digest) = ("0".repeat(40), "a".repeat(64));
            let file = format!(r#"{{"rfilename":"tiny.gguf","lfs":{{"sha256":"{digest}","size":1000000}}}}"#);
            line.head("application/json", "")?;
            return line.send(format!(r#"{{"sha":"{sha}","siblings":[{file}]}}"#));
        }
        line.head("application/octet-stream", "content-length: 1000000\r\n")?;
        line.send("GGUF")?;
        line.hold()
    });
    let home = TempDir::new().unwrap();
    let get = ["models", "get", "poets/tiny:tiny.gguf", "--endpoint", &server.address];
    let child = begin(home.path(), &get);
    server.hear("held");
    ok(home.path(), &CLOUD);
    let output = ends(&server, home.path(), child, &LOCK);
    server.hear("gone");
    assert!(text(&output.stderr).contains("offline lock was switched on"), "{}", text(&output.stderr));
}

/// What opens a connection by itself, to `place`.
const OPENERS: usize = 3;

fn opener(number: usize, place: &str) -> (TempDir, Child) {
    let home = TempDir::new().unwrap();
    ok(home.path(), &["cloud", "on"]);
    ok(home.path(), &["cloud", "set", "own", "--place", &format!("{place}/v1")]);
    let get = ["models", "get", "poets/tiny:tiny.gguf", "--endpoint", place];
    let words: [&[&str]; OPENERS] = [&QUESTION, &["cloud", "models", "own"], &get];
    let child = begin(home.path(), words[number]);
    (home, child)
}

/// The lock ends it, and nothing else: it would have been tried for long.
fn is_cut(home: &Path, child: Child) {
    ok(home, &LOCK);
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success(), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("offline lock"), "{}", text(&output.stderr));
}

#[test]
fn a_connection_that_is_never_encrypted_is_cut() {
    for number in 0..OPENERS {
        let server = Server::mute();
        let (home, child) = opener(number, &server.address.replace("http:", "https:"));
        server.hear("held");
        is_cut(home.path(), child);
        server.hear("gone");
    }
}

#[test]
fn a_connection_that_nobody_takes_is_cut() {
    let crowd = Crowd::here();
    let place = format!("http://{}", crowd.address());
    for number in 0..OPENERS {
        let (home, child) = opener(number, &place);
        // What is written down is on its way.
        while ok(home.path(), &["journal"]).is_empty() {}
        is_cut(home.path(), child);
    }
}

#[test]
fn the_prices_before_a_question_are_cut_and_the_question_stays() {
    for switch in [LOCK, CLOUD] {
        let server = Server::open(|request, line| {
            if request.method() == "POST" {
                line.tell("asked");
            }
            line.hold()
        });
        let home = home(&server);
        let child = begin(home.path(), &QUESTION);
        server.hear("held");
        ok(home.path(), &switch);
        let before = server.connections();
        let output = child.wait_with_output().unwrap();
        assert!(!output.status.success(), "{switch:?}: {}", text(&output.stdout));
        server.hear("gone");
        assert_eq!(server.connections(), before, "{switch:?}: no connection afterwards");
    }
}

#[test]
fn a_download_that_waits_to_try_again_ends_with_the_lock() {
    let server = Server::open(|_, line| {
        line.send(status("429 Too Many Requests", "retry-after: 500\r\n", ""))?;
        line.tell("asked to wait");
        Ok(())
    });
    let home = TempDir::new().unwrap();
    let get = ["models", "get", "poets/tiny:tiny.gguf", "--endpoint", &server.address];
    let child = begin(home.path(), &get);
    server.hear("asked to wait");
    let output = ends(&server, home.path(), child, &LOCK);
    assert!(text(&output.stderr).contains("offline lock was switched on"), "{}", text(&output.stderr));
}
