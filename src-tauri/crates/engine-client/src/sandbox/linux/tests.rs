//! The bar is tried with a real program of the system: what it could do before, it cannot
//! do behind it. (tests/escape.rs tries far more, with a program that is out to.)

#![allow(clippy::disallowed_types)] // a test may speak to itself
#![allow(clippy::disallowed_methods)] // tests start processes

use std::{
    fs,
    net::{TcpListener, UdpSocket},
    process::Stdio,
    time::Duration,
};

use tempfile::TempDir;
use tokio::process::Command;

use super::*;
use crate::{EngineOptions, Plan, Timeouts, plan::Choice};

/// Runs `script` in bash behind the bar, or without it; its exit code.
async fn run_with(script: &str, reach: Option<&Reach>) -> i32 {
    let mut command = Command::new("/bin/bash");
    command.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(reach) = reach {
        bar(&mut command, reach).unwrap();
    }
    command.status().await.unwrap().code().unwrap_or(-1)
}

async fn run(script: &str, barred: bool) -> i32 {
    run_with(script, barred.then_some(&Reach::default())).await
}

#[tokio::test]
async fn tcp_works_without_the_bar_and_is_refused_behind_it() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let script = format!("exec 3<>/dev/tcp/127.0.0.1/{}", listener.local_addr().unwrap().port());
    assert_eq!(run(&script, false).await, 0, "the listener can be reached at all");
    assert_ne!(run(&script, true).await, 0);
    let graphics = Reach { graphics: true, ..Reach::default() };
    assert_ne!(run_with(&script, Some(&graphics)).await, 0, "nor where there is a graphics card");
}

#[tokio::test]
async fn udp_works_without_the_bar_and_is_refused_behind_it() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let script = format!("echo secret >/dev/udp/127.0.0.1/{}", socket.local_addr().unwrap().port());
    let mut heard = [0; 16];
    assert_eq!(run(&script, false).await, 0);
    assert_eq!(socket.recv(&mut heard).unwrap(), 7, "the socket can be reached at all");
    assert_ne!(run(&script, true).await, 0);
    assert!(socket.recv(&mut heard).is_err(), "not one datagram leaves");
}

#[tokio::test]
async fn an_open_socket_of_ours_is_not_inherited() {
    use std::os::fd::AsRawFd;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let connection = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let copy = connection.as_raw_fd() + 50;
    // SAFETY: duplicates a descriptor that is open here to a number that is free;
    // the copy lacks close-on-exec, as a careless library's would.
    assert_eq!(unsafe { libc::dup2(connection.as_raw_fd(), copy) }, copy);
    let script = format!("test -e /proc/self/fd/{copy}");
    assert_eq!(run(&script, false).await, 0, "it would be inherited");
    assert_ne!(run(&script, true).await, 0);
}

#[tokio::test]
async fn the_kernel_confirms_the_filter() {
    let script = "while read -r key value; do case $key$value in Seccomp:2|NoNewPrivs:1) ((n++));; esac; \
                  done < /proc/self/status; ((n == 2))";
    assert_ne!(run(script, false).await, 0);
    assert_eq!(run(script, true).await, 0);
}

#[tokio::test]
async fn only_what_is_within_reach_can_be_read_or_written() {
    let folder = TempDir::new().unwrap();
    let place = |name: &str| folder.path().join(name);
    for name in ["model", "own"] {
        fs::create_dir(place(name)).unwrap();
    }
    for name in ["model/a.gguf", "model/diary.txt", "secret"] {
        fs::write(place(name), "words\n").unwrap();
    }
    let reach = Reach {
        files: vec![place("model/a.gguf")],
        listed: vec![place("model")],
        written: vec![place("own")],
        ..Reach::default()
    };
    let top = folder.path().display();
    for script in [format!("read -r w < {top}/model/a.gguf"), format!("echo x > {top}/own/new")] {
        assert_eq!(run_with(&script, Some(&reach)).await, 0, "{script}");
    }
    for script in [
        format!("read -r w < {top}/model/diary.txt"),
        format!("read -r w < {top}/secret"),
        format!("echo x > {top}/model/a.gguf"),
        format!("echo x > {top}/model/new"),
        "read -r w < /proc/$PPID/status".into(),
        "exec /bin/true".into(),
        "kill -0 $PPID".into(),
        "(exit 0)".into(), // another process
    ] {
        assert_eq!(run_with(&script, None).await, 0, "it can be done at all: {script}");
        if script.contains("model/") {
            fs::write(place("model/a.gguf"), "words\n").unwrap();
            let _ = fs::remove_file(place("model/new"));
        }
        assert_ne!(run_with(&script, Some(&reach)).await, 0, "{script}");
    }
}

/// The hub's cache keeps files by their hashes, and a folder of links to them for each model; a
/// model may come in several parts.
#[tokio::test]
async fn parts_and_what_links_lead_to_can_be_read() {
    let folder = TempDir::new().unwrap();
    let place = |name: &str| folder.path().join(name);
    fs::create_dir_all(place("snapshot")).unwrap();
    for (blob, named) in
        [("0a", "m-00001-of-00002.gguf"), ("0b", "m-00002-of-00002.gguf"), ("0c", "config.json")]
    {
        fs::write(place(blob), "words\n").unwrap();
        std::os::unix::fs::symlink(format!("../{blob}"), place("snapshot").join(named)).unwrap();
    }
    fs::write(place("0d"), "words\n").unwrap();
    let choice = Choice { path: place("snapshot/m-00001-of-00002.gguf"), plan: Plan::default() };
    let options = EngineOptions {
        program: "/bin/bash".into(),
        scratch: place("own"),
        pictures: place("pictures"),
        timeouts: Timeouts::default(),
    };
    let reach = Reach::of_engine(&options, &choice);
    let top = folder.path().display();
    for name in ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf", "config.json"] {
        assert_eq!(run_with(&format!("read -r w < {top}/snapshot/{name}"), Some(&reach)).await, 0, "{name}");
    }
    assert_ne!(run_with(&format!("read -r w < {top}/0d"), Some(&reach)).await, 0, "another model's file");
}

#[test]
fn what_starts_a_script_is_found_down_to_the_loader() {
    let folder = TempDir::new().unwrap();
    let script = folder.path().join("script");
    fs::write(&script, "#! /bin/bash -e\n").unwrap();
    let files = program::started_with(&script);
    assert_eq!(files[..2], [script, "/bin/bash".into()]);
    assert!(files[2].to_string_lossy().contains("ld"), "{files:?}");
    assert_eq!(files.len(), 3);
}
