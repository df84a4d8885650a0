//! The part of a model that sees, in a file of its own beside the model: found by what it is,
//! and by its name only where several would do.

use std::{
    cmp::Reverse,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    family::VISION,
    figures::Text,
    header::Header,
    own::Own,
    refused::{Refused, Why},
    split::{self, File},
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
    /// Its file.
    pub path: PathBuf,
    /// How many bytes it has.
    pub bytes: u64,
    /// What the file says.
    pub header: Header,
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

/// What lies beside a model to see with.
#[derive(Debug, Default)]
pub struct Beside {
    /// The part that fits.
    pub vision: Option<Vision>,
    /// Why none does, where something is there.
    pub trouble: Option<Refused>,
}

/// Whether a file's name says that it is the part of a model that sees.
pub fn is_named_as_vision(name: &str) -> bool {
    name.to_lowercase().contains("mmproj")
}

/// What lies beside the model at `path` to see with. A file that is broken or was made for
/// another model leaves the model without sight; it is no reason not to open it.
pub fn vision_beside(path: &Path, text: &Text) -> Beside {
    let own = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let alike = |name: &str| name.bytes().zip(own.bytes()).take_while(|(a, b)| a == b).count();
    let mut candidates: Vec<_> = beside(path)
        .into_iter()
        .map(|file| (file.file_name().unwrap_or_default().to_string_lossy().into_owned(), file))
        .filter(|(name, file)| {
            is_named_as_vision(name) || split::architecture_at(file).as_deref() == Some(VISION)
        })
        .collect();
    candidates.sort_by_key(|(name, _)| (Reverse(alike(name)), name.clone()));
    let mut found = Beside::default();
    for (_, file) in candidates {
        match Vision::open(&file).and_then(|vision| vision.fits(text)) {
            Ok(vision) => return Beside { vision: Some(vision), trouble: None },
            Err(refused) => found.trouble = found.trouble.or(Some(refused)),
        }
    }
    found
}

/// Other GGUF files in the same folder.
fn beside(path: &Path) -> Vec<PathBuf> {
    /// More than any folder of models holds.
    const MOST: usize = 4096;
    let is_gguf = |path: &Path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gguf"));
    let entries = path.parent().map(fs::read_dir).into_iter().flatten().flatten().flatten().take(MOST);
    entries.map(|entry| entry.path()).filter(|other| other != path && is_gguf(other)).collect()
}

impl Vision {
    /// Looks through the file at `path`.
    ///
    /// # Errors
    /// [`Refused`], which is a sentence.
    pub fn open(path: &Path) -> Result<Self, Refused> {
        Self::of(File::read(path)?).map_err(|why| why.of(path))
    }

    /// Gives it back if it was made for this model.
    fn fits(self, text: &Text) -> Result<Self, Refused> {
        if self.projection == text.hidden { Ok(self) } else { Err(Why::SightOfAnother.of(&self.path)) }
    }

    pub(crate) fn of(File { path, length, header }: File) -> Result<Self, Why> {
        match header.text("general.architecture") {
            Some(VISION) => {}
            other => return Err(Why::AnotherSight(other.unwrap_or("it does not say").into())),
        }
        let kinds = ["clip.projector_type", "clip.vision.projector_type"];
        match kinds.iter().find_map(|key| header.text(key)) {
            Some(PIXTRAL) => {}
            other => return Err(Why::AnotherSight(other.unwrap_or("it does not say").into())),
        }
        let own = Own { header: &header, prefix: "clip.vision" };
        let colours = |key: &str| match own.header.list(&format!("clip.vision.{key}")) {
            None => Ok(None),
            Some(list) => match list.as_floats() {
                Some(three) if three.len() == 3 => Ok(Some(three)),
                _ => Err(own.damaged(key)),
            },
        };
        let merge = match own.integer("spatial_merge_size")? {
            Some(_) => own.figure("spatial_merge_size")?,
            None => MERGE,
        };
        let vision = Self {
            path,
            bytes: length,
            layers: own.figure("block_count")?,
            hidden: own.figure("embedding_length")?,
            feed_forward: own.figure("feed_forward_length")?,
            heads: own.figure("attention.head_count")?,
            image_size: own.figure("image_size")?,
            patch_size: own.figure("patch_size")?,
            merge,
            projection: own.figure("projection_dim")?,
            mean: colours("image_mean")?,
            deviation: colours("image_std")?,
            header,
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

#[cfg(test)]
mod tests;
