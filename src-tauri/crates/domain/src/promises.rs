//! What the user decided about what may leave.

use crate::NanoUsd;

/// What the user decided about what may leave, as it is stored at one moment. What is stored
/// but cannot be understood counts as closed, each by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promises {
    /// Nothing leaves at all.
    pub offline_lock: bool,
    /// Whether anything may be answered elsewhere.
    pub cloud: bool,
    /// The servers in the user's own network that they confirmed, by their origins.
    pub confirmed: Vec<String>,
    /// The most that conversations without a project may cost in a month.
    pub monthly_cap: Option<NanoUsd>,
}

impl Promises {
    /// What holds where nothing can be read: nothing leaves, and nothing may cost anything.
    pub fn closed() -> Self {
        Self { offline_lock: true, cloud: false, confirmed: Vec::new(), monthly_cap: Some(NanoUsd(0)) }
    }
}
