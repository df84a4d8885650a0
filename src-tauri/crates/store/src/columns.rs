//! How the shared words stand in columns. The names are part of the schema: they
//! may gain companions, but never change.

use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use sotto_domain::{
    CloudChoice, ConversationId, Cost, Destination, Made, MessageState, Mood, NanoUsd, PageId, ProjectId,
    Role, Subject, Usage,
};

/// A shared word, as stored.
pub(crate) struct Stored<T>(pub T);

impl ToSql for Stored<Role> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self.0 {
            // Instructions are a conversation's, not a message: the schema refuses these.
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
        }))
    }
}

impl FromSql for Stored<Role> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(match value.as_str()? {
            "user" => Role::User,
            "assistant" => Role::Assistant,
            _ => return Err(FromSqlError::InvalidType),
        }))
    }
}

impl ToSql for Stored<MessageState> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self.0 {
            MessageState::Streaming => "streaming",
            MessageState::Complete => "complete",
            MessageState::CutAtLength => "cut_at_length",
            MessageState::Stopped => "stopped",
            MessageState::Interrupted => "interrupted",
        }))
    }
}

impl FromSql for Stored<MessageState> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(match value.as_str()? {
            "streaming" => MessageState::Streaming,
            "complete" => MessageState::Complete,
            "cut_at_length" => MessageState::CutAtLength,
            "stopped" => MessageState::Stopped,
            "interrupted" => MessageState::Interrupted,
            _ => return Err(FromSqlError::InvalidType),
        }))
    }
}

impl ToSql for Stored<Mood> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self.0 {
            Mood::Precise => "precise",
            Mood::Balanced => "balanced",
            Mood::Imaginative => "imaginative",
        }))
    }
}

impl FromSql for Stored<Mood> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(match value.as_str()? {
            "precise" => Mood::Precise,
            "balanced" => Mood::Balanced,
            "imaginative" => Mood::Imaginative,
            _ => return Err(FromSqlError::InvalidType),
        }))
    }
}

/// The columns of a [`Made`]; all empty for `None`.
#[derive(Default)]
pub(crate) struct MadeColumns<'a> {
    pub place: Option<&'a str>,
    pub provider: Option<&'a str>,
    pub model: Option<&'a str>,
    pub backend: Option<&'a str>,
    pub prompt_tokens: Option<u32>,
    pub reused_tokens: Option<u32>,
    pub completion_tokens: Option<u32>,
    pub reading_ms: Option<i64>,
    pub writing_ms: Option<i64>,
    pub cost: Option<&'a str>,
    pub nano_usd: Option<i64>,
}

impl<'a> From<Option<&'a Made>> for MadeColumns<'a> {
    fn from(made: Option<&'a Made>) -> Self {
        let Some(Made { by, usage, cost }) = made else { return Self::default() };
        let (place, provider, model, backend) = match by {
            Destination::Device { model } => ("device", None, model, None),
            Destination::Cloud { provider, model, backend } => {
                ("cloud", Some(provider.as_str()), model, backend.as_deref())
            }
        };
        let (cost, nano_usd) = cost.map_or((None, None), |cost| {
            let (known, amount) = stored_cost(cost);
            (Some(known), amount)
        });
        Self {
            place: Some(place),
            provider,
            model: Some(model),
            backend,
            prompt_tokens: usage.map(|usage| usage.prompt_tokens),
            reused_tokens: usage.map(|usage| usage.reused_tokens),
            completion_tokens: usage.map(|usage| usage.completion_tokens),
            reading_ms: usage.map(|usage| stored(usage.reading_ms)),
            writing_ms: usage.map(|usage| stored(usage.writing_ms)),
            cost,
            nano_usd,
        }
    }
}

/// The columns of `m` that [`made`] reads, in its order.
pub(crate) const MADE: &str = "m.place, m.provider, m.model, m.backend, m.prompt_tokens, m.reused_tokens,
   m.completion_tokens, m.reading_ms, m.writing_ms, m.cost, m.nano_usd";

