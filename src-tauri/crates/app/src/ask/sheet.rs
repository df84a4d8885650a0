//! The sheet that the user sees before something leaves, and their answer to it.

use serde::{Deserialize, Serialize, Serializer};
use sotto_domain::{CloudChoice, ContentKind, NanoUsd, PartKey, Picture, PictureId, Role};
use specta::Type;

use super::Fingerprint;

/// What the user is shown before something leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Sheet {
    /// The provider's name.
    pub recipient: String,
    /// Where that is: `https://router.huggingface.co`.
    pub origin: String,
    /// Whether that is another program on this computer.
    #[serde(skip)]
    pub here: bool,
    /// The model, as it is asked for.
    pub model: String,
    /// The machine room, where it is pinned.
    pub backend: Option<String>,
    /// All that would leave and all that was struck out, in its order.
    pub parts: Vec<SheetPart>,
    /// The body as it would leave; a few words stand for each picture's bytes.
    pub exact: String,
    /// What the model does not take of it by its provider's own list, in sentences.
    pub remarks: Vec<String>,
    /// Its size.
    pub bytes: u64,
    /// About how many tokens that is.
    pub tokens: u64,
    /// The most it can cost; `None` where no price is known.
    pub highest_cost: Option<NanoUsd>,
    /// The name of the project for which the agreement can be remembered.
    pub project: Option<String>,
    /// Identifies what is shown, by the SHA-256 of recipient, highest cost and the exact bytes:
    /// agreeing to one sheet is not agreeing to another.
    #[specta(type = String)]
    pub fingerprint: Fingerprint,
}

/// A part of what would leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SheetPart {
    /// Its name for striking it out.
    #[specta(type = String)]
    pub key: PartKey,
    /// What kind of content it is.
    pub kind: ContentKind,
    /// Who said it; `None` for what nobody said.
    pub role: Option<Role>,
    /// Its words.
    pub text: String,
    /// The picture, where it is one.
    #[serde(serialize_with = "id_of")]
    #[specta(type = Option<PictureId>)]
    pub picture: Option<Picture>,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whether it would leave, or was struck out.
    pub included: bool,
    /// Whether it can be struck out: the question itself cannot.
    pub optional: bool,
    /// Whether the user switched it off for the whole conversation. It does not leave then, and is
    /// switched on again where it was switched off.
    pub off: bool,
}

/// The user's yes to a sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Agreed {
    /// [`Sheet::fingerprint`] of what they saw.
    #[specta(type = String)]
    pub fingerprint: Fingerprint,
    /// The parts that they struck out.
    #[specta(type = Vec<String>)]
    pub left_out: Vec<PartKey>,
    /// Whether it holds for the whole project from now on.
    pub remember: bool,
}

/// How a question is to be answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AnswerOptions {
    /// Where this one goes, and only this one.
    pub once: Option<CloudChoice>,
    /// The user's yes, where they gave one.
    pub agreed: Option<Agreed>,
    /// How many of the likeliest words of each step are told; 0: none. The window asks for none.
    #[serde(skip)]
    pub alternatives: u8,
}

/// Where a picture lies is not for the window.
#[allow(clippy::ref_option)] // serde calls it
fn id_of<S: Serializer>(picture: &Option<Picture>, to: S) -> Result<S::Ok, S::Error> {
    picture.as_ref().and_then(|picture| picture.id).serialize(to)
}
