//! What the header of a GGUF file says: enough to know whether Sotto can use it, how
//! much memory it takes, and whether it is whole.
//!
//! The header is read as a stream, and nothing in it is trusted: every length is held
//! against a limit, lists are passed over without being kept, and all of it together
//! may not be longer than any model's. The format: github.com/ggml-org/ggml, docs/gguf.md.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

/// The one architecture that Sotto runs, as GGUF names it.
const ARCHITECTURE: &str = "mistral3";
/// What the part of a model that sees calls itself.
const VISION: &str = "clip";

/// No header is longer: the vocabulary of a model takes some ten megabytes.
const LONGEST_HEADER: u64 = 256 << 20;
/// No text in it is longer: chat templates are the longest.
const LONGEST_TEXT: u64 = 4 << 20;
/// No model has more tensors, or more values in its description.
const MOST: u64 = 65_536;
/// Nothing in a model nests deeper.
const DEEPEST_LIST: u8 = 4;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A model that Sotto runs.
    Model(Shape),
    /// The part of such a model that sees.
    Vision,
    /// A model of another architecture.
    Another(String),
}

/// The figures that memory is reckoned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Shape {
    /// How many layers.
    pub layers: u32,
    /// How many heads keep a memory of the text.
    pub kv_heads: u32,
    /// How many numbers a head keeps for each piece of text, twice.
    pub head_size: u32,
    /// The longest text the model was made for, in tokens.
    pub longest: u32,
}

impl Shape {
    /// What the memory of one token takes, in bytes: keys and values, two bytes each.
    pub fn kv_bytes(self) -> u64 {
        2 * 2 * u64::from(self.layers) * u64::from(self.kv_heads) * u64::from(self.head_size)
    }
}

/// What the header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub kind: Kind,
    /// How long the file must be for everything it names to lie in it.
    pub whole: u64,
}

/// Why there is no header.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// It does not begin as GGUF files do.
    NotGguf,
    /// It breaks off: there may be more to come.
    BreaksOff,
    /// It says what cannot be.
    Damaged,
    /// Its weights are packed in a way that the engine does not know.
    OtherPacking,
    /// The disk does not give it.
    Disk(io::Error),
}

/// Reads the header of the file at `path`.
pub(crate) fn read(path: &Path) -> Result<Header, Unreadable> {
    let file = File::open(path).map_err(Unreadable::Disk)?;
    Bytes { from: BufReader::with_capacity(1 << 16, file), taken: 0 }.header()
}

/// Whether the beginning of a file already shows that Sotto has no use for it.
pub(crate) fn is_of_no_use(beginning: &[u8]) -> Option<Kind> {
    match (Bytes { from: beginning, taken: 0 }).architecture() {
        Ok(Some(name)) if name != ARCHITECTURE && name != VISION => Some(Kind::Another(name)),
        Err(Unreadable::NotGguf) => Some(Kind::Another("not a GGUF file".into())),
        Ok(_) | Err(_) => None,
    }
}

/// What is read, and how much of it so far. Numbers are little endian.
struct Bytes<R> {
    from: R,
    taken: u64,
}

/// A value of the description; what a list holds is passed over.
enum Value {
    Integer(i64),
    Text(String),
    Other,
}

impl<R: Read> Bytes<R> {
    fn header(mut self) -> Result<Header, Unreadable> {
        let (tensors, values) = self.counts()?;
        let mut architecture = String::new();
        let mut figures: Vec<(String, i64)> = Vec::new();
        for _ in 0..values {
            let key = self.text()?;
            let kind = self.u32()?;
            match self.value(kind, DEEPEST_LIST)? {
                Value::Text(text) if key == "general.architecture" => architecture = text,
                Value::Integer(n) => figures.push((key, n)),
                Value::Text(_) | Value::Other => {}
            }
        }
        let figure = |key: &str| figures.iter().find(|(name, _)| name == key).map(|(_, n)| *n);
        let kind = match architecture.as_str() {
            ARCHITECTURE => Kind::Model(shape(&figure).ok_or(Unreadable::Damaged)?),
            VISION => Kind::Vision,
            "" => return Err(Unreadable::Damaged),
            // Its tensors may be packed in ways nobody here has heard of: no matter.
            _ => return Ok(Header { kind: Kind::Another(architecture), whole: 0 }),
        };
        let mut data = 0;
        for _ in 0..tensors {
            data = data.max(self.tensor()?);
        }
        let alignment = match figure("general.alignment") {
            Some(n) => u64::try_from(n).ok().filter(|n| n.is_power_of_two()).ok_or(Unreadable::Damaged)?,
            None => 32,
        };
        let start = self.taken.checked_next_multiple_of(alignment).ok_or(Unreadable::Damaged)?;
        let whole = start.checked_add(data).ok_or(Unreadable::Damaged)?;
        Ok(Header { kind, whole })
    }

