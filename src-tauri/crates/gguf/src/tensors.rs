//! The tensors that a model must have, each with its name and size: no more, no fewer.

use std::collections::BTreeMap;

use crate::{
    figures::Text,
    header::Header,
    own::{is_of_sight, may_see},
    refused::Why,
};

/// The tensors of a layer, with their dimensions, columns first.
type Wanted = (&'static str, Vec<u64>);

/// By how much each frequency of the rope is divided, where it is.
pub(crate) const SCALED: &str = "rope_freqs.weight";

/// Holds the tensors of a text model against its figures.
pub(crate) fn check(header: &Header, text: &Text) -> Result<(), Why> {
    let [hidden, vocabulary] = [text.hidden, text.vocabulary].map(u64::from);
    let mut ends =
        vec![("token_embd.weight", vec![hidden, vocabulary]), ("output_norm.weight", vec![hidden])];
    if !text.tied {
        ends.push(("output.weight", vec![hidden, vocabulary]));
    }
    if text.scaled {
        ends.push((SCALED, vec![u64::from(text.head_size) / 2]));
    }
    let sorted = Sorted::of(header, "blk.");
    let mut left_over = sorted.others;
    if may_see(header) {
        left_over.retain(|name| !is_of_sight(name));
    }
    take(header, "", &ends, &mut left_over)?;
    layers(header, "blk.", text.layers, &sorted.layers, &layer(text))?;
    match left_over.first() {
        Some(name) => Err(Why::LeftOver((*name).into())),
        None => Ok(()),
    }
}

fn layer(text: &Text) -> Vec<Wanted> {
    let (hidden, head) = (u64::from(text.hidden), u64::from(text.head_size));
    let mut wanted = plain_layer(text);
    if text.family.norms_heads() {
        wanted.extend([("attn_q_norm.weight", vec![head]), ("attn_k_norm.weight", vec![head])]);
    }
    if text.family.norms_what_is_added() {
        wanted.extend([("post_attention_norm.weight", vec![hidden]), ("post_ffw_norm.weight", vec![hidden])]);
    }
    wanted
}

/// What a layer of every family has.
fn plain_layer(text: &Text) -> Vec<Wanted> {
    let [hidden, inner] = [text.hidden, text.feed_forward].map(u64::from);
    let [asking, kept] =
        [text.heads, text.kv_heads].map(|heads| u64::from(heads) * u64::from(text.head_size));
    vec![
        ("attn_norm.weight", vec![hidden]),
        ("attn_q.weight", vec![hidden, asking]),
        ("attn_k.weight", vec![hidden, kept]),
        ("attn_v.weight", vec![hidden, kept]),
        ("attn_output.weight", vec![asking, hidden]),
        ("ffn_norm.weight", vec![hidden]),
        ("ffn_gate.weight", vec![hidden, inner]),
        ("ffn_up.weight", vec![hidden, inner]),
        ("ffn_down.weight", vec![inner, hidden]),
    ]
}

/// The names of tensors: those of each layer by its number, and all others.
pub(crate) struct Sorted<'a> {
    pub layers: BTreeMap<u64, Vec<&'a str>>,
    pub others: Vec<&'a str>,
}

impl<'a> Sorted<'a> {
    pub fn of(header: &'a Header, prefix: &str) -> Self {
        let mut sorted = Self { layers: BTreeMap::new(), others: Vec::new() };
        for (name, _) in header.tensors() {
            let inside = name.strip_prefix(prefix).and_then(|rest| rest.split_once('.'));
            match inside.and_then(|(number, part)| Some((number.parse().ok()?, part))) {
                Some((number, part)) => sorted.layers.entry(number).or_default().push(part),
                None => sorted.others.push(name),
            }
        }
        sorted
    }
}

/// Holds layers against what each of them must be made of.
pub(crate) fn layers(
    header: &Header,
    prefix: &str,
    said: u32,
    there: &BTreeMap<u64, Vec<&str>>,
    wanted: &[Wanted],
) -> Result<(), Why> {
    let count = there.len() as u64;
    let last = there.keys().next_back().map_or(0, |last| last + 1);
    if last != u64::from(said) || count != last {
        return Err(Why::Layers { said: said.into(), there: last.max(count) });
    }
    for (number, parts) in there {
        let mut left_over = parts.clone();
        let named = format!("{prefix}{number}.");
        take(header, &named, wanted, &mut left_over)?;
        if let Some(part) = left_over.first() {
            return Err(Why::LeftOver(format!("{named}{part}")));
        }
    }
    Ok(())
}

/// Takes each wanted tensor off what is left over, once it is of the right size and packed as
/// the engine computes.
pub(crate) fn take(
    header: &Header,
    prefix: &str,
    wanted: &[Wanted],
    left_over: &mut Vec<&str>,
) -> Result<(), Why> {
    for (part, dimensions) in wanted {
        let name = format!("{prefix}{part}");
        let tensor = header.tensor(&name).ok_or_else(|| Why::Lacks(format!("its {name}")))?;
        // Dimensions of 1 at the end say nothing.
        let ones = tensor.dimensions.iter().rev().take_while(|n| **n == 1).count();
        let there = &tensor.dimensions[..tensor.dimensions.len() - ones];
        let dimensions = dimensions.as_slice();
        let trimmed = dimensions.iter().rev().take_while(|n| **n == 1).count();
        if there != &dimensions[..dimensions.len() - trimmed] {
            return Err(Why::Sized(name));
        }
        if !tensor.packing.is_computed() {
            return Err(Why::Packed(tensor.packing));
        }
        left_over.retain(|other| other != part);
    }
    Ok(())
}
