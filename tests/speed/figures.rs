//! Many measurements as few figures, and a table of them.

use std::fmt::{Display, Formatter, Result};

/// Measurements of the same thing, sorted.
pub struct Samples(Vec<f64>);

impl Samples {
    pub fn of(measured: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = measured.into_iter().collect();
        assert!(!sorted.is_empty(), "nothing was measured");
        sorted.sort_by(f64::total_cmp);
        Self(sorted)
    }

    /// The smallest of which this share, of a hundred, is not above it.
    pub fn percentile(&self, share: usize) -> f64 {
        let rank = (self.0.len() * share).div_ceil(100).max(1);
        self.0[rank - 1]
    }

    pub fn median(&self) -> f64 {
        self.percentile(50)
    }

    pub fn worst(&self) -> f64 {
        self.percentile(100)
    }

    #[allow(clippy::cast_precision_loss)] // there are not that many
    pub fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len() as f64
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// How many of a hundred are above this.
    pub fn share_above(&self, limit: f64) -> f64 {
        let above = self.0.len() - self.0.partition_point(|value| *value <= limit);
        #[allow(clippy::cast_precision_loss)] // there are not that many
        let share = above as f64 / self.0.len() as f64;
        share * 100.0
    }
}

/// What was measured, line by line, in Markdown.
#[derive(Default)]
pub struct Table(Vec<[String; 3]>);

impl Table {
    pub fn line(&mut self, what: impl Into<String>, figure: impl Into<String>, goal: impl Into<String>) {
        let line = [what.into(), figure.into(), goal.into()];
        eprintln!("  {}: {}", line[0], line[1]);
        self.0.push(line);
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "| | measured | goal |\n|---|---|---|")?;
        self.0.iter().try_for_each(|[what, figure, goal]| writeln!(f, "| {what} | {figure} | {goal} |"))
    }
}
