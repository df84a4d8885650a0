//! A message made ready: the very bytes that would leave, and their parts for the user to look at
//! before anything does.

use std::collections::BTreeSet;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;
use sotto_domain::{NanoUsd, Picture, Request, Role};
use sotto_egress::{Content, Departure, Errand, Origin, Refusal};

use crate::{
    Choice, Endpoint, Field, Limits, ProviderError, Rate, Tariff,
    dialect::{Ask, Encoded},
};

/// The longest answer where the request names none: a highest cost needs one.
const LONGEST_ANSWER: u32 = 8192;

/// The largest file of a picture.
const MAX_PICTURE_BYTES: u64 = 20 * 1024 * 1024;

/// A message that could be sent. What it holds is all that would leave, beside the key.
#[derive(Debug)]
pub struct Prepared {
    pub(crate) endpoint: Endpoint,
    tariff: Tariff,
    without: BTreeSet<Field>,
    model: String,
    asked: String,
    errand: Errand,
    request: Request,
    schema: Option<Value>,
    pictures: Vec<Vec<Encoded>>,
    max_tokens: u32,
    parts: Vec<Part>,
    body: Vec<u8>,
}

/// A part of what would leave, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words.
    Text {
        /// Which of the request's turns they are, from 0.
        turn: usize,
        /// Who says them.
        role: Role,
        /// The words, all of them.
        text: String,
    },
    /// A picture.
    Picture {
        /// Which of the request's turns shows it, from 0.
        turn: usize,
        /// The picture.
        picture: Picture,
        /// The size of its file.
        bytes: u64,
    },
    /// What the answer must hold to: a phrase that ends it, or the shape that it has.
    Rule {
        /// The phrase or the shape.
        text: String,
    },
}

impl Prepared {
    pub(crate) fn new(
        endpoint: &Endpoint,
        choice: &Choice,
        request: Request,
        tariff: Tariff,
        without: BTreeSet<Field>,
    ) -> Result<Self, ProviderError> {
        let provider = endpoint.provider();
        let asked = choice.asked(endpoint)?;
        if !request.rules.banned.is_empty() {
            return Err(ProviderError::NoBans { who: endpoint.who() });
        }
        let schema = match &request.rules.schema {
            None => None,
            Some(schema) if provider.can.schema => {
                let read = serde_json::from_str(schema);
                Some(read.map_err(|_| ProviderError::NoSchema { who: endpoint.who() })?)
            }
            Some(_) => return Err(ProviderError::NoSchema { who: endpoint.who() }),
        };
        let mut pictures = Vec::new();
        let mut parts = Vec::new();
        for (turn, said) in request.turns.iter().enumerate() {
            let mut shown = Vec::new();
            for picture in &said.pictures {
                let (encoded, bytes) = encode(picture)?;
                shown.push(encoded);
                parts.push(Part::Picture { turn, picture: picture.clone(), bytes });
            }
            pictures.push(shown);
            if !said.text.is_empty() {
                parts.push(Part::Text { turn, role: said.role, text: said.text.clone() });
            }
        }
        let rules = request.rules.stop.iter().chain(&request.rules.schema);
        parts.extend(rules.map(|text| Part::Rule { text: text.clone() }));
        let errand = Errand::Answer {
            provider: provider.id.to_owned(),
            model: asked.clone(),
            contents: contents(&parts),
        };
        let mut prepared = Self {
            endpoint: endpoint.clone(),
            tariff,
            without,
            model: choice.model.trim().to_owned(),
            asked,
            errand,
            max_tokens: request.max_tokens.unwrap_or(LONGEST_ANSWER),
            request,
            schema,
            pictures,
            parts,
            body: Vec::new(),
        };
        prepared.write()?;
        Ok(prepared)
    }

    /// The body, byte for byte as it would leave.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// What the user sees of it, part by part: nothing of theirs is in the body that is not here.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Who would get it.
    pub fn recipient(&self) -> &Origin {
        self.endpoint.origin()
    }

    /// The model, exactly as it is asked for.
    pub fn asked(&self) -> &str {
        &self.asked
    }

    /// The model by its name alone.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The longest answer that is asked for, in tokens.
    pub fn max_tokens(&self) -> u32 {
        self.max_tokens
    }

    /// The same, held to what the model is known to take: the answer is no longer than there is
    /// room for beside the question.
    pub fn within(mut self, limits: &Limits) -> Result<Self, ProviderError> {
        let fitting = limits.answer(self.max_tokens, self.tokens());
        if fitting != self.max_tokens {
            self.shorten(fitting)?;
        }
        Ok(self)
    }

    /// What is in it that the model does not take by its own list, in sentences; to be shown
    /// before anything leaves.
    pub fn beyond(&self, limits: &Limits) -> Vec<String> {
        let mut beyond = Vec::new();
        let shows = self.parts.iter().any(|part| matches!(part, Part::Picture { .. }));
        if shows && limits.pictures == Some(false) {
            beyond.push(format!(
                "{} does not take pictures, by its provider's list. Leave them out, or choose another model.",
                self.model
            ));
        }
        let (given, context) = (self.tokens(), limits.context.unwrap_or(u64::MAX));
        if given >= context {
            // About three words for four tokens.
            let words = |tokens: u64| tokens.saturating_mul(3) / 4;
            beyond.push(format!(
                "This is about {} words; {} holds about {} in mind, by its provider's list. Leave something out, \
                 or choose another model.",
                words(given),
                self.model,
                words(context)
            ));
        }
        beyond
    }

    /// Asks for a shorter answer.
    pub(crate) fn shorten(&mut self, max_tokens: u32) -> Result<(), ProviderError> {
        self.max_tokens = max_tokens;
        self.write()
    }

