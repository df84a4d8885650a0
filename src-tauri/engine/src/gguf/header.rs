//! The header of a GGUF file: metadata by key, and where each tensor lies.
//!
//! Every length in it is checked against the bytes there are before it is believed.

use std::collections::HashMap;

use sotto_kernels::Kind;

/// What the header says.
pub struct Header {
    pub meta: HashMap<String, Value>,
    pub tensors: HashMap<String, Place>,
    /// Where the tensors' data begins.
    start: u64,
}

/// A value of the metadata.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Integer(i64),
    Float(f64),
    Bool(bool),
    Text(String),
    List(Vec<Value>),
}

/// Where a tensor lies.
#[derive(Debug, Clone)]
pub struct Place {
    pub kind: Kind,
    /// Rows first, as candle counts; GGUF counts the other way round.
    pub shape: Vec<usize>,
    /// Where it begins, from the beginning of the file.
    pub at: usize,
    /// How many bytes it has.
    pub length: usize,
}

/// Nothing in a model nests deeper.
const DEEPEST_LIST: u8 = 4;
/// Nothing in a model has more dimensions.
const MOST_DIMENSIONS: u32 = 4;

impl Header {
    /// Reads the header of `file`; `None` where it is not one, or breaks off.
    pub fn read(file: &[u8]) -> Option<Self> {
        let mut bytes = Bytes { left: file };
        if bytes.take(4)? != b"GGUF" || !(2..=3).contains(&bytes.u32()?) {
            return None;
        }
        let (tensors, values) = (bytes.u64()?, bytes.u64()?);
        let mut meta = HashMap::new();
        for _ in 0..values {
            let key = bytes.text()?;
            let kind = bytes.u32()?;
            meta.insert(key, bytes.value(kind, DEEPEST_LIST)?);
        }
        let mut found = Vec::new();
        for _ in 0..tensors {
            found.push((bytes.text()?, bytes.tensor()?));
        }
        let alignment = match meta.get("general.alignment") {
            Some(Value::Integer(n)) => u64::try_from(*n).ok().filter(|n| n.is_power_of_two())?,
            _ => 32,
        };
        let start = ((file.len() - bytes.left.len()) as u64).checked_next_multiple_of(alignment)?;
        let tensors = found
            .into_iter()
            .map(|(name, (kind, shape, offset, length))| {
                let at = usize::try_from(start.checked_add(offset)?).ok()?;
                at.checked_add(length)?;
                Some((name, Place { kind, shape, at, length }))
            })
            .collect::<Option<_>>()?;
        Some(Self { meta, tensors, start })
    }

    /// Where the last tensor ends; `None` where there is none.
    pub fn end(&self) -> Option<u64> {
        let last = self.tensors.values().map(|place| (place.at + place.length) as u64).max()?;
        Some(last.max(self.start))
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        match self.meta.get(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn integer(&self, key: &str) -> Option<u64> {
        match self.meta.get(key)? {
            Value::Integer(n) => u64::try_from(*n).ok(),
            _ => None,
        }
    }

    pub fn float(&self, key: &str) -> Option<f64> {
        match self.meta.get(key)? {
            Value::Float(x) => Some(*x),
            _ => None,
        }
    }

    pub fn list(&self, key: &str) -> Option<&[Value]> {
        match self.meta.get(key)? {
            Value::List(values) => Some(values),
            _ => None,
        }
    }
}

/// What is left to read. Numbers are little endian.
struct Bytes<'a> {
    left: &'a [u8],
}

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, left) = self.left.split_at_checked(count)?;
        self.left = left;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn text(&mut self) -> Option<String> {
        let length = usize::try_from(self.u64()?).ok()?;
        let bytes = self.take(length)?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }

    fn value(&mut self, kind: u32, depth: u8) -> Option<Value> {
        Some(match kind {
            0 => Value::Integer(i64::from(u8::from_le_bytes(self.array()?))),
            1 => Value::Integer(i64::from(i8::from_le_bytes(self.array()?))),
            2 => Value::Integer(i64::from(u16::from_le_bytes(self.array()?))),
            3 => Value::Integer(i64::from(i16::from_le_bytes(self.array()?))),
            4 => Value::Integer(i64::from(self.u32()?)),
            5 => Value::Integer(i64::from(i32::from_le_bytes(self.array()?))),
            6 => Value::Float(f64::from(f32::from_le_bytes(self.array()?))),
            7 => Value::Bool(self.array::<1>()? != [0]),
            8 => Value::Text(self.text()?),
            9 => {
                let (kind, count) = (self.u32()?, self.u64()?);
                let depth = depth.checked_sub(1)?;
                // Grown as it is read: a count that lies runs out of bytes, not memory.
                let mut values = Vec::new();
                for _ in 0..count {
                    values.push(self.value(kind, depth)?);
                }
                Value::List(values)
            }
            10 => Value::Integer(i64::try_from(self.u64()?).ok()?),
            11 => Value::Integer(i64::from_le_bytes(self.array()?)),
            12 => Value::Float(f64::from_le_bytes(self.array()?)),
            _ => return None,
        })
    }

    /// A tensor's type, shape, offset and length.
    fn tensor(&mut self) -> Option<(Kind, Vec<usize>, u64, usize)> {
        let dimensions = self.u32()?;
        if !(1..=MOST_DIMENSIONS).contains(&dimensions) {
            return None;
        }
        let mut shape = Vec::new();
        for _ in 0..dimensions {
            shape.push(usize::try_from(self.u64()?).ok()?);
        }
        let (kind, offset) = (kind(self.u32()?)?, self.u64()?);
        let (block, size) = kind.block();
        let columns = *shape.first()?;
        if !columns.is_multiple_of(block) {
            return None;
        }
        let count = shape.iter().try_fold(1_usize, |count, n| count.checked_mul(*n))?;
        let length = (count / block).checked_mul(size)?;
        shape.reverse();
        Some((kind, shape, offset, length))
    }
}

/// The numbers that GGUF gives to the kinds that our kernels compute.
fn kind(number: u32) -> Option<Kind> {
    Some(match number {
        0 => Kind::F32,
        1 => Kind::F16,
        2 => Kind::Q4_0,
        3 => Kind::Q4_1,
        6 => Kind::Q5_0,
        7 => Kind::Q5_1,
        8 => Kind::Q8_0,
        10 => Kind::Q2K,
        11 => Kind::Q3K,
        12 => Kind::Q4K,
        13 => Kind::Q5K,
        14 => Kind::Q6K,
        16 => Kind::Iq2Xxs,
        17 => Kind::Iq2Xs,
        18 => Kind::Iq3Xxs,
        19 => Kind::Iq1S,
        20 => Kind::Iq4Nl,
        21 => Kind::Iq3S,
        22 => Kind::Iq2S,
        23 => Kind::Iq4Xs,
        29 => Kind::Iq1M,
        30 => Kind::Bf16,
        34 => Kind::Tq1_0,
        35 => Kind::Tq2_0,
        39 => Kind::Mxfp4,
        _ => return None,
    })
}
