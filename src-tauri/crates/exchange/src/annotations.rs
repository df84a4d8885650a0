//! Markdown with who wrote what at its end, as iA's Markdown Annotations have it
//! (github.com/iainc/Markdown-Annotations, 0.1): ranges of what a reader sees as letters, and a
//! hash by which a program notices that the text was changed since.
//!
//! While the text is written, signs that stand for nothing say whose words follow; they are taken
//! out again, and so the ranges fit whatever marks Markdown needs around the words.

use std::cell::RefCell;
use std::fmt::Write;

use sha2::{Digest, Sha256};
use sotto_manuscript::{How, Mark, Origin};
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    book::Book,
    page::{book_markdown, is_sign},
};

/// Begins a sign; its number follows in digits of their own. All of them are code points that no
/// text has.
const SIGN: char = '\u{FDD0}';
const DIGITS: u32 = 0xFDD1;
/// Nobody's: marks and empty lines.
const NOBODY: usize = 0;

pub(crate) fn write(book: &Book) -> String {
    let authors = RefCell::new(Vec::<Option<Origin>>::new());
    let signed = book_markdown(book, &|marks| {
        let Some(marks) = marks else { return sign(NOBODY) };
        let origin = marks.iter().find_map(|mark| match mark {
            Mark::Origin { attrs } => Some(attrs.clone()),
            _ => None,
        });
        let mut authors = authors.borrow_mut();
        let known = authors.iter().position(|author| *author == origin);
        sign(
            1 + known.unwrap_or_else(|| {
                authors.push(origin);
                authors.len() - 1
            }),
        )
    });
    let (text, owners) = read(&signed);
    let hash = Sha256::digest(text.as_bytes());
    let hash: String = hash.iter().take(16).fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    });
    let (length, ranges) = ranges(&text, &owners);
    let mut out = format!("{text}\n\n---\nAnnotations: 0,{length} SHA-256 {hash}  \n");
    for (at, author) in authors.into_inner().into_iter().enumerate() {
        let own = ranges.iter().filter(|range| range.owner == at + 1);
        let own: Vec<_> = own.map(|range| format!("{},{}", range.start, range.length)).collect();
        if !own.is_empty() {
            let _ = writeln!(out, "{}: {}  ", key(author.as_ref(), &book.author), own.join(" "));
        }
    }
    out + "...\n"
}

fn sign(number: usize) -> String {
    let mut out = String::from(SIGN);
    for digit in format!("{number:x}").chars().filter_map(|digit| digit.to_digit(16)) {
        out.extend(char::from_u32(DIGITS + digit));
    }
    out
}

/// The text without signs, and from which byte on it is whose.
fn read(signed: &str) -> (String, Vec<(usize, usize)>) {
    let (mut text, mut owners) = (String::new(), vec![]);
    for piece in signed.split(SIGN) {
        let words = piece.trim_start_matches(is_sign);
        let number = piece[..piece.len() - words.len()].chars();
        let owner = number.fold(0, |number, digit| number * 16 + (u32::from(digit) - DIGITS) as usize);
        owners.push((text.len(), owner));
        text.push_str(words);
    }
    let whole = text.trim_end().len();
    text.truncate(whole);
    (text, owners)
}

struct Range {
    owner: usize,
    /// In graphemes, as the length.
    start: usize,
    length: usize,
}

/// How long the text is, and who has which part of it. What is nobody's between two pieces of
/// the same author is theirs.
fn ranges(text: &str, owners: &[(usize, usize)]) -> (usize, Vec<Range>) {
    let mut ranges: Vec<Range> = vec![];
    let (mut length, mut at) = (0, 0);
    for (byte, _) in text.grapheme_indices(true) {
        while owners.get(at + 1).is_some_and(|(from, _)| *from <= byte) {
            at += 1;
        }
        let owner = owners.get(at).map_or(NOBODY, |(_, owner)| *owner);
        match ranges.last_mut() {
            _ if owner == NOBODY => {}
            Some(last) if last.owner == owner => last.length = length + 1 - last.start,
            _ => ranges.push(Range { owner, start: length, length: 1 }),
        }
        length += 1;
    }
    (length, ranges)
}

/// `@` stands for people, `&` for everybody and everything else.
fn key(origin: Option<&Origin>, author: &str) -> String {
    let Some(Origin { how, who, edited }) = origin else {
        return format!("@{}", name(if author.is_empty() { "Author" } else { author }));
    };
    let who = match how {
        How::Pasted => "Pasted",
        How::Imported => "From a file",
        How::ModelHere | How::ModelElsewhere => who.as_deref().unwrap_or("A model"),
    };
    format!("&{}{}", name(who), if *edited { " <edited>" } else { "" })
}

fn name(name: &str) -> String {
    let line = name.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace(['<', '>', ','], " ").replace(':', "\\:")
}
