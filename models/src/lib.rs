//! Models on this machine: the catalogue, downloads that survive everything, the library, and what fits.

mod amount;
mod catalog;
mod digest;
mod download;
mod error;
mod files;
mod fit;
mod hub;
mod import;
mod inspect;
mod library;
pub mod machine;
mod models;
mod recommend;
mod shape;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use amount::Bytes;
pub use catalog::{Catalog, Entry, Repo, Source, Trust, hub_file};
pub use digest::{Digest, NotADigest};
pub use download::{FreeSpace, Timeouts, Transfer, TransferState};
pub use error::ModelsError;
pub use fit::{Fit, Memory, Room, Weight, context, fit, room};
pub use hub::{HUB, RulesNow, Tokens};
pub use import::{Found, Offered, OtherApp, Places, Taking, look, offered};
pub use library::{Installed, Library, MoveError, Place, Removed, Standing, Trashed, Verdict, finish_moving};
pub use machine::{Machine, Pace};
pub use models::{Models, Options, Parts};
pub use recommend::{Recommendation, recommend};
pub use shape::Shape;