    /// What the file calls its architecture, where the beginning says it.
    fn architecture(mut self) -> Result<Option<String>, Unreadable> {
        let (_, values) = self.counts()?;
        for _ in 0..values {
            let key = self.text()?;
            let kind = self.u32()?;
            if let Value::Text(text) = self.value(kind, DEEPEST_LIST)?
                && key == "general.architecture"
            {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// How many tensors and how many values there are.
    fn counts(&mut self) -> Result<(u64, u64), Unreadable> {
        if &self.array::<4>()? != b"GGUF" {
            return Err(Unreadable::NotGguf);
        }
        if !(2..=3).contains(&self.u32()?) {
            return Err(Unreadable::NotGguf);
        }
        let counts = (self.u64()?, self.u64()?);
        if counts.0 > MOST || counts.1 > MOST {
            return Err(Unreadable::Damaged);
        }
        Ok(counts)
    }

    /// Where a tensor ends, from where the first begins.
    fn tensor(&mut self) -> Result<u64, Unreadable> {
        self.text()?;
        let dimensions = self.u32()?;
        if !(1..=4).contains(&dimensions) {
            return Err(Unreadable::Damaged);
        }
        let mut count = 1_u64;
        for _ in 0..dimensions {
            count = count.checked_mul(self.u64()?).ok_or(Unreadable::Damaged)?;
        }
        let (block, size) = packing(self.u32()?).ok_or(Unreadable::OtherPacking)?;
        let offset = self.u64()?;
        if !count.is_multiple_of(block) {
            return Err(Unreadable::Damaged);
        }
        let length = (count / block).checked_mul(size).ok_or(Unreadable::Damaged)?;
        offset.checked_add(length).ok_or(Unreadable::Damaged)
    }

    fn value(&mut self, kind: u32, depth: u8) -> Result<Value, Unreadable> {
        Ok(match kind {
            0 => Value::Integer(i64::from(u8::from_le_bytes(self.array()?))),
            1 => Value::Integer(i64::from(i8::from_le_bytes(self.array()?))),
            2 => Value::Integer(i64::from(u16::from_le_bytes(self.array()?))),
            3 => Value::Integer(i64::from(i16::from_le_bytes(self.array()?))),
            4 => Value::Integer(i64::from(self.u32()?)),
            5 => Value::Integer(i64::from(i32::from_le_bytes(self.array()?))),
            10 => Value::Integer(i64::try_from(self.u64()?).map_err(|_| Unreadable::Damaged)?),
            11 => Value::Integer(i64::from_le_bytes(self.array()?)),
            8 => Value::Text(self.text()?),
            9 => {
                let (kind, count) = (self.u32()?, self.u64()?);
                let depth = depth.checked_sub(1).ok_or(Unreadable::Damaged)?;
                match width(kind) {
                    Some(width) => self.skip(count.checked_mul(width).ok_or(Unreadable::Damaged)?)?,
                    // A count that lies runs out of bytes, not of memory.
                    None => {
                        for _ in 0..count {
                            self.pass_over(kind, depth)?;
                        }
                    }
                }
                Value::Other
            }
            _ => {
                self.skip(width(kind).ok_or(Unreadable::Damaged)?)?;
                Value::Other
            }
        })
    }

    fn pass_over(&mut self, kind: u32, depth: u8) -> Result<(), Unreadable> {
        if kind == 8 {
            let length = self.u64()?;
            return self.skip(length);
        }
        self.value(kind, depth).map(|_| ())
    }

    fn text(&mut self) -> Result<String, Unreadable> {
        let length = self.u64()?;
        if length > LONGEST_TEXT {
            return Err(Unreadable::Damaged);
        }
        self.count(length)?;
        let mut text = Vec::new();
        let got = self.from.by_ref().take(length).read_to_end(&mut text).map_err(Unreadable::Disk)?;
        if (got as u64) < length {
            return Err(Unreadable::BreaksOff);
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn skip(&mut self, length: u64) -> Result<(), Unreadable> {
        self.count(length)?;
        let skipped = io::copy(&mut self.from.by_ref().take(length), &mut io::sink());
        match skipped.map_err(Unreadable::Disk)? {
            skipped if skipped < length => Err(Unreadable::BreaksOff),
            _ => Ok(()),
        }
    }

    fn count(&mut self, length: u64) -> Result<(), Unreadable> {
        self.taken = self.taken.checked_add(length).ok_or(Unreadable::Damaged)?;
        if self.taken > LONGEST_HEADER { Err(Unreadable::Damaged) } else { Ok(()) }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        self.count(N as u64)?;
        let mut bytes = [0; N];
        self.from.read_exact(&mut bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Unreadable::BreaksOff,
            _ => Unreadable::Disk(error),
        })?;
        Ok(bytes)
    }

    fn u32(&mut self) -> Result<u32, Unreadable> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, Unreadable> {
        self.array().map(u64::from_le_bytes)
    }
}

fn shape(figure: &dyn Fn(&str) -> Option<i64>) -> Option<Shape> {
    // Far above every model there is, and far below what would overflow.
    let own = |key: &str| {
        let n = figure(&format!("{ARCHITECTURE}.{key}"))?;
        u32::try_from(n).ok().filter(|n| (1..1 << 20).contains(n))
    };
    let head_size = match own("attention.key_length") {
        Some(size) => size,
        None => own("embedding_length")?.checked_div(own("attention.head_count")?)?,
    };
    Some(Shape {
        layers: own("block_count")?,
        kv_heads: own("attention.head_count_kv")?,
        head_size,
        longest: own("context_length")?,
    })
}

/// How many bytes a value of this kind has, where all of the kind have the same.
fn width(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

/// How many weights a block holds and how many bytes it has, for the packings that the
/// engine multiplies with.
fn packing(number: u32) -> Option<(u64, u64)> {
    match number {
        0 => Some((1, 4)),
        1 | 30 => Some((1, 2)),
        2 => Some((32, 18)),
        3 => Some((32, 20)),
        6 => Some((32, 22)),
        7 => Some((32, 24)),
        8 => Some((32, 34)),
        10 => Some((256, 84)),
        11 => Some((256, 110)),
        12 => Some((256, 144)),
        13 => Some((256, 176)),
        14 => Some((256, 210)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
