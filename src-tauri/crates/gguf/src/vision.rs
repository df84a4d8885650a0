//! The part of a model that sees: its figures and its tensors, in a file of its own or in the model's.

mod within;

use std::path::{Path, PathBuf};

use crate::{
    family::VISION,
    header::Header,
    own::{CLIP, Own},
    refused::{Refused, Why},
    split::File,
    tensors,
};

/// The one kind of seeing that the engine computes, as GGUF names it.
const PIXTRAL: &str = "pixtral";
/// No picture is larger, on a side.
const LARGEST_PICTURE: u32 = 1 << 14;
/// What a model sees with when its file does not say how patches are merged.
const MERGE: u32 = 2;
/// A tensor that is there and not needed: the text model has the same words.
const NOT_NEEDED: [&str; 2] = ["v.token_embd.img_break", "v.token_embd.img_break.weight"];

/// The part of a model that sees, checked.
#[derive(Debug)]
pub struct Vision {
    /// Its file, where it is one of its own.
    pub path: Option<PathBuf>,
    /// How many bytes that has.
    pub bytes: u64,
    /// Where its tensors lie, by the names that llama.cpp gives them.
    pub header: Header,
    /// Whether numbers of queries and keys that turn together are neighbours, as llama.cpp wants
    /// them; else they lie half a head apart.
    pub in_pairs: bool,
    /// How many layers.
    pub layers: u32,
    /// How many numbers stand for a patch.
    pub hidden: u32,
    /// How many between the two halves of a layer's second part.
    pub feed_forward: u32,
    /// How many heads.
    pub heads: u32,
    /// The side of the largest picture that it was made for.
    pub image_size: u32,
    /// The side of a patch.
    pub patch_size: u32,
    /// How many patches become one, on a side.
    pub merge: u32,
    /// How many numbers it gives to the text model.
    pub projection: u32,
    /// What is taken off each colour.
    pub mean: Option<Vec<f64>>,
    /// What each colour is divided by.
    pub deviation: Option<Vec<f64>>,
}

impl Vision {
    /// Looks through the file at `path`.
    ///
    /// # Errors
    /// [`Refused`], which is a sentence.
    pub fn open(path: &Path) -> Result<Self, Refused> {
        Self::of(File::read(path)?).map_err(|why| why.of(path))
    }

    /// The part in a file of its own.
    pub(crate) fn of(File { path, length, header }: File) -> Result<Self, Why> {
        match header.text("general.architecture") {
            Some(VISION) => {}
            other => return Err(Why::AnotherSight(other.unwrap_or("it does not say").into())),
        }
        is_pixtral(&header)?;
        let own = Own { header: &header, prefix: CLIP };
        let merge = match own.integer("spatial_merge_size")? {
            Some(_) => own.figure("spatial_merge_size")?,
            None => MERGE,
        };
        let projection = own.figure("projection_dim")?;
        let vision = Self::figures(own, header.clone(), merge, projection)?;
        Ok(Self { path: Some(path), bytes: length, ..vision })
    }

    /// What `own` says of it, held against `tensors`.
    fn figures(own: Own<'_>, tensors: Header, merge: u32, projection: u32) -> Result<Self, Why> {
        let colours = |key: &str| match own.header.list(&format!("{}.{key}", own.prefix)) {
            None => Ok(None),
            Some(list) => match list.as_floats() {
                Some(three) if three.len() == 3 => Ok(Some(three)),
                _ => Err(own.damaged(key)),
            },
        };
        let vision = Self {
            path: None,
            bytes: 0,
            header: tensors,
            in_pairs: true,
            layers: own.figure("block_count")?,
            hidden: own.figure("embedding_length")?,
            feed_forward: own.figure("feed_forward_length")?,
            heads: own.figure("attention.head_count")?,
            image_size: own.figure("image_size")?,
            patch_size: own.figure("patch_size")?,
            merge,
            projection,
            mean: colours("image_mean")?,
            deviation: colours("image_std")?,
        };
        let adds_up = vision.hidden.is_multiple_of(vision.heads)
            && (vision.hidden / vision.heads).is_multiple_of(4)
            && vision.merge <= 8
            && vision.image_size <= LARGEST_PICTURE
            && vision.patch_size <= vision.image_size
            && vision.deviation.as_ref().is_none_or(|three| three.iter().all(|x| *x > 0.0));
        if !adds_up {
            return Err(Why::Damaged("figures of sight that do not add up".into()));
        }
        vision.check()?;
        Ok(vision)
    }

    fn check(&self) -> Result<(), Why> {
        let header = &self.header;
        let [hidden, inner, patch, given] =
            [self.hidden, self.feed_forward, self.patch_size, self.projection].map(u64::from);
        let ends = [
            ("v.patch_embd.weight", vec![patch, patch, 3, hidden]),
            ("v.pre_ln.weight", vec![hidden]),
            ("mm.input_norm.weight", vec![hidden]),
            ("mm.patch_merger.weight", vec![hidden * u64::from(self.merge).pow(2), hidden]),
            ("mm.1.weight", vec![hidden, given]),
            ("mm.2.weight", vec![given, given]),
        ];
        let layer = [
            ("ln1.weight", vec![hidden]),
            ("attn_q.weight", vec![hidden, hidden]),
            ("attn_k.weight", vec![hidden, hidden]),
            ("attn_v.weight", vec![hidden, hidden]),
            ("attn_out.weight", vec![hidden, hidden]),
            ("ln2.weight", vec![hidden]),
            ("ffn_gate.weight", vec![hidden, inner]),
            ("ffn_up.weight", vec![hidden, inner]),
            ("ffn_down.weight", vec![inner, hidden]),
        ];
        let sorted = tensors::Sorted::of(header, "v.blk.");
        let mut left_over = sorted.others;
        left_over.retain(|name| !NOT_NEEDED.contains(name));
        tensors::take(header, "", &ends, &mut left_over)?;
        tensors::layers(header, "v.blk.", self.layers, &sorted.layers, &layer)?;
        match left_over.first() {
            Some(name) => Err(Why::LeftOver((*name).into())),
            None => Ok(()),
        }
    }
}

/// Whether what `header` describes sees in the one way that is computed.
fn is_pixtral(header: &Header) -> Result<(), Why> {
    let kinds = ["clip.projector_type", "clip.vision.projector_type"];
    match kinds.iter().find_map(|key| header.text(key)) {
        Some(PIXTRAL) => Ok(()),
        other => Err(Why::AnotherSight(other.unwrap_or("it does not say").into())),
    }
}
