//! A question packed to leave, and the sheet that shows her what is in the parcel.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use sotto_domain::{
    CloudChoice, ContentKind, Destination, MessageId, NanoUsd, Picture, ProjectId, Request, Role, Rules,
    Sampling, Subject,
};
use sotto_egress::{Consent, Reach, Refusal};
use sotto_providers::{Choice, Endpoint, Limits, Prepared, Route, Tariff};
use sotto_store::NewAgreement;

use super::{
    Draft, Question, deciding,
    draft::{UNSTORED, destination},
    endpoint,
};
use crate::{SendError, Settings, Sotto, context};

/// What she is shown before something leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The provider's name.
    pub recipient: String,
    /// Where that is: `https://router.huggingface.co`.
    pub origin: String,
    /// Whether that is another program on this computer.
    pub here: bool,
    /// The model, as it is asked for.
    pub model: String,
    /// The machine room, where it is pinned.
    pub backend: Option<String>,
    /// All that would leave and all that was struck out, in its order.
    pub parts: Vec<SheetPart>,
    /// The body as it would leave; a few words stand for each picture's bytes.
    pub exact: String,
    /// What the model does not take of it by its provider's own list, in sentences.
    pub remarks: Vec<String>,
    /// Its size.
    pub bytes: u64,
    /// About how many tokens that is.
    pub tokens: u64,
    /// The most it can cost; `None` where no price is known.
    pub highest_cost: Option<NanoUsd>,
    /// The project for which her agreement can be remembered.
    pub project: Option<(ProjectId, String)>,
    /// Identifies what is shown, by the SHA-256 of recipient, highest cost and the exact bytes:
    /// agreeing to one sheet is not agreeing to another.
    pub fingerprint: String,
}

/// A part of what would leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetPart {
    /// Its name for striking it out.
    pub key: String,
    /// What kind of content it is.
    pub kind: ContentKind,
    /// Who said it; `None` for what nobody said.
    pub role: Option<Role>,
    /// Its words.
    pub text: String,
    /// The picture, where it is one.
    pub picture: Option<Picture>,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whether it would leave, or was struck out.
    pub included: bool,
    /// Whether it can be struck out: the question itself cannot.
    pub optional: bool,
}

/// Her yes to a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agreed {
    /// [`Sheet::fingerprint`] of what she saw.
    pub fingerprint: String,
    /// The parts that she struck out.
    pub left_out: Vec<String>,
    /// Whether it holds for the whole project from now on.
    pub remember: bool,
}

/// How a question is to be answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Way {
    /// Where this one goes, and only this one.
    pub once: Option<CloudChoice>,
    /// Her yes, where she gave one.
    pub agreed: Option<Agreed>,
}

/// A question packed to leave, with her agreement.
pub(crate) struct Parcel {
    pub(crate) prepared: Prepared,
    pub(crate) endpoint: Endpoint,
    pub(crate) choice: Choice,
    pub(crate) consent: Consent,
    /// The model that the remembered agreement names by which it leaves; `None` where the user agreed
    /// to this one alone.
    pub(crate) agreed_model: Option<String>,
    /// What is to be remembered of the agreement once the question is stored.
    pub(crate) remember: Option<(Subject, Agreed)>,
}

impl Parcel {
    /// Where the answer will have been made.
    pub(crate) fn destination(&self) -> Destination {
        Destination::Cloud {
            provider: self.endpoint.provider().name.to_owned(),
            model: self.choice.model.clone(),
            backend: self.choice.backend().map(str::to_owned),
        }
    }

    /// What is to be remembered of the agreement, now that the question has its id.
    pub(crate) fn agreement(&self, question: MessageId) -> Option<NewAgreement> {
        let (subject, agreed) = self.remember.as_ref()?;
        let stored = |key: &String| key.replace(&message_key(UNSTORED), &message_key(question));
        Some(NewAgreement {
            subject: *subject,
            origin: self.consent.origin.to_string(),
            model: self.consent.model.clone(),
            kinds: self.consent.contents.iter().copied().collect(),
            left_out: agreed.left_out.iter().map(stored).collect(),
        })
    }
}

impl Sotto {
    /// What she must see before `question` leaves; `None` where it stays here, or where she
    /// agreed to all that is in it before. `left_out` is what she struck out so far.
    ///
    /// # Errors
    /// [`SendError`]: why it could not leave at all. Nothing was stored or sent, except that
    /// a list of prices may have been asked for.
    pub async fn sheet(
        &self,
        question: &Question,
        once: Option<&CloudChoice>,
        left_out: Option<&[String]>,
    ) -> Result<Option<Sheet>, SendError> {
        let draft = self.draft(question)?;
        let Some(choice) = destination(&draft, once) else { return Ok(None) };
        match left_out {
            Some(left_out) => Ok(Some(self.pack(&draft, &choice, left_out).await?.sheet(&draft))),
            None => match self.agreed_before(&draft, &choice, once.is_some()).await? {
                Ok(_) => Ok(None),
                Err(sheet) => Ok(Some(sheet)),
            },
        }
    }

