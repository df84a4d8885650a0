//! Pictures, as the model takes them: a file becomes rows of tokens, and pixels that are
//! handed over under tokens of their own.
//!
//! To the vocabulary every cell of every picture is the same token, `[IMG]`. What the model
//! is given are tokens beyond the vocabulary instead, which name the picture and the cell
//! (patch 0007). So two talks begin alike only as far as they show the same pictures.

mod file;
mod scale;

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, RandomState},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use candle_core::{Device, Tensor};
use image::{Rgb, RgbImage};
use mistralrs::{
    CustomLogitsProcessor,
    core::{FIRST_PICTURE_TOKEN, GivenPicture, give_picture},
};
use serde_json::Value;

use self::scale::Scale;
use crate::{
    fault::{Fault, name},
    folder::Folder,
    prepare::ImageTokens,
};

/// How many pictures are kept as the model sees them, so that one which is shown again
/// after another beginning is not looked at again. One takes 15 MB at most.
const KEPT: usize = 8;

/// How a model looks at pictures.
pub struct Sight {
    scale: Scale,
    mean: [f32; 3],
    deviation: [f32; 3],
    tokens: Tokens,
    known: Mutex<Known>,
}

/// The vocabulary's tokens for a picture.
struct Tokens {
    cell: u32,
    /// After each row but the last.
    line_end: u32,
    /// After the last row.
    end: u32,
}

/// The pictures that were shown since the model was loaded.
struct Known {
    marks: RandomState,
    /// The first token of each, by the mark of its pixels.
    first: HashMap<u64, u32>,
    next: u32,
    recent: VecDeque<Arc<Picture>>,
}

/// A picture that the model can look at, for as long as this is kept.
struct Picture {
    first: u32,
    cells: u32,
    _given: Arc<GivenPicture>,
}

/// The pictures of one talk, in their order, ready to be looked at.
#[derive(Default)]
pub struct Shown {
    /// As in [`Tokens`].
    cell: u32,
    pictures: Vec<Arc<Picture>>,
}

impl Sight {
    /// How the model of `folder` sees; `None` where it does not.
    /// `control` finds a control token by its name.
    pub fn of(folder: &Folder, control: &dyn Fn(&str) -> Option<u32>) -> Result<Option<Self>, Fault> {
        if !folder.sees {
            return Ok(None);
        }
        let damaged = |file: &str| Fault::Damaged { model: folder.name.clone(), file: file.into() };
        // Older folders say it in a file of its own, newer ones in the processor's.
        let processor = folder.processor.as_ref();
        let inner = processor.map_or(&Value::Null, |processor| &processor["image_processor"]);
        let own = folder.preprocessor.as_ref().unwrap_or(inner);
        let numbers = |key: &str, usual| serde_json::from_value(own[key].clone()).unwrap_or(usual);
        Ok(Some(Self {
            scale: Scale::new(&folder.config, own).ok_or_else(|| damaged("config.json"))?,
            // The means and deviations that CLIP's pictures were normalised with.
            mean: numbers("image_mean", [0.481_454_66, 0.457_827_5, 0.408_210_73]),
            deviation: numbers("image_std", [0.268_629_54, 0.261_302_6, 0.275_777_1]),
            tokens: Tokens::of(&ImageTokens::of(processor), control)
                .ok_or_else(|| damaged("tokenizer.json"))?,
            known: Mutex::new(Known {
                marks: RandomState::new(),
                first: HashMap::new(),
                next: FIRST_PICTURE_TOKEN,
                recent: VecDeque::new(),
            }),
        }))
    }

    /// The token that stands for a picture in a template, and for each cell of one.
    pub fn cell(&self) -> u32 {
        self.tokens.cell
    }

    /// The tokens of the picture at `path`, as the vocabulary names them.
    pub fn ids(&self, path: &Path) -> Result<Vec<u32>, Fault> {
        let (width, height) = file::size(path)?;
        let (columns, rows) = self.scale.cells(width, height);
        let mut ids = Vec::with_capacity(self.scale.picture_tokens(width, height) as usize);
        for row in 1..=rows {
            ids.extend((0..columns).map(|_| self.tokens.cell));
            ids.push(if row == rows { self.tokens.end } else { self.tokens.line_end });
        }
        Ok(ids)
    }

