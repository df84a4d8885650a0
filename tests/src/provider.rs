//! A provider of our own: over TLS, by an authority that nobody else believes. It lists one model,
//! and answers every question piece by piece. As a proxy it stands where `OpenRouter` would, which
//! names prices.

#![allow(clippy::disallowed_types)] // a test may speak to itself

// Whatever fails here fails the test that uses it.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc)]

use std::io::{BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;

use crate::http::question;

/// Its only model.
pub const MODEL: &str = "large";
/// How its answer begins.
pub const FIRST_PIECE: &str = "From afar";
/// How it goes on.
pub const SECOND_PIECE: &str = "with greetings.";

/// How an answer ends that says what was used.
const END: &str = concat!(
    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5}}\n\n",
    "data: [DONE]\n\n",
);

/// A provider.
pub struct Provider {
    /// Where it is.
    pub origin: String,
    /// The same as a proxy, on the way to everybody it has a certificate for.
    pub proxy: String,
    /// The certificate of its authority, in PEM.
    pub authority: String,
    said: Arc<Mutex<Vec<String>>>,
    go_on: mpsc::Sender<()>,
}

/// Says one more piece of an answer.
pub type Say<'a> = &'a mut dyn FnMut(&str) -> std::io::Result<()>;

impl Provider {
    /// It answers in two pieces, and waits in between.
    pub fn open() -> Self {
        let (go_on, told) = mpsc::channel();
        let told = Mutex::new(told);
        let provider = Self::answering(move |say| {
            say(&format!("{FIRST_PIECE} "))?;
            // Where nobody is left to tell, the test is over.
            let _ = told.lock().unwrap().recv();
            say(SECOND_PIECE)
        });
        Self { go_on, ..provider }
    }

    /// Whatever it is asked, this is its answer, and what it took.
    pub fn answering(answer: impl Fn(Say<'_>) -> std::io::Result<()> + Send + Sync + 'static) -> Self {
        Self::ending(END, answer)
    }

    /// Whatever it is asked, this is its answer, and this the end of it, as it is on the wire.
    pub fn ending(
        end: &'static str,
        answer: impl Fn(Say<'_>) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let (config, authority) = identity();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (origin, proxy) = (format!("https://localhost:{port}"), format!("http://127.0.0.1:{port}"));
        let said = Arc::new(Mutex::new(Vec::new()));
        let (kept, config, answer) = (said.clone(), Arc::new(config), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, config, answer) = (kept.clone(), config.clone(), answer.clone());
                // Whoever does not believe us hangs up: then there is nothing to answer.
                thread::spawn(move || serve(stream, config, &kept, &*answer, end));
            }
        });
        Self { origin, proxy, authority, said, go_on: mpsc::channel().0 }
    }

    /// All that it was ever sent.
    pub fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    /// How many of those were questions.
    pub fn questions(&self) -> usize {
        self.said().iter().filter(|said| said.starts_with("POST")).count()
    }

    /// The next answer, or the one that waits, may have its second piece.
    pub fn go_on(&self) {
        self.go_on.send(()).unwrap();
    }
}

/// A certificate for this machine, and that of the authority behind it.
fn identity() -> (ServerConfig, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".into(), "openrouter.ai".into()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    (config, authority.pem())
}

/// One question, one answer.
fn serve(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    said: &Mutex<Vec<String>>,
    answer: &impl Fn(Say<'_>) -> std::io::Result<()>,
    end: &str,
) -> std::io::Result<()> {
    let mut stream = stream;
    let mut first = [0];
    if stream.peek(&mut first)? == 1 && first == *b"C" {
        tunnel(&mut stream)?;
    }
    let connection = ServerConnection::new(config).unwrap();
    let mut reader = BufReader::new(StreamOwned::new(connection, stream));
    let Some((head, body)) = question(&mut reader)? else { return Ok(()) };
    let lists = head.starts_with("GET");
    said.lock().unwrap().push(head + &String::from_utf8_lossy(&body));

    let mut stream = reader.into_inner();
    if lists {
        let pricing = json!({ "prompt": "0.000001", "completion": "0.000002" });
        let models = json!({ "data": [{ "id": MODEL, "pricing": pricing }] });
        write!(stream, "{}{models}", begin("application/json"))?;
    } else {
        write!(stream, "{}", begin("text/event-stream"))?;
        answer(&mut |words| {
            write!(stream, "data: {}\n\n", json!({ "choices": [{ "delta": { "content": words } }] }))?;
            stream.flush()
        })?;
        write!(stream, "{end}")?;
    }
    stream.conn.send_close_notify();
    stream.flush()
}

/// Lets a connection through to ourselves, as a proxy does.
fn tunnel(stream: &mut TcpStream) -> std::io::Result<()> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")
}

fn begin(kind: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\n\r\n")
}
