//! A provider of our own: over TLS, by an authority that nobody else believes. It lists one model,
//! and answers every question piece by piece. As a proxy it stands where `OpenRouter` would, which
//! names prices.

use std::{
    io::Result,
    sync::{Mutex, mpsc},
};

use serde_json::json;

use crate::{
    Line, Request, Server,
    wire::{self, DONE, ends, says, used},
};

/// Its only model.
pub const MODEL: &str = "large";
/// How its answer begins.
pub const FIRST_PIECE: &str = "From afar";
/// How it goes on.
pub const SECOND_PIECE: &str = "with greetings.";

/// A provider.
pub struct Provider {
    /// Where it is.
    pub origin: String,
    /// The same as a proxy, on the way to everybody it has a certificate for.
    pub proxy: String,
    /// The certificate of its authority, in PEM.
    pub authority: String,
    server: Server,
    go_on: mpsc::Sender<()>,
}

/// Says one more piece of an answer.
pub type Say<'a> = &'a mut dyn FnMut(&str) -> Result<()>;

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
    pub fn answering(answer: impl Fn(Say<'_>) -> Result<()> + Send + Sync + 'static) -> Self {
        Self::ending(&[&ends("stop"), &used(7, 5), DONE].concat(), answer)
    }

    /// Whatever it is asked, this is its answer, and this the end of it, as it is on the wire.
    pub fn ending(end: &str, answer: impl Fn(Say<'_>) -> Result<()> + Send + Sync + 'static) -> Self {
        let end = end.to_owned();
        let pricing = json!({ "prompt": "0.000001", "completion": "0.000002" });
        let list = json!({ "data": [{ "id": MODEL, "pricing": pricing }] }).to_string();
        let (server, authority) = Server::secure(offering(list, move |line| {
            line.head("text/event-stream", "")?;
            answer(&mut |words| line.send(says(words)))?;
            line.send(&end)
        }));
        let origin = server.address.replace("http://127.0.0.1", "https://localhost");
        Self { origin, proxy: server.address.clone(), authority, server, go_on: mpsc::channel().0 }
    }

    /// All that it was ever sent.
    pub fn said(&self) -> Vec<String> {
        self.server.requests()
    }

    /// How many of those were questions.
    pub fn questions(&self) -> usize {
        self.server.questions().len()
    }

    /// The next answer, or the one that waits, may have its second piece.
    pub fn go_on(&self) {
        self.go_on.send(()).unwrap();
    }
}

/// How a server answers that lists the one model, without a price: a question by `answer`.
pub fn listing(
    answer: impl Fn(&mut Line) -> Result<()> + Send + Sync + 'static,
) -> impl Fn(&Request, &mut Line) -> Result<()> + Send + Sync + 'static {
    offering(json!({ "data": [{ "id": MODEL }] }).to_string(), answer)
}

fn offering(
    list: String,
    answer: impl Fn(&mut Line) -> Result<()> + Send + Sync + 'static,
) -> impl Fn(&Request, &mut Line) -> Result<()> + Send + Sync + 'static {
    move |request, line| {
        if request.method() == "GET" {
            line.send(wire::answer("application/json", &list))
        } else {
            answer(line)
        }
    }
}