    /// Packs the question if it is to leave, with her agreement; `None` where it stays.
    ///
    /// # Errors
    /// [`SendError::NotAgreed`] with what she must see; others as [`Self::sheet`].
    pub(crate) async fn parcel(&self, draft: &Draft, way: &Way) -> Result<Option<Parcel>, SendError> {
        let Some(choice) = destination(draft, way.once.as_ref()) else { return Ok(None) };
        let Some(agreed) = &way.agreed else {
            return match self.agreed_before(draft, &choice, way.once.is_some()).await? {
                Ok(packed) => Ok(Some(packed.seal(false, None))),
                Err(sheet) => Err(SendError::NotAgreed(Box::new(sheet))),
            };
        };
        let packed = self.pack(draft, &choice, &agreed.left_out).await?;
        let sheet = packed.sheet(draft);
        if sheet.fingerprint != agreed.fingerprint {
            return Err(SendError::NotAgreed(Box::new(sheet)));
        }
        let scope = match &draft.project {
            Some(project) if agreed.remember => Subject::Project(project.id),
            Some(_) | None => Subject::Conversation(draft.conversation.id),
        };
        let remember = way.once.is_none().then(|| (scope, agreed.clone()));
        Ok(Some(packed.seal(way.once.is_some(), remember)))
    }

    /// What was agreed before, if it covers all that would leave now; else what to show her.
    async fn agreed_before(
        &self,
        draft: &Draft,
        choice: &CloudChoice,
        once: bool,
    ) -> Result<Result<Packed, Sheet>, SendError> {
        let settings = self.settings.get();
        let there = endpoint(&settings, &choice.provider)?;
        let model = read_choice(&there, choice).asked(&there)?;
        let project = draft.project.as_ref().map(|project| project.id);
        let agreement = if once {
            None
        } else {
            let subject = Subject::Conversation(draft.conversation.id);
            self.library.agreement(subject, project, &there.origin().to_string(), &model)?
        };
        let Some(agreement) = agreement else {
            return Ok(Err(self.pack(draft, choice, &[]).await?.sheet(draft)));
        };
        let packed = self.pack(draft, choice, &agreement.left_out).await?;
        // What the model would not take is shown before it leaves, agreed to or not.
        if packed.prepared.contents().is_subset(&agreement.kinds) && packed.beyond.is_empty() {
            Ok(Ok(packed))
        } else {
            Ok(Err(packed.sheet(draft)))
        }
    }

    /// Packs what is left of the question without the parts struck out, if it may leave at all
    /// and its cost stays within the month's limit.
    async fn pack(
        &self,
        draft: &Draft,
        choice: &CloudChoice,
        left_out: &[String],
    ) -> Result<Packed, SendError> {
        let settings = self.settings.get();
        let permitted = self.settings.rules();
        if permitted.offline_lock {
            return Err(Refusal::OfflineLock.into());
        }
        if !permitted.cloud {
            return Err(Refusal::CloudOff.into());
        }
        let there = endpoint(&settings, &choice.provider)?;
        let model = read_choice(&there, choice);
        let parts = parts(draft, &settings, left_out);
        let request = request(draft, &settings, &parts);
        let (tariff, limits) = self.terms(&there, &model).await;
        let mut prepared =
            self.elsewhere.cloud().prepare(&there, &model, request, tariff)?.within(&limits)?;
        let beyond = prepared.beyond(&limits);
        for part in parts.iter().filter(|part| part.included) {
            prepared = prepared.also(part.kind);
        }
        self.within_the_limit(draft.project.as_ref(), prepared.ceiling())?;
        Ok(Packed { prepared, endpoint: there, choice: model, parts, beyond })
    }

    /// What the model costs and what it takes, as the provider lists it; unknown where that cannot
    /// be had.
    async fn terms(&self, there: &Endpoint, model: &Choice) -> (Tariff, Limits) {
        match self.elsewhere.listed_soon(there, deciding(&self.settings)).await {
            Ok((at, models)) => match models.iter().find(|listed| listed.id == model.model) {
                Some(listed) => (listed.tariff(&model.route, at), listed.limits(&model.route)),
                None => (Tariff::unknown(at), Limits::default()),
            },
            Err(error) => {
                tracing::info!(%error, "the prices could not be read");
                (Tariff::unknown((self.clock)()), Limits::default())
            }
        }
    }
}

/// A question packed, not agreed to yet.
struct Packed {
    prepared: Prepared,
    endpoint: Endpoint,
    choice: Choice,
    parts: Vec<SheetPart>,
    beyond: Vec<String>,
}

