//! The hub: what it says of a file, and the file's bytes.
//!
//! Two documented addresses are all it takes, asked through the door like everything
//! else: `/api/models/{repo}/revision/{revision}?blobs=true` names the commit and each
//! file's length and SHA-256, and `/{repo}/resolve/{revision}/{file}` gives the bytes,
//! mostly from another host. The hf-hub package is not used for it: whatever client it is
//! lent, it makes a second one of its own, it takes a token from the environment that
//! nobody gave us, and it wants redirects followed that here are decided on one by one.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use sotto_domain::Secret;
use sotto_egress::{Departure, Door, Errand, Failure, Headers, Origin, Response, Rules, decide, typed};

use crate::{
    Digest, ModelsError,
    catalog::{Source, Trust},
};

/// Where files come from unless another server is named.
pub const HUB: &str = "https://huggingface.co";
/// What the hub says of a repository with very many files is not longer.
const LONGEST_LIST: usize = 16 << 20;
/// A year, in seconds: more is said by nobody who means it.
const LONGEST_WAIT: u64 = 365 * 24 * 3600;
/// No model's file is longer: a thousand times the largest there is.
const LARGEST_FILE: u64 = 1 << 50;

/// The rules that hold now.
pub type RulesNow = Arc<dyn Fn() -> Rules + Send + Sync>;

/// The access token for a server, where one is kept. May wait for the keychain.
pub type Tokens = Arc<dyn Fn(&Origin) -> Option<Secret> + Send + Sync>;

/// The hub, or a mirror of it.
#[derive(Clone)]
pub(crate) struct Hub {
    door: Door,
    rules: RulesNow,
    endpoint: String,
    /// `None` where the address is none: then nothing goes there, and nowhere else.
    origin: Option<Origin>,
    tokens: Tokens,
    /// How long to wait for the head of an answer.
    pub wait: Duration,
}

/// What is known of a file before its first byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Details {
    /// The commit, so that the rest comes from the same one.
    pub revision: String,
    pub bytes: u64,
    pub digest: Digest,
}

/// Why something did not come, and what may be done about it.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Trying again would not help.
    Final(ModelsError),
    /// It may work in a while: in this long, if the server says so.
    Again { error: ModelsError, after: Option<Duration> },
    /// The server answers oddly. What is here may well be right, and is kept.
    Odd(ModelsError),
    /// What is here is wrong: it must be had anew.
    FromTheStart(ModelsError),
}

impl From<ModelsError> for Trouble {
    fn from(error: ModelsError) -> Self {
        Self::Final(error)
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Final(refusal.into()),
            Failure::Silent { .. } => stalled(),
            Failure::Unreachable { .. } | Failure::Broken { .. } => {
                Self::Again { error: ModelsError::Network(failure), after: None }
            }
            Failure::Offline
            | Failure::CloudOff
            | Failure::NotWrittenDown(_)
            | Failure::Untrusted { .. }
            | Failure::TooMuch { .. }
            | Failure::BadHeader
            | Failure::BadCertificate { .. }
            | Failure::BadProxy
            | Failure::NoClient(_) => Self::Final(ModelsError::Network(failure)),
        }
    }
}

impl Hub {
    /// The hub at this address. Where that is none, every question fails and says so.
    pub fn new(door: Door, rules: RulesNow, endpoint: &str, tokens: Tokens, wait: Duration) -> Self {
        let endpoint = spelled(endpoint);
        let origin = Origin::of(&endpoint).ok();
        Self { door, rules, endpoint, origin, tokens, wait }
    }

    /// The same way out, to another server.
    pub fn at(&self, endpoint: &str) -> Result<Self, ModelsError> {
        Origin::of(&spelled(endpoint))?;
        let Self { door, rules, tokens, wait, .. } = self.clone();
        Ok(Self::new(door, rules, endpoint, tokens, wait))
    }

    /// Returns when the offline lock is on.
    pub async fn shut(&self) -> Failure {
        self.door.lock().shut().await
    }

    /// Whether it is the one at this address.
    pub fn is_at(&self, endpoint: &str) -> bool {
        self.endpoint == spelled(endpoint)
    }

    /// Who it is.
    pub fn origin(&self) -> Result<&Origin, ModelsError> {
        self.origin.as_ref().ok_or(ModelsError::NoServer)
    }

