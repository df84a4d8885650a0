//! What a provider's refusal, and a failure on the way to it, means.

use std::time::Duration;

use sotto_egress::{Failure, Reach};

use crate::{Base, Endpoint, ProviderError, Said};

impl ProviderError {
    /// What an answer with this status, or an error in the middle of one (`None`), means. `key`:
    /// whether one was shown.
    pub(crate) fn answered(
        status: Option<u16>,
        said: &Said,
        wait: Option<Duration>,
        endpoint: &Endpoint,
        model: &str,
        key: bool,
    ) -> Self {
        let provider = endpoint.provider();
        let (who, model) = (endpoint.who(), model.to_owned());
        let quotation = said.quotation();
        let status = status.or_else(|| said.status()).or_else(|| named(said));
        // These come with many a status.
        if said.mentions(&["insufficient_quota", "billing_error", "credit balance", "insufficient credit"]) {
            return Self::NoCredit { who, page: provider.bills_page };
        }
        if said.mentions(&["model_not_found", "model_not_supported", "model not found"]) {
            return Self::NoSuchModel { who, model };
        }
        if said.mentions(&[
            "context_length",
            "context length",
            "context size",
            "maximum context",
            "prompt is too long",
        ]) {
            return Self::TooLong { model, said: quotation };
        }
        if said.mentions(&["content_filter", "content_policy"]) {
            return Self::HeldBack { who };
        }
        match status {
            Some(300..=399) => Self::Moved { who },
            Some(401) if !key => Self::KeyWanted { who, page: provider.keys_page },
            Some(401) => Self::KeyRefused { who, page: provider.keys_page },
            Some(402) => Self::NoCredit { who, page: provider.bills_page },
            Some(403) => Self::NotAllowed { who, page: provider.keys_page, said: quotation },
            // A server that has no such page at all, rather than no such model.
            Some(404 | 405) if !said.mentions(&["model"]) && provider.base == Base::Own => {
                Self::NotAModel { who }
            }
            Some(404) => Self::NoSuchModel { who, model },
            Some(413) => Self::TooLong { model, said: quotation },
            Some(429) => Self::TooMany { who, wait },
            Some(408 | 500..=599) => Self::Busy { who, said: quotation },
            Some(_) => Self::NotTaken { who, said: quotation },
            None => Self::GaveUp { who, said: quotation },
        }
    }

    /// A failure of the door's, with better words where the user's own server is meant.
    pub(crate) fn failed(failure: Failure, endpoint: &Endpoint) -> Self {
        match (failure, endpoint.origin().reach()) {
            (Failure::Unreachable { .. }, reach @ (Reach::Device | Reach::Network)) => {
                Self::NotRunning { place: endpoint.origin().to_string(), here: reach == Reach::Device }
            }
            (Failure::Refused(refusal), _) => Self::Refusal(refusal),
            (Failure::Silent { after, .. }, _) => Self::Silent { who: endpoint.who(), after },
            (failure, _) => Self::Failure(failure),
        }
    }
}

/// The status that an error's name stands for, where a stream gives the name alone.
fn named(said: &Said) -> Option<u16> {
    Some(match said.code.as_deref()? {
        "authentication_error" | "invalid_api_key" => 401,
        "permission_error" => 403,
        "not_found_error" => 404,
        "request_too_large" => 413,
        "rate_limit_error" | "rate_limit_exceeded" => 429,
        "overloaded_error" | "api_error" | "server_error" | "internal_error" | "timeout_error" => 503,
        "invalid_request_error" => 400,
        _ => return None,
    })
}
