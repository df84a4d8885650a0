//! The part that sees, in the model's own file. Ollama's converter puts it there, under names of
//! its own, and leaves queries and keys as transformers has them; others have joined the two files
//! of llama.cpp's.

use super::{MERGE, Vision, is_pixtral};
use crate::{
    figures::Text,
    header::Header,
    own::{CLIP, OLLAMAS, Own, is_of_sight, is_ollamas, may_see},
    refused::Why,
};

/// A tensor that only Ollama's converter calls so.
const ITS_NAME: &str = "v.patch_conv.weight";
/// What the engine turns pictures by.
const BASE: f64 = 10_000.0;

/// Ollama's names beside llama.cpp's. The weights' own ending comes after them.
const NAMES: [(&str, &str); 6] = [
    ("v.patch_conv", "v.patch_embd"),
    ("v.encoder_norm", "v.pre_ln"),
    ("mm.norm", "mm.input_norm"),
    ("mm.linear_1", "mm.1"),
    ("mm.linear_2", "mm.2"),
    ("mm.patch_merger.merging_layer", "mm.patch_merger"),
];
/// The same within a layer.
const PARTS: [(&str, &str); 3] = [("attn_norm", "ln1"), ("ffn_norm", "ln2"), ("attn_output", "attn_out")];

impl Vision {
    /// What a text model's own file has to see with, where it has anything.
    pub(crate) fn within(header: &Header, text: &Text) -> Option<Result<Self, Why>> {
        let has_tensors = header.tensors().any(|(name, _)| is_of_sight(name));
        (may_see(header) && has_tensors).then(|| read(header, text))
    }
}

fn read(header: &Header, text: &Text) -> Result<Vision, Why> {
    let in_pairs = header.tensor(ITS_NAME).is_none();
    let named = |name: &str| if in_pairs { name.to_owned() } else { usual(name) };
    let tensors = header.tensors_as(|name| is_of_sight(name).then(|| named(name)));
    let count = header.tensors().filter(|(name, _)| is_of_sight(name)).count();
    if tensors.tensors().count() != count {
        return Err(Why::Damaged("two tensors of sight are one".into()));
    }
    let (own, merge) = if is_ollamas(header) {
        let own = Own { header, prefix: "mistral3" };
        if own.text("mm.projector_hidden_act")?.is_some_and(|act| act != "gelu") {
            return Err(Why::AnotherSight("its projector".into()));
        }
        if own.float("vision.rope.freq_base")?.is_some_and(|base| (base - BASE).abs() > 0.5) {
            return Err(Why::AnotherSight("its rope".into()));
        }
        (Own { header, prefix: OLLAMAS }, own.integer("spatial_merge_size")?)
    } else {
        is_pixtral(header)?;
        let own = Own { header, prefix: CLIP };
        (own, own.integer("spatial_merge_size")?)
    };
    let merge = match merge.map(u32::try_from) {
        None => MERGE,
        Some(Ok(merge)) if merge > 0 => merge,
        Some(_) => return Err(own.damaged("spatial_merge_size")),
    };
    let vision = Vision::figures(own, tensors, merge, text.hidden)?;
    match own.integer("attention.key_length")? {
        Some(width) if width != u64::from(vision.hidden / vision.heads) => {
            Err(Why::AnotherSight("its heads".into()))
        }
        _ => Ok(Vision { in_pairs, ..vision }),
    }
}

/// The name that llama.cpp gives to a tensor of Ollama's.
fn usual(name: &str) -> String {
    let Some((stem, ending)) = name.rsplit_once('.') else { return name.into() };
    let known = |names: &[(&str, &'static str)], own: &str| {
        names.iter().find(|(theirs, _)| *theirs == own).map(|(_, usual)| *usual)
    };
    if let Some(usual) = known(&NAMES, stem) {
        return format!("{usual}.{ending}");
    }
    match stem.rsplit_once('.') {
        Some((layer, part)) if layer.starts_with("v.blk.") => match known(&PARTS, part) {
            Some(usual) => format!("{layer}.{usual}.{ending}"),
            None => name.into(),
        },
        _ => name.into(),
    }
}
