//! Two answers side by side, and which of them the user chose.

use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::Serialize;
use sotto_domain::{MessageId, Timestamp};
use specta::Type;

use crate::error::Result;
use crate::{Store, found};

/// Two answers that wait for the user's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// Its number.
    pub id: i64,
    /// The answer that was there first.
    pub first: MessageId,
    /// The one that was written beside it.
    pub second: MessageId,
    /// Whether it is kept from the user whose is whose.
    pub hidden: bool,
    /// Whether the second stands on the left.
    pub swapped: bool,
}

/// How often answers of one maker were compared, and how often chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Whether it answers on this device.
    pub here: bool,
    /// The model.
    pub model: String,
    /// How many comparisons it was in.
    pub compared: u32,
    /// How often it was chosen.
    pub chosen: u32,
}

/// What the user chose in all comparisons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Tallies {
    /// Comparisons of this device with another place.
    pub mixed: u32,
    /// In how many of these this device was chosen.
    pub here: u32,
    /// In how many neither was better.
    pub neither: u32,
    /// By model, the one compared most often first.
    pub models: Vec<Tally>,
}

impl Store {
    /// The comparison that waits for a choice between `answer` and another.
    pub fn comparison_of(&self, answer: MessageId) -> Result<Option<Comparison>> {
        self.read(|view| {
            Ok(view
                .prepare_cached(
                    "SELECT id, first, second, hidden, swapped FROM comparisons
                     WHERE (first = ?1 OR second = ?1) AND chosen_at IS NULL
                       AND first IS NOT NULL AND second IS NOT NULL
                     ORDER BY id DESC LIMIT 1",
                )?
                .query_row([answer.0], comparison)
                .optional()?)
        })
    }

    /// Decides a comparison: for one of its answers, with which the conversation goes on, or for
    /// neither. One that was decided stays as it is: [`crate::StoreError::NotFound`].
    pub fn decide_comparison(&self, id: i64, chosen: Option<MessageId>, now: Timestamp) -> Result<()> {
        self.write(|store| {
            found(store.execute(
                "UPDATE comparisons SET chosen_at = ?3,
                   chosen = CASE ?2 WHEN first THEN 1 WHEN second THEN 2 END,
                   first_place = (SELECT place FROM messages WHERE id = first),
                   first_model = (SELECT model FROM messages WHERE id = first),
                   second_place = (SELECT place FROM messages WHERE id = second),
                   second_model = (SELECT model FROM messages WHERE id = second)
                 WHERE id = ?1 AND chosen_at IS NULL AND (?2 IS NULL OR ?2 IN (first, second))",
                params![id, chosen.map(|id| id.0), now],
            )?)?;
            let Some(chosen) = chosen else { return Ok(()) };
            found(store.execute(
                "UPDATE conversations SET head = ?1
                 WHERE id = (SELECT conversation FROM messages WHERE id = ?1)",
                [chosen.0],
            )?)
        })
    }

    /// What the user chose until now.
    pub fn tallies(&self) -> Result<Tallies> {
        self.read(|view| {
            let (mixed, here, neither) = view.query_row(
                "SELECT count(*) FILTER (WHERE first_place <> second_place),
                        count(*) FILTER (WHERE first_place <> second_place AND 'device' =
                          CASE chosen WHEN 1 THEN first_place WHEN 2 THEN second_place END),
                        count(*) FILTER (WHERE chosen IS NULL)
                 FROM comparisons WHERE chosen_at IS NOT NULL",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            let mut statement = view.prepare(
                "SELECT place = 'device', model, count(*), count(*) FILTER (WHERE won) FROM (
                   SELECT first_place AS place, first_model AS model, chosen IS 1 AS won
                     FROM comparisons WHERE chosen_at IS NOT NULL
                   UNION ALL
                   SELECT second_place, second_model, chosen IS 2 FROM comparisons WHERE chosen_at IS NOT NULL
                 ) WHERE place IS NOT NULL AND model IS NOT NULL
                 GROUP BY place, model ORDER BY count(*) DESC, model",
            )?;
            let tally = |row: &Row<'_>| {
                Ok(Tally {
                    here: row.get(0)?,
                    model: row.get(1)?,
                    compared: row.get(2)?,
                    chosen: row.get(3)?,
                })
            };
            let models = statement.query_map([], tally)?.collect::<rusqlite::Result<_>>()?;
            Ok(Tallies { mixed, here, neither, models })
        })
    }
}

/// Sets `second` beside `first`.
pub(crate) fn begin(
    store: &Transaction<'_>,
    first: MessageId,
    second: MessageId,
    hidden: bool,
    now: Timestamp,
) -> Result<()> {
    store.execute(
        "INSERT INTO comparisons (first, second, hidden, swapped, began_at)
         VALUES (?1, ?2, ?3, CASE WHEN ?3 THEN abs(random()) % 2 ELSE 0 END, ?4)",
        params![first.0, second.0, hidden, now],
    )?;
    Ok(())
}

fn comparison(row: &Row<'_>) -> rusqlite::Result<Comparison> {
    Ok(Comparison {
        id: row.get(0)?,
        first: MessageId(row.get(1)?),
        second: MessageId(row.get(2)?),
        hidden: row.get(3)?,
        swapped: row.get(4)?,
    })
}

#[cfg(test)]
mod tests;
