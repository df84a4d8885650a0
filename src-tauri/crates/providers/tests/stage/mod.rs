//! A provider that says what it is told to, on a socket of this device; and all that is
//! needed to ask it through the real door.

#![allow(clippy::disallowed_types)] // a test may speak to itself

// A test may end here and now; clippy knows that of test functions only.
#![allow(clippy::unwrap_used, clippy::expect_used, dead_code)]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::StreamExt;
use sotto_domain::{
    AnsweringError, Delta, NanoUsd, Progress, Request, Role, Rules as Must, Sampling, Secret, Turn,
};
use sotto_egress::{
    Consent, Content, Departure, Door, Permit, Refusal, Rules, decide,
    testing::{Remembered, door},
};
use sotto_providers::{
    Base, Choice, Cloud, Endpoint, Prepared, Price, Provider, Rate, Route, Tariff, Timeouts, provider,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
};
use tokio_util::sync::CancellationToken;

pub const KEY: &str = "hf_very_private";

/// What the provider does, one after another.
#[derive(Debug, Clone)]
pub enum Do {
    /// Sends this.
    Say(String),
    /// Sends this, text or not.
    Raw(Vec<u8>),
    /// Sends this, a byte at a time.
    Spell(String),
    /// Sends this again and again, with this pause between, until nobody listens.
    Repeat(String, Duration),
    /// Says nothing for this long.
    Wait(Duration),
    /// Waits until the other side has closed, and keeps the connection until then.
    Hold,
}

/// A provider that answers each connection with the next script, then closes it.
pub struct Stage {
    pub address: String,
    pub journal: Arc<Remembered>,
    pub door: Door,
    asked: Arc<Mutex<Vec<String>>>,
    left: tokio::sync::mpsc::UnboundedReceiver<()>,
}

impl Stage {
    pub async fn new(scripts: Vec<Vec<Do>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (gone, left) = tokio::sync::mpsc::unbounded_channel();
        let seen = asked.clone();
        tokio::spawn(async move {
            for script in scripts {
                let (socket, _) = listener.accept().await.unwrap();
                let (seen, gone) = (seen.clone(), gone.clone());
                tokio::spawn(async move {
                    play(socket, script, &seen).await;
                    let _ = gone.send(());
                });
            }
            // Whoever still comes is seen, and gets nothing.
            while let Ok((mut socket, _)) = listener.accept().await {
                let request = hear(&mut socket).await;
                seen.lock().unwrap().push(request);
            }
        });
        let journal = Arc::new(Remembered::default());
        Self { address, door: door(journal.clone()).unwrap(), journal, asked, left }
    }

    /// All requests so far, head and body.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Waits until the other side of a connection is done with it.
    pub async fn closed(&mut self) {
        tokio::time::timeout(Duration::from_mins(3), self.left.recv()).await.expect("nobody closed it");
    }

    /// The user's own server, here.
    pub fn endpoint(&self) -> Endpoint {
        Endpoint::at(provider("own").unwrap(), &self.address).unwrap()
    }

    /// A known provider, if it were here.
    pub fn endpoint_of(&self, id: &str) -> Endpoint {
        let base: &'static str = format!("{}/v1", self.address).leak();
        Endpoint::at(Provider { base: Base::Fixed(base), ..provider(id).unwrap() }, "").unwrap()
    }

    pub fn cloud(&self, timeouts: Timeouts) -> Cloud {
        Cloud::new(self.door.clone(), timeouts)
    }

    /// Asks with everything agreed to, and hears the answer to its end.
    pub async fn hear(&self) -> Heard {
        self.hear_with(patient()).await
    }

    pub async fn hear_with(&self, timeouts: Timeouts) -> Heard {
        hear_from(&self.cloud(timeouts), &self.endpoint()).await
    }

    /// The same from somebody else's server.
    pub async fn hear_of_theirs(&self, timeouts: Timeouts) -> Heard {
        hear_from(&self.cloud(timeouts), &self.endpoint_of("mistral")).await
    }
}

/// An address on this computer at which nobody listens, and nobody else begins to.
pub fn nobody() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = format!("http://{}", socket.local_addr().unwrap());
    (socket, address)
}

/// Waits long: a loaded machine is no reason to fail.
pub fn patient() -> Timeouts {
    let long = Duration::from_mins(1);
    Timeouts {
        content: long,
        own: long,
        tail: long,
        reply: long,
        again: Duration::from_millis(1),
        ..Timeouts::default()
    }
}

