//! What of the settings could not be read, and what the user is told of it.

use super::{
    change::{CA_FILE, MIRROR, PROXY},
    values::{FREE, PROMISED, provider_of},
};
use serde::Serialize;
use sotto_store::{CLOUD, CONFIRMED, MONTHLY_CAP, OFFLINE_LOCK};
use specta::Type;

/// What of the settings could not be read. What was promised is closed until the user has looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// The database: nothing is known of what was set.
    All,
    /// These fields, by their keys.
    Fields(Vec<String>),
}

/// One thing that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UnreadField {
    /// The field's key; absent for all there is.
    pub key: Option<String>,
    /// What that means for now.
    pub sentence: String,
    /// What it would be once the user says so, in a few words for a button.
    pub settle: &'static str,
}

impl Unread {
    /// Each thing by itself.
    pub fn fields(&self) -> Vec<UnreadField> {
        match self {
            Self::All => vec![UnreadField {
                key: None,
                sentence:
                    "What you set cannot be read just now. Until it can, the offline lock counts as on \
                           and nothing leaves this computer."
                        .into(),
                settle: "Look again",
            }],
            Self::Fields(keys) => keys.iter().map(|key| field(key)).collect(),
        }
    }

    /// What the user is told, a sentence for each thing.
    pub fn sentences(&self) -> Vec<String> {
        self.fields().into_iter().map(|field| field.sentence).collect()
    }

    /// Whether something that was promised is among it.
    pub fn is_promised(&self) -> bool {
        match self {
            Self::All => true,
            Self::Fields(keys) => keys.iter().any(|key| PROMISED.contains(&key.as_str())),
        }
    }
}

fn field(key: &str) -> UnreadField {
    let (sentence, settle) = match key {
        OFFLINE_LOCK => ("Whether the offline lock is on could not be read, so it is on.", "Keep it on"),
        CLOUD => ("Whether the cloud is on could not be read, so it is off.", "Keep it off"),
        CONFIRMED => (
            "Which servers in your own network you confirmed could not be read, so none is.",
            "Begin with none",
        ),
        MONTHLY_CAP => (
            "The month’s limit could not be read, so nothing that costs money is sent.",
            "Keep it at nothing",
        ),
        MIRROR => (
            "The address that models come from cannot be used, so nothing is downloaded.",
            "Use Hugging Face",
        ),
        PROXY => ("The proxy’s address could not be read, so nothing goes online.", "As the system has it"),
        CA_FILE => ("The certificate file’s place could not be read, so nothing goes online.", "Use none"),
        key => return other(key),
    };
    UnreadField { key: Some(key.into()), sentence: sentence.into(), settle }
}

fn other(key: &str) -> UnreadField {
    let (sentence, settle) = match (provider_of(key), named(key)) {
        (Some(provider), _) => {
            (format!("How “{provider}” is reached could not be read, so it is not asked."), "Set it up anew")
        }
        (None, Some(name)) => {
            (format!("{name} could not be read, so it is as it was at the beginning."), "Keep it so")
        }
        (None, None) => (
            format!("The setting “{key}” could not be read, so it is as it was at the beginning."),
            "Keep it so",
        ),
    };
    UnreadField { key: Some(key.into()), sentence, settle }
}

/// What a field is called in the window.
fn named(key: &str) -> Option<&'static str> {
    Some(match key {
        "theme" => "The theme",
        "text_size" => "The text size",
        "mood" => "How the model writes",
        "model" => "Which model you use",
        "banned" => "What is never written",
        "seed" => "The seed",
        "first_run" => "How far the set-up got",
        "models.folder" => "The folder of the models",
        "models.load_at_start" => "When the model is loaded",
        "models.idle_minutes" => "When the model’s memory is freed",
        "models.device" => "What the model computes on",
        "models.share" => "The processor’s use",
        "models.keep_talks" => "Whether conversations go on at once after a restart",
        key if key.ends_with(FREE) => "Whether your own server costs nothing",
        _ => return None,
    })
}
