//! Whom the door believes.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::server::heard;
use super::*;

/// A server on this device with a certificate of an authority of its own, and that
/// authority's certificate in PEM.
async fn server() -> (String, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".into()]).unwrap().signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                while heard(&mut stream).await.is_some() {
                    _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nhidden").await;
                }
            });
        }
    });
    (format!("https://localhost:{port}/"), authority.pem())
}

fn believing(extra_ca: Option<PathBuf>) -> Result<Door, Failure> {
    let options = DoorOptions::new(Arc::new(Remembered::default()), Lock::new(false), Arc::new(|| 0));
    Door::new(DoorOptions { extra_ca, ..options })
}

#[tokio::test]
async fn an_unknown_authority_is_not_believed_until_its_certificate_is_added() {
    let (address, pem) = server().await;
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
    let (address, pem) = server().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let door = believing(Some(file.path().into())).unwrap();
    let other = address.replace("localhost", "127.0.0.1");
    let failure = door.send(get(&other), Headers::new()).await.err();
    assert!(matches!(failure, Some(Failure::Untrusted { .. })), "{failure:?}");
}

#[tokio::test]
async fn a_server_that_never_finishes_greeting_got_nothing() {
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}/", mute.local_addr().unwrap());
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
