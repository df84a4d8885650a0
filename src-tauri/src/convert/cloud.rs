//! The cloud, for the UI.

use std::collections::BTreeMap;

use sotto_app::{
    Account, Agreed, AnswerOptions, App, Backend, Base, CloudModel, JournalLine, KeyNeed, KeyState,
    ModelList, Month, Rate, Reach, Sheet, SheetPart, StoreError, provider,
};
use sotto_domain::{CloudChoice, ContentKind, Ending, Leaving, LedgerEntry, NanoUsd, PartKey, Purpose, Role};

use crate::views::{
    AgreedView, CloudBackendView, CloudChoiceView, CloudModelView, ContentView, CostView, EndingView, Free,
    GoesTo, JournalLineView, JournalOutcome, KeyView, LeavingView, Ledger, LedgerEntryView, MonthSum,
    NearView, Needs, PriceView, ProjectSum, ProviderSum, ProviderView, PurposeView, RoleView, SheetPartView,
    SheetView, Stays, WayView,
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

pub fn choice(choice: CloudChoice) -> CloudChoiceView {
    CloudChoiceView { provider: choice.provider, model: choice.model }
}

pub fn chosen(view: CloudChoiceView) -> CloudChoice {
    CloudChoice { provider: view.provider, model: view.model }
}

pub fn leaving(leaving: Leaving) -> LeavingView {
    match leaving {
        Leaving::AsItsProject => LeavingView::Stays(Stays::AsProject),
        Leaving::Never => LeavingView::Stays(Stays::Never),
        Leaving::To(to) => LeavingView::To(choice(to)),
    }
}

pub fn left(view: LeavingView) -> Leaving {
    match view {
        LeavingView::Stays(Stays::AsProject) => Leaving::AsItsProject,
        LeavingView::Stays(Stays::Never) => Leaving::Never,
        LeavingView::To(to) => Leaving::To(chosen(to)),
    }
}

pub fn goes_to(app: &App, choice: CloudChoice) -> GoesTo {
    let there = provider(&choice.provider);
    let routes = there.is_some_and(|there| there.can.routes);
    GoesTo {
        name: app.cloud().name_of(&choice.provider).map_or_else(|| choice.provider.clone(), str::to_owned),
        route: choice.model.rsplit_once(':').filter(|_| routes).map(|(_, route)| route.to_owned()),
        near: match app.cloud().reach_of(&choice.provider) {
            Reach::Device => NearView::Computer,
            Reach::Network => NearView::Network,
            Reach::World => NearView::Cloud,
        },
        provider: choice.provider,
        model: choice.model,
    }
}

/// The parts of these names. What names none strikes nothing out, and the sheet shows that.
pub fn keys(names: &[String]) -> Vec<PartKey> {
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

pub fn options(way: WayView) -> AnswerOptions {
    let agreed = way.agreed.map(|AgreedView { fingerprint, left_out, remember }| Agreed {
        // What is none is no sheet's, and so no yes.
        fingerprint: fingerprint.parse().unwrap_or_default(),
        left_out: keys(&left_out),
        remember,
    });
    AnswerOptions { once: way.once.map(chosen), agreed }
}

pub fn sheet(sheet: Sheet) -> SheetView {
    SheetView {
        recipient: sheet.recipient,
        origin: sheet.origin,
        model: sheet.model,
        backend: sheet.backend,
        parts: sheet.parts.into_iter().map(part).collect(),
        exact: sheet.exact,
        remarks: sheet.remarks,
        bytes: sheet.bytes,
        tokens: sheet.tokens,
        highest_cost: sheet.highest_cost.map(|cost| cost.0),
        project: sheet.project.map(|(_, name)| name),
        fingerprint: sheet.fingerprint.to_string(),
    }
}

fn part(part: SheetPart) -> SheetPartView {
    SheetPartView {
        key: part.key.to_string(),
        kind: match part.kind {
            ContentKind::Messages => ContentView::Messages,
            ContentKind::Instructions => ContentView::Instructions,
            ContentKind::Notes => ContentView::Notes,
            ContentKind::Pictures => ContentView::Pictures,
            ContentKind::Page => ContentView::Page,
        },
        role: part.role.map(|role| match role {
            Role::Assistant => RoleView::Assistant,
            Role::User | Role::System => RoleView::User,
        }),
        text: part.text,
        picture: part.picture.and_then(|picture| picture.id).map(|id| id.0),
        bytes: part.bytes,
        included: part.included,
        optional: part.optional,
    }
}

/// A month of the ledger, and what the last twelve come to.
pub fn ledger(app: &App, month: Month) -> Result<Ledger, StoreError> {
    let entries = app.cloud().ledger(month)?;
    let mut months = Vec::with_capacity(12);
    let mut past = app.cloud().this_month();
    for _ in 0..12 {
        let total = Total::of(&app.cloud().ledger(past)?);
        let Total { answers, known, unknown_count } = total;
        months.push(MonthSum { month: month_name(past), answers, known, unknown_count });
        past = past.previous();
    }
    months.reverse();
    let Total { known, unknown_count, .. } = Total::of(&entries);
    Ok(Ledger {
        by_project: by_project(&entries),
        by_provider: by_provider(&entries),
        known,
        unknown_count,
        months,
        entries: entries.into_iter().map(entry).collect(),
    })
}

/// What several answers come to.
#[derive(Default)]
struct Total {
    answers: u32,
    known: u64,
    unknown_count: u32,
}

impl Total {
    fn of<'a>(entries: impl IntoIterator<Item = &'a LedgerEntry>) -> Self {
        let mut total = Self::default();
        for entry in entries {
            total.answers += 1;
            match entry.cost.amount() {
                Some(NanoUsd(amount)) => total.known = total.known.saturating_add(amount),
                None => total.unknown_count += 1,
            }
        }
        total
    }
}

fn by_project(entries: &[LedgerEntry]) -> Vec<ProjectSum> {
    let mut groups: BTreeMap<Option<i64>, Vec<&LedgerEntry>> = BTreeMap::new();
    for entry in entries {
        groups.entry(entry.project.map(|id| id.0)).or_default().push(entry);
    }
    let sum = |(project, entries): (Option<i64>, Vec<&LedgerEntry>)| {
        let name = entries.last().and_then(|entry| entry.project_name.clone());
        let Total { answers, known, unknown_count } = Total::of(entries);
        ProjectSum { project, name, answers, known, unknown_count }
    };
    groups.into_iter().map(sum).collect()
}

fn by_provider(entries: &[LedgerEntry]) -> Vec<ProviderSum> {
    let mut groups: BTreeMap<&str, Vec<&LedgerEntry>> = BTreeMap::new();
    for entry in entries {
        groups.entry(&entry.provider).or_default().push(entry);
    }
    let sum = |(name, entries): (&str, Vec<&LedgerEntry>)| {
        let Total { answers, known, unknown_count } = Total::of(entries);
        ProviderSum { name: name.to_owned(), answers, known, unknown_count }
    };
    groups.into_iter().map(sum).collect()
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

/// "2026-11"
pub fn month_name(month: Month) -> String {
    format!("{:04}-{:02}", month.year, month.month)
}

/// The month that [`month_name`] names.
pub fn month_named(name: &str) -> Option<Month> {
    let (year, month) = name.split_once('-')?;
    let month = Month { year: year.parse().ok()?, month: month.parse().ok()? };
    ((1970..3000).contains(&month.year) && (1..=12).contains(&month.month)).then_some(month)
}

pub fn journal_line(line: JournalLine) -> JournalLineView {
    let JournalLine { id, entry, outcome } = line;
    JournalLineView {
        id: id.0,
        at: entry.at,
        purpose: match entry.purpose {
            Purpose::ModelDownload => PurposeView::ModelDownload,
            Purpose::ModelDetails => PurposeView::ModelDetails,
            Purpose::ProviderModels => PurposeView::ProviderModels,
            Purpose::KeyTest => PurposeView::KeyTest,
            Purpose::Answer => PurposeView::Answer,
        },
        origin: entry.origin,
        recipient: entry.recipient,
        why: entry.why,
        bytes: entry.bytes,
        outcome: outcome.map(|outcome| JournalOutcome {
            at: outcome.at,
            bytes_out: outcome.bytes_out,
            bytes_in: outcome.bytes_in,
            status: outcome.status,
            ending: match outcome.ending {
                Ending::Complete => EndingView::Complete,
                Ending::Stopped => EndingView::Stopped,
                Ending::Offline => EndingView::Offline,
                Ending::Failed => EndingView::Failed,
            },
        }),
    }
}