    /// The body for reading: word for word, with a few words in the place of each picture's bytes.
    pub fn readable(&self) -> String {
        let stand_in = |picture: &Encoded| {
            let words = format!("… {} letters of a picture …", picture.base64.len());
            Encoded { mime: picture.mime, base64: words }
        };
        let pictures: Vec<Vec<Encoded>> =
            self.pictures.iter().map(|shown| shown.iter().map(stand_in).collect()).collect();
        let body = self.encode_body(&pictures).unwrap_or_else(|_| self.body.clone());
        String::from_utf8_lossy(&body).into_owned()
    }

    /// The prices that its cost will be worked out with.
    pub fn tariff(&self) -> &Tariff {
        &self.tariff
    }

    /// About how many tokens the model would read: an estimate, to be called one.
    pub fn tokens(&self) -> u64 {
        self.count(
            |bytes| (bytes * 2).div_ceil(7),
            |picture| u64::from(picture.width) * u64::from(picture.height) / 750,
        )
    }

    /// The most it can cost: a token for every two bytes, well above what words take, and
    /// the longest answer; `None` where a price is not known.
    pub fn ceiling(&self) -> Option<NanoUsd> {
        // The dearest way known to count a picture: in tiles of 512 pixels, after scaling.
        let tiles = |picture: &Picture| {
            let tiles = u64::from(picture.width).div_ceil(512) * u64::from(picture.height).div_ceil(512);
            2833 + 5667 * tiles.min(8)
        };
        self.tariff.ceiling(self.count(|bytes| bytes.div_ceil(2), tiles), self.max_tokens)
    }

    /// The kinds of content in it, as far as they show in the parts. Whoever knows that the
    /// project's notes or documents are among the words says so with [`Self::also`].
    pub fn contents(&self) -> BTreeSet<Content> {
        match &self.errand {
            Errand::Answer { contents, .. } => contents.clone(),
            Errand::ModelDownload | Errand::ModelDetails | Errand::ProviderModels | Errand::KeyTest => {
                BTreeSet::new()
            }
        }
    }

    /// Says that this kind of content is in it too.
    #[must_use]
    pub fn also(mut self, content: Content) -> Self {
        if let Errand::Answer { contents, .. } = &mut self.errand {
            contents.insert(content);
        }
        self
    }

    /// The whole of what would leave, to be decided on. `why` is a sentence for the journal.
    pub fn departure(&self, why: &str) -> Result<Departure, Refusal> {
        let address = self.endpoint.address(self.endpoint.provider().dialect.path());
        let who = self.endpoint.name();
        let departure = Departure::post(self.errand.clone(), &address, self.body.clone(), who, why)?;
        Ok(departure.costing(self.ceiling()))
    }

    /// The rate of whoever serves it, where only one can.
    pub(crate) fn only_rate(&self) -> Rate {
        self.tariff.rate(None)
    }

    /// The same message as the trial of a key: it holds nothing of the user's.
    pub(crate) fn for_key_test(mut self) -> Self {
        self.errand = Errand::KeyTest;
        self
    }

    /// Writes the body without `field`; false where that changes nothing.
    pub(crate) fn leave_out(&mut self, field: Field) -> Result<bool, ProviderError> {
        let before = self.body.clone();
        self.without.insert(field);
        self.write()?;
        Ok(self.body != before)
    }

    fn write(&mut self) -> Result<(), ProviderError> {
        // Strings and numbers: only a number that is none cannot be written.
        self.body = self
            .encode_body(&self.pictures)
            .map_err(|_| ProviderError::NotTaken { who: self.endpoint.who(), said: None })?;
        Ok(())
    }

    fn encode_body(&self, pictures: &[Vec<Encoded>]) -> serde_json::Result<Vec<u8>> {
        let provider = self.endpoint.provider();
        provider.dialect.body(&Ask {
            model: &self.asked,
            request: &self.request,
            schema: self.schema.as_ref(),
            pictures,
            max_tokens: self.max_tokens,
            can: provider.can,
            without: &self.without,
        })
    }

    fn count(&self, text: impl Fn(u64) -> u64, shown: impl Fn(&Picture) -> u64) -> u64 {
        // What stands around each part, for the model.
        const AROUND: u64 = 8;
        let tokens = self.parts.iter().map(|part| match part {
            Part::Text { text: words, .. } | Part::Rule { text: words } => text(words.len() as u64),
            Part::Picture { picture, .. } => shown(picture),
        });
        tokens.map(|tokens| tokens + AROUND).sum()
    }
}

fn contents(parts: &[Part]) -> BTreeSet<Content> {
    let kind = |part: &Part| match part {
        Part::Text { role: Role::System, .. } | Part::Rule { .. } => Content::Instructions,
        Part::Text { role: Role::User | Role::Assistant, .. } => Content::Messages,
        Part::Picture { .. } => Content::Pictures,
    };
    parts.iter().map(kind).collect()
}

/// The picture as it is sent, and the size of its file. What it is stands in its first
/// bytes, whatever it is called.
fn encode(picture: &Picture) -> Result<(Encoded, u64), ProviderError> {
    let fault = |cause| ProviderError::Picture { path: picture.path.clone(), cause };
    let size = std::fs::metadata(&picture.path).map_err(|error| fault(Some(error)))?.len();
    if size > MAX_PICTURE_BYTES {
        return Err(fault(None));
    }
    let bytes = std::fs::read(&picture.path).map_err(|error| fault(Some(error)))?;
    let mime = match bytes.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        _ => return Err(fault(None)),
    };
    Ok((Encoded { mime, base64: BASE64_STANDARD.encode(&bytes) }, bytes.len() as u64))
}

#[cfg(test)]
mod tests;
