//! What answers made elsewhere come to: by project, by provider, and over the last months.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::Serialize;
use sotto_domain::{LedgerEntry, NanoUsd, ProjectId};
use sotto_store::StoreError;
use specta::Type;

use super::{Cloud, Month};

/// How many months are shown.
const MONTHS: usize = 12;

/// What answers come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Total {
    /// How many those were.
    pub answers: u32,
    /// What they cost, as far as that is known.
    pub known: NanoUsd,
    /// Answers whose cost nobody said.
    pub unknown_count: u32,
}

/// The same for a project, or for conversations in none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProjectSum {
    /// Which; `None` for none.
    pub project: Option<ProjectId>,
    /// What it is, or was, called.
    pub name: Option<String>,
    /// What they come to.
    #[serde(flatten)]
    pub total: Total,
}

/// The same for a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ProviderSum {
    /// What it is called.
    pub name: String,
    /// What they come to.
    #[serde(flatten)]
    pub total: Total,
}

/// The same for a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MonthSum {
    /// "2026-11".
    pub month: String,
    /// What they come to.
    #[serde(flatten)]
    pub total: Total,
}

/// What a month comes to, and the months before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Sums {
    /// By project; those in none first.
    pub by_project: Vec<ProjectSum>,
    /// By provider, as they are called.
    pub by_provider: Vec<ProviderSum>,
    /// What all of them cost, as far as that is known.
    pub known: NanoUsd,
    /// Answers whose cost nobody said.
    pub unknown_count: u32,
    /// The last twelve months, oldest first, this one included.
    pub months: Vec<MonthSum>,
}

impl Cloud<'_> {
    /// A month of the ledger, oldest first, and what it comes to.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn ledger_of(self, month: Month) -> Result<(Vec<LedgerEntry>, Sums), StoreError> {
        let entries = self.ledger(month)?;
        let mut months = Vec::with_capacity(MONTHS);
        let mut past = self.this_month();
        for _ in 0..MONTHS {
            months.push(MonthSum { month: past.to_string(), total: Total::of(&self.ledger(past)?) });
            past = past.previous();
        }
        months.reverse();
        let Total { known, unknown_count, .. } = Total::of(&entries);
        let (by_project, by_provider) = (by_project(&entries), by_provider(&entries));
        Ok((entries, Sums { by_project, by_provider, known, unknown_count, months }))
    }
}

impl Total {
    fn of<'a>(entries: impl IntoIterator<Item = &'a LedgerEntry>) -> Self {
        let mut total = Self::default();
        for entry in entries {
            total.answers += 1;
            match entry.cost.amount() {
                Some(NanoUsd(amount)) => total.known.0 = total.known.0.saturating_add(amount),
                None => total.unknown_count += 1,
            }
        }
        total
    }
}

fn by_project(entries: &[LedgerEntry]) -> Vec<ProjectSum> {
    let mut groups: BTreeMap<Option<ProjectId>, Vec<&LedgerEntry>> = BTreeMap::new();
    for entry in entries {
        groups.entry(entry.project).or_default().push(entry);
    }
    let sum = |(project, entries): (Option<ProjectId>, Vec<&LedgerEntry>)| {
        let name = entries.last().and_then(|entry| entry.project_name.clone());
        ProjectSum { project, name, total: Total::of(entries) }
    };
    groups.into_iter().map(sum).collect()
}

fn by_provider(entries: &[LedgerEntry]) -> Vec<ProviderSum> {
    let mut groups: BTreeMap<&str, Vec<&LedgerEntry>> = BTreeMap::new();
    for entry in entries {
        groups.entry(&entry.provider).or_default().push(entry);
    }
    let sum = |(name, entries): (&str, Vec<&LedgerEntry>)| ProviderSum {
        name: name.to_owned(),
        total: Total::of(entries),
    };
    groups.into_iter().map(sum).collect()
}

/// "2026-11"
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// This names no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("That is not a month.")]
pub struct NoMonth;

impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(name: &str) -> Result<Self, NoMonth> {
        let (year, month) = name.split_once('-').ok_or(NoMonth)?;
        let (year, month) = (year.parse().map_err(|_| NoMonth)?, month.parse().map_err(|_| NoMonth)?);
        if (1970..3000).contains(&year) && (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(NoMonth)
        }
    }
}
