//! The cloud, for the UI.

use sotto_app::{
    Account, App, Backend, Base, CloudModel, KeyNeed, KeyState, ModelList, Month, Rate, StoreError,
};
use sotto_domain::LedgerEntry;

use crate::views::{
    CloudBackendView, CloudModelView, CostView, Free, KeyView, Ledger, LedgerEntryView, Needs, PriceView,
    ProviderView,
};

pub fn account(account: Account) -> ProviderView {
    let Account { provider, settings, origin, to_confirm, key } = account;
    let (key, key_trouble) = match key {
        KeyState::None => (KeyView::None, None),
        KeyState::Kept => (KeyView::Kept, None),
        KeyState::Unknown(why) => (KeyView::Unknown, Some(why)),
    };
    ProviderView {
        id: provider.id.into(),
        name: provider.name.into(),
        words: provider.words.into(),
        needs: match provider.base {
            Base::Fixed(_) => Needs::Nothing,
            Base::Region(_) => Needs::Region,
            Base::Resource(_) => Needs::Resource,
            Base::Own => Needs::Address,
        },
        place: settings.place,
        bill_to: provider.can.bill_to.is_some().then_some(settings.bill_to),
        free: (provider.base == Base::Own).then_some(settings.free),
        key_needed: provider.key == KeyNeed::Required,
        key,
        key_trouble,
        keys_page: provider.keys_page.map(str::to_owned),
        bills_page: provider.bills_page.map(str::to_owned),
        origin,
        to_confirm,
        listed: matches!(provider.models, ModelList::Listed { .. }),
        routes: provider.can.routes,
    }
}

pub fn model(model: &CloudModel) -> CloudModelView {
    CloudModelView {
        id: model.id.clone(),
        name: model.name.clone().unwrap_or_else(|| model.id.clone()),
        context: model.context,
        sees: model.pictures,
        price: price(model.rate),
        backends: model.backends.iter().map(backend).collect(),
    }
}

fn backend(backend: &Backend) -> CloudBackendView {
    CloudBackendView {
        name: backend.name.clone(),
        live: backend.live,
        context: backend.context,
        price: price(backend.rate),
    }
}

fn price(rate: Rate) -> Option<PriceView> {
    match rate {
        Rate::Price(price) => Some(PriceView::PerMillion { input: price.input.0, output: price.output.0 }),
        Rate::Free => Some(PriceView::Nothing(Free::Free)),
        Rate::Unknown => None,
    }
}

/// A month of the ledger, and what the last twelve come to.
pub fn ledger(app: &App, month: Month) -> Result<Ledger, StoreError> {
    let (entries, sums) = app.cloud().ledger_of(month)?;
    Ok(Ledger { entries: entries.into_iter().map(entry).collect(), sums })
}

pub fn entry(entry: LedgerEntry) -> LedgerEntryView {
    LedgerEntryView {
        at: entry.at,
        project: entry.project_name,
        provider: entry.provider,
        backend: entry.backend,
        model: entry.model,
        bytes: entry.bytes,
        prompt_tokens: entry.prompt_tokens,
        completion_tokens: entry.completion_tokens,
        cost: CostView::from(entry.cost),
    }
}
