//! A provider that says what it is told to, on a socket of this device; and all that is
//! needed to ask it through the real door.

// A test may end here and now; clippy knows that of test functions only.
#![allow(clippy::unwrap_used, clippy::expect_used, dead_code)]

use std::{sync::Arc, time::Duration};

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
use sotto_stage::Server;
pub use sotto_stage::{
    Do,
    wire::{answer, ends, says, status, stream},
};
use tokio_util::sync::CancellationToken;

pub const KEY: &str = "hf_very_private";

/// A provider that answers each connection with the next script, then closes it.
pub struct Stage {
    pub server: Server,
    pub journal: Arc<Remembered>,
    pub door: Door,
}

impl Stage {
    pub fn new(scripts: Vec<Vec<Do>>) -> Self {
        let journal = Arc::new(Remembered::default());
        Self { server: Server::playing(scripts), door: door(journal.clone()).unwrap(), journal }
    }

    /// All requests so far, head and body.
    pub fn asked(&self) -> Vec<String> {
        self.server.requests()
    }

    /// Waits until the other side of each connection is done with it.
    pub async fn closed(&self) {
        self.server.all_closed().await;
    }

    /// The user's own server, here.
    pub fn endpoint(&self) -> Endpoint {
        Endpoint::at(provider("own").unwrap(), &self.server.address).unwrap()
    }

    /// A known provider, if it were here.
    pub fn endpoint_of(&self, id: &str) -> Endpoint {
        let base: &'static str = self.server.at("/v1").leak();
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
        alternatives: 0,
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