pub fn prepare(cloud: &Cloud, endpoint: &Endpoint) -> Prepared {
    let route = if endpoint.provider().can.routes { Route::Pinned("novita".into()) } else { Route::Itself };
    let price = Price {
        input: NanoUsd(1_000_000_000),
        cached: Some(NanoUsd(100_000_000)),
        output: NanoUsd(2_000_000_000),
        request: NanoUsd(0),
    };
    let tariff = Tariff { at: 0, rates: vec![(None, Rate::Price(price))] };
    cloud.prepare(endpoint, &Choice { model: "org/m".into(), route }, question(), tariff).unwrap()
}

pub fn question() -> Request {
    Request {
        turns: vec![Turn::text(Role::System, "Be brief."), Turn::text(Role::User, "What is salt?")],
        sampling: Sampling::default(),
        rules: Must::default(),
        max_tokens: Some(1000),
    }
}

/// Cloud on, and agreed to what this endpoint is asked.
pub fn agreed(
    endpoint: &Endpoint,
    asked: &str,
) -> impl FnMut(Departure) -> Result<Permit, Refusal> + Send + use<> {
    let consent = Consent {
        origin: endpoint.origin().clone(),
        provider: endpoint.provider().id.into(),
        model: asked.into(),
        contents: [Content::Instructions, Content::Messages].into(),
    };
    move |departure| decide(departure, &cloud_on(), Some(&consent))
}

pub fn cloud_on() -> Rules {
    Rules { cloud: true, ..Rules::default() }
}

pub fn key() -> Secret {
    Secret::new(KEY.into())
}

/// What came of a question.
#[derive(Debug, Default)]
pub struct Heard {
    pub text: String,
    pub thoughts: String,
    pub others: Vec<Delta>,
    pub error: Option<AnsweringError>,
}

impl Heard {
    /// Its last step.
    pub fn done(&self) -> &Delta {
        assert_eq!(self.error, None);
        self.others.last().unwrap()
    }

    pub fn sentence(&self) -> String {
        self.error.as_ref().unwrap_or_else(|| panic!("no error: {self:?}")).to_string()
    }
}

pub async fn hear_from(cloud: &Cloud, endpoint: &Endpoint) -> Heard {
    let prepared = prepare(cloud, endpoint);
    let decide = agreed(endpoint, prepared.asked());
    let mut answer = cloud.send(prepared, Some(key()), "A test.", decide, CancellationToken::new());
    let mut heard = Heard::default();
    let all = async {
        while let Some(step) = answer.next().await {
            assert_eq!(heard.error, None, "something follows an error");
            match step {
                Ok(Delta::Progress(Progress::Text { text })) => heard.text += &text,
                Ok(Delta::Progress(Progress::Thinking { text })) => heard.thoughts += &text,
                Ok(other) => heard.others.push(other),
                Err(error) => heard.error = Some(error),
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(2), all).await.expect("it has no end");
    heard
}

/// An answer of a kind, its head and what follows; it ends when the connection does.
pub fn answer(kind: &str, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\nconnection: close\r\n\r\n{body}")
}

pub fn stream(body: &str) -> String {
    answer("text/event-stream; charset=utf-8", body)
}

/// A status with headers (each ended) and a body.
pub fn status(line: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {line}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

/// An event of a chat completion with this text.
pub fn says(text: &str) -> String {
    format!("data: {}\n\n", serde_json::json!({ "choices": [{ "index": 0, "delta": { "content": text } }] }))
}

/// The event that announces the end.
pub fn ends(why: &str) -> String {
    format!("data: {}\n\n", serde_json::json!({ "choices": [{ "delta": {}, "finish_reason": why }] }))
}

async fn play(mut socket: TcpStream, script: Vec<Do>, seen: &Mutex<Vec<String>>) {
    let request = hear(&mut socket).await;
    seen.lock().unwrap().push(request);
    for act in script {
        match act {
            Do::Say(text) => _ = socket.write_all(text.as_bytes()).await,
            Do::Raw(bytes) => _ = socket.write_all(&bytes).await,
            Do::Spell(text) => {
                for byte in text.as_bytes() {
                    let _ = socket.write_all(&[*byte]).await;
                    let _ = socket.flush().await;
                    tokio::task::yield_now().await;
                }
            }
            Do::Repeat(text, pause) => {
                while socket.write_all(text.as_bytes()).await.is_ok() {
                    tokio::time::sleep(pause).await;
                }
            }
            Do::Wait(pause) => tokio::time::sleep(pause).await,
            Do::Hold => _ = socket.read(&mut [0; 64]).await,
        }
    }
    let _ = socket.shutdown().await;
}

async fn hear(socket: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let read = socket.read(&mut piece).await.unwrap_or(0);
        request.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&request);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().unwrap())
            });
            if body.len() >= length.unwrap_or(0) {
                return text.into_owned();
            }
        }
        if read == 0 {
            return text.into_owned();
        }
    }
}
