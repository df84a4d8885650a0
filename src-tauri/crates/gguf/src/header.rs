//! The header of a file: its description, by key, and where each tensor lies.

use std::{collections::BTreeMap, io::Read};

use crate::{
    bytes::{Bytes, Listed},
    packing::Packing,
    refused::{Looks, Why},
    value::{Items, Value},
};

/// No model has more tensors, or more values in its description.
const MOST: u64 = 65_536;
/// Where nobody says otherwise, tensors begin at a multiple of this.
const ALIGNMENT: u64 = 32;
/// No file aligns more coarsely.
const COARSEST: u64 = 1 << 20;

/// What a header says.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    values: BTreeMap<String, Value>,
    tensors: BTreeMap<String, Tensor>,
    whole: u64,
}

/// Where a tensor lies, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    /// How its numbers are packed.
    pub packing: Packing,
    /// Its dimensions, columns first.
    pub dimensions: Vec<u64>,
    /// Which of the model's files it lies in: 0, where the model is one file.
    pub file: usize,
    /// Where it begins, from the beginning of that file.
    pub at: u64,
    /// How many bytes it has; 0 where its packing is not known.
    pub length: u64,
}

impl Header {
    /// Reads the header that `from` begins with. That the tensors lie within the file is for
    /// the caller to see, by [`Header::whole`].
    pub fn read(from: impl Read) -> Result<Self, Why> {
        let mut bytes = Bytes::new(from);
        let counts = counts(&mut bytes)?;
        let mut values = BTreeMap::new();
        for _ in 0..counts.values {
            let (key, kind) = (bytes.name()?, bytes.u32()?);
            let value = bytes.value(kind)?;
            if values.insert(key, value).is_some() {
                return Err(Why::Damaged("a value is given twice".into()));
            }
        }
        let listed = (0..counts.tensors).map(|_| bytes.tensor()).collect::<Result<Vec<_>, _>>()?;
        let alignment = match values.get("general.alignment") {
            None => ALIGNMENT,
            Some(Value::Integer(n)) => u64::try_from(*n)
                .ok()
                .filter(|n| n.is_power_of_two() && *n <= COARSEST)
                .ok_or_else(|| Why::Damaged(format!("tensors align to {n}")))?,
            Some(_) => return Err(Why::Damaged("tensors align to no number".into())),
        };
        let (tensors, whole) = lay_out(listed, bytes.taken.next_multiple_of(alignment), alignment)?;
        Ok(Self { values, tensors, whole })
    }

    /// What the beginning of a file calls its architecture, where it says so already.
    pub fn architecture_of(beginning: &[u8]) -> Result<Option<String>, Why> {
        let mut bytes = Bytes::new(beginning);
        let counts = counts(&mut bytes)?;
        for _ in 0..counts.values {
            let (key, kind) = (bytes.name()?, bytes.u32()?);
            match bytes.value(kind)? {
                Value::Text(text) if key == "general.architecture" => return Ok(Some(text)),
                _ => {}
            }
        }
        Ok(None)
    }

    /// How long the file must be for every tensor to lie in it.
    pub fn whole(&self) -> u64 {
        self.whole
    }

