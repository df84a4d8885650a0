//! Where each stretch of a page came from. It is a record of how words came onto the page, made
//! by the editor as they came; it is no proof of who thought of them.

use std::ops::Range;

use crate::{
    schema::{Block, Document, How, Origin},
    step::Step,
    text::{walk, walk_words},
    words::words,
};
use serde::Serialize;
use specta::Type;

/// A stretch of [`Document::text`] that came in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Where it is, in bytes of the text. Spans cover the text exactly and never overlap.
    pub range: Range<usize>,
    /// How it came; `None`: typed.
    pub origin: Option<Origin>,
}

/// How many words of a page came how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Typed here.
    pub typed: usize,
    /// From the clipboard.
    pub pasted: usize,
    /// From a file.
    pub imported: usize,
    /// From a model on this device.
    pub model_here: usize,
    /// From a model elsewhere.
    pub model_elsewhere: usize,
    /// Of all that were not typed: changed by the user since.
    pub edited: usize,
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.typed += other.typed;
        self.pasted += other.pasted;
        self.imported += other.imported;
        self.model_here += other.model_here;
        self.model_elsewhere += other.model_elsewhere;
        self.edited += other.edited;
    }
}

impl Document {
    /// The stretches of its text. What stands between blocks belongs to what stands before it.
    pub fn spans(&self) -> Vec<Span> {
        let mut spans = Spans::default();
        walk(&self.blocks, &mut |piece, origin| spans.put(piece, origin));
        spans.all
    }

    /// Its words, by how they came. A word is of the stretch in which it begins.
    pub fn totals(&self) -> Totals {
        let (mut text, mut spans) = (String::new(), Spans::default());
        walk_words(&self.blocks, &mut |piece, origin| {
            text.push_str(piece);
            spans.put(piece, origin);
        });
        let spans = spans.all;
        let mut totals = Totals::default();
        let mut at = 0;
        for (start, count) in words(&text) {
            while spans.get(at).is_some_and(|span| span.range.end <= start) {
                at += 1;
            }
            let origin = spans.get(at).and_then(|span| span.origin.as_ref());
            *match origin.map(|origin| origin.how) {
                None => &mut totals.typed,
                Some(How::Pasted) => &mut totals.pasted,
                Some(How::Imported) => &mut totals.imported,
                Some(How::ModelHere) => &mut totals.model_here,
                Some(How::ModelElsewhere) => &mut totals.model_elsewhere,
            } += count;
            if origin.is_some_and(|origin| origin.edited) {
                totals.edited += count;
            }
        }
        totals
    }
}

#[derive(Default)]
struct Spans {
    all: Vec<Span>,
    end: usize,
}

impl Spans {
    fn put(&mut self, piece: &str, origin: Option<&Origin>) {
        let start = self.end;
        self.end += piece.len();
        let joins = piece.chars().all(|c| c == '\n');
        match self.all.last_mut() {
            Some(last) if joins || last.origin.as_ref() == origin => last.range.end = self.end,
            _ if start == self.end => {}
            _ => self.all.push(Span { range: start..self.end, origin: origin.cloned() }),
        }
    }
}

impl Document {
    /// How many letters of it models wrote, whether changed since or not.
    pub fn model_letters(&self) -> usize {
        model_letters(&self.blocks)
    }
}

impl Step {
    /// How many letters that it brings models wrote.
    pub fn model_letters(&self) -> usize {
        model_letters(&self.insert)
    }
}

fn model_letters(blocks: &[Block]) -> usize {
    let mut letters = 0;
    walk(blocks, &mut |piece, origin| {
        if origin.is_some_and(|origin| matches!(origin.how, How::ModelHere | How::ModelElsewhere)) {
            letters += piece.chars().count();
        }
    });
    letters
}
