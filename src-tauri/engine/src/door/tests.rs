use std::net::TcpListener;

use super::*;

#[test]
fn a_door_that_opens_means_an_open_network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let door = listener.local_addr().unwrap().to_string();
    assert_eq!(attempt(&door), Some(Network::Open));
    drop(listener);
    assert_eq!(attempt(&door), Some(Network::Barred));
}

#[test]
fn what_is_no_door_is_not_tried() {
    for door in ["", "localhost", "127.0.0.1", "example.org:80"] {
        assert_eq!(attempt(door), None, "{door}");
    }
}