    /// Makes the pictures at `paths` ready to be looked at.
    pub fn show<'a>(&self, paths: impl Iterator<Item = &'a Path>) -> Result<Shown, Fault> {
        let pictures = paths.map(|path| {
            let picture = file::read(path)?;
            self.give(&self.scale.fit(picture)).ok_or_else(|| Fault::PictureUnreadable(name(path)))
        });
        Ok(Shown { cell: self.tokens.cell, pictures: pictures.collect::<Result<_, _>>()? })
    }

    /// A grey cell, and the tokens to look at it by: who can has eyes that are whole.
    pub fn show_grey(&self) -> Option<(Shown, Vec<u32>)> {
        let edge = self.scale.cell();
        let picture = self.give(&RgbImage::from_pixel(edge, edge, Rgb([128; 3])))?;
        let tokens = vec![picture.first, self.tokens.end];
        Some((Shown { cell: self.tokens.cell, pictures: vec![picture] }, tokens))
    }

    /// Gives `picture` to the model, under the tokens that it had before where it is known.
    fn give(&self, picture: &RgbImage) -> Option<Arc<Picture>> {
        let (columns, rows) = self.scale.cells(picture.width(), picture.height());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = known.marks.hash_one((picture.dimensions(), picture.as_raw()));
        let first = if let Some(first) = known.first.get(&mark) {
            *first
        } else {
            let first = known.next;
            known.next = first.checked_add(columns * rows)?;
            known.first.insert(mark, first);
            first
        };
        let kept = known.recent.iter().position(|kept| kept.first == first);
        let given = match kept.and_then(|at| known.recent.remove(at)) {
            Some(kept) => kept,
            None => Arc::new(Picture {
                first,
                cells: columns * rows,
                _given: give_picture(first, self.pixels(picture).ok()?),
            }),
        };
        known.recent.push_back(given.clone());
        if known.recent.len() > KEPT {
            known.recent.pop_front();
        }
        Some(given)
    }

    /// (channels, height, width), normalised.
    fn pixels(&self, picture: &RgbImage) -> candle_core::Result<Tensor> {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let channel = |at: usize| {
            let (mean, deviation) = (self.mean[at], self.deviation[at]);
            picture.pixels().map(move |pixel| (f32::from(pixel.0[at]) / 255.0 - mean) / deviation)
        };
        let pixels: Vec<f32> = (0..3).flat_map(channel).collect();
        Tensor::from_vec(pixels, (3, height, width), &Device::Cpu)
    }
}

impl Shown {
    /// A prompt as it is given to the model: each cell of a picture as the token that it
    /// was given under. `ids` are the vocabulary's, with these pictures in this order.
    pub fn name_cells(&self, mut ids: Vec<u32>) -> Result<Vec<u32>, Fault> {
        if self.pictures.is_empty() {
            return Ok(ids);
        }
        let mut cells = self.pictures.iter().flat_map(|picture| picture.first..picture.first + picture.cells);
        for id in ids.iter_mut().filter(|id| **id == self.cell) {
            // Fewer or more would show half a picture, or the wrong one.
            *id = cells.next().ok_or(Fault::PictureChanged)?;
        }
        cells.next().is_none().then_some(ids).ok_or(Fault::PictureChanged)
    }
}

/// A sequence keeps its processors, and so the pictures that it may yet look at: a run
/// that was stopped reads on.
impl CustomLogitsProcessor for Shown {
    fn apply(&self, logits: &Tensor, _context: &[u32]) -> mistralrs::Result<Tensor> {
        Ok(logits.clone())
    }
}

impl Tokens {
    fn of(names: &ImageTokens<'_>, control: &dyn Fn(&str) -> Option<u32>) -> Option<Self> {
        Some(Self {
            cell: control(names.cell)?,
            line_end: control(names.line_end)?,
            end: control(names.end)?,
        })
    }
}

#[cfg(test)]
mod tests;
