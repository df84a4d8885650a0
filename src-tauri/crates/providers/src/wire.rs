//! What everything that is asked of a provider shares: the way there and what was learnt of it, what goes along, and
//! how much is read.

use sotto_domain::{Delta, Secret};
use sotto_egress::{Door, Headers};
use tokio::sync::mpsc;

use crate::{Auth, Endpoint, KeyNeed, ProviderError, Timeouts, capability_cache::CapabilityCache};

/// The longest body of an error that is looked at.
pub(crate) const MAX_ERROR_BYTES: usize = 64 * 1024;

/// Where the answer is told.
pub(crate) type DeltaSender = mpsc::Sender<Result<Delta, ProviderError>>;

/// The way to all providers. Clones share what was learnt of them.
#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) door: Door,
    pub(crate) timeouts: Timeouts,
    pub(crate) capabilities: CapabilityCache,
}

/// What goes along with every departure to this endpoint.
pub(crate) fn headers(endpoint: &Endpoint, key: Option<&Secret>) -> Result<Headers, ProviderError> {
    let provider = endpoint.provider();
    let key = key.filter(|key| !key.is_empty());
    let mut headers = match (key, provider.auth, provider.key) {
        (Some(key), Auth::Bearer, _) => Headers::new().bearer(key.clone()),
        (Some(key), Auth::Header(name), _) => Headers::new().secret(name, key.clone()),
        (None, _, KeyNeed::Optional) => Headers::new(),
        (None, _, KeyNeed::Required) => {
            return Err(ProviderError::NoKey { who: provider.name, page: provider.keys_page });
        }
    };
    for (name, value) in provider.dialect.headers() {
        headers = headers.plain(name, *value);
    }
    if let (Some(name), Some(organisation)) = (provider.can.bill_to, endpoint.bill_to()) {
        headers = headers.plain(name, organisation);
    }
    Ok(headers)
}
