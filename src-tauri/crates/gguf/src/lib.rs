//! GGUF files: what their header says, whether it is true, and whether the engine takes the
//! model.
//!
//! The app and the engine both read models by this crate, so that the app says of a file what
//! the engine will say when it loads it. Nothing in a file is trusted: reading takes no more
//! memory than the header has bytes, every number is held against the tensors, and what
//! is not known is refused by its name.
//!
//! The format: github.com/ggml-org/ggml, docs/gguf.md.

mod bytes;
mod family;
mod figures;
mod header;
mod layout;
mod model;
#[cfg(test)]
mod mutations;
mod own;
mod packing;
mod refused;
mod rope;
mod sight;
mod split;
mod tensors;
mod value;
mod vision;
mod words;
#[cfg(any(test, feature = "testing"))]
pub mod write;

pub use family::Family;
pub use figures::{Text, Window};
pub use header::{Header, Tensor};
pub use layout::Layout;
pub use model::{Model, check_file, is_of_no_use};
pub use packing::Packing;
pub use refused::{Looks, Refused, Why};
pub use rope::{Rope, Yarn};
pub use sight::{Sight, is_named_as_vision, sight_of};
pub use split::{Part, architecture_at, files_of, is_whole, name_of, part_of};
pub use value::{Items, Value};
pub use vision::Vision;
pub use words::{Cut, FAMILY_TEMPLATE, Pre, Words};
