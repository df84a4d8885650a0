//! A question packed to leave, and the sheet that shows the user what is in it.

use std::collections::BTreeSet;

use sotto_domain::{
    CloudChoice, ContentKind, Destination, NanoUsd, PartKey, Request, Rules, Subject, waiting,
};
use sotto_egress::{Consent, Reach, Refusal};
use sotto_providers::{Base, Choice, Endpoint, Limits, Prepared, Rate, Tariff};
use sotto_store::NewAgreement;

use super::{
    Answers, Ask, ContextPart, Fingerprint, QuestionContext, Sheet, SheetPart,
    context::{never_write, turns},
};
use crate::{
    SendError, Settings,
    cloud_link::{deciding, endpoint, read_choice},
};

/// A question packed to leave, with the user's agreement.
pub(crate) struct OutboundRequest {
    pub(crate) prepared: Prepared,
    pub(crate) endpoint: Endpoint,
    pub(crate) choice: Choice,
    pub(crate) consent: Consent,
    /// The model that the remembered agreement names by which it leaves; `None` where the user agreed
    /// to this one alone.
    pub(crate) agreed_model: Option<String>,
    /// What is to be remembered of the agreement once the question is stored.
    remember: Option<(Subject, Vec<PartKey>)>,
}

impl OutboundRequest {
    /// Where the answer will have been made.
    pub(crate) fn destination(&self) -> Destination {
        Destination::Cloud {
            provider: self.endpoint.name().to_owned(),
            model: self.choice.model.clone(),
            backend: self.choice.backend().map(str::to_owned),
        }
    }

    /// What is to be remembered of the agreement.
    pub(crate) fn agreement(&self) -> Option<NewAgreement> {
        let (subject, left_out) = self.remember.clone()?;
        Some(NewAgreement {
            subject,
            origin: self.consent.origin.to_string(),
            model: self.consent.model.clone(),
            kinds: self.consent.contents.iter().copied().collect(),
            left_out,
        })
    }
}

impl Answers<'_> {
    /// What the user must see before a question leaves; `None` where it stays here, or where they
    /// agreed to all that is in it before. `left_out` is what they struck out so far.
    pub(crate) async fn sheet_of(
        self,
        ask: &Ask,
        left_out: Option<&[PartKey]>,
    ) -> Result<Option<Sheet>, SendError> {
        let Some(choice) = &ask.destination else { return Ok(None) };
        match left_out {
            Some(left_out) => Ok(Some(self.pack(ask, choice, left_out).await?.sheet(&ask.context))),
            None => match self.agreed_before(ask, choice).await? {
                Ok(_) => Ok(None),
                Err(sheet) => Ok(Some(sheet)),
            },
        }
    }

    /// Packs the question if it is to leave, with the user's agreement; `None` where it stays.
    ///
    /// # Errors
    /// [`SendError::NotAgreed`] with what the user must see.
    pub(super) async fn outbound(self, ask: &Ask) -> Result<Option<OutboundRequest>, SendError> {
        let Some(choice) = &ask.destination else { return Ok(None) };
        let Some(agreed) = &ask.options.agreed else {
            return match self.agreed_before(ask, choice).await? {
                Ok(packed) => Ok(Some(packed.seal(false, None))),
                Err(sheet) => Err(SendError::NotAgreed(Box::new(sheet))),
            };
        };
        let packed = self.pack(ask, choice, &agreed.left_out).await?;
        let sheet = packed.sheet(&ask.context);
        if sheet.fingerprint != agreed.fingerprint {
            return Err(SendError::NotAgreed(Box::new(sheet)));
        }
        let scope = match &ask.context.project {
            Some(project) if agreed.remember => Subject::Project(project.id),
            Some(_) | None => ask.context.subject,
        };
        let once = ask.options.once.is_some();
        let remember = (!once).then(|| (scope, agreed.left_out.clone()));
        Ok(Some(packed.seal(once, remember)))
    }

    /// What was agreed before, if it covers all that would leave now; else what to show the user.
    async fn agreed_before(
        self,
        ask: &Ask,
        choice: &CloudChoice,
    ) -> Result<Result<PreparedAsk, Sheet>, SendError> {
        let settings = self.core.settings.get();
        let there = endpoint(&settings, &choice.provider)?;
        let model = read_choice(&there, choice).asked(&there)?;
        let context = &ask.context;
        let project = context.project.as_ref().map(|project| project.id);
        let agreement = if ask.options.once.is_some() {
            None
        } else {
            self.core.library.agreement(context.subject, project, &there.origin().to_string(), &model)?
        };
        let Some(agreement) = agreement else {
            return Ok(Err(self.pack(ask, choice, &[]).await?.sheet(context)));
        };
        let packed = self.pack(ask, choice, &agreement.left_out).await?;
        // What the model would not take is shown before it leaves, agreed to or not.
        if packed.prepared.contents().is_subset(&agreement.kinds) && packed.beyond.is_empty() {
            Ok(Ok(packed))
        } else {
            Ok(Err(packed.sheet(context)))
        }
    }

    /// Packs what is left of the question without the parts struck out, if it may leave at all
    /// and its cost stays within the month's limit.
    async fn pack(
        self,
        ask: &Ask,
        choice: &CloudChoice,
        left_out: &[PartKey],
    ) -> Result<PreparedAsk, SendError> {
        let settings = self.core.settings.get();
        let permitted = self.core.settings.rules();
        if permitted.offline_lock {
            return Err(Refusal::OfflineLock.into());
        }
        if !permitted.cloud {
            return Err(Refusal::CloudOff.into());
        }
        let there = endpoint(&settings, &choice.provider)?;
        let model = read_choice(&there, choice);
        let parts = with_phrases(&ask.context.parts, &ask.rules.banned);
        let left_out: BTreeSet<PartKey> = left_out.iter().copied().collect();
        let leaves = |part: &&ContextPart| !part.off && (!part.optional || !left_out.contains(&part.key));
        let request = Request {
            turns: turns(parts.iter().filter(leaves)),
            sampling: ask.sampling,
            // Elsewhere nobody is held to what must not be written; it is asked for.
            rules: Rules { banned: Vec::new(), ..ask.rules.clone() },
            max_tokens: ask.max_tokens,
            alternatives: 0,
        };
        let (mut tariff, limits) = self.terms(&there, &model).await;
        if is_free(&settings, &there) {
            tariff.rates = vec![(None, Rate::Free)];
        }
        let cloud = self.core.cloud.cloud();
        let mut prepared = waiting(|| cloud.prepare(&there, &model, request, tariff))?.within(&limits)?;
        let beyond = prepared.beyond(&limits);
        for part in parts.iter().filter(leaves) {
            prepared = prepared.also(part.kind);
        }
        self.within_the_limit(ask.context.project.as_ref(), prepared.ceiling())?;
        // Pictures lie on the disk.
        let parts = waiting(|| parts.iter().map(|part| sheet_part(part, leaves(&part))).collect());
        Ok(PreparedAsk { prepared, endpoint: there, choice: model, parts, beyond })
    }

    /// What the model costs and what it takes, as the provider lists it; unknown where that cannot
    /// be had.
    async fn terms(self, there: &Endpoint, model: &Choice) -> (Tariff, Limits) {
        match self.core.cloud.listed_soon(there, deciding(&self.core.settings)).await {
            Ok((at, models)) => match models.iter().find(|listed| listed.id == model.model) {
                Some(listed) => (listed.tariff(&model.route, at), listed.limits(&model.route)),
                None => (Tariff::unknown(at), Limits::default()),
            },
            Err(error) => {
                tracing::info!(%error, "the prices could not be read");
                (Tariff::unknown((self.core.clock)()), Limits::default())
            }
        }
    }
}

