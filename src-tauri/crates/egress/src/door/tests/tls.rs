//! Whom the door believes.

use super::*;

/// A server on this device with a certificate of an authority of its own, and that
/// authority's certificate in PEM.
fn server() -> (Server, String, String) {
    let (server, authority) =
        Server::secure(|_, line| line.send("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nhidden"));
    let address = server.at("/").replace("http://127.0.0.1", "https://localhost");
    (server, address, authority)
}

fn believing(extra_ca: Option<PathBuf>) -> Result<Door, Failure> {
    let options = DoorOptions::new(Arc::new(Remembered::default()), Lock::new(false), Arc::new(|| 0));
    Door::new(DoorOptions { extra_ca, ..options })
}

#[tokio::test]
async fn an_unknown_authority_is_not_believed_until_its_certificate_is_added() {
    let (_server, address, pem) = server();
    let failure = believing(None).unwrap().send(get(&address), Headers::new()).await.err().unwrap();
    assert!(matches!(failure, Failure::Untrusted { .. }), "{failure:?}");
    assert!(failure.nothing_was_sent());

    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let door = believing(Some(file.path().into())).unwrap();
    assert_eq!(door.send(get(&address), Headers::new()).await.unwrap().text(10).await.unwrap(), "hidden");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_believed() {
    let (_server, address, pem) = server();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let door = believing(Some(file.path().into())).unwrap();
    let other = address.replace("localhost", "127.0.0.1");
    let failure = door.send(get(&other), Headers::new()).await.err();
    assert!(matches!(failure, Some(Failure::Untrusted { .. })), "{failure:?}");
}

#[tokio::test]
async fn a_server_that_never_finishes_greeting_got_nothing() {
    let mute = Server::mute();
    let address = mute.at("/").replace("http:", "https:");
    let options = DoorOptions::new(Arc::new(Remembered::default()), Lock::new(false), Arc::new(|| 0));
    let door = Door::new(DoorOptions { connect_timeout: Duration::from_millis(50), ..options }).unwrap();
    let failure = door.send(get(&address), Headers::new()).await.err().unwrap();
    assert!(matches!(failure, Failure::Unreachable { .. }), "{failure:?}");
}

#[test]
fn a_file_that_is_no_certificate_is_said_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let words = folder.path().join("words.pem");
    std::fs::write(&words, "Dear diary").unwrap();
    let torn = folder.path().join("torn.pem");
    std::fs::write(&torn, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    for file in [words, torn, folder.path().join("absent.pem")] {
        let said = believing(Some(file.clone())).err();
        assert!(matches!(said, Some(Failure::BadCertificate { .. })), "{}: {said:?}", file.display());
    }
}
