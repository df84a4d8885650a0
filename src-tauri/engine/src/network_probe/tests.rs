use std::{io::Read, net::TcpListener};

use super::*;

#[test]
fn a_door_that_opens_means_an_open_network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let door = listener.local_addr().unwrap().to_string();
    assert_eq!(attempt(&door, "n"), Some(Network::Open));
    let mut said = String::new();
    listener.accept().unwrap().0.read_to_string(&mut said).unwrap();
    assert_eq!(said, "n", "the app knows by it who came");
    drop(listener);
    assert_eq!(attempt(&door, "n"), Some(Network::Barred));
}

#[test]
fn what_is_no_door_is_not_tried() {
    for door in ["", "localhost", "127.0.0.1", "example.org:80"] {
        assert_eq!(attempt(door, "n"), None, "{door}");
    }
}
