//! Where something would go, as people call it.

use serde::Serialize;
use sotto_domain::CloudChoice;
use sotto_egress::Reach;
use specta::Type;

use super::Cloud;
use crate::cloud_link::endpoint;

/// Where the next message would go, were it sent now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GoesTo {
    /// The provider's id.
    pub provider: String,
    /// The model's, as it was chosen.
    pub model: String,
    /// The provider's name.
    pub name: String,
    /// What follows the model's colon, where the provider routes.
    pub route: Option<String>,
    /// How near that is.
    pub near: Near,
}

/// How near the place is that something goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Near {
    /// Another program on this computer.
    Computer,
    /// A server in the user's own network.
    Network,
    /// Beyond.
    Cloud,
}

impl Cloud<'_> {
    /// Where this choice goes, as it is set up now; as far as can be, where that is not known.
    pub fn goes_to(self, choice: CloudChoice) -> GoesTo {
        let CloudChoice { provider: id, model } = choice;
        let there = endpoint(&self.core.settings.get(), &id).ok();
        let known = sotto_providers::provider(&id);
        let name = there.as_ref().map(sotto_providers::Endpoint::name).or(known.map(|known| known.name));
        let routes = known.is_some_and(|known| known.can.routes);
        GoesTo {
            name: name.map_or_else(|| id.clone(), str::to_owned),
            route: model.rsplit_once(':').filter(|_| routes).map(|(_, route)| route.to_owned()),
            near: match there.map_or(Reach::World, |there| there.origin().reach()) {
                Reach::Device => Near::Computer,
                Reach::Network => Near::Network,
                Reach::World => Near::Cloud,
            },
            provider: id,
            model,
        }
    }
}
