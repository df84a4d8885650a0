//! A GGUF file, written from front to back: metadata first, then where each tensor will
//! lie, then the tensors. The format: github.com/ggml-org/ggml, docs/gguf.md.

use std::io::{self, Write};

const ALIGNMENT: u64 = 32;

/// What a key can hold.
pub enum Value<'a> {
    Text(&'a str),
    Integer(u32),
    Float(f32),
    Flag(bool),
    Texts(&'a [String]),
    Integers(&'a [i32]),
}

/// How a tensor's numbers lie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    F32,
    Q4K,
    Q6K,
}

impl Kind {
    fn code(self) -> u32 {
        match self {
            Self::F32 => 0,
            Self::Q4K => 12,
            Self::Q6K => 14,
        }
    }

    /// Numbers in a block, and its bytes.
    pub fn block(self) -> (u64, u64) {
        match self {
            Self::F32 => (1, 4),
            Self::Q4K => (256, 144),
            Self::Q6K => (256, 210),
        }
    }
}

/// A tensor of `rows` rows; a row alone is a vector.
pub struct Tensor {
    pub name: String,
    pub rows: u64,
    pub columns: u64,
    pub kind: Kind,
}

impl Tensor {
    pub fn bytes(&self) -> u64 {
        let (numbers, bytes) = self.kind.block();
        self.rows * self.columns / numbers * bytes
    }
}

/// Writes the file; `fill` makes a tensor's bytes.
pub fn write(
    to: &mut impl Write,
    metadata: &[(&str, Value<'_>)],
    tensors: &[Tensor],
    mut fill: impl FnMut(&Tensor) -> Vec<u8>,
) -> io::Result<()> {
    let mut head = Vec::new();
    head.extend(b"GGUF");
    head.extend(3u32.to_le_bytes());
    head.extend((tensors.len() as u64).to_le_bytes());
    head.extend((metadata.len() as u64).to_le_bytes());
    for (key, value) in metadata {
        text(&mut head, key);
        put(&mut head, value);
    }
    let mut at = 0u64;
    for tensor in tensors {
        text(&mut head, &tensor.name);
        let shape: &[u64] = if tensor.rows == 1 { &[tensor.columns] } else { &[tensor.columns, tensor.rows] };
        head.extend(u32::try_from(shape.len()).unwrap_or(2).to_le_bytes());
        head.extend(shape.iter().flat_map(|length| length.to_le_bytes()));
        head.extend(tensor.kind.code().to_le_bytes());
        head.extend(at.to_le_bytes());
        at = (at + tensor.bytes()).next_multiple_of(ALIGNMENT);
    }
    let length = head.len().next_multiple_of(32);
    head.resize(length, 0);
    to.write_all(&head)?;
    for tensor in tensors {
        let mut bytes = fill(tensor);
        bytes.resize(bytes.len().next_multiple_of(32), 0);
        to.write_all(&bytes)?;
    }
    to.flush()
}

fn text(head: &mut Vec<u8>, text: &str) {
    head.extend((text.len() as u64).to_le_bytes());
    head.extend(text.as_bytes());
}

// The codes of what a key can hold.
const UNSIGNED: u32 = 4;
const SIGNED: u32 = 5;
const FLOAT: u32 = 6;
const FLAG: u32 = 7;
const TEXT: u32 = 8;
const LIST: u32 = 9;

fn put(head: &mut Vec<u8>, value: &Value<'_>) {
    match value {
        Value::Integer(number) => {
            head.extend([UNSIGNED, *number].into_iter().flat_map(u32::to_le_bytes));
        }
        Value::Float(number) => {
            head.extend([FLOAT, number.to_bits()].into_iter().flat_map(u32::to_le_bytes));
        }
        Value::Flag(flag) => {
            head.extend(FLAG.to_le_bytes());
            head.push(u8::from(*flag));
        }
        Value::Text(words) => {
            head.extend(TEXT.to_le_bytes());
            text(head, words);
        }
        Value::Texts(list) => {
            head.extend([LIST, TEXT].into_iter().flat_map(u32::to_le_bytes));
            head.extend((list.len() as u64).to_le_bytes());
            list.iter().for_each(|words| text(head, words));
        }
        Value::Integers(list) => {
            head.extend([LIST, SIGNED].into_iter().flat_map(u32::to_le_bytes));
            head.extend((list.len() as u64).to_le_bytes());
            head.extend(list.iter().flat_map(|number| number.to_le_bytes()));
        }
    }
}
