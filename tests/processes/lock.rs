//! The lock, and the cloud's switch, thrown in one process while another is under way: it ends
//! there, and opens no connection afterwards.

use std::{
    path::Path,
    process::{Child, Output},
};

use tempfile::TempDir;

use super::{
    ok,
    server::{Line, Server},
    sotto, text,
};

const QUESTION: [&str; 7] = ["ask", "Hello", "--provider", "own", "--model", "large", "--consent"];
const MODELS: &str = r#"{"data":[{"id":"large"}]}"#;

/// A home whose own server is this one.
fn home(server: &Server) -> TempDir {
    let home = TempDir::new().unwrap();
    ok(home.path(), &["cloud", "on"]);
    ok(home.path(), &["cloud", "set", "own", "--place", &format!("{}/v1", server.address)]);
    home
}

/// Lists a model; what answers a question is `answer`.
fn provider(answer: impl Fn(&mut Line) -> std::io::Result<()> + Send + Sync + 'static) -> Server {
    Server::open(move |request, line| {
        if request.starts_with("GET") {
            line.head("application/json", "")?;
            return line.send(MODELS);
        }
        answer(line)
    })
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
        let server = provider(|line| {
            line.head("text/event-stream", "")?;
            line.send("data: {\"choices\":[{\"delta\":{\"content\":\"From afar\"}}]}\n\n")?;
            line.hold()
        });
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
        let server = provider(Line::hold);
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
        let server = provider(|line| {
            line.send("HTTP/1.1 429 Too Many Requests\r\nretry-after: 20\r\nconnection: close\r\n\r\n")?;
            line.tell("asked to wait");
            Ok(())
        });
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
        if request.contains("/api/models/") {
            let (sha, digest) = ("0".repeat(40), "a".repeat(64));
            let file = format!(r#"{{"rfilename":"tiny.gguf","lfs":{{"sha256":"{digest}","size":1000000}}}}"#);
            line.head("application/json", "")?;
            return line.send(&format!(r#"{{"sha":"{sha}","siblings":[{file}]}}"#));
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

#[test]
fn a_download_that_waits_to_try_again_ends_with_the_lock() {
    let server = Server::open(|_, line| {
        line.send("HTTP/1.1 429 Too Many Requests\r\nretry-after: 500\r\nconnection: close\r\n\r\n")?;
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