    /// A value of the description.
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// All values, in order of their keys.
    pub fn values(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Whether there is a value whose key begins so.
    pub fn says_of(&self, beginning: &str) -> bool {
        let mut from = self.values.range(beginning.to_owned()..);
        from.next().is_some_and(|(key, _)| key.starts_with(beginning))
    }

    /// A text of the description.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.values.get(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number of the description, not below 0.
    pub fn integer(&self, key: &str) -> Option<u64> {
        match self.values.get(key)? {
            Value::Integer(n) => u64::try_from(*n).ok(),
            _ => None,
        }
    }

    /// A number of the description that is finite.
    pub fn float(&self, key: &str) -> Option<f64> {
        match self.values.get(key)? {
            Value::Float(x) if x.is_finite() => Some(*x),
            _ => None,
        }
    }

    /// A list of the description.
    pub fn list(&self, key: &str) -> Option<&Items> {
        match self.values.get(key)? {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// A tensor, by its name.
    pub fn tensor(&self, name: &str) -> Option<&Tensor> {
        self.tensors.get(name)
    }

    /// All tensors, in order of their names.
    pub fn tensors(&self) -> impl Iterator<Item = (&str, &Tensor)> {
        self.tensors.iter().map(|(name, tensor)| (name.as_str(), tensor))
    }

    /// The tensors alone whose names `name` knows, by the names that it gives them.
    pub(crate) fn tensors_as<'a>(&'a self, name: impl Fn(&'a str) -> Option<String>) -> Self {
        let tensors = self.tensors().filter_map(|(own, tensor)| Some((name(own)?, tensor.clone())));
        Self { values: BTreeMap::new(), tensors: tensors.collect(), whole: self.whole }
    }

    /// Takes over the tensors of a further file of the same model, the `file`th.
    pub(crate) fn take_in(&mut self, other: Self, file: usize) -> Result<(), Why> {
        for (name, tensor) in other.tensors {
            if self.tensors.contains_key(&name) {
                return Err(Why::Damaged(format!("{name} lies in two parts")));
            }
            self.tensors.insert(name, Tensor { file, ..tensor });
        }
        Ok(())
    }
}

/// How many tensors and how many values there are.
struct Counts {
    tensors: u64,
    values: u64,
}

fn counts<R: Read>(bytes: &mut Bytes<R>) -> Result<Counts, Why> {
    let magic = match bytes.array::<4>() {
        Err(Why::BreaksOff) => return Err(Why::NotAModel(Looks::Something)),
        magic => magic?,
    };
    if &magic != b"GGUF" {
        return Err(Why::NotAModel(Looks::Something));
    }
    let version = bytes.u32()?;
    match version {
        2 | 3 => {}
        _ if (1..=16).contains(&version.swap_bytes()) => return Err(Why::BigEndian),
        _ => return Err(Why::Version(version)),
    }
    let counts = Counts { tensors: bytes.u64()?, values: bytes.u64()? };
    if counts.tensors > MOST || counts.values > MOST {
        return Err(Why::Damaged(format!("it counts {} tensors, {} values", counts.tensors, counts.values)));
    }
    Ok(counts)
}

/// Where each tensor lies, and where the last one ends. No two may share a byte.
fn lay_out(listed: Vec<Listed>, start: u64, alignment: u64) -> Result<(BTreeMap<String, Tensor>, u64), Why> {
    let mut tensors = BTreeMap::new();
    let mut taken = Vec::with_capacity(listed.len());
    for Listed { name, dimensions, packing, offset } in listed {
        let packing = Packing::of(packing);
        let damaged = |what: &str| Why::Damaged(format!("{name} {what}"));
        let length = match packing {
            Packing::Unknown(_) => 0,
            known => known.bytes(&dimensions).ok_or_else(|| damaged("is not made of whole blocks"))?,
        };
        if !offset.is_multiple_of(alignment) {
            return Err(damaged("is not aligned"));
        }
        let at = start.checked_add(offset).ok_or_else(|| damaged("lies nowhere"))?;
        let end = at.checked_add(length).ok_or_else(|| damaged("lies nowhere"))?;
        taken.push((at, end));
        let tensor = Tensor { packing, dimensions, file: 0, at, length };
        if tensors.contains_key(&name) {
            return Err(damaged("is listed twice"));
        }
        tensors.insert(name, tensor);
    }
    taken.sort_unstable();
    if taken.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return Err(Why::Damaged("two tensors share their bytes".into()));
    }
    let whole = taken.last().map_or(start, |(_, end)| *end);
    Ok((tensors, whole))
}

#[cfg(test)]
mod tests;
