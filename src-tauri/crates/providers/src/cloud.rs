//! The handle: prepare, send, list, try a key.

use futures_util::StreamExt;
use sotto_domain::{AnswerStream, Delta, Request, Role, Rules, Sampling, Secret, Turn};
use sotto_egress::{Departure, Door, Errand, Permit, Refusal};
use tokio_util::sync::CancellationToken;

use crate::{
    Choice, Endpoint, KeyTest, Model, Models, Prepared, ProviderError, Said, Tariff, Timeouts,
    capability_cache::CapabilityCache,
    exchange::Exchange,
    foreign::lenient,
    models,
    stream_from_future::stream_from_future,
    wire::{MAX_ERROR_BYTES, Wire, headers},
};

/// The longest list of models: the largest known has a tenth of it.
const MAX_LIST_BYTES: usize = 16 * 1024 * 1024;

/// All providers, through one door. Clones share what was learnt of them.
#[derive(Clone)]
pub struct Cloud {
    wire: Wire,
}

impl Cloud {
    /// Providers are reached through `door`. Nothing is sent by this.
    pub fn new(door: Door, timeouts: Timeouts) -> Self {
        Self { wire: Wire { door, timeouts, capabilities: CapabilityCache::default() } }
    }

    /// The same through another door.
    #[must_use]
    pub fn through(&self, door: Door) -> Self {
        Self { wire: Wire { door, ..self.wire.clone() } }
    }

    /// Makes a message ready, with the prices of the moment. Nothing is sent. Reads the
    /// pictures' files.
    ///
    /// Failures: a name that no model has; a rule of the request that the provider cannot
    /// hold to; a picture that cannot be read.
    pub fn prepare(
        &self,
        endpoint: &Endpoint,
        choice: &Choice,
        request: Request,
        tariff: Tariff,
    ) -> Result<Prepared, ProviderError> {
        let without = self.wire.capabilities.of(endpoint, choice.model.trim());
        Prepared::new(endpoint, choice, request, tariff, without)
    }

    /// Sends what was prepared, and gives the answer as it comes.
    ///
    /// `decide` turns a departure into a permit; it is asked again before each further
    /// attempt, so that the lock, a cap or a withdrawn consent hold for that one too. `why`
    /// is a sentence for the journal.
    ///
    /// | what happens | what is done |
    /// |---|---|
    /// | no connection comes about | twice more |
    /// | 429 or 503 with a short pause asked for | after the pause, twice at most |
    /// | 400 or 422 that names a part which an answer can do without | once more without it |
    /// | the end was never announced | `Done` with `BrokenOff`; what came is kept |
    /// | the provider says that it went wrong, at any point | its error, and nothing is read after it |
    /// | cancelled, or dropped | the connection is closed; `Done` with `Stopped` |
    pub fn send(
        &self,
        prepared: Prepared,
        key: Option<Secret>,
        why: impl Into<String>,
        decide: impl FnMut(Departure) -> Result<Permit, Refusal> + Send + 'static,
        cancel: CancellationToken,
    ) -> AnswerStream {
        let exchange = Exchange::new(self.wire.clone(), prepared, key, why.into(), decide);
        Box::pin(stream_from_future(|said| exchange.talk(said, cancel)).map(|item| item.map_err(Into::into)))
    }

    /// The models that this endpoint offers; none for one whose models are typed.
    pub async fn models(
        &self,
        endpoint: &Endpoint,
        key: Option<&Secret>,
        decide: impl FnOnce(Departure) -> Result<Permit, Refusal>,
    ) -> Result<Vec<Model>, ProviderError> {
        let (path, prices) = match endpoint.provider().models {
            Models::Listed { path, prices } => (path, prices),
            Models::Typed => return Ok(Vec::new()),
        };
        let why = format!("You asked which models {} offers.", endpoint.in_sentence());
        let body = self.read(endpoint, path, Errand::ProviderModels, &why, key, decide).await?;
        models::read(&body, prices, key).ok_or(ProviderError::NotAModel { who: endpoint.who() })
    }

    /// Tries a key. Where nothing can be read that only a good key may see, the shortest of
    /// questions is put to `choice`, which may cost a fraction of a cent.
    pub async fn test_key(
        &self,
        endpoint: &Endpoint,
        key: Option<&Secret>,
        choice: &Choice,
        mut decide: impl FnMut(Departure) -> Result<Permit, Refusal> + Send + 'static,
    ) -> Result<(), ProviderError> {
        let who = endpoint.who();
        let why = format!("You asked whether the key for {} works.", endpoint.in_sentence());
        match endpoint.provider().key_test {
            KeyTest::Read(path) => {
                let body = self.read(endpoint, path, Errand::KeyTest, &why, key, &mut decide).await?;
                match lenient(&String::from_utf8_lossy(&body)) {
                    Some(value) => match Said::error(&value) {
                        Some(said) => {
                            Err(ProviderError::answered(None, &said, None, endpoint, "", key.is_some()))
                        }
                        None => Ok(()),
                    },
                    None => Err(ProviderError::NotAModel { who }),
                }
            }
            KeyTest::Question => {
                let prepared = self.prepare(endpoint, choice, greeting(), Tariff::unknown(0))?.for_key_test();
                let exchange = Exchange::new(self.wire.clone(), prepared, key.cloned(), why, decide);
                let mut answer =
                    Box::pin(stream_from_future(|said| exchange.talk(said, CancellationToken::new())));
                while let Some(step) = answer.next().await {
                    // The first sign of an answer will do.
                    if matches!(step?, Delta::Progress(_) | Delta::Done { .. }) {
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    async fn read(
        &self,
        endpoint: &Endpoint,
        path: &str,
        errand: Errand,
        why: &str,
        key: Option<&Secret>,
        decide: impl FnOnce(Departure) -> Result<Permit, Refusal>,
    ) -> Result<Vec<u8>, ProviderError> {
        let after = self.wire.timeouts.reply;
        let headers = headers(endpoint, key)?.plain("accept", "application/json");
        let departure = Departure::get(errand, &endpoint.address(path), endpoint.name(), why)?;
        let permit = decide(departure)?;
        let failed = |failure| ProviderError::failed(failure, endpoint);
        let response = self.wire.door.send_within(permit, headers, after).await.map_err(failed)?;
        let (status, response) = (response.status(), response.within(after));
        if status.is_success() {
            return response.bytes(MAX_LIST_BYTES).await.map_err(failed);
        }
        let said = match response.text(MAX_ERROR_BYTES).await {
            Ok(body) => Said::from_body(&body).without(key),
            Err(_) => Said::default(),
        };
        Err(ProviderError::answered(Some(status.as_u16()), &said, None, endpoint, "", key.is_some()))
    }
}

fn greeting() -> Request {
    Request {
        turns: vec![Turn::text(Role::User, "Hi")],
        sampling: Sampling::default(),
        rules: Rules::default(),
        // Fewer than this are refused by some.
        max_tokens: Some(16),
        alternatives: 0,
    }
}
