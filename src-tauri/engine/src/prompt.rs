//! From a talk to the model's tokens. What the template writes may be control; what a
//! person, a model or a file wrote is text, whatever it looks like.
//!
//! The template is rendered with a mark in the place of each thing that is said, and the
//! words take the marks' places only afterwards. So nobody's words are ever looked
//! through for control tokens, or seen by the template.

mod bounded;
mod template;

use std::{mem, path::Path};

use aho_corasick::{AhoCorasick, MatchKind};
use sotto_engine_protocol::{Part, Turn, TurnRole};
use tokenizers::Tokenizer;

use self::template::{Refusal, Template};
use crate::{
    fault::Fault,
    folder::Folder,
    pictures::{Shown, Sight},
    small,
    turns::{self, Said},
};

/// How a model is spoken to: its template, its tokenizer, and how it looks at pictures.
pub struct Language {
    /// The model's name.
    model: String,
    template: Template,
    /// To it, control tokens in a text are text.
    tokenizer: Tokenizer,
    controls: Controls,
    /// The token that every text begins with, where the template is not trusted to write it.
    begins: Option<u32>,
    sight: Option<Sight>,
}

/// The control tokens, and how they are found in what a template wrote.
struct Controls {
    ids: Vec<u32>,
    finder: AhoCorasick,
}

impl Language {
    /// Reads both from the model's folder.
    pub fn read(folder: &Folder) -> Result<Self, Fault> {
        let damaged = |file: &str| Fault::Damaged { model: folder.name.clone(), file: file.into() };
        let read = small::read(&folder.tokenizer).map_err(|error| error.to_string());
        let read = read.and_then(|bytes| Tokenizer::from_bytes(bytes).map_err(|error| error.to_string()));
        let mut tokenizer = read.map_err(|error| {
            tracing::warn!(%error, "the tokenizer cannot be read");
            damaged("tokenizer.json")
        })?;
        tokenizer.set_encode_special_tokens(true);
        let added = tokenizer.get_added_tokens_decoder().into_iter();
        let controls: Vec<_> =
            added.filter(|(_, token)| token.special).map(|(id, token)| (token.content, id)).collect();
        let controls: Vec<_> = controls.into_iter().filter(|(content, _)| !content.is_empty()).collect();
        let model = folder.name.clone();
        let template =
            Template::read(&folder.template).map_err(|refusal| Self::unspoken(&model, &refusal))?;
        let control = |name: &str| Some(controls.iter().find(|(content, _)| content == name)?.1);
        let sight = Sight::of(folder, &control)?;
        let (names, ids): (Vec<_>, Vec<_>) = controls.into_iter().unzip();
        // One may begin like another.
        let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(names);
        let finder = finder.map_err(|error| {
            tracing::warn!(%error, "the control tokens cannot be looked for");
            damaged("tokenizer.json")
        })?;
        let (controls, begins) = (Controls { ids, finder }, folder.begins);
        Ok(Self { model, template, tokenizer, controls, begins, sight })
    }

    /// Whether talks as the app has them can be written: a template that cannot is found out
    /// when the model is opened.
    pub fn try_out(&self) -> Result<(), Fault> {
        use TurnRole::{Assistant, System, User};
        for roles in [&[User][..], &[System, User], &[System, User, Assistant, User]] {
            let talk: Vec<_> = roles.iter().map(|role| Turn::text(*role, "Hello.")).collect();
            self.prompt(&talk)?;
        }
        Ok(())
    }

    fn unspoken(model: &str, refusal: &Refusal) -> Fault {
        match refusal {
            Refusal::Endless => {
                tracing::error!("the chat template comes to no end");
                Fault::TemplateEndless(model.into())
            }
            Refusal::Unusable(cause) => {
                tracing::warn!(cause, "the chat template cannot be used");
                Fault::TemplateUnusable(model.into())
            }
        }
    }

    /// How the model looks at pictures, if it does.
    pub fn sight(&self) -> Option<&Sight> {
        self.sight.as_ref()
    }

    /// The pictures of a talk, ready to be looked at.
    pub fn show(&self, turns: &[Turn]) -> Result<Shown, Fault> {
        match &self.sight {
            Some(sight) => sight.show(turns::pictures(turns)),
            None if turns::pictures(turns).next().is_none() => Ok(Shown::default()),
            None => Err(Fault::Blind),
        }
    }

