//! What changed between two texts, by words. Paragraphs are compared first, so that a long page
//! with a few changes is compared at once.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use specta::Type;
use unicode_segmentation::UnicodeSegmentation;

/// The most words of two passages that are compared word by word: the time for it grows with
/// their product. Longer ones count as replaced.
const MOST_WORDS: usize = 20_000;

/// What became of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// It stands in both.
    Kept,
    /// It stands in the first alone.
    Removed,
    /// It stands in the second alone.
    Added,
}

/// A piece of either text, or of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Piece {
    /// What became of it.
    pub change: Change,
    /// The piece.
    pub text: String,
}

/// The way from `old` to `new`: those kept and removed are `old`, those kept and added are `new`.
pub fn changes(old: &str, new: &str) -> Vec<Piece> {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let mut pieces = Pieces(Vec::new());
    compare(&before, &after, &mut |old, new| match (old, new) {
        (Some(old), Some(new)) if old == new => pieces.put(Change::Kept, &old.concat()),
        (old, new) => {
            let (old, new) = (old.unwrap_or_default().concat(), new.unwrap_or_default().concat());
            by_words(&old, &new, &mut pieces);
        }
    });
    pieces.0
}

fn by_words(old: &str, new: &str, pieces: &mut Pieces) {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (old.split_word_bounds().collect(), new.split_word_bounds().collect());
    if before.is_empty() || after.is_empty() || before.len() + after.len() > MOST_WORDS {
        pieces.put(Change::Removed, old);
        pieces.put(Change::Added, new);
        return;
    }
    compare(&before, &after, &mut |old, new| match (old, new) {
        (Some(old), Some(new)) if old == new => pieces.put(Change::Kept, &old.concat()),
        (old, new) => {
            pieces.put(Change::Removed, &old.unwrap_or_default().concat());
            pieces.put(Change::Added, &new.unwrap_or_default().concat());
        }
    });
}

/// Tells of each run of both that is equal, and of each that is not.
fn compare<'a>(
    before: &[&'a str],
    after: &[&'a str],
    tell: &mut impl FnMut(Option<&[&'a str]>, Option<&[&'a str]>),
) {
    for op in capture_diff_slices(Algorithm::Myers, before, after) {
        match op {
            DiffOp::Equal { .. } | DiffOp::Replace { .. } => {
                tell(Some(&before[op.old_range()]), Some(&after[op.new_range()]));
            }
            DiffOp::Delete { .. } => tell(Some(&before[op.old_range()]), None),
            DiffOp::Insert { .. } => tell(None, Some(&after[op.new_range()])),
        }
    }
}

struct Pieces(Vec<Piece>);

impl Pieces {
    fn put(&mut self, change: Change, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.change == change => last.text.push_str(text),
            _ => self.0.push(Piece { change, text: text.to_owned() }),
        }
    }
}