    /// The server's address.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What is known of a file: from the catalogue where it is pinned, from the hub otherwise.
    pub async fn details(&self, source: &Source, name: &str) -> Result<Details, Trouble> {
        if let (Trust::Pinned(digest), Some(bytes)) = (source.trust, source.bytes) {
            return Ok(Details { revision: source.revision.clone(), bytes, digest });
        }
        let address =
            format!("{}/api/models/{}/revision/{}?blobs=true", self.endpoint, source.repo, source.revision);
        let why = format!("You asked for {name}: how large it is, and by which hash it is known.");
        let departure = Departure::get(Errand::ModelDetails, &address, &self.recipient()?, &why);
        let response = self.send(departure.map_err(ModelsError::from)?, None).await?;
        let text = response.within(self.wait).text(LONGEST_LIST).await?;
        let nonsense = |what: &str| Trouble::Final(ModelsError::Nonsense { what: what.into() });
        let listed: Listed =
            serde_json::from_str(&text).map_err(|_| nonsense("it does not describe the model"))?;
        let file = listed.siblings.into_iter().find(|file| file.rfilename == source.file);
        let lfs = file.ok_or(Trouble::Final(ModelsError::NotThere))?.lfs;
        let lfs = lfs.ok_or_else(|| nonsense("it names no hash for the file"))?;
        let is_commit = listed.sha.len() == 40 && listed.sha.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_commit || lfs.size == 0 || lfs.size > LARGEST_FILE {
            return Err(nonsense("it does not describe the file"));
        }
        Ok(Details { revision: listed.sha, bytes: lfs.size, digest: lfs.sha256 })
    }

    /// The bytes of a file from `from` on. The status is 200, 206 or 416.
    pub async fn bytes(
        &self,
        source: &Source,
        revision: &str,
        from: u64,
        name: &str,
    ) -> Result<Response, Trouble> {
        let address = format!("{}/{}/resolve/{revision}/{}", self.endpoint, source.repo, source.file);
        let why = format!("You asked for {name}.");
        let departure = Departure::get(Errand::ModelDownload, &address, &self.recipient()?, &why);
        self.send(departure.map_err(ModelsError::from)?, Some(from)).await
    }

    /// Sends, and goes on where the server points to, hop by hop. The token goes to the hub
    /// itself and to nobody else.
    async fn send(&self, departure: Departure, from: Option<u64>) -> Result<Response, Trouble> {
        let mut departure = departure;
        let (tokens, origin) = (self.tokens.clone(), self.origin()?.clone());
        let asked = origin.clone();
        // The keychain may wait for the user.
        let token = tokio::task::spawn_blocking(move || tokens(&asked)).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the access token could not be asked for");
            None
        });
        loop {
            let permit = decide(departure, &(self.rules)(), None).map_err(ModelsError::from)?;
            let mut headers = Headers::new();
            if let Some(from) = from {
                // Nothing in between may pack the bytes: they are counted.
                headers =
                    headers.plain("range", format!("bytes={from}-")).plain("accept-encoding", "identity");
            }
            if let Some(token) = token.as_ref().filter(|_| *permit.origin() == origin) {
                headers = headers.bearer(token.clone());
            }
            let response = self.door.send_within(permit, headers, self.wait).await?;
            match response.redirect() {
                Some(onward) => departure = onward.map_err(ModelsError::from)?,
                None => return judged(response),
            }
        }
    }

    /// Who the hub is, in words.
    fn recipient(&self) -> Result<String, ModelsError> {
        Ok(match self.origin()?.host() {
            "huggingface.co" => "Hugging Face".into(),
            host => host.into(),
        })
    }
}

/// A server's address in one spelling.
fn spelled(endpoint: &str) -> String {
    typed(endpoint).trim_end_matches('/').to_owned()
}

/// What the hub says of a revision, as far as it matters.
#[derive(Deserialize)]
struct Listed {
    sha: String,
    siblings: Vec<Sibling>,
}

#[derive(Deserialize)]
struct Sibling {
    rfilename: String,
    lfs: Option<Lfs>,
}

#[derive(Deserialize)]
struct Lfs {
    sha256: Digest,
    size: u64,
}

fn stalled() -> Trouble {
    Trouble::Again { error: ModelsError::Stalled, after: None }
}

/// | status | answer |
/// |---|---|
/// | 200, 206, 416 | the caller's to judge |
/// | 401, 403 | final: the server wants to know who asks |
/// | 404, 410 | final: there is no such file |
/// | 408, 429, 5xx | again, when the server says or after a while |
/// | others | final: makes no sense |
fn judged(response: Response) -> Result<Response, Trouble> {
    let status = response.status().as_u16();
    match status {
        200 | 206 | 416 => Ok(response),
        401 | 403 => Err(ModelsError::NotAllowed.into()),
        404 | 410 => Err(ModelsError::NotThere.into()),
        408 | 429 | 500..=599 => {
            // In seconds; a date is rare, and waiting as usual does no harm.
            let after = response.header("retry-after").and_then(|text| text.trim().parse().ok());
            let after = after.map(|seconds: u64| Duration::from_secs(seconds.min(LONGEST_WAIT)));
            let wait = after.unwrap_or(Duration::from_mins(1));
            Err(Trouble::Again { error: ModelsError::Busy { wait }, after })
        }
        _ => Err(ModelsError::Nonsense { what: format!("status {status}") }.into()),
    }
}