    /// The tokens of a talk, as the model's own template writes it.
    pub fn prompt(&self, turns: &[Turn]) -> Result<Vec<u32>, Fault> {
        let said = turns::said(turns)?;
        let text = self.template.render(&said).map_err(|refusal| Self::unspoken(&self.model, &refusal))?;
        let mut ids = Vec::new();
        // Words side by side are tokenised as one, whoever wrote them.
        let mut words = String::new();
        for piece in self.pieces(&text, &said)? {
            match piece {
                Piece::Words(more) => words.push_str(more),
                Piece::Control(id) => {
                    self.encode(&mem::take(&mut words), &mut ids)?;
                    ids.push(id);
                }
                Piece::Picture(path) => {
                    self.encode(&mem::take(&mut words), &mut ids)?;
                    ids.extend(self.sight.as_ref().ok_or(Fault::Blind)?.ids(path)?);
                }
            }
        }
        self.encode(&words, &mut ids)?;
        if let Some(begins) = self.begins.filter(|begins| ids.first() != Some(begins)) {
            ids.insert(0, begins);
        }
        Ok(ids)
    }

    /// Cuts what the template wrote at its marks and its control tokens.
    fn pieces<'a>(&self, mut text: &'a str, said: &'a [Said<'a>]) -> Result<Vec<Piece<'a>>, Fault> {
        let parts: Vec<&Part> = said.iter().flat_map(Said::parts).collect();
        let mut pieces = Vec::new();
        while let Some((before, number, rest)) = template::first_mark(text) {
            self.own(before, &mut pieces);
            if let Some(Part::Text { text }) = parts.get(number) {
                pieces.push(Piece::Words(text));
            }
            text = rest;
        }
        self.own(text, &mut pieces);

        // A template writes one control token in the place of each picture.
        let mut shown = parts.into_iter().filter_map(|part| match part {
            Part::Picture { path } => Some(path),
            Part::Text { .. } => None,
        });
        let image = self.sight.as_ref().map(Sight::cell);
        for piece in &mut pieces {
            if matches!(piece, Piece::Control(id) if Some(*id) == image) {
                let own = || Refusal::Unusable("it shows a picture where there is none".into());
                let path = shown.next().ok_or_else(|| Self::unspoken(&self.model, &own()))?;
                *piece = Piece::Picture(path);
            }
        }
        if shown.next().is_some() { Err(Fault::Blind) } else { Ok(pieces) }
    }

    /// What the template itself wrote: control tokens, and words between them.
    fn own<'a>(&self, text: &'a str, pieces: &mut Vec<Piece<'a>>) {
        let mut begun = 0;
        for found in self.controls.finder.find_iter(text) {
            pieces.push(Piece::Words(&text[begun..found.start()]));
            pieces.push(Piece::Control(self.controls.ids[found.pattern()]));
            begun = found.end();
        }
        pieces.push(Piece::Words(&text[begun..]));
    }

    fn encode(&self, words: &str, ids: &mut Vec<u32>) -> Result<(), Fault> {
        if words.is_empty() {
            return Ok(());
        }
        let from = ids.len();
        self.encode_as_it_is(words, ids)?;
        // A tokenizer may hold a control token among its plain ones, and find it in a text.
        if ids[from..].iter().any(|id| self.controls.ids.contains(id)) {
            ids.truncate(from);
            let mut buffer = [0; 4];
            for character in words.chars() {
                self.encode_as_it_is(character.encode_utf8(&mut buffer), ids)?;
            }
        }
        Ok(())
    }

    fn encode_as_it_is(&self, words: &str, ids: &mut Vec<u32>) -> Result<(), Fault> {
        // The template begins with the token that begins a text; the tokenizer would put a
        // second one before it.
        let encoded = self.tokenizer.encode_fast(words, false).map_err(|error| {
            tracing::warn!(%error, "a text cannot be tokenised");
            Fault::Stumbled
        })?;
        ids.extend(encoded.get_ids());
        Ok(())
    }
}

/// A piece of a prompt.
enum Piece<'a> {
    Words(&'a str),
    Control(u32),
    Picture(&'a Path),
}

#[cfg(test)]
mod tests;
