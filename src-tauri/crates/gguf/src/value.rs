//! The values of a description.

use std::collections::HashSet;

/// A value of the description.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A whole number of any width.
    Integer(i128),
    /// A number with a fraction.
    Float(f64),
    /// Yes or no.
    Bool(bool),
    /// Text.
    Text(String),
    /// What should be text and is not UTF-8.
    NotText,
    /// A list.
    List(Items),
}

/// The items of a list, kept as tightly as they lie in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items {
    kind: u32,
    bytes: Vec<u8>,
    /// Where each text ends; empty for numbers.
    ends: Vec<u32>,
}

impl Items {
    pub(crate) fn texts(bytes: Vec<u8>, ends: Vec<u32>) -> Self {
        Self { kind: 8, bytes, ends }
    }

    pub(crate) fn numbers(kind: u32, bytes: Vec<u8>) -> Self {
        Self { kind, bytes, ends: Vec::new() }
    }

    /// How many bytes an item of this kind has, where all of the kind have the same.
    pub(crate) fn width(kind: u32) -> Option<usize> {
        match kind {
            0 | 1 | 7 => Some(1),
            2 | 3 => Some(2),
            4..=6 => Some(4),
            10..=12 => Some(8),
            _ => None,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match Self::width(self.kind) {
            Some(width) => self.bytes.len() / width,
            None => self.ends.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them as texts; `None` where one is something else.
    pub fn as_texts(&self) -> Option<Vec<&str>> {
        let is_texts = self.kind == 8;
        let mut from = 0;
        let text = |end: &u32| {
            let end = *end as usize;
            let text = std::str::from_utf8(self.bytes.get(from..end)?).ok();
            from = end;
            text
        };
        is_texts.then(|| self.ends.iter().map(text).collect()).flatten()
    }

    /// All of them as whole numbers; `None` where they are something else.
    pub fn as_integers(&self) -> Option<Vec<i64>> {
        let bytes = |width| self.bytes.chunks_exact(width);
        Some(match self.kind {
            0 => self.bytes.iter().map(|byte| i64::from(*byte)).collect(),
            1 => self.bytes.iter().map(|byte| i64::from(byte.cast_signed())).collect(),
            2 => bytes(2).map(|b| i64::from(u16::from_le_bytes([b[0], b[1]]))).collect(),
            3 => bytes(2).map(|b| i64::from(i16::from_le_bytes([b[0], b[1]]))).collect(),
            4 => bytes(4).map(|b| i64::from(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))).collect(),
            5 => bytes(4).map(|b| i64::from(i32::from_le_bytes([b[0], b[1], b[2], b[3]]))).collect(),
            10 | 11 => bytes(8).map(|b| b.try_into().ok().map(i64::from_le_bytes)).collect::<Option<_>>()?,
            _ => return None,
        })
    }

    /// All of them as numbers with a fraction; `None` where they are something else.
    pub fn as_floats(&self) -> Option<Vec<f64>> {
        let bytes = |width| self.bytes.chunks_exact(width);
        let floats: Vec<f64> = match self.kind {
            6 => bytes(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]).into()).collect(),
            12 => bytes(8).map(|b| b.try_into().ok().map(f64::from_le_bytes)).collect::<Option<_>>()?,
            _ => return None,
        };
        floats.iter().all(|x| x.is_finite()).then_some(floats)
    }

    /// Writes them as they lie in a file, their kind and number first.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.kind.to_le_bytes());
        out.extend_from_slice(&(self.len() as u64).to_le_bytes());
        if self.kind != 8 {
            return out.extend_from_slice(&self.bytes);
        }
        let mut from = 0;
        for end in &self.ends {
            let text = &self.bytes[from..*end as usize];
            out.extend_from_slice(&(text.len() as u64).to_le_bytes());
            out.extend_from_slice(text);
            from = *end as usize;
        }
    }

    /// Whether every text is there only once, the empty one aside.
    pub(crate) fn are_different(texts: &[&str]) -> bool {
        let mut seen = HashSet::with_capacity(texts.len());
        texts.iter().all(|text| text.is_empty() || seen.insert(*text))
    }
}