/// The [`Made`] in the columns [`MADE`] of `row` from `first` on.
pub(crate) fn made(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Made>> {
    let Some(place) = row.get_ref(first)?.as_str_or_null()? else { return Ok(None) };
    let model = row.get(first + 2)?;
    let by = match place {
        "device" => Destination::Device { model },
        "cloud" => Destination::Cloud { provider: row.get(first + 1)?, model, backend: row.get(first + 3)? },
        _ => return Err(FromSqlError::InvalidType.into()),
    };
    let usage = match row.get(first + 4)? {
        Some(prompt_tokens) => Some(Usage {
            prompt_tokens,
            // What the first version wrote does not have it.
            reused_tokens: row.get::<_, Option<_>>(first + 5)?.unwrap_or_default(),
            completion_tokens: row.get(first + 6)?,
            reading_ms: row.get::<_, i64>(first + 7)?.unsigned_abs(),
            writing_ms: row.get::<_, i64>(first + 8)?.unsigned_abs(),
        }),
        None => None,
    };
    let cost = match row.get_ref(first + 9)?.as_str_or_null()? {
        Some(known) => Some(read_cost(known, row.get(first + 10)?)?),
        None => None,
    };
    Ok(Some(Made { by, usage, cost }))
}

/// A subject in its two columns.
pub(crate) fn stored_subject(subject: Subject) -> (&'static str, i64) {
    match subject {
        Subject::Conversation(id) => ("conversation", id.0),
        Subject::Page(id) => ("page", id.0),
        Subject::Project(id) => ("project", id.0),
    }
}

/// The subject in the two columns of `row` from `first` on.
pub(crate) fn subject(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Subject>> {
    let Some(kind) = row.get_ref(first)?.as_str_or_null()? else { return Ok(None) };
    let id = row.get(first + 1)?;
    match kind {
        "conversation" => Ok(Some(Subject::Conversation(ConversationId(id)))),
        "page" => Ok(Some(Subject::Page(PageId(id)))),
        "project" => Ok(Some(Subject::Project(ProjectId(id)))),
        _ => Err(FromSqlError::InvalidType.into()),
    }
}

/// How a cost is known, and the figure.
pub(crate) fn stored_cost(cost: Cost) -> (&'static str, Option<i64>) {
    match cost {
        Cost::Reported(amount) => ("reported", Some(stored_nano_usd(amount))),
        Cost::EstimatedByProvider(amount) => ("estimated_by_provider", Some(stored_nano_usd(amount))),
        Cost::Computed(amount) => ("computed", Some(stored_nano_usd(amount))),
        Cost::UpperBound(amount) => ("upper_bound", Some(stored_nano_usd(amount))),
        Cost::Unknown => ("unknown", None),
        Cost::Free => ("free", None),
    }
}

/// The cost that [`stored_cost`] wrote.
pub(crate) fn read_cost(known: &str, amount: Option<i64>) -> FromSqlResult<Cost> {
    let amount = amount.map(nano_usd);
    match (known, amount) {
        ("reported", Some(amount)) => Ok(Cost::Reported(amount)),
        ("estimated_by_provider", Some(amount)) => Ok(Cost::EstimatedByProvider(amount)),
        ("computed", Some(amount)) => Ok(Cost::Computed(amount)),
        ("upper_bound", Some(amount)) => Ok(Cost::UpperBound(amount)),
        ("unknown", None) => Ok(Cost::Unknown),
        ("free", None) => Ok(Cost::Free),
        _ => Err(FromSqlError::InvalidType),
    }
}

pub(crate) fn stored_nano_usd(amount: NanoUsd) -> i64 {
    stored(amount.0)
}

pub(crate) fn nano_usd(stored: i64) -> NanoUsd {
    NanoUsd(stored.unsigned_abs())
}

/// `SQLite` has no unsigned numbers; ours are far below the largest signed one.
pub(crate) fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The choice in two columns of `row` from `first` on.
pub(crate) fn cloud(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<CloudChoice>> {
    let provider: Option<String> = row.get(first)?;
    let model: Option<String> = row.get(first + 1)?;
    Ok(provider.zip(model).map(|(provider, model)| CloudChoice { provider, model }))
}
