//! What is left of a header to read. No count in it is believed: what is kept grows as bytes
//! come, and all of them together may be no more than a header has.

use std::io::{self, ErrorKind, Read};

use crate::{
    refused::Why,
    value::{Items, Value},
};

/// No header is longer: the largest vocabularies there are take some twenty megabytes.
const LONGEST_HEADER: u64 = 64 << 20;
/// No text in it is longer: chat templates are the longest.
const LONGEST_TEXT: u64 = 4 << 20;
/// No key and no tensor's name is longer.
const LONGEST_NAME: u64 = 4 << 10;
/// No list has more items: merges are the longest.
const LONGEST_LIST: u64 = 4 << 20;
/// No tensor has more dimensions.
const MOST_DIMENSIONS: u32 = 4;

/// A reader of numbers, which stand little endian.
pub(crate) struct Bytes<R> {
    from: R,
    /// How much was read.
    pub taken: u64,
}

/// A tensor as the header lists it: its name, dimensions (columns first), type's number, and
/// where it begins after the start of the data.
pub(crate) struct Listed {
    pub name: String,
    pub dimensions: Vec<u64>,
    pub packing: u32,
    pub offset: u64,
}

impl<R: Read> Bytes<R> {
    pub fn new(from: R) -> Self {
        Self { from, taken: 0 }
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Why> {
        self.count(N as u64)?;
        let mut bytes = [0; N];
        self.from.read_exact(&mut bytes).map_err(broken_off)?;
        Ok(bytes)
    }

    pub fn u32(&mut self) -> Result<u32, Why> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Result<u64, Why> {
        self.array().map(u64::from_le_bytes)
    }

    /// A key, or the name of a tensor.
    pub fn name(&mut self) -> Result<String, Why> {
        let length = self.u64()?;
        if length > LONGEST_NAME {
            return Err(Why::Damaged("a name is longer than any".into()));
        }
        let mut name = Vec::new();
        self.append(length, &mut name)?;
        String::from_utf8(name).map_err(|_| Why::Damaged("a name is not text".into()))
    }

    /// A value of this kind.
    pub fn value(&mut self, kind: u32) -> Result<Value, Why> {
        Ok(match kind {
            0 => Value::Integer(u8::from_le_bytes(self.array()?).into()),
            1 => Value::Integer(i8::from_le_bytes(self.array()?).into()),
            2 => Value::Integer(u16::from_le_bytes(self.array()?).into()),
            3 => Value::Integer(i16::from_le_bytes(self.array()?).into()),
            4 => Value::Integer(self.u32()?.into()),
            5 => Value::Integer(i32::from_le_bytes(self.array()?).into()),
            6 => Value::Float(f32::from_le_bytes(self.array()?).into()),
            7 => Value::Bool(self.array::<1>()? != [0]),
            8 => {
                let length = self.u64()?;
                if length > LONGEST_TEXT {
                    return Err(Why::Damaged("a text is longer than any".into()));
                }
                let mut text = Vec::new();
                self.append(length, &mut text)?;
                String::from_utf8(text).map_or(Value::NotText, Value::Text)
            }
            9 => Value::List(self.items()?),
            10 => Value::Integer(self.u64()?.into()),
            11 => Value::Integer(i64::from_le_bytes(self.array()?).into()),
            12 => Value::Float(f64::from_le_bytes(self.array()?)),
            _ => return Err(Why::Damaged(format!("a value is of kind {kind}"))),
        })
    }

    fn items(&mut self) -> Result<Items, Why> {
        let (kind, count) = (self.u32()?, self.u64()?);
        if count > LONGEST_LIST {
            return Err(Why::Damaged("a list is longer than any".into()));
        }
        let mut bytes = Vec::new();
        if kind == 8 {
            let mut ends = Vec::new();
            for _ in 0..count {
                let length = self.u64()?;
                self.append(length, &mut bytes)?;
                // Far below 4 GiB, by the length of a header.
                ends.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
            }
            return Ok(Items::texts(bytes, ends));
        }
        let width =
            Items::width(kind).ok_or_else(|| Why::Damaged(format!("a list is of kind {kind}")))? as u64;
        self.append(count * width, &mut bytes)?;
        Ok(Items::numbers(kind, bytes))
    }

    pub fn tensor(&mut self) -> Result<Listed, Why> {
        let name = self.name()?;
        let count = self.u32()?;
        if !(1..=MOST_DIMENSIONS).contains(&count) {
            return Err(Why::Damaged(format!("{name} has {count} dimensions")));
        }
        let dimensions = (0..count).map(|_| self.u64()).collect::<Result<_, _>>()?;
        Ok(Listed { name, dimensions, packing: self.u32()?, offset: self.u64()? })
    }

    /// Reads so many bytes to the end of `to`, which grows as they come.
    fn append(&mut self, length: u64, to: &mut Vec<u8>) -> Result<(), Why> {
        self.count(length)?;
        let got = self.from.by_ref().take(length).read_to_end(to).map_err(Why::Disk)?;
        if got as u64 == length { Ok(()) } else { Err(Why::BreaksOff) }
    }

    fn count(&mut self, length: u64) -> Result<(), Why> {
        self.taken = self.taken.saturating_add(length);
        let too_long = || Why::Damaged("its header is longer than any".into());
        (self.taken <= LONGEST_HEADER).then_some(()).ok_or_else(too_long)
    }
}

fn broken_off(error: io::Error) -> Why {
    match error.kind() {
        ErrorKind::UnexpectedEof => Why::BreaksOff,
        _ => Why::Disk(error),
    }
}
