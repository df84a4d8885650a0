//! What an answer made elsewhere costs: the month's limit before it, its entry in the ledger after it.

use sotto_domain::{Account, NanoUsd, OpenedEntry, Project, Served, Settlement};
use sotto_egress::within_limit;
use sotto_store::StoreError;

use super::{Answers, Ending, OutboundRequest, SendError};
use crate::cloud::Cloud;

impl Answers<'_> {
    /// Refuses what could take the month over its limit, before it is shown or asked for. When it
    /// leaves it is decided on again, with the money reserved in the same step.
    pub(super) fn within_the_limit(
        self,
        project: Option<&Project>,
        highest: Option<NanoUsd>,
    ) -> Result<(), SendError> {
        let month = Cloud { core: self.core }.this_month().begin();
        let budget = self.core.library.budget(project.map(|project| project.id), month)?;
        Ok(within_limit(&budget, highest)?)
    }

    /// On whose account an answer goes. It has no entry in the ledger yet.
    pub(super) fn account_for(self, project: Option<&Project>, outbound: &OutboundRequest) -> Account {
        Account {
            project_name: project.map(|project| project.name.clone()),
            backend: outbound.choice.backend().map(str::to_owned),
            model: outbound.choice.model.clone(),
            month: Cloud { core: self.core }.this_month().begin(),
            agreed_model: outbound.agreed_model.clone(),
            entry: OpenedEntry::default(),
        }
    }

    /// Writes down what came of an answer, where anything left. `ending` is `None` where it did not
    /// come to its end: then it costs what was reserved at most.
    pub(super) fn settle(
        self,
        entry: &OpenedEntry,
        served: &Served,
        ending: Option<Ending>,
    ) -> Result<(), StoreError> {
        let Some(id) = entry.id() else { return Ok(()) };
        // A provider that reports nothing leaves all at zero: that is not known, not nothing.
        let usage = ending.map(|ending| ending.usage).filter(|usage| usage.prompt_tokens > 0);
        let settlement = Settlement {
            ended_at: (self.core.clock)(),
            backend: served.backend.clone(),
            request: served.request.clone(),
            prompt_tokens: usage.map(|usage| usage.prompt_tokens),
            reused_tokens: usage.map(|usage| usage.reused_tokens),
            completion_tokens: usage.map(|usage| usage.completion_tokens),
            cost: ending.map(|ending| ending.cost),
        };
        self.core.library.settle(id, &settlement)
    }
}
