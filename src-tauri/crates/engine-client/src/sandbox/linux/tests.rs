//! The bar is tried with real programs of the system: what they could do before,
//! they cannot do behind it.

#![allow(clippy::disallowed_methods)] // tests start processes

use std::{
    net::{TcpListener, UdpSocket},
    process::Stdio,
    time::Duration,
};

use tokio::process::Command;

/// Runs `script` in bash behind the bar, or without it; its exit code.
async fn run(script: &str, barred: bool) -> i32 {
    let mut command = Command::new("bash");
    command.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if barred {
        super::bar(&mut command).unwrap();
    }
    command.status().await.unwrap().code().unwrap_or(-1)
}

#[tokio::test]
async fn tcp_works_without_the_bar_and_is_refused_behind_it() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let script = format!("exec 3<>/dev/tcp/127.0.0.1/{}", listener.local_addr().unwrap().port());
    assert_eq!(run(&script, false).await, 0, "the listener can be reached at all");
    assert_ne!(run(&script, true).await, 0);
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
    let script = "grep -q '^Seccomp:.*2$' /proc/self/status && grep -q '^NoNewPrivs:.*1$' /proc/self/status";
    assert_ne!(run(script, false).await, 0);
    assert_eq!(run(script, true).await, 0);
}

#[tokio::test]
async fn files_pipes_and_children_go_on_working() {
    assert_eq!(run("test \"$(echo a | cat)\" = a && ls / | grep -q tmp", true).await, 0);
}
