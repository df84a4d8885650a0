//! Whether something may leave. [`decide`] is the only place where a [`Permit`] is made.

use std::collections::BTreeSet;
use std::fmt;

use reqwest::{Method, Url};
use serde::{Deserialize, Serialize};
use sotto_domain::{
    Account, Budget, Charge, ContentKind as Content, NanoUsd, ProjectId, Promises, Purpose, Standing, Subject,
};

use crate::Refusal;
use crate::origin::{self, Origin, Reach};

/// How often one errand may be sent on from server to server.
const MOST_HOPS: u8 = 5;

/// What somebody wants to send: the whole of it, so that what is decided on is what leaves.
pub struct Departure {
    pub(crate) errand: Errand,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) origin: Origin,
    pub(crate) body: Vec<u8>,
    pub(crate) recipient: String,
    pub(crate) why: String,
    pub(crate) project: Option<ProjectId>,
    pub(crate) subject: Option<Subject>,
    charge: Charge,
    hops: u8,
}

/// What a departure is for, with what must be known to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// The bytes of a model.
    ModelDownload,
    /// What a hub says of a file.
    ModelDetails,
    /// Which models a provider offers.
    ProviderModels,
    /// Whether a key works.
    KeyTest,
    /// A message to be answered elsewhere. It needs the user's [`Consent`].
    Answer {
        /// The provider's id in our registry.
        provider: String,
        /// The model, exactly as it is asked for.
        model: String,
        /// What is in the message.
        contents: BTreeSet<Content>,
    },
}

/// What the user agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The server that it may go to.
    pub origin: Origin,
    /// The provider's id in our registry.
    pub provider: String,
    /// The model.
    pub model: String,
    /// What may leave.
    pub contents: BTreeSet<Content>,
}

/// What holds for every departure, from the user's settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Nothing leaves at all.
    pub offline_lock: bool,
    /// Whether the cloud is a possibility. Models can be downloaded without it.
    pub cloud: bool,
    /// The servers in the user's own network that they confirmed.
    pub confirmed: Vec<Origin>,
}

impl From<&Promises> for Rules {
    fn from(promises: &Promises) -> Self {
        Self {
            offline_lock: promises.offline_lock,
            cloud: promises.cloud,
            confirmed: promises.confirmed.iter().filter_map(|origin| origin.parse().ok()).collect(),
        }
    }
}

/// That one departure may leave, once. It holds what was decided on and is used up by sending.
/// The door asks once more, with what holds when the departure is written down.
///
/// Nobody can make one but [`decide`]:
/// ```compile_fail,E0451
/// let permit = sotto_egress::Permit { departure: panic!(), consent: panic!() };
/// ```
/// and it sends once:
/// ```compile_fail,E0382
/// async fn twice(door: sotto_egress::Door, permit: sotto_egress::Permit) {
///     let _ = door.send(permit, sotto_egress::Headers::new()).await;
///     let _ = door.send(permit, sotto_egress::Headers::new()).await;
/// }
/// ```
#[derive(Debug)]
#[must_use = "a permit does nothing until it is sent"]
pub struct Permit {
    pub(crate) departure: Departure,
    pub(crate) consent: Option<Consent>,
}

/// Decides whether something may leave. `consent` is what the user agreed to, where the errand
/// is an answer; the others do not ask for it.
pub fn decide(departure: Departure, rules: &Rules, consent: Option<&Consent>) -> Result<Permit, Refusal> {
    allowed(&departure, rules, consent)?;
    Ok(Permit { departure, consent: consent.cloned() })
}

/// The same once more, by all that holds in the step that writes the departure down: an answer
/// must also stay within the month's limit, and the agreement that it leaves by must still hold.
pub(crate) fn still_allowed(
    departure: &Departure,
    standing: &Standing,
    consent: Option<&Consent>,
) -> Result<Reach, Refusal> {
    let reach = allowed(departure, &Rules::from(&standing.promises), consent)?;
    let Errand::Answer { contents, .. } = &departure.errand else { return Ok(reach) };
    let covered = standing.agreed.as_ref().is_some_and(|agreed| agreed.is_superset(contents));
    if departure.charge.account.agreed_model.is_some() && !covered {
        return Err(Refusal::NotAgreed { recipient: departure.recipient.clone() });
    }
    within_limit(&standing.budget, departure.charge.ceiling)?;
    Ok(reach)
}

/// Refuses what could take a month over its limit. `highest`: the most that it can cost; `None`
/// where nobody says.
pub fn within_limit(budget: &Budget, highest: Option<NanoUsd>) -> Result<(), Refusal> {
    let Budget { limit: Some(limit), spent } = *budget else { return Ok(()) };
    let highest = highest.ok_or(Refusal::PriceUnknown)?;
    if spent.0.saturating_add(highest.0) > limit.0 {
        return Err(Refusal::OverTheLimit { spent, highest, limit });
    }
    Ok(())
}

/// How far a departure may go by these rules, or why it may not leave.
pub(crate) fn allowed(
    departure: &Departure,
    rules: &Rules,
    consent: Option<&Consent>,
) -> Result<Reach, Refusal> {
    if rules.offline_lock {
        return Err(Refusal::OfflineLock);
    }
    match departure.errand {
        Errand::ModelDownload | Errand::ModelDetails => {}
        Errand::ProviderModels | Errand::KeyTest | Errand::Answer { .. } if rules.cloud => {}
        Errand::ProviderModels | Errand::KeyTest | Errand::Answer { .. } => return Err(Refusal::CloudOff),
    }
    let reach = reach(&departure.origin, rules)?;
    if let Errand::Answer { provider, model, contents } = &departure.errand {
        let agreed = consent.is_some_and(|consent| {
            consent.origin == departure.origin
                && consent.provider == *provider
                && consent.model == *model
                && consent.contents.is_superset(contents)
        });
        if !agreed {
            return Err(Refusal::NotAgreed { recipient: departure.recipient.clone() });
        }
    }
    Ok(reach)
}

