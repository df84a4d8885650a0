//! How the shared words stand in columns. The names are part of the schema: they
//! may gain companions, but never change.

use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use sotto_domain::{Destination, Made, MessageState, Role, Usage};

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

/// The six columns of a [`Made`]; all empty for `None`.
#[derive(Default)]
pub(crate) struct MadeColumns<'a> {
    pub place: Option<&'a str>,
    pub model: Option<&'a str>,
    pub prompt_tokens: Option<u32>,
    pub completion_tokens: Option<u32>,
    pub reading_ms: Option<i64>,
    pub writing_ms: Option<i64>,
}

impl<'a> From<Option<&'a Made>> for MadeColumns<'a> {
    fn from(made: Option<&'a Made>) -> Self {
        let Some(Made { by, usage }) = made else { return Self::default() };
        let (place, model) = match by {
            Destination::Device { model } => ("device", model),
        };
        let milliseconds = |ms| i64::try_from(ms).unwrap_or(i64::MAX);
        Self {
            place: Some(place),
            model: Some(model),
            prompt_tokens: usage.map(|usage| usage.prompt_tokens),
            completion_tokens: usage.map(|usage| usage.completion_tokens),
            reading_ms: usage.map(|usage| milliseconds(usage.reading_ms)),
            writing_ms: usage.map(|usage| milliseconds(usage.writing_ms)),
        }
    }
}

/// The [`Made`] in the six columns of `row` from `first` on.
pub(crate) fn made(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Made>> {
    let Some(place) = row.get_ref(first)?.as_str_or_null()? else { return Ok(None) };
    let model = row.get(first + 1)?;
    let by = match place {
        "device" => Destination::Device { model },
        _ => return Err(FromSqlError::InvalidType.into()),
    };
    let usage = match row.get(first + 2)? {
        Some(prompt_tokens) => Some(Usage {
            prompt_tokens,
            completion_tokens: row.get(first + 3)?,
            reading_ms: row.get::<_, i64>(first + 4)?.unsigned_abs(),
            writing_ms: row.get::<_, i64>(first + 5)?.unsigned_abs(),
        }),
        None => None,
    };
    Ok(Some(Made { by, usage }))
}
