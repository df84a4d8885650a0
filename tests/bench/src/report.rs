//! The table, in Markdown: medians of both sides, and ours over theirs.

use std::fmt::Write;

use sotto_engine_protocol::Device;

use crate::{DEVICE, Plan, Resumed, Session, WRITTEN, machine};

/// `bandwidth` is in bytes a second; `bytes` are the weights that each written token reads.
pub fn table(plan: &Plan, bandwidth: f64, bytes: u64, ours: &[Session], theirs: &[Session]) -> String {
    let mut text = format!(
        "{}{}, {} threads, {}; {:.2} GB of weights; medians of {} rounds\n\n\
         | | Sotto | llama.cpp | Sotto / llama.cpp |\n|---|---|---|---|\n",
        machine::cards().into_iter().map(|card| card + "; ").collect::<String>(),
        machine::name(),
        plan.threads,
        machine::today(),
        gigabytes(bytes),
        plan.rounds,
    );
    let mut row = |what: &str, unit: &str, figure: &dyn Fn(&Session) -> Option<f64>| {
        let (Some(ours), Some(theirs)) = (median(ours, figure), median(theirs, figure)) else { return };
        let digits = if ours < 10.0 { 2 } else { 1 };
        let _ = writeln!(
            text,
            "| {what} | {ours:.digits$} {unit} | {theirs:.digits$} {unit} | {:.2} × |",
            ours / theirs
        );
    };
    for (at, prompt) in plan.prompts.iter().enumerate() {
        let run =
            move |session: &Session| session.runs.get(at).map(|run| (run.prompt, run.first, run.writing));
        row(&format!("reading {prompt} tokens"), "tokens/s", &|session| {
            run(session).map(|(prompt, first, _)| prompt as f64 / first * 1e3)
        });
        row(&format!("time to first token, {prompt}"), "s", &|session| {
            run(session).map(|(_, first, _)| first / 1e3)
        });
        row(&format!("writing after {prompt} tokens"), "tokens/s", &|session| {
            run(session).map(|(_, _, writing)| f64::from(WRITTEN - 1) / writing * 1e3)
        });
    }
    row("load", "s", &|session| Some(session.load));
    row("peak memory", "GB", &|session| session.peak.map(gigabytes));
    row("memory of the card", "GB", &|session| session.card.map(gigabytes));

    // What bounds writing is the memory that the weights are in, and only this was measured.
    if DEVICE != Device::Cpu {
        return text;
    }
    let limit = bandwidth / bytes as f64;
    let writing =
        median(ours, &|session| session.runs.first().map(|run| f64::from(WRITTEN - 1) / run.writing * 1e3));
    let _ = write!(
        text,
        "\nMemory is read at {:.1} GB/s here, and each written token reads all weights: {limit:.1} tokens/s \
         are the most that can be written, of which Sotto reaches {:.0} %.",
        bandwidth / 1e9,
        100.0 * writing.unwrap_or(0.0) / limit,
    );
    text
}

/// What keeping what was read is worth.
pub fn resumed(Resumed { length, read, taken_up }: &Resumed) -> String {
    format!(
        "A talk of {length} tokens is taken up after a restart in {:.2} s; reading it took {:.1} s: {:.0} × as long.",
        taken_up / 1e3,
        read / 1e3,
        read / taken_up,
    )
}

fn gigabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e9
}

fn median(sessions: &[Session], figure: &dyn Fn(&Session) -> Option<f64>) -> Option<f64> {
    let mut figures: Vec<f64> = sessions.iter().filter_map(figure).collect();
    figures.sort_by(f64::total_cmp);
    let middle = figures.len().checked_sub(1)?;
    Some(f64::midpoint(figures[middle / 2], figures[middle.div_ceil(2)]))
}