/// Whether the user said that this server of theirs costs nothing.
fn is_free(settings: &Settings, there: &Endpoint) -> bool {
    let provider = there.provider();
    provider.base == Base::Own && settings.cloud.providers.get(provider.id).is_some_and(|set| set.free)
}

/// A question packed, not agreed to yet.
struct PreparedAsk {
    prepared: Prepared,
    endpoint: Endpoint,
    choice: Choice,
    parts: Vec<SheetPart>,
    beyond: Vec<String>,
}

impl PreparedAsk {
    fn sheet(&self, context: &QuestionContext) -> Sheet {
        Sheet {
            recipient: self.endpoint.name().to_owned(),
            origin: self.prepared.recipient().to_string(),
            here: self.prepared.recipient().reach() == Reach::Device,
            model: self.prepared.asked().to_owned(),
            backend: self.choice.backend().map(str::to_owned),
            parts: self.parts.clone(),
            exact: self.prepared.readable(),
            remarks: self.beyond.clone(),
            bytes: self.prepared.body().len() as u64,
            tokens: self.prepared.tokens(),
            highest_cost: self.prepared.ceiling(),
            project: context.project.as_ref().map(|project| project.name.clone()),
            fingerprint: self.fingerprint(),
        }
    }

    fn fingerprint(&self) -> Fingerprint {
        let origin = self.prepared.recipient().to_string();
        let highest = self.prepared.ceiling().map_or_else(String::new, |NanoUsd(nano)| nano.to_string());
        Fingerprint::of(&[origin.as_bytes(), highest.as_bytes(), self.prepared.body()])
    }

    fn seal(self, once: bool, remember: Option<(Subject, Vec<PartKey>)>) -> OutboundRequest {
        let consent = Consent {
            origin: self.prepared.recipient().clone(),
            provider: self.endpoint.provider().id.to_owned(),
            model: self.prepared.asked().to_owned(),
            contents: self.prepared.contents(),
        };
        OutboundRequest {
            agreed_model: (!once).then(|| consent.model.clone()),
            prepared: self.prepared,
            endpoint: self.endpoint,
            choice: self.choice,
            consent,
            remember,
        }
    }
}

/// The parts, and with them the phrases that are never to be written, behind the instructions.
fn with_phrases(parts: &[ContextPart], banned: &[String]) -> Vec<ContextPart> {
    let mut parts = parts.to_vec();
    let phrases = never_write(banned);
    if !phrases.is_empty() {
        let instructs = |part: &&ContextPart| part.role.is_none() && part.kind == ContentKind::Instructions;
        let at = parts.iter().take_while(instructs).count();
        parts.insert(at, ContextPart::words(PartKey::Phrases, ContentKind::Instructions, phrases));
    }
    parts
}

fn sheet_part(part: &ContextPart, included: bool) -> SheetPart {
    let bytes = part.picture.as_ref().map_or(part.text.len() as u64, |picture| {
        std::fs::metadata(&picture.path).map_or(0, |file| file.len())
    });
    let ContextPart { key, kind, role, text, picture, optional, off, heading: _ } = part.clone();
    SheetPart { key, kind, role, text, picture, bytes, included, optional, off }
}

#[cfg(test)]
mod tests;