/// How far this origin is, once it is sure that it may be reached that way.
fn reach(origin: &Origin, rules: &Rules) -> Result<Reach, Refusal> {
    let confirmed = rules.confirmed.contains(origin);
    match origin.reach() {
        Reach::Device => Ok(Reach::Device),
        Reach::Network if confirmed => Ok(Reach::Network),
        Reach::Network => Err(Refusal::NotConfirmed { host: origin.host().into() }),
        Reach::World if origin.is_encrypted() => Ok(Reach::World),
        // A name could be anyone's: the door holds it to addresses of the user's own network.
        Reach::World if confirmed && origin.ip().is_none() => Ok(Reach::Network),
        Reach::World => Err(Refusal::NotEncrypted { host: origin.host().into() }),
    }
}

impl Departure {
    /// Asks for what is at `address`. `recipient` says in words who that is, `why` in a
    /// sentence who asked and for what; both are for the person and go into the journal.
    pub fn get(errand: Errand, address: &str, recipient: &str, why: &str) -> Result<Self, Refusal> {
        Self::new(errand, Method::GET, address, Vec::new(), recipient, why)
    }

    /// As [`get`](Self::get), for the headers alone.
    pub fn head(errand: Errand, address: &str, recipient: &str, why: &str) -> Result<Self, Refusal> {
        Self::new(errand, Method::HEAD, address, Vec::new(), recipient, why)
    }

    /// As [`get`](Self::get), with a body. Its type is a header, the caller's matter.
    pub fn post(
        errand: Errand,
        address: &str,
        body: Vec<u8>,
        recipient: &str,
        why: &str,
    ) -> Result<Self, Refusal> {
        Self::new(errand, Method::POST, address, body, recipient, why)
    }

    fn new(
        errand: Errand,
        method: Method,
        address: &str,
        body: Vec<u8>,
        recipient: &str,
        why: &str,
    ) -> Result<Self, Refusal> {
        let url = origin::parse(address)?;
        let origin = Origin::of_url(&url)?;
        Ok(Self {
            errand,
            method,
            url,
            origin,
            body,
            recipient: recipient.into(),
            why: why.into(),
            project: None,
            subject: None,
            charge: Charge::default(),
            hops: 0,
        })
    }

    /// Says where it belongs.
    #[must_use]
    pub fn within(mut self, project: Option<ProjectId>, subject: Option<Subject>) -> Self {
        self.project = project;
        self.subject = subject;
        self
    }

    /// Says what an answer can cost at most; unknown where nobody says.
    #[must_use]
    pub fn costing(mut self, ceiling: Option<NanoUsd>) -> Self {
        self.charge.ceiling = ceiling;
        self
    }

    /// Says on whose account an answer goes.
    #[must_use]
    pub fn on_account(mut self, account: Account) -> Self {
        self.charge.account = account;
        self
    }

    /// What the ledger is told before it leaves: an answer alone costs something.
    pub(crate) fn charge(&self) -> Option<&Charge> {
        matches!(self.errand, Errand::Answer { .. }).then_some(&self.charge)
    }

    /// Where it goes.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The body, byte for byte as it would leave.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// That its server points to where nobody goes.
    pub(crate) fn sent_on(&self) -> Refusal {
        Refusal::SentOn { host: self.origin.host().into() }
    }

    /// The next leg of this errand, after its server sent us on to `location`. It is a departure
    /// of its own and is decided on anew: nothing that was secret to the first server goes along.
    pub(crate) fn onward(&self, location: &str) -> Result<Self, Refusal> {
        match self.errand {
            Errand::ModelDownload | Errand::ModelDetails => {}
            // What the user writes, and their keys, go where they sent them or nowhere.
            Errand::ProviderModels | Errand::KeyTest | Errand::Answer { .. } => {
                return Err(self.sent_on());
            }
        }
        let refused = || self.sent_on();
        // Whatever is wrong with the address: what was sent went to the one who gave it.
        let url = self.url.join(location).map_err(|_| refused())?;
        let origin = Origin::of_url(&url).map_err(|_| refused())?;
        // Never inwards, where a stranger has no business, and never out of encryption.
        let inwards = origin.reach() < self.origin.reach();
        let bared = self.origin.is_encrypted() && !origin.is_encrypted();
        if inwards || bared || self.method == Method::POST || self.hops == MOST_HOPS {
            return Err(refused());
        }
        Ok(Self {
            errand: self.errand.clone(),
            method: self.method.clone(),
            url,
            origin,
            body: Vec::new(),
            recipient: self.recipient.clone(),
            why: self.why.clone(),
            project: self.project,
            subject: self.subject,
            charge: Charge::default(),
            hops: self.hops + 1,
        })
    }
}

/// Neither the user's words nor what stands in an address belong into a log.
impl fmt::Debug for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Departure");
        shown.field("purpose", &self.errand.purpose()).field("origin", &self.origin);
        shown.field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

impl Errand {
    /// The same in the journal's words.
    pub fn purpose(&self) -> Purpose {
        match self {
            Self::ModelDownload => Purpose::ModelDownload,
            Self::ModelDetails => Purpose::ModelDetails,
            Self::ProviderModels => Purpose::ProviderModels,
            Self::KeyTest => Purpose::KeyTest,
            Self::Answer { .. } => Purpose::Answer,
        }
    }
}

impl Permit {
    /// Where it lets something go.
    pub fn origin(&self) -> &Origin {
        &self.departure.origin
    }
}

#[cfg(test)]
mod tests;
