//! How large a model sees: a picture in cells, each a square of pixels behind one token.

use image::{RgbImage, imageops};
use serde_json::Value;

/// The longest edge that a model is shown, in pixels; larger pictures are scaled. The time
/// that a picture takes grows with its area, and beyond some size with the square of it.
const LONGEST_EDGE: u32 = 700;

/// A model's cells and their bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The edge of a cell, in pixels.
    cell: u32,
    /// The longest edge of a picture, in pixels: a multiple of the cell's.
    longest: u32,
}

impl Scale {
    /// As `config` and the settings of the model's own `processor` say it.
    pub fn new(config: &Value, processor: &Value) -> Option<Self> {
        let number = |value: &Value| value.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
        let vision = &config["vision_config"];
        let merge = number(&config["spatial_merge_size"]).unwrap_or(2);
        let cell = number(&vision["patch_size"])?.checked_mul(merge)?;
        let own = number(&processor["size"]["longest_edge"]).unwrap_or(LONGEST_EDGE);
        // The model has no places for patches beyond the size that it was made for.
        let largest = number(&vision["image_size"])?;
        let longest = own.min(largest).min(LONGEST_EDGE) / cell * cell;
        (longest > 0).then_some(Self { cell, longest })
    }

    /// The edge of a cell, in pixels.
    pub fn cell(self) -> u32 {
        self.cell
    }

    /// A picture's columns and rows of cells: one of each at least.
    pub fn cells(self, width: u32, height: u32) -> (u32, u32) {
        let ratio = f64::from(width.max(height)) / f64::from(self.longest);
        // A cell that is begun is a cell. Edges of 0 and of less than a pixel are of one.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most `edge`, at least 0
        let cells = |edge: u32| {
            let scaled = if ratio > 1.0 { (f64::from(edge) / ratio).floor() as u32 } else { edge };
            scaled.max(1).div_ceil(self.cell)
        };
        (cells(width), cells(height))
    }

    /// The tokens that a picture costs: its cells, and the end of each row.
    pub fn picture_tokens(self, width: u32, height: u32) -> u32 {
        let (columns, rows) = self.cells(width, height);
        (columns + 1) * rows
    }

    /// The picture in whole cells.
    pub fn fit(self, picture: RgbImage) -> RgbImage {
        let (columns, rows) = self.cells(picture.width(), picture.height());
        let (width, height) = (columns * self.cell, rows * self.cell);
        if picture.dimensions() == (width, height) {
            return picture;
        }
        imageops::resize(&picture, width, height, imageops::FilterType::CatmullRom)
    }
}