impl Packed {
    fn sheet(&self, draft: &Draft) -> Sheet {
        Sheet {
            recipient: self.endpoint.provider().name.to_owned(),
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
            project: draft.project.as_ref().map(|project| (project.id, project.name.clone())),
            fingerprint: self.fingerprint(),
        }
    }

    fn fingerprint(&self) -> String {
        let origin = self.prepared.recipient().to_string();
        let highest = self.prepared.ceiling().map_or_else(String::new, |NanoUsd(nano)| nano.to_string());
        let mut seen = Sha256::new();
        for part in [origin.as_bytes(), highest.as_bytes(), self.prepared.body()] {
            // Each by its length, so that nothing passes from one part into the next.
            seen.update((part.len() as u64).to_le_bytes());
            seen.update(part);
        }
        format!("{:x}", seen.finalize())
    }

    fn seal(self, once: bool, remember: Option<(Subject, Agreed)>) -> Parcel {
        let consent = Consent {
            origin: self.prepared.recipient().clone(),
            provider: self.endpoint.provider().id.to_owned(),
            model: self.prepared.asked().to_owned(),
            contents: self.prepared.contents(),
        };
        Parcel {
            agreed_model: (!once).then(|| consent.model.clone()),
            prepared: self.prepared,
            endpoint: self.endpoint,
            choice: self.choice,
            consent,
            remember,
        }
    }
}

/// Her choice in the provider's terms: what follows the model's colon says who serves it,
/// where the provider passes questions on.
pub(super) fn read_choice(there: &Endpoint, choice: &CloudChoice) -> Choice {
    let split = choice.model.rsplit_once(':').filter(|_| there.provider().can.routes);
    let Some((model, route)) = split else { return Choice::of(choice.model.clone()) };
    let route = match route {
        "fastest" => Route::Fastest,
        "cheapest" => Route::Cheapest,
        "preferred" => Route::Preferred,
        backend => Route::Pinned(backend.to_owned()),
    };
    Choice { model: model.to_owned(), route }
}

/// All that the answer could be made from, each part marked whether it leaves.
fn parts(draft: &Draft, settings: &Settings, left_out: &[String]) -> Vec<SheetPart> {
    let mut parts = Vec::new();
    let mut add = |key: String, kind, role, text: String, picture: Option<&Picture>, optional: bool| {
        let included = !optional || !left_out.contains(&key);
        let bytes = picture.map_or(text.len() as u64, |picture| {
            std::fs::metadata(&picture.path).map_or(0, |file| file.len())
        });
        parts.push(SheetPart { key, kind, role, text, picture: picture.cloned(), bytes, included, optional });
    };
    let instructions = draft.conversation.instructions.trim();
    if !instructions.is_empty() {
        add("instructions".into(), ContentKind::Instructions, None, instructions.to_owned(), None, true);
    }
    let phrases = context::never_write(&settings.banned);
    if !phrases.is_empty() {
        add("phrases".into(), ContentKind::Instructions, None, phrases, None, true);
    }
    let notes = draft.project.as_ref().map_or("", |project| project.notes.trim());
    if !notes.is_empty() {
        add("notes".into(), ContentKind::Notes, None, notes.to_owned(), None, true);
    }
    let question = draft.branch.last().map(|message| message.id);
    for message in &draft.branch {
        let key = message_key(message.id);
        let optional = Some(message.id) != question;
        for (number, picture) in message.pictures.iter().enumerate() {
            let picture_key = format!("{key}/{number}");
            add(picture_key, ContentKind::Pictures, Some(message.role), String::new(), Some(picture), true);
        }
        if !message.text.trim().is_empty() {
            add(key, ContentKind::Messages, Some(message.role), message.text.clone(), None, optional);
        }
    }
    parts
}

/// The request that is left when what was struck out is gone.
fn request(draft: &Draft, settings: &Settings, parts: &[SheetPart]) -> Request {
    let included: BTreeSet<&str> =
        parts.iter().filter(|part| part.included).map(|part| part.key.as_str()).collect();
    let words =
        |key: &str| parts.iter().find(|part| part.key == key && part.included).map_or("", |part| &part.text);
    let instructions = [words("instructions"), words("phrases")].join("\n\n");
    let mut branch = draft.branch.clone();
    for message in &mut branch {
        let key = message_key(message.id);
        if !included.contains(key.as_str()) {
            message.text.clear();
        }
        let pictures = std::mem::take(&mut message.pictures).into_iter().enumerate();
        message.pictures = pictures
            .filter(|(number, _)| included.contains(format!("{key}/{number}").as_str()))
            .map(|(_, picture)| picture)
            .collect();
    }
    Request {
        turns: context::turns(&instructions, words("notes"), &branch),
        sampling: Sampling { seed: settings.seed, ..settings.mood.sampling() },
        rules: Rules::default(),
        max_tokens: None,
    }
}

fn message_key(id: MessageId) -> String {
    format!("message:{}", id.0)
}

#[cfg(test)]
mod tests;
